"""The course of a training: set-up, countdown, hold or set, rest; it starts and stops by itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from formcheck.calls import Bout, Result, result_of
from formcheck.guide import Check, Hint, Sighting, checks, first_hint
from formcheck.holds import Run, State
from formcheck.session import Session
from formcheck.sets import PAUSE_S

COUNTDOWN_S = 5.0
_STEADY_S = 1.0
_WORTH_TELLING_S = 3.0


class Phase(Enum):
    """How far the training is."""

    SETUP = "setup"
    """The camera does not show enough yet."""
    COUNTDOWN = "countdown"
    READY = "ready"
    """Waiting for the position."""
    CALIBRATING = "calibrating"
    """The lying position is being learnt."""
    TRAINING = "training"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Course:
    """How far the training is after a frame.

    Attributes
    ----------
    phase : Phase
    since_s : float
        When the phase began; NaN before the first frame.
    time_s : float
        Of the last frame.
    checks : tuple of Check
        What the set-up guide found.
    hint : Hint or None
        What it asks for first.
    wrong : Run of bool
        Whether it asks for anything, and since when.
    bout : Bout
        The hold or the set that goes on, or was last.
    result : Result or None
        What came of the bout that is over.
    before : Result or None
        What came of the exercise before, where this one followed without a rest.
    session : Session or None
        After the last frame; None before the first.
    """

    phase: Phase = Phase.SETUP
    since_s: float = math.nan
    time_s: float = math.nan
    checks: tuple[Check, ...] = ()
    hint: Hint | None = None
    wrong: Run[bool] = Run(of=False, start_s=math.nan)
    bout: Bout = Bout()
    result: Result | None = None
    before: Result | None = None
    session: Session | None = None

    @property
    def countdown_s(self) -> float:
        """Seconds until the countdown is over; 0 when there is none."""
        left_s = COUNTDOWN_S - (self.time_s - self.since_s)
        return max(0.0, left_s) if self.phase is Phase.COUNTDOWN else 0.0

    @property
    def lasting_hint(self) -> Hint | None:
        """What the guide asks for, once something has been wrong for a while."""
        return self.hint if self.steady(wrong=True) else None

    def steady(self, *, wrong: bool) -> bool:
        """Return whether the guide has asked for something, or for nothing, for a while."""
        return self.wrong.of is wrong and self.time_s - self.wrong.start_s >= _STEADY_S

    def after(self, session: Session, sighting: Sighting) -> Course:
        """Return the course after one more frame, already folded into the session."""
        changed = self.phase is Phase.TRAINING and session.exercise.name != self.bout.exercise
        looked = (self._concluded() if changed else self)._looked(session, sighting)
        return looked._entered(looked._next_phase(session), session)._counted(session)

    def _concluded(self) -> Course:
        """Return the course when another exercise is begun: what was done before is over."""
        return replace(self, phase=Phase.READY, since_s=self.time_s, result=self.result_now())

    def _looked(self, session: Session, sighting: Sighting) -> Course:
        found = checks(sighting, session)
        hint, time_s = first_hint(found), session.time_s
        first = math.isnan(self.time_s)
        wrong = Run(hint is not None, time_s) if first else self.wrong
        return replace(
            self,
            session=session,
            time_s=time_s,
            since_s=time_s if first else self.since_s,
            checks=found,
            hint=hint,
            wrong=wrong.after(time_s, hint is not None),
        )

    def _next_phase(self, session: Session) -> Phase:
        if self.phase is Phase.TRAINING:
            return self._after_training(session)
        if session.clock.state is not State.HOLD:
            return self._while_away()
        if self.phase is Phase.REST and not self._begins_again(session):
            return Phase.REST
        lying_known = session.reps is None or session.reps.lying is not None
        return Phase.TRAINING if lying_known or _rising(session) else Phase.CALIBRATING

    def _while_away(self) -> Phase:
        if self.phase is Phase.SETUP:
            return Phase.COUNTDOWN if self.steady(wrong=False) else Phase.SETUP
        if self.phase in {Phase.COUNTDOWN, Phase.READY} and self.steady(wrong=True):
            return Phase.SETUP
        over = self.phase is Phase.COUNTDOWN and self.countdown_s <= 0
        return Phase.READY if over or self.phase is Phase.CALIBRATING else self.phase

    def _after_training(self, session: Session) -> Phase:
        """Return whether a bout goes on.

        A hold is over when its clock says so; a set, like the sets of a summary, when nothing
        was done for a while, whatever the camera saw meanwhile.
        """
        away = session.clock.state is not State.HOLD
        if session.reps is not None:
            midway = _rising(session) or session.reps.top is not None
            idle = session.time_s - self.bout.last_s > PAUSE_S and not midway
            over = idle and (away or self.bout.n_reps > 0)
        else:
            over = away
        if not over:
            return Phase.TRAINING
        return Phase.REST if self._worth_telling(session) else Phase.READY

    def _worth_telling(self, session: Session) -> bool:
        if session.reps is not None:
            return self.bout.n_reps > 0
        return self.bout.held_s >= _WORTH_TELLING_S

    def _begins_again(self, session: Session) -> bool:
        """Return whether a rest is over: a hold is left to rest, a set may be rested from lying."""
        anew = session.clock.since_s > self.bout.began_s
        return session.reps is None or anew or _rising(session)

    def _entered(self, phase: Phase, session: Session) -> Course:
        if phase is self.phase:
            return self
        entered = replace(self, phase=phase, since_s=session.time_s)
        if phase is Phase.TRAINING:
            another = self.bout.exercise not in {"", session.exercise.name}
            bout = Bout(
                exercise=session.exercise.name,
                began_s=session.time_s,
                start_s=session.clock.since_s,
                # One may have told what it is about: it was seen before this.
                after_s=self.bout.last_s if another else self.since_s,
                counted_s=-math.inf,
                number=self.bout.number + (self.result is not None),
            )
            untold = self.result if another and self.phase is Phase.READY else None
            return replace(entered, bout=bout, result=None, before=untold)
        if phase is Phase.REST:
            return replace(entered, result=result_of(self.bout, session.summary()))
        return entered

    def _counted(self, session: Session) -> Course:
        if self.phase is not Phase.TRAINING:
            return self
        if session.reps is None:
            held_s = session.clock.confirmed_s - self.bout.start_s
            return replace(self, bout=replace(self.bout, held_s=held_s))
        after_s, n_before = self.bout.after_s, self.bout.n_reps
        n_reps = sum(rep.top_s > after_s for rep in session.reps.counted())
        counted_s = session.time_s if n_reps > n_before else self.bout.counted_s
        return replace(self, bout=replace(self.bout, n_reps=n_reps, counted_s=counted_s))

    def result_now(self) -> Result | None:
        """Return what came of the bout that goes on, or of the last; None before the first."""
        session = self.session
        if session and self.phase is Phase.TRAINING and self._worth_telling(session):
            return result_of(self.bout, session.summary())
        return self.result


def _rising(session: Session) -> bool:
    return session.reps is not None and session.reps.rising is True
