"""Postures that are no exercise: on the belly, propped up, on all fours, standing, kneeling.

The right side is near; who lies has the head to the right, who is upright looks to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.limbs import hip, leg_along, reach, shoulder, stretched
from samples.studio.proportions import ADULT, MAT_M
from samples.studio.skeleton import SIDES, Arm, Leg, Skeleton
from samples.studio.spine import Curve, Segment, Spine, inclined, lying, spine
from samples.studio.vectors import rotated, unit, vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from samples.studio.proportions import Proportions
    from samples.studio.shapes import Vector

_DOWN, _AHEAD, _NEAR = vector(0, -1), vector(1, 0), vector(0, 0, 1)
_BELLY_M = 0.100
_KNEE_M = MAT_M + 0.050
_WRIST_M = MAT_M + 0.062
_ELBOW_M = MAT_M + 0.042
_INSTEP_M = MAT_M + 0.058
_ON_FOOT_M = 0.085
_HAND_X_M = 0.60
_STRETCHED_DEG = 72.0


@dataclass(frozen=True, slots=True)
class Prone:
    """Lying on the belly, hands beside the head.

    Attributes
    ----------
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull.
    """

    neck_deg: float = -20.0
    head_deg: float = -22.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        hips = vector(0.10, MAT_M + _BELLY_M * body.girth)
        curve = Curve(neck_deg=self.neck_deg, head_deg=self.head_deg)
        trunk = inclined(body, hips, _DOWN, 2.0, curve)
        return _built(body, trunk, _beside_head, _behind)


@dataclass(frozen=True, slots=True)
class Sphinx:
    """Propped on the elbows with the hips on the floor: no plank, though it looks like one.

    Attributes
    ----------
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull.
    """

    neck_deg: float = -4.0
    head_deg: float = -4.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        hips = vector(0.14, MAT_M + _BELLY_M * body.girth)
        rise_deg = math.degrees(
            math.asin((_ELBOW_M + body.upper_arm_m - 0.003 - hips[1]) / (0.94 * body.trunk_m))
        )
        # The spine's bow lies between hips and shoulders: its chord rises half as steeply.
        curve = Curve(
            lumbar_deg=-1.2 * rise_deg,
            chest_deg=-0.35 * rise_deg,
            neck_deg=self.neck_deg,
            head_deg=self.head_deg,
        )
        return _built(body, inclined(body, hips, _DOWN, rise_deg, curve), _on_elbow, _behind)


@dataclass(frozen=True, slots=True)
class AllFours:
    """On hands and knees.

    Attributes
    ----------
    lumbar_deg : float
        Extension of the lower back; negative rounds it.
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull.
    """

    lumbar_deg: float = 0.0
    neck_deg: float = 0.0
    head_deg: float = 0.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        curve = Curve(
            lumbar_deg=-self.lumbar_deg,
            neck_deg=self.neck_deg,
            head_deg=self.head_deg,
            shoulders_forward_m=0.03,
        )
        height = _KNEE_M + body.thigh_m
        shoulders = _WRIST_M + body.upper_arm_m + body.forearm_m - 0.006
        length = float(np.linalg.norm(spine(body, lying(0.0, 0.0, _DOWN), curve).shoulders))
        rise_deg = math.degrees(math.asin((shoulders - height) / length))
        trunk = inclined(body, vector(0.12, height), _DOWN, rise_deg, curve)
        return _built(body, trunk, _on_hand, _on_knee)


@dataclass(frozen=True, slots=True)
class Standing:
    """Upright, arms hanging.

    Attributes
    ----------
    lean_deg : float
        How far the trunk leans forward.
    knee_deg : float
        Flexion of the knees; the heels stay under the hips.
    """

    lean_deg: float = 0.0
    knee_deg: float = 4.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        bend = math.cos(math.radians(self.knee_deg))
        square = body.thigh_m**2 + body.shank_m**2 + 2 * body.thigh_m * body.shank_m * bend
        hips = vector(0.0, _ON_FOOT_M + MAT_M + math.sqrt(square))
        trunk = inclined(body, hips, _DOWN, 90.0 - self.lean_deg, Curve(neck_deg=4.0))
        return _built(body, trunk, _hanging, _on_foot)


@dataclass(frozen=True, slots=True)
class Kneeling:
    """On the knees, upright or sitting on the heels.

    Attributes
    ----------
    lean_deg : float
        How far the trunk leans forward.
    sit_deg : float
        How far the thighs lean back: 0 upright, 55 near the heels.
    """

    lean_deg: float = 5.0
    sit_deg: float = 0.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        thigh = body.thigh_m * rotated(vector(0.0, 1.0), _NEAR, self.sit_deg)
        hips = vector(0.0, _KNEE_M) + thigh
        trunk = inclined(body, hips, _DOWN, 90.0 - self.lean_deg, Curve(neck_deg=8.0))
        return _built(body, trunk, _on_lap, _on_knee)


def _built(
    body: Proportions,
    trunk: Spine,
    arm: Callable[[Proportions, Vector, Vector], Arm],
    leg: Callable[[Proportions, Segment], Leg],
) -> Skeleton:
    """Return a skeleton with both arms and both legs alike."""
    arms = [arm(body, shoulder(body, trunk, side), side * trunk.chest.left) for side in SIDES]
    pelvis = trunk.pelvis
    roots = [Segment(hip(body, trunk, side), pelvis.up, pelvis.front) for side in SIDES]
    legs = [leg(body, root) for root in roots]
    return Skeleton(body, trunk, (arms[0], arms[1]), (legs[0], legs[1]), near="right")


def _beside_head(body: Proportions, root: Vector, out: Vector) -> Arm:
    wrist = vector(root[0] + 0.20, MAT_M + 0.030, root[2]) + 0.14 * out
    bend = out + 0.3 * _DOWN
    elbow, wrist = reach(root, wrist, body.upper_arm_m, body.forearm_m, bend)
    return Arm(root, elbow, wrist, _AHEAD - 0.3 * out, _DOWN)


def _on_elbow(body: Proportions, root: Vector, out: Vector) -> Arm:
    drop = root[1] - _ELBOW_M
    ahead = math.sqrt(max(0.0, body.upper_arm_m**2 - drop**2))
    elbow = root + body.upper_arm_m * unit(vector(ahead, -drop))
    wrist = elbow + body.forearm_m * unit(_AHEAD - 0.15 * out + 0.05 * _DOWN)
    return Arm(root, elbow, wrist, wrist - elbow, _DOWN)


def _on_hand(body: Proportions, root: Vector, out: Vector) -> Arm:
    wrist = vector(root[0] + 0.01, _WRIST_M, root[2])
    bend = 0.5 * out - 0.8 * _AHEAD
    elbow, wrist = reach(root, wrist, body.upper_arm_m, body.forearm_m, bend)
    return Arm(root, elbow, wrist, vector(1.0, -0.38), vector(-0.38, -1.0))


def _hanging(body: Proportions, root: Vector, out: Vector) -> Arm:
    wrist = root + vector(0.07, -0.97 * (body.upper_arm_m + body.forearm_m)) + 0.05 * out
    elbow, wrist = reach(root, wrist, body.upper_arm_m, body.forearm_m, 0.3 * out - _AHEAD)
    return Arm(root, elbow, wrist, vector(0.1, -1.0), 0.1 * _AHEAD - out)


def _on_lap(body: Proportions, root: Vector, out: Vector) -> Arm:
    wrist = root + vector(0.20, -0.46) - 0.03 * out
    elbow, wrist = reach(root, wrist, body.upper_arm_m, body.forearm_m, 0.4 * out - _AHEAD)
    return Arm(root, elbow, wrist, vector(0.6, -1.0), vector(-0.5, -0.5) - 0.5 * out)


def _behind(body: Proportions, root: Segment) -> Leg:
    """Return a straight leg that lies on the floor behind, its instep down."""
    drop = root.origin[1] - _INSTEP_M
    line = vector(-math.sqrt(body.leg_m**2 - drop**2), -drop) / body.leg_m
    knee, ankle = root.origin + line * body.thigh_m, root.origin + line * body.leg_m
    return stretched(root.origin, knee, ankle, root.left, _STRETCHED_DEG)


def _on_knee(body: Proportions, root: Segment) -> Leg:
    """Return a leg whose knee is on the floor and whose shank lies on it."""
    drop = root.origin[1] - _KNEE_M
    thigh = vector(math.sqrt(max(0.0, body.thigh_m**2 - drop**2)), -drop)
    knee_deg = 90.0 + math.degrees(math.atan2(thigh[0], drop))
    return leg_along(body, root, thigh, knee_deg, _STRETCHED_DEG)


def _on_foot(body: Proportions, root: Segment) -> Leg:
    x, _, z = root.origin
    ankle = vector(x - 0.01, MAT_M + _ON_FOOT_M, z)
    knee, ankle = reach(root.origin, ankle, body.thigh_m, body.shank_m, _AHEAD)
    return Leg(root.origin, knee, ankle, _AHEAD, _DOWN, unit(vector(1.0, 0.05)))
