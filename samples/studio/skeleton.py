"""The skeleton: a spine with arms and legs. Left and right are the body's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from samples.studio.proportions import Proportions
    from samples.studio.shapes import Vector
    from samples.studio.spine import Spine

Side = Literal["left", "right"]

LEFT, RIGHT = 1, -1
SIDES = (LEFT, RIGHT)
"""The sign of `left` on either side, in the order of `Skeleton.arms` and `Skeleton.legs`."""


@dataclass(frozen=True, slots=True)
class Arm:
    """Joints of an arm; where the fingers point and the palm looks.

    Attributes
    ----------
    fist : bool
        Whether the fingers are bent.
    """

    shoulder: Vector
    elbow: Vector
    wrist: Vector
    fingers: Vector
    palm: Vector
    fist: bool = False


@dataclass(frozen=True, slots=True)
class Leg:
    """Joints of a leg, and the unit directions of its foot.

    Attributes
    ----------
    forward : Vector
        From the heel to the ball.
    sole : Vector
        Out of the sole.
    toes : Vector
        From the ball to the tips of the toes.
    """

    hip: Vector
    knee: Vector
    ankle: Vector
    forward: Vector
    sole: Vector
    toes: Vector

    @property
    def heel(self) -> Vector:
        """Return the back end of the sole."""
        return self.ankle - self.forward * 0.060 + self.sole * 0.050

    @property
    def toe(self) -> Vector:
        """Return the tip of the toes."""
        return self.ankle + self.forward * 0.122 + self.sole * 0.050 + self.toes * 0.060


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A body in a posture.

    Attributes
    ----------
    arms, legs : tuple
        Left and right.
    near : "left" or "right"
        The side toward the usual camera; in a side plank the one that carries the weight.
    lateral : bool
        Whether the body is held sideways, so that its hips sag to a side.
    """

    proportions: Proportions
    spine: Spine
    arms: tuple[Arm, Arm]
    legs: tuple[Leg, Leg]
    near: Side
    lateral: bool = False

    @property
    def joints(self) -> dict[str, Vector]:
        """Return the places of the joints in metres, by names as `near_knee`."""
        order = (0, 1) if self.near == "left" else (1, 0)
        joints = {"nose": self.spine.head.at(front=0.122, up=-0.027)}
        for name, index in zip(("near", "far"), order, strict=True):
            for joint, place in self._half(index).items():
                joints[f"{name}_{joint}"] = place
        return joints

    def _half(self, index: int) -> dict[str, Vector]:
        """Return the joints of the left (0) or right (1) half of the body."""
        arm, leg = self.arms[index], self.legs[index]
        return {
            "shoulder": arm.shoulder,
            "elbow": arm.elbow,
            "wrist": arm.wrist,
            "hip": leg.hip,
            "knee": leg.knee,
            "ankle": leg.ankle,
            "ear": self.spine.head.at(left=SIDES[index] * 0.080),
            "toe": leg.toe,
            "heel": leg.heel,
        }
