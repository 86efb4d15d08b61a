"""What is carried over from frame to frame: which side is near, and how fast the body moves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from formcheck import geometry
from formcheck.geometry import Point
from formcheck.landmarks import HALVES, Pose, Side

_MEMORY_S = 1.0
_SWITCH = 0.2
_LASTS_S = 3.0
_DEPTH_M = 0.1
_LAG_S = 0.25
_JUMP = 0.25


@dataclass(frozen=True, slots=True)
class NearSide:
    """Which side of the body is nearer to the camera.

    Attributes
    ----------
    side : Side
        The side that is measured.
    evidence : float
        Positive for the left, in [-2, 2], smoothed over about a second; NaN before the first
        person.
    time_s : float
        Of the last frame with a person.
    against_s : float
        Since when the evidence is clearly for the other side; NaN when it is not.

    Notes
    -----
    Left and right are the person's own, as the model tells them by the look of the body: the same
    person in a mirrored picture has them the other way round, and nothing in it tells so.
    """

    side: Side = Side.LEFT
    evidence: float = math.nan
    time_s: float = math.nan
    against_s: float = math.nan

    def turned(self, side: Side | None) -> NearSide:
        """Return the same with a side that is known from elsewhere to be measured, if any."""
        return replace(self, side=side) if side else self

    def after(self, pose: Pose, *, locked: bool = False) -> NearSide:
        """Return the side after one more frame; it changes only against clear evidence.

        Parameters
        ----------
        pose : Pose
        locked : bool
            Whether a hold or a set goes on: clear evidence then has to last for three seconds.
        """
        seen = _left_is_nearer(pose)
        if math.isnan(seen):
            return self
        if math.isnan(self.evidence):
            return NearSide(Side.LEFT if seen >= 0 else Side.RIGHT, seen, pose.time_s)
        kept = math.exp((self.time_s - pose.time_s) / _MEMORY_S)
        evidence = seen + (self.evidence - seen) * kept
        clear = Side.LEFT if evidence > _SWITCH else Side.RIGHT if evidence < -_SWITCH else None
        if clear is None or clear is self.side:
            return NearSide(self.side, evidence, pose.time_s)
        against_s = pose.time_s if math.isnan(self.against_s) else self.against_s
        if locked and pose.time_s - against_s < _LASTS_S:
            return NearSide(self.side, evidence, pose.time_s, against_s)
        return NearSide(clear, evidence, pose.time_s)


_PAIRS = tuple(
    (getattr(HALVES[Side.LEFT], part), getattr(HALVES[Side.RIGHT], part))
    for part in ("shoulder", "hip", "knee")
)


def _left_is_nearer(pose: Pose) -> float:
    """Return evidence from visibility and depth of shoulder, hip and knee; NaN for nobody."""
    if not pose.present:
        return math.nan
    seen = _left_less_right(pose.visibility.tolist())
    if pose.world_m is None:
        return seen
    return seen - math.tanh(_left_less_right(pose.world_m[:, 2].tolist()) / _DEPTH_M)


def _left_less_right(values: list[float]) -> float:
    return math.fsum(values[left] - values[right] for left, right in _PAIRS) / len(_PAIRS)


@dataclass(frozen=True, slots=True)
class HipMotion:
    """How fast the hips move.

    Attributes
    ----------
    velocity : (float, float)
        Trunk lengths a second to the right and down, smoothed over about a quarter of a second;
        0 at first sight.
    hips : Point
        Where they are, pixels; NaN before the first person.
    time_s : float
        Of the last frame with hips.
    """

    velocity: Point = (0.0, 0.0)
    hips: Point = (math.nan, math.nan)
    time_s: float = math.nan

    @property
    def per_s(self) -> float:
        """Speed, trunk lengths a second."""
        return math.hypot(*self.velocity)

    def after(self, pose: Pose) -> HipMotion:
        """Return the motion after one more frame; where no hips are seen, it starts afresh."""
        hips, trunk = _hips_and_trunk(pose)
        if not trunk > 0:
            return HipMotion()
        if math.isnan(self.time_s):
            return HipMotion(hips=hips, time_s=pose.time_s)
        passed_s = pose.time_s - self.time_s
        kept = math.exp(-passed_s / _LAG_S)
        # Nobody moves farther between two frames: it is a cut, or the model found somebody anew.
        excess = max(1.0, geometry.distance(hips, self.hips) / (_JUMP * trunk))
        x, y = (
            kept * smooth + (1 - kept) * (now - before) / excess / passed_s / trunk
            for smooth, now, before in zip(self.velocity, hips, self.hips, strict=True)
        )
        return HipMotion((x, y), hips, pose.time_s)


def _hips_and_trunk(pose: Pose) -> tuple[Point, float]:
    """Return the middle of hips, and its distance from that of the shoulders, in pixels."""
    hips = pose.middle_of_hips
    return hips, geometry.distance(hips, pose.middle_of_shoulders)
