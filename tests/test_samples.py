"""Real MediaPipe on rendered clips whose truth is known."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from bodies import PLANK

from formcheck import Side, exercise_named, metrics
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.landmarks import HALVES, N_LANDMARKS, Pose
from formcheck.pipeline import run, seen
from formcheck.recognition import Recognition
from formcheck.review import ERROR_DEG

SAMPLES = Path(__file__).parents[1] / "samples"
PLANKS = ("plank_good", "plank_sag_pike", "highplank_head_knee")
CRUNCHES = ("crunch_head", "crunch_thigh")


class Keep:
    """A sink that keeps every moment but its picture."""

    def __init__(self):
        self.poses, self.sessions = [], []

    def take(self, moment):
        self.poses.append(moment.pose)
        self.sessions.append(moment.session)


@cache
def analysed(name, exercise=PLANK):
    kept = Keep()
    with (
        VideoFile(SAMPLES / f"{name}.mp4") as source,
        MediaPipeEstimator() as estimator,
        seen(source, estimator) as poses,
    ):
        run(poses, Recognition.of([exercise]), [kept])
    return kept


def truth(name):
    """Return true poses, from the joints that the renderer projected, and the near side."""
    document = json.loads((SAMPLES / f"{name}.json").read_text())
    near = Side(document["near"])
    return [_pose(frame, near) for frame in document["frames"]], near


def _pose(frame, near):
    xy = np.full((N_LANDMARKS, 2), np.nan)
    for key, place in frame["gt"].items():
        distance, _, part = key.partition("_")
        side = near if distance == "near" else near.other
        if part in HALVES[side].__slots__:
            xy[getattr(HALVES[side], part)] = place
    return Pose(frame["t"], xy, np.ones(N_LANDMARKS))


def faults(name):
    summary = analysed(name).sessions[-1].summary()
    return [(f.rule.code, f.level.value, f.start_s, f.end_s) for f in summary.faults]


@pytest.mark.parametrize("name", PLANKS)
def test_the_person_is_found_and_judged_on_the_near_side(name):
    kept, (_, near) = analysed(name), truth(name)
    assert np.mean([pose.present for pose in kept.poses]) >= 0.99
    assert {session.near.side for session in kept.sessions} == {near}


@pytest.mark.parametrize("name", PLANKS)
def test_the_angle_at_the_hip_is_right_within_three_degrees(name):
    kept, (true, near) = analysed(name), truth(name)
    sag = metrics.sag_deg("ankle")
    errors = [
        sag.measure(pose, near) - sag.measure(expected, near)
        for pose, expected in zip(kept.poses, true, strict=True)
    ]
    assert np.mean(np.abs(errors)) <= 3.0


@pytest.mark.parametrize(
    ("names", "metric", "exercise"),
    [
        (PLANKS, metrics.sag_deg("ankle"), "plank"),
        (PLANKS, metrics.KNEE_FLEXION, "plank"),
        (("crunch_head", "crunch_thigh"), metrics.LIFT, "crunch"),
    ],
)
def test_nine_angles_in_ten_are_as_right_as_the_report_says(names, metric, exercise):
    errors = []
    for name in names:
        (true, near), kept = truth(name), analysed(name, exercise_named(exercise))
        pairs = zip(kept.poses, true, strict=True)
        errors += [metric.measure(pose, near) - metric.measure(t, near) for pose, t in pairs]
    assert np.mean(np.abs(errors) <= ERROR_DEG) >= 0.9


def test_a_good_plank_has_nothing_to_correct():
    summary = analysed("plank_good").sessions[-1].summary()
    assert summary.variant == "forearm"
    assert summary.faults == ()
    assert summary.score == 100
    assert summary.hold.total_s == pytest.approx(10, abs=0.3)


def test_hips_that_sag_and_then_pike_are_found_when_they_do():
    """The hip sags by 15 degrees from 4.5 to 6.5 s, and stands 20 degrees high from 9.6 s."""
    sag, pike = faults("plank_sag_pike")
    assert sag[:2] == ("plank.hips-sag", "fault")
    assert 3.0 <= sag[2] <= 4.5
    assert 6.5 <= sag[3] <= 7.5
    assert pike[:2] == ("plank.hips-pike", "watch")
    assert 8.2 <= pike[2] <= 10.0


def test_a_head_that_hangs_is_found_in_a_high_plank():
    """The head drops by 42 degrees between 2.5 and 6.3 s; the knee bends by 25 after 7 s."""
    assert analysed("highplank_head_knee").sessions[-1].summary().variant == "high"
    (drop,) = faults("highplank_head_knee")
    assert drop[0] == "plank.head-down"
    assert 2.5 <= drop[2] <= 3.7
    assert 5.3 <= drop[3] <= 6.5


@pytest.mark.parametrize("name", CRUNCHES)
def test_a_crunch_is_no_plank(name):
    summary = analysed(name).sessions[-1].summary()
    assert summary.hold.segments == ()
    assert summary.faults == ()
    assert summary.score is None


CRUNCH = exercise_named("crunch")
NECKS = ("crunch_neck_pull_head", "crunch_neck_pull_chest", "crunch_neck_pull_side")


@pytest.mark.parametrize("name", CRUNCHES)
def test_crunches_are_counted_and_measured_right(name):
    """Three repetitions each; their peaks, from the projected joints, within three degrees."""
    (true, near), kept = truth(name), analysed(name, CRUNCH)
    lifts = np.array([metrics.LIFT.measure(pose, near) for pose in true])
    reps = kept.sessions[-1].summary().reps
    assert len(reps) == 3
    for each in reps:
        start, end = (round(15 * time_s) for time_s in each.span_s)
        peak = lifts[start : end + 1].max()
        assert each.peak_lift_deg == pytest.approx(peak - lifts[:10].mean(), abs=3.0)
        plateau = np.flatnonzero(lifts[start : end + 1] >= peak - 0.5) + start
        assert plateau[0] / 15 - 0.07 <= each.rep.top_s <= plateau[-1] / 15 + 0.07


@pytest.mark.parametrize("name", CRUNCHES)
def test_good_crunches_have_no_fault_but_their_tempo(name):
    summary = analysed(name, CRUNCH).sessions[-1].summary()
    codes = {fault.rule.code for fault in summary.faults}
    assert codes <= {"crunch.tempo", "crunch.partial"}


@pytest.mark.parametrize("name", NECKS)
def test_a_pulled_neck_is_found_in_every_repetition(name):
    """The neck is flexed by 35 degrees more than lying; by 45 with the arms at the side."""
    summary = analysed(name, CRUNCH).sessions[-1].summary()
    codes = [{fault.rule.code for fault in each.faults} for each in summary.reps]
    assert len(codes) == 2
    assert all("crunch.neck-pull" in each for each in codes)


@pytest.mark.parametrize("name", CRUNCHES)
def test_a_neck_that_keeps_to_the_trunk_is_not_called_pulled(name):
    summary = analysed(name, CRUNCH).sessions[-1].summary()
    assert "crunch.neck-pull" not in {fault.rule.code for fault in summary.faults}


@pytest.mark.parametrize("name", PLANKS)
def test_a_plank_is_no_crunch(name):
    assert analysed(name, CRUNCH).sessions[-1].summary().reps == ()
