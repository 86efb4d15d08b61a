"""Which clips are meant: folders, globs, text lists and addresses become one sorted list."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from formcheck.outputs import SUMMARY, VIDEO
from formcheck.pipeline import InputError
from formcheck.remote import addresses_in, is_address, plain
from formcheck.wording import shown

SUFFIXES = {
    *(".3gp", ".asf", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg"),
    *(".mts", ".ogv", ".ts", ".webm", ".wmv"),
}
"""What is taken for a video in a folder; a file that is named is tried whatever it is called."""
_LISTS = {".txt", ".lst"}
_SLUG_LENGTH = 48


@dataclass(frozen=True, slots=True)
class Clip:
    """A video to be scored.

    Attributes
    ----------
    name : str
        As the user would call it; of an address, without password and signature.
    address : str
        The absolute path, or the whole address.
    """

    name: str
    address: str

    @property
    def folder(self) -> str:
        """Name of the folder of its results: of plain small letters, and for no other clip.

        It cannot lead elsewhere, is short, and differs from others where case does not count.
        """
        stem = PurePosixPath(self.name).stem.lower()
        slug = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:_SLUG_LENGTH]
        digest = hashlib.sha256(os.fsencode(self.address)).hexdigest()[:12]
        return f"{slug or 'clip'}-{digest}"


def clips_in(inputs: Iterable[str], *, but: Path | None = None) -> tuple[Clip, ...]:
    """Return the clips that are meant, by name, each once.

    Parameters
    ----------
    inputs : iterable of str
        Folders (searched to the bottom, hidden files aside), files, patterns such as
        ``clips/**/*.mp4``, text files (`.txt`, `.lst`) that name one of these on each line,
        relative to their own folder, and addresses (``s3://bucket/folder/``).
    but : Path, optional
        A folder to leave out: that of the results.

    Raises
    ------
    InputError
        If something named does not exist, or there is no video in it.
    """
    found: dict[str, Clip] = {}
    for given in inputs:
        named = list(_of_list(Path(given)) if _is_list(given) else _of(given))
        clips = [clip for clip in named if but is None or not _is_within(clip, but)]
        if not clips:
            raise InputError(f"{shown(given)}: {_IN_RESULTS if named else _NO_VIDEO}")
        for clip in sorted(clips, key=_order):
            found.setdefault(clip.address, clip)
    return tuple(sorted(found.values(), key=_order))


_NO_VIDEO = "no video in it; name videos, or folders of them"
_IN_RESULTS = "lies in the folder of the results, which is left out; choose another with --out"


def _order(clip: Clip) -> tuple[str, str]:
    return clip.name, clip.address


def _is_list(given: str) -> bool:
    is_named_so = not is_address(given) and Path(given).suffix.lower() in _LISTS
    return is_named_so and os.path.isfile(given)  # noqa: PTH113 - takes names that cannot be


def _of(given: str) -> Iterator[Clip]:
    if is_address(given):
        return (_at(address) for address in addresses_in(given, SUFFIXES))
    path = Path(given)
    if os.path.isdir(path):  # noqa: PTH112 - takes names that cannot be
        return _of_folder(path)
    if not os.path.lexists(path) and glob.has_magic(given):
        return _of_pattern(given)
    if not os.path.lexists(path):
        raise InputError(f"{shown(given)}: there is no such file or folder; check the name")
    return iter((_local(path),))


def _of_folder(folder: Path) -> Iterator[Clip]:
    """Yield the videos of a folder; one below it that cannot be read is left to its own error."""
    shut: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=shut.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(parent, name) for name in files):
            if _is_meant(path) and not (path.name == VIDEO and SUMMARY in files):
                yield _local(path)
    yield from (_local(Path(error.filename)) for error in shut)


def _is_meant(path: Path) -> bool:
    is_named_so = not path.name.startswith(".") and path.suffix.lower() in SUFFIXES
    return is_named_so and os.path.isfile(path)  # noqa: PTH113 - also where one may not look


def _of_pattern(pattern: str) -> Iterator[Clip]:
    for each in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - from any root
        path = Path(each)
        if path.is_file():
            yield _local(path)
        elif path.is_dir() and "**" not in pattern:
            yield from _of_folder(path)


def _of_list(path: Path) -> Iterator[Clip]:
    """Yield what a text file names."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: no list of videos ({error}); write one name a line") from error
    for line in map(str.strip, lines):
        if line and not line.startswith("#"):
            yield from _of_line(line, path.parent)


def _of_line(line: str, folder: Path) -> list[Clip]:
    """Return what a line of a list names; where there is nothing, that is left to its own error."""
    if is_address(line):
        return list(_of(line)) or [_at(line)]
    path = folder / line
    try:
        if glob.has_magic(line) and not os.path.lexists(path):
            found = list(_of_pattern(str(Path(glob.escape(str(folder)), line))))
        else:
            found = list(_of(str(path)))
    except InputError:
        found = []
    return found or [_local(path)]


def _local(path: Path) -> Clip:
    return Clip(shown(path.as_posix()), os.path.realpath(path))


def _at(address: str) -> Clip:
    return Clip(plain(address), address)


def _is_within(clip: Clip, folder: Path) -> bool:
    return not is_address(clip.address) and Path(clip.address).is_relative_to(
        os.path.realpath(folder)
    )
