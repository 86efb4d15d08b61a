"""The hold clock: it starts and stops by itself, from what the frames say one after another."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from formcheck.postures import Evidence, Sight


class State(Enum):
    """What is going on."""

    HOLD = "hold"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class HoldTimes:
    """How long something has to last before the clock believes it, seconds.

    Attributes
    ----------
    held_s, possible_s, off_s, absent_s, unknown_s : float
        Time that the evidence of each kind has to last without a break.
    back_s : float
        After a break, the position has to be seen this long without another.
    shortest_s : float
        A hold that turns out shorter than this was none.
    note_s : float
        Time after which another variant, or another reason, is believed.
    break_s : float
        A longer break than this ends a hold.
    doubt_s : float
        After this long without steady evidence, off becomes unknown.
    """

    held_s: float
    possible_s: float
    off_s: float
    absent_s: float
    unknown_s: float
    back_s: float
    shortest_s: float
    note_s: float
    break_s: float
    doubt_s: float

    def needed_s(self, evidence: Evidence) -> float:
        """Return how long evidence of a kind has to last."""
        needed: float = getattr(self, f"{evidence.value}_s")
        return needed


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in one state.

    Attributes
    ----------
    state : State
    start_s, end_s : float
        Seconds of the video.
    note : str
        Variant of a hold; reason of what is unknown; else empty.
    """

    state: State
    start_s: float
    end_s: float
    note: str = ""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run(Generic[T]):
    """Something that has been so without a break.

    Attributes
    ----------
    of : T
        What it is.
    start_s : float
        Since when.
    """

    of: T
    start_s: float

    def after(self, time_s: float, of: T) -> Run[T]:
        """Return the run that one more frame continues or begins."""
        return self if of == self.of else Run(of, time_s)


POSTURES: tuple[Evidence, ...] = (Evidence.HELD, Evidence.POSSIBLE)
UNSTEADY = "no steady view of the body: show all of it, in good light"
_STATES = {
    Evidence.HELD: State.HOLD,
    Evidence.POSSIBLE: State.HOLD,
    Evidence.OFF: State.OFF,
    Evidence.ABSENT: State.OFF,
    Evidence.UNKNOWN: State.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class HoldClock:
    """The state of things, and the stretches of time that are over.

    A state is taken when the evidence for it has lasted (`HoldTimes`), and then from the moment
    at which that evidence began.

    Attributes
    ----------
    times : HoldTimes
    state : State
    note : str
        Variant of a hold, or reason of what is unknown.
    since_s : float
        When the state began; NaN before the first frame.
    confirmed_s : float
        When a frame last agreed with the state.
    evidence, posture, noted : Run
        Since when the frames agree on the evidence, on a posture of any kind, and on the note.
    stretches : tuple of Stretch
        What is over.
    """

    times: HoldTimes
    state: State = State.UNKNOWN
    note: str = UNSTEADY
    since_s: float = math.nan
    confirmed_s: float = math.nan
    evidence: Run[Evidence] = Run(Evidence.UNKNOWN, math.nan)
    posture: Run[bool] = Run(of=False, start_s=math.nan)
    noted: Run[tuple[State, str]] = Run((State.UNKNOWN, UNSTEADY), math.nan)
    stretches: tuple[Stretch, ...] = ()

    @property
    def held_s(self) -> float:
        """Seconds of the hold that goes on; 0 when there is none."""
        return self.confirmed_s - self.since_s if self.state is State.HOLD else 0.0

    def after(self, time_s: float, sight: Sight) -> HoldClock:
        """Return the clock after one more frame."""
        fed = self._fed(time_s, sight)
        asked = fed._asked(time_s)
        if asked is not None and asked.of is fed.state:
            return fed._confirmed(time_s)
        if asked is not None and fed.state is not State.HOLD:
            return fed._changed(asked)._confirmed(time_s)
        if fed.state is not State.HOLD and fed.state is fed._between:
            return replace(fed, confirmed_s=time_s)
        if fed._patient(time_s):
            return fed
        left = asked.of if asked is not None else fed._between
        return fed._changed(Run(left, fed.confirmed_s))._confirmed(time_s)

    def cut(self) -> HoldClock:
        """Return the clock when what comes has nothing to do with what was; a hold is over."""
        held = self.state is State.HOLD
        over = self._changed(Run(State.UNKNOWN, self.confirmed_s)) if held else self
        return replace(
            over,
            evidence=Run(Evidence.UNKNOWN, math.nan),
            posture=Run(of=False, start_s=math.nan),
            noted=Run((State.UNKNOWN, UNSTEADY), math.nan),
        )

    def _fed(self, time_s: float, sight: Sight) -> HoldClock:
        note = sight.variant.name if sight.variant else sight.reason
        first = math.isnan(self.since_s)
        return replace(
            self,
            since_s=time_s if first else self.since_s,
            confirmed_s=time_s if first else self.confirmed_s,
            evidence=_run(self.evidence, time_s, sight.evidence),
            posture=_run(self.posture, time_s, sight.evidence in POSTURES),
            noted=_run(self.noted, time_s, (_STATES[sight.evidence], note)),
        )

    def _asked(self, time_s: float) -> Run[State] | None:
        """Return the state that the frames ask for, and since when; None while they waver."""
        kind, state = self.evidence.of, _STATES[self.evidence.of]
        agrees = state is self.state and kind is not Evidence.POSSIBLE and self._back(time_s)
        if agrees or time_s - self.evidence.start_s >= self.times.needed_s(kind):
            return Run(state, self.evidence.start_s)
        waiting = self.posture.of and self.state is not State.HOLD
        if waiting and time_s - self.posture.start_s >= self.times.possible_s:
            return Run(state, self.posture.start_s)
        return None

    def _back(self, time_s: float) -> bool:
        """Return whether a hold goes on: after a break, somebody has to be back for a while."""
        unbroken = time_s - self.posture.start_s >= self.times.back_s
        return self.state is not State.HOLD or unbroken

    def _patient(self, time_s: float) -> bool:
        """Return whether frames that do not agree with the state change nothing yet."""
        waited_s = time_s - self.confirmed_s
        if self.state is State.HOLD:
            if self.evidence.of is Evidence.POSSIBLE:
                return waited_s <= self.times.possible_s
            back_s = self.posture.start_s if self.posture.of else time_s
            return back_s - self.confirmed_s <= self.times.break_s
        return waited_s <= self.times.doubt_s

    @property
    def _between(self) -> State:
        """State while nothing has lasted: somebody on the way is off, a poor view is unknown."""
        on_the_way = self.evidence.of in (*POSTURES, Evidence.OFF)
        return State.OFF if on_the_way else State.UNKNOWN

    def _confirmed(self, time_s: float) -> HoldClock:
        state, note = self.noted.of
        settled = time_s - self.noted.start_s >= self.times.note_s
        if state is not self.state or note == self.note or not settled:
            return replace(self, confirmed_s=time_s)
        split_s = max(self.noted.start_s, self.since_s)
        return replace(
            self,
            note=note,
            since_s=split_s,
            confirmed_s=time_s,
            stretches=self._with_stretch(split_s),
        )

    def _changed(self, to: Run[State]) -> HoldClock:
        state, note = self.noted.of
        start_s = max(to.start_s, self.since_s)
        return replace(
            self,
            state=to.of,
            note=note if state is to.of else UNSTEADY if to.of is State.UNKNOWN else "",
            since_s=start_s,
            stretches=self._without_a_moment()._with_stretch(start_s),
        )

    def _with_stretch(self, end_s: float) -> tuple[Stretch, ...]:
        if not end_s > self.since_s:  # nor before the first frame, when both are NaN
            return self.stretches
        return (*self.stretches, Stretch(self.state, self.since_s, end_s, self.note))

    def _without_a_moment(self) -> HoldClock:
        """Return the clock with the state off, if what it took for a hold was over at once."""
        goes_on = self.stretches and self.stretches[-1].state is State.HOLD
        if self.state is not State.HOLD or goes_on or self.held_s >= self.times.shortest_s:
            return self
        return replace(self, state=State.OFF, note="")

    def stretches_until(self, end_s: float) -> tuple[Stretch, ...]:
        """Return all stretches up to the last frame; a hold ends with its last frame in it."""
        if self.state is State.HOLD and self.confirmed_s < end_s:
            return self._changed(Run(self._between, self.confirmed_s))._with_stretch(end_s)
        return self._without_a_moment()._with_stretch(end_s)


def _run(run: Run[T], time_s: float, of: T) -> Run[T]:
    return Run(of, time_s) if math.isnan(run.start_s) else run.after(time_s, of)
