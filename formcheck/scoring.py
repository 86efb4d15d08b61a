"""What a worker does with a clip: see whether it is done, analyse it, publish what came of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
import textwrap
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from formcheck import __version__
from formcheck.analysis import analyze
from formcheck.choices import chosen_exercises
from formcheck.crew import LostError
from formcheck.estimator import MediaPipeEstimator
from formcheck.inputs import Clip
from formcheck.outputs import SUMMARY, Outputs
from formcheck.pipeline import FormcheckError, InputError, VideoError
from formcheck.pose_model import verified_model
from formcheck.remote import apart, fetch, is_address
from formcheck.report import thresholds
from formcheck.scores import scores_of
from formcheck.store import Record, Scores, Store, record_in
from formcheck.wording import shown

_RESULTS = "results"


@dataclass(frozen=True, slots=True)
class Wish:
    """How every clip of a batch is scored; may be sent to other machines.

    Attributes
    ----------
    exercise : str
    config : str or None
        Text of the TOML file with thresholds of one's own.
    model : str or None
        Another pose model; a path that every worker sees.
    report, video : bool
        Whether to write the report and the metrics, and the annotated video, as well.
    limit_s : float
        Longest time that one clip may take.
    store : Store
        As the workers see it.
    key : str
        Of what else decides on the result: see `key_of`.
    run : str
        Another one each time that the program runs.
    version : str
        Of formcheck.
    """

    exercise: str
    config: str | None
    model: str | None
    report: bool
    video: bool
    limit_s: float
    store: Store
    key: str
    run: str
    version: str = __version__


def key_of(exercise: str, config: Path | None, model: Path | None) -> str:
    """Return a text that is another one when the same clip may be judged differently.

    Raises
    ------
    FormcheckError
        If there is no such exercise, or the configuration or the model is wrong.
    """
    chosen = chosen_exercises(exercise, config)
    network = hashlib.sha256(verified_model(model).read_bytes()).hexdigest()
    decisive = [__version__, exercise, [thresholds(each) for each in chosen], network]
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


@cache
def ready(model: str | None) -> None:
    """Load what every clip needs, once in each process.

    Raises
    ------
    ModelError
        If no clip can be scored on this machine.
    """
    MediaPipeEstimator(Path(model) if model else None).close()


def score(clip: Clip, wish: Wish) -> bool:
    """Score a clip and publish what came of it; return whether that was done before.

    Raises
    ------
    FormcheckError
        If the result cannot be written, or this worker is of another version.
    """
    if wish.version != __version__:
        versions = f"this worker runs formcheck {__version__}, and not {wish.version}"
        raise InputError(f"{versions}; install the same everywhere")
    known = record_in(wish.store, clip.folder)
    if known and known.run == wish.run:  # a worker of the cluster ended itself over it
        return False
    with tempfile.TemporaryDirectory(prefix="formcheck-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder)
        (scratch / _RESULTS).mkdir()
        record = _scored(clip, wish, known, scratch)
        if record is known:
            return True
        wish.store.publish(clip.folder, scratch / _RESULTS, record)
    return False


def score_within(clip: Clip, wish: Wish) -> bool:
    """Do as `score`, in a process that ends itself when the time is up.

    For workers that nobody else here can end: of a cluster. Another one is given the clip then,
    and finds the record that says why it was given up.
    """
    ready(wish.model)
    timer = threading.Timer(wish.limit_s, _end, (clip, wish))
    timer.daemon = True
    timer.start()
    try:
        return score(clip, wish)
    finally:
        timer.cancel()


def _end(clip: Clip, wish: Wish) -> None:
    try:
        give_up(clip, wish, wish.store, LostError.after(wish.limit_s))
    finally:
        os._exit(1)


def give_up(clip: Clip, wish: Wish, store: Store, lost: LostError) -> None:
    """Publish why a clip was given up, in place of the worker that tried.

    Parameters
    ----------
    clip : Clip
    wish : Wish
    store : Store
        As this process sees it.
    lost : LostError
    """
    stamp = None if is_address(clip.address) else _stamp(Path(clip.address))
    record = Record(wish.key, None, stamp, {"error": str(lost)}, limit_s=lost.limit_s, run=wish.run)
    with tempfile.TemporaryDirectory(prefix="formcheck-") as nothing:
        store.publish(clip.folder, Path(nothing), record)


@dataclass(frozen=True, slots=True)
class _Copy:
    """A clip on this machine; `path` is None where its server says that it has not changed."""

    path: Path | None
    sha256: str | None
    stamp: str | None

    def is_of(self, known: Record) -> bool:
        """Return whether the record is of the same content."""
        if self.path is None:
            return True
        if known.sha256 is None:
            return known.stamp is not None and known.stamp == self.stamp
        return known.sha256 == self.sha256


def _scored(clip: Clip, wish: Wish, known: Record | None, scratch: Path) -> Record:
    """Return the record of a clip: the known one, where that still holds."""
    if known and not _holds(known, clip, wish):
        known = None
    try:
        copy = _at_hand(clip, known, scratch)
    except FormcheckError as error:
        told = _reason(error, f"{clip.name}: ")
        return Record(wish.key, None, None, {"error": told}, is_final=False)
    if known and copy.is_of(known):
        return known
    scores, is_final = _outcome(copy.path or Path(clip.address), wish, scratch)
    stamp = copy.stamp if is_address(clip.address) else None
    files = tuple(sorted(path.name for path in (scratch / _RESULTS).iterdir()))
    return Record(wish.key, copy.sha256, stamp, scores, files, is_final)


def _holds(known: Record, clip: Clip, wish: Wish) -> bool:
    """Return whether a record answers the wish, if the clip is still the same."""
    longer = known.limit_s is not None and wish.limit_s > known.limit_s
    wanted = () if known.scores.get("error") else _outputs(wish, Path()).names()
    complete = set(wanted) <= set(known.files) and wish.store.has(clip.folder, wanted)
    return known.key == wish.key and known.is_final and not longer and complete


def _at_hand(clip: Clip, known: Record | None, scratch: Path) -> _Copy:
    """Return the clip's copy on this machine, fetched if it has to be."""
    if not is_address(clip.address):
        path = Path(clip.address)
        return _Copy(path, _sha256(path), _stamp(path))
    path = scratch / _file_name(clip)
    stamp = apart(fetch, clip.address, str(path), known.stamp if known else None)
    return _Copy(path, _sha256(path), stamp) if path.exists() else _Copy(None, None, stamp)


def _outcome(path: Path, wish: Wish, scratch: Path) -> tuple[Scores, bool]:
    """Return the scores of a clip, or its error; and whether that is what always comes of it."""
    outputs = _outputs(wish, scratch / _RESULTS)
    config = None
    if wish.config is not None:
        config = scratch / "config.toml"
        config.write_text(wish.config, encoding="utf-8")
    try:
        analyze(path, wish.exercise, outputs=outputs, config=config, model=wish.model)
        summary = json.loads((outputs.folder / SUMMARY).read_text(encoding="utf-8"))
    except Exception as error:  # noqa: BLE001 - one clip never ends the run, whatever is in it
        _empty(outputs.folder)
        told = _reason(error, f"{path}: ", f"{path.name}: ", f"{outputs.folder}{os.sep}")
        return {"error": told}, isinstance(error, VideoError)
    return {"error": None, **scores_of(summary)}, True


def _outputs(wish: Wish, folder: Path) -> Outputs:
    return Outputs(folder, video=wish.video, report=wish.report)


def _empty(folder: Path) -> None:
    """Leave an empty folder, whatever was half-written."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _reason(error: Exception, *starts: str) -> str:
    """Return what is wrong, as it can be written anywhere, without the places it starts with."""
    if isinstance(error, FormcheckError):
        told = str(error)
        for start in starts:
            told = told.removeprefix(start)
        return shown(" ".join(told.split()))
    told = textwrap.shorten(f"{type(error).__name__}: {error}", 200)
    return shown(f"an error of formcheck's own ({told}); please report it")


def _file_name(clip: Clip) -> str:
    """Return a harmless name that still tells which clip it is."""
    name = PurePosixPath(clip.name).name
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-80:].lstrip(".") or "clip"


def _sha256(path: Path) -> str | None:
    """Return the hash of a file's content; None where it cannot be read to its end."""
    try:
        if not path.is_file():  # a pipe would not end
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _stamp(path: Path) -> str | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_size} {status.st_mtime_ns}"
