"""How form gives way with tiredness: what was measured first, and what is measured now."""

from __future__ import annotations

import math
from dataclasses import dataclass

FIRST_S = 5.0
"""Clean seconds of holding that make the measure to compare with."""
_LATELY_S = 2.5
_GAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """One metric over the holds of a session, as far as they are of the variant of the first.

    Attributes
    ----------
    metric, unit : str
    variant : str
        The variant in which it was measured first; empty before that.
    first : float
        Mean over the first `FIRST_S` clean seconds, weighted by time; NaN before any.
    first_s : float
        How many seconds that mean has so far.
    lately : float
        Mean over the last few seconds; NaN before any.
    time_s : float
        Of the last value.
    """

    metric: str
    unit: str
    variant: str = ""
    first: float = math.nan
    first_s: float = 0.0
    lately: float = math.nan
    time_s: float = math.nan

    def after(self, time_s: float, value: float, variant: str, *, clean: bool) -> Drift:
        """Return the drift after one more frame of a hold; NaN changes nothing."""
        if math.isnan(value) or (self.variant and variant != self.variant):
            return self
        if math.isnan(self.time_s):
            return Drift(self.metric, self.unit, variant, value, 0.0, value, time_s)
        passed_s = min(time_s - self.time_s, _GAP_S)
        kept = math.exp(-passed_s / _LATELY_S)
        first, first_s = self.first, self.first_s
        if clean and first_s < FIRST_S:
            first_s += passed_s
            first += (value - first) * passed_s / first_s
        lately = value + (self.lately - value) * kept
        return Drift(self.metric, self.unit, variant, first, first_s, lately, time_s)

    @property
    def known(self) -> bool:
        """Whether the hold was long enough to compare anything."""
        return self.first_s >= FIRST_S
