"""Score many clips: find them, hand them to workers, keep what comes, make the table."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from uuid import uuid4

from formcheck.choices import AUTO
from formcheck.cluster import cluster
from formcheck.crew import Crew, LocalCrew, LostError
from formcheck.evaluation import Result, compare_scored
from formcheck.exercises import Exercise
from formcheck.inputs import Clip, clips_in
from formcheck.outputs import SUMMARY
from formcheck.pipeline import InputError, OutputError
from formcheck.read_back import summary_in
from formcheck.remote import is_address
from formcheck.scores import as_csv, as_parquet
from formcheck.scoring import Wish, give_up, key_of, ready, score, score_within
from formcheck.store import CLIPS, TABLES, Scores, Store, record_in, store_at
from formcheck.summary import Summary

LIMIT_S = 3600.0
_LOOK_S = 2.0  # how often to look whether a cluster has more room by now


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What may be asked of a batch.

    Attributes
    ----------
    config : str or Path or None
        A TOML file with thresholds of one's own.
    model : str or Path or None
        Another pose landmarker task file.
    report, video : bool
        Whether to write the report and the metrics, and the annotated video, of each clip.
    force : bool
        Whether to redo what is done.
    workers : int or None
        Number of processes; one for each core when left out.
    cluster : str or None
        Address of a Dask scheduler whose workers are to be used instead.
    limit_s : float
        Longest time that one clip may take.
    """

    config: str | Path | None = None
    model: str | Path | None = None
    report: bool = False
    video: bool = False
    force: bool = False
    workers: int | None = None
    cluster: str | None = None
    limit_s: float = LIMIT_S


@dataclass(frozen=True, slots=True)
class Finished:
    """One clip that is done.

    Attributes
    ----------
    scores : dict
        Its row of the table.
    before : bool
        Whether an earlier run had done it.
    of : int
        How many clips the batch has.
    """

    scores: Scores
    before: bool
    of: int


@dataclass(slots=True)
class Batch:
    """What came of a batch.

    Attributes
    ----------
    clips : tuple of Clip
        All that were meant.
    store : Store
        Where the results are.
    rows : list of dict
        The table: a row for each clip that is done, in order of their names.
    stopped : bool
        Whether Ctrl-C ended it before all were done.
    """

    clips: tuple[Clip, ...]
    store: Store
    rows: list[Scores] = field(default_factory=list)
    stopped: bool = False

    @property
    def n_failed(self) -> int:
        """How many clips have an error in place of scores."""
        return sum(bool(row["error"]) for row in self.rows)


def batch(
    inputs: Iterable[str | Path],
    exercise: str = AUTO,
    *,
    out: str | Path,
    options: BatchOptions | None = None,
    finished: Callable[[Finished], None] | None = None,
) -> Batch:
    """Score many clips, and write a table of them.

    What an earlier run has done, of the same content and with the same thresholds, is not done
    again. A script that calls this does so below ``if __name__ == "__main__":``.

    Parameters
    ----------
    inputs : iterable of str or Path
        Folders, files, patterns, text lists, addresses; see `formcheck.inputs.clips_in`.
    exercise : str
        Name of the exercise.
    out : str or Path
        Folder or address for `results.csv`, `results.parquet` and a folder for each clip.
    options : BatchOptions, optional
    finished : callable, optional
        Called with each clip that is done, as it comes.

    Returns
    -------
    Batch
        After Ctrl-C, with what was done until then.

    Raises
    ------
    FormcheckError
        If nothing can be scored, or results cannot be written. What is wrong with one clip
        stands in its row.
    """
    wanted, place = options or BatchOptions(), str(out)
    key = key_of(exercise, *_paths(wanted))
    clips = clips_in(map(str, inputs), but=None if is_address(place) else Path(place))
    done = Batch(clips, store := store_at(place))
    wish = _wish(exercise, wanted, store, key)
    if wanted.force:
        for clip in clips:
            store.forget(clip.folder)
    rows: dict[Clip, Scores | None] = {}
    try:
        # Closed before the table is made: nobody adds to the folders any more.
        with closing(_scored(wanted, clips, wish, store)) as every:
            for clip, before in every:
                rows[clip] = scores = _row(clip, wish, store)
                if scores is None:
                    raise OutputError(f"{clip.name}: {_unseen(clip, store)}")
                if finished:
                    finished(Finished(scores, before, len(clips)))
    except KeyboardInterrupt:
        done.stopped = True
    _conclude(done, [rows[clip] if clip in rows else _row(clip, wish, store) for clip in clips])
    return done


def _conclude(done: Batch, rows: Iterable[Scores | None]) -> None:
    """Write the table."""
    done.rows = [row for row in rows if row is not None]
    for name, content in zip(TABLES, (as_csv(done.rows), as_parquet(done.rows)), strict=True):
        done.store.write(name, content)


def _unseen(clip: Clip, store: Store) -> str:
    """Return why a clip that a worker has scored has no row."""
    if record_in(store, clip.folder):
        return "another run, with other thresholds, writes there too; give each an --out of its own"
    return (
        "a worker has scored it, and this machine does not see the result; "
        "with --cluster, give --out a folder that all machines share, or an address"
    )


def _wish(exercise: str, wanted: BatchOptions, store: Store, key: str) -> Wish:
    config, model = _paths(wanted)
    return Wish(
        exercise=exercise,
        config=config.read_text(encoding="utf-8") if config else None,
        model=str(model.absolute()) if model else None,
        report=wanted.report,
        video=wanted.video,
        limit_s=wanted.limit_s,
        store=store.for_workers(),
        key=key,
        run=uuid4().hex,
    )


def _paths(wanted: BatchOptions) -> tuple[Path | None, Path | None]:
    """Return the paths of the configuration and the model."""
    config, model = (Path(each) if each else None for each in (wanted.config, wanted.model))
    return config, model


@contextmanager
def _crew(wanted: BatchOptions, wish: Wish) -> Iterator[tuple[Crew, Callable[[Clip, Wish], bool]]]:
    """Give those who do the work, and what they do; when they are not needed, they stop at once."""
    with ExitStack() as stack:
        if wanted.cluster:
            crew: Crew = stack.enter_context(cluster(wanted.cluster))
        else:
            n_workers = wanted.workers or n_cores()
            crew = LocalCrew(n_workers, wanted.limit_s, partial(ready, wish.model))
        try:
            yield crew, score_within if wanted.cluster else score
        except BaseException:
            crew.shutdown(cancel_futures=True)
            raise
        crew.shutdown()


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _scored(
    wanted: BatchOptions, clips: Iterable[Clip], wish: Wish, store: Store
) -> Generator[tuple[Clip, bool]]:
    """Yield each clip when it is done, and whether it was done before."""
    waiting, running = iter(clips), dict[Future[bool], Clip]()
    with _crew(wanted, wish) as (crew, work):
        while True:
            for clip in islice(waiting, max(0, crew.room - len(running))):
                running[crew.submit(work, clip, wish)] = clip
            if not running:
                return
            for future in wait(running, _LOOK_S, FIRST_COMPLETED).done:
                clip = running.pop(future)
                try:
                    before = crew.result(future)
                except LostError as lost:
                    give_up(clip, wish, store, lost)
                    before = False
                yield clip, before


def _row(clip: Clip, wish: Wish, store: Store) -> Scores | None:
    """Return a clip's row of the table, from its folder; None where it is not done."""
    record = record_in(store, clip.folder)
    if record is None or record.key != wish.key:
        return None
    return {"clip": clip.name, **record.scores, "folder": f"{CLIPS}/{clip.folder}"}


def compared(done: Batch, labels: Path, exercises: tuple[Exercise, ...]) -> tuple[Result, ...]:
    """Return how what was scored agrees with labels; see `formcheck.evaluation`.

    Raises
    ------
    InputError
        If the labels cannot be read, or none of them is of a clip that was scored.
    """
    by_path = {clip.address: clip for clip in done.clips}
    scored = {row["clip"] for row in done.rows if not row["error"]}

    def found(path: Path) -> tuple[Summary, float] | None:
        clip = by_path.get(os.path.realpath(path))
        if clip is None or clip.name not in scored:
            return None
        text = done.store.text(clip.folder, SUMMARY)
        summary = summary_in(json.loads(text or ""), exercises)
        return summary, summary.source.duration_s if summary.source else 0.0

    results = tuple(compare_scored(labels, found))
    if not results:
        raise InputError(f"{labels}: none of its clips is among those that were scored")
    return results
