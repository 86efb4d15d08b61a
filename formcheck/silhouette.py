"""The outline of the trunk, from the silhouette: what no landmark shows, the small of the back.

Heights are measured from the chord, the line between the middle of the shoulders and the middle
of the hips, and are in lengths of it (trunks). "Above" means toward the picture's top.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Point = tuple[float, float]

N_STATIONS = 61
STATIONS = np.linspace(-0.35, 1.45, N_STATIONS)
"""Where the outline is measured, along the chord: 0 at the shoulders, 1 at the hips."""
_STEP = 0.03  # from one station to the next

# About pictures, not about form: conventions, set on footage of real people.
_INSIDE = 0.5  # of the silhouette: how sure it is of a pixel
_STRIDE, _N_REACH = 0.01, 76  # trunks: it is looked for in such steps, so many with the chord
_LEAST_CHORD_PX = 20.0  # of a smaller body the outline is noise
_SETTLING_S = 0.3
_LONGEST_S = 0.5  # between two frames; what lies farther apart is no movement
_RESTLESS_S = 1.0
_RESTLESS = 0.035  # trunks, root mean square; good holds stay below 0.02, torn outlines pass 0.05

_ACROSS = _STRIDE * np.arange(1 - _N_REACH, _N_REACH)
_ROWS = np.arange(N_STATIONS)
_N_SLOPE = 11  # stations: 0.3 trunks, about the length of the lumbar spine
_AWAY = np.arange(_N_SLOPE) - _N_SLOPE // 2
_SLOPE = _AWAY[::-1] / (_AWAY @ _AWAY * _STEP)  # a straight line's, by least squares


def _stations(first: float, last: float) -> NDArray[np.bool_]:
    return (first <= STATIONS) & (last >= STATIONS)


BACK = _stations(0.095, 1.2)
"""Stations from below the neck to the seat."""
_NEEDED = _stations(0.095, 1.005)  # of somebody who sits or lies the seat may end here
_SMALL_OF_BACK = _stations(0.345, 1.005)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The outline of a trunk in one frame.

    Attributes
    ----------
    shoulders, hips : Point
        Ends of the chord, pixels of the frame.
    above, below : array, shape (61,)
        Distance from the chord at each station, in trunks, square to it; NaN where the picture or
        the silhouette ends before the outline is met, or a limb hides it.
    """

    shoulders: Point
    hips: Point
    above: Array
    below: Array

    @classmethod
    def of(cls, mask: NDArray[np.floating], shoulders: Point, hips: Point, scale: float) -> Self:
        """Return the outline around a chord.

        Parameters
        ----------
        mask : array, shape (height, width)
            How sure it is that a pixel is part of the person, 0 to 1.
        shoulders, hips : Point
            Ends of the chord, pixels of the frame; NaN where not seen, and then nothing is known.
        scale : float
            Pixels of the mask for one of the frame.
        """
        start, end = np.multiply(shoulders, scale), np.multiply(hips, scale)
        chord = end - start
        if not math.hypot(*chord) >= _LEAST_CHORD_PX or not chord[0]:
            unknown = np.full(N_STATIONS, np.nan)
            return cls(shoulders, hips, unknown, unknown)
        up = np.array((chord[1], -chord[0])) * math.copysign(1.0, chord[0])
        sure = _sampled(mask, start, chord, up)
        middle = _N_REACH - 1
        return cls(shoulders, hips, _heights(sure[:, middle:]), _heights(sure[:, middle::-1]))

    def places(self, heights: Array) -> Array:
        """Return where in the frame heights above the chord are, pixels.

        Parameters
        ----------
        heights : array, shape (61,)
            At each station, in trunks; negative below the chord.

        Returns
        -------
        array, shape (61, 2)
        """
        chord = np.subtract(self.hips, self.shoulders)
        up = math.copysign(1.0, chord[0]) * np.array((chord[1], -chord[0]))
        feet: Array = self.shoulders + STATIONS[:, None] * chord
        return feet + heights[:, None] * up

    def moved(self, scale: Point, to: Point) -> Outline:
        """Return it in a picture that shows this one scaled, and elsewhere; see `Pose.moved`."""
        shoulders, hips = (
            (x * scale[0] + to[0], y * scale[1] + to[1]) for x, y in (self.shoulders, self.hips)
        )
        return replace(self, shoulders=shoulders, hips=hips)


def _sampled(mask: NDArray[np.floating], start: Array, chord: Array, up: Array) -> Array:
    """Return the mask at each station, from far below the chord to far above; NaN outside it."""
    x, y = (start[i] + 0.5 + STATIONS[:, None] * chord[i] + _ACROSS * up[i] for i in (0, 1))
    height, width = mask.shape
    rows, columns = y.astype(np.intp), x.astype(np.intp)
    sure: Array = mask.ravel().take(rows * width + columns, mode="clip")
    if x.min() < 0 or y.min() < 0 or x.max() >= width or y.max() >= height:
        sure = np.where((x >= 0) & (y >= 0) & (x < width) & (y < height), sure, np.nan)
    return sure


def _heights(sure: Array) -> Array:
    """Return how far from the chord the mask ends, in trunks, from what it is on the way there."""
    outside = ~(sure > _INSIDE)
    first = outside.argmax(axis=1)
    within, beyond = sure[_ROWS, first - 1], sure[_ROWS, first]
    drop = np.where(outside[_ROWS, first] & (first > 0), within - beyond, np.nan)
    heights: Array = (first - 1 + (within - _INSIDE) / drop) * _STRIDE
    return heights


def bend_deg(heights: Array) -> float:
    """Return how sharply the outline bends in at the small of the back, degrees.

    It is the greatest change of direction from one 0.3 trunks of outline to the next: positive
    where the outline is hollow. 10 degrees more extension of the lower back are about 10 more.
    NaN where a part of the outline is not known.

    Examples
    --------
    >>> bend_deg(np.abs(STATIONS - 0.7))
    90.0
    """
    slopes = np.degrees(np.arctan(np.convolve(heights, _SLOPE, "valid")))
    bends = slopes[_N_SLOPE - 1 :] - slopes[: 1 - _N_SLOPE]
    return round(float(bends[_SMALL_OF_BACK[_N_SLOPE - 1 : 1 - _N_SLOPE]].max()), 9)


def hollow(heights: Array) -> tuple[float, float]:
    """Return how deep the outline lies under its convex hull at the small of the back, and where.

    Returns
    -------
    (float, float)
        Depth in trunks, and the station; NaN where a part of the outline is not known.

    Examples
    --------
    >>> depth, station = hollow(0.5 * np.abs(STATIONS - 0.7))
    >>> round(depth, 2), round(station, 2)
    (0.27, 0.7)
    """
    gaps = hull(heights) - heights
    if np.isnan(gaps[_NEEDED]).any():
        return math.nan, math.nan
    deepest = int(np.where(_SMALL_OF_BACK, gaps, -1.0).argmax())
    return float(gaps[deepest]), float(STATIONS[deepest])


def hull(heights: Array) -> Array:
    """Return the line of a cloth stretched over the outline, from shoulders to seat; else NaN."""
    known = BACK & ~np.isnan(heights)
    if not known.any():
        return np.full(N_STATIONS, np.nan)
    corners: list[Point] = []
    for point in zip(STATIONS[known].tolist(), heights[known].tolist(), strict=True):
        while len(corners) > 1 and _turns_up(corners[-2], corners[-1], point):
            corners.pop()
        corners.append(point)
    at, heights_there = np.array(corners).T
    stretched = np.interp(STATIONS, at, heights_there)
    return np.where(known, stretched, np.nan)


def _turns_up(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) >= (b[1] - a[1]) * (c[0] - a[0])


@dataclass(frozen=True, slots=True, eq=False)
class SteadyOutline:
    """The outline over time, as a fold: smoothed a little, and not believed while it jumps.

    Attributes
    ----------
    time_s : float
        Of the last frame; NaN before the first.
    outline : Outline or None
        Smoothed.
    restless : (float, float)
        How far the outline above, and the one below, lie in a frame from the smoothed one, in
        trunks, over the last second.
    """

    time_s: float = math.nan
    outline: Outline | None = None
    restless: tuple[float, float] = (0.0, 0.0)

    def after(self, time_s: float, outline: Outline | None) -> SteadyOutline:
        """Return what is known after the outline of one more frame; None where nobody is seen."""
        passed_s = time_s - self.time_s
        if outline is None or self.outline is None or not passed_s <= _LONGEST_S:
            return SteadyOutline(time_s, outline)
        kept, kept_long = (math.exp(-passed_s / over_s) for over_s in (_SETTLING_S, _RESTLESS_S))
        jumps = _apart(self.outline.above, outline.above), _apart(self.outline.below, outline.below)
        above, below = (
            jump + (before - jump) * kept_long
            for jump, before in zip(jumps, self.restless, strict=True)
        )
        return SteadyOutline(time_s, _blended(self.outline, outline, kept), (above, below))

    @property
    def known(self) -> Outline | None:
        """The smoothed outline, NaN where it is not to be believed; None where nobody is."""
        if self.outline is None or max(self.restless) <= _RESTLESS:
            return self.outline
        edges = self.outline.above, self.outline.below
        above, below = (
            edge if restless <= _RESTLESS else np.full(N_STATIONS, np.nan)
            for edge, restless in zip(edges, self.restless, strict=True)
        )
        return replace(self.outline, above=above, below=below)


def _apart(a: Array, b: Array) -> float:
    """Return the distance of two outlines over the back, root mean square; 0 where not known."""
    squares = (a - b)[BACK] ** 2
    known = squares[~np.isnan(squares)]
    return math.sqrt(known.mean()) if known.size else 0.0


def _blended(old: Outline, new: Outline, kept: float) -> Outline:
    heights = ((old.above, new.above), (old.below, new.below))
    above, below = (np.where(np.isnan(a), b, b + (a - b) * kept) for a, b in heights)
    return replace(new, above=above, below=below)
