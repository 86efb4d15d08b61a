"""How many frames a second are looked at: fewer while a body keeps still."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from formcheck.geometry import distance
from formcheck.landmarks import HALVES, Array, Pose

STILL_FPS = 5.0
"""Frames a second of a body that keeps still; whatever lasts half a second is seen in two."""

ROUNDING_S = 0.001
"""Many files tell times in whole milliseconds."""

# About bodies in pictures, not about form: conventions.
_STILL, _STILL_S = 0.08, 1.0  # trunks; the joints of a good hold tremble by less
_WATCHED = [
    getattr(half, part) for half in HALVES.values() for part in ("shoulder", "hip", "knee", "ankle")
]


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """Which frames to look at, as a fold over the poses in those that were.

    Attributes
    ----------
    places : array, shape (8, 2), or None
        Where the joints were when the body last moved, pixels; None while nobody is seen.
    since_s, looked_s : float
        When that was, and the time of the last pose; NaN before the first.
    """

    places: Array | None = None
    since_s: float = math.nan
    looked_s: float = math.nan

    def takes(self, time_s: float) -> bool:
        """Return whether to look at a frame: at every one but while the body keeps still."""
        if not self.looked_s - self.since_s >= _STILL_S:
            return True
        return time_s - self.looked_s + ROUNDING_S >= 1.0 / STILL_FPS

    def waits_for(self, time_s: float) -> bool:
        """Return whether the pose in a frame decides on whether to look at the next."""
        return time_s - self.since_s >= _STILL_S

    def after(self, pose: Pose) -> Pace:
        """Return what is known after the pose in a frame that was looked at."""
        if not pose.present:
            return Pace()
        places = pose.xy[_WATCHED]
        trunk_px = distance(pose.middle_of_shoulders, pose.middle_of_hips)
        if self.places is None or not _farthest(places, self.places) <= _STILL * trunk_px:
            return Pace(places, pose.time_s, pose.time_s)
        return replace(self, looked_s=pose.time_s)


def _farthest(a: Array, b: Array) -> float:
    """Return the distance of the two places of one joint that are farthest apart; NaN of none.

    A joint that is seen in one of them alone has moved by no one knows how much: infinity.
    """
    if (np.isnan(a) != np.isnan(b)).any():
        return math.inf
    moved = np.hypot(*(a - b).T)
    known = moved[~np.isnan(moved)]
    return float(known.max()) if known.size else math.nan
