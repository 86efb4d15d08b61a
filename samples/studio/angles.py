"""Angles of a skeleton, measured from its joints, so that they cannot disagree with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from samples.studio.vectors import cross, dot, signed_deg, square_to, unit, vector

if TYPE_CHECKING:
    from samples.studio.shapes import Vector
    from samples.studio.skeleton import Skeleton
    from samples.studio.spine import Spine

_DOWN = vector(0, -1)


def measured(skeleton: Skeleton) -> dict[str, float]:
    """Return the angles of a posture, in degrees.

    Returns
    -------
    dict of str to float
        `hip`: the bend of the line shoulder - hip - ankle (middles of both sides), 0 straight,
        positive with the hips on the belly's side of it, in a side plank below it.
        `hip_to_knee`: the same with the knees. `knee`, `far_knee`, `elbow`, `far_elbow`: inner
        angles. `trunk_lift`: how far the shoulders are above the hips. `neck`: the line shoulder -
        ear against the trunk, positive to the front. `gaze`: the line ear - nose against the
        trunk, 90 straight ahead, more when the chin is on the chest. `lumbar`: the lower back's
        extension; negative when it is rounded.
    """
    joints = skeleton.joints
    inner = {name: _inner_deg(*(joints[one] for one in ends)) for name, ends in _HINGES.items()}
    return {**_line_angles(skeleton, joints), **inner, **_spine_angles(skeleton.spine)}


_HINGES = {
    "knee": ("near_hip", "near_knee", "near_ankle"),
    "far_knee": ("far_hip", "far_knee", "far_ankle"),
    "elbow": ("near_shoulder", "near_elbow", "near_wrist"),
    "far_elbow": ("far_shoulder", "far_elbow", "far_wrist"),
}


def bend_deg(a: Vector, b: Vector, c: Vector, out: Vector, up: Vector) -> float:
    """Return the turn of a line at its middle point, 0 straight, positive when it is out there.

    Parameters
    ----------
    out, up : Vector
        Unit directions that span the plane in which it is seen.
    """
    return signed_deg(c - b, b - a, unit(cross(-up, out)))


def _line_angles(skeleton: Skeleton, joints: dict[str, Vector]) -> dict[str, float]:
    pelvis = skeleton.spine.pelvis
    out = square_to(pelvis.up, _DOWN) if skeleton.lateral else pelvis.front
    shoulders, hips = skeleton.spine.shoulders, pelvis.origin
    ankles, knees = (_middle(joints, joint) for joint in ("ankle", "knee"))
    rise = unit(shoulders - hips)[1]
    return {
        "hip": bend_deg(shoulders, hips, ankles, out, pelvis.up),
        "hip_to_knee": bend_deg(shoulders, hips, knees, out, pelvis.up),
        "trunk_lift": math.degrees(math.asin(rise)),
    }


def _spine_angles(spine: Spine) -> dict[str, float]:
    trunk = unit(spine.shoulders - spine.pelvis.origin)
    left = unit(cross(trunk, square_to(trunk, spine.chest.front)))
    nose = spine.head.at(front=0.122, up=-0.027)
    return {
        "neck": signed_deg(trunk, spine.head.origin - spine.shoulders, left),
        "gaze": signed_deg(trunk, nose - spine.head.origin, left),
        "lumbar": -signed_deg(spine.pelvis.up, spine.chest.up, spine.pelvis.left),
    }


def _inner_deg(start: Vector, middle: Vector, end: Vector) -> float:
    a, b = unit(start - middle), unit(end - middle)
    return math.degrees(math.acos(min(1.0, max(-1.0, dot(a, b)))))


def _middle(joints: dict[str, Vector], joint: str) -> Vector:
    return (joints[f"near_{joint}"] + joints[f"far_{joint}"]) / 2
