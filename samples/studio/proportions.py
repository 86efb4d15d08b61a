"""Lengths of the bones."""

from __future__ import annotations

from dataclasses import dataclass

MAT_M = 0.012
"""Height of the mat that everybody lies and stands on."""


@dataclass(frozen=True, slots=True)
class Proportions:
    """Lengths of a body of size 1, between the centres of joints, in metres.

    Attributes
    ----------
    shoulder_m, hip_m : float
        From the middle of the body to the joint.
    chest_m : float
        From the lowest rib to the line of the shoulders.
    girth : float
        How thick trunk and limbs are, as a multiple: what touches the floor lies that much higher.
    """

    shank_m: float = 0.42
    thigh_m: float = 0.43
    pelvis_m: float = 0.10
    lumbar_m: float = 0.16
    chest_m: float = 0.24
    shoulder_m: float = 0.178
    hip_m: float = 0.092
    upper_arm_m: float = 0.295
    forearm_m: float = 0.255
    girth: float = 1.0

    @property
    def leg_m(self) -> float:
        """Return the length of a straight leg, hip to ankle."""
        return self.thigh_m + self.shank_m

    @property
    def trunk_m(self) -> float:
        """Return the length of a straight trunk, hip to shoulder."""
        return self.pelvis_m + self.lumbar_m + self.chest_m

    @classmethod
    def with_limbs(cls, ratio: float, girth: float = 1.0) -> Proportions:
        """Return a body whose arms and legs are longer or shorter than usual by a ratio."""
        usual = cls()
        return cls(
            shank_m=usual.shank_m * ratio,
            thigh_m=usual.thigh_m * ratio,
            upper_arm_m=usual.upper_arm_m * ratio,
            forearm_m=usual.forearm_m * ratio,
            girth=girth,
        )


ADULT = Proportions()
