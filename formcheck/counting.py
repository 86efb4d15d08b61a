"""Count repetitions, as a fold over how far the trunk is lifted; and judge those that count."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median

from formcheck.rep_measures import measured
from formcheck.reps import (
    Lying,
    Rep,
    Repetition,
    RepFault,
    RepSpec,
    Sample,
    Turn,
    enough_known,
)
from formcheck.rules import Rule, Verdict
from formcheck.uncertainty import ACCURACY

_KEPT_S = 30.0
_STILL_OVER_S = 0.4
_RENEWED_OVER_S = 2.0


@dataclass(frozen=True, slots=True)
class RepCounter:
    """Repetitions so far, as a fold over samples.

    Attributes
    ----------
    spec : RepSpec
    samples : tuple of Sample
        Of the last half minute.
    began_s : float
        First sight of the person in position; -inf once somebody was seen out of it.
    rising : bool or None
        Whether the trunk goes up; None before its first move.
    low, high : Turn or None
        The last lowest and highest points.
    start : Turn or None
        Where the rise began from lying; None when it began elsewhere, or was not seen.
    top : Turn or None
        The top of a repetition that is being lowered.
    still_from_s : float
        Since when the person lies still; NaN when not.
    lying : Lying or None
        The lying position, renewed slowly.
    reps : tuple of Rep
        Those that are over.
    """

    spec: RepSpec
    samples: tuple[Sample, ...] = ()
    began_s: float = math.nan
    rising: bool | None = None
    low: Turn | None = None
    high: Turn | None = None
    start: Turn | None = None
    top: Turn | None = None
    still_from_s: float = math.nan
    lying: Lying | None = None
    reps: tuple[Rep, ...] = ()

    @property
    def count(self) -> int:
        """How many repetitions count, and have been lowered."""
        return len(self.counted())

    def counted(self) -> tuple[Rep, ...]:
        """Return the repetitions that count, and have been lowered as far as that counts."""
        reps = self._finished().reps if self._came_back() else self.reps
        return _real(reps, _learnt_lying(reps, self.spec, self.lying), self.spec)

    def after(self, sample: Sample) -> RepCounter:
        """Return the counter after one more frame in the position."""
        if math.isnan(sample.lift_deg):
            return self
        samples, from_s = (*self.samples, sample), sample.time_s - _KEPT_S
        first = next(i for i, each in enumerate(samples) if each.time_s >= from_s)
        fed = replace(self, samples=samples[first:])
        if fed.low is None or fed.high is None:
            here = Turn(sample.time_s, sample.lift_deg)
            began_s = sample.time_s if math.isnan(self.began_s) else self.began_s
            return replace(fed, began_s=began_s, low=here, high=here)
        return fed._rested(sample)._moved(sample)

    def interrupted(self, *, elsewhere: bool = False) -> RepCounter:
        """Return the counter when the position is left, or no longer seen.

        Once somebody was seen `elsewhere`, a top whose rise was not seen is that of no repetition.
        """
        if self.low is None and not elsewhere:
            return self
        return RepCounter(self.spec, began_s=-math.inf, lying=self.lying, reps=self.reps_so_far())

    def cut(self) -> RepCounter:
        """Return the counter when somebody else, or another shot, comes: nobody has lain yet."""
        return replace(self.interrupted(), lying=None)

    def _rested(self, sample: Sample) -> RepCounter:
        """Return the counter with the lying position renewed, if the person lies still."""
        moved_deg = self._range_deg(_STILL_OVER_S)
        if moved_deg > self.spec.still_deg_per_s * _STILL_OVER_S or not self._low_enough(sample):
            return replace(self, still_from_s=math.nan)
        still_from_s = sample.time_s if math.isnan(self.still_from_s) else self.still_from_s
        if sample.time_s - still_from_s < self.spec.still_s:
            return replace(self, still_from_s=still_from_s)
        rested = self._range_deg(self.spec.rest_s) <= self.spec.rest_deg
        if rested and self._lies_higher(sample):
            return self._lying_down(sample)
        return replace(self, still_from_s=still_from_s, lying=self._renewed(sample))

    def _range_deg(self, over_s: float) -> float:
        """Return how much the lift has changed lately; infinite before that much was seen."""
        now_s = self.samples[-1].time_s
        if now_s - self.samples[0].time_s < min(over_s, _STILL_OVER_S) / 2:
            return math.inf
        lately: list[float] = []
        for sample in reversed(self.samples):
            if now_s - sample.time_s > over_s:
                return max(lately) - min(lately)
            lately.append(sample.lift_deg)
        return max(lately) - min(lately) if over_s <= _STILL_OVER_S else math.inf

    def _low_enough(self, sample: Sample) -> bool:
        return sample.lift_deg <= self.spec.lying_deg

    def _lies_higher(self, sample: Sample) -> bool:
        if self.lying is None:
            return False
        return sample.lift_deg > self.lying.lift_deg + self.spec.elsewhere_deg

    def _lying_down(self, sample: Sample) -> RepCounter:
        """Return the counter of somebody who rests elsewhere: what looked like a rise was none.

        The top of a repetition may be held as still as a rest, but not for so long.
        """
        here = Turn(sample.time_s, sample.lift_deg)
        lying = Lying(sample.lift_deg, sample.neck_deg)
        over = self._finished()
        return replace(over, lying=lying, low=here, high=here, rising=None, start=None, top=None)

    def _renewed(self, sample: Sample) -> Lying:
        """Return the lying position renewed slowly, or at once when it is lower than known."""
        here = Lying(sample.lift_deg, sample.neck_deg)
        if self.lying is None or here.lift_deg < self.lying.lift_deg - self.spec.elsewhere_deg:
            return here
        if self._lies_higher(sample):
            return self.lying
        share = 1 - math.exp((self.samples[-2].time_s - sample.time_s) / _RENEWED_OVER_S)
        return Lying(
            _toward(self.lying.lift_deg, here.lift_deg, share),
            _toward(self.lying.neck_deg, here.neck_deg, share),
        )

    def _moved(self, sample: Sample) -> RepCounter:
        here = Turn(sample.time_s, sample.lift_deg)
        if self.rising:
            return self._going_up(here)
        if self.rising is None:
            return self._first_move(here)
        return self._going_down(here)

    def _first_move(self, here: Turn) -> RepCounter:
        low, high = _lower(self.low, here), _higher(self.high, here)
        if here.lift_deg > low.lift_deg + self.spec.swing_deg:
            start = low if low.lift_deg <= self.spec.lying_deg else None
            return replace(self, rising=True, low=low, high=here, start=start)
        if here.lift_deg < high.lift_deg - self.spec.swing_deg:
            soon = high.time_s - self.began_s <= self.spec.unseen_rise_s
            top = high if soon and high.lift_deg > self.spec.swing_deg else None
            return replace(self, rising=False, low=here, high=high, top=top)
        return replace(self, low=low, high=high)

    def _going_up(self, here: Turn) -> RepCounter:
        high = _higher(self.high, here)
        base_deg = self.low.lift_deg if self.low else here.lift_deg
        fall_deg = max(self.spec.fall_deg, self.spec.fall_ratio * (high.lift_deg - base_deg))
        if here.lift_deg > high.lift_deg - fall_deg:
            return replace(self, high=high)
        top = high if self.start is not None else None
        return replace(self, rising=False, high=high, low=here, top=top)

    def _going_down(self, here: Turn) -> RepCounter:
        low = _lower(self.low, here)
        settled = here.time_s - low.time_s >= self.spec.settled_s
        over = self._finished() if settled and self.top is not None else self
        if here.lift_deg <= low.lift_deg + self.spec.swing_deg:
            return replace(over, low=low)
        start = low if low.lift_deg <= self.spec.lying_deg else None
        return replace(over._finished(), low=low, rising=True, high=here, start=start)

    def _finished(self) -> RepCounter:
        """Return the counter with the repetition that was being lowered over."""
        if self.top is None or self.low is None:
            return self
        came_down = self.low.lift_deg <= self.spec.lying_deg
        rep = self._measured(self.top, self.low) if came_down else None
        reps = (*self.reps, rep) if rep is not None else self.reps
        return replace(self, reps=reps, top=None, start=None)

    def reps_so_far(self) -> tuple[Rep, ...]:
        """Return all repetitions; of one that is still on its way down, the end is unknown."""
        reps = self._finished().reps
        if len(reps) == len(self.reps) or self._came_back():
            return reps
        return (*self.reps, replace(reps[-1], end_s=math.nan, bottom_deg=math.nan))

    def _came_back(self) -> bool:
        """Return whether the repetition that is being lowered is as good as down."""
        if self.top is None or self.low is None or self.start is None:
            return False
        rise_deg = self.top.lift_deg - self.start.lift_deg
        return self.top.lift_deg - self.low.lift_deg >= self.spec.back_ratio * rise_deg

    def _measured(self, top: Turn, low: Turn) -> Rep | None:
        first_s = self.start.time_s if self.start else self.began_s
        part = tuple(sample for sample in self.samples if sample.time_s >= first_s)
        return measured(part, self.start, top, low, self.spec, self.lying)


def _toward(old: float, new: float, share: float) -> float:
    """Return a value part of the way to a new one; what is known, where one is not."""
    if math.isnan(old) or math.isnan(new):
        return old if math.isnan(new) else new
    return old + share * (new - old)


def _lower(turn: Turn | None, here: Turn) -> Turn:
    return here if turn is None or here.lift_deg < turn.lift_deg else turn


def _higher(turn: Turn | None, here: Turn) -> Turn:
    return here if turn is None or here.lift_deg > turn.lift_deg else turn


def judged(counter: RepCounter, last: int | None = None) -> tuple[Repetition, ...]:
    """Return the repetitions that count, each against the lying position known at last.

    Parameters
    ----------
    counter : RepCounter
    last : int, optional
        Only so many of them, the last ones.
    """
    reps, spec = counter.reps_so_far(), counter.spec
    lying = _learnt_lying(reps, spec, counter.lying)
    real = _real(reps, lying, spec)
    median_deg = median(rep.peak_deg - lying.lift_deg for rep in real) if real else math.nan
    wanted = real if last is None else real[-last:]
    return tuple(_checked(rep, lying, median_deg, spec) for rep in wanted)


def _real(reps: tuple[Rep, ...], lying: Lying, spec: RepSpec) -> tuple[Rep, ...]:
    """Return what counts: what hardly leaves the lying position was a move on the floor."""
    return tuple(rep for rep in reps if rep.peak_deg - lying.lift_deg >= spec.least_peak_deg)


def _checked(rep: Rep, lying: Lying, median_deg: float, spec: RepSpec) -> Repetition:
    found = [(check.rule, check.value(rep, lying, median_deg)) for check in spec.rules]
    turned = spec.square.excess(rep.view_ratio)
    levels = [(rule, _level(rule, value, turned), value) for rule, value in found]
    faults = (RepFault(*each) for each in levels if each[1] in {Verdict.WATCH, Verdict.FAULT})
    lift_deg = rep.peak_deg - lying.lift_deg
    top, flat = (math.radians(min(deg, 90.0)) for deg in (rep.peak_deg, lying.lift_deg))
    rise_cm = spec.trunk_cm * (math.sin(top) - math.sin(flat))
    unknown = tuple(rule for rule, level, _ in levels if level is Verdict.UNKNOWN)
    judged = enough_known(unknown, (check.rule for check in spec.rules))
    return Repetition(rep, lift_deg, rise_cm, tuple(faults), unknown, judged)


def _level(rule: Rule, value: float, turned: float) -> Verdict:
    if math.isnan(value):
        return Verdict.UNKNOWN
    if rule.watch.holds(value):
        return Verdict.GOOD
    accuracy = ACCURACY[rule.metric.name]
    spare = accuracy.beyond_usual(accuracy.off_by(turned))
    return Verdict.WATCH if rule.fault.inner(-spare).holds(value) else Verdict.FAULT


def _learnt_lying(reps: tuple[Rep, ...], spec: RepSpec, lying: Lying | None) -> Lying:
    """Return the lying position: as seen, or else from how low the repetitions came."""
    if lying is not None:
        return lying
    lows = [rep.bottom_deg for rep in reps if not math.isnan(rep.bottom_deg)]
    necks = [rep.neck_low_deg for rep in reps if not math.isnan(rep.neck_low_deg)]
    return Lying(min([spec.level_deg, *lows]), median(necks) if necks else math.nan, seen=False)
