"""Whether a body keeps its proportions: where a joint is guessed elsewhere, its bones change."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from formcheck import geometry
from formcheck.landmarks import HALVES, Pose, Side

WARPED = "the body's proportions change: show all of it, with nothing before it"

# About bodies in pictures, not about form: conventions. In good holds of real people the bones
# keep to each other within 0.12; where one moves toward the camera, all of them grow alike.
_SPREAD = 1.35
_SETTLING_S = 2.0
_BELIEVED_S = 3.0  # after that, it is taken for another body, or another view
_BONES = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"))


@dataclass(frozen=True, slots=True)
class Bones:
    """Lengths of a body's bones, as a fold over the poses in which it holds.

    Attributes
    ----------
    lengths_px : tuple of float
        Trunk, thigh, shank, upper arm; NaN where not seen yet.
    side : Side
        The side of the body.
    time_s : float
        When they were last as usual; NaN before the first.
    """

    lengths_px: tuple[float, ...] = ()
    side: Side = Side.LEFT
    time_s: float = math.nan

    def warped(self, pose: Pose, side: Side) -> bool:
        """Return whether the bones of a pose do not belong together as they did."""
        if side is not self.side or not pose.time_s - self.time_s <= _BELIEVED_S:
            return False
        pairs = zip(_lengths_px(pose, side), self.lengths_px, strict=True)
        grown = [now / before for now, before in pairs if now / before > 0]  # NaN is not
        return len(grown) > 1 and max(grown) > _SPREAD * min(grown)

    def after(self, pose: Pose, side: Side) -> Bones:
        """Return what is known after a pose that holds and is not warped."""
        now = _lengths_px(pose, side)
        passed_s = pose.time_s - self.time_s
        if side is not self.side or not passed_s <= _BELIEVED_S:
            return Bones(now, side, pose.time_s)
        kept = math.exp(-passed_s / _SETTLING_S)
        lengths = (_blended(a, b, kept) for a, b in zip(self.lengths_px, now, strict=True))
        return replace(self, lengths_px=tuple(lengths), time_s=pose.time_s)


def _lengths_px(pose: Pose, side: Side) -> tuple[float, ...]:
    half = HALVES[side]
    ends = ((pose.at(getattr(half, a)), pose.at(getattr(half, b))) for a, b in _BONES)
    return tuple(geometry.distance(a, b) or math.nan for a, b in ends)


def _blended(old: float, new: float, kept: float) -> float:
    if math.isnan(old) or math.isnan(new):
        return old if math.isnan(new) else new
    return new + (old - new) * kept
