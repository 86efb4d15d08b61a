"""A person's own best of a value, for rules that compare with it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnBest:
    """The highest level that a value has kept to, as a fold over the value.

    What lasts less long than it takes to learn may be a landmark that jumped, or sides that were
    swapped for a moment: nobody's best.

    Attributes
    ----------
    value : float
        The best; NaN before it is known.
    above_s, above : float
        Since when the value is above the best, and its least since then; NaN when it is not.
    """

    value: float = math.nan
    above_s: float = math.nan
    above: float = math.nan

    def after(self, time_s: float, value: float, learn_s: float) -> OwnBest:
        """Return the best after one more value, not NaN; what lasts for `learn_s` is believed."""
        if value <= self.value:
            return OwnBest(self.value)
        if math.isnan(self.above_s):
            return OwnBest(self.value, time_s, value)
        above = min(self.above, value)
        if time_s - self.above_s < learn_s:
            return OwnBest(self.value, self.above_s, above)
        return OwnBest(above, time_s, value)

    def unseen(self) -> OwnBest:
        """Return the best after a long gap: what was going on is not known to have lasted."""
        return OwnBest(self.value)
