"""Rules: which values of a metric are a fault, and how long they have to last to be called one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from formcheck.articles import Article
from formcheck.metrics import Metric
from formcheck.own_best import OwnBest


class Verdict(Enum):
    """What a rule says at one moment."""

    GOOD = "good"
    WATCH = "watch"
    FAULT = "fault"
    UNKNOWN = "unknown"


GRAVITY = (Verdict.FAULT, Verdict.WATCH, Verdict.UNKNOWN, Verdict.GOOD)
"""Verdicts, the gravest first."""
WRONG = (Verdict.FAULT, Verdict.WATCH)
"""Verdicts that ask for a correction or a hint, the gravest first."""


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the gravest verdict; UNKNOWN of none."""
    return min(verdicts, key=GRAVITY.index, default=Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Bounds:
    """A closed range of allowed values.

    Attributes
    ----------
    low, high : float
        Ends of the range, in the unit of the metric; infinite where there is none.
    """

    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Return whether the value lies in the range; NaN does not.

        Examples
        --------
        >>> Bounds(high=4.0).holds(3.9), Bounds(high=4.0).holds(math.nan)
        (True, False)
        """
        return self.low <= value <= self.high

    def inner(self, margin: float) -> Bounds:
        """Return the range drawn in by a margin at each end."""
        return Bounds(self.low + margin, self.high - margin)

    def around(self, other: Bounds) -> Bounds:
        """Return the range, widened to hold all of another.

        Examples
        --------
        >>> Bounds(high=9.0).around(Bounds(high=10.0))
        Bounds(low=-inf, high=10.0)
        """
        return Bounds(min(self.low, other.low), max(self.high, other.high))

    def nearest(self, value: float) -> float:
        """Return the value of the range that is nearest to a value; NaN of NaN.

        Examples
        --------
        >>> Bounds(high=4.0).nearest(6.0), Bounds(high=4.0).nearest(1.0)
        (4.0, 1.0)
        """
        return value if math.isnan(value) else min(max(value, self.low), self.high)

    def excess(self, value: float) -> float:
        """Return by how much a value leaves the range; 0 or less inside it."""
        return max(self.low - value, value - self.high)


@dataclass(frozen=True, slots=True)
class Cue:
    """What to tell the person.

    Attributes
    ----------
    spoken : str
        At most five words, for somebody who cannot see the screen.
    shown : str
        One line for the screen.
    why : str
        The reason, one sentence.
    """

    spoken: str
    shown: str
    why: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of one metric.

    Attributes
    ----------
    code : str
        "exercise.fault", the name under which it is reported.
    metric : Metric
        What is measured.
    watch, fault : Bounds
        Outside `watch` it is worth a hint, outside `fault` a correction.
    clear : float
        How far inside a bound the value has to return before the level is left.
    seconds : float
        How long a level has to last before it is taken or left.
    cue : Cue
        What is said.
    article : Article
        Where the advice comes from.
    basis : str
        Where the numbers come from; "convention" where the literature has none.
    weight : float
        What it costs the score, against a rule on form: 0 to 1.
    learn_s : float
        0 for a rule on the value itself. Else the value is taken relative to the person's own
        best of the hold, which is not known before this many seconds of it.
    best : Bounds
        What a person's own best can be: who does worse from the start is compared with its end.
    witness : str
        Code of another rule that sees the same fault in another way; empty when there is none.
    nearer : float
        While that rule gives a hint or finds a fault, a FAULT begins so much earlier; yet never
        before a hint of this rule does.
    """

    code: str
    metric: Metric
    watch: Bounds
    fault: Bounds
    clear: float
    seconds: float
    cue: Cue
    article: Article
    basis: str = "convention"
    weight: float = 1.0
    learn_s: float = 0.0
    best: Bounds = Bounds()
    witness: str = ""
    nearer: float = 0.0

    @property
    def unit(self) -> str:
        """Unit of the metric and of the bounds."""
        return self.metric.unit

    @property
    def lowest_is_best(self) -> bool:
        """Whether a person's own best is the lowest value, because the bounds are above it."""
        return math.isinf(self.watch.low)

    def compared(self, value: float, best: float) -> float:
        """Return a value as the bounds take it; NaN where it is compared with an unknown best."""
        return value - self.best.nearest(best) if self.learn_s else value


@dataclass(frozen=True, slots=True)
class Episode:
    """A time in which a rule was at one level.

    Attributes
    ----------
    level : Verdict
        WATCH or FAULT.
    start_s, end_s : float
        Seconds of the video.
    worst : float
        The value farthest outside the bounds, in the unit of the rule.
    """

    level: Verdict
    start_s: float
    end_s: float
    worst: float


@dataclass(frozen=True, slots=True)
class Latch:
    """A bound that has been crossed, once that has lasted; and left, once that has lasted.

    Attributes
    ----------
    on : bool
        Whether the level is taken.
    start_s : float
        When the value left the bounds, while the level is taken; else NaN.
    turning_s : float
        Since when the value asks for the other state; NaN when it does not.
    worst : float
        The value farthest out since then; NaN when there was none.
    """

    on: bool = False
    start_s: float = math.nan
    turning_s: float = math.nan
    worst: float = math.nan

    def after(self, time_s: float, value: float, bounds: Bounds, rule: Rule) -> Latch:
        """Return the latch after one more value (not NaN)."""
        if self.on:
            return self._while_on(time_s, value, bounds, rule)
        if bounds.holds(value):
            return Latch()
        turning_s = time_s if math.isnan(self.turning_s) else self.turning_s
        worst = _worse(self.worst, value, bounds)
        if time_s - turning_s >= rule.seconds:
            return Latch(on=True, start_s=turning_s, worst=worst)
        return Latch(turning_s=turning_s, worst=worst)

    def _while_on(self, time_s: float, value: float, bounds: Bounds, rule: Rule) -> Latch:
        if not bounds.inner(rule.clear).holds(value):
            return replace(self, turning_s=math.nan, worst=_worse(self.worst, value, bounds))
        turning_s = time_s if math.isnan(self.turning_s) else self.turning_s
        if time_s - turning_s >= rule.seconds:
            return Latch()
        return replace(self, turning_s=turning_s)

    def unseen(self) -> Latch:
        """Return the latch when values were missing for a while: what began did not last."""
        return self if self.on else Latch()

    def episode(self, level: Verdict, now_s: float) -> Episode:
        """Return the time since the bound was crossed: until the value came back, or until now."""
        end_s = now_s if math.isnan(self.turning_s) else self.turning_s
        return Episode(level, self.start_s, end_s, self.worst)


def _worse(worst: float, value: float, bounds: Bounds) -> float:
    """Return of two values the one farther outside the bounds; NaN while both are inside."""
    if bounds.holds(value) or bounds.excess(value) <= bounds.excess(worst):
        return worst
    return value


@dataclass(frozen=True, slots=True)
class RuleWatch:
    """One rule over time: the latches of its two levels, and the episodes that are over.

    Attributes
    ----------
    code : str
        Code of the rule.
    watch, fault : Latch
        The two levels.
    known_s : float
        Time of the last value that was not NaN.
    best : OwnBest
        The person's own best of the hold, for a rule that compares with it.
    episodes : tuple of Episode
        Those that are over.
    """

    code: str
    watch: Latch = Latch()
    fault: Latch = Latch()
    known_s: float = math.nan
    best: OwnBest = OwnBest()
    episodes: tuple[Episode, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Level after the last known value."""
        if self.fault.on:
            return Verdict.FAULT
        if self.watch.on:
            return Verdict.WATCH
        return Verdict.UNKNOWN if math.isnan(self.known_s) else Verdict.GOOD

    def after(
        self, time_s: float, value: float, rule: Rule, *, learning: bool = False, spare: float = 0.0
    ) -> RuleWatch:
        """Return the state after the value of one more frame.

        By `spare` a value has to be farther out for a FAULT: what it can be off beyond the usual.

        NaN changes nothing of a level that is taken for `UNKNOWN_S`: somebody who passes before
        the camera ends no episode. After that, the episodes are over and the rule knows nothing.
        A level that is not yet taken has lasted only as long as hardly a frame was missing.
        """
        if math.isnan(value):
            return self.unseen(time_s)
        best = self._best_after(time_s, value, rule)
        compared = rule.compared(value, best.value)
        if learning or math.isnan(compared):
            return replace(self, best=best, known_s=time_s)
        watch = self.watch.after(time_s, compared, rule.watch, rule)
        bounds = rule.fault.inner(-spare).around(rule.watch)
        fault = self.fault.after(time_s, compared, bounds, rule)
        levels = ((Verdict.WATCH, self.watch, watch), (Verdict.FAULT, self.fault, fault))
        over = (was.episode(level, time_s) for level, was, now in levels if was.on and not now.on)
        return RuleWatch(self.code, watch, fault, time_s, best, self.episodes + tuple(over))

    def _best_after(self, time_s: float, value: float, rule: Rule) -> OwnBest:
        if not rule.learn_s:
            return self.best
        return self.best.after(time_s, value, rule.learn_s, lowest=rule.lowest_is_best)

    def unseen(self, time_s: float) -> RuleWatch:
        """Return the state after a frame that does not show the metric."""
        missing_s = time_s - self.known_s
        if missing_s > UNKNOWN_S:
            return self.ended()
        if missing_s > _LASTING_S:
            return replace(self, watch=self.watch.unseen(), fault=self.fault.unseen())
        return self

    def ended(self) -> RuleWatch:
        """Return the state once nothing is known any more: what was on ended when it last was.

        The person's own best is kept.
        """
        over = self.episodes_so_far()
        return RuleWatch(self.code, best=self.best.unseen(), episodes=over)

    def forgotten(self) -> RuleWatch:
        """Return the state at the start of a hold: what went on goes on, the own best is new."""
        return replace(self, best=OwnBest())

    def episodes_so_far(self) -> tuple[Episode, ...]:
        """Return all episodes; one that goes on ends, so far, with the last value outside."""
        levels = ((Verdict.WATCH, self.watch), (Verdict.FAULT, self.fault))
        going_on = tuple(latch.episode(level, self.known_s) for level, latch in levels if latch.on)
        return self.episodes + going_on


UNKNOWN_S = 1.0
"""How long a value may be missing before what was known of it is dropped, seconds."""
_LASTING_S = 0.3
"""What begins has not lasted if a value is missing for longer: two frames of five a second."""
