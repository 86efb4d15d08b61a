"""What there is to correct at this moment, gravest first: for the screen, and for the ear."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from formcheck.counting import RepCounter, judged
from formcheck.reps import Rep, Repetition
from formcheck.rules import WRONG, Rule, Verdict
from formcheck.session import Session

FAULT_TOLD_S = 3.0
"""How long a fault of a repetition is told of after it."""
_PRAISED_S = 1.5


@dataclass(frozen=True, slots=True)
class Correction:
    """A rule that is broken now, or was in the repetition just done.

    Attributes
    ----------
    rule : Rule
    level : Verdict
        WATCH or FAULT.
    since_s : float
        When it began; of a repetition, its top.
    n_before : int
        How many repetitions were over before it: that stays the same, while more is seen of it.
    """

    rule: Rule
    level: Verdict
    since_s: float
    n_before: int = 0


def corrections(session: Session) -> tuple[Correction, ...]:
    """Return what there is to correct now: faults before hints, each in the exercise's order."""
    found = _of_hold(session) if session.reps is None else _of_repetition(session, session.reps)
    return tuple(sorted(found, key=lambda each: WRONG.index(each.level)))


def _of_hold(session: Session) -> list[Correction]:
    watches = {watch.code: watch for watch in session.watches}
    found = []
    for rule in session.exercise.rules:
        level, watch = session.verdict(rule.code), watches[rule.code]
        if level in WRONG:
            latch = watch.fault if level is Verdict.FAULT else watch.watch
            found.append(Correction(rule, level, latch.start_s))
    return found


def _of_repetition(session: Session, reps: RepCounter) -> list[Correction]:
    last = recent_repetition(reps, session.time_s)
    if last is None:
        return []
    top_s, n_before = last.rep.top_s, _n_before(last.rep, reps)
    return [Correction(fault.rule, fault.level, top_s, n_before) for fault in last.faults]


def recent_repetition(reps: RepCounter, time_s: float) -> Repetition | None:
    """Return the repetition that there is something to say about now.

    That is the last one: as soon as it has a fault, and else when it is over. All are judged
    together, which takes time, and so only when the last one is recent.
    """
    recent = reps.reps and _past_s(reps.reps[-1], reps, time_s) <= FAULT_TOLD_S
    if reps.top is None and not recent:
        return None
    known = [
        each
        for each in judged(_open_ended(reps), last=2)
        if each.faults or not math.isnan(each.rep.end_s)
    ]
    if not known:
        return None
    last, told_s = known[-1], FAULT_TOLD_S if known[-1].faults else _PRAISED_S
    return last if _past_s(last.rep, reps, time_s) <= told_s else None


def _open_ended(reps: RepCounter) -> RepCounter:
    """Return the counter with the end of the repetition that goes on unknown.

    Half-way down nobody has been too quick, or failed to return to the floor.
    """
    so_far = reps.reps_so_far()
    if len(so_far) > len(reps.reps):
        so_far = (*reps.reps, replace(so_far[-1], end_s=math.nan, bottom_deg=math.nan))
    return replace(reps, top=None, reps=so_far)


def _past_s(rep: Rep, reps: RepCounter, time_s: float) -> float:
    """Return for how long a repetition is known to be over; less than 0 while it is not."""
    if reps.top is not None and _n_before(rep, reps) == len(reps.reps):
        return -math.inf
    end_s = rep.top_s if math.isnan(rep.end_s) else rep.end_s
    return time_s - end_s - reps.spec.settled_s


def _n_before(rep: Rep, reps: RepCounter) -> int:
    """Return how many repetitions were over before one; of one that goes on, all that are over."""
    return sum(each.top_s < rep.top_s for each in reps.reps)
