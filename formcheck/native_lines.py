"""What native libraries write to stderr, kept from the user."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# How the lines of MediaPipe and TensorFlow Lite begin. They come in pieces, and the pieces of two
# models that are loaded at once come mixed: with their level in the line before, and nothing left.
_NATIVE_LINE = re.compile(rb"[IWEF]\d{4} |(INFO|WARNING|ERROR): |\[\w+\.cc:\d+\] |\s*$")
_TAIL_BYTES = 2000
_STDERR = 2

_stderr_lock = threading.Lock()


@contextmanager
def native_lines_aside() -> Iterator[IO[bytes]]:
    """Keep from the user what native code writes to stderr meanwhile; give the file it goes to.

    What others wrote there meanwhile is passed on at the end, unless an error ends it. Not on
    Windows: the library has a C runtime of its own there, whose stderr would be closed behind its
    back. It is one at a time, for two would put stderr back in the wrong order.
    """
    with _stderr_lock, _scratch_file() as aside:
        if os.name == "nt":
            yield aside
            return
        stderr = _duplicate_of_stderr()
        os.dup2(aside.fileno(), _STDERR)
        try:
            yield aside
        finally:
            os.dup2(stderr, _STDERR)
            os.close(stderr)
        _pass_on(aside)


def _scratch_file() -> IO[bytes]:
    """Return an empty file without a name; one that forgets where the disk has no room."""
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError:
        return Path(os.devnull).open("w+b", buffering=0)


def _duplicate_of_stderr() -> int:
    """Return a new descriptor of stderr; of the null device where the user closed it."""
    try:
        return os.dup(_STDERR)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def _pass_on(aside: IO[bytes]) -> None:
    """Write to stderr the lines that were not the library's."""
    aside.seek(0)
    lines = aside.read().splitlines(keepends=True)
    if foreign := [line for line in lines if not _NATIVE_LINE.match(line)]:
        with suppress(OSError):
            os.write(_STDERR, b"".join(foreign))


def tail(aside: IO[bytes]) -> str:
    """Return the last of what the library wrote; the file stays ready for more."""
    aside.seek(max(0, aside.seek(0, os.SEEK_END) - _TAIL_BYTES))
    return aside.read().decode(errors="replace").strip()
