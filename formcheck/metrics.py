"""Joint-angle calculators: what one pose says about one question, as a number with a unit.

Every value is NaN when a landmark that it needs is not seen. Angles are in degrees, lengths in
units of the person's own trunk or upper arm, never of the picture; signs follow the body, so that
a mirrored picture gives the same numbers. "Above" means toward the picture's top.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from formcheck import geometry
from formcheck.geometry import Point
from formcheck.landmarks import HALVES, Half, Landmark, Pose, Side

Formula = Callable[[Pose, Side], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure of a pose.

    Attributes
    ----------
    name : str
        Column title; ends with the unit.
    unit : str
        "deg" or "ratio".
    formula : callable
        Takes the pose and the side that is nearer to the camera.
    """

    name: str
    unit: str
    formula: Formula

    def measure(self, pose: Pose, side: Side) -> float:
        """Return the value; NaN when the pose does not show it."""
        return self.formula(pose, side)


@dataclass(frozen=True, slots=True)
class Support:
    """The two points that carry a plank: one of the arm, one of the leg.

    Attributes
    ----------
    hand, foot : str
        Names of the landmarks in a `Half`: "elbow" or "wrist"; "toe" or "knee".
    """

    hand: str
    foot: str

    def points(self, pose: Pose) -> tuple[Point, Point]:
        """Return both points: of the two sides of the body, the lower one in the picture."""
        return _lower(pose, self.hand), _lower(pose, self.foot)


_BOTH = {
    part: (getattr(HALVES[Side.LEFT], part), getattr(HALVES[Side.RIGHT], part))
    for part in Half.__slots__
}


def _lower(pose: Pose, part: str) -> Point:
    """Return the place of the arm or leg that carries the weight: the lifted one is higher up."""
    left, right = _BOTH[part]
    a, b = pose.at(left), pose.at(right)
    return b if math.isnan(a[1]) or b[1] > a[1] else a


def _trunk(pose: Pose, half: Half) -> float:
    return geometry.distance(pose.at(half.shoulder), pose.at(half.hip))


def _facing(pose: Pose, half: Half) -> float:
    """Return +1 when the head is to the right of the hips in the picture, else -1."""
    dx = pose.at(half.shoulder)[0] - pose.at(half.hip)[0]
    return math.nan if math.isnan(dx) else math.copysign(1.0, dx)


def _length_in_trunks(start: str, end: str) -> Formula:
    def ratio(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        a, b = pose.at(getattr(half, start)), pose.at(getattr(half, end))
        return _share(geometry.distance(a, b), _trunk(pose, half))

    return ratio


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _bend_deg(*parts: str) -> Formula:
    """Return the formula of a joint's flexion: 0 is straight, 180 folded."""

    def flexion(pose: Pose, side: Side) -> float:
        a, b, c = (pose.at(getattr(HALVES[side], part)) for part in parts)
        return abs(geometry.turn_deg(a, b, c))

    return flexion


def sag_deg(leg: str) -> Metric:
    """Return the metric of the body's bend at the hip, from shoulder and hip to a leg's joint.

    0 is a straight line, positive when the hip hangs below it, negative when it stands above.

    Parameters
    ----------
    leg : str
        "ankle", or "knee" when the knees carry the weight.
    """

    def formula(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        points = (pose.at(half.shoulder), pose.at(half.hip), pose.at(getattr(half, leg)))
        return -_facing(pose, half) * geometry.turn_deg(*points)

    return Metric("hip_sag_deg", "deg", formula)


def height_ratio(part: str, support: Support, name: str) -> Metric:
    """Return the metric of a joint's height above the line between the supports, in trunks."""

    def formula(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        height = geometry.above(pose.at(getattr(half, part)), *support.points(pose))
        return _share(height, _trunk(pose, half))

    return Metric(name, "ratio", formula)


def shoulder_height_ratio(support: Support) -> Metric:
    """Return the metric of the shoulder's height above the support line, in upper arms."""

    def formula(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        shoulder, elbow = pose.at(half.shoulder), pose.at(half.elbow)
        height = geometry.above(shoulder, *support.points(pose))
        return _share(height, geometry.distance(shoulder, elbow))

    return Metric("shoulder_height_ratio", "ratio", formula)


def hand_offset_ratio(support: Support) -> Metric:
    """Return the metric of how far elbow or wrist stand from below the shoulder.

    Positive toward the head, measured along the support line; in upper arms for the elbow, in
    trunks for the wrist.
    """

    def formula(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        shoulder, elbow = pose.at(half.shoulder), pose.at(half.elbow)
        hand, foot = support.points(pose)
        joint = pose.at(getattr(half, support.hand))
        offset = geometry.along(joint, foot, hand) - geometry.along(shoulder, foot, hand)
        by_elbow = support.hand == "elbow"
        return _share(
            offset, geometry.distance(shoulder, elbow) if by_elbow else _trunk(pose, half)
        )

    return Metric(f"{support.hand}_offset_ratio", "ratio", formula)


def support_slope_deg(support: Support) -> Metric:
    """Return the metric of how steep the line between the supports is in the picture, 0 to 90."""

    def formula(pose: Pose, side: Side) -> float:  # noqa: ARG001 - both sides carry
        return abs(geometry.rise_deg(*support.points(pose)))

    return Metric("support_slope_deg", "deg", formula)


def trunk_slope_deg(support: Support) -> Metric:
    """Return the metric of the trunk's slope against the line between the supports.

    Positive when the shoulder is farther above it than the hip.
    """

    def formula(pose: Pose, side: Side) -> float:
        half = HALVES[side]
        hand, foot = support.points(pose)
        trunk = geometry.direction_deg(pose.at(half.hip), pose.at(half.shoulder))
        turned = geometry.wrapped_deg(trunk - geometry.direction_deg(foot, hand))
        return _facing(pose, half) * turned

    return Metric("trunk_slope_deg", "deg", formula)


def stacked_deg(part: str, support: Support) -> Metric:
    """Return the metric of how steeply the other side's joint stands above this side's.

    90 is straight above the line between the supports, 0 beside, negative below: for a body that
    lies on this side.
    """

    def formula(pose: Pose, side: Side) -> float:
        lower, upper = (pose.at(getattr(HALVES[each], part)) for each in (side, side.other))
        ends = support.points(pose)
        height = geometry.above(upper, *ends) - geometry.above(lower, *ends)
        beside = geometry.along(upper, *ends) - geometry.along(lower, *ends)
        return math.degrees(math.atan2(height, abs(beside)))

    return Metric(f"{part}s_stacked_deg", "deg", formula)


def _shank_reach_ratio(pose: Pose, side: Side) -> float:
    hip, knee, ankle = (pose.at(getattr(HALVES[side], p)) for p in ("hip", "knee", "ankle"))
    return _share(geometry.along(ankle, hip, knee), geometry.distance(hip, knee)) - 1.0


def _trunk_rise_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    return geometry.rise_deg(pose.at(half.hip), pose.at(half.shoulder))


def _heel_rise_ratio(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    rise = pose.at(half.toe)[1] - pose.at(half.heel)[1]
    return _share(rise, _trunk(pose, half))


def _against_trunk_deg(pose: Pose, half: Half, start: Point, end: Point) -> float:
    """Return how far a direction is turned from the trunk's toward the front of the body."""
    trunk = geometry.direction_deg(pose.at(half.hip), pose.at(half.shoulder))
    turned = trunk - geometry.direction_deg(start, end)
    return geometry.wrapped_deg(_facing(pose, half) * turned)


_LONGEST_HEAD = 0.45  # trunks from ear to nose; of people in planks 0.11 to 0.25


def _gaze_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    ear, nose = pose.at(half.ear), pose.at(Landmark.NOSE)
    ears_apart = geometry.distance(ear, pose.at(HALVES[side.other].ear))
    reach = geometry.distance(ear, nose)
    if ears_apart > reach or reach > _LONGEST_HEAD * _trunk(pose, half):
        return math.nan
    return _against_trunk_deg(pose, half, ear, nose)


def _neck_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    return _against_trunk_deg(pose, half, pose.at(half.shoulder), pose.at(half.ear))


def _view_ratio(pose: Pose, side: Side) -> float:
    half, other = HALVES[side], HALVES[side.other]
    breadth = geometry.distance(pose.at(half.shoulder), pose.at(other.shoulder))
    return _share(breadth, _trunk(pose, half))


def _far_knee_flexion_deg(pose: Pose, side: Side) -> float:
    return KNEE_FLEXION.measure(pose, side.other)


def _standing_elbow_deg(pose: Pose, side: Side) -> float:  # noqa: ARG001 - the lower arm counts
    left, right = (pose.at(wrist)[1] for wrist in _BOTH["wrist"])
    lower = Side.RIGHT if math.isnan(left) or right > left else Side.LEFT
    return ELBOW_FLEXION.measure(pose, lower)


_SITTING_DEG = 45.0


def _headward(pose: Pose, half: Half) -> float:
    """Return +1 when the head is to the right of the legs in the picture, else -1.

    A trunk that lies tells it. One that sits may be past upright: there the legs tell it, which
    raised ones of somebody who lies do not.
    """
    hip, shoulder = pose.at(half.hip), pose.at(half.shoulder)
    joints = (*_BOTH["knee"], *_BOTH["ankle"])
    legs = [x for x, _ in map(pose.at, joints) if not math.isnan(x)]
    if not legs or abs(geometry.rise_deg(hip, shoulder)) < _SITTING_DEG:
        return _facing(pose, half)
    return math.nan if math.isnan(hip[0]) else math.copysign(1.0, hip[0] - sum(legs) / len(legs))


def _raised_deg(start: Point, end: Point, headward: float) -> float:
    """Return how steep a way is above the level, 0 headward and 180 footward."""
    if math.isnan(headward) or start == end:
        return math.nan
    return math.degrees(math.atan2(start[1] - end[1], (end[0] - start[0]) * headward))


def _lift_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    return _raised_deg(pose.at(half.hip), pose.at(half.shoulder), _headward(pose, half))


def _thigh_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    return _raised_deg(pose.at(half.hip), pose.at(half.knee), -_headward(pose, half))


def _neck_flexion_deg(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    hip, shoulder = pose.at(half.hip), pose.at(half.shoulder)
    turn = geometry.turn_deg(hip, shoulder, pose.at(half.ear))
    return _headward(pose, half) * turn


def _face_up_ratio(pose: Pose, side: Side) -> float:
    half = HALVES[side]
    if not _lift_deg(pose, side) < _SITTING_DEG:
        return math.nan
    hip, shoulder, ear = (pose.at(each) for each in (half.hip, half.shoulder, half.ear))
    ahead = ear[0] + shoulder[0] - hip[0], ear[1] + shoulder[1] - hip[1]
    return _share(geometry.above(pose.at(Landmark.NOSE), ear, ahead), _trunk(pose, half))


FACE_UP = Metric("face_up_ratio", "ratio", _face_up_ratio)
"""How far the nose is over the ear, square to the trunk, in trunks: positive on the back.

NaN when the trunk is upright: there it says where somebody looks.
"""


def _on_edge_ratio(pose: Pose, side: Side) -> float:
    half, other = HALVES[side], HALVES[side.other]
    pairs = ((half.shoulder, other.shoulder), (half.hip, other.hip))
    heights = (abs(pose.at(one)[1] - pose.at(two)[1]) for one, two in pairs)
    return _share(sum(heights), _trunk(pose, half))


ON_EDGE = Metric("on_edge_ratio", "ratio", _on_edge_ratio)
"""How far shoulders, and hips, stand one above the other, in trunks, added: on the side 0.7 to 1.

On the back it is 0.1 to 0.5, from obliquely above the more.
"""


def _legs_apart_deg(pose: Pose, side: Side) -> float:
    half, other = HALVES[side], HALVES[side.other]
    thighs = ((pose.at(each.hip), pose.at(each.knee)) for each in (half, other))
    near, far = (geometry.direction_deg(*thigh) for thigh in thighs)
    return abs(geometry.wrapped_deg(near - far))


LEGS_APART = Metric("legs_apart_deg", "deg", _legs_apart_deg)
"""Angle between the thighs: large while one knee is drawn in and the other leg is stretched."""
LIFT = Metric("trunk_lift_deg", "deg", _lift_deg)
"""Trunk above the level, lying on the back: 0 flat, 90 upright, more when it leans forward."""
THIGH_RAISED = Metric("thigh_raised_deg", "deg", _thigh_deg)
"""Thigh above the level: 0 straight out, 90 straight up, below 0 downward as in standing."""
NECK_FLEXION = Metric("neck_flexion_deg", "deg", _neck_flexion_deg)
"""Direction from shoulder to ear against the trunk, on the back: positive toward the chest."""
GAZE = Metric("gaze_deg", "deg", _gaze_deg)
"""Direction from ear to nose against the trunk: 90 looks straight down in a plank, less is up.

NaN also when the ears are farther apart than ear and nose: a head turned toward the camera shows
where it is turned, but not how far it is raised. And when they are farther apart than in any head.
"""
NECK = Metric("neck_deg", "deg", _neck_deg)
"""Direction from shoulder to ear against the trunk: 0 in line, positive when the neck flexes."""
KNEE_FLEXION = Metric("knee_flexion_deg", "deg", _bend_deg("hip", "knee", "ankle"))
ELBOW_FLEXION = Metric("elbow_flexion_deg", "deg", _bend_deg("shoulder", "elbow", "wrist"))
FAR_KNEE_FLEXION = Metric("far_knee_flexion_deg", "deg", _far_knee_flexion_deg)
STANDING_ELBOW = Metric("standing_elbow_deg", "deg", _standing_elbow_deg)
"""Flexion of the elbow over the lower hand, the one that stands on the floor."""
TRUNK_RISE = Metric("trunk_rise_deg", "deg", _trunk_rise_deg)
"""Slope of the trunk in the picture, positive when the shoulder is above the hip."""
HEEL_RISE = Metric("heel_rise_ratio", "ratio", _heel_rise_ratio)
"""Height of the heel above the toes, in trunks: belly down on the toes it is 0.2 to 0.4."""
VIEW = Metric("view_ratio", "ratio", _view_ratio)
"""Breadth of the shoulders over the trunk: about 0.1 from the side, above 1 from the front."""
THIGH = Metric("thigh_ratio", "ratio", _length_in_trunks("hip", "knee"))
SHANK = Metric("shank_ratio", "ratio", _length_in_trunks("knee", "ankle"))
SHANK_REACH = Metric("shank_reach_ratio", "ratio", _shank_reach_ratio)
"""How far the ankle lies beyond the knee in the thigh's direction, in thighs: 1 straight, 0 folded.

A shank that points away from the camera is folded for it, too.
"""
UPPER_ARM = Metric("upper_arm_ratio", "ratio", _length_in_trunks("shoulder", "elbow"))


def per_repetition(name: str, unit: str) -> Metric:
    """Return the name of what is known of a whole repetition only; NaN of any single pose."""
    return Metric(name, unit, lambda pose, side: math.nan)  # noqa: ARG005
