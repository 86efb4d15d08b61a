"""Which exercise somebody does, told from the sessions of all that it may be, as a fold over poses.

Each exercise has a session of its own that knows its position and its repetitions, and that says
nothing of other positions. So what is done is what has a session with something to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from formcheck.counting import judged
from formcheck.exercises import Exercise
from formcheck.exercises.nothing import NOTHING
from formcheck.holds import State
from formcheck.landmarks import Pose
from formcheck.postures import UPSIDE_DOWN
from formcheck.session import Session
from formcheck.sets import PAUSE_S
from formcheck.summary import Summary

_REST_S = 30.0


@dataclass(frozen=True, slots=True)
class Recognition:
    """The sessions of all exercises that it may be, and the one that is being done.

    Build one with `Recognition.of(exercises)`, and fold poses into it with `after`. Of a single
    exercise, it is the session of that one.

    Attributes
    ----------
    sessions : tuple of Session
        One for each exercise. Of several, the first is of `NOTHING`, and those that are held
        stand before those that are repeated.
    current : int
        Place of the one that is being done, or was done last; 0 before that.
    shown_s : float
        When that was last seen to be done; NaN before that.
    """

    sessions: tuple[Session, ...]
    current: int = 0
    shown_s: float = math.nan

    @classmethod
    def of(cls, exercises: Iterable[Exercise]) -> Self:
        """Return what is known before the first frame."""
        return cls(tuple(Session.of(exercise) for exercise in possible(exercises)))

    @property
    def session(self) -> Session:
        """The session of the exercise that is being done, or was done last.

        Before that, what cannot be judged is what the first of the others cannot.
        """
        session = self.sessions[self.current]
        if len(self.sessions) == 1 or not _shows_nothing(session):
            return session
        first = self.sessions[1].clock
        return replace(session, clock=first) if first.state is State.UNKNOWN else session

    @property
    def time_s(self) -> float:
        """Time of the last frame; NaN before the first."""
        return self.session.time_s

    def after(self, pose: Pose) -> Recognition:
        """Return what is known after one more frame.

        Who holds a position does no repetitions in it, nor does who seems to lie on the back in a
        picture that is upside down: their sessions do not see that pose. What is current turns
        with the frame after, so that its session is seen to end.

        Raises
        ------
        ValueError
            If the pose is not later than the one before.
        """
        turned = self._turned()
        sessions: list[Session] = []
        lain = pose
        for session in turned.sessions:
            after = session.after(lain if session.reps is not None else pose)
            if after.sight.reason == UPSIDE_DOWN:
                lain = Pose.absent(pose.time_s, doubt=UPSIDE_DOWN)
            elif _holds(after):
                lain = Pose.absent(pose.time_s)
            sessions.append(after)
        return replace(turned, sessions=tuple(sessions))

    def _turned(self) -> Recognition:
        """Return this with another exercise current, if that is done now and the current not.

        Lying down is the beginning of a crunch only where nothing was done just before.
        """
        now_s = self.time_s
        resting = now_s - self.shown_s <= _REST_S
        for shows in (_holds, _repeats) if resting else (_holds, _repeats, _lies):
            if shows(self.session):
                return replace(self, shown_s=now_s)
            for place, session in enumerate(self.sessions):
                if shows(session):
                    return replace(self, current=place, shown_s=now_s)
        return self

    def summary(self) -> Summary:
        """Return what came of the exercise that took the longest; it holds those of the others.

        Where several were possible and none was done, it is of `NOTHING`, and what could not be
        judged is what the first of them could not.
        """
        if len(self.sessions) == 1:
            return self.session.summary()
        nothing, *every = (session.summary() for session in self.sessions)
        done = sorted((each for each in every if each.done_s), key=lambda each: -each.done_s)
        if not done:
            return replace(nothing, unknown=every[0].unknown)
        return replace(done[0], others=tuple(done[1:]))


def possible(exercises: Iterable[Exercise]) -> tuple[Exercise, ...]:
    """Return what it may be, of these exercises: of several, it may be none as well.

    Those that are held stand before those that are repeated.
    """
    known = sorted(exercises, key=lambda exercise: exercise.reps is not None)
    return tuple(known) if len(known) == 1 else (NOTHING, *known)


def _shows_nothing(session: Session) -> bool:
    """Return whether nothing is being done, nor was before: to have lain is nothing."""
    lay = session.reps is not None and not session.reps.reps
    return session.clock.state is not State.HOLD and (session.exercise is NOTHING or lay)


def _holds(session: Session) -> bool:
    return session.reps is None and session.clock.state is State.HOLD


def _repeats(session: Session) -> bool:
    last = judged(session.reps, last=1) if session.reps and session.reps.reps else ()
    return any(session.time_s - each.rep.top_s <= PAUSE_S for each in last)


def _lies(session: Session) -> bool:
    return session.reps is not None and session.clock.state is State.HOLD
