"""What the command line prints: tables and summaries for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from formcheck.exercises import Exercise, tips_for
from formcheck.outputs import UnsavedError
from formcheck.reps import Repetition
from formcheck.review import each_variant, verdict
from formcheck.rules import Bounds, Rule, Verdict
from formcheck.summary import Fault, Hold, Summary
from formcheck.training import Plan, outcome
from formcheck.wording import DISCLAIMER, clock, measured_name, plain, shown, signed

if TYPE_CHECKING:
    from formcheck.doctor import Finding

console = Console(highlight=False)

_MARKS = {Verdict.FAULT: "[bold red]✗ fault[/]", Verdict.WATCH: "[yellow]! watch[/]"}
_TOLD_DRIFT = {"deg": 5.0, "ratio": 0.1}
_TOLD_UNKNOWN_S = 0.5
_SIGN = {Verdict.FAULT: "[bold red]✗[/]", Verdict.WATCH: "[yellow]![/]"}


@contextmanager
def progress() -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on stderr, if that is a terminal, while frames are counted."""
    errors = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:.0f} frames"),
        BarColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def update(done: int, of: int | None) -> None:
            bar.update(task, completed=done, total=max(of, done) if of else None)

        yield update


def show_summary(summary: Summary, plan: Plan) -> None:
    """Print what came of each exercise that was done, and the disclaimer."""
    source = summary.source
    if source:
        console.print(f"[bold]{escape(source.name)}[/]  {clock(source.duration_s)}")
        if source.damage:
            console.print(f"[yellow]{escape(source.damage)}: judged as far as it goes[/]")
    for each in summary.every:
        _show_exercise(each, plan)
    console.print(f"[dim]{DISCLAIMER}[/]")


def _show_exercise(summary: Summary, plan: Plan) -> None:
    """Print holds or repetitions, faults with their cue, what is unknown, the score, advice."""
    if summary.reps:
        _show_reps(summary.reps, summary)
        _show_outcome(summary, plan)
    elif summary.hold.segments and summary.reps is None:
        _show_hold(summary.hold, summary.variant, summary.exercise)
        _show_outcome(summary, plan)
        _show_faults(summary.faults)
    else:
        console.print(verdict(summary))
    _show_unknown(summary)
    _show_score(summary)
    _show_advice(summary)


def _show_hold(hold: Hold, variant: str | None, exercise: Exercise) -> None:
    each = each_variant(hold)
    title = f"[bold]{exercise.title}[/]" + ("" if each else f", {variant}")
    console.print(
        f"\n{title}: held [bold]{clock(hold.total_s)}[/]" + (f" ({each})" if each else "")
    )
    clean = f"clean {clock(hold.clean_s)}, longest clean stretch {clock(hold.longest_clean_s)}"
    if hold.first_fault_s is not None:
        clean += f", first fault after {clock(hold.first_fault_s)}"
    console.print(f"  {clean}")
    if len(hold.segments) > 1:
        spans = (f"{clock(s.start_s)}-{clock(s.end_s)} {s.note}" for s in hold.segments)
        console.print(f"  holds: {', '.join(spans)}")
    for drift in hold.drifts:
        if abs(drift.lately - drift.first) >= _TOLD_DRIFT[drift.unit]:
            change = f"{signed(drift.first, drift.unit)} to {signed(drift.lately, drift.unit)}"
            name = measured_name(drift.metric, drift.unit)
            console.print(f"  [dim]as time went on: {name} from {change}[/]")


def _show_reps(reps: tuple[Repetition, ...], summary: Summary) -> None:
    n_unjudged = sum(not each.judged for each in reps)
    count = f"{len(reps)}[/] repetition{'s' if len(reps) > 1 else ''}"
    clean = f", {sum(each.clean for each in reps)} clean" if n_unjudged < len(reps) else ""
    unjudged = f", {n_unjudged} not shown well enough to be judged" if n_unjudged else ""
    console.print(f"\n[bold]{summary.title}[/]: [bold]{count}{clean}{unjudged}")
    for index, each in enumerate(reps, start=1):
        length = "" if math.isnan(each.rep.duration_s) else f", {each.rep.duration_s:.1f} s"
        rise = f", {each.peak_rise_cm:.0f} cm" if summary.exercise.lifts_trunk else ""
        measured = f"{each.peak_lift_deg:.0f}°{rise}{length}"
        marks = ", ".join(f"{_SIGN[f.level]} {_short(f.rule)}" for f in each.told_faults)
        told = marks if each.judged else "[dim]? not judged[/]"
        console.print(f"  {index:>2}. at {clock(each.rep.top_s)}  {measured:<20} {told}")
    every = [(fault.level, fault.rule) for each in reps for fault in each.told_faults]
    for level, rule in sorted(set(every), key=lambda pair: -every.count(pair)):
        of = f"in {every.count((level, rule))} of {len(reps)}"
        console.print(f"  {_MARKS[level]} {of}: {rule.cue.shown} [dim]({_short(rule)})[/]")


def _short(rule: Rule) -> str:
    return rule.code.partition(".")[2]


def _show_outcome(summary: Summary, plan: Plan) -> None:
    for line in outcome(summary, plan):
        console.print(f"  {line}")


def _show_faults(faults: tuple[Fault, ...]) -> None:
    if not faults:
        console.print("  [green]✓ nothing to correct[/]")
        return
    for fault in faults:
        times = f"{clock(fault.start_s)}-{clock(fault.end_s)}"
        worst = f", at worst {signed(fault.worst, fault.rule.unit)}"
        if fault.level is Verdict.WATCH and not fault.rule.fault.holds(fault.worst):
            worst = ""  # it is that of the fault which the hint surrounds
        console.print(f"  {_MARKS[fault.level]} {times}  {fault.rule.cue.shown}")
        console.print(f"          [dim]{fault.rule.code}{worst}[/]")


def _show_unknown(summary: Summary) -> None:
    for stretch in summary.unknown:
        if stretch.end_s - stretch.start_s < _TOLD_UNKNOWN_S:
            continue
        times = f"{clock(stretch.start_s)}-{clock(stretch.end_s)}"
        console.print(f"  [dim]? {times} cannot be judged: {stretch.note}[/]")


def _show_score(summary: Summary) -> None:
    if summary.score is None:
        return
    costs = ", ".join(f"{points:.0f} {code}" for code, points in summary.costs if points >= 1)
    made_of = f"  (100 less {costs})" if costs else ""
    console.print(f"\nScore [bold]{summary.score}[/] of 100{made_of}")


def _show_advice(summary: Summary) -> None:
    rules = {rule.code: rule for rule in summary.exercise.rules}
    if summary.costs:
        console.print(f"Next time: [bold]{rules[summary.costs[0][0]].cue.spoken}[/]")
    for rule in dict.fromkeys(fault.rule for fault in summary.faults):
        console.print(f"  {rule.cue.why} [dim]({rule.article.title})[/]")
    if any(f.level is Verdict.FAULT and f.rule.weight == 1 for f in summary.faults):
        tip = next(tip for tip in summary.exercise.tips if tip.when == "when faults last")
        console.print(f"  {tip.text} [dim]({tip.article.title})[/]")


def show_tips(exercise: Exercise, when: str) -> None:
    """Print the tips for a time, such as "before"."""
    for tip in tips_for(exercise, when):
        console.print(f"  {tip.text} [dim]({tip.article.title})[/]")


@contextmanager
def told_at_last(plan: Plan) -> Iterator[None]:
    """Print the summary of what could not all be written, and pass on why."""
    try:
        yield
    except UnsavedError as error:
        show_summary(error.summary, plan)
        raise


def show_files(folder: Path, names: Iterable[str]) -> None:
    """Print what was written."""
    console.print(f"Written to {escape(shown(str(folder)))}: {', '.join(map(shown, names))}")


def show_exercises(exercises: Iterable[Exercise]) -> None:
    """Print every check with its thresholds, unit and article, then the tips."""
    for exercise in exercises:
        console.print(f"[bold]{exercise.title}[/] ({exercise.name}), camera: {exercise.view.name}")
        for rule in exercise.rules:
            _show_rule(rule)
        for tip in exercise.tips:
            console.print(f"  [dim]{tip.when}:[/] {tip.text} [dim]{tip.article.code}[/]")
        articles = {rule.article.code: rule.article for rule in exercise.rules}
        articles |= {tip.article.code: tip.article for tip in exercise.tips}
        for code in sorted(articles):
            console.print(f"  [dim]{code}: {articles[code].title}[/]")


def _show_rule(rule: Rule) -> None:
    measure = f"{rule.metric.name}, from own best" if rule.learn_s else rule.metric.name
    console.print(f"  [bold]{rule.code}[/]  {rule.cue.shown} [dim]{rule.article.code}[/]")
    watch, fault = (_outside(bounds, rule.unit) for bounds in (rule.watch, rule.fault))
    console.print(f"    {measure}: watch {watch}; fault {fault}")
    lasting = f"for {rule.seconds:g} s; cleared {plain(rule.clear, rule.unit)} inside"
    console.print(f"    [dim]{lasting if rule.seconds else 'each repetition'}; {rule.basis}[/]")


def _outside(bounds: Bounds, unit: str) -> str:
    ends = (("<", bounds.low), (">", bounds.high))
    return " or ".join(f"{sign} {plain(end, unit)}" for sign, end in ends if math.isfinite(end))


def show_findings(findings: Iterable[Finding]) -> bool:
    """Print what the checks found as they come; return whether all is well."""
    marks = {True: "[green]✓[/]", False: "[bold red]✗[/]", None: "[yellow]-[/]"}
    well = True
    for finding in findings:
        console.print(f"{marks[finding.ok]} {finding.what}: {escape(finding.found)}")
        if finding.remedy:
            console.print(f"    {escape(finding.remedy)}")
        well = well and finding.ok is not False
    return well
