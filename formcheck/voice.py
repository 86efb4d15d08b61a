"""The coach's voice: short cues and beeps, from a process of its own that may fail."""

from __future__ import annotations

import queue
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Self

from formcheck.dialogue import Answer, Dialogue, Process, Spoken
from formcheck.speech import Tone

__all__ = ["Spoken", "State", "Voice"]

_N_STARTS = 2
_SLACK_S = 3.0
_LINUX = sys.platform not in {"win32", "darwin"}
_NO_ENGINE = "No voice: install espeak-ng" if _LINUX else "No voice on this computer"
_NO_LIBRARY = "No sound: install libportaudio2" if _LINUX else "No sound: install PortAudio"
_NO_DEVICE = "No sound device"
_BROKEN = "The voice stopped working"


class State(Enum):
    """What to expect of the voice."""

    STARTING = "starting"
    READY = "ready"
    MUTED = "muted"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class _Say:
    text: str


@dataclass(frozen=True, slots=True)
class _Beep:
    tone: Tone
    at_s: float


@dataclass(frozen=True, slots=True)
class _Hush:
    pass


@dataclass(frozen=True, slots=True)
class _Leave:
    by_s: float


_Event = _Say | _Beep | _Hush | _Leave | Answer


class Voice:
    """Says cues and beeps, and never stalls or raises, whatever fails.

    Parameters
    ----------
    muted : bool
        Whether to begin muted.
    last_words_s : float
        How long leaving the block may wait for what is being said or waits to be.

    Attributes
    ----------
    started : Spoken or None
        The last utterance whose sound began, or that of the beep in its place.
    note : str
        What the user should know, for the screen; empty when all is well.
    """

    def __init__(self, *, muted: bool = False, last_words_s: float = 10.0) -> None:
        self.started: Spoken | None = None
        self.note = ""
        self._muted = muted
        self._last_words_s = last_words_s
        self._state = State.STARTING
        self._settled = threading.Event()
        self._waiting: str | None = None
        self._leave_by_s = inf
        self._inbox: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._keeper = threading.Thread(target=self._keep, name="voice", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._inbox.put(_Leave(time.monotonic() + self._last_words_s))
        try:
            self._keeper.join(self._last_words_s + _SLACK_S)
        except KeyboardInterrupt:  # only the last words are broken off, not the program
            self._inbox.put(_Leave(time.monotonic()))
            self._keeper.join(_SLACK_S)

    @property
    def state(self) -> State:
        """What to expect of the voice now."""
        if self._muted and self._state is not State.SILENT:
            return State.MUTED
        return self._state

    @property
    def muted(self) -> bool:
        """Whether the user wants silence; setting it silences in the middle of a word."""
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._muted = muted
        if muted:
            self._inbox.put(_Hush())

    def say(self, text: str) -> None:
        """Say a text as soon as what is being said is finished, unless a newer one comes."""
        self._post(_Say(text))

    def beep(self, tone: Tone, at_s: float | None = None) -> None:
        """Beep, whatever is being said.

        Parameters
        ----------
        tone : Tone
        at_s : float, optional
            When, on the clock of `time.monotonic()`; now, if not given. A metronome that asks
            for its next beat ahead keeps time even where a frame comes late. At most 16 may be
            asked ahead.
        """
        self._post(_Beep(tone, time.monotonic() if at_s is None else at_s))

    def settled(self, timeout_s: float) -> State:
        """Wait until it is known whether there is a voice, or for a time; return the state."""
        self._settled.wait(timeout_s)
        return self.state

    def _post(self, event: _Say | _Beep) -> None:
        if not self._muted and self._state is not State.SILENT:
            self._inbox.put(event)

    def _keep(self) -> None:
        """Keep a process going and talk with it; nobody else waits for it."""
        for _ in range(_N_STARTS):
            with suppress(OSError), Process(self._inbox.put) as process:
                if self._converse(Dialogue(process)):
                    return
        self._settle(State.SILENT, _BROKEN)

    def _converse(self, talk: Dialogue) -> bool:
        """Talk until the block is left or no sound can be had; False where the process failed."""
        self._state = State.STARTING
        while not self._may_leave(talk):
            event = self._next(talk)
            if not isinstance(event, Answer):
                self._heed(talk, event)
            elif event.process is talk.process and not self._hear(talk, event):
                return self._state is State.SILENT
            if talk.overdue:
                return False
            if self._waiting is not None and talk.free:
                talk.say(self._waiting)
                self._waiting = None
        return True

    def _next(self, talk: Dialogue) -> _Event | None:
        """Wait for what happens next; None where the time has come for something."""
        now_s = time.monotonic()
        next_s = min(at_s for at_s in (*talk.moments, self._leave_by_s, inf) if at_s > now_s)
        with suppress(queue.Empty):
            return self._inbox.get(timeout=None if next_s == inf else next_s - now_s)
        return None

    def _heed(self, talk: Dialogue, event: _Say | _Beep | _Hush | _Leave | None) -> None:
        match event:
            case _Say(text):
                self._waiting = text
            case _Beep(tone, at_s):
                talk.beep(tone, at_s)
            case _Hush():
                self._waiting = None
                talk.hush()
            case _Leave(by_s):
                self._leave_by_s = by_s

    def _hear(self, talk: Dialogue, answer: Answer) -> bool:
        """Take an answer in; False where none will follow."""
        words = answer.words
        if "number" in words:
            self.started = talk.began(**words) or self.started
        elif words.get("sound"):
            talk.ready, talk.has_engine = True, words["voice"]
            self._settle(State.READY, "" if talk.has_engine else _NO_ENGINE)
        elif words:
            self._settle(State.SILENT, _NO_DEVICE if words["library"] else _NO_LIBRARY)
        return bool(words) and self._state is not State.SILENT

    def _settle(self, state: State, note: str) -> None:
        self.note, self._state = note, state
        self._settled.set()

    def _may_leave(self, talk: Dialogue) -> bool:
        if self._leave_by_s == inf:
            return False
        said = self._waiting is None and talk.quiet
        return said or time.monotonic() >= self._leave_by_s
