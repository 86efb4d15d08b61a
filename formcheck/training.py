"""What somebody set out to do, a goal or a standard test, and what came of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.protocols import Protocol, ProtocolResult, judged_by
from formcheck.reps import Repetition
from formcheck.sets import Goal, Set, sets_of


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
