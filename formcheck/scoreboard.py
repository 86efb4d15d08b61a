"""What `formcheck batch` shows: its progress, and the table with totals at its end."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from formcheck.batch_run import Batch, Finished, compared
from formcheck.exercises import Exercise
from formcheck.scores import COLUMNS
from formcheck.store import Scores
from formcheck.tables import show_agreement
from formcheck.terminal import console
from formcheck.wording import clock, shown

_MOST_ROWS = 50
_MOST_ERRORS = 20


@contextmanager
def progress(*, quiet: bool, lines: bool) -> Iterator[Callable[[Finished], None]]:
    """Tell of each clip that is done: on stderr, if that is a terminal; as JSON if asked to."""
    errors = Console(stderr=True)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("clips"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    hidden = quiet or not errors.is_terminal
    with Progress(*columns, console=errors, transient=True, disable=hidden) as bar:
        task = bar.add_task("", total=None, rate="")
        started_s, n_frames = time.monotonic(), 0

        def update(finished: Finished) -> None:
            nonlocal n_frames
            if lines:
                print(as_line(finished.scores), flush=True)  # noqa: T201 - programs read it
            if not finished.before:
                n_frames += int(finished.scores.get("n_frames") or 0)
            rate = n_frames / (time.monotonic() - started_s)
            bar.update(task, total=finished.of, advance=1, rate=f"{rate:.0f} frames/s")

        yield update


def as_line(scores: Scores) -> str:
    """Return a row of the table as one line of JSON."""
    return json.dumps({name: scores.get(name) for name in COLUMNS})


def show_batch(done: Batch, out: str) -> None:
    """Print the table, if it is not too long, what went wrong, and the totals."""
    if len(done.rows) <= _MOST_ROWS:
        console.print(_table(done.rows))
    failed = [row for row in done.rows if row["error"]]
    for row in failed[:_MOST_ERRORS]:
        console.print(f"[bold red]✗[/] {escape(str(row['clip']))}: {escape(str(row['error']))}")
    if len(failed) > _MOST_ERRORS:
        console.print(f"  and {len(failed) - _MOST_ERRORS} more, in results.csv")
    console.print(_totals(done))
    console.print(f"Written to {escape(shown(out))}: results.csv, results.parquet, clips")


def show_labels(done: Batch, labels: Path, exercises: tuple[Exercise, ...]) -> None:
    """Print how well what was scored agrees with labels; as `formcheck evaluate` does."""
    results = compared(done, labels, exercises)
    show_agreement(results, exercises)
    console.print(f"[dim]{len(results)} of the clips are labelled[/]")


def _table(rows: list[Scores]) -> Table:
    table = Table(box=None, padding=(0, 1))
    table.add_column("clip", overflow="fold")
    for title in ("exercise", "length", "held", "reps", "score"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("to work on")
    folders = [PurePosixPath(_text(row, "clip")).parts[:-1] for row in rows]
    n_shared = len(os.path.commonprefix(folders))  # noqa: RUF071 - of parts, not of letters
    for row in rows:
        if not row["error"]:
            own = PurePosixPath(_text(row, "clip")).parts[n_shared:]
            table.add_row(escape("/".join(own)), *_cells(row))
    return table


def _cells(row: Scores) -> tuple[str, ...]:
    length, held = (clock(_number(row, name)) for name in ("duration_s", "held_s"))
    reps, score, check = (_text(row, name) for name in ("n_reps", "score", "worst_check"))
    return _text(row, "exercise"), length, "" if reps else held, reps, score, check


def _text(row: Scores, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _number(row: Scores, name: str) -> float:
    return float(row.get(name) or 0)


def _totals(done: Batch) -> str:
    scored = [row for row in done.rows if not row["error"]]
    length_s = sum(_number(row, "duration_s") for row in scored)
    points = [_number(row, "score") for row in scored if row["score"] is not None]
    mean = f", mean score {sum(points) / len(points):.0f}" if points else ""
    missing = len(done.clips) - len(done.rows)
    left = f"; {missing} not done yet, run it again to go on" if missing else ""
    failed = f", {done.n_failed} failed" if done.n_failed else ""
    return f"{len(scored)} clips scored ({clock(length_s)} of video{mean}){failed}{left}"
