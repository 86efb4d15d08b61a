"""Crunches: lying on the back, head to the right, the left side near."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from samples.studio.limbs import hip, leg_along, reach, shoulder, stretched
from samples.studio.proportions import ADULT, MAT_M, Proportions
from samples.studio.skeleton import LEFT, SIDES, Arm, Leg, Skeleton
from samples.studio.spine import Curve, Segment, Spine, inclined, lying, spine
from samples.studio.vectors import signed_deg, unit, vector

if TYPE_CHECKING:
    from samples.studio.shapes import Vector

Hands = Literal["thigh", "chest", "head", "side"]

_UP, _NEAR = vector(0, 1), vector(0, 0, 1)
_HIP_M = MAT_M + 0.112
_ANKLE_M = MAT_M + 0.084
_CURL_DEG = 30.0
"""The spine curls so far; beyond that the trunk rises as one, about the hips."""
_MOST_FLEXION_DEG = 90.0
_HALVINGS = 16
_TWIST_DEG = 48.0
_SHOULDERS_FORWARD_M = {"thigh": 0.030, "chest": 0.022, "head": 0.0, "side": 0.008}


@dataclass(frozen=True, slots=True)
class Crunch:
    """A crunch or sit-up.

    Attributes
    ----------
    lift_deg : float
        How far the line from hips to shoulders rises from the floor; 0 lying, 80 sitting.
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull.
    hands : "thigh", "chest", "head" or "side"
        Where the hands are.
    knee_deg : float
        Inner angle of the knees while the feet are on the floor.
    feet_lift_m : float
        How far the feet are lifted from the floor.
    legs_raised : float
        1 has the thighs upright and the shanks level; 0 the feet on the floor.
    lumbar_deg : float
        How far the lower back is arched off the floor.
    hips_shift_m : float
        How far the hips have slid toward the feet.
    """

    lift_deg: float = 0.0
    neck_deg: float = 8.0
    head_deg: float = 4.0
    hands: Hands = "thigh"
    knee_deg: float = 95.0
    feet_lift_m: float = 0.0
    legs_raised: float = 0.0
    lumbar_deg: float = 0.0
    hips_shift_m: float = 0.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        curve = Curve(
            neck_deg=self.neck_deg,
            head_deg=self.head_deg,
            shoulders_forward_m=_SHOULDERS_FORWARD_M[self.hands],
            shoulders_up_m=0.038 if self.hands == "head" else 0.0,
        )
        trunk = lifted(body, curve, self.lift_deg, self.lumbar_deg, 0.02 - self.hips_shift_m)
        legs = self._leg(body, trunk, LEFT), self._leg(body, trunk, -LEFT)
        arms = [
            _hand_on(self.hands, body, trunk, leg, side)
            for leg, side in zip(legs, SIDES, strict=True)
        ]
        return Skeleton(body, trunk, (arms[0], arms[1]), legs, near="left")

    def _leg(self, body: Proportions, trunk: Spine, side: int) -> Leg:
        planted = self._planted(body, trunk, side)
        raised = leg_along(body, _joint(body, trunk, side), vector(-0.02, 1.0), 90.0, 20.0)
        ankle = planted.ankle + (raised.ankle - planted.ankle) * self.legs_raised
        knee, ankle = reach(planted.hip, ankle, body.thigh_m, body.shank_m, vector(-0.1, 1.0))
        free = stretched(planted.hip, knee, ankle, trunk.pelvis.left, 20.0)
        share = min(1.0, self.legs_raised + self.feet_lift_m / 0.15)
        return replace(free, **_foot_between(planted, free, share))

    def _planted(self, body: Proportions, trunk: Spine, side: int) -> Leg:
        """Return a leg whose foot is on the floor, or straight above that place."""
        root = hip(body, trunk, side)
        length = _third_side(body, self.knee_deg)
        away = math.sqrt(length**2 - (_HIP_M - _ANKLE_M) ** 2)
        ankle = vector(0.02 - away, _ANKLE_M + self.feet_lift_m, side * body.hip_m * 1.1)
        knee, ankle = reach(root, ankle, body.thigh_m, body.shank_m, vector(-0.1, 1.0))
        return Leg(root, knee, ankle, vector(-1, 0), vector(0, -1), unit(vector(-1.0, 0.08)))


@dataclass(frozen=True, slots=True)
class Bicycle:
    """A bicycle crunch: one elbow goes to the other knee, the other leg is long.

    Attributes
    ----------
    turn : float
        1 has the trunk turned so that the near elbow meets the far knee, -1 the other way round;
        0 is in between, both knees half bent.
    lift_deg : float
        How far the line from hips to shoulders rises from the floor.
    neck_deg, head_deg : float
        Flexion at the root of the neck and at the skull.
    """

    turn: float = 1.0
    lift_deg: float = 30.0
    neck_deg: float = 14.0
    head_deg: float = 6.0

    def posed(self, body: Proportions = ADULT) -> Skeleton:
        """Return the skeleton of a body in this posture."""
        curve = Curve(
            neck_deg=self.neck_deg,
            head_deg=self.head_deg,
            twist_deg=-_TWIST_DEG * self.turn,
            shoulders_up_m=0.038,
        )
        trunk = lifted(body, curve, self.lift_deg)
        legs = self._leg(body, trunk, LEFT), self._leg(body, trunk, -LEFT)
        arms = [
            _gripping(
                body, trunk, side, _at_head(trunk, leg, side, 0.1 + max(0.0, side * self.turn))
            )
            for leg, side in zip(legs, SIDES, strict=True)
        ]
        return Skeleton(body, trunk, (arms[0], arms[1]), legs, near="left")

    def _leg(self, body: Proportions, trunk: Spine, side: int) -> Leg:
        drawn_in = (1 - side * self.turn) / 2
        rise = math.radians(15.0 + 115.0 * drawn_in)
        thigh = vector(-math.cos(rise), math.sin(rise))
        return leg_along(body, _joint(body, trunk, side), thigh, 8.0 + 102.0 * drawn_in, 25.0)


def lifted(
    body: Proportions,
    curve: Curve,
    lift_deg: float,
    lumbar_deg: float = 0.0,
    x_m: float = 0.02,
) -> Spine:
    """Return the spine of somebody on the back whose shoulders are lifted.

    Parameters
    ----------
    curve : Curve
        What is bent besides: neck, head, twist.
    lift_deg : float
        The angle of the line from the hips to the shoulders above the floor; exact.
    lumbar_deg : float
        How far the lower back is arched off the floor.
    x_m : float
        Where the hips are.
    """
    flexion_deg = _flexion_deg(body, curve, min(lift_deg, _CURL_DEG))
    curled = replace(
        curve,
        lumbar_deg=0.62 * flexion_deg - lumbar_deg,
        chest_deg=curve.chest_deg + 0.28 * flexion_deg,
    )
    # The seat is rounder than the small of the back: sitting, the hips are lower.
    lower_m = 0.018 * math.sin(math.radians(max(0.0, lift_deg - _CURL_DEG)))
    return inclined(body, vector(x_m, _HIP_M - lower_m), _UP, lift_deg, curled)


def _flexion_deg(body: Proportions, curve: Curve, lift_deg: float) -> float:
    """Return how far a spine curls, a tenth of it in the hips, when it lifts the shoulders."""
    low, high = -_MOST_FLEXION_DEG, _MOST_FLEXION_DEG
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        bent = replace(curve, lumbar_deg=0.62 * middle, chest_deg=0.28 * middle)
        rise = _rise_deg(spine(body, lying(0.0, 0.0, _UP, 0.10 * middle), bent))
        low, high = (middle, high) if rise < lift_deg else (low, middle)
    return low


def _rise_deg(trunk: Spine) -> float:
    return signed_deg(vector(1, 0), trunk.shoulders - trunk.pelvis.origin, _NEAR)


def _third_side(body: Proportions, knee_deg: float) -> float:
    """Return how far the ankle is from the hip when the knee has an inner angle."""
    bend = math.cos(math.radians(knee_deg))
    return math.sqrt(body.thigh_m**2 + body.shank_m**2 - 2 * body.thigh_m * body.shank_m * bend)


def _joint(body: Proportions, trunk: Spine, side: int) -> Segment:
    """Return the pelvis, its origin moved into a hip."""
    return Segment(hip(body, trunk, side), trunk.pelvis.up, trunk.pelvis.front)


def _foot_between(a: Leg, b: Leg, share: float) -> dict[str, Vector]:
    """Return the directions of a foot on the way from one leg's to another's."""
    return {
        name: unit((1 - share) * getattr(a, name) + share * getattr(b, name))
        for name in ("forward", "sole", "toes")
    }


def _hand_on(hands: Hands, body: Proportions, trunk: Spine, leg: Leg, side: int) -> Arm:
    """Return an arm whose hand is where the crunch has it."""
    place = {"thigh": _on_thigh, "chest": _on_chest, "head": _at_head, "side": _at_side}
    return _gripping(body, trunk, side, place[hands](trunk, leg, side))


def _gripping(body: Proportions, trunk: Spine, side: int, grip: Grip) -> Arm:
    root = shoulder(body, trunk, side)
    wrist, bend, fingers, palm = grip
    elbow, wrist = reach(root, wrist, body.upper_arm_m, body.forearm_m, bend)
    return Arm(root, elbow, wrist, fingers, palm)


Grip = tuple["Vector", "Vector", "Vector", "Vector"]
"""Where the wrist goes, where elbow and fingers point, where the palm looks."""


def _on_thigh(trunk: Spine, leg: Leg, side: int) -> Grip:
    """Slide the hand along the thigh, farther as the trunk rises."""
    thigh, out = leg.knee - leg.hip, side * trunk.pelvis.left
    along = min(0.46 + 0.010 * _rise_deg(trunk), 0.86)
    wrist = leg.hip + along * thigh + vector(0.062, 0.072) + 0.035 * out
    fingers = unit(thigh) + vector(-0.12, -0.18)
    return wrist, vector(0.2, -1.0) + 0.4 * out, fingers, vector(-0.6, -0.6)


def _on_chest(trunk: Spine, _leg: Leg, side: int) -> Grip:
    chest, out = trunk.chest, side * trunk.chest.left
    wrist = chest.at(front=0.135, up=0.20, left=-side * 0.02)
    bend = -0.8 * chest.up + 0.9 * out + 0.3 * chest.front
    return wrist, bend, 0.5 * chest.up - out, -chest.front


def _at_head(trunk: Spine, _leg: Leg, side: int, elbow_ahead: float = 0.10) -> Grip:
    """Put the finger tips behind the ear."""
    chest, head = trunk.chest, trunk.head
    wrist = head.at(front=-0.022, up=-0.082, left=side * 0.098)
    fingers = head.at(up=-0.128, left=-side * 0.030) - wrist
    bend = -0.25 * chest.up + side * chest.left + elbow_ahead * chest.front
    return wrist, bend, fingers, head.front - 0.4 * side * head.left


def _at_side(trunk: Spine, _leg: Leg, side: int) -> Grip:
    """Lay the arm along the body; it rises with the shoulders."""
    rise = 0.35 * max(0.0, float(trunk.shoulders[1]) - _HIP_M)
    wrist = vector(float(trunk.pelvis.origin[0]), MAT_M + 0.035 + rise, side * 0.27)
    return wrist, vector(0.0, -0.4) + side * _NEAR, vector(-1, 0), vector(0, -1)
