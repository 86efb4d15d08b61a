"""Each metric on bodies whose angles are known, and under what a camera does to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from bodies import Plank, mirrored, scaled, shifted, without
from hypothesis import given
from hypothesis import strategies as st

from formcheck import metrics
from formcheck.landmarks import HALVES, Landmark, Pose, Side
from formcheck.metrics import Support

FOREARM, HIGH = Support("elbow", "toe"), Support("wrist", "toe")


def measured(metric, pose, side=Side.RIGHT):
    return metric.measure(pose, side)


@pytest.mark.parametrize("sag_deg", [-60, -25, -5, 0, 3, 12])
@pytest.mark.parametrize("high", [False, True])
def test_sag_is_the_bend_at_the_hip_and_positive_when_it_hangs(sag_deg, high):
    pose = Plank(sag_deg=sag_deg, high=high).pose()
    assert measured(metrics.sag_deg("ankle"), pose) == pytest.approx(sag_deg, abs=1e-4)


@pytest.mark.parametrize("knee_deg", [0, 5, 30, 45])
def test_knee_flexion_is_zero_when_straight(knee_deg):
    pose = Plank(knee_deg=knee_deg).pose()
    assert measured(metrics.KNEE_FLEXION, pose) == pytest.approx(knee_deg, abs=1e-5)


@pytest.mark.parametrize("gaze_deg", [30, 62, 90, 130])
def test_gaze_is_ninety_when_looking_straight_down(gaze_deg):
    pose = Plank(gaze_deg=gaze_deg).pose()
    assert measured(metrics.GAZE, pose) == pytest.approx(gaze_deg, abs=1e-6)


def test_a_head_in_line_with_the_trunk_has_a_straight_neck():
    assert measured(metrics.NECK, Plank().pose()) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("offset", [-0.5, 0.0, 0.4])
def test_elbow_offset_is_in_upper_arms_toward_the_head(offset):
    pose = Plank(hand_offset=offset).pose()
    assert measured(metrics.hand_offset_ratio(FOREARM), pose) == pytest.approx(offset, abs=1e-6)


@pytest.mark.parametrize("offset", [-0.3, 0.0, 0.5])
def test_wrist_offset_is_in_trunks(offset):
    pose = Plank(high=True, hand_offset=offset).pose()
    assert measured(metrics.hand_offset_ratio(HIGH), pose) == pytest.approx(offset, abs=1e-6)


def test_heights_are_above_the_line_between_hand_and_toe_in_trunks():
    pose = Plank().pose()
    ankle = metrics.height_ratio("ankle", FOREARM, "ankle_height_ratio")
    assert measured(ankle, pose) == pytest.approx(0.3)
    assert measured(metrics.shoulder_height_ratio(FOREARM), pose) == pytest.approx(1.0)


def test_the_hand_on_the_floor_carries_while_the_other_taps():
    high = Plank(high=True).pose()
    xy = high.xy.copy()
    xy[Landmark.RIGHT_WRIST] = xy[Landmark.LEFT_SHOULDER]
    tapping = Pose(0.0, xy, high.visibility)
    assert HIGH.points(tapping)[0] == high.at(Landmark.LEFT_WRIST)


def test_the_view_is_the_breadth_of_the_shoulders():
    assert measured(metrics.VIEW, Plank(breadth=0.4).pose()) == pytest.approx(0.4)


ALL = (
    metrics.sag_deg("ankle"),
    metrics.sag_deg("knee"),
    metrics.KNEE_FLEXION,
    metrics.ELBOW_FLEXION,
    metrics.GAZE,
    metrics.NECK,
    metrics.TRUNK_RISE,
    metrics.THIGH,
    metrics.hand_offset_ratio(FOREARM),
    metrics.shoulder_height_ratio(FOREARM),
    metrics.height_ratio("hip", FOREARM, "hip_height_ratio"),
    metrics.support_slope_deg(FOREARM),
)
planks = st.builds(
    Plank,
    sag_deg=st.floats(-40, 15),
    knee_deg=st.floats(1, 40),
    gaze_deg=st.floats(30, 150),
    hand_offset=st.floats(-0.5, 0.5),
)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
@given(plank=planks, by=st.floats(0.2, 4), x=st.floats(-900, 900), y=st.floats(-900, 900))
def test_mirror_scale_and_shift_change_nothing(metric, plank, by, x, y):
    pose = plank.pose()
    value = measured(metric, pose)
    assert measured(metric, mirrored(pose), Side.LEFT) == pytest.approx(value, abs=1e-4)
    assert measured(metric, scaled(pose, by)) == pytest.approx(value, abs=1e-4)
    assert measured(metric, shifted(pose, x, y)) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("metric", "part"),
    [
        (metrics.sag_deg("ankle"), "ankle"),
        (metrics.sag_deg("ankle"), "hip"),
        (metrics.KNEE_FLEXION, "knee"),
        (metrics.GAZE, "ear"),
        (metrics.GAZE, "nose"),
        (metrics.hand_offset_ratio(FOREARM), "elbow"),
        (metrics.shoulder_height_ratio(FOREARM), "toe"),
        (metrics.VIEW, "shoulder"),
    ],
)
def test_what_is_not_seen_is_not_measured(metric, part):
    assert math.isnan(measured(metric, without(Plank().pose(), part)))


def test_a_point_outside_the_picture_is_not_seen():
    pose = Plank().pose()
    xy = pose.xy.copy()
    xy[Landmark.RIGHT_ANKLE] = (-3.0, 500.0)
    cropped = Pose.in_picture(0.0, xy, pose.visibility, (1280, 720))
    assert math.isnan(cropped.at(Landmark.RIGHT_ANKLE)[0])
    assert cropped.at(Landmark.RIGHT_HIP) == pose.at(Landmark.RIGHT_HIP)


def test_nobody_has_a_pose():
    nobody = Pose.absent(1.5)
    assert not nobody.present
    assert all(math.isnan(measured(metric, nobody)) for metric in ALL)


def test_a_pose_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        Plank().pose().xy[0, 0] = 1.0


def test_a_pose_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"shape \(17, 2\) given, \(33, 2\) needed"):
        Pose(0.0, np.zeros((17, 2)), np.ones(33))


def test_every_landmark_is_the_mirror_of_its_mirror():
    assert all(landmark.mirrored().mirrored() is landmark for landmark in Landmark)
    assert Landmark.NOSE.mirrored() is Landmark.NOSE
    assert HALVES[Side.LEFT].toe.mirrored() is HALVES[Side.RIGHT].toe
