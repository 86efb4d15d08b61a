"""What may be said, and when: one thing at a time, nothing twice in a breath."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

CUE_GAP_S = 3.0
"""No two cues, hints or words of praise begin closer together."""
REPEAT_S = 6.0
"""The same thing is not said again earlier; a hint not before `HINT_REPEAT_S`."""
HINT_REPEAT_S = 20.0
_KEPT_S = 300.0
_WORD_S, _PAUSE_S = 0.33, 0.35  # speech of about 180 words a minute, and a pause after it


class Tone(Enum):
    """A beep: its pitch, Hz, and its length, seconds."""

    LOW = (660.0, 0.09)
    HIGH = (1320.0, 0.09)
    END = (880.0, 0.6)


@dataclass(frozen=True, slots=True)
class Sound:
    """A beep.

    Attributes
    ----------
    tone : Tone
    in_s : float
        In how many seconds from the present frame; a metronome is ordered ahead, so that it does
        not depend on when frames come.
    """

    tone: Tone
    in_s: float = 0.0


class Kind(Enum):
    """What a line is for."""

    CUE = "cue"
    PRAISE = "praise"
    GUIDE = "guide"
    CALL = "call"
    """The count, or the time."""
    RESULT = "result"


_SPACED = (Kind.CUE, Kind.PRAISE, Kind.GUIDE)


@dataclass(frozen=True, slots=True)
class Line:
    """Something to say.

    Attributes
    ----------
    kind : Kind
    text : str
        As it is spoken.
    topic : str
        What it is about, such as the code of a rule.
    event : str
        Where it is not empty, the line is said once for it.
    repeat_s : float
        Least time after the last line on the topic, seconds.
    """

    kind: Kind
    text: str
    topic: str
    event: str = ""
    repeat_s: float = REPEAT_S

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        return _PAUSE_S + _WORD_S * len(self.text.split())


@dataclass(frozen=True, slots=True)
class Said:
    """A line that was said.

    Attributes
    ----------
    line : Line
    time_s : float
    """

    line: Line
    time_s: float


@dataclass(frozen=True, slots=True)
class Narrator:
    """Chooses what is said.

    Attributes
    ----------
    said : tuple of Said
        What was said in the last minutes, in order.
    now : Line or None
        What to say now.
    """

    said: tuple[Said, ...] = ()
    now: Line | None = None

    def after(self, time_s: float, lines: Iterable[Line]) -> Narrator:
        """Return the narrator after one more moment.

        Parameters
        ----------
        time_s : float
        lines : iterable of Line
            What there is to say now, the most important first.
        """
        line = next((line for line in lines if self._may(line, time_s)), None)
        if line is None:
            return self if self.now is None else replace(self, now=None)
        kept = tuple(said for said in self.said if time_s - said.time_s <= _KEPT_S)
        return Narrator((*kept, Said(line, time_s)), line)

    def _may(self, line: Line, time_s: float) -> bool:
        last = self.said[-1] if self.said else None
        if last and time_s < last.time_s + last.line.seconds:
            return False
        if any(line.event and said.line.event == line.event for said in self.said):
            return False
        if time_s - self._last_s(line.topic) < line.repeat_s:
            return False
        return line.kind not in _SPACED or time_s - self._last_spaced_s() >= CUE_GAP_S

    def _last_s(self, topic: str) -> float:
        times = (said.time_s for said in self.said if said.line.topic == topic)
        return max(times, default=-math.inf)

    def _last_spaced_s(self) -> float:
        times = (said.time_s for said in self.said if said.line.kind in _SPACED)
        return max(times, default=-math.inf)
