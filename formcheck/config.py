"""The user's own thresholds, from a TOML file.

A table is named after its rule, with the keys `watch`, `fault`, `clear` and `seconds`::

    [plank.hips-sag]
    watch = 5
    fault = 9

A rule with bounds on both sides takes two numbers, low and high: ``watch = [-0.5, 0.3]``. One of
whole repetitions has neither `clear` nor `seconds`.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from formcheck.exercises import Exercise
from formcheck.pipeline import InputError, SettingsError
from formcheck.rules import Bounds, Rule

_KEYS = ("watch", "fault", "clear", "seconds")
_LARGEST = 1e6
_HEADER = re.compile(r"\s*\[+([^\]]*)\]")
_ENTRY = re.compile(r"\s*([^#=]+?)\s*=")


def configured(exercises: tuple[Exercise, ...], path: Path) -> tuple[Exercise, ...]:
    """Return the exercises with the thresholds of a file.

    Raises
    ------
    InputError
        If the file cannot be read.
    SettingsError
        With all that is wrong in it, one line for each mistake, which tells where it is.
    """
    text = _text(path)
    tables = _tables(text, path)
    rules = {rule.code: rule for exercise in exercises for rule in exercise.rules}
    mistakes: list[tuple[str, str]] = []
    changed = {}
    for code, settings in tables.items():
        if code not in rules:
            mistakes.append((code, f"{code}: no such check{_nearest(code, rules)}"))
            continue
        rule, wrong = _changed(rules[code], settings)
        mistakes += [(f"{code}.{key}" if key else code, f"{code}: {what}") for key, what in wrong]
        changed[code] = rule
    if mistakes:
        lines = _lines(text)
        told = sorted((_line(lines, name), what) for name, what in mistakes)
        raise SettingsError("\n".join(f"{path}, line {line}: {what}" for line, what in told))
    return tuple(exercise.with_rules(changed) for exercise in exercises)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be read ({reason}); check --config") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); save it as UTF-8") from error


def _tables(text: str, path: Path) -> dict[str, Any]:
    """Return the tables by code of their rule."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: not valid TOML ({error}); mend that line") from error
    tables: dict[str, Any] = {}
    for exercise, rules in document.items():
        if not isinstance(rules, dict):
            tables[exercise] = rules
            continue
        tables |= {f"{exercise}.{name}": settings for name, settings in rules.items()}
    return tables


def _lines(text: str) -> dict[str, int]:
    """Return on which line each table and each setting of a valid file begins, by full name."""
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = name = _plain(header[1])
        elif entry := _ENTRY.match(line):
            name = f"{table}.{_plain(entry[1])}".removeprefix(".")
        else:
            continue
        lines.setdefault(name, number)
    return lines


def _plain(name: str) -> str:
    return ".".join(part.strip(" \t\"'") for part in name.split("."))


def _line(lines: dict[str, int], name: str) -> int:
    """Return the line of a name, or of the nearest that stands about it (inline tables)."""
    while name not in lines and "." in name:
        name = name.rpartition(".")[0]
    below = (number for other, number in lines.items() if other.startswith(f"{name}."))
    return lines.get(name) or next(below, 1)


def _nearest(name: str, known: dict[str, Rule] | tuple[str, ...]) -> str:
    matches = get_close_matches(name, known, n=1)
    return f"; did you mean {matches[0]}?" if matches else "; see `formcheck exercises`"


def _changed(rule: Rule, settings: object) -> tuple[Rule, list[tuple[str, str]]]:
    """Return the rule with the settings that are right, and what is wrong with which others."""
    if not isinstance(settings, dict):
        return rule, [("", f"{settings!r} is no table; write [{rule.code}] above its settings")]
    wrong = []
    for key, value in settings.items():
        if key not in _KEYS:
            wrong.append((key, f"no setting {key!r}{_nearest(key, _KEYS)}"))
            continue
        try:
            rule = _with(rule, key, value)
        except ValueError as error:
            wrong.append((key, f"{key} = {value!r}: {error}"))
    half = (rule.watch.high - rule.watch.low) / 2
    if rule.clear >= half:
        what = f"clear = {rule.clear:g}: a hint would never end; set it below {half:g}"
        wrong.append(("clear" if "clear" in settings else "watch", what))
    if rule.fault.low > rule.watch.low or rule.fault.high < rule.watch.high:
        wrong.append(("fault", "fault is crossed before watch; move fault farther out"))
    return rule, wrong


def _with(rule: Rule, key: str, value: object) -> Rule:
    if key == "watch":
        return replace(rule, watch=_bounds(rule.watch, value))
    if key == "fault":
        return replace(rule, fault=_bounds(rule.fault, value))
    if not rule.seconds:
        raise ValueError("does nothing, a repetition is judged as a whole; take it out")
    number = _number(value)
    if number <= 0:
        raise ValueError("must be above 0")
    return replace(rule, clear=number) if key == "clear" else replace(rule, seconds=number)


def _bounds(now: Bounds, value: object) -> Bounds:
    two_sided = math.isfinite(now.low) and math.isfinite(now.high)
    if not two_sided:
        number = _number(value)
        return Bounds(low=number) if math.isfinite(now.low) else Bounds(high=number)
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - low and high
        raise ValueError("needs two numbers, low and high")
    low, high = (_number(end) for end in value)
    if low >= high:
        raise ValueError("low must be below high")
    return Bounds(low, high)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        raise ValueError("must be a number below a million")
    return float(value)
