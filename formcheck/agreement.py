"""How well a summary agrees with labels that a person set by eye."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.holds import State
from formcheck.rules import Verdict
from formcheck.summary import Summary, merged

BORDER_S = 0.7
"""How exact a time set by eye is, seconds."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """A labelled stretch of a clip.

    Attributes
    ----------
    start_s, end_s : float
    state : str
        "hold", "off" or "unjudgeable".
    faults : tuple of str
        Names of rules without the exercise's; empty for good form.
    """

    start_s: float
    end_s: float
    state: str
    faults: tuple[str, ...] = ()

    def inner(self, duration_s: float) -> Span:
        """Return the segment less what may be wrong at its borders, but for the clip's own ends."""
        start_s = self.start_s if self.start_s <= 0 else self.start_s + BORDER_S
        end_s = self.end_s if self.end_s >= duration_s else self.end_s - BORDER_S
        middle_s = (self.start_s + min(self.end_s, duration_s)) / 2
        return min(start_s, middle_s), max(min(end_s, duration_s), middle_s)


@dataclass(frozen=True, slots=True)
class Share:
    """Part of a time, in seconds.

    Attributes
    ----------
    part_s, whole_s : float
    """

    part_s: float = 0.0
    whole_s: float = 0.0

    def __add__(self, other: Share) -> Share:
        return Share(self.part_s + other.part_s, self.whole_s + other.whole_s)

    @property
    def percent(self) -> float:
        """The part in percent; NaN of nothing."""
        return 100.0 * self.part_s / self.whole_s if self.whole_s else math.nan


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a summary agrees with the labels of a clip; agreements add up over clips.

    Attributes
    ----------
    states : Share
        Labelled hold and off time on which the summary agrees: hold or not.
    good_fault, good_watch : Share
        Time of good holds with a FAULT, with a WATCH of any rule.
    found : Share
        Time of labelled faults in which that rule is at WATCH or above.
    unknown : Share
        Unjudgeable time in which nothing is judged.
    unjudgeable_fault_s : float
        Seconds of FAULT in unjudgeable time.
    borders_s : tuple of float
        Errors of starts and ends of holds beyond what the labels leave open; infinite for a hold
        that was missed.
    longest_hold_s : float
        Of the whole clip.
    """

    states: Share = Share()
    good_fault: Share = Share()
    good_watch: Share = Share()
    found: Share = Share()
    unknown: Share = Share()
    unjudgeable_fault_s: float = 0.0
    borders_s: tuple[float, ...] = ()
    longest_hold_s: float = 0.0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.states + other.states,
            self.good_fault + other.good_fault,
            self.good_watch + other.good_watch,
            self.found + other.found,
            self.unknown + other.unknown,
            self.unjudgeable_fault_s + other.unjudgeable_fault_s,
            self.borders_s + other.borders_s,
            max(self.longest_hold_s, other.longest_hold_s),
        )


def agreement(summary: Summary, segments: Iterable[Segment], duration_s: float) -> Agreement:
    """Return how a summary agrees with the labelled segments of a clip."""
    labelled = tuple(segments)
    spans = merged((hold.start_s, hold.end_s) for hold in summary.hold.segments)
    total = Agreement(
        borders_s=tuple(_border_errors_s(spans, labelled)),
        longest_hold_s=max((end - start for start, end in spans), default=0.0),
    )
    for segment in labelled:
        total += _of_segment(summary, spans, segment, segment.inner(duration_s))
    return total


@dataclass(frozen=True, slots=True)
class RepLabels:
    """What is labelled of the repetitions of a clip.

    Attributes
    ----------
    n : int or None
        How many there are; None where nobody counted.
    tolerance : int
    tops_s : tuple of float
        Times of the tops; empty where not labelled.
    faults : tuple of str
        Names of rules, without the exercise's, that every repetition breaks.
    """

    n: int | None = None
    tolerance: int = 0
    tops_s: tuple[float, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepAgreement:
    """How the repetitions of a summary agree with the labels.

    Attributes
    ----------
    labels : RepLabels
    n_found : int
    n_clean : int
        See `Repetition.clean`.
    worst_top_s : float
        Greatest distance of a labelled top from the nearest one found; NaN without labels.
    found : Share
        Repetitions with a labelled fault, of those that should have it (counts, not seconds).
    n_fault : int
        Repetitions with a FAULT that is not labelled, tempo aside.
    """

    labels: RepLabels
    n_found: int
    n_clean: int
    worst_top_s: float
    found: Share
    n_fault: int

    @property
    def counted(self) -> bool:
        """Whether the count is right within its tolerance; true where nobody counted."""
        n = self.labels.n
        return n is None or abs(self.n_found - n) <= self.labels.tolerance


def rep_agreement(summary: Summary, labels: RepLabels) -> RepAgreement:
    """Return how the repetitions of a summary agree with the labels."""
    reps = summary.reps or ()
    named = [f"{summary.exercise.name}.{name}" for name in labels.faults]
    codes = [{fault.rule.code for fault in each.told_faults} for each in reps]
    graver = [{f.rule.code for f in each.told_faults if f.level is Verdict.FAULT} for each in reps]
    aside = {*named, f"{summary.exercise.name}.tempo"}
    tops = [each.rep.top_s for each in reps]
    errors = [min((abs(top - t) for t in tops), default=math.inf) for top in labels.tops_s]
    return RepAgreement(
        labels=labels,
        n_found=len(reps),
        n_clean=sum(each.clean for each in reps),
        worst_top_s=max(errors, default=math.nan),
        found=Share(sum(name in own for name in named for own in codes), len(named) * len(reps)),
        n_fault=sum(bool(own - aside) for own in graver),
    )


def _of_segment(
    summary: Summary, holds: tuple[Span, ...], segment: Segment, span: Span
) -> Agreement:
    held = _share(span, holds)
    if segment.state == "off":
        return Agreement(states=Share(held.whole_s - held.part_s, held.whole_s))
    faults = _share(span, _spans(summary, level=Verdict.FAULT))
    if segment.state == "unjudgeable":
        unknown = merged((stretch.start_s, stretch.end_s) for stretch in summary.unknown)
        return Agreement(unknown=_share(span, unknown), unjudgeable_fault_s=faults.part_s)
    if not segment.faults:
        watches = _share(span, _spans(summary, level=Verdict.WATCH))
        return Agreement(states=held, good_fault=faults, good_watch=watches)
    found = Share()
    for fault in segment.faults:
        found += _share(span, _spans(summary, code=f"{summary.exercise.name}.{fault}"))
    return Agreement(states=held, found=found)


def _spans(
    summary: Summary, level: Verdict | None = None, code: str | None = None
) -> tuple[Span, ...]:
    """Return when there was a fault, of one level or of one rule if that is asked for."""
    return merged(
        (fault.start_s, fault.end_s)
        for fault in summary.faults
        if level in {None, fault.level} and code in {None, fault.rule.code}
    )


def _share(span: Span, parts: tuple[Span, ...]) -> Share:
    start, end = span
    covered = sum(max(0.0, min(end, high) - max(start, low)) for low, high in parts)
    return Share(covered, end - start)


def _border_errors_s(holds: tuple[Span, ...], segments: tuple[Segment, ...]) -> Iterable[float]:
    """Yield how far starts and ends of holds lie outside of what the labels leave open."""
    for index, segment in enumerate(segments):
        if segment.state != State.HOLD.value:
            continue
        own = _overlapping(holds, segment)
        before = segments[index - 1] if index else None
        after = segments[index + 1] if index + 1 < len(segments) else None
        if before is None or before.state != segment.state:
            yield _outside(own[0], before.end_s if before else -math.inf, segment.start_s)
        if after is None or after.state != segment.state:
            yield _outside(own[1], segment.end_s, after.start_s if after else math.inf)


def _overlapping(holds: tuple[Span, ...], segment: Segment) -> Span:
    """Return from the first to the last hold in a segment; infinitely far off if there is none."""
    inside = [h for h in holds if min(h[1], segment.end_s) > max(h[0], segment.start_s)]
    if not inside:
        return math.inf, -math.inf
    return inside[0][0], inside[-1][1]


def _outside(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)
