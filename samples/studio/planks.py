"""Planks: on the forearms, on the hands, on the knees, and on one side.

The body lies along x, head to the right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from samples.studio.limbs import hip, leg_along, reach, shoulder, stretched
from samples.studio.proportions import ADULT, MAT_M, Proportions
from samples.studio.skeleton import LEFT, SIDES, Arm, Leg, Skeleton
from samples.studio.spine import Curve, Segment, Spine, inclined, lying, spine
from samples.studio.vectors import cross, meeting, signed_deg, square_part, square_to, unit, vector

if TYPE_CHECKING:
    from samples.studio.shapes import Vector
    from samples.studio.skeleton import Side

_DOWN, _UP, _NEAR = vector(0, -1), vector(0, 1), vector(0, 0, 1)
_HAND_X_M = 0.62
_ELBOW_M = MAT_M + 0.042
_WRIST_M = MAT_M + 0.062
_KNEE_M = MAT_M + 0.050
_ON_TOES_M = MAT_M + 0.146
_SHOULDERS_FORWARD_M = 0.036
_FEET_CLEAR_DEG = 20.0
_LYING_STRAIGHT = lying(0.0, 0.0, _DOWN)


@dataclass(frozen=True, slots=True)
class Plank:
    """A plank seen from the side; the right side is near.

    Attributes
    ----------
    support : "forearm", "high" or "knee"
        What carries the body: forearms and toes, hands and toes, forearms and knees.
    sag_deg : float
        How far the hips hang below the line from the shoulders to the ankles (on the knees: to
        the knees); negative above it.
    lumbar_deg : float
        How far the lower back is arched, with shoulders, hips and ankles where they were.
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull: the head drops; negative lifts it.
    knee_deg : float
        Flexion of the knees. On the knees it lifts the feet; they stay clear of the floor even
        when it asks for less.
    elbows_forward_m : float
        How far elbows (or hands) are ahead of the shoulders in a straight plank.
    """

    support: Literal["forearm", "high", "knee"] = "forearm"
    sag_deg: float = 0.0
    lumbar_deg: float = 0.0
    neck_deg: float = 0.0
    head_deg: float = 0.0
    knee_deg: float = 0.0
    elbows_forward_m: float = 0.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        trunk = self._trunk(body)
        foot = self._foot(body)
        arms, legs = zip(
            *((self._arm(body, trunk, side), self._leg(body, trunk, foot, side)) for side in SIDES),
            strict=True,
        )
        return Skeleton(body, trunk, arms, legs, near="right")

    @property
    def _hand(self) -> Vector:
        """Return what the shoulders turn about: elbows, or wrists of straight arms."""
        return vector(_HAND_X_M, _WRIST_M if self.support == "high" else _ELBOW_M)

    def _arm_m(self, body: Proportions) -> float:
        straight = body.upper_arm_m + body.forearm_m - 0.004  # not quite: elbows are not locked
        return straight if self.support == "high" else body.upper_arm_m

    def _leg_m(self, body: Proportions) -> float:
        """Return the distance from the hip to what carries the legs."""
        if self.support == "knee":
            return body.thigh_m
        return _third_side(body.thigh_m, body.shank_m, self.knee_deg)

    def _foot(self, body: Proportions) -> Vector:
        """Return where the ankles (or knees) are: where they fit a straight plank."""
        on_knees = self.support == "knee"
        length = body.trunk_m + (body.thigh_m if on_knees else body.leg_m)
        height = _KNEE_M if on_knees else _ON_TOES_M
        back = 0.01 + self.elbows_forward_m
        rise = math.sqrt(self._arm_m(body) ** 2 - back**2) + self._hand[1] - height
        return vector(_HAND_X_M - back - math.sqrt(length**2 - rise**2), height)

    def _trunk(self, body: Proportions) -> Spine:
        """Return the spine, its shoulders and hips where the sag wants them."""
        curve = Curve(
            lumbar_deg=-self.lumbar_deg,
            neck_deg=self.neck_deg,
            head_deg=self.head_deg,
            shoulders_forward_m=_SHOULDERS_FORWARD_M,
        )
        level = spine(body, _LYING_STRAIGHT, curve).shoulders
        foot, leg_m, trunk_m = self._foot(body), self._leg_m(body), float(np.linalg.norm(level))
        length = _third_side(leg_m, trunk_m, self.sag_deg)
        shoulders = meeting(foot, length, self._hand, self._arm_m(body), _UP)
        hips = meeting(foot, leg_m, shoulders, trunk_m, _DOWN if self.sag_deg > 0 else _UP)
        return inclined(body, hips, _DOWN, _rise_deg(hips, shoulders), curve)

    def _arm(self, body: Proportions, trunk: Spine, side: int) -> Arm:
        root = shoulder(body, trunk, side)
        out = -side * _NEAR  # the left side is the far one
        if self.support == "high":
            target = self._hand + out * (body.shoulder_m + 0.012)
            bend = vector(-0.8, 0.0) + out * 0.5
            elbow, wrist = reach(root, target, body.upper_arm_m, body.forearm_m, bend)
            return Arm(root, elbow, wrist, vector(1.0, -0.38), vector(-0.38, -1.0))
        elbow = self._hand + out * body.shoulder_m
        line = _forearm(body, elbow, vector(1.0, 0.0) - out * 0.22)
        return Arm(root, elbow, elbow + line, line, -out + 0.25 * _DOWN, fist=True)

    def _leg(self, body: Proportions, trunk: Spine, foot: Vector, side: int) -> Leg:
        root, out = hip(body, trunk, side), -side * _NEAR
        if self.support == "knee":
            knee = foot + out * body.hip_m
            joint = Segment(root, trunk.pelvis.up, trunk.pelvis.front)
            knee_deg = max(self.knee_deg, _rise_deg(knee, root) + _FEET_CLEAR_DEG)
            return leg_along(body, joint, knee - root, knee_deg, plantar_deg=25.0)
        target = foot + out * body.hip_m * 0.9
        knee, ankle = reach(root, target, body.thigh_m, body.shank_m, _DOWN)
        sole = unit(vector(-1.0, -0.06))
        return Leg(root, knee, ankle, unit(vector(0.06, -1.0)), sole, unit(vector(1.0, -0.12)))


@dataclass(frozen=True, slots=True)
class SidePlank:
    """A plank on one forearm, the body sideways; the arm that carries it is the near one.

    Attributes
    ----------
    sag_deg : float
        How far the middle of the hips hangs below the line from the middle of the shoulders to
        the middle of the ankles; negative above it.
    elbow_forward_m : float
        How far the elbow is from under its shoulder, toward the head.
    facing : "camera" or "away"
        Where the chest looks.
    free_arm : "side" or "up"
        Where the other arm is: along the body, or stretched to the ceiling.
    neck_deg : float
        Flexion of the neck to the front.
    """

    sag_deg: float = 0.0
    elbow_forward_m: float = 0.0
    facing: Literal["camera", "away"] = "camera"
    free_arm: Literal["side", "up"] = "side"
    neck_deg: float = 0.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        trunk = self._trunk(body)
        arms = tuple(
            self._prop(body, trunk) if side == self._lower else self._free(body, trunk)
            for side in SIDES
        )
        legs = tuple(self._leg(body, trunk, side) for side in SIDES)
        near: Side = "left" if self._lower == LEFT else "right"
        return Skeleton(body, trunk, (arms[0], arms[1]), (legs[0], legs[1]), near, lateral=True)

    @property
    def _front(self) -> Vector:
        return _NEAR if self.facing == "camera" else -_NEAR

    @property
    def _lower(self) -> int:
        """Return the side of the body that is below."""
        return LEFT if self.facing == "camera" else -LEFT

    @property
    def _elbow(self) -> Vector:
        return vector(_HAND_X_M - 0.12, _ELBOW_M)

    def _ankles(self, body: Proportions) -> Vector:
        """Return the middle between the ankles, where it fits a straight side plank."""
        height, length = MAT_M + 0.094, body.leg_m + body.trunk_m
        rise = body.upper_arm_m + 0.93 * body.shoulder_m + _ELBOW_M - height
        back = self.elbow_forward_m + 0.35 * body.shoulder_m
        return vector(self._elbow[0] - back - math.sqrt(length**2 - rise**2), height)

    def _trunk(self, body: Proportions) -> Spine:
        curve = Curve(
            neck_deg=self.neck_deg + 4.0,
            head_deg=2.0,
            sideways_deg=-0.5 * self._lower * self.sag_deg,
            shoulders_forward_m=0.012,
        )
        level = spine(body, lying(0.0, 0.0, self._front), curve).shoulders
        hips, shoulders = self._line(body, float(np.linalg.norm(level)))
        return inclined(body, hips, self._front, _rise_deg(hips, shoulders), curve)

    def _line(self, body: Proportions, trunk_m: float) -> tuple[Vector, Vector]:
        """Return the middle of the hips and of the shoulders.

        The lower shoulder is on the elbow's circle; where it is depends on the trunk's pitch, and
        the pitch on where the shoulders are: a few rounds settle both.
        """
        ankles, drop = self._ankles(body), vector(0.06, -0.16)
        for _ in range(30):
            length = _third_side(body.leg_m, trunk_m, self.sag_deg)
            shoulders = meeting(ankles, length, self._elbow - drop, body.upper_arm_m, _UP)
            side = _DOWN if self.sag_deg > 0 else _UP
            hips = meeting(ankles, body.leg_m, shoulders, trunk_m, side)
            chest_up = unit(shoulders - hips)
            drop = square_to(chest_up, _DOWN) * body.shoulder_m
        return hips, shoulders

    def _prop(self, body: Proportions, trunk: Spine) -> Arm:
        root = shoulder(body, trunk, self._lower)
        elbow = root + unit(self._elbow - root) * body.upper_arm_m
        line = _forearm(body, elbow, self._front + vector(0.25, 0.0))
        return Arm(root, elbow, elbow + line, line, vector(-1.0, 0.0), fist=True)

    def _free(self, body: Proportions, trunk: Spine) -> Arm:
        root, chest = shoulder(body, trunk, -self._lower), trunk.chest
        out = -self._lower * chest.left
        if self.free_arm == "up":
            elbow, wrist = (
                root + out * m for m in (body.upper_arm_m, body.upper_arm_m + body.forearm_m)
            )
            return Arm(root, elbow, wrist, out, chest.front)
        target = trunk.pelvis.at(front=0.02, up=-0.03, left=-self._lower * 0.185)
        elbow, wrist = reach(
            root, target, body.upper_arm_m, body.forearm_m, out - 0.3 * chest.front
        )
        return Arm(root, elbow, wrist, -trunk.pelvis.up, -out)

    def _leg(self, body: Proportions, trunk: Spine, side: int) -> Leg:
        root, ankles = hip(body, trunk, side), self._ankles(body)
        line = unit(ankles - trunk.pelvis.origin)
        out = square_to(line, side * self._lower * _DOWN)
        # Feet one on the other, each as far from its hip as a straight leg reaches.
        inward = 0.045 * out - square_part(line, root - trunk.pelvis.origin)
        foot = root + line * (body.leg_m - 0.002) + inward
        knee, ankle = reach(root, foot, body.thigh_m, body.shank_m, self._front)
        return stretched(root, knee, ankle, cross(self._front, line), 15.0)


def _rise_deg(start: Vector, end: Vector) -> float:
    """Return how steeply a bone rises to the right."""
    return signed_deg(vector(1.0, 0.0), end - start, _NEAR)


def _third_side(a_m: float, b_m: float, turn_deg: float) -> float:
    """Return how far apart the ends of two bones are when one turns from the other's line."""
    return math.sqrt(a_m**2 + b_m**2 + 2 * a_m * b_m * math.cos(math.radians(turn_deg)))


def _forearm(body: Proportions, elbow: Vector, ahead: Vector) -> Vector:
    """Return the way from the elbow to the wrist of a forearm that lies on the mat."""
    drop_m = MAT_M + 0.030 - elbow[1]
    level_m = math.sqrt(body.forearm_m**2 - drop_m**2)
    return unit(vector(ahead[0], 0.0, ahead[2])) * level_m + vector(0.0, drop_m)
