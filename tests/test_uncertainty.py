"""How far a value can be off, and that no fault is called within that; and what disturbs poses."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import PLANK, TRUNK_PX, Move, Plank, clip, crunches, fold
from side_bodies import SidePlank

from formcheck import EXERCISES, Pose, Session, Verdict, exercise_named
from formcheck.landmarks import Landmark
from formcheck.uncertainty import ACCURACY, USUAL_DEG

SWAPPED = [landmark.mirrored() for landmark in Landmark]
SAG = Plank(sag_deg=9.0)


def off_by_deg(poses):
    return fold(poses).error("hip_sag_deg").off_by


def levels(poses):
    return {fault.level for fault in fold(poses).summary().faults}


def trembling(body, px, fps=25, seconds=8):
    """Yield a body whose landmarks are off by so much, each time anew."""
    rng = np.random.default_rng(1)
    for index in range(seconds * fps):
        pose = body.pose(index / fps)
        yield Pose(pose.time_s, pose.xy + rng.normal(0, px, pose.xy.shape), pose.visibility)


def dim(body, visibility):
    for pose in clip((8, body)):
        yield Pose(pose.time_s, pose.xy, pose.visibility * visibility)


def test_of_every_rule_it_is_known_how_far_it_can_be_off():
    rules = [rule for exercise in EXERCISES for rule in exercise.rules]
    assert {rule.metric.name for rule in rules} <= set(ACCURACY)


def test_a_body_that_stands_square_is_measured_as_well_as_usual():
    assert off_by_deg(clip((8, Plank()))) == pytest.approx(USUAL_DEG, abs=0.1)
    assert levels(clip((8, SAG))) == {Verdict.FAULT}


@pytest.mark.parametrize(
    "worse",
    [
        clip((8, replace(SAG, breadth=0.41))),
        trembling(SAG, px=3.0),
        dim(SAG, 0.6),
    ],
    ids=["turned", "trembling", "hidden"],
)
def test_what_is_measured_less_well_has_to_be_farther_out_for_a_fault(worse):
    poses = list(worse)
    assert off_by_deg(poses) > USUAL_DEG + 1.0
    assert levels(poses) == {Verdict.WATCH}


def test_a_grave_fault_is_one_at_an_angle_too():
    assert Verdict.FAULT in levels(clip((8, Plank(sag_deg=14, breadth=0.38))))


@pytest.mark.parametrize("fps", [10, 25, 60])
def test_the_frame_rate_does_not_change_how_much_a_body_trembles(fps):
    assert off_by_deg(trembling(Plank(), 2.0, fps)) == pytest.approx(
        off_by_deg(trembling(Plank(), 2.0)), rel=0.15
    )


def test_a_body_that_moves_evenly_does_not_tremble():
    poses = [Plank(sag_deg=-15 + index / 10).pose(index / 10) for index in range(120)]
    assert off_by_deg(poses) == pytest.approx(USUAL_DEG, abs=0.1)


def test_before_anything_is_seen_nothing_is_known():
    assert math.isnan(Session.of(PLANK).error("hip_sag_deg").off_by)


def dropped(pose, rng, _):
    xy = pose.xy.copy()
    xy[rng.choice(len(Landmark), size=4, replace=False)] = np.nan
    return Pose(pose.time_s, xy, pose.visibility)


def swapped(pose, _rng, _):
    return Pose(pose.time_s, pose.xy[SWAPPED], pose.visibility[SWAPPED])


def noisy(pose, rng, _):
    noise = rng.normal(0, 0.03 * TRUNK_PX, pose.xy.shape)
    return Pose(pose.time_s, pose.xy + noise, pose.visibility)


def frozen(pose, _rng, first):
    return Pose(pose.time_s, first.xy, first.visibility)


def jumped(pose, rng, first):
    """Return a pose with the landmarks away that `first` tells, as far each time."""
    places = np.random.default_rng(int(1000 * first.time_s)).choice(len(Landmark), 4, replace=False)
    xy = pose.xy.copy()
    xy[places] += rng.normal(0, 0.02, (4, 2)) * TRUNK_PX + 0.4 * TRUNK_PX
    return Pose(pose.time_s, xy, pose.visibility)


KINDS = (dropped, swapped, noisy, frozen, jumped)
EVERY_S, LONGEST_S, FPS = 1.6, 0.8, 6


def disturbed(poses, seed):
    """Yield poses with one disturbance in every second and a half or so."""
    rng = np.random.default_rng(seed)
    ends_s, kind, first = -1.0, dropped, None
    turn = 0
    for pose in poses:
        if pose.time_s >= EVERY_S * (turn + 1):
            turn += 1
            kind, first = KINDS[rng.integers(len(KINDS))], pose
            ends_s = pose.time_s + rng.uniform(0.05, LONGEST_S)
        yield kind(pose, rng, first) if pose.time_s < ends_s else pose


HOLDS = [Plank(), Plank(high=True), Plank(on_knees=True, knee_deg=60), SidePlank(), SidePlank()]
N_SESSIONS = 50
"""A thousand disturbances: twenty in each session."""


@pytest.mark.parametrize("seed", range(N_SESSIONS))
def test_no_disturbance_makes_a_fault_that_lasts_of_a_good_hold(seed):
    body = HOLDS[seed % len(HOLDS)]
    exercise = exercise_named("side-plank" if isinstance(body, SidePlank) else "plank")
    times_s = (index / FPS for index in range(round(21 * EVERY_S * FPS)))
    poses = (body.pose(time_s) for time_s in times_s)
    summary = fold(disturbed(poses, seed), Session.of(exercise)).summary()
    assert summary.hold.total_s > 15.0
    faults = [fault for fault in summary.faults if fault.level is Verdict.FAULT]
    assert [fault for fault in faults if fault.seconds > LONGEST_S + 0.2] == []


@pytest.mark.parametrize("seed", range(5))
def test_after_disturbances_repetitions_are_counted_as_before(seed):
    poses = list(crunches(*(Move(seconds=4),) * 6, fps=10))
    disturbed_s = 2.0 + 3 * 5.0
    first = [pose for pose in poses if pose.time_s < disturbed_s]
    before = fold(disturbed(first, seed), Session.of(exercise_named("crunch")))
    after = fold(poses[len(first) :], before)
    assert len(after.summary().reps) == len(before.summary().reps) + 3
