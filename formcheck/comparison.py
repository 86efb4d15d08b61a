"""Several sessions of one exercise side by side: last month, and today."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

from formcheck.charts import (
    LINES,
    TALL_PX,
    WIDTH,
    Axis,
    Chart,
    Curve,
    Row,
    Span,
    Tick,
    path,
    side_labels,
    ticks,
    value_axis,
)
from formcheck.exercises import Exercise, exercise_named
from formcheck.page import rendered
from formcheck.past import Past, PastFault, PastHold, read_past
from formcheck.pipeline import InputError, OutputError
from formcheck.report import whole_file
from formcheck.review import lift_name, plural
from formcheck.rules import Verdict
from formcheck.summary import merged, without
from formcheck.wording import clock, lasting

_LEVELS = (Verdict.FAULT, Verdict.WATCH)


def write_comparison(summaries: Sequence[Path], page: Path, *, force: bool = False) -> None:
    """Write one page that shows sessions side by side.

    Parameters
    ----------
    summaries : sequence of Path
        Two or more `summary.json` files, or their folders, the oldest first.
    page : Path
        The page, HTML.
    force : bool
        Whether to replace a file that exists.

    Raises
    ------
    InputError
        If one is no summary, or they are not of one exercise.
    OutputError
        If the page cannot be written.
    """
    if len(summaries) < 2:  # noqa: PLR2004 - one cannot be compared
        raise InputError("compare: name two summaries or more, the oldest first")
    pasts = tuple(read_past(each) for each in summaries)
    exercise = _common(summaries, pasts)
    if len({past.label for past in pasts}) < len(pasts):
        pasts = tuple(
            replace(past, label=f"{n}. {past.label}") for n, past in enumerate(pasts, start=1)
        )
    if page.exists() and not force:
        raise OutputError(f"{page}: exists already; choose another --out, or add --force")
    with whole_file(page) as file:
        file.write(comparison(pasts, exercise))


def _common(summaries: Sequence[Path], pasts: tuple[Past, ...]) -> Exercise:
    for given, past in zip(summaries, pasts, strict=True):
        if past.exercise != pasts[0].exercise:
            raise InputError(
                f"{given}: of {past.exercise[:40]}, the first is of {pasts[0].exercise[:40]}; "
                "compare sessions of one exercise"
            )
    try:
        exercise = exercise_named(pasts[0].exercise)
    except ValueError as error:
        raise InputError(f"{summaries[0]}: {error}") from None
    if any((past.reps is None) != (exercise.reps is None) for past in pasts):
        raise InputError(f"{summaries[0]}: a damaged summary; analyse the video again")
    return exercise


def comparison(pasts: tuple[Past, ...], exercise: Exercise) -> str:
    """Return the page of sessions of one exercise, in their order."""
    return rendered(
        "comparison.html",
        title=f"{exercise.title}: {len(pasts)} sessions",
        exercise=exercise,
        verdict=verdict(pasts, exercise),
        pasts=pasts,
        figures=_figures(pasts, exercise),
        over_time=_over_time(pasts),
        by_rep=_by_repetition(pasts, exercise),
        found=_found(pasts, exercise),
        remarks=tuple(_remarks(pasts)),
    )


def verdict(pasts: tuple[Past, ...], exercise: Exercise) -> str:
    """Return in one sentence how the last session compares with the first."""
    first, last = pasts[0], pasts[-1]
    if math.isnan(first.score) or math.isnan(last.score):
        return f"Of {len(pasts)} sessions, some have nothing to compare."
    shares = f"{_clean_percent(first):.0f} % clean, now {_clean_percent(last):.0f} %"
    if first.hold and last.hold:
        times = f"{lasting(first.hold.total_s)}, now {lasting(last.hold.total_s)}"
        return f"Held for {times}; {shares}."
    n_first, n_last = len(first.reps or ()), len(last.reps or ())
    noun = exercise.title.lower()
    return f"{n_first} {noun if n_first == 1 else plural(noun)}, now {n_last}; {shares}."


def _clean_percent(past: Past) -> float:
    if past.hold:
        return 100 * past.hold.clean_s / past.hold.total_s if past.hold.total_s else math.nan
    n_judged = _n_judged(past)
    return 100 * past.n_clean / n_judged if n_judged else math.nan


def _n_judged(past: Past) -> int:
    return sum(rep.judged for rep in past.reps or ())


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it is, and a cell for each session."""

    name: str
    cells: tuple[str, ...]


def _figures(pasts: tuple[Past, ...], exercise: Exercise) -> tuple[Line, ...]:
    lift = lift_name(exercise).capitalize()
    columns = [_of_hold(past.hold) if past.hold else _of_reps(past, lift) for past in pasts]
    score = ["-" if math.isnan(past.score) else f"{past.score:.0f} of 100" for past in pasts]
    names = columns[0].keys()
    lines = [Line(name, tuple(column[name] for column in columns)) for name in names]
    return (*lines, Line("Score", tuple(score)))


def _of_hold(hold: PastHold) -> dict[str, str]:
    first = "none" if math.isnan(hold.first_fault_s) else f"after {clock(hold.first_fault_s)}"
    return {
        "Held": clock(hold.total_s),
        "Clean": clock(hold.clean_s),
        "Longest clean": clock(hold.longest_clean_s),
        "First fault": first if hold.segments else "-",
    }


def _of_reps(past: Past, lift: str) -> dict[str, str]:
    reps, n_judged = past.reps or (), _n_judged(past)
    judged = f" of {n_judged} judged" if n_judged < len(reps) else ""
    times = [rep.duration_s for rep in reps if not math.isnan(rep.duration_s)]
    return {
        "Repetitions": str(len(reps)),
        "Clean": f"{past.n_clean}{judged}" if n_judged else "-",
        f"{lift}, typical": f"{median(rep.lift_deg for rep in reps):.0f}°" if reps else "-",
        "Tempo, typical": f"{median(times):.1f} s" if times else "-",
    }


def _over_time(pasts: tuple[Past, ...]) -> Chart:
    """Return a bar for each session, over one time axis."""
    end_s = max(past.end_s for past in pasts) or 1.0
    rows = tuple(Row(past.label, tuple(_spans(past, end_s))) for past in pasts)
    told = [
        f"{past.label}: {_clean_percent(past):.0f} % clean" for past in pasts if past.score >= 0
    ]
    described = "; ".join(told) or "nothing was judged"
    return Chart(
        "sessions", "Quality over time", described, rows=rows, ticks=ticks(end_s), height=0
    )


def _spans(past: Past, end_s: float) -> Iterable[Span]:
    if past.hold is None:
        for rep in past.reps or ():
            yield _span(rep.gravest, rep.start_s, rep.end_s, end_s)
        return
    grave, light = (
        merged((f.start_s, f.end_s) for f in past.faults if f.level is level) for level in _LEVELS
    )
    parts = (
        (Verdict.GOOD, without(past.hold.segments, (*grave, *light))),
        (Verdict.WATCH, without(light, grave)),
        (Verdict.FAULT, grave),
    )
    for level, times in parts:
        for start_s, until_s in times:
            yield _span(level, start_s, until_s, end_s)


def _span(level: Verdict, start_s: float, until_s: float, end_s: float) -> Span:
    left, right = (100 * min(time_s, end_s) / end_s for time_s in (start_s, until_s))
    title = f"{level.value}, {clock(start_s)} to {clock(until_s)}"
    return Span(round(left, 2), round(max(0.4, right - left), 2), level, title)


def _by_repetition(pasts: tuple[Past, ...], exercise: Exercise) -> Chart | None:
    """Return the lift of every repetition by its number; None for a hold."""
    counts = [len(past.reps or ()) for past in pasts]
    if max(counts) < 2:  # noqa: PLR2004 - no line goes through one point
        return None
    lifts = [np.array([rep.lift_deg for rep in past.reps or ()]) for past in pasts]
    across, up = Axis(1.0, max(counts), WIDTH), value_axis(np.concatenate(lifts), (0.0,), TALL_PX)
    curves = [
        Curve(path(np.arange(1.0, len(lift) + 1), lift, across, up), kind, past.label)
        for past, lift, kind in zip(pasts, lifts, LINES * len(pasts), strict=False)
    ]
    ends = (Tick(0, "1st", "start"), Tick(100, f"no. {max(counts)}", "end"))
    title = f"{lift_name(exercise).capitalize()} of each repetition"
    return Chart(
        "by-repetition",
        title,
        "; ".join(f"{past.label}: {len(lift)}" for past, lift in zip(pasts, lifts, strict=True)),
        curves=tuple(curves),
        ticks=ends,
        labels=side_labels(up, "deg"),
        height=TALL_PX,
    )


def _found(pasts: tuple[Past, ...], exercise: Exercise) -> tuple[Line, ...]:
    """Return what each check found in each session; checks that never did are left out."""
    names = {rule.code: rule.cue.shown.partition(":")[0] for rule in exercise.rules}
    codes = dict.fromkeys((*names, *(fault.code for past in pasts for fault in past.faults)))
    lines = [Line(names.get(code, code), tuple(_cell(p, code) for p in pasts)) for code in codes]
    return tuple(line for line in lines if set(line.cells) - {"-"})


def _cell(past: Past, code: str) -> str:
    faults = [fault for fault in past.faults if fault.code == code]
    words = ((Verdict.FAULT, "to correct"), (Verdict.WATCH, "to watch"))
    parts = [(_amount(past, faults, level), name) for level, name in words]
    return ", ".join(f"{amount} {name}" for amount, name in parts if amount) or "-"


def _amount(past: Past, faults: list[PastFault], level: Verdict) -> str:
    found = [fault for fault in faults if fault.level is level]
    if not found:
        return ""
    if past.reps is not None:
        return f"{len(found)} of {len(past.reps)}"
    return f"{sum(fault.end_s - fault.start_s for fault in found):.1f} s"


def _remarks(pasts: tuple[Past, ...]) -> Iterable[str]:
    """Yield what makes the sessions hard to compare."""
    if len({past.variant for past in pasts if past.variant}) > 1:
        yield "They are not of the same variant: one may be harder than the other."
    if any(past.thresholds != pasts[0].thresholds for past in pasts):
        yield "Their thresholds differ: what one calls a fault, the other may not."
    if len({past.version for past in pasts}) > 1:
        yield "They were analysed with different versions of formcheck."
    yield "Angles depend on where the camera stood: small differences may come from there."
