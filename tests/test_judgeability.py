"""What can be judged: tilted cameras, cuts, pictures that stand still. And what is said if not."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import chain, takewhile
from pathlib import Path

import cv2
import numpy as np
import pytest
from bodies import (
    SIZE_WH,
    Move,
    Plank,
    Supine,
    at,
    clip,
    crunches,
    fold,
    rolled,
    scaled,
    shifted,
)
from side_bodies import SidePlank

from formcheck import EXERCISES, Session, Side, exercise_named, metrics
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.guide import Sighting, checks, first_hint
from formcheck.holds import State
from formcheck.pipeline import Frame
from formcheck.postures import UPSIDE_DOWN
from formcheck.recognition import Recognition
from formcheck.rules import Verdict
from formcheck.standstill import STANDS_STILL, Standstill

SAMPLES = Path(__file__).resolve().parents[1] / "samples"

ROLLS_DEG = (-15, -10, -5, 5, 10, 15)
GOOD = Plank()


def recognised(poses):
    known = Recognition.of(EXERCISES)
    for pose in poses:
        known = known.after(pose)
    return known.summary()


def told(summary):
    """Return what is said of an exercise: how long or how often, and what was wrong."""
    faults = {(fault.rule.code, fault.level) for fault in summary.faults}
    done = len(summary.reps) if summary.reps else round(summary.hold.total_s, 1)
    return summary.exercise.name, summary.variant, done, faults


SCENES = {
    "good": lambda: clip((4, GOOD)),
    "high, sagging": lambda: clip((4, Plank(high=True, sag_deg=10))),
    "piked": lambda: clip((4, Plank(sag_deg=-40))),
    "head up": lambda: clip((4, Plank(gaze_deg=30))),
    "on the knees": lambda: clip((4, Plank(on_knees=True, knee_deg=60))),
    "side plank": lambda: clip((4, SidePlank().pose())),
    "side plank, low": lambda: clip((4, SidePlank(sag_deg=9).pose())),
    "side plank on the hand": lambda: clip((4, SidePlank(on="hand").pose())),
    "crunches": lambda: crunches(Move(), Move(), fps=10),
    "sit-ups": lambda: crunches(Move(lift_deg=75), fps=10),
    "neck pulled": lambda: crunches(Move(neck_deg=99), fps=10),
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_a_rolled_camera_changes_no_verdict(scene):
    expected = told(recognised(scene()))
    for by_deg in ROLLS_DEG:
        assert told(recognised(rolled(pose, by_deg) for pose in scene())) == expected


@pytest.mark.parametrize(
    ("body", "exercise"),
    [(GOOD, "plank"), (Plank(high=True), "plank"), (SidePlank(), "side-plank")],
)
@pytest.mark.parametrize("by_deg", [-35, 35])
def test_of_a_camera_rolled_too_far_it_is_said_how_to_set_it_right(body, exercise, by_deg):
    seen = clip((4, rolled(body.pose(), by_deg)))
    summary = fold(seen, Session.of(exercise_named(exercise))).summary()
    assert summary.hold.segments == ()
    (unknown,) = summary.unknown
    assert unknown.note.endswith("set the camera level")


@pytest.mark.parametrize("by_deg", ROLLS_DEG)
def test_who_never_lay_still_is_not_accused_for_a_rolled_camera(by_deg):
    """Where the lying position is not seen, it may be anything that the camera makes of it."""
    poses = crunches(Move(rest_s=0), Move(rest_s=0), Move(rest_s=0), lie_s=0, fps=10)
    summary = recognised(rolled(pose, by_deg) for pose in poses)
    assert len(summary.reps) >= 2
    assert [fault for fault in summary.faults if fault.level.value == "fault"] == []


@pytest.mark.parametrize("by_deg", ROLLS_DEG)
def test_raised_legs_do_not_hide_where_the_head_is(by_deg):
    pose = rolled(Supine(thigh_deg=110).pose(), by_deg)
    assert abs(metrics.LIFT.measure(pose, Side.RIGHT)) == pytest.approx(abs(by_deg))


def test_of_a_plank_upside_down_it_is_said_and_nothing_is_judged():
    """In the picture it lies on its back, arms and feet up: as for a crunch."""
    poses = clip((3, GOOD), (3, Plank(sag_deg=12)), (3, Plank(high=True)))
    known = Recognition.of(EXERCISES)
    for pose in poses:
        known = known.after(replace(pose, xy=-pose.xy + SIZE_WH))
        assert known.session.exercise.name == "none"
    assert {each.clock.note for each in known.sessions[-2:]} == {UPSIDE_DOWN}
    assert known.summary().faults == ()
    (unknown,) = known.summary().unknown
    assert unknown.note == UPSIDE_DOWN


CUTS = {
    "elsewhere": lambda pose: shifted(pose, -400, 0),
    "closer": lambda pose: scaled(pose, 3.5),
}


@pytest.mark.parametrize("shot", CUTS.values(), ids=CUTS)
def test_a_hold_does_not_outlast_a_cut(shot):
    session = fold(chain(clip((5, GOOD)), (shot(at(GOOD, 5 + i / 10)) for i in range(50))))
    first, second = session.summary().hold.segments
    assert first.end_s == pytest.approx(5, abs=0.11)
    assert second.end_s == pytest.approx(9.9)


def test_a_quick_sit_up_is_no_cut():
    session = Session.of(exercise_named("crunch"))
    for pose in crunches(Move(lift_deg=85, seconds=1.2), Move(lift_deg=85, seconds=1.2), fps=5):
        session = session.after(pose)
    assert len(session.clock.stretches_until(session.time_s)) <= 2
    assert len(session.summary().reps) == 2


def test_what_wavers_between_unknown_and_absent_stays_unknown():
    front = at(Plank(breadth=0.9), 0)
    session = fold(clip(*[(0.4, front), (0.4, None)] * 10))
    assert [each.state for each in session.clock.stretches_until(session.time_s)] == [State.UNKNOWN]


class TestStandstill:
    """Pictures that stand still, and the model that must not judge them."""

    def test_a_picture_stands_still_after_a_second_whatever_compression_does_to_it(self):
        noise = np.random.default_rng(1)
        picture = noise.integers(0, 248, (48, 64, 3))
        known = Standstill()
        for index in range(21):
            known = known.after(
                index / 10, (picture + noise.integers(0, 5, (48, 64, 3))).astype("u1")
            )
            assert known.lasts == (index >= 10)

    def test_a_picture_that_moves_at_any_place_does_not(self):
        picture, known = np.full((48, 64, 3), 100, np.uint8), Standstill()
        for index in range(30):
            picture[16, 24] = 100 + 20 * (index % 2)
            known = known.after(index / 10, picture)
            assert not known.lasts

    def test_a_frozen_plank_is_held_no_longer(self):
        with VideoFile(SAMPLES / "plank_good.mp4") as source:
            frames = [frame for frame, _ in zip(source, range(24), strict=False)]
        step_s = frames[1].time_s - frames[0].time_s
        last = frames[-1]
        frozen = [Frame(last.time_s + step_s * i, last.image) for i in range(1, 45)]
        with MediaPipeEstimator() as model:
            poses = [model.estimate(frame) for frame in (*frames, *frozen)]
        assert all(pose.present for pose in poses[: len(frames)])
        session = fold(poses)
        (hold,) = session.summary().hold.segments
        assert hold.end_s == pytest.approx(last.time_s + 1.0, abs=0.2)
        assert session.summary().unknown[-1].note == STANDS_STILL
        found = checks(Sighting(poses[-1], last.size_wh, 120.0), session)
        assert first_hint(found).code == "picture"


def seen_through(changed, name, most=math.inf):
    """Return what comes of a sample whose pictures are changed, the pose model looking at them."""
    with VideoFile(SAMPLES / f"{name}.mp4") as source, MediaPipeEstimator() as estimator:
        frames = (Frame(frame.time_s, changed(frame.image)) for frame in source)
        early = takewhile(lambda frame: frame.time_s <= most, frames)
        return recognised(map(estimator.estimate, early))


@pytest.mark.parametrize("roll_deg", [-15, 15])
def test_a_phone_that_stands_askew_changes_no_verdict(roll_deg):
    def turned(image):
        (height, width), grey = image.shape[:2], (120, 120, 120)
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), roll_deg, 0.9)
        return cv2.warpAffine(image, turn, (width, height), borderValue=grey)

    (fault,) = seen_through(turned, "plank_sag_15").faults
    assert (fault.rule.code, fault.level) == ("plank.hips-sag", Verdict.FAULT)
    assert (fault.start_s, fault.end_s) == pytest.approx((2.0, 4.4), abs=0.4)


def small(image):
    smaller = cv2.resize(image, None, fx=0.15, fy=0.15, interpolation=cv2.INTER_AREA)
    around = [(a - b) // 2 for a, b in zip(image.shape, smaller.shape, strict=True)]
    wall = np.full_like(image, 120)
    wall[around[0] :, around[1] :][: len(smaller), : smaller.shape[1]] = smaller
    return wall


def dark(image):
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    return np.clip(0.03 * image + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("changed", [small, dark])
def test_who_is_tiny_or_in_the_dark_is_not_judged(changed):
    summary = seen_through(changed, "plank_sag_15", most=3.0)
    assert (summary.faults, summary.score) == ((), None)
