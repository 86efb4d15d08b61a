"""Arms and legs: from directions, or reaching for a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from samples.studio.proportions import Proportions
from samples.studio.skeleton import Leg
from samples.studio.spine import Segment, Spine
from samples.studio.vectors import cross, meeting, rotated, unit

if TYPE_CHECKING:
    from samples.studio.shapes import Vector


def shoulder(body: Proportions, trunk: Spine, side: int) -> Vector:
    """Return a shoulder joint; side is `LEFT` or `RIGHT`."""
    return trunk.shoulders + side * body.shoulder_m * trunk.chest.left


def hip(body: Proportions, trunk: Spine, side: int) -> Vector:
    """Return a hip joint; side is `LEFT` or `RIGHT`."""
    return trunk.pelvis.at(left=side * body.hip_m)


def reach(
    root: Vector, target: Vector, upper_m: float, lower_m: float, toward: Vector
) -> tuple[Vector, Vector]:
    """Return the middle joint and the end of a limb that reaches for a target.

    Parameters
    ----------
    toward : Vector
        The way in which the elbow or knee points.

    Returns
    -------
    joint, end : Vector
        The end is the target, or lies on the way to it where the limb is too short.
    """
    gap = float(np.linalg.norm(target - root))
    if gap < upper_m + lower_m:
        return meeting(root, upper_m, target, lower_m, toward), target
    line = (target - root) / gap
    return root + line * upper_m, root + line * (upper_m + lower_m)


def leg_along(
    body: Proportions, root: Segment, thigh: Vector, knee_deg: float, plantar_deg: float = 0.0
) -> Leg:
    """Return a leg by its directions.

    Parameters
    ----------
    root : Segment
        The pelvis, with its origin in the hip.
    thigh : Vector
        From the hip to the knee.
    knee_deg : float
        Flexion of the knee: 0 is straight.
    plantar_deg : float
        How far the foot is stretched: 0 is square to the shank, 90 in line with it.
    """
    thigh = unit(thigh)
    shank = rotated(thigh, root.left, knee_deg)
    knee = root.origin + thigh * body.thigh_m
    return stretched(root.origin, knee, knee + shank * body.shank_m, root.left, plantar_deg)


def stretched(hip: Vector, knee: Vector, ankle: Vector, left: Vector, plantar_deg: float) -> Leg:
    """Return a leg with its foot square to the shank, or stretched by an angle."""
    shank = unit(ankle - knee)
    shin = unit(cross(shank, left))
    forward, sole = (rotated(v, left, plantar_deg) for v in (shin, shank))
    return Leg(hip, knee, ankle, forward, sole, forward)
