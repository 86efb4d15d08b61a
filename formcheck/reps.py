"""Repetitions: from how far the trunk is lifted, frame by frame, to what each one was like."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from formcheck import geometry
from formcheck.geometry import Point
from formcheck.landmarks import HALVES, Pose, Side
from formcheck.metrics import Metric
from formcheck.rules import Rule, Verdict

_KEPT_S = 30.0
_STILL_OVER_S = 0.4
_RENEWED_OVER_S = 2.0
_SPEED_OVER_S = 0.1
_UNSEEN_S = 0.5
_NEAR_S = 0.15


class Sample(NamedTuple):
    """What one frame adds to a repetition; NaN where it is not seen.

    Attributes
    ----------
    time_s : float
    lift_deg : float
        Of the trunk above the level, past upright more than 90.
    neck_deg : float
        Flexion of the neck against the trunk.
    thigh_deg : float
        Of the thigh above the level, toward the feet.
    view_ratio : float
        Breadth of the shoulders over the trunk.
    hip, foot : Point
        Pixels; of the foot, its lower end.
    trunk_px, shank_px : float
    """

    time_s: float
    lift_deg: float
    neck_deg: float
    thigh_deg: float
    view_ratio: float
    hip: Point
    foot: Point
    trunk_px: float
    shank_px: float


@dataclass(frozen=True, slots=True)
class Signals:
    """The metrics that repetitions are made of; see `Sample`."""

    lift: Metric
    neck: Metric
    thigh: Metric
    view: Metric

    def sample(self, pose: Pose, side: Side) -> Sample:
        """Return what a pose adds."""
        half = HALVES[side]
        hip = pose.at(half.hip)
        return Sample(
            pose.time_s,
            self.lift.measure(pose, side),
            self.neck.measure(pose, side),
            self.thigh.measure(pose, side),
            self.view.measure(pose, side),
            hip,
            max(pose.at(half.heel), pose.at(half.toe), key=lambda point: point[1]),
            geometry.distance(pose.at(half.shoulder), hip),
            geometry.distance(pose.at(half.knee), pose.at(half.ankle)),
        )


@dataclass(frozen=True, slots=True)
class Lying:
    """The person's own lying position.

    Attributes
    ----------
    lift_deg, neck_deg : float
    """

    lift_deg: float
    neck_deg: float


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition as it was seen; NaN where it was not.

    Attributes
    ----------
    start_s, top_s, end_s : float
        Seconds of the video; the top is the middle of the time near it. `start_s` is NaN when its
        rise was before the video, `end_s` and `bottom_deg` when its lowering is not over.
    peak_deg, bottom_deg : float
        Lift of the trunk above the level at the top, and at the end of the lowering.
    neck_top_deg, neck_low_deg : float
        Flexion of the neck at the top, and the least of the repetition.
    top_hold_s : float
        Time within a tenth of the peak.
    peak_deg_per_s, mean_deg_per_s : float
        Greatest speed of the rise, and the mean of the way up and down without the hold.
    hip_rise_ratio : float
        How much higher the hip is at the top than at the start, in trunks.
    foot_rise_ratio : float
        How much the whole foot is lifted off the floor, in shanks; NaN where it was not on it.
    view_ratio : float
        Median.
    lying : Lying or None
        The lying position known when it began.
    """

    start_s: float
    top_s: float
    end_s: float
    peak_deg: float
    bottom_deg: float
    neck_top_deg: float
    neck_low_deg: float
    top_hold_s: float
    peak_deg_per_s: float
    mean_deg_per_s: float
    hip_rise_ratio: float
    foot_rise_ratio: float
    view_ratio: float
    lying: Lying | None

    def unjudged(self) -> Rep:
        """Return the repetition as one that counts, of which too little was seen to judge it."""
        return replace(
            self,
            start_s=math.nan,
            end_s=math.nan,
            bottom_deg=math.nan,
            neck_top_deg=math.nan,
            peak_deg_per_s=math.nan,
            view_ratio=math.inf,
        )

    @property
    def duration_s(self) -> float:
        """From the start of the rise to the end of the lowering; NaN when a part is unseen."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class RepRule:
    """A check of each repetition.

    Attributes
    ----------
    rule : Rule
        Bounds, cue and article; its metric is a name and a unit.
    value : callable
        Takes the repetition, the lying position and the median peak of all repetitions above it.
    """

    rule: Rule
    value: Callable[[Rep, Lying, float], float]


@dataclass(frozen=True, slots=True)
class RepSpec:
    """What counts as a repetition.

    Attributes
    ----------
    signals : Signals
    swing_deg : float
        Least rise, and least way down.
    least_peak_deg : float
        Least peak above the lying position.
    fall_ratio : float
        Part of the rise that has to be lowered again.
    back_ratio : float
        Part of the rise after which a lowering that the video does not show to its end is over.
    lying_deg : float
        A repetition starts lower than this above the level.
    level_deg : float
        Highest lying position to assume where none was seen.
    legs_deg : float
        When the thigh turns by more than this, it is another exercise.
    legs_seen_ratio : float
        Least part of the time in which the thigh is seen.
    highest_deg : float
        Nobody lifts the trunk farther: the model lost the person.
    unseen_rise_s, unseen_lowering_s : float
        A repetition whose rise is not seen counts only when the video begins this shortly before
        its top, and it is lowered this soon: else somebody sat there, and lay down.
    still_deg_per_s, still_s : float
        Lying still: slower than this, for so long.
    foot_on_floor_ratio : float
        A foot higher than this above the hip, in trunks, is not on the floor.
    trunk_cm : float
        From shoulder to hip of a grown-up, for heights in cm.
    rest_s : float
        Lying still for so long makes another lying position, even a higher one.
    settled_s : float
        A lowering is over when it has not gone lower for so long.
    rules : tuple of RepRule
    """

    signals: Signals
    swing_deg: float
    least_peak_deg: float
    fall_ratio: float
    back_ratio: float
    lying_deg: float
    level_deg: float
    legs_deg: float
    legs_seen_ratio: float
    highest_deg: float
    unseen_rise_s: float
    unseen_lowering_s: float
    still_deg_per_s: float
    still_s: float
    rest_s: float
    settled_s: float
    foot_on_floor_ratio: float
    trunk_cm: float
    rules: tuple[RepRule, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turning point of the lift.

    Attributes
    ----------
    time_s, lift_deg : float
    """

    time_s: float
    lift_deg: float


@dataclass(frozen=True, slots=True)
class RepCounter:
    """Repetitions so far, as a fold over samples.

    Attributes
    ----------
    spec : RepSpec
    samples : tuple of Sample
        Of the last half minute.
    began_s : float
        First sight of the person.
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
        """Repetitions whose lowering has been seen, as far as that counts."""
        return len(self.reps) + self._came_back()

    def after(self, sample: Sample) -> RepCounter:
        """Return the counter after one more frame in the position."""
        if math.isnan(sample.lift_deg):
            return self
        kept = self.samples
        if kept and sample.time_s - kept[0].time_s > _KEPT_S:
            kept = kept[1:]
        fed = replace(self, samples=(*kept, sample))
        if fed.low is None or fed.high is None:
            here = Turn(sample.time_s, sample.lift_deg)
            began_s = sample.time_s if math.isnan(self.began_s) else self.began_s
            return replace(fed, began_s=began_s, low=here, high=here)
        return fed._rested(sample)._moved(sample)

    def interrupted(self) -> RepCounter:
        """Return the counter when the position is left, or no longer seen."""
        if self.low is None:
            return self
        return RepCounter(self.spec, began_s=-math.inf, lying=self.lying, reps=self.reps_so_far())

    def _rested(self, sample: Sample) -> RepCounter:
        """Return the counter with the lying position renewed, if the person lies still."""
        moved_deg = self._range_deg(_STILL_OVER_S)
        if moved_deg > self.spec.still_deg_per_s * _STILL_OVER_S or not self._low_enough(sample):
            return replace(self, still_from_s=math.nan)
        still_from_s = sample.time_s if math.isnan(self.still_from_s) else self.still_from_s
        if sample.time_s - still_from_s < self.spec.still_s:
            return replace(self, still_from_s=still_from_s)
        rested = self._range_deg(self.spec.rest_s) <= self.spec.swing_deg / 2
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
        limit_deg = self.spec.swing_deg / 3
        return self.lying is not None and sample.lift_deg > self.lying.lift_deg + limit_deg

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
        if self.lying is None or here.lift_deg < self.lying.lift_deg - self.spec.swing_deg / 3:
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
        fall_deg = max(self.spec.swing_deg * 0.7, self.spec.fall_ratio * (high.lift_deg - base_deg))
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
        rep = _rep(self, self.top, self.low) if came_down else None
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


def _toward(old: float, new: float, share: float) -> float:
    """Return a value part of the way to a new one; what is known, where one is not."""
    if math.isnan(old) or math.isnan(new):
        return old if math.isnan(new) else new
    return old + share * (new - old)


def _lower(turn: Turn | None, here: Turn) -> Turn:
    return here if turn is None or here.lift_deg < turn.lift_deg else turn


def _higher(turn: Turn | None, here: Turn) -> Turn:
    return here if turn is None or here.lift_deg > turn.lift_deg else turn


def _rep(counter: RepCounter, top: Turn, low: Turn) -> Rep | None:
    """Return a repetition from the samples between its turns; None when it was something else."""
    spec, start = counter.spec, counter.start
    first_s = start.time_s if start else counter.began_s
    part = [s for s in counter.samples if first_s <= s.time_s <= low.time_s]
    thighs = [s.thigh_deg for s in part if not math.isnan(s.thigh_deg)]
    if len(thighs) < spec.legs_seen_ratio * len(part) or top.lift_deg > spec.highest_deg:
        return None
    if _spread(thighs) > spec.legs_deg:
        return None
    if start is None and low.time_s - top.time_s > spec.unseen_lowering_s:
        return None
    begin_s, end_s = _ends_s(part, start, top, low)
    rise = [s for s in part if s.time_s <= top.time_s]
    necks = [s.neck_deg for s in part if not math.isnan(s.neck_deg)]
    near_top = [s for s in part if s.lift_deg >= top.lift_deg - 0.1 * (top.lift_deg - low.lift_deg)]
    gaps = [b.time_s - a.time_s for a, b in pairwise(part)]
    hold_s = near_top[-1].time_s - near_top[0].time_s
    moving_s = end_s - begin_s - hold_s
    way_deg = 2 * top.lift_deg - part[0].lift_deg - low.lift_deg
    rep = Rep(
        start_s=begin_s,
        top_s=(near_top[0].time_s + near_top[-1].time_s) / 2,
        end_s=end_s,
        peak_deg=top.lift_deg,
        bottom_deg=low.lift_deg,
        neck_top_deg=_at(part, top.time_s).neck_deg,
        neck_low_deg=min(necks, default=math.nan),
        top_hold_s=hold_s,
        peak_deg_per_s=_fastest(rise),
        mean_deg_per_s=way_deg / moving_s if moving_s > 0 else math.nan,
        hip_rise_ratio=_hip_rise(part, top.time_s),
        foot_rise_ratio=_foot_rise(part, spec),
        view_ratio=median(s.view_ratio for s in part),
        lying=counter.lying,
    )
    return rep.unjudged() if max(gaps, default=0.0) > _UNSEEN_S else rep


def _spread(values: list[float]) -> float:
    """Return the range of values less a tenth at each end: one jump of a landmark is no move."""
    ordered, tenth = sorted(values), len(values) // 10
    return ordered[-1 - tenth] - ordered[tenth]


def _ends_s(part: list[Sample], start: Turn | None, top: Turn, low: Turn) -> tuple[float, float]:
    """Return when the trunk left the floor, and when it was back: a tenth of the way."""
    rest_deg = low.lift_deg + 0.1 * (top.lift_deg - low.lift_deg)
    lowering = [s for s in part if s.time_s >= top.time_s]
    end_s = _crossing_s(lowering, rest_deg, low.time_s)
    if start is None:
        return math.nan, end_s
    left_deg = start.lift_deg + 0.1 * (top.lift_deg - start.lift_deg)
    rising = [s for s in part if s.time_s <= top.time_s]
    return _crossing_s(rising[::-1], left_deg, start.time_s), end_s


def _crossing_s(way_down: list[Sample], level_deg: float, otherwise_s: float) -> float:
    """Return when a way down from the top first reaches a level, between two frames."""
    for above, below in pairwise(way_down):
        if below.lift_deg <= level_deg < above.lift_deg:
            share = (above.lift_deg - level_deg) / (above.lift_deg - below.lift_deg)
            return above.time_s + share * (below.time_s - above.time_s)
    return otherwise_s


def _at(part: list[Sample], time_s: float) -> Sample:
    return min(part, key=lambda s: abs(s.time_s - time_s))


def _fastest(rise: list[Sample]) -> float:
    """Return the greatest speed over a tenth of a second or more, degrees a second."""
    speeds = []
    for index, sample in enumerate(rise):
        later = next(
            (s for s in rise[index + 1 :] if s.time_s - sample.time_s >= _SPEED_OVER_S), None
        )
        if later is not None:
            speeds.append((later.lift_deg - sample.lift_deg) / (later.time_s - sample.time_s))
    return max(speeds, default=math.nan)


def _hip_rise(part: list[Sample], top_s: float) -> float:
    first_s = part[0].time_s
    start = _middle(s.hip[1] for s in part if s.time_s - first_s <= _NEAR_S)
    top = _middle(s.hip[1] for s in part if abs(s.time_s - top_s) <= _NEAR_S)
    return (start - top) / _middle(s.trunk_px for s in part)


def _foot_rise(part: list[Sample], spec: RepSpec) -> float:
    first = part[0]
    if not first.hip[1] - first.foot[1] <= spec.foot_on_floor_ratio * first.trunk_px:
        return math.nan
    start = _middle(s.foot[1] for s in part if s.time_s - first.time_s <= _NEAR_S)
    heights = sorted(start - s.foot[1] for s in part if not math.isnan(s.foot[1]))
    # A foot that is lifted stays up for a while; a landmark that jumps does not.
    return heights[len(heights) * 3 // 4] / _middle(s.shank_px for s in part)


def _middle(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return median(known) if known else math.nan


@dataclass(frozen=True, slots=True)
class RepFault:
    """What was wrong with one repetition.

    Attributes
    ----------
    rule : Rule
    level : Verdict
        WATCH or FAULT.
    value : float
        In the unit of the rule.
    """

    rule: Rule
    level: Verdict
    value: float


@dataclass(frozen=True, slots=True)
class Repetition:
    """A repetition that counts, and what came of its checks.

    Attributes
    ----------
    rep : Rep
    peak_lift_deg : float
        Above the person's own lying position.
    peak_rise_cm : float
        Rise of the shoulder, for a trunk of usual length.
    faults : tuple of RepFault
    unknown : tuple of Rule
        Checks that could not be made.
    """

    rep: Rep
    peak_lift_deg: float
    peak_rise_cm: float
    faults: tuple[RepFault, ...]
    unknown: tuple[Rule, ...] = ()

    @property
    def span_s(self) -> tuple[float, float]:
        """Start and end as far as they were seen; else the top."""
        ends = (self.rep.start_s, self.rep.end_s)
        start_s, end_s = (self.rep.top_s if math.isnan(end) else end for end in ends)
        return start_s, end_s

    @property
    def clean(self) -> bool:
        """Whether nothing was to be corrected; a hint is allowed."""
        return all(fault.level is not Verdict.FAULT for fault in self.faults)


def judged(counter: RepCounter, last: int | None = None) -> tuple[Repetition, ...]:
    """Return the repetitions that count, each against the lying position known at last.

    One that hardly leaves the lying position was a move on the floor, and does not count.

    Parameters
    ----------
    counter : RepCounter
    last : int, optional
        Only so many of them, the last ones.
    """
    reps, spec = counter.reps_so_far(), counter.spec
    lying = _learnt_lying(reps, spec, counter.lying)
    real = [rep for rep in reps if rep.peak_deg - lying.lift_deg >= spec.least_peak_deg]
    median_deg = median(rep.peak_deg - lying.lift_deg for rep in real) if real else math.nan
    wanted = real if last is None else real[-last:]
    return tuple(_checked(rep, lying, median_deg, spec) for rep in wanted)


def _checked(rep: Rep, lying: Lying, median_deg: float, spec: RepSpec) -> Repetition:
    found = [(check.rule, check.value(rep, lying, median_deg)) for check in spec.rules]
    levels = [(rule, _level(rule, value), value) for rule, value in found]
    faults = (RepFault(*each) for each in levels if each[1] in {Verdict.WATCH, Verdict.FAULT})
    lift_deg = rep.peak_deg - lying.lift_deg
    top, flat = (math.radians(min(deg, 90.0)) for deg in (rep.peak_deg, lying.lift_deg))
    rise_cm = spec.trunk_cm * (math.sin(top) - math.sin(flat))
    unknown = tuple(rule for rule, level, _ in levels if level is Verdict.UNKNOWN)
    return Repetition(rep, lift_deg, rise_cm, tuple(faults), unknown)


def _level(rule: Rule, value: float) -> Verdict:
    if math.isnan(value):
        return Verdict.UNKNOWN
    if rule.watch.holds(value):
        return Verdict.GOOD
    return Verdict.WATCH if rule.fault.holds(value) else Verdict.FAULT


def _learnt_lying(reps: tuple[Rep, ...], spec: RepSpec, lying: Lying | None) -> Lying:
    """Return the lying position: as seen, or else from how low the repetitions came."""
    if lying is not None:
        return lying
    lows = [rep.bottom_deg for rep in reps if not math.isnan(rep.bottom_deg)]
    necks = [rep.neck_low_deg for rep in reps if not math.isnan(rep.neck_low_deg)]
    return Lying(min([spec.level_deg, *lows]), median(necks) if necks else math.nan)
