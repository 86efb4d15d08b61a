"""The charts of a session: every check over the curve of its metric, repetitions, tiredness."""

from __future__ import annotations

import math

import numpy as np

from formcheck.charts import (
    LINES,
    TALL_PX,
    WIDTH,
    Axis,
    Chart,
    Curve,
    ErrorBar,
    Row,
    Span,
    marks,
    path,
    side_labels,
    spans,
    ticks,
    value_axis,
)
from formcheck.drift import Drift
from formcheck.exercises import Exercise
from formcheck.holds import State
from formcheck.landmarks import Array
from formcheck.metrics_log import LEVELS, STATES, Codes, MetricsLog
from formcheck.reps import Repetition
from formcheck.rules import Rule, Verdict
from formcheck.summary import Summary
from formcheck.uncertainty import USUAL_DEG
from formcheck.wording import clock, measured_name, plain, signed

_RISE = "over_rise_deg"
"""The metric of a repetition whose bounds are heights of its curve, above lying."""
_AMONG = (*LEVELS, None)
_OFF = len(LEVELS)
_MOST_TOLD = 8
_GRAVEST = (Verdict.FAULT, Verdict.WATCH, Verdict.GOOD)


def quality(summary: Summary, log: MetricsLog) -> Chart:
    """Return the whole session as one bar: the gravest verdict of each moment."""
    end_s = _end_s(log)
    title = "Quality from start to end"
    if summary.reps is not None:
        row = Row("", tuple(_rep_span(each, _gravest(each), end_s) for each in summary.reps))
    else:
        row = Row("", spans(log.times_s, _overall(summary, log), end_s, _AMONG))
    return Chart(
        "quality", title, _told(row), rows=(row,), ticks=ticks(end_s), end_s=end_s, height=0
    )


def of_checks(summary: Summary, log: MetricsLog) -> tuple[Chart, ...]:
    """Return a chart for each metric with what its checks said; none without a hold or a rep."""
    if summary.reps is not None:
        return (_lift(summary.reps, summary.exercise, log),) if summary.reps else ()
    by_metric: dict[str, list[Rule]] = {}
    for rule in summary.exercise.rules:
        by_metric.setdefault(rule.metric.name, []).append(rule)
    every = (_of_metric(rules, summary, log) for rules in by_metric.values())
    return tuple(chart for chart in every if chart.curves[0].path)


def unseen(summary: Summary, log: MetricsLog) -> tuple[str, ...]:
    """Return the names of checks that could not be made at any moment of a hold, or of any rep."""
    if summary.reps is not None:
        missing = [set(each.unknown) for each in summary.reps]
        never = set.intersection(*missing) if missing else set()
        return tuple(_name(rule) for rule in summary.exercise.rules if rule in never)
    nothing = LEVELS.index(Verdict.UNKNOWN)
    codes = {code for code, each in log.levels(summary).items() if (each == nothing).all()}
    held = [_forms(segment.note, summary.exercise) for segment in summary.hold.segments]
    due = {code for forms in held for code in set.intersection(*forms)}
    return tuple(_name(rule) for rule in summary.exercise.rules if rule.code in codes & due)


def _forms(variant: str, exercise: Exercise) -> list[set[str]]:
    """Return the codes of the checks in each form of a variant: on the knees there are two."""
    forms = [each for each in exercise.stance.variants if each.name == variant]
    return [{rule.code for rule in form.rules} for form in forms]


def _of_metric(rules: list[Rule], summary: Summary, log: MetricsLog) -> Chart:
    """Return the chart of one metric, its curve as far as a check of the variant is about it."""
    rule, times_s, end_s = rules[0], log.times_s, _end_s(log)
    held = np.zeros(len(times_s), bool)
    for segment in summary.hold.segments:
        if rule.code in set.union(*_forms(segment.note, summary.exercise)):
            held |= (segment.start_s <= times_s) & (times_s <= segment.end_s)
    values = np.where(held, log.compared(rule), np.nan)
    bounds = [end for each in rules for end in _ends(each)]
    across, up = Axis(0.0, end_s, WIDTH), value_axis(values, bounds)
    levels = log.levels(summary)
    off = log.states(summary) == STATES.index(State.OFF)
    rows = tuple(
        Row(_name(each), spans(times_s, _without(levels[each.code], off), end_s, _AMONG))
        for each in rules
    )
    own = ", less your own best" if rule.learn_s else ""
    return Chart(
        key=rule.metric.name.replace("_", "-"),
        title=f"{measured_name(rule.metric.name, rule.metric.unit)}{own}",
        described="; ".join([_range(values, rule.unit), *map(_told, rows)]),
        curves=(Curve(path(times_s, values, across, up)),),
        marks=marks(rules, up),
        rows=rows,
        ticks=ticks(end_s),
        end_s=end_s,
        labels=side_labels(up, rule.unit),
        error=_error(values, log.off_by(rule.metric.name), up, rule.unit),
    )


def _lift(reps: tuple[Repetition, ...], exercise: Exercise, log: MetricsLog) -> Chart:
    """Return how far the trunk was lifted, and below it what each check said of each repetition."""
    metric, end_s = exercise.reps.signals.lift, _end_s(log)  # type: ignore[union-attr]
    lying_deg = _lying_deg(reps)
    values = _near(log.values(metric.name), log.times_s, reps) - lying_deg
    high = [rule for rule in exercise.rules if rule.metric.name == _RISE]
    above = " above lying" if high else ""
    up = value_axis(values, (0.0, *(end for rule in high for end in _ends(rule))), TALL_PX)
    across = Axis(0.0, end_s, WIDTH)
    rows = tuple(
        Row(_name(rule), tuple(_rep_span(each, _level(each, rule), end_s) for each in reps))
        for rule in exercise.rules
    )
    lift = measured_name(metric.name, metric.unit)
    return Chart(
        key="lift",
        title=f"{lift}{above}, and the checks of each repetition",
        described="; ".join([_range(values, metric.unit), *map(_told, rows)]),
        curves=(Curve(path(log.times_s, values, across, up)),),
        marks=marks(high, up),
        rows=rows,
        ticks=ticks(end_s),
        end_s=end_s,
        labels=side_labels(up, metric.unit),
        error=_error(values, log.off_by(metric.name), up, metric.unit),
        height=TALL_PX,
    )


def overlay(summary: Summary, log: MetricsLog) -> Chart | None:
    """Return the curves of all repetitions from their own start; None with fewer than two."""
    reps = [each for each in summary.reps or () if not math.isnan(each.rep.duration_s)]
    exercise = summary.exercise
    if exercise.reps is None or len(reps) < 2:  # noqa: PLR2004 - nothing to compare
        return None
    metric, times_s = exercise.reps.signals.lift, log.times_s
    values = log.values(metric.name) - _lying_deg(tuple(reps))
    longest_s = max(each.rep.duration_s for each in reps)
    across = Axis(0.0, longest_s, WIDTH)
    up = value_axis(_near(values, times_s, tuple(reps)), (0.0,), TALL_PX)
    curves = []
    for index, each in enumerate(reps, start=1):
        part = (times_s >= each.rep.start_s) & (times_s <= each.rep.end_s)
        kind = {Verdict.FAULT: "rep fault", Verdict.WATCH: "rep watch"}.get(_gravest(each), "rep")
        line = path(times_s[part] - each.rep.start_s, values[part], across, up)
        curves.append(Curve(line, kind, str(index)))
    peaks = [each.peak_lift_deg for each in reps]
    return Chart(
        key="overlay",
        title="All repetitions over each other",
        described=f"{len(reps)} repetitions, peaks from {min(peaks):.0f}° to {max(peaks):.0f}°, "
        f"the longest {longest_s:.1f} s.",
        curves=tuple(curves),
        ticks=ticks(longest_s),
        labels=side_labels(up, metric.unit),
        height=TALL_PX,
    )


def tiredness(summary: Summary, log: MetricsLog) -> Chart | None:
    """Return how the angles drifted from the first clean seconds; None for holds too short."""
    drifts = [drift for drift in summary.hold.drifts if drift.unit == "deg"]
    if summary.reps is not None or not drifts:
        return None
    folded = [(drift, *_folded(drift, summary, log)) for drift in drifts]
    changes = np.concatenate([values for _, _, values in folded])
    longest_s = max(float(times_s[-1]) for _, times_s, _ in folded)
    up = value_axis(changes, (-2.0 * USUAL_DEG, 2.0 * USUAL_DEG), TALL_PX)
    across = Axis(0.0, longest_s, WIDTH)
    told = [
        f"{measured_name(d.metric, d.unit)} {signed(d.lately - d.first, d.unit)}" for d in drifts
    ]
    return Chart(
        key="tiredness",
        title="Change since the first clean 5 seconds",
        described=f"At the end: {', '.join(told)}.",
        curves=tuple(
            Curve(path(times_s, values, across, up), kind, text)
            for (_, times_s, values), kind, text in zip(folded, LINES, told, strict=False)
        ),
        ticks=ticks(longest_s),
        labels=side_labels(up, "deg"),
        band=(up.down(USUAL_DEG), up.down(-USUAL_DEG)),
        height=TALL_PX,
    )


def _folded(drift: Drift, summary: Summary, log: MetricsLog) -> tuple[Array, Array]:
    """Return seconds of holding, and the change that the drift saw at each."""
    times_s, values = log.times_s, log.values(drift.metric)
    now, held_s = Drift(drift.metric, drift.unit), 0.0
    on_clock, changes = [], []
    for segment in summary.hold.segments:
        inside = (times_s >= segment.start_s) & (times_s <= segment.end_s)
        if segment.note == drift.variant:
            for time_s, value in zip(
                times_s[inside].tolist(), values[inside].tolist(), strict=True
            ):
                now = now.after(time_s, value, drift.variant, clean=False)
                on_clock.append(held_s + time_s - segment.start_s)
                changes.append(now.lately - drift.first)
        held_s += segment.end_s - segment.start_s
    return np.array(on_clock), np.array(changes)


def _error(values: Array, off_by: Array, up: Axis, unit: str) -> ErrorBar | None:
    """Return how far values can be off as a rule, drawn about the middle one."""
    known = ~np.isnan(values) & ~np.isnan(off_by)
    if not known.any():
        return None
    middle, usual = float(np.median(values[known])), float(np.median(off_by[known]))
    told = plain(round(usual, 2 if unit == "ratio" else 0), unit)
    top, bottom = (min(max(up.down(middle + by), 0.0), up.size) for by in (usual, -usual))
    return ErrorBar(top, bottom, f"about ±{told}")


def _end_s(log: MetricsLog) -> float:
    times_s = log.times_s
    return float(times_s[-1]) if len(times_s) and times_s[-1] > 0 else 1.0


def _overall(summary: Summary, log: MetricsLog) -> Codes:
    """Return the gravest verdict of every frame; a moment of which one check is known is good."""
    states = log.states(summary)
    by_rule = [*log.levels(summary).values()]
    levels = np.array(by_rule).reshape(len(by_rule), len(states))
    overall = np.full(len(states), LEVELS.index(Verdict.UNKNOWN), np.int8)
    for level in reversed(_GRAVEST):
        overall[(levels == LEVELS.index(level)).any(axis=0)] = LEVELS.index(level)
    return _without(overall, states == STATES.index(State.OFF))


def _without(codes: Codes, off: Array) -> Codes:
    return np.where(off, _OFF, codes).astype(np.int8)


def _rep_span(each: Repetition, level: Verdict, end_s: float) -> Span:
    start, end = (100 * min(time_s, end_s) / end_s for time_s in each.span_s)
    title = f"{level.value}, {clock(each.span_s[0])} to {clock(each.span_s[1])}"
    return Span(round(start, 2), round(max(0.4, end - start), 2), level, title)


def _level(each: Repetition, rule: Rule) -> Verdict:
    if not each.judged or rule in each.unknown:
        return Verdict.UNKNOWN
    levels = (fault.level for fault in each.faults if fault.rule.code == rule.code)
    return next(levels, Verdict.GOOD)


def _gravest(each: Repetition) -> Verdict:
    if not each.judged:
        return Verdict.UNKNOWN
    levels = {fault.level for fault in each.faults}
    return next((level for level in _GRAVEST if level in levels), Verdict.GOOD)


def _lying_deg(reps: tuple[Repetition, ...]) -> float:
    return float(np.median([each.rep.peak_deg - each.peak_lift_deg for each in reps]))


def _near(values: Array, times_s: Array, reps: tuple[Repetition, ...]) -> Array:
    """Return the values from the first repetition to the last, with a moment around them."""
    start_s, end_s = reps[0].span_s[0] - 1.0, reps[-1].span_s[1] + 1.0
    return np.where((times_s >= start_s) & (times_s <= end_s), values, np.nan)


def _ends(rule: Rule) -> tuple[float, ...]:
    return (rule.watch.low, rule.watch.high, rule.fault.low, rule.fault.high)


def _name(rule: Rule) -> str:
    return rule.cue.shown.partition(":")[0]


def _range(values: Array, unit: str) -> str:
    known = values[~np.isnan(values)]
    if not len(known):
        return "not seen"
    low, high = (
        plain(round(float(end), 2 if unit == "ratio" else 0), unit)
        for end in (known.min(), known.max())
    )
    return f"from {low} to {high}"


def _told(row: Row) -> str:
    """Return a row in words, for those who do not see it."""
    wrong = [span for span in row.spans if span.level in {Verdict.FAULT, Verdict.WATCH}]
    words = ", ".join(span.title for span in wrong) or "no hint and no fault"
    if len(wrong) > _MOST_TOLD:
        n_faults = sum(span.level is Verdict.FAULT for span in wrong)
        words = f"{n_faults} times a fault, {len(wrong) - n_faults} times a hint"
    return f"{row.name}: {words}" if row.name else words
