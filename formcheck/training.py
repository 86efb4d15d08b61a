"""What somebody set out to do, a goal or a standard test, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.protocols import Pace, Protocol, ProtocolResult, judged_by
from formcheck.reps import Repetition
from formcheck.sets import Goal, Set, advice_on_rest, sets_of
from formcheck.summary import Hold, Summary
from formcheck.wording import clock


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody set out to do.

    Attributes
    ----------
    goal : Goal or None
        Sets of repetitions, or seconds of holding.
    protocol : Protocol or None
        A standard test.
    """

    goal: Goal | None = None
    protocol: Protocol | None = None


def tested(
    protocol: Protocol, reps: tuple[Repetition, ...], until_s: float
) -> ProtocolResult | None:
    """Return what a test makes of the largest set; None without repetitions.

    Trials and warm-ups before it, and what comes after a rest, are not part of the test.

    Parameters
    ----------
    protocol : Protocol
    reps : tuple of Repetition
    until_s : float
        When the video ended.
    """
    sets = sets_of(reps)
    if not sets:
        return None
    best = max(sets, key=lambda one: one.n_reps)
    return judged_by(protocol, best.repetitions, seen_until_s=_seen_until_s(sets, best, until_s))


def _seen_until_s(sets: tuple[Set, ...], best: Set, until_s: float) -> float:
    later = [one.start_s for one in sets if one.start_s > best.end_s]
    return min((start for start in later if not math.isnan(start)), default=until_s)


def outcome(summary: Summary, plan: Plan) -> tuple[str, ...]:
    """Return what came of sets, goal and test, a line each."""
    if summary.reps is None:
        return _goal_of_hold(summary.hold, plan)
    return (*_sets(summary.reps, plan), *_test(summary, plan)) if summary.reps else ()


def _goal_of_hold(hold: Hold, plan: Plan) -> tuple[str, ...]:
    if not (plan.goal and plan.goal.hold_s and hold.segments):
        return ()
    longest_s = max(s.end_s - s.start_s for s in hold.segments)
    reached = "reached" if longest_s >= plan.goal.hold_s else "not yet reached"
    return (f"goal of {clock(plan.goal.hold_s)} {reached}",)


def _sets(reps: tuple[Repetition, ...], plan: Plan) -> Iterable[str]:
    sets = sets_of(reps)
    if len(sets) > 1:
        each = ", ".join(f"{one.n_reps} ({one.n_clean} clean)" for one in sets)
        yield f"sets: {each}"
        yield advice_on_rest(sets) or ""
    if plan.goal and plan.goal.n_reps:
        done = sum(one.n_reps >= plan.goal.n_reps for one in sets)
        yield f"goal of {plan.goal.text}: {done} of {plan.goal.n_sets} sets reached"


def _test(summary: Summary, plan: Plan) -> Iterable[str]:
    until_s = summary.source.duration_s if summary.source else math.nan
    result = tested(plan.protocol, summary.reps or (), until_s) if plan.protocol else None
    if plan.protocol and result:
        off = sum(beat.pace in {Pace.FAST, Pace.SLOW} for beat in result.beats)
        ended = f"over by {result.ended_by.value}; {off} off the beat"
        yield f"{plan.protocol.title}: {result.n_counted} counted, {ended}"
