"""What came of a session: hold times, faults, what could not be judged, a score."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formcheck.drift import Drift
from formcheck.holds import State, Stretch
from formcheck.reps import Repetition
from formcheck.rules import Episode, Rule, Verdict

if TYPE_CHECKING:
    from formcheck.exercises import Exercise

SCHEMA = "formcheck.summary/1"
"""Of the document that a summary is written as."""
SIT_UP = "sit-up"
"""What a crunch is called that rises as far as sitting."""
FAULT_COST = 1.0
WATCH_COST = 0.3
_TRIFLE_S = 0.3


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule at WATCH or FAULT for a while, within a hold or for a repetition.

    Attributes
    ----------
    rule : Rule
    level : Verdict
        WATCH or FAULT.
    start_s, end_s : float
        Seconds of the video.
    worst : float
        The value farthest out, in the unit of the rule's metric; for a rule that compares with
        the person's own best, the difference.
    """

    rule: Rule
    level: Verdict
    start_s: float
    end_s: float
    worst: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Hold:
    """The hold clock.

    Attributes
    ----------
    segments : tuple of Stretch
        Holds in order of time; a change of variant begins a new one.
    total_s, clean_s, longest_clean_s : float
        Seconds held, held without a FAULT, and the longest stretch of that.
    first_fault_s : float or None
        Seconds on the hold clock before the first FAULT; None without one.
    drifts : tuple of Drift
        How the metrics changed; empty for holds too short to tell.
    """

    segments: tuple[Stretch, ...]
    total_s: float
    clean_s: float
    longest_clean_s: float
    first_fault_s: float | None
    drifts: tuple[Drift, ...]

    @property
    def variants(self) -> tuple[tuple[str, float], ...]:
        """How long each variant was held, in seconds, the longest first."""
        lengths: dict[str, float] = {}
        for hold in self.segments:
            lengths[hold.note] = lengths.get(hold.note, 0.0) + hold.end_s - hold.start_s
        return tuple(sorted(lengths.items(), key=lambda each: -each[1]))


@dataclass(frozen=True, slots=True)
class Source:
    """The video that was analysed.

    Attributes
    ----------
    name : str
        File name without its folder.
    duration_s : float
        As far as it could be read.
    n_frames : int
    width, height : int
        Pixels, upright.
    damage : str or None
        What is wrong with the file, when it could not be read to its end.
    analysed_fps : float or None
        How many frames a second were looked at; None of a single picture.
    """

    name: str
    duration_s: float
    n_frames: int
    width: int
    height: int
    damage: str | None = None
    analysed_fps: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a session.

    Attributes
    ----------
    exercise : Exercise
    variant : str or None
        The variant held longest, or `SIT_UP` for crunches that mostly rise that far; None without
        a hold.
    hold : Hold
    faults : tuple of Fault
        In order of time; of repetitions, of those that were judged.
    unknown : tuple of Stretch
        When nothing could be judged, and why.
    score : int or None
        0 to 100; None when nothing was held, and no repetition seen well enough to judge it.
    costs : tuple of (str, float)
        Points that each rule took from the score, the dearest first.
    reps : tuple of Repetition or None
        In order of time; None for an exercise that is held.
    source : Source or None
        The video, where there was one.
    others : tuple of Summary
        Of what else was done, the longest first.
    """

    exercise: Exercise
    variant: str | None
    hold: Hold
    faults: tuple[Fault, ...]
    unknown: tuple[Stretch, ...]
    score: int | None
    costs: tuple[tuple[str, float], ...]
    reps: tuple[Repetition, ...] | None = None
    source: Source | None = None
    others: tuple[Summary, ...] = ()

    @property
    def name(self) -> str:
        """Name of what was done: of the exercise, or `SIT_UP`."""
        return SIT_UP if self.variant == SIT_UP else self.exercise.name

    @property
    def title(self) -> str:
        """The same for people."""
        return SIT_UP.capitalize() if self.variant == SIT_UP else self.exercise.title

    @property
    def every(self) -> tuple[Summary, ...]:
        """The summary of each exercise that was done, all with the video."""
        return (self, *(replace(other, source=self.source) for other in self.others))

    @property
    def done_s(self) -> float:
        """Seconds that the exercise was held, or that its repetitions took."""
        if self.reps is None:
            return self.hold.total_s
        return _seconds(merged(each.span_s for each in self.reps))


def summarise(
    exercise: Exercise,
    stretches: Iterable[Stretch],
    episodes: Iterable[tuple[Rule, tuple[Episode, ...]]],
    drifts: tuple[Drift, ...] = (),
    reps: tuple[Repetition, ...] | None = None,
) -> Summary:
    """Return the summary of what a session found.

    Parameters
    ----------
    exercise : Exercise
    stretches : iterable of Stretch
        The states, in order of time, without gaps.
    episodes : iterable of (Rule, tuple of Episode)
        What each rule found; what lies outside the holds is left out.
    drifts : tuple of Drift
        How the metrics changed over the holds.
    reps : tuple of Repetition, optional
        The repetitions of an exercise that is not held.
    """
    every = tuple(stretches)
    holds = tuple(stretch for stretch in every if stretch.state is State.HOLD)
    judged = None if reps is None else tuple(each for each in reps if each.judged)
    faults = _faults(holds, episodes) if judged is None else _faults_of_reps(judged)
    costs = _costs(holds, faults) if judged is None else _costs_of_reps(judged)
    hold, done = _hold(holds, faults, drifts), holds if judged is None else judged
    return Summary(
        exercise=exercise,
        variant=_variant(exercise, hold, reps or ()),
        hold=hold,
        faults=faults,
        unknown=tuple(stretch for stretch in every if stretch.state is State.UNKNOWN),
        score=round(max(0.0, 100.0 - sum(cost for _, cost in costs))) if done else None,
        costs=costs,
        reps=reps,
    )


def _variant(exercise: Exercise, hold: Hold, reps: tuple[Repetition, ...]) -> str | None:
    if exercise.reps and reps:
        high = [each.peak_lift_deg > exercise.reps.sit_up_deg for each in reps]
        if sum(high) > len(high) / 2:
            return SIT_UP
    return hold.variants[0][0] if hold.segments else None


def _faults_of_reps(reps: tuple[Repetition, ...]) -> tuple[Fault, ...]:
    return tuple(
        Fault(fault.rule, fault.level, *each.span_s, fault.value)
        for each in reps
        for fault in each.faults
    )


def _costs_of_reps(reps: tuple[Repetition, ...]) -> tuple[tuple[str, float], ...]:
    """Return what the repetitions with a fault cost: each is worth its share of 100."""
    costs: dict[str, float] = {}
    for each in reps:
        for fault in each.faults:
            points = 100.0 * cost_of(fault.rule, fault.level) / len(reps)
            costs[fault.rule.code] = costs.get(fault.rule.code, 0.0) + points
    return tuple(sorted(costs.items(), key=lambda cost: -cost[1]))


def _seconds(spans: Iterable[tuple[float, float]]) -> float:
    return sum(end - start for start, end in spans)


def _spans(stretches: Iterable[Stretch | Fault]) -> tuple[tuple[float, float], ...]:
    return merged((stretch.start_s, stretch.end_s) for stretch in stretches)


def merged(spans: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Return the same times as spans that neither touch nor overlap, in order.

    Examples
    --------
    >>> merged([(4, 5), (0, 2), (1, 3), (3, 4)])
    ((0, 5),)
    """
    result: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def without(
    spans: Iterable[tuple[float, float]], holes: Iterable[tuple[float, float]]
) -> tuple[tuple[float, float], ...]:
    """Return the spans less the holes.

    Examples
    --------
    >>> without([(0, 10)], [(2, 3), (9, 12)])
    ((0, 2), (3, 9))
    """
    rest = merged(spans)
    for low, high in merged(holes):
        cut = [((start, min(end, low)), (max(start, high), end)) for start, end in rest]
        rest = tuple(span for pair in cut for span in pair if span[1] > span[0])
    return rest


def _within(
    span: tuple[float, float], allowed: Iterable[tuple[float, float]]
) -> Iterable[tuple[float, float]]:
    for low, high in allowed:
        start, end = max(span[0], low), min(span[1], high)
        if end > start:
            yield start, end


def _faults(
    holds: tuple[Stretch, ...], episodes: Iterable[tuple[Rule, tuple[Episode, ...]]]
) -> tuple[Fault, ...]:
    spans = _spans(holds)
    found = [fault for rule, each in episodes for fault in _of_rule(rule, each, spans)]
    return tuple(sorted(found, key=lambda fault: (fault.start_s, fault.rule.code)))


def _of_rule(
    rule: Rule, episodes: tuple[Episode, ...], holds: tuple[tuple[float, float], ...]
) -> Iterable[Fault]:
    """Yield the FAULTs of a rule, and its WATCHes around them, as far as they lie in holds.

    Who comes to a fault, or leaves it, passes through what is a hint: that is told only where it
    lasts as long as a fault has to.
    """
    graver = [(e.start_s, e.end_s) for e in episodes if e.level is Verdict.FAULT]
    for episode in episodes:
        whole = (episode.start_s, episode.end_s)
        holes = graver if episode.level is Verdict.WATCH else []
        for part in without([whole], holes):
            least_s = _TRIFLE_S if part == whole else max(_TRIFLE_S, rule.seconds)
            for start_s, end_s in _within(part, holds):
                if end_s - start_s >= least_s:
                    yield Fault(rule, episode.level, start_s, end_s, episode.worst)


def cost_of(rule: Rule, level: Verdict) -> float:
    """Return what a rule at a level costs the score, for each percent of the exercise."""
    return rule.weight * (FAULT_COST if level is Verdict.FAULT else WATCH_COST)


def _costs(holds: tuple[Stretch, ...], faults: tuple[Fault, ...]) -> tuple[tuple[str, float], ...]:
    held_s = _seconds(_spans(holds))
    costs: dict[str, float] = {}
    for fault in faults:
        points = 100.0 * cost_of(fault.rule, fault.level) * fault.seconds / held_s
        costs[fault.rule.code] = costs.get(fault.rule.code, 0.0) + points
    return tuple(sorted(costs.items(), key=lambda cost: -cost[1]))


def _hold(holds: tuple[Stretch, ...], faults: tuple[Fault, ...], drifts: tuple[Drift, ...]) -> Hold:
    held = _spans(holds)
    grave = [(f.start_s, f.end_s) for f in faults if f.level is Verdict.FAULT]
    clean = without(held, grave)
    first_s = min((start for start, _ in grave), default=math.inf)
    before = [(start, min(end, first_s)) for start, end in held if start < first_s]
    return Hold(
        segments=holds,
        total_s=_seconds(held),
        clean_s=_seconds(clean),
        longest_clean_s=max((end - start for start, end in clean), default=0.0),
        first_fault_s=_seconds(before) if grave else None,
        drifts=drifts,
    )
