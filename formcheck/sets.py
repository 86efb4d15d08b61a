"""Goals, and sets with their rests."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.reps import Repetition

PAUSE_S = 10.0
"""A longer pause ends a set. A convention: half of the shortest rest that A1 recommends."""
REST_S = (20.0, 30.0)
"""Rest between sets that article A1 recommends, seconds."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person wants to reach: repetitions, in one or more sets, or the seconds of a hold.

    Attributes
    ----------
    n_sets : int
        1 or more; 1 for a hold.
    n_reps : int or None
        In each set; None for a hold.
    hold_s : int or None
        Seconds; None for repetitions.
    """

    n_sets: int = 1
    n_reps: int | None = None
    hold_s: int | None = None

    @property
    def text(self) -> str:
        """The goal as `parse_goal` reads it."""
        if self.n_reps is None:
            return f"{self.hold_s}s"
        return str(self.n_reps) if self.n_sets == 1 else f"{self.n_sets}x{self.n_reps}"


_REPS = re.compile(r"(?:([0-9]{1,3}) ?[x\u00d7] ?)?([0-9]{1,4})")
_SECONDS = re.compile(r"([0-9]{1,4}) ?s")
_MINUTES = re.compile(r"([0-9]{1,2}):([0-5][0-9])")


def parse_goal(text: str) -> Goal:
    """Return the goal that a text names.

    Parameters
    ----------
    text : str
        "25" repetitions, "2x25" in two sets, "60s" or "1:30" for a hold.

    Raises
    ------
    ValueError
        For anything else, and for a goal of nothing, in one line.

    Examples
    --------
    >>> parse_goal("3x12")
    Goal(n_sets=3, n_reps=12, hold_s=None)
    >>> parse_goal("1:30").text
    '90s'
    """
    goal = _goal(text.strip().lower())
    if goal is None or 0 in {goal.n_sets, goal.n_reps, goal.hold_s}:
        raise ValueError(f"cannot read the goal {text[:20]!r}: try 25, 2x25, 60s or 1:30")
    return goal


def _goal(text: str) -> Goal | None:
    if match := _REPS.fullmatch(text):
        return Goal(int(match[1] or "1"), n_reps=int(match[2]))
    if match := _SECONDS.fullmatch(text):
        return Goal(hold_s=int(match[1]))
    if match := _MINUTES.fullmatch(text):
        return Goal(hold_s=60 * int(match[1]) + int(match[2]))
    return None


@dataclass(frozen=True, slots=True)
class Set:
    """Repetitions without a long pause.

    Attributes
    ----------
    repetitions : tuple of Repetition
        One or more.
    start_s, end_s : float
        First and last moment seen of it, seconds of the video; NaN when no time is known.
    rest_before_s : float
        Since the end of the set before; NaN for the first.
    """

    repetitions: tuple[Repetition, ...]
    start_s: float
    end_s: float
    rest_before_s: float

    @property
    def n_reps(self) -> int:
        """How many repetitions."""
        return len(self.repetitions)

    @property
    def n_clean(self) -> int:
        """How many were judged, with no fault and no hint on form."""
        return sum(repetition.clean for repetition in self.repetitions)


def sets_of(repetitions: Iterable[Repetition], pause_s: float = PAUSE_S) -> tuple[Set, ...]:
    """Return the sets that repetitions, in order of time, were done in.

    Parameters
    ----------
    repetitions : iterable of Repetition
    pause_s : float
        A pause longer than this, in seconds, begins a new set. It runs from the end of a
        repetition to the start of the next, or from and to their tops where those are not seen;
        a pause that is not known begins none.

    Returns
    -------
    tuple of Set
        Empty without a repetition.
    """
    sets: list[Set] = []
    for repetition in repetitions:
        start_s, end_s = repetition.span_s
        rest_s = start_s - sets[-1].end_s if sets else math.nan
        if sets and not rest_s > pause_s:
            sets[-1] = _with(sets[-1], repetition)
        else:
            sets.append(Set((repetition,), start_s, end_s, rest_s))
    return tuple(sets)


def _with(one: Set, repetition: Repetition) -> Set:
    start_s, end_s = repetition.span_s
    return Set(
        (*one.repetitions, repetition),
        start_s if math.isnan(one.start_s) else one.start_s,
        one.end_s if math.isnan(end_s) else end_s,
        one.rest_before_s,
    )


def advice_on_rest(sets: Iterable[Set]) -> str | None:
    """Return one line on the rests between sets; None without a rest.

    Article A1 recommends 20 to 30 s between three sets; that is advice, not a fault. Of several
    rests the one farthest off is spoken of, a short one first.
    """
    rests = [round(one.rest_before_s) for one in sets if not math.isnan(one.rest_before_s)]
    if not rests:
        return None
    low_s, high_s = REST_S
    if min(rests) < low_s:
        return f"Rest a little longer: {low_s:.0f} to {high_s:.0f} s; you took {min(rests)} s."
    if max(rests) > high_s:
        return f"{low_s:.0f} to {high_s:.0f} s of rest can do; you took {max(rests)} s."
    return f"Well rested: {low_s:.0f} to {high_s:.0f} s between sets."
