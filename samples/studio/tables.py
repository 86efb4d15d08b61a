"""Tables of a TOML file, taken apart with one line about the first thing that is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeVar, cast, get_args, get_type_hints

from samples.studio.keyframes import Track

T = TypeVar("T")
Check = Callable[[object], T]
_NEEDED: Any = object()


class ScriptError(Exception):
    """Something is wrong in the script; the message names the place, the reason and the remedy."""


class Table:
    """A table that is taken apart, and complains about what is wrong or left over."""

    def __init__(self, place: str, values: object) -> None:
        if not isinstance(values, dict):
            raise ScriptError(f"{place}: {values!r} is no table; write its settings below its name")
        self.place, self._values, self._known = place, dict(values), list[str]()

    def tables(self, key: str) -> list[tuple[str, Table]]:
        """Return the tables in a table, by name."""
        inner: dict[str, Any] = self.take(key, _table, {})
        return [(name, Table(f"{self.place}: {name}", values)) for name, values in inner.items()]

    def table(self, key: str) -> Table:
        """Return a table in a table; an empty one where there is none."""
        return Table(f"{self.place}: {key}", self.take(key, _table, dict[str, Any]()))

    def several(self, key: str) -> list[Table]:
        """Return the tables in a list."""
        inner: list[Any] = self.take(key, _list, [])
        return [Table(f"{self.place}: {key} {n}", each) for n, each in enumerate(inner, start=1)]

    def take(self, key: str, check: Check[T], default: T = _NEEDED) -> T:
        """Return a value that a check lets pass; without a default it has to be there."""
        self._known.append(key)
        if key not in self._values:
            if default is _NEEDED:
                raise ScriptError(f"{self.place}: {key} is missing; add it")
            return default
        try:
            return check(self._values.pop(key))
        except ValueError as error:
            raise ScriptError(f"{self.place}: {key}: {error}") from error

    def settings(self, kind: Callable[..., Any], numbers: Check[Any]) -> dict[str, Any]:
        """Return what is told of the fields of a dataclass.

        Parameters
        ----------
        kind : type
            A dataclass whose fields all have defaults: numbers, texts, flags or tuples of numbers.
        numbers : callable
            The check of its numbers.
        """
        names = [field.name for field in fields(cast("Any", kind))]
        checks = {name: _check(kind, name, numbers) for name in names}
        self._known += checks
        told = [name for name in self._values if name in checks]
        return {name: self.take(name, checks[name]) for name in told}

    def rest(self, check: Check[T]) -> dict[str, T]:
        """Return everything that is left, after a check."""
        return {name: self.take(name, check) for name in list(self._values)}

    def done(self) -> None:
        """Raise ScriptError if anything has not been taken."""
        for key in self._values:
            raise ScriptError(f"{self.place}: no setting {key!r}{_nearest(key, self._known)}")


def _check(kind: Any, name: str, numbers: Check[Any]) -> Check[Any]:
    """Return the check of a dataclass's field, from its default and its choices."""
    default = next(field.default for field in fields(kind) if field.name == name)
    if default is MISSING:
        raise TypeError(f"{kind.__name__}.{name} has no default")
    if isinstance(default, str):
        return one_of({choice: choice for choice in get_args(get_type_hints(kind)[name])})
    if isinstance(default, tuple):
        return several_numbers(len(default))
    return flag if isinstance(default, bool) else numbers


def _nearest(name: str, known: Iterable[str]) -> str:
    known = list(known)
    matches = get_close_matches(name, known, n=1)
    return f"; did you mean {matches[0]}?" if matches else f"; there are {', '.join(known)}"


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no table")  # noqa: TRY004 - told as one line
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list")  # noqa: TRY004 - told as one line
    return value


def text(value: object) -> str:
    """Return a text; ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - told as one line
    return value


def flag(value: object) -> bool:
    """Return true or false; ValueError for anything else."""
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")  # noqa: TRY004 - told as one line
    return value


def number(value: object) -> float:
    """Return a finite number; ValueError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def above_zero(value: object) -> float:
    """Return a number above zero; ValueError for anything else."""
    if number(value) <= 0:
        raise ValueError(f"{value!r} is not above 0")
    return number(value)


def whole(value: object) -> int:
    """Return a whole number; ValueError for anything else."""
    if number(value) != int(number(value)):
        raise ValueError(f"{value!r} is no whole number")
    return int(number(value))


def several_numbers(n: int) -> Check[tuple[float, ...]]:
    """Return the check of a list of n numbers; whole ones stay whole."""

    def check(value: object) -> tuple[float, ...]:
        values = _list(value)
        if len(values) != n:
            raise ValueError(f"{value!r} are not {n} numbers")
        return tuple(each if isinstance(each, int) else number(each) for each in values)

    return check


def one_of(known: Mapping[str, T]) -> Check[T]:
    """Return the check of a name for something known."""

    def check(value: object) -> T:
        name = text(value)
        if name not in known:
            raise ValueError(f"no {name!r}{_nearest(name, known)}")
        return known[name]

    return check


def track(value: object) -> Track:
    """Return a number that stays, or keyframes; ValueError for anything else."""
    if not isinstance(value, list):
        return Track(((0.0, number(value)),))
    keys = tuple((number(key[0]), number(key[1])) for key in map(several_numbers(2), value))
    if not keys or any(before[0] >= after[0] for before, after in pairwise(keys)):
        raise ValueError("keyframes are pairs of time and value, in order of time")
    return Track(keys)
