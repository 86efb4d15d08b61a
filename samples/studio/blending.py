"""From one posture to another: what getting into and out of a position looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.limbs import hip, shoulder
from samples.studio.skeleton import SIDES, Arm, Leg, Skeleton
from samples.studio.spine import Segment, Spine, stacked
from samples.studio.vectors import between_directions, frame_between, unit, vector

if TYPE_CHECKING:
    from samples.studio.shapes import Vector

# How near each joint comes to the floor.
_CLEARANCE_M = {
    "shoulder": 0.060,
    "elbow": 0.042,
    "wrist": 0.030,
    "hip": 0.100,
    "knee": 0.050,
    "ankle": 0.050,
    "toe": 0.025,
    "heel": 0.025,
    "ear": 0.085,
}


def between(a: Skeleton, b: Skeleton, share: float) -> Skeleton:
    """Return a skeleton on the way from one posture to another.

    Every bone turns on the shortest arc and keeps its length; what is lowest touches the floor.

    Parameters
    ----------
    a, b : Skeleton
        Of the same body, the same side near.
    share : float
        0 is the first, 1 the second.

    Raises
    ------
    ValueError
        Where bodies or sides differ.
    """
    if a.proportions != b.proportions or a.near != b.near:
        raise ValueError("only postures of the same body with the same side near can be blended")
    blended = _blended(a, b, share, vector(0.0, 0.0))
    wanted = (1 - share) * _lowest_m(a) + share * _lowest_m(b)
    return _blended(a, b, share, vector(0.0, wanted - _lowest_m(blended)))


def _blended(a: Skeleton, b: Skeleton, share: float, shift: Vector) -> Skeleton:
    body, spine = a.proportions, _spine(a, b, share, shift)
    arms = [
        _arm(one, other, share, shoulder(body, spine, side))
        for one, other, side in zip(a.arms, b.arms, SIDES, strict=True)
    ]
    legs = [
        _leg(one, other, share, hip(body, spine, side))
        for one, other, side in zip(a.legs, b.legs, SIDES, strict=True)
    ]
    lateral = (a, b)[round(share)].lateral
    return Skeleton(body, spine, (arms[0], arms[1]), (legs[0], legs[1]), a.near, lateral)


def _spine(a: Skeleton, b: Skeleton, share: float, shift: Vector) -> Spine:
    turned = []
    for one, other in zip(a.spine.segments, b.spine.segments, strict=True):
        origin = one.origin + share * (other.origin - one.origin) + shift
        frame = frame_between((one.up, one.front), (other.up, other.front), share)
        turned.append(Segment(origin, *frame))
    forward_m, up_m = (
        (1 - share) * getattr(a.spine, name) + share * getattr(b.spine, name)
        for name in ("shoulders_forward_m", "shoulders_up_m")
    )
    return stacked(a.proportions, turned, forward_m, up_m)


def _arm(a: Arm, b: Arm, share: float, root: Vector) -> Arm:
    elbow = root + _bone(a.shoulder, a.elbow, b.shoulder, b.elbow, share)
    wrist = elbow + _bone(a.elbow, a.wrist, b.elbow, b.wrist, share)
    one, other = ((unit(arm.fingers), unit(arm.palm)) for arm in (a, b))
    return Arm(root, elbow, wrist, *frame_between(one, other, share), (a, b)[round(share)].fist)


def _leg(a: Leg, b: Leg, share: float, root: Vector) -> Leg:
    knee = root + _bone(a.hip, a.knee, b.hip, b.knee, share)
    ankle = knee + _bone(a.knee, a.ankle, b.knee, b.ankle, share)
    forward, sole = frame_between((a.forward, a.sole), (b.forward, b.sole), share)
    toes = between_directions(unit(a.toes), unit(b.toes), share)
    return Leg(root, knee, ankle, forward, sole, toes)


def _bone(a_start: Vector, a_end: Vector, b_start: Vector, b_end: Vector, share: float) -> Vector:
    """Return a bone's way from one joint to the next."""
    a, b = a_end - a_start, b_end - b_start
    length = float((a @ a) ** 0.5)
    return length * between_directions(a / length, unit(b), share)


def _lowest_m(skeleton: Skeleton) -> float:
    """Return how high above the floor's height the body's lowest part is."""
    return min(
        float(place[1]) - _CLEARANCE_M[name.split("_")[-1]]
        for name, place in skeleton.joints.items()
        if name != "nose"
    )
