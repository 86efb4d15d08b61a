"""What makes one person look unlike another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from samples.studio.proportions import Proportions

Hair = Literal["short", "long", "bun", "pony", "none"]


@dataclass(frozen=True, slots=True)
class Look:
    """Hair, clothes and build; colours are the palette's.

    Attributes
    ----------
    trousers_m : float
        How far down the thigh shorts reach, from the hip.
    girth : float
        Thickness of trunk and limbs: 0.85 slim, 1.25 heavy.
    size : float
        Every length as a multiple: 0.88 short, 1.1 tall.
    limbs : float
        Length of arms and legs as a further multiple.
    """

    hair: Hair = "short"
    shirt: Literal["tight", "loose"] = "tight"
    trousers: Literal["shorts", "leggings"] = "shorts"
    trousers_m: float = 0.24
    girth: float = 1.0
    size: float = 1.0
    limbs: float = 1.0

    @property
    def proportions(self) -> Proportions:
        """Return the lengths of this body before it is scaled by its size."""
        return Proportions.with_limbs(self.limbs, self.girth)
