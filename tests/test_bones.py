"""Bodies whose proportions change: a joint that is guessed elsewhere accuses nobody."""

from __future__ import annotations

import numpy as np
import pytest
from bodies import TRUNK_PX, Plank, at, changed, clip, fold, mirrored, scaled, without

from formcheck import Pose, Side
from formcheck.bones import WARPED, Bones
from formcheck.landmarks import HALVES

GOOD = Plank()
NEAR = Side.RIGHT


def known(seconds=2.0, body=GOOD):
    bones = Bones()
    for pose in clip((seconds, body)):
        bones = bones.after(pose, NEAR)
    return bones


def displaced(pose, part, trunks=0.6):
    """Return a pose in which a joint is elsewhere, toward the head."""
    xy = pose.xy.copy()
    xy[getattr(HALVES[NEAR], part)] += np.array((trunks * TRUNK_PX, 0.0))
    return Pose(pose.time_s, xy, pose.visibility)


@pytest.mark.parametrize("part", ["shoulder", "hip", "knee", "ankle", "elbow"])
def test_a_joint_that_is_elsewhere_changes_the_bones(part):
    assert known().warped(displaced(at(GOOD, 2.1), part), NEAR)


@pytest.mark.parametrize(
    "body",
    [GOOD, changed(GOOD, sag_deg=15), changed(GOOD, sag_deg=-30), changed(GOOD, knee_deg=40)],
)
def test_another_form_does_not(body):
    assert not known().warped(at(body, 2.1), NEAR)


@pytest.mark.parametrize("by", [0.5, 1.3, 3.0])
def test_a_camera_that_zooms_does_not(by):
    assert not known().warped(scaled(at(GOOD, 2.1), by), NEAR)


@pytest.mark.parametrize("part", ["shoulder", "knee", "elbow"])
def test_a_joint_that_is_hidden_does_not(part):
    assert not known().warped(without(at(GOOD, 2.1), part), NEAR)


def test_nothing_is_held_against_the_other_side_or_an_old_sight():
    odd = displaced(at(GOOD, 2.1), "knee")
    assert not Bones().warped(odd, NEAR)
    assert not known().warped(odd, NEAR.other)
    assert not known().warped(displaced(at(GOOD, 6.0), "knee"), NEAR)


@pytest.mark.parametrize("part", ["hip", "knee", "shoulder", "elbow"])
@pytest.mark.parametrize("fps", [10, 30])
def test_a_joint_guessed_elsewhere_for_two_seconds_is_no_fault(part, fps):
    odd = displaced(GOOD.pose(), part)
    session = fold(clip((4, GOOD), (2, odd), (4, GOOD), fps=fps))
    assert session.summary().faults == ()


def test_it_is_said_why_nothing_can_be_judged():
    odd = displaced(GOOD.pose(), "elbow")
    session = fold(clip((4, GOOD), (2, odd)))
    assert [stretch.note for stretch in session.summary().unknown] == [WARPED]


def test_in_the_mirror_it_is_the_same():
    poses = [*clip((4, GOOD), (2, displaced(GOOD.pose(), "elbow")))]
    assert fold(map(mirrored, poses)).summary().faults == ()
    assert fold(map(mirrored, poses)).summary().unknown[0].note == WARPED
