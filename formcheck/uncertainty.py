"""How far a measured value can be off: from the view, the visibility, and how much it trembles.

Calibrated on rendered figures whose joints are known: `docs/accuracy.md` tells how.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from formcheck.landmarks import HALVES, Pose, Side

_MEMORY_S = 1.0
_LONGEST_S = 0.5  # between two values; what lies farther apart is no tremble
_LEAST_VISIBLE = 0.1
_SIGMA = math.sqrt(math.pi / 2)  # standard deviation of a normal error, from its mean size


USUAL_DEG = 5.0
"""Of nine angles in ten, the head's aside, of a body that stands square: docs/accuracy.md."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well a metric is measured.

    Attributes
    ----------
    usual : float
        Within this nine values in ten are right, of a body that stands square to the camera, in
        the metric's unit. The bounds of the rules leave room for it already.
    turned : float
        What is added for each unit of the view ratio outside of square.
    parts : tuple of str
        Joints of the measured half that it needs.
    """

    usual: float
    turned: float = 0.0
    parts: tuple[str, ...] = ()

    def off_by(self, turned: float, visibility: float = 1.0, tremble: float = 0.0) -> float:
        """Return how far a value can be off; NaN when that is not known.

        What does not depend on each other adds as the sides of a right angle do, so that little
        things change nothing.

        Parameters
        ----------
        turned : float
            How far the view ratio is outside of square; 0 or less when it is not.
        visibility : float
            The least of the joints, 0 to 1: at one half the usual error comes twice.
        tremble : float
            Standard deviation of what changes from frame to frame.

        Examples
        --------
        >>> Accuracy(usual=3.0, turned=40.0).off_by(turned=0.1)
        5.0
        """
        view = self.turned * max(turned, 0.0) if self.turned else 0.0
        hidden = self.usual * (1.0 / max(visibility, _LEAST_VISIBLE) - 1.0)
        parts = (self.usual, view, hidden, 2.0 * tremble)
        return math.nan if any(map(math.isnan, parts)) else math.hypot(*parts)

    def beyond_usual(self, off_by: float) -> float:
        """Return what an error adds to the usual one; infinite when it is not known."""
        return math.inf if math.isnan(off_by) else off_by - self.usual


_TRUNK = ("shoulder", "hip")
_ARM = ("shoulder", "elbow")
ACCURACY: Mapping[str, Accuracy] = MappingProxyType(
    {
        "hip_sag_deg": Accuracy(USUAL_DEG, 33.0, (*_TRUNK, "knee")),
        "knee_flexion_deg": Accuracy(USUAL_DEG, 40.0, ("hip", "knee", "ankle")),
        "back_bend_deg": Accuracy(4.0, 40.0, _TRUNK),
        "gaze_deg": Accuracy(15.0, 400.0, (*_TRUNK, "ear")),
        "elbow_offset_ratio": Accuracy(0.10, 2.5, _ARM),
        "wrist_offset_ratio": Accuracy(0.10, 3.0, (*_ARM, "wrist")),
        "shoulder_height_ratio": Accuracy(0.05, 0.3, _ARM),
        "trunk_lift_deg": Accuracy(USUAL_DEG, 60.0, _TRUNK),
        "neck_flexion_deg": Accuracy(12.0, 170.0, (*_TRUNK, "ear")),
        "over_rise_deg": Accuracy(USUAL_DEG, 60.0),
        "short_return_deg": Accuracy(USUAL_DEG, 60.0),
        "neck_pull_deg": Accuracy(12.0, 170.0),
        "low_back_ratio": Accuracy(0.02, 0.10),
        "feet_ratio": Accuracy(0.05, 0.3),
        # Of one repetition against others, or of its speeds: what the view bends, it bends alike.
        "jerk_ratio": Accuracy(0.3),
        "partial_ratio": Accuracy(0.1),
        "tempo_s": Accuracy(0.2),
    }
)
"""By name of the metric; what is not listed is not known."""
_UNKNOWN = Accuracy(math.nan)


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How far one metric can be off, as a fold over its values.

    Attributes
    ----------
    metric : str
    turned, visibility : float
        As `Accuracy.off_by` takes them, smoothed over about a second; NaN before they are known.
    tremble : float
        Likewise; 0 before it is known. A jump is no tremble: it counts as the usual error.
    lately : tuple of (float, float)
        Times and values of the last two frames.
    """

    metric: str
    turned: float = math.nan
    visibility: float = math.nan
    tremble: float = 0.0
    lately: tuple[tuple[float, float], ...] = ()

    @property
    def accuracy(self) -> Accuracy:
        """How well the metric is measured as a rule."""
        return ACCURACY.get(self.metric, _UNKNOWN)

    @property
    def off_by(self) -> float:
        """How far the value can be off now; NaN when that is not known."""
        return self.accuracy.off_by(self.turned, self.visibility, self.tremble)

    @property
    def beyond_usual(self) -> float:
        """What that is more than in a usual view; infinite when it is not known."""
        return self.accuracy.beyond_usual(self.off_by)

    def after(self, pose: Pose, side: Side, value: float, turned: float) -> Uncertainty:
        """Return the uncertainty after one more frame; a value that is NaN changes nothing.

        Parameters
        ----------
        pose : Pose
        side : Side
            The side that was measured.
        value : float
        turned : float
            How far the view ratio is outside of square; NaN where it is not known.
        """
        if math.isnan(value):
            return self
        now = (pose.time_s, value)
        passed_s = now[0] - self.lately[-1][0] if self.lately else math.inf
        kept = math.exp(-passed_s / _MEMORY_S)
        lately = self.lately if passed_s <= _LONGEST_S else ()
        tremble = _tremble(lately[0], lately[1], now) if len(lately) > 1 else math.nan
        return Uncertainty(
            self.metric,
            _smoothed(self.turned, max(turned, 0.0), kept),
            _smoothed(self.visibility, _least_visible(pose, side, self.accuracy.parts), kept),
            _smoothed(self.tremble, min(tremble, self.accuracy.usual), kept),
            (*lately[-1:], now),
        )


def uncertainties(metrics: Iterable[str]) -> tuple[Uncertainty, ...]:
    """Return the uncertainty of each metric that is listed, before its first value."""
    return tuple(Uncertainty(name) for name in metrics if name in ACCURACY)


def _smoothed(old: float, new: float, kept: float) -> float:
    """Return a value part of the way to a new one; what is known, where one is not."""
    if math.isnan(old) or math.isnan(new):
        return old if math.isnan(new) else new
    return new + (old - new) * kept


def _tremble(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Return what the middle one of three values says of their standard deviation.

    It is held against the straight way from the first to the last, for a body that moves evenly
    does not tremble.
    """
    share = (b[0] - a[0]) / (c[0] - a[0])
    off = abs(b[1] - a[1] - share * (c[1] - a[1]))
    return _SIGMA * off / math.sqrt(1.0 + share**2 + (1.0 - share) ** 2)


def _least_visible(pose: Pose, side: Side, parts: tuple[str, ...]) -> float:
    half = HALVES[side]
    return min((float(pose.visibility[getattr(half, part)]) for part in parts), default=1.0)
