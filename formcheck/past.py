"""What earlier sessions left in their `summary.json`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from formcheck.exercises import exercise_named
from formcheck.pipeline import InputError
from formcheck.reps import enough_known
from formcheck.rules import Rule, Verdict
from formcheck.summary import SCHEMA
from formcheck.wording import shown

_FAMILY = "formcheck.summary/"
_FILE = "summary.json"


@dataclass(frozen=True, slots=True)
class PastFault:
    """A check at WATCH or FAULT, from when to when, seconds of the video."""

    code: str
    level: Verdict
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PastRep:
    """A repetition; NaN where it was not seen."""

    start_s: float
    end_s: float
    lift_deg: float
    duration_s: float
    levels: tuple[tuple[str, Verdict], ...]
    judged: bool

    @property
    def gravest(self) -> Verdict:
        """The gravest of what was found; GOOD without anything, UNKNOWN if it was not judged."""
        if not self.judged:
            return Verdict.UNKNOWN
        found = {level for _, level in self.levels}
        return next((v for v in (Verdict.FAULT, Verdict.WATCH) if v in found), Verdict.GOOD)


@dataclass(frozen=True, slots=True)
class PastHold:
    """The hold clock, seconds; `first_fault_s` is NaN without a fault."""

    total_s: float
    clean_s: float
    longest_clean_s: float
    first_fault_s: float
    segments: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier session.

    Attributes
    ----------
    label : str
        Its folder, or the file when that has a name of its own.
    written : date
        When the file was last changed.
    video, version, exercise : str
        Name of the video (empty for a live session), version of formcheck, the exercise.
    variant : str
        The variant held longest; empty without one.
    hold : PastHold or None
        None for repetitions.
    reps : tuple of PastRep or None
        None for a hold.
    n_clean : int
        How many of them were clean.
    faults : tuple of PastFault
    score : float
        NaN when there was nothing to judge.
    end_s : float
        When the video, or what is known of it, ended.
    thresholds : object
        To be compared with those of others.
    """

    label: str
    written: date
    video: str
    version: str
    exercise: str
    variant: str
    hold: PastHold | None
    reps: tuple[PastRep, ...] | None
    n_clean: int
    faults: tuple[PastFault, ...]
    score: float
    end_s: float
    thresholds: object


def read_past(path: Path) -> Past:
    """Return the session of a `summary.json`, or of the folder that it lies in.

    Raises
    ------
    InputError
        If there is none, it is no summary, or one of another schema.
    """
    file = path / _FILE if path.is_dir() else path
    document = _document(file)
    schema = document.get("schema") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not str(schema).startswith(_FAMILY):
        raise InputError(f"{file}: no summary of formcheck; name a {_FILE}, or its folder")
    if schema != SCHEMA:
        raise InputError(
            f"{file}: of another schema ({str(schema)[:40]!r}); analyse the video again"
        )
    try:
        return _past(file, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:80]
        raise InputError(f"{file}: a damaged summary ({reason}); analyse the video again") from None


def _document(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file}: no such file; name a {_FILE}, or its folder") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{file}: cannot be read ({reason}); name a {_FILE}") from None
    except (ValueError, RecursionError):
        raise InputError(
            f"{file}: no summary of formcheck; name a {_FILE}, or its folder"
        ) from None


def _past(file: Path, document: Mapping[str, Any]) -> Past:
    source = document["source"] or {}
    faults = tuple(_fault(each) for each in document["faults"])
    hold = _hold(document["hold"]) if document["hold"] else None
    rules = _rules(document["exercise"])
    every = document["reps"]
    reps = None if every is None else tuple(_rep(each, rules) for each in every)
    if (hold is None) == (reps is None):
        raise ValueError("neither a hold nor repetitions")
    known_s = (*(fault.end_s for fault in faults), *(_ends_s(hold, reps)))
    return Past(
        label=shown(file.absolute().parent.name if file.name == _FILE else file.stem),
        written=date.fromtimestamp(file.stat().st_mtime),  # noqa: DTZ012 - the user's own day
        video=_text(source.get("name", "")),
        version=_text(document["version"]),
        exercise=_text(document["exercise"]),
        variant=_text(document["variant"] or ""),
        hold=hold,
        reps=reps,
        n_clean=sum(int(_number(one["n_clean"])) for one in document["sets"] or ()),
        faults=faults,
        score=_number(document["score"]),
        end_s=_number(source.get("duration_s", max(known_s, default=1.0))),
        thresholds=document["thresholds"],
    )


def _ends_s(hold: PastHold | None, reps: tuple[PastRep, ...] | None) -> Iterable[float]:
    ends = [end for _, end in hold.segments] if hold else [rep.end_s for rep in reps or ()]
    return (end for end in ends if not math.isnan(end))


def _hold(hold: Mapping[str, Any]) -> PastHold:
    return PastHold(
        total_s=_number(hold["total_s"]),
        clean_s=_number(hold["clean_s"]),
        longest_clean_s=_number(hold["longest_clean_s"]),
        first_fault_s=_number(hold["first_fault_s"]),
        segments=tuple((_number(s["start_s"]), _number(s["end_s"])) for s in hold["segments"]),
    )


def _rules(exercise: str) -> tuple[Rule, ...]:
    try:
        return exercise_named(exercise).rules
    except ValueError:  # told where sessions are compared
        return ()


def _rep(rep: Mapping[str, Any], rules: tuple[Rule, ...]) -> PastRep:
    top_s = _number(rep["top_s"])
    start_s, end_s = (_number(rep[key]) for key in ("start_s", "end_s"))
    return PastRep(
        start_s=top_s if math.isnan(start_s) else start_s,
        end_s=top_s if math.isnan(end_s) else end_s,
        lift_deg=_number(rep["peak_lift_deg"]),
        duration_s=_number(rep["duration_s"]),
        levels=tuple((_text(f["code"]), Verdict(f["level"])) for f in rep["faults"]),
        judged=enough_known([rule for rule in rules if rule.code in rep["unknown"]], rules),
    )


def _fault(fault: Mapping[str, Any]) -> PastFault:
    start_s, end_s = _number(fault["start_s"]), _number(fault["end_s"])
    return PastFault(_text(fault["code"]), Verdict(fault["level"]), start_s, end_s)


def _number(value: object) -> float:
    """Return a number, NaN for null; TypeError or ValueError for anything else."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{str(value)[:20]!r} is no number")
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:20]!r} is no text")
    return value
