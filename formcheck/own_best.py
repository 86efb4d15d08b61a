"""A person's own best of a value, for rules that compare with it."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnBest:
    """The best level that a value has kept to, as a fold over the value.

    What lasts less long than it takes to learn may be a landmark that jumped, or sides that were
    swapped for a moment: nobody's best.

    Attributes
    ----------
    value : float
        The best; NaN before it is known.
    better_s, better : float
        Since when the value is better than the best, and its worst since then; NaN when it is not.
    """

    value: float = math.nan
    better_s: float = math.nan
    better: float = math.nan

    def after(self, time_s: float, value: float, learn_s: float, *, lowest: bool) -> OwnBest:
        """Return the best after one more value, not NaN; what lasts for `learn_s` is believed.

        Parameters
        ----------
        time_s, value, learn_s : float
        lowest : bool
            Whether lower is better.
        """
        if value >= self.value if lowest else value <= self.value:
            return OwnBest(self.value)
        if math.isnan(self.better_s):
            return OwnBest(self.value, time_s, value)
        better = max(self.better, value) if lowest else min(self.better, value)
        if time_s - self.better_s < learn_s:
            return OwnBest(self.value, self.better_s, better)
        return OwnBest(better, time_s, value)

    def unseen(self) -> OwnBest:
        """Return the best after a long gap: what was going on is not known to have lasted."""
        return OwnBest(self.value)
