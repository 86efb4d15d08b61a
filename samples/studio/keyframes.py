"""Numbers that change over time: keyframes, and the little sway of somebody who is alive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_SWAY_HZ = (0.25, 0.45, 0.9, 1.7)


@dataclass(frozen=True, slots=True)
class Track:
    """A number at some moments, with a soft way from each to the next.

    Attributes
    ----------
    keys : tuple of (float, float)
        Seconds and value, in order of time; before the first and after the last it stays.

    Examples
    --------
    >>> hips = Track(((1.0, 0.0), (2.0, 10.0)))
    >>> [hips.at(time_s) for time_s in (0.0, 1.5, 3.0)]
    [0.0, 5.0, 10.0]
    """

    keys: tuple[tuple[float, float], ...]

    def at(self, time_s: float) -> float:
        """Return the value at a time."""
        if time_s <= self.keys[0][0]:
            return self.keys[0][1]
        for (start_s, start), (end_s, end) in pairwise(self.keys):
            if time_s < end_s:
                return start + (end - start) * eased((time_s - start_s) / (end_s - start_s))
        return self.keys[-1][1]


def eased(share: float) -> float:
    """Return the share of a way that is done, slow at both ends, from the share of its time."""
    return share * share * (3.0 - 2.0 * share)


@dataclass(frozen=True, slots=True)
class Sway:
    """A slow, small and irregular movement.

    Attributes
    ----------
    waves : tuple of (float, float, float)
        Height, frequency in Hz and phase in radians of each wave.
    """

    waves: tuple[tuple[float, float, float], ...]

    @classmethod
    def seeded(cls, amplitude: float, *seed: int) -> Sway:
        """Return the sway that belongs to a seed; it stays within about twice the amplitude."""
        chance = np.random.default_rng(seed)
        heights = amplitude * chance.uniform(0.4, 1.0, len(_SWAY_HZ)) / (1 + np.array(_SWAY_HZ))
        phases = chance.uniform(0.0, 2 * math.pi, len(_SWAY_HZ))
        return cls(tuple(zip(heights.tolist(), _SWAY_HZ, phases.tolist(), strict=True)))

    def at(self, time_s: float) -> float:
        """Return how far it is from rest at a time."""
        waves = self.waves
        return sum(high * math.sin(2 * math.pi * hz * time_s + phase) for high, hz, phase in waves)


Setting = Track | str | bool
Settings = Mapping[str, Setting]
"""The parameters of a posture by name: numbers are tracks."""
