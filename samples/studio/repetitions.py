"""The repetitions of a clip, read off its keyframes, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from samples.studio.faults import STEP_S, Level, Tracks, Values

_SWING_DEG = 6.0
_LOW_LIFT_DEG = 30.0
"""In a higher lift the neck goes its own way."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """A way up and down.

    Attributes
    ----------
    start_s, top_s, end_s : float
        When a tenth of the way up is done, the middle of the time near the top, and when all but
        a tenth of the way down is done.
    peak_deg : float or None
        Above lying; None of a bicycle crunch.
    faults : tuple of str
        What is surely wrong with it.
    doubtful : tuple of str
        What may be called wrong or not.
    """

    start_s: float
    top_s: float
    end_s: float
    peak_deg: float | None
    faults: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """Return it as it is written."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way up and down as indices into the tracks: low, start, top, end, low."""

    before: int
    start: int
    top: int
    end: int
    after: int


_LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "crunch.over-rise": Level(26.0, 34.0),
        "crunch.neck-pull": Level(22.0, 35.0),
        "crunch.low-back": Level(4.0, 10.0),
        "crunch.jerk": Level(2.6, 5.0),
        "crunch.tempo": Level(2.6, 2.2),
        "crunch.short-return": Level(3.0, 8.0),
        "crunch.partial": Level(0.8, 0.6),
        "crunch.feet": Level(0.05, 0.13),
    }
)


def repetitions_of_crunch(tracks: Tracks, start_s: float) -> list[Repetition]:
    """Return the repetitions of crunches, from their tracks and the time at which they begin."""
    lift = tracks("lift_deg")
    ways = _ways(lift)
    usual_deg = float(np.median([lift[way.top] - lift.min() for way in ways] or [0.0]))
    return [_repetition(way, tracks, usual_deg, start_s) for way in ways]


def repetitions_of_bicycle(tracks: Tracks, start_s: float) -> list[Repetition]:
    """Return the changes of legs of bicycle crunches: each is one repetition."""
    apart = 90.0 * np.abs(tracks("turn"))
    return [Repetition(*_times_s(way, start_s), None) for way in _ways(apart)]


def _times_s(way: _Way, start_s: float) -> tuple[float, float, float]:
    start, top, end = (
        round(start_s + index * STEP_S, 2) for index in (way.start, way.top, way.end)
    )
    return start, top, end


def _repetition(way: _Way, tracks: Tracks, usual_deg: float, start_s: float) -> Repetition:
    values = _measured(way, tracks, usual_deg)
    sure, maybe = (
        {code for code, value in values.items() if _LEVELS[code].beyond(np.array(value), sure=sure)}
        for sure in (True, False)
    )
    lift = tracks("lift_deg")
    peak_deg = round(float(lift[way.top] - lift.min()), 2)
    faults = tuple(sorted(sure)), tuple(sorted(maybe - sure))
    return Repetition(*_times_s(way, start_s), peak_deg, *faults)


def _measured(way: _Way, tracks: Tracks, usual_deg: float) -> dict[str, float]:
    """Return what the faults of a repetition are told by."""
    lift, during = tracks("lift_deg"), slice(way.before, way.after + 1)
    lying = int(np.argmin(lift))
    peak_deg = float(lift[way.top] - lift[lying])
    neck = tracks("neck_deg") + tracks("head_deg")
    values = {
        "crunch.over-rise": peak_deg,
        "crunch.low-back": float(tracks("lumbar_deg")[during].max()),
        "crunch.jerk": _jerk(way, lift),
        "crunch.tempo": (way.end - way.start) * STEP_S,
        "crunch.short-return": float(lift[way.after] - lift[lying]),
        "crunch.partial": peak_deg / usual_deg,
        "crunch.feet": float(np.quantile(tracks("feet_lift_m")[during], 0.75)),
    }
    if peak_deg < _LOW_LIFT_DEG:
        values["crunch.neck-pull"] = float(neck[way.top] - neck[lying])
    return values


def _jerk(way: _Way, lift: Values) -> float:
    """Return the greatest speed of the rise over the mean of the way up and down."""
    rise = lift[way.before : way.top + 1]
    near = lift[way.start : way.end + 1] >= lift[way.top] - 0.1 * (lift[way.top] - lift[way.before])
    moving_s = (way.end - way.start - int(near.sum())) * STEP_S
    mean = (2 * lift[way.top] - lift[way.before] - lift[way.after]) / moving_s
    return float(np.diff(rise).max() / STEP_S / mean)


def _ways(lift: Values) -> Sequence[_Way]:
    turns = _turns(lift)
    lows = turns[0::2]
    return [
        _way(lift, before, top, after)
        for before, top, after in zip(lows, turns[1::2], lows[1:], strict=False)
    ]


def _way(lift: Values, before: int, top: int, after: int) -> _Way:
    near_top = lift[top] - 0.1 * (lift[top] - lift[after])
    high = np.flatnonzero(lift[before : after + 1] >= near_top) + before
    left = lift[before] + 0.1 * (lift[top] - lift[before])
    back = lift[after] + 0.1 * (lift[top] - lift[after])
    start = before + int(np.argmax(lift[before:top] > left))
    end = top + int(np.argmax(lift[top : after + 1] <= back))
    return _Way(before, start, int(high[0] + high[-1]) // 2, end, after)


def _turns(lift: Values) -> list[int]:
    """Return the turning points: a low, a top, a low ...; smaller swings are none."""
    turns = [0]
    for at, value in enumerate(lift):
        moved = (value - lift[turns[-1]]) * (1 if len(turns) % 2 else -1)
        if moved > _SWING_DEG:
            turns.append(at)
        elif moved <= 0:
            turns[-1] = at
    return turns
