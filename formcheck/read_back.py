"""A summary again, from the `summary.json` that was written of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from formcheck.drift import Drift
from formcheck.exercises import Exercise, exercise_named
from formcheck.holds import State, Stretch
from formcheck.recognition import possible
from formcheck.reps import Rep, Repetition, RepFault, enough_known
from formcheck.rules import Rule, Verdict
from formcheck.summary import Fault, Hold, Source, Summary

_Rules = Mapping[str, Rule]


def summary_in(document: Mapping[str, Any], exercises: Iterable[Exercise]) -> Summary:
    """Return the summary that a `summary.json` tells of, as exactly as that is written.

    What is not written, some measures of a repetition, is NaN.

    Raises
    ------
    KeyError, TypeError or ValueError
        If it is none, or of another exercise.
    """
    among = possible(exercises)
    exercise = exercise_named(document["exercise"], among)
    rules = {rule.code: rule for rule in exercise.rules}
    reps = document["reps"]
    return Summary(
        exercise=exercise,
        variant=document["variant"],
        hold=_hold(document["hold"] or {}),
        faults=tuple(
            Fault(rules[f["code"]], Verdict(f["level"]), f["start_s"], f["end_s"], f["worst"])
            for f in document["faults"]
        ),
        unknown=tuple(
            Stretch(State.UNKNOWN, u["start_s"], u["end_s"], u["reason"])
            for u in document["unknown"]
        ),
        score=document["score"],
        costs=tuple(document["score_costs"].items()),
        reps=None if reps is None else tuple(_repetition(each, rules) for each in reps),
        source=Source(**document["source"]) if document["source"] else None,
        others=tuple(summary_in(each, among) for each in document["others"]),
    )


def _hold(hold: Mapping[str, Any]) -> Hold:
    segments = hold.get("segments", [])
    return Hold(
        segments=tuple(
            Stretch(State.HOLD, s["start_s"], s["end_s"], s["variant"]) for s in segments
        ),
        total_s=hold.get("total_s", 0.0),
        clean_s=hold.get("clean_s", 0.0),
        longest_clean_s=hold.get("longest_clean_s", 0.0),
        first_fault_s=hold.get("first_fault_s"),
        drifts=tuple(
            Drift(d["metric"], d["unit"], first=d["first_5_s"], lately=d["last_seconds"])
            for d in hold.get("drift", [])
        ),
    )


def _repetition(rep: Mapping[str, Any], rules: _Rules) -> Repetition:
    unknown = tuple(rules[code] for code in rep["unknown"])
    return Repetition(
        rep=_rep(rep),
        peak_lift_deg=rep["peak_lift_deg"],
        peak_rise_cm=rep["peak_rise_cm"],
        faults=tuple(
            RepFault(rules[f["code"]], Verdict(f["level"]), f["value"]) for f in rep["faults"]
        ),
        unknown=unknown,
        judged=enough_known(unknown, rules.values()),
    )


def _rep(rep: Mapping[str, Any]) -> Rep:
    unwritten = dict.fromkeys(Rep.__slots__, math.nan)
    known = {
        "start_s": rep["start_s"],
        "top_s": rep["top_s"],
        "end_s": rep["end_s"],
        "top_hold_s": rep["top_hold_s"],
        "peak_deg_per_s": rep["peak_speed_deg_per_s"],
    }
    seen = {name: value for name, value in known.items() if value is not None}
    return Rep(**{**unwritten, **seen, "lying": None})
