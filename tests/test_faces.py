"""Faces that are to be covered, on a picture full of detail and on a rendered figure."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from bodies import PLANK, TRUNK_PX, Plank, at, mirrored, scaled, without
from media import beginning

import formcheck
from formcheck import Session
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.faces import FaceCover, Head
from formcheck.landmarks import Landmark, Pose
from formcheck.outputs import Outputs, Results
from formcheck.pipeline import Frame, Moment, run, seen
from formcheck.recognition import Recognition
from formcheck.training import Plan

SAMPLES = Path(__file__).parents[1] / "samples"
SIZE_WH = (1280, 720)
FACE = range(Landmark.MOUTH_RIGHT + 1)


def noise(size_wh=SIZE_WH):
    chance = np.random.default_rng(1)
    return chance.integers(0, 255, (size_wh[1], size_wh[0], 3), np.uint8)


def moment(pose, image=None):
    frame = Frame(pose.time_s, noise() if image is None else image)
    return Moment(frame, pose, Session.of(PLANK))


def covered(pose, cover=None):
    return (cover or FaceCover()).over(moment(pose)).frame.image


def with_face(pose):
    """Return the pose with all the points of a face, between its ear and its nose."""
    xy = pose.xy.copy()
    ear, nose = xy[Landmark.RIGHT_EAR], xy[Landmark.NOSE]
    for row in FACE:
        if row not in (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR):
            xy[row] = ear + (nose - ear) * (0.7 + 0.03 * (row % 5))
    return Pose(pose.time_s, xy, pose.visibility)


def detail(image):
    """Return how much neighbouring pixels differ; noise has about 85 a step."""
    return float(np.abs(np.diff(image.astype(int), axis=1)).mean())


def around(image, point, radius):
    x, y = np.round(point).astype(int)
    return image[max(0, y - radius) : y + radius, max(0, x - radius) : x + radius]


BODY = with_face(Plank().pose())
POSES = {
    "side": BODY,
    "mirrored": mirrored(BODY),
    "far away": scaled(BODY, 0.3),
    "only the ear": without(Plank().pose(), "nose"),
    "only the nose": without(Plank().pose(), "ear"),
}


@pytest.mark.parametrize("name", POSES)
def test_the_face_loses_its_detail(name):
    pose = POSES[name]
    image = covered(pose)
    for row in FACE:
        if not np.isnan(pose.xy[row, 0]):
            radius = max(3, round(Head.seen(BODY).radius_px / 10 * (0.3 if "far" in name else 1)))
            assert detail(around(image, pose.xy[row], radius)) < 12, Landmark(row).name


@pytest.mark.parametrize("name", POSES)
def test_all_else_stays_as_it_was(name):
    image, before = covered(POSES[name]), noise()
    changed = (image != before).any(axis=2)
    head = Head.seen(POSES[name])
    y, x = np.nonzero(changed)
    assert np.hypot(x - head.centre[0], y - head.centre[1]).max() <= head.radius_px
    assert changed.sum() > 0.9 * np.pi * head.radius_px**2
    assert changed.mean() < 0.05


def test_a_face_that_is_not_seen_is_sought_above_the_shoulders():
    image = covered(without(Plank().pose(), "ear", "nose"))
    for row in (Landmark.RIGHT_EAR, Landmark.NOSE):
        assert detail(around(image, BODY.xy[row], 10)) < 12
    assert np.array_equal(image[:, :800], noise()[:, :800])


def test_a_head_that_is_lost_stays_covered_for_a_while_and_then_everything_is():
    cover = FaceCover()
    cover.over(moment(BODY))
    lost = covered(Pose.absent(0.5), cover)
    assert detail(around(lost, Head.seen(BODY).centre, 60)) < 12
    assert np.array_equal(lost[:, :450], noise()[:, :450])
    later = covered(Pose.absent(1.2), cover)
    assert detail(later) < 12


def test_the_cover_of_a_head_that_keeps_still_hardly_grows_between_looks():
    cover = FaceCover()
    for index in range(3):
        cover.over(moment(at(BODY, index / 7.5)))
    between = replace(moment(BODY), frame=Frame(0.35, noise()), analysed=False)
    image = cover.over(between).frame.image
    head = Head.seen(BODY)
    far = head.centre - (1.5 * head.radius_px, 0.0)
    assert np.array_equal(around(image, far, 10), around(noise(), far, 10))
    assert detail(around(image, head.centre, round(head.radius_px))) < 12


def test_a_head_that_sits_up_is_covered_in_frames_that_are_not_looked_at():
    """The shoulders move at three trunks a second at most, and the head a third more."""
    later_s = 0.2
    cover = FaceCover()
    cover.over(moment(BODY))
    moved = BODY.xy[Landmark.NOSE] + (0.0, -4.0 * TRUNK_PX * later_s)
    between = replace(moment(BODY), frame=Frame(later_s, noise()), analysed=False)
    assert detail(around(cover.over(between).frame.image, moved, 10)) < 12


def test_while_nobody_is_found_nothing_is_shown():
    assert detail(covered(Pose.absent(0.0))) < 12


def test_the_picture_of_the_camera_is_not_changed():
    image = noise()
    FaceCover().over(moment(BODY, image))
    assert np.array_equal(image, noise())


def test_no_face_can_be_made_out_in_what_is_left():
    """Of stripes a fifteenth of a head wide, nothing is left."""
    head = Head.seen(BODY)
    step = max(2, round(head.radius_px / 15))
    stripes = np.zeros((720, 1280, 3), np.uint8)
    stripes[:, (np.arange(1280) // step) % 2 == 0] = 255
    image = FaceCover().over(moment(BODY, stripes)).frame.image
    inner = around(image, head.centre, round(head.radius_px * 0.6))
    assert np.ptp(inner.astype(int)) < 60


def test_the_pictures_of_the_report_show_no_face(tmp_path):
    """Of the sagging body on a picture full of detail, the page shows the part around it."""
    poses = [with_face(Plank(sag_deg=12).pose(index / 10)) for index in range(50)]
    details = []
    for blur in (False, True):
        outputs = Outputs(tmp_path / str(blur), video=False, blur_faces=blur)
        with Results(outputs, (PLANK,), Plan()) as results:
            moments = ((Frame(pose.time_s, noise()), pose) for pose in poses)
            results.write(run(moments, Recognition.of([PLANK]), [results]).summary())
        page = (tmp_path / str(blur) / "report.html").read_text(encoding="utf-8")
        (data,) = re.findall(r"data:image/jpeg;base64,([^\"]+)", page)
        picture = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
        details.append(
            cv2.blur(np.abs(np.diff(picture.astype(float), axis=1)).mean(axis=2), (21, 21))
        )
    plain, blurred = details
    assert plain.min() > 12
    assert blurred.min() < 6, "the face"
    assert np.mean(blurred < 0.5 * plain) < 0.1, "and nothing else"


def frames(path):
    with av.open(str(path)) as video:
        return [frame.to_ndarray(format="bgr24") for frame in video.decode(video=0)]


def test_the_annotated_video_of_a_real_run_shows_no_face(tmp_path):
    clip = beginning(SAMPLES / "plank_good.mp4", tmp_path, 3)
    for name, blur in (("plain", False), ("blurred", True)):
        formcheck.analyze(clip, outputs=Outputs(tmp_path / name, blur_faces=blur))
    plain, blurred = (frames(tmp_path / name / "annotated.mp4") for name in ("plain", "blurred"))
    with (
        VideoFile(clip) as source,
        MediaPipeEstimator() as estimator,
        seen(source, estimator) as poses,
    ):
        shown = [FaceCover().over(Moment(*each, Session.of(PLANK))) for each in poses]
    for index in (5, 20, 40):
        head = Head.seen(shown[index].pose)
        nose = shown[index].pose.xy[Landmark.NOSE]
        sharp, soft = (around(every[index], nose, 12) for every in (plain, blurred))
        wanted = around(shown[index].frame.image, nose, 12)
        assert (
            np.abs(soft.astype(int) - wanted).mean()
            < 0.5 * np.abs(sharp.astype(int) - wanted).mean()
        )
        beside = np.abs(plain[index].astype(int) - blurred[index])[:, : round(head.centre[0] - 70)]
        assert beside.mean() < 1.0
