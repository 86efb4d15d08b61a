"""The table of a batch: one row a clip, as CSV and as Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from arro3.core import Array, DataType, Field, Schema, Table
from arro3.io import write_parquet

from formcheck.store import Scores

COLUMNS: dict[str, type] = {
    "clip": str,
    "error": str,
    "exercise": str,
    "variant": str,
    "score": int,
    "worst_check": str,
    "faults": str,
    "watches": str,
    "held_s": float,
    "clean_s": float,
    "longest_clean_s": float,
    "first_fault_s": float,
    "n_reps": int,
    "n_clean_reps": int,
    "n_sets": int,
    "unknown_s": float,
    "duration_s": float,
    "n_frames": int,
    "width": int,
    "height": int,
    "damage": str,
    "folder": str,
}
"""Name and type of each column; empty where it does not apply. `docs/batch.md` explains them."""
_TYPES = {str: DataType.utf8(), int: DataType.int64(), float: DataType.float64()}


def scores_of(summary: Mapping[str, Any]) -> Scores:
    """Return what the table tells of a `summary.json`, but for the name of the clip."""
    costs = summary["score_costs"]
    scores = {
        "exercise": summary["exercise"],
        "variant": summary["variant"],
        "score": summary["score"],
        "worst_check": max(costs, key=lambda code: costs[code], default=None),
        "faults": _codes(summary, "fault"),
        "watches": _codes(summary, "watch"),
        **_of_hold(summary["hold"] or {}),
        **_of_reps(summary["reps"], summary["sets"]),
        "unknown_s": round(sum(u["end_s"] - u["start_s"] for u in summary["unknown"]), 3),
        **{name: summary["source"][name] for name in _FACTS},
    }
    return {name: None if value is None else COLUMNS[name](value) for name, value in scores.items()}


_FACTS = ("duration_s", "n_frames", "width", "height", "damage")


def _codes(summary: Mapping[str, Any], level: str) -> str | None:
    codes = {fault["code"] for fault in summary["faults"] if fault["level"] == level}
    return " ".join(sorted(codes)) or None


def _of_hold(hold: Mapping[str, Any]) -> Scores:
    return {
        "held_s": hold.get("total_s"),
        "clean_s": hold.get("clean_s"),
        "longest_clean_s": hold.get("longest_clean_s"),
        "first_fault_s": hold.get("first_fault_s"),
    }


def _of_reps(reps: list[dict[str, Any]] | None, sets: list[dict[str, Any]] | None) -> Scores:
    if reps is None or sets is None:
        return {}
    n_clean = sum(one["n_clean"] for one in sets)
    return {"n_reps": len(reps), "n_clean_reps": n_clean, "n_sets": len(sets)}


def as_csv(rows: Iterable[Scores]) -> bytes:
    """Return the table as CSV, UTF-8, with a line of names."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(rows: Iterable[Scores]) -> bytes:
    """Return the table as Parquet, with the types of `COLUMNS`; null where CSV is empty."""
    every = list(rows)
    fields = {name: Field(name, _TYPES[kind], nullable=True) for name, kind in COLUMNS.items()}
    arrays = [Array([row.get(name) for row in every], field.type) for name, field in fields.items()]
    content = io.BytesIO()
    write_parquet(Table.from_arrays(arrays, schema=Schema(list(fields.values()))), content)
    return content.getvalue()
