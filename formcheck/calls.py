"""What is called out while somebody trains: the time, the count, the beat, and the result."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.protocols import Protocol
from formcheck.rules import Rule, Verdict
from formcheck.sets import Goal
from formcheck.speech import Kind, Line, Sound, Tone
from formcheck.summary import Summary, cost_of, merged

_EARLY_S, _LATE_S = 15, 30  # the time is called this often, up to a minute and after it
_LONGEST_S = 3600
_APART_S = 4.0
_LAST_S = 5
_TEN_S = 10
_WORTH_HALVING_S = 30
_FEW_LEFT = 3
_TOLD_S = 2.0
_COUNT_IN_S = 2.0
_AHEAD_S = 0.3


@dataclass(frozen=True, slots=True)
class Bout:
    """A hold, or a set of repetitions.

    Attributes
    ----------
    exercise : str
        Its name; empty before the first.
    began_s : float
        When it was noticed; NaN before the first.
    start_s : float
        When the hold began, as far as is known.
    held_s : float
        For how long it has been held.
    after_s : float
        Repetitions with a later top are part of it.
    n_reps : int
        Repetitions of it so far.
    counted_s : float
        When the last of them was counted; minus infinity before.
    number : int
        1 for the first hold or set.
    """

    exercise: str = ""
    began_s: float = math.nan
    start_s: float = math.nan
    held_s: float = 0.0
    after_s: float = -math.inf
    n_reps: int = 0
    counted_s: float = -math.inf
    number: int = 1

    @property
    def last_s(self) -> float:
        """When it was noticed, or the last of its repetitions was counted."""
        return max(self.began_s, self.counted_s)


def time_call(bout: Bout, goal: Goal | None) -> Line | None:
    """Return what to say of the time of a hold now; None when there is nothing."""
    for at_s, text in reversed(_time_calls(goal.hold_s if goal else None)):
        if at_s <= bout.held_s:
            late_s = 1.0 if text.isdigit() else _TOLD_S
            on_time = bout.held_s < at_s + late_s
            return Line(Kind.CALL, text, text, f"{text}@{bout.began_s}") if on_time else None
    return None


def _time_calls(goal_s: int | None) -> list[tuple[float, str]]:
    """Return when what is called, in order of time."""
    own = _goal_calls(goal_s) if goal_s else []
    marks = [*range(_EARLY_S, 60, _EARLY_S), *range(60, _LONGEST_S, _LATE_S)]
    free = [at_s for at_s in marks if all(abs(at_s - other) >= _APART_S for other, _ in own)]
    return sorted(own + [(at_s, spoken_time(at_s)) for at_s in free])


def _goal_calls(goal_s: int) -> list[tuple[float, str]]:
    calls: list[tuple[float, str]] = [(goal_s, "Done. Goal reached")]
    calls += [(goal_s - left, str(left)) for left in range(1, min(_LAST_S, goal_s - 1) + 1)]
    if goal_s >= _WORTH_HALVING_S:
        calls += [(goal_s / 2, "Half way"), (goal_s - _TEN_S, "Ten seconds left")]
    return calls


def closing(bout: Bout, goal: Goal | None) -> bool:
    """Return whether the last seconds before a hold's goal are being counted down to the end."""
    left_s = goal.hold_s - bout.held_s if goal and goal.hold_s else math.inf
    return -_TOLD_S < left_s <= _LAST_S


def spoken_time(seconds: float) -> str:
    """Return a time as one says it.

    Examples
    --------
    >>> spoken_time(1), spoken_time(45.9), spoken_time(60), spoken_time(150)
    ('1 second', '45 seconds', '1 minute', '2 minutes 30')
    """
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return f"{rest} second{'s' if rest != 1 else ''}"
    return f"{minutes} minute{'s' if minutes != 1 else ''}" + (f" {rest}" if rest else "")


def count_call(bout: Bout, goal: Goal | None, time_s: float) -> Line | None:
    """Return what to say of the count now; None when there is nothing new."""
    if not bout.n_reps or not time_s - bout.counted_s < _TOLD_S:
        return None
    text = str(bout.n_reps) + (_goal_words(bout, goal) if goal else "")
    return Line(Kind.CALL, text, text, f"{text}@{bout.began_s}")


def _goal_words(bout: Bout, goal: Goal) -> str:
    """Return what to add to the count: how many are left, or that the set is done."""
    left = (goal.n_reps or 0) - bout.n_reps
    if left == 0:
        last = bout.number >= goal.n_sets
        return ". Done. Goal reached" if last else f". Set {bout.number} done. Rest"
    return f". {left} to go" if 0 < left <= _FEW_LEFT else ""


def beat(protocol: Protocol, began_s: float, times_s: tuple[float, float]) -> Sound | None:
    """Return the metronome's next beat, once it is near: high for up, low for down, one at the end.

    Parameters
    ----------
    protocol : Protocol
    began_s : float
        When the person was ready; the first beat comes a little later.
    times_s : (float, float)
        The moment before, and now.
    """
    before, now = (_n_beats(protocol, time_s + _AHEAD_S - began_s) for time_s in times_s)
    last = _n_beats(protocol, _COUNT_IN_S + (protocol.duration_s or math.inf))
    if now == before or now < 0 or before >= last:
        return None
    due_s = began_s + _COUNT_IN_S + now * 60.0 / protocol.beats_per_min
    tone = Tone.END if now >= last else Tone.LOW if now % 2 else Tone.HIGH
    return Sound(tone, max(0.0, due_s - times_s[1]))


def _n_beats(protocol: Protocol, passed_s: float) -> float:
    """Return how many beats have been since the first; below 0 before it."""
    return (passed_s - _COUNT_IN_S) * protocol.beats_per_min / 60.0 // 1.0


def end_call(protocol: Protocol | None, began_s: float, time_s: float) -> Line | None:
    """Return what to say when the time of a test is up."""
    if protocol is None or protocol.duration_s is None:
        return None
    over_s = time_s - began_s - _COUNT_IN_S - protocol.duration_s
    return Line(Kind.CALL, "Time is up", "end", f"end@{began_s}") if 0 <= over_s < _TOLD_S else None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a hold or a set, for the person who did it.

    Attributes
    ----------
    title : str
        "42 seconds", "12 repetitions".
    clean : str
        How much of it was clean.
    work_on : Rule or None
        The one thing to work on next; None when there was nothing to correct.
    faulty : bool
        Whether there was a FAULT, and not only hints.
    """

    title: str
    clean: str
    work_on: Rule | None
    faulty: bool

    @property
    def spoken(self) -> str:
        """As it is said."""
        next_time = f" Next time: {self.work_on.cue.spoken}." if self.work_on else ""
        return f"{self.title}. {self.clean}.{next_time}"


def result_of(bout: Bout, summary: Summary) -> Result:
    """Return what came of the last hold, or the last set."""
    return _of_set(bout, summary) if summary.reps is not None else _of_hold(bout, summary)


def _of_hold(bout: Bout, summary: Summary) -> Result:
    faults = [fault for fault in summary.faults if fault.end_s > bout.start_s]
    lost = merged((fault.start_s, fault.end_s) for fault in faults if fault.level is Verdict.FAULT)
    clean_s = max(0.0, bout.held_s - sum(end_s - start_s for start_s, end_s in lost))
    some = f"{spoken_time(round(clean_s))} of it clean" if round(clean_s) else "None clean yet"
    clean = some if lost else "All of it clean"
    costs = [(fault.rule, cost_of(fault.rule, fault.level) * fault.seconds) for fault in faults]
    return Result(spoken_time(round(bout.held_s)), clean, _dearest(costs), bool(lost))


def _of_set(bout: Bout, summary: Summary) -> Result:
    done = [each for each in summary.reps or () if each.rep.top_s > bout.after_s]
    judged = [each for each in done if each.judged]
    n_clean = sum(each.clean for each in judged)
    some = f"{n_clean} clean" if n_clean else "None clean yet"
    clean = "All clean" if n_clean == len(judged) else some
    if not judged:
        clean = "I could not see your form"
    faults = [fault for each in judged for fault in each.faults]
    costs = [(fault.rule, cost_of(fault.rule, fault.level)) for fault in faults]
    title = f"{len(done)} repetition{'s' if len(done) != 1 else ''}"
    return Result(title, clean, _dearest(costs), any(each.faulty for each in judged))


def _dearest(costs: list[tuple[Rule, float]]) -> Rule | None:
    """Return the rule that cost most in all."""
    sums: dict[Rule, float] = {}
    for rule, cost in costs:
        sums[rule] = sums.get(rule, 0.0) + cost
    return max(sums, key=lambda rule: sums[rule], default=None)
