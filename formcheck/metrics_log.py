"""What was measured in every frame, kept until it is known what each frame was part of."""

from __future__ import annotations

import csv
import math
from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

import numpy as np
from numpy.typing import NDArray

from formcheck.exercises import Exercise
from formcheck.holds import State, Stretch
from formcheck.landmarks import Array, Side
from formcheck.pipeline import Moment
from formcheck.rules import Rule, Verdict
from formcheck.summary import Fault, Summary
from formcheck.uncertainty import uncertainties

if TYPE_CHECKING:
    from formcheck.session import Session

LEVELS = (Verdict.GOOD, Verdict.WATCH, Verdict.FAULT, Verdict.UNKNOWN)
_GOOD, _UNKNOWN = LEVELS.index(Verdict.GOOD), LEVELS.index(Verdict.UNKNOWN)
STATES = (State.OFF, State.HOLD, State.UNKNOWN)
Codes = NDArray[np.int8]
_SIDES = (*Side, None)


class MetricsLog:
    """A sink that keeps what was measured in every frame, for `metrics.csv` and the report.

    What a frame was part of is known only later, so states and verdicts are worked out at the
    end. A frame takes about 250 bytes: ten minutes at 30 frames a second fit in 5 MB.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._rules = exercise.rules
        self._learning = tuple(rule for rule in exercise.rules if rule.learn_s)
        self._names = exercise.metrics
        self._off_by = tuple(each.metric for each in uncertainties(exercise.metrics))
        self._numbers = array("d")
        self._known = array("Q")
        self._sides = array("b")

    def take(self, moment: Moment) -> None:
        """Keep the values of one frame."""
        session = moment.session
        known = sum(session.knows(rule.code) << bit for bit, rule in enumerate(self._rules))
        self._numbers.append(session.time_s)
        self._numbers.extend(_values(session, self._names))
        self._numbers.extend(session.compared(rule) for rule in self._learning)
        self._numbers.extend(session.error(name).off_by for name in self._off_by)
        self._known.append(known)
        self._sides.append(_SIDES.index(session.near.side if moment.pose.present else None))

    @property
    def times_s(self) -> Array:
        """Time of each frame, shape (n,)."""
        return self._column(0)

    def values(self, metric: str) -> Array:
        """Return a metric in each frame, shape (n,); NaN where it is not seen."""
        return self._column(1 + self._names.index(metric))

    def compared(self, rule: Rule) -> Array:
        """Return what the bounds of a rule were held against, shape (n,)."""
        if not rule.learn_s:
            return self.values(rule.metric.name)
        codes = [learning.code for learning in self._learning]
        return self._column(1 + len(self._names) + codes.index(rule.code))

    def off_by(self, metric: str) -> Array:
        """Return how far a metric can be off in each frame, shape (n,); NaN where not known."""
        if metric not in self._off_by:
            return np.full(len(self.times_s), np.nan)
        first = 1 + len(self._names) + len(self._learning)
        return self._column(first + self._off_by.index(metric))

    def states(self, summary: Summary) -> Codes:
        """Return the state of each frame as the summary settled on it: places in `STATES`."""
        times_s = self.times_s
        states = np.zeros(len(times_s), np.int8)
        for stretch in (*summary.unknown, *summary.hold.segments):
            states[_frames(times_s, stretch)] = STATES.index(stretch.state)
        return states

    def levels(self, summary: Summary) -> dict[str, Codes]:
        """Return what each rule says of each frame, by code: places in `LEVELS`.

        A fault that has to last before it is called one is there from its first frame. Outside a
        hold, and between repetitions, all is unknown.
        """
        times_s = self.times_s
        held = self.states(summary) == STATES.index(State.HOLD)
        levels = {}
        for rule, judged in zip(self._rules, self._judged(summary, times_s), strict=True):
            levels[rule.code] = np.where(held & judged, _GOOD, _UNKNOWN).astype(np.int8)
        for fault in summary.faults:
            part = levels[fault.rule.code][_frames(times_s, fault)]
            part[part != _UNKNOWN] = LEVELS.index(fault.level)
        return levels

    def _judged(self, summary: Summary, times_s: Array) -> Iterable[NDArray[np.bool_]]:
        """Yield for each rule which frames it speaks of."""
        if summary.reps is None:
            known = np.array(self._known, np.uint64)
            return [(known >> np.uint64(bit) & 1).astype(bool) for bit in range(len(self._rules))]
        inside = np.zeros((len(self._rules), len(times_s)), bool)
        for each in (each for each in summary.reps if each.judged):
            made = [rule not in each.unknown for rule in self._rules]
            inside[made, _between(times_s, *each.span_s)] = True
        return inside

    def _column(self, index: int) -> Array:
        width = 1 + len(self._names) + len(self._learning) + len(self._off_by)
        return np.array(self._numbers[index::width])

    def write(self, file: TextIO, summary: Summary) -> None:
        """Write one row a frame, with the states and verdicts that the summary settled on."""
        writer = csv.writer(file)
        writer.writerow(
            ["time_s", "side", "state", *self._names, *(rule.code for rule in self._rules)]
        )
        columns = [
            [f"{time_s:.3f}" for time_s in self.times_s.tolist()],
            [side.value if side else "" for side in (_SIDES[code] for code in self._sides)],
            [STATES[code].value for code in self.states(summary)],
            *([_cell(value) for value in self.values(name).tolist()] for name in self._names),
            *([LEVELS[code].value for code in each] for each in self.levels(summary).values()),
        ]
        writer.writerows(zip(*columns, strict=True))


def _frames(times_s: Array, during: Stretch | Fault) -> slice:
    return _between(times_s, during.start_s, during.end_s)


def _between(times_s: Array, start_s: float, end_s: float) -> slice:
    """Return where the frames of a time are, those at its ends among them."""
    return slice(
        int(np.searchsorted(times_s, start_s, "left")),
        int(np.searchsorted(times_s, end_s, "right")),
    )


def _values(session: Session, names: tuple[str, ...]) -> Iterable[float]:
    """Return the values of metrics in the last frame; NaN of those that its variant has not."""
    known = (metric.name for metric in session.variant.metrics)
    by_name = dict(zip(known, session.values, strict=True))
    return (by_name.get(name, math.nan) for name in names)


def _cell(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f}"
