"""What programs read of a session, `summary.json`, and how files are written whole."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from formcheck import __version__
from formcheck.drift import Drift
from formcheck.exercises import Exercise
from formcheck.pipeline import OutputError
from formcheck.protocols import Protocol
from formcheck.reps import Repetition, RepFault
from formcheck.rules import Bounds, Rule
from formcheck.sets import Set, sets_of
from formcheck.summary import SCHEMA, Fault, Hold, Source, Summary
from formcheck.training import Plan, tested


def as_json(summary: Summary, plan: Plan | None = None) -> dict[str, Any]:
    """Return a summary as the JSON document of schema `formcheck.summary/1`.

    Times are seconds of the video, values in the unit named beside them; null is unknown or none.
    """
    return {
        "schema": SCHEMA,
        "version": __version__,
        "source": _source(summary.source) if summary.source else None,
        "exercise": summary.exercise.name,
        "variant": summary.variant,
        "hold": _hold(summary.hold) if summary.reps is None else None,
        "reps": None if summary.reps is None else _reps(summary.reps),
        "sets": None if summary.reps is None else [_set(one) for one in sets_of(summary.reps)],
        "goal": plan.goal.text if plan and plan.goal else None,
        "protocol": _protocol(summary, plan.protocol) if plan and plan.protocol else None,
        "faults": [_fault(fault) for fault in summary.faults],
        "unknown": [
            {"start_s": _time(u.start_s), "end_s": _time(u.end_s), "reason": u.note}
            for u in summary.unknown
        ],
        "score": summary.score,
        "score_costs": {code: round(points, 1) for code, points in summary.costs},
        "thresholds": thresholds(summary.exercise),
        "others": [as_json(each, plan) | {"source": None} for each in summary.every[1:]],
    }


def thresholds(exercise: Exercise) -> dict[str, Any]:
    """Return what each check of an exercise is judged by, as in `summary.json`."""
    return {rule.code: _thresholds(rule) for rule in exercise.rules}


def _source(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "duration_s": _time(source.duration_s),
        "n_frames": source.n_frames,
        "width": source.width,
        "height": source.height,
        "damage": source.damage,
        "analysed_fps": source.analysed_fps and round(source.analysed_fps, 2),
    }


def _hold(hold: Hold) -> dict[str, Any]:
    return {
        "total_s": _time(hold.total_s),
        "clean_s": _time(hold.clean_s),
        "longest_clean_s": _time(hold.longest_clean_s),
        "first_fault_s": None if hold.first_fault_s is None else _time(hold.first_fault_s),
        "segments": [
            {"start_s": _time(s.start_s), "end_s": _time(s.end_s), "variant": s.note}
            for s in hold.segments
        ],
        "drift": [_drift(drift) for drift in hold.drifts],
    }


def _reps(reps: tuple[Repetition, ...]) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "start_s": _known(each.rep.start_s),
            "top_s": _known(each.rep.top_s),
            "end_s": _known(each.rep.end_s),
            "peak_lift_deg": round(each.peak_lift_deg, 1),
            "peak_rise_cm": round(each.peak_rise_cm, 1),
            "duration_s": _known(each.rep.duration_s),
            "top_hold_s": _known(each.rep.top_hold_s),
            "peak_speed_deg_per_s": _known(each.rep.peak_deg_per_s),
            "faults": [_rep_fault(fault) for fault in each.faults],
            "unknown": [rule.code for rule in each.unknown],
        }
        for index, each in enumerate(reps, start=1)
    ]


def _set(one: Set) -> dict[str, Any]:
    return {
        "start_s": _known(one.start_s),
        "end_s": _known(one.end_s),
        "n_reps": one.n_reps,
        "n_clean": one.n_clean,
        "rest_before_s": _known(one.rest_before_s),
    }


def _protocol(summary: Summary, protocol: Protocol) -> dict[str, Any]:
    until_s = summary.source.duration_s if summary.source else math.nan
    result = tested(protocol, summary.reps or (), until_s)
    return {
        "name": protocol.name,
        "n_counted": result.n_counted if result else 0,
        "ended_by": result.ended_by.value if result else None,
        "ended_s": _known(result.ended_s) if result else None,
        "pace": [beat.pace.value for beat in result.beats] if result else [],
    }


def _rep_fault(fault: RepFault) -> dict[str, Any]:
    return {
        "code": fault.rule.code,
        "level": fault.level.value,
        "value": round(fault.value, 2),
        "unit": fault.rule.unit,
    }


def _known(value: float) -> float | None:
    return None if math.isnan(value) else _time(value)


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "metric": drift.metric,
        "unit": drift.unit,
        "first_5_s": round(drift.first, 2),
        "last_seconds": round(drift.lately, 2),
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "code": fault.rule.code,
        "level": fault.level.value,
        "start_s": _time(fault.start_s),
        "end_s": _time(fault.end_s),
        "worst": round(fault.worst, 2),
        "unit": fault.rule.unit,
        "cue": fault.rule.cue.shown,
    }


def _thresholds(rule: Rule) -> dict[str, Any]:
    return {
        "metric": rule.metric.name,
        "unit": rule.unit,
        "watch": _ends(rule.watch),
        "fault": _ends(rule.fault),
        "clear": rule.clear,
        "seconds": rule.seconds,
        "from_own_best": bool(rule.learn_s),
    }


def _ends(bounds: Bounds) -> list[float | None]:
    return [end if math.isfinite(end) else None for end in (bounds.low, bounds.high)]


def _time(seconds: float) -> float:
    return round(seconds, 3)


@contextmanager
def whole_file(path: Path, mode: int = 0o644) -> Iterator[TextIO]:
    """Open a text file that appears under its name only when it has been written to its end.

    Parameters
    ----------
    path : Path
    mode : int
        Who may read it.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
        temporary.chmod(mode)
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = (error.strerror or str(error)).lower()
    return OutputError(f"{path}: cannot be written ({reason}); choose another folder with --out")


def write_summary(path: Path, summary: Summary, plan: Plan | None = None) -> None:
    """Write `summary.json`.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    with whole_file(path) as file:
        json.dump(as_json(summary, plan), file, indent=2, allow_nan=False)
        file.write("\n")
