"""Curves, bounds and verdicts over time, as places in a drawing that the page's template fills in.

A drawing is as wide as there is room: across it counts in percent of the width, down in pixels.
Curves are drawn 1000 units wide and stretched. So the same small drawing fits a telephone, a
screen and a sheet of paper, and its letters stay as large as those around it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from formcheck.landmarks import Array
from formcheck.rules import Rule, Verdict
from formcheck.wording import clock, plain

WIDTH = 1000.0
HEIGHT_PX, TALL_PX = 110.0, 160.0
LINES = ("line", "line dashed", "line dotted", "line thin")
"""Kinds of curves that can be told apart without colour."""
_N_BINS = 400
_NEAR_END = 0.96
_STEPS_S = (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_TICKS, _MOST_LABELS = 6, 4
_ROOM_PX = 16.0  # for a label above the highest bound
_USUAL = (0.005, 0.995)
_GRAVEST = (Verdict.FAULT, Verdict.WATCH)


@dataclass(frozen=True, slots=True)
class Axis:
    """Values from low to high on so many units."""

    low: float
    high: float
    size: float = HEIGHT_PX

    def at(self, value: float) -> float:
        """Return the place of a value: 0 for the low end."""
        return self.size * (value - self.low) / (self.high - self.low)

    def down(self, value: float) -> float:
        """Return the place of a value on an axis that goes up: 0 for the high end."""
        return round(self.size - self.at(value), 1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time at one verdict: a bar, in percent of the width, and what to call it."""

    left: float
    width: float
    level: Verdict
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """The verdicts of one check over time."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A bound: a line across, `y` down, of a level; `beyond` is the strip of y outside of it."""

    y: float
    level: Verdict
    label: str
    beyond: tuple[float, float]

    @property
    def label_y(self) -> float:
        """Baseline of its label, which stands beyond it."""
        return self.y - 4 if self.beyond[0] < self.y else self.y + 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the time axis, percent of the width; `anchor` as SVG has it."""

    x: float
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A path, 1000 wide; `kind` names how it is drawn, `name` what it is."""

    path: str
    kind: str = "line"
    name: str = ""


@dataclass(frozen=True, slots=True)
class ErrorBar:
    """How far values can be off: an upright bar from `top` to `bottom`, and that in words."""

    top: float
    bottom: float
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing.

    Attributes
    ----------
    key : str
        Unique on a page, of letters and hyphens.
    title, described : str
        The text alternative: what it is, and what it shows.
    curves : tuple of Curve
    marks : tuple of Mark
    rows : tuple of Row
        Below the curves.
    ticks : tuple of Tick
    end_s : float
        The time at the right edge, where the left edge is the start of the video; else NaN.
    labels : tuple of (float, str)
        Values up the side: where, and what.
    band : (float, float) or None
        A strip of y within which a change may be an error of measurement.
    error : ErrorBar or None
        How far the error of measurement reaches around a usual value.
    height : float
        Of the curves, px; 0 without any.
    """

    key: str
    title: str
    described: str
    curves: tuple[Curve, ...] = ()
    marks: tuple[Mark, ...] = ()
    rows: tuple[Row, ...] = ()
    ticks: tuple[Tick, ...] = ()
    end_s: float = math.nan
    labels: tuple[tuple[float, str], ...] = ()
    band: tuple[float, float] | None = None
    error: ErrorBar | None = None
    height: float = HEIGHT_PX

    @property
    def timed(self) -> bool:
        """Whether the time axis is that of the video."""
        return not math.isnan(self.end_s)


def ticks(end_s: float) -> tuple[Tick, ...]:
    """Return labels for a time axis from 0 to some seconds: a few, at round times."""
    step_s = next((s for s in _STEPS_S if end_s / s <= _MOST_TICKS), _STEPS_S[-1])
    times_s = [index * step_s for index in range(int(end_s / step_s) + 1)]
    return tuple(
        Tick(
            round(100 * time_s / end_s, 2),
            plain(time_s, "s") if step_s < 1 else clock(time_s)[:-2],
            "start" if not time_s else "end" if time_s > _NEAR_END * end_s else "middle",
        )
        for time_s in times_s
    )


def value_axis(values: Array, bounds: Iterable[float] = (), size: float = HEIGHT_PX) -> Axis:
    """Return an axis for what was measured and the bounds of it; single jumps may stick out."""
    known = values[~np.isnan(values)]
    ends = [*(np.quantile(known, _USUAL) if len(known) else ()), *filter(math.isfinite, bounds)]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = (high - low) * _ROOM_PX / (size - 2 * _ROOM_PX) or 1.0
    return Axis(float(low) - room, float(high) + room, size)


def path(times_s: Array, values: Array, across: Axis, up: Axis) -> str:
    """Return the path of a curve, thinned to what can be seen; a gap where values are NaN.

    Of the values within a 400th of the width only the lowest and the highest are kept.
    """
    steps = []
    for part in _unbroken(values):
        x, y = _thinned(times_s[part], np.clip(values[part], up.low, up.high), across)
        places = zip(x.tolist(), y.tolist(), strict=True)
        points = [f"{across.at(t):.1f} {up.down(v):.1f}" for t, v in places]
        steps.append("M" + "L".join(points if len(points) > 1 else points * 2))
    return "".join(steps)


def _unbroken(values: Array) -> list[slice]:
    known = np.concatenate(([False], ~np.isnan(values), [False])).astype(np.int8)
    edges = np.flatnonzero(np.diff(known))
    return [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _thinned(times_s: Array, values: Array, across: Axis) -> tuple[Array, Array]:
    if len(values) <= 2 * _N_BINS:
        return times_s, values
    bins = ((times_s - across.low) / (across.high - across.low) * _N_BINS).astype(int)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    kept: list[int] = []
    for start, end in pairwise((*starts.tolist(), len(values))):
        part = values[start:end]
        kept += sorted({start + int(part.argmin()), start + int(part.argmax())})
    return times_s[kept], values[kept]


def marks(rules: Iterable[Rule], up: Axis, offset: float = 0.0) -> tuple[Mark, ...]:
    """Return the bounds of checks that share a curve, shifted by an offset."""
    found = []
    for rule in rules:
        for level, bounds in ((Verdict.WATCH, rule.watch), (Verdict.FAULT, rule.fault)):
            for end, limit in ((bounds.low, up.size), (bounds.high, 0.0)):
                if math.isfinite(end):
                    y = up.down(end + offset)
                    label = f"{level.value} {plain(end, rule.unit)}"
                    found.append(Mark(y, level, label, (min(y, limit), max(y, limit))))
    return tuple(found)


def spans(
    times_s: Array, codes: NDArray[np.int8], end_s: float, among: Sequence[Verdict | None]
) -> tuple[Span, ...]:
    """Return the bars of one row.

    Parameters
    ----------
    times_s : array, shape (n,)
    codes : array, shape (n,)
        Places in `among`.
    end_s : float
        The time at the right edge.
    among : sequence of Verdict or None
        None draws nothing. Of verdicts closer together than can be seen, the gravest is drawn.
    """
    if not len(times_s):
        return ()
    bins = np.minimum(times_s / end_s * _N_BINS, _N_BINS - 1).astype(int)
    shown: list[Verdict | None] = [None] * _N_BINS
    for start, end in pairwise((*np.flatnonzero(np.diff(bins, prepend=-1)), len(bins))):
        shown[bins[start]] = _shown(codes[start:end], among)
    _fill(shown, sorted(set(bins.tolist())))
    return tuple(_runs(shown, end_s))


def _shown(codes: NDArray[np.int8], among: Sequence[Verdict | None]) -> Verdict | None:
    counts = np.bincount(codes, minlength=len(among))
    for level in _GRAVEST:
        if level in among and counts[among.index(level)]:
            return level
    return among[int(counts.argmax())]


def _fill(shown: list[Verdict | None], known: list[int]) -> None:
    """Continue what is known into the bins between, of videos with fewer frames than bins."""
    for start, end in pairwise((*known, _N_BINS)):
        shown[start:end] = [shown[start]] * (end - start)


def _runs(shown: list[Verdict | None], end_s: float) -> Iterable[Span]:
    edges = [i for i in range(1, _N_BINS) if shown[i] is not shown[i - 1]]
    for start, end in pairwise((0, *edges, _N_BINS)):
        level = shown[start]
        if level is not None:
            times = [clock(edge / _N_BINS * end_s) for edge in (start, end)]
            share = 100 / _N_BINS
            title = f"{level.value}, {times[0]} to {times[1]}"
            yield Span(round(start * share, 2), round((end - start) * share, 2), level, title)


def side_labels(up: Axis, unit: str) -> tuple[tuple[float, str], ...]:
    """Return the values to write up the side of a chart: two or three round ones."""
    step = 10.0 ** math.floor(math.log10((up.high - up.low) / 2))
    step = next(
        s for s in (step, 2 * step, 5 * step, 10 * step) if (up.high - up.low) / s <= _MOST_LABELS
    )
    first = math.ceil(up.low / step)
    values = [index * step for index in range(first, math.floor(up.high / step) + 1)]
    return tuple((up.down(value), plain(round(value, 6), unit)) for value in values)
