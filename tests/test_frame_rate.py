"""Fewer frames a second: chosen by time, with the same verdicts; the video keeps them all."""

from __future__ import annotations

import csv
import json
import math
from itertools import pairwise

import av
import numpy as np
import pytest
from bodies import PLANK, Move, Plank, clip, crunches, fold, standing
from hypothesis import given
from hypothesis import strategies as st
from test_cli import SAMPLE, formcheck_run
from test_faces import BODY, around, detail, moment, noise

import formcheck
from formcheck import FormcheckError, Session, exercise_named
from formcheck.faces import FaceCover, Head
from formcheck.outputs import Outputs
from formcheck.pipeline import Frame, FrameRate, Moment
from formcheck.recording import VideoWriter


def chosen(times_s, fps):
    rate = FrameRate(fps)
    return [time_s for time_s in times_s if rate.takes(time_s)]


@pytest.mark.parametrize("source_fps", [10, 15, 24, 25, 29.97, 30, 50, 60])
@pytest.mark.parametrize("fps", [5, 10, 15, 30, 100])
@pytest.mark.parametrize("digits", [3, 9])
def test_of_an_even_video_as_many_as_wished_are_chosen_evenly(source_fps, fps, digits):
    times_s = [round(index / source_fps, digits) for index in range(round(20 * source_fps))]
    found = chosen(times_s, fps)
    assert len(found) == pytest.approx(20 * min(fps, source_fps), abs=1)
    longest_s = max(b - a for a, b in pairwise(found))
    assert longest_s < 1 / min(fps, source_fps) + 1 / source_fps + 0.002


@given(
    st.lists(st.floats(0.0011, 3.0), min_size=1, max_size=80),
    st.floats(5, 60),
)
def test_however_unevenly_they_come_none_is_missed_and_none_is_too_many(gaps_s, fps):
    times_s = [0.0, *np.cumsum(gaps_s)]
    found = chosen(times_s, fps)
    assert found[0] == 0.0
    for start_s in found:
        assert sum(start_s <= time_s < start_s + 1 for time_s in found) <= fps + 2
    for time_s in times_s:  # whoever was passed over had a neighbour shortly before
        before_s = max(each for each in found if each <= time_s)
        assert time_s - before_s < 1 / fps


def outline(session):
    summary = session.summary()
    holds = [time_s for each in summary.hold.segments for time_s in (each.start_s, each.end_s)]
    faults = [(each.rule.code, each.level) for each in summary.faults]
    return holds, faults, [(each.start_s, each.end_s) for each in summary.faults]


STORY = (
    (2, standing()),
    (6, Plank()),
    (4, Plank(sag_deg=12)),
    (5, Plank()),
    (4, Plank(sag_deg=-45)),
    (3, standing()),
)


@pytest.mark.parametrize("fps", [15, 10])
def test_holds_and_faults_are_those_of_all_frames(fps):
    poses = list(clip(*STORY, fps=30))
    rate = FrameRate(fps)
    thinned = [pose for pose in poses if rate.takes(pose.time_s)]
    assert len(thinned) == pytest.approx(len(poses) * fps / 30, abs=1)
    whole, part = outline(fold(poses)), outline(fold(thinned))
    assert len(whole[0]) == 2
    assert {code for code, _ in whole[1]} == {"plank.hips-sag", "plank.hips-pike"}
    assert part[0] == pytest.approx(whole[0], abs=0.3)
    assert part[1] == whole[1]
    assert np.abs(np.subtract(part[2], whole[2])).max() < 0.3


@pytest.fixture(scope="module")
def thirty(tmp_path_factory):
    """Write the first second of a sample with each picture twice, 30 a second."""
    path = tmp_path_factory.mktemp("thirty") / "thirty.mp4"
    with av.open(str(SAMPLE)) as file, VideoWriter(path) as writer:
        for index, picture in zip(range(15), file.decode(video=0), strict=False):
            image = picture.to_ndarray(format="bgr24")
            for again in range(2):
                writer.write(Frame((2 * index + again) / 30, image))
    return path


@pytest.mark.parametrize(
    ("exercise", "wished", "fps"), [("plank", None, 15), ("crunch", None, 30), ("plank", 30, 30)]
)
def test_what_is_held_needs_fewer_frames_than_what_is_repeated(
    thirty, tmp_path, exercise, wished, fps
):
    formcheck.analyze(thirty, exercise, fps=wished, outputs=Outputs(tmp_path, video=False))
    source = json.loads((tmp_path / "summary.json").read_text())["source"]
    assert (source["n_frames"], source["analysed_fps"]) == (30, fps)
    with (tmp_path / "metrics.csv").open() as file:
        times_s = [float(row["time_s"]) for row in csv.DictReader(file)]
    assert times_s == pytest.approx([index / fps for index in range(fps)], abs=0.001)


def test_the_annotated_video_keeps_every_frame(thirty, tmp_path):
    done = formcheck_run("analyze", thirty, "--fps", "5", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    with av.open(str(thirty)) as original, av.open(str(tmp_path / "annotated.mp4")) as video:
        pairs = list(zip(original.decode(video=0), video.decode(video=0), strict=True))
    assert [b.time for _, b in pairs] == pytest.approx([a.time for a, _ in pairs], abs=0.001)
    for a, b in pairs[12:]:  # also those that were not looked at have a skeleton
        plain, drawn = (each.to_ndarray(format="bgr24").astype(int) for each in (a, b))
        assert (np.abs(plain - drawn).max(axis=2) > 60).mean() > 0.01


@pytest.mark.parametrize("fps", [2, 0, -1, math.nan])
def test_too_few_frames_are_refused(thirty, tmp_path, fps):
    with pytest.raises(FormcheckError, match=r"too few; give at least 5$"):
        formcheck.analyze(thirty, fps=fps, outputs=Outputs(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_in_frames_that_were_not_looked_at_the_face_is_covered_as_well():
    cover, session = FaceCover(), Session.of(PLANK)
    cover.over(moment(BODY))
    head = Head.seen(BODY)
    for time_s, everything in ((0.1, False), (0.9, False), (1.2, True)):
        between = Moment(Frame(time_s, noise()), BODY, session, analysed=False)
        image = cover.over(between).frame.image
        assert detail(around(image, head.centre, round(head.radius_px))) < 12
        assert np.array_equal(image[:, :100], noise()[:, :100]) is not everything


def test_repetitions_are_counted_the_same_at_fewer_frames():
    poses = list(crunches(*[Move(lift_deg=40, seconds=2, rest_s=1)] * 4, fps=30))
    rate = FrameRate(10)
    thinned = [pose for pose in poses if rate.takes(pose.time_s)]
    start = Session.of(exercise_named("crunch"))
    whole, part = (fold(each, start).summary().reps for each in (poses, thinned))
    assert len(whole) == len(part) == 4
    assert [each.rep.top_s for each in part] == pytest.approx(
        [each.rep.top_s for each in whole], abs=0.3
    )
