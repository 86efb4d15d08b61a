"""The tables of `formcheck evaluate`: how well verdicts agree with labels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.table import Table

from formcheck.agreement import BORDER_S, Agreement, RepAgreement, Share
from formcheck.exercises import Exercise
from formcheck.rules import Verdict
from formcheck.summary import Summary
from formcheck.terminal import console

if TYPE_CHECKING:
    from formcheck.evaluation import Result


def show_agreement(results: Iterable[Result], exercises: tuple[Exercise, ...]) -> None:
    """Print how well each clip agrees with its labels, and all of them together."""
    every = tuple(results)
    if len(exercises) == 1:
        _show_agreement(every, exercises[0])
        return
    _show_recognised([result for result in every if not result.kind])
    for exercise in exercises:
        if own := tuple(result for result in every if result.wanted == exercise.name):
            _show_agreement(own, exercise)
    if stills := [result for result in every if result.kind]:
        _show_stills(stills)


def _show_recognised(results: list[Result]) -> None:
    """Print what each clip was taken for."""
    table = Table(box=None, padding=(0, 1))
    for title in ("clip", "labelled as", "taken for", "right, %"):
        table.add_column(title, no_wrap=True)
    total = Share()
    for result in results:
        done = ", ".join(result.done) or "none"
        table.add_row(result.name, result.exercise, done, _percent(result.recognised))
        total += result.recognised
    console.print(table)
    console.print(f"Right, of the time in which anything was done: {_percent(total)} %\n")


def _show_agreement(every: tuple[Result, ...], exercise: Exercise) -> None:
    if exercise.reps:
        _show_rep_clips(every, exercise)
        return
    own = [r for r in every if r.exercise == exercise.name and not r.kind]
    if own:
        _show_clips(own)
    others = [r for r in every if r.exercise != exercise.name]
    if others:
        _show_others(others, exercise)
    stills = [r for r in every if r.kind]
    if stills:
        _show_stills(stills)


_COLUMNS = (
    ("agree", ">= 97"),
    ("FAULT", "<= 1"),
    ("WATCH", "<= 10"),
    ("found", ">= 85"),
    ("UNKNOWN", ">= 90"),
    ("FAULT s", "0"),
    ("border", f"<= {BORDER_S:g}"),
)
_LEGEND = """\
agree     labelled hold and off time that agrees, %
FAULT     of the time of good holds, %; WATCH likewise
found     time of labelled faults at WATCH or above, %
UNKNOWN   of unjudgeable time, %; FAULT s: seconds of it with a FAULT
border    worst start or end of a hold, seconds beyond what the labels leave open"""


def _show_clips(results: list[Result]) -> None:
    table = Table(box=None, padding=(0, 1))
    table.add_column("clip", no_wrap=True)
    for title, _ in _COLUMNS:
        table.add_column(title, justify="right", no_wrap=True)
    total = Agreement()
    for result in results:
        table.add_row(result.name, *_cells(result.agreement))
        total += result.agreement
    table.add_row()
    table.add_row("[bold]all[/]", *_cells(total))
    table.add_row("target", *(target for _, target in _COLUMNS))
    console.print(table)
    within = sum(error <= BORDER_S for error in total.borders_s)
    console.print(f"Starts and ends within {BORDER_S:g} s: {within} of {len(total.borders_s)}")
    console.print(f"[dim]{_LEGEND}[/]\n")


_REP_LEGEND = """\
found     repetitions; ! where the count is outside the label's tolerance
top       greatest distance of a labelled top from the nearest one found, s
faults    labelled faults found, of the repetitions that should have them
FAULT     repetitions with a FAULT that is not labelled, tempo aside
clean     repetitions that were judged, without a fault, and no hint but of tempo"""


def _show_rep_clips(results: tuple[Result, ...], exercise: Exercise) -> None:
    table = Table(box=None, padding=(0, 1))
    for title in ("clip", "labelled as"):
        table.add_column(title, no_wrap=True)
    for title in ("labelled", "found", "top", "faults", "FAULT", "clean"):
        table.add_column(title, justify="right", no_wrap=True)
    for result in results:
        if result.reps is not None:
            table.add_row(result.name, result.exercise, *_rep_cells(result.reps))
    console.print(table)
    wrong = sum(not result.reps.counted for result in results if result.reps is not None)
    console.print(f"Run as {exercise.name}: {wrong} counts outside their tolerance")
    console.print(f"[dim]{_REP_LEGEND}[/]")


def _rep_cells(found: RepAgreement) -> tuple[str, ...]:
    labels, share = found.labels, found.found
    label = "" if labels.n is None else f"{labels.n}±{labels.tolerance}"
    top = "" if math.isnan(found.worst_top_s) else f"{found.worst_top_s:.2f}"
    faults = f"{share.part_s:g}/{share.whole_s:g}" if share.whole_s else ""
    mark = "" if found.counted else "! "
    return label, f"{mark}{found.n_found}", top, faults, str(found.n_fault), str(found.n_clean)


def _cells(found: Agreement) -> tuple[str, ...]:
    worst = max(found.borders_s, default=None)
    shares = (found.states, found.good_fault, found.good_watch, found.found, found.unknown)
    fault_s = f"{found.unjudgeable_fault_s:.1f}" if found.unknown.whole_s else ""
    border = "" if worst is None else f"{worst:.2f}" if math.isfinite(worst) else "missed"
    return (*map(_percent, shares), fault_s, border)


def _percent(share: Share) -> str:
    return f"{share.percent:.1f}" if share.whole_s else ""


def _show_others(results: list[Result], exercise: Exercise) -> None:
    longest = max(results, key=lambda result: result.agreement.longest_hold_s)
    console.print(
        f"{len(results)} clips of other exercises, run as {exercise.name}: longest hold "
        f"{longest.agreement.longest_hold_s:.1f} s; target <= 1 s"
    )


def _show_stills(results: list[Result]) -> None:
    console.print("Pictures, each taken as held for some seconds")
    table = Table(box=None, padding=(0, 1))
    for title in ("labelled", "pictures", "held", "unknown", "no FAULT", "WATCH"):
        table.add_column(title, justify="left" if title == "labelled" else "right")
    for kind in sorted({result.kind for result in results}):
        table.add_row(kind, *_still_cells([r.summary for r in results if r.kind == kind]))
    console.print(table)


def _still_cells(summaries: list[Summary]) -> tuple[str, ...]:
    levels = [{fault.level for fault in summary.faults} for summary in summaries]
    held = sum(bool(summary.hold.segments) for summary in summaries)
    unknown = sum(bool(summary.unknown) and not summary.hold.segments for summary in summaries)
    clean = sum(Verdict.FAULT not in each for each in levels)
    watch = sum(Verdict.WATCH in each for each in levels)
    share = f"{clean} ({100 * clean / len(summaries):.1f} %)"
    return str(len(summaries)), str(held), str(unknown), share, str(watch)
