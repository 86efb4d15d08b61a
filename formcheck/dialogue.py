"""What the process that makes sound is told, and what it answers; nothing here can stall."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Self, cast

from formcheck.speech import Tone

_PROGRAM = Path(__file__).with_name("speaker.py")
_START_S = 20.0  # Windows writes wrappers for its speech library the first time
_ANSWER_S = 5.0
_END_S = 1.0
_PAUSE_S = 0.1
_TAIL_S = 0.3  # what a device, a wireless one above all, still holds when we think it was heard
# A pipe that nobody empties holds 4 kB on Windows; writing more to it would stall.
_N_UNANSWERED, _N_LETTERS = 16, 400


@dataclass(frozen=True, slots=True)
class Spoken:
    """An utterance that is or was heard.

    Attributes
    ----------
    text : str
    time_s : float
        When its sound began, on the clock of `time.monotonic()`, which all processes share.
    """

    text: str
    time_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process wrote; no words are its end."""

    process: Process
    words: dict[str, Any]


class Process:
    """The process that makes sound; ended for certain when the block is left.

    Parameters
    ----------
    tell : callable
        What is called with each answer, from a thread.

    Raises
    ------
    OSError
        On entering, if it cannot be started.
    """

    def __init__(self, tell: Callable[[Answer], object]) -> None:
        self._tell = tell

    def __enter__(self) -> Self:
        self._folder = TemporaryDirectory(prefix="formcheck-voice-", ignore_cleanup_errors=True)
        try:
            self._popen = _started(self._folder.name)
        except OSError:
            self._folder.cleanup()
            raise
        self._reader = threading.Thread(target=self._read, name="voice answers", daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            cast("IO[bytes]", self._popen.stdin).close()  # for the process, the end
        for _attempt in range(2):
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(_END_S)
                break
            self._popen.kill()
        self._reader.join(_END_S)
        self._folder.cleanup()

    def order(self, words: dict[str, Any]) -> None:
        """Write an order; to a process that has ended too, whose end is heard as an answer."""
        pipe = cast("IO[bytes]", self._popen.stdin)
        with suppress(OSError):
            pipe.write(json.dumps(words).encode() + b"\n")
            pipe.flush()

    def _read(self) -> None:
        with cast("IO[bytes]", self._popen.stdout) as answers:
            for answer in answers:
                self._tell(Answer(self, json.loads(answer)))
        self._tell(Answer(self, {}))


def _started(folder: str) -> subprocess.Popen[bytes]:
    # Not through multiprocessing: that imports the user's own program once more. By its path,
    # and with -P: the folder one happens to be in hides no library.
    command = [sys.executable, "-P", str(_PROGRAM), folder]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, **_apart())  # noqa: S603


def _apart() -> dict[str, Any]:
    """Ctrl-C goes to the whole group of processes, and must not cut the last words."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}


@dataclass(frozen=True, slots=True)
class _Order:
    """Something to make heard at a time, not answered yet; no text is a beep."""

    text: str | None
    due_s: float


@dataclass(slots=True)
class Dialogue:
    """What one process was told and has not answered, and when it will be quiet.

    Attributes
    ----------
    ready : bool
        Whether it takes orders.
    has_engine : bool
        Whether it can speak; else it beeps in place of each utterance.
    """

    process: Process
    ready: bool = False
    has_engine: bool = False
    _started_s: float = field(default_factory=time.monotonic)
    _n_orders: int = 0
    _unanswered: dict[int, _Order] = field(default_factory=dict)
    _free_s: float = 0.0
    _quiet_s: float = 0.0

    def say(self, text: str) -> None:
        """Order an utterance."""
        now_s = time.monotonic()
        if self.has_engine:
            self._order(_Order(text, now_s), {"text": text[:_N_LETTERS]})
        else:
            self.beep(Tone.LOW, now_s, text)

    def beep(self, tone: Tone, at_s: float, text: str | None = None) -> None:
        """Order a beep, perhaps in place of a text; one too many is dropped."""
        if self.ready and len(self._unanswered) < _N_UNANSWERED:
            hz, lasts_s = tone.value
            self._order(_Order(text, at_s), {"hz": hz, "lasts_s": lasts_s, "at_s": at_s})

    def hush(self) -> None:
        """Order silence, at once."""
        if self._unanswered or time.monotonic() < self._quiet_s:
            self._free_s = self._quiet_s = 0.0
            self.process.order({"number": self._n_orders})

    def began(self, number: int, at_s: float | None, lasts_s: float) -> Spoken | None:
        """Take in that an order is heard from a time on, or (None) will not be."""
        order = self._unanswered.pop(number)
        if at_s is None:
            return None
        self._quiet_s = max(self._quiet_s, at_s + lasts_s + _TAIL_S)
        if order.text is None:
            return None
        self._free_s = at_s + lasts_s + _PAUSE_S
        return Spoken(order.text, at_s)

    @property
    def free(self) -> bool:
        """Whether an utterance may be ordered."""
        asked = any(order.text is not None for order in self._unanswered.values())
        return self.ready and not asked and time.monotonic() >= self._free_s

    @property
    def quiet(self) -> bool:
        """Whether all is heard that was to be heard by now."""
        now_s = time.monotonic()
        return now_s >= self._quiet_s and all(o.due_s > now_s for o in self._unanswered.values())

    @property
    def overdue(self) -> bool:
        """Whether an answer should have come long ago."""
        return time.monotonic() >= self._answer_by_s

    @property
    def moments(self) -> tuple[float, ...]:
        """When something may be due, on the clock of `time.monotonic()`."""
        return self._answer_by_s, self._free_s, self._quiet_s

    @property
    def _answer_by_s(self) -> float:
        if not self.ready:
            return self._started_s + _START_S
        return min((order.due_s for order in self._unanswered.values()), default=inf) + _ANSWER_S

    def _order(self, order: _Order, words: dict[str, Any]) -> None:
        self._n_orders += 1
        self._unanswered[self._n_orders] = order
        self.process.order({"number": self._n_orders, **words})
