"""Where the results of a batch are kept: a folder for each clip, written all at once.

A folder holds `clip.json`, its record: what was scored, with which thresholds, and what came of
it. Only a folder with a record counts.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from formcheck import remote
from formcheck.pipeline import OutputError
from formcheck.report import whole_file

RECORD = "clip.json"
CLIPS = "clips"
TABLES = ("results.csv", "results.parquet")
SCHEMA = "formcheck.clip/1"
Scores = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one clip.

    Attributes
    ----------
    key : str
        Of the version, the exercise and its thresholds, and the pose model.
    sha256 : str or None
        Of the clip; None where it could not be read to its end.
    stamp : str or None
        What else tells whether the clip has changed: of an address, what its server says; of a
        file that could not be read, its size and time.
    scores : dict
        A value for each column of the table; see `scores.COLUMNS`.
    files : tuple of str
        What lies beside the record.
    is_final : bool
        Whether another attempt would end the same way.
    limit_s : float or None
        The time limit that the clip ran into.
    run : str or None
        The run that gave the clip up.
    """

    key: str
    sha256: str | None
    stamp: str | None
    scores: Scores
    files: tuple[str, ...] = ()
    is_final: bool = True
    limit_s: float | None = None
    run: str | None = None


class Store(Protocol):
    """A place for results, on this machine or elsewhere; may be sent to other processes."""

    def text(self, name: str, file: str) -> str | None:
        """Return the text of a file in a clip's folder; None where there is none."""
        ...

    def forget(self, name: str) -> None:
        """Make a clip's folder count no longer."""
        ...

    def has(self, name: str, files: tuple[str, ...]) -> bool:
        """Return whether files lie in a clip's folder, where looking is cheap; else True."""
        ...

    def publish(self, name: str, folder: Path, record: Record) -> None:
        """Make a folder, and the record, the clip's own; all at once.

        Raises
        ------
        OutputError or RemoteError
            If it cannot be written.
        """
        ...

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside the clips' folders; it appears when it is whole."""
        ...

    def check(self) -> None:
        """Make sure that it can be written to; OutputError or RemoteError if not."""
        ...

    def for_workers(self) -> Store:
        """Return the same for processes that run the pose model."""
        ...


def store_at(out: str) -> Store:
    """Return the store of a folder or an address, which is made when it does not exist.

    Raises
    ------
    OutputError or RemoteError
        If it cannot be written to.
    """
    store: Store
    if remote.is_address(out):
        store = RemoteStore(out.rstrip("/"))
    else:
        store = LocalStore(Path(out).absolute())
    store.check()
    return store


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder that this machine, and every machine that works for it, sees under one name."""

    folder: Path

    def text(self, name: str, file: str) -> str | None:
        """See `Store`."""
        try:
            return (self.folder / CLIPS / name / file).read_text(encoding="utf-8")
        except OSError:
            return None

    def forget(self, name: str) -> None:
        """See `Store`."""
        place = self.folder / CLIPS / name
        with _telling(place):
            (place / RECORD).unlink(missing_ok=True)

    def has(self, name: str, files: tuple[str, ...]) -> bool:
        """See `Store`."""
        return all((self.folder / CLIPS / name / file).exists() for file in files)

    def publish(self, name: str, folder: Path, record: Record) -> None:
        """See `Store`; the folder gets its name last."""
        place = self.folder / CLIPS / name
        with _telling(place):
            for left in place.parent.glob(f".{name}.*"):  # of a run that was killed
                shutil.rmtree(left, ignore_errors=True)
            try:
                _put(folder, record, place)
            except FileNotFoundError:  # another run that does the same clip took it for left over
                _put(folder, record, place)

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        with whole_file(self.folder / name) as file:
            file.buffer.write(content)

    def check(self) -> None:
        """See `Store`."""
        with _telling(self.folder):
            foreign = [name for name in TABLES if (self.folder / name).exists()]
            if foreign and not (self.folder / CLIPS).exists():
                raise OutputError(f"{self.folder / foreign[0]}: {_FOREIGN}")
            (self.folder / CLIPS).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder / CLIPS):
                pass

    def for_workers(self) -> LocalStore:
        """See `Store`."""
        return self


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """A folder at an address.

    Attributes
    ----------
    address : str
    apart : bool
        Whether this process may have been cut off from the network; see `remote.apart`.
    """

    address: str
    apart: bool = False

    def text(self, name: str, file: str) -> str | None:
        """See `Store`."""
        return self._do(remote.read, f"{self._place(name)}/{file}")

    def forget(self, name: str) -> None:
        """See `Store`."""
        self._do(remote.remove, f"{self._place(name)}/{RECORD}")

    def has(self, name: str, files: tuple[str, ...]) -> bool:  # noqa: ARG002
        """See `Store`; the record is believed."""
        return True

    def publish(self, name: str, folder: Path, record: Record) -> None:
        """See `Store`; the record is written last."""
        (folder / RECORD).write_text(_written(record), encoding="utf-8")
        self._do(remote.put_folder, self._place(name), str(folder), RECORD)

    def write(self, name: str, content: bytes) -> None:
        """See `Store`."""
        with tempfile.TemporaryDirectory(prefix="formcheck-") as folder:
            path = Path(folder, name)
            path.write_bytes(content)
            self._do(remote.put_file, f"{self.address}/{name}", str(path))

    def check(self) -> None:
        """See `Store`."""
        self.write(".formcheck", b"")
        self._do(remote.remove, f"{self.address}/.formcheck")

    def for_workers(self) -> RemoteStore:
        """See `Store`."""
        return RemoteStore(self.address, apart=True)

    def _place(self, name: str) -> str:
        return f"{self.address}/{CLIPS}/{name}"

    def _do(self, function: Callable[..., str | None], *arguments: str) -> str | None:
        return remote.apart(function, *arguments) if self.apart else function(*arguments)


_FOREIGN = "no results of a batch beside it; move it away, or choose another folder with --out"


def _put(folder: Path, record: Record, place: Path) -> None:
    """Copy a folder's files and the record to a place where they appear all at once."""
    place.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    try:
        for file in folder.iterdir():
            shutil.copyfile(file, new / file.name)
        (new / RECORD).write_text(_written(record), encoding="utf-8")
        new.chmod(0o755)
        _swap(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, place: Path) -> None:
    """Put a folder in the place of another one, if there is any."""
    old = new.with_name(f"{new.name}.old")
    with suppress(FileNotFoundError):
        place.replace(old)
    new.replace(place)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _telling(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(
            f"{place}: cannot be written ({reason}); choose another folder with --out"
        ) from error


def _written(record: Record) -> str:
    return json.dumps({"schema": SCHEMA, **asdict(record)}, indent=2, allow_nan=False) + "\n"


def record_in(store: Store, name: str) -> Record | None:
    """Return the record of a clip's folder; None where there is no whole one."""
    try:
        document = json.loads(store.text(name, RECORD) or "")
        if document.pop("schema") != SCHEMA:
            return None
        return Record(**{**document, "files": tuple(document["files"])})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
