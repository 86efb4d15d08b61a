"""The user's own thresholds, from a TOML file.

A table is named after its rule, with the keys `watch`, `fault`, `clear` and `seconds`::

    [plank.hips-sag]
    watch = 5
    fault = 9

A rule with bounds on both sides takes two numbers, low and high: ``watch = [-0.5, 0.3]``.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from formcheck.exercises import Exercise
from formcheck.pipeline import InputError
from formcheck.rules import Bounds, Rule

_KEYS = ("watch", "fault", "clear", "seconds")


def configured(exercises: tuple[Exercise, ...], path: Path) -> tuple[Exercise, ...]:
    """Return the exercises with the thresholds of a file.

    Raises
    ------
    InputError
        If the file cannot be read; or with all that is wrong in it, each mistake on its line.
    """
    tables = _tables(path)
    rules = {rule.code: rule for exercise in exercises for rule in exercise.rules}
    mistakes: list[str] = []
    changed = {}
    for code, settings in tables.items():
        if code not in rules:
            mistakes.append(f"{code}: no such check{_nearest(code, rules)}")
            continue
        rule, wrong = _changed(rules[code], settings)
        mistakes += [f"{code}: {what}" for what in wrong]
        changed[code] = rule
    if mistakes:
        raise InputError("\n".join(f"{path}: {mistake}" for mistake in mistakes))
    return tuple(exercise.with_rules(changed) for exercise in exercises)


def _tables(path: Path) -> dict[str, Any]:
    """Return the tables by code of their rule."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be read ({reason}); check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML ({error}); mend that line") from error
    tables: dict[str, Any] = {}
    for exercise, rules in document.items():
        if not isinstance(rules, dict):
            tables[exercise] = rules
            continue
        tables |= {f"{exercise}.{name}": settings for name, settings in rules.items()}
    return tables


def _nearest(name: str, known: dict[str, Rule] | tuple[str, ...]) -> str:
    matches = get_close_matches(name, known, n=1)
    return f"; did you mean {matches[0]}?" if matches else "; see `formcheck exercises`"


def _changed(rule: Rule, settings: object) -> tuple[Rule, list[str]]:
    """Return the rule with the settings that are right, and what is wrong with the others."""
    if not isinstance(settings, dict):
        return rule, [f"{settings!r} is no table; write [{rule.code}] above its settings"]
    wrong = []
    for key, value in settings.items():
        if key not in _KEYS:
            wrong.append(f"no setting {key!r}{_nearest(key, _KEYS)}")
            continue
        try:
            rule = _with(rule, key, value)
        except ValueError as error:
            wrong.append(f"{key} = {value!r}: {error}")
    if rule.fault.low > rule.watch.low or rule.fault.high < rule.watch.high:
        wrong.append("fault is crossed before watch; move fault farther out")
    return rule, wrong


def _with(rule: Rule, key: str, value: object) -> Rule:
    if key == "watch":
        return replace(rule, watch=_bounds(rule.watch, value))
    if key == "fault":
        return replace(rule, fault=_bounds(rule.fault, value))
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
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("must be a number")
    return float(value)
