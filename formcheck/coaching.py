"""The coach: what to say and show to somebody who trains before the camera, as a fold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from formcheck.advice import Correction, corrections, recent_repetition
from formcheck.calls import Bout, Result, beat, closing, count_call, end_call, result_of, time_call
from formcheck.exercises import tips_for
from formcheck.guide import Check, Hint, Sighting, checks, first_hint
from formcheck.holds import Run, State
from formcheck.rules import Verdict
from formcheck.session import Session
from formcheck.sets import PAUSE_S, REST_S
from formcheck.speech import HINT_REPEAT_S, Kind, Line, Narrator, Tone
from formcheck.training import Plan

COUNTDOWN_S = 5.0
_STEADY_S = 1.0
_BEEPS_S = 3
_ASK_AGAIN_S = 12.0
_HINT_AFTER_S = 1.5  # on top of the time after which a rule says WATCH: a slip needs no hint
_WORTH_TELLING_S = 3.0
_CURED_S = 4.0
_STILL_ASKED_S = 0.6
_PRAISE = ("Good", "Better", "That is it", "Well done")


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
class Coach:
    """What the coach knows and does after a frame.

    Build one with `Coach(plan)`, and fold sessions into it with `after`.

    Attributes
    ----------
    plan : Plan
    phase : Phase
    since_s : float
        When the phase began; NaN before the first frame.
    time_s : float
        Of the last frame.
    checks : tuple of Check
        What the set-up guide found.
    hint : Run of (Hint or None)
        What it asks for first, and since when.
    bout : Bout
        The hold or the set that goes on, or was last.
    result : Result or None
        What came of the bout that is over.
    told : tuple of str
        Codes of the rules whose cue was said, and that are not cured yet.
    praise_until_s : float
        Until when praise is due; NaN when none is.
    narrator : Narrator
        What was said; `narrator.now` is what to say now.
    tone : Tone or None
        The sound to make now.
    """

    plan: Plan
    phase: Phase = Phase.SETUP
    since_s: float = math.nan
    time_s: float = math.nan
    checks: tuple[Check, ...] = ()
    hint: Run[Hint | None] = Run(None, math.nan)
    bout: Bout = Bout()
    result: Result | None = None
    told: tuple[str, ...] = ()
    praise_until_s: float = math.nan
    narrator: Narrator = Narrator()
    tone: Tone | None = None

    @property
    def countdown_s(self) -> float:
        """Seconds until the countdown is over; 0 when there is none."""
        left_s = COUNTDOWN_S - (self.time_s - self.since_s)
        return max(0.0, left_s) if self.phase is Phase.COUNTDOWN else 0.0

    def result_now(self, session: Session) -> Result | None:
        """Return what came of the bout that goes on, or of the last; None before the first."""
        going_on = self.phase is Phase.TRAINING and (self.bout.held_s or self.bout.n_reps)
        return result_of(self.bout, session.summary()) if going_on else self.result

    def after(self, session: Session, sighting: Sighting) -> Coach:
        """Return the coach after one more frame, already folded into the session."""
        looked = self._looked(session, sighting)
        moved = looked._entered(looked._next_phase(session), session)
        counted = replace(moved, bout=moved._bout_now(session))
        heard = counted._cured(session)
        narrator = heard.narrator.after(session.time_s, heard._lines(session))
        tone = heard._tone(self.phase, self.time_s)
        return replace(heard, narrator=narrator, tone=tone)._remembering()

    def _looked(self, session: Session, sighting: Sighting) -> Coach:
        found = checks(sighting, session)
        hint = first_hint(found)
        run = Run(hint, session.time_s) if math.isnan(self.time_s) else self.hint
        return replace(
            self,
            time_s=session.time_s,
            since_s=session.time_s if math.isnan(self.since_s) else self.since_s,
            checks=found,
            hint=run.after(session.time_s, hint),
        )

    def _steady(self, *, wrong: bool) -> bool:
        """Return whether the guide has found something wrong, or nothing, for a while."""
        return (self.hint.of is not None) is wrong and (
            self.time_s - self.hint.start_s >= _STEADY_S
        )

    def _next_phase(self, session: Session) -> Phase:
        if self.phase is Phase.TRAINING:
            return self._after_training(session)
        here = session.clock.state is State.HOLD
        if self.phase is Phase.REST and here and not self._begins_again(session):
            return Phase.REST
        if here:
            lying_known = session.reps is None or session.reps.lying is not None
            return Phase.TRAINING if lying_known or _rising(session) else Phase.CALIBRATING
        return self._while_away()

    def _while_away(self) -> Phase:
        if self.phase is Phase.SETUP and self._steady(wrong=False):
            return Phase.COUNTDOWN
        if self.phase is Phase.COUNTDOWN and self._steady(wrong=True):
            return Phase.SETUP
        if self.phase is Phase.COUNTDOWN and self.countdown_s <= 0:
            return Phase.READY
        return Phase.READY if self.phase is Phase.CALIBRATING else self.phase

    def _after_training(self, session: Session) -> Phase:
        bout = self.bout
        worth = bout.n_reps > 0 if session.reps else bout.held_s >= _WORTH_TELLING_S
        if session.clock.state is not State.HOLD:
            return Phase.REST if worth else Phase.READY
        idle = session.time_s - bout.counted_s > PAUSE_S and not _rising(session)
        return Phase.REST if idle else Phase.TRAINING

    def _begins_again(self, session: Session) -> bool:
        """Return whether a rest is over: the position was taken anew, or somebody moves in it."""
        return session.clock.since_s > self.since_s or _rising(session)

    def _entered(self, phase: Phase, session: Session) -> Coach:
        if phase is self.phase:
            return self
        entered = replace(self, phase=phase, since_s=session.time_s)
        if phase is Phase.TRAINING:
            n_before = session.reps.count if session.reps else 0
            number = self.bout.number + (self.result is not None)
            bout = Bout(start_s=session.clock.since_s, n_before=n_before, number=number)
            return replace(entered, bout=bout, told=(), result=None)
        if phase is Phase.REST:
            return replace(entered, result=result_of(self.bout, session.summary()))
        return entered

    def _bout_now(self, session: Session) -> Bout:
        if self.phase is not Phase.TRAINING:
            return self.bout
        if session.reps is None:
            return replace(self.bout, held_s=session.clock.confirmed_s - self.bout.start_s)
        n_reps = session.reps.count - self.bout.n_before
        if n_reps == self.bout.n_reps:
            return self.bout
        return replace(self.bout, n_reps=n_reps, counted_s=session.time_s)

    def _cured(self, session: Session) -> Coach:
        """Return the coach with praise due, if a fault that was told of is gone."""
        cured = [code for code in self.told if _is_cured(code, session, self._told_s(code))]
        if not cured or any(each.level is Verdict.FAULT for each in corrections(session)):
            return self
        left = tuple(code for code in self.told if code not in cured)
        return replace(self, told=left, praise_until_s=session.time_s + _CURED_S)

    def _told_s(self, code: str) -> float:
        times = (said.time_s for said in self.narrator.said if said.line.topic == code)
        return max(times, default=-math.inf)

    def _remembering(self) -> Coach:
        line = self.narrator.now
        if line is None:
            return self
        if line.kind is Kind.PRAISE:
            return replace(self, praise_until_s=math.nan)
        if line.kind is Kind.CUE and line.topic not in self.told:
            return replace(self, told=(*self.told, line.topic))
        return self

    def _lines(self, session: Session) -> Iterator[Line]:
        """Yield what there is to say, the most important first."""
        if self.phase is Phase.TRAINING:
            yield from self._training_lines(session)
        elif self.phase is Phase.REST:
            yield from self._resting_lines(session)
        elif self.phase is Phase.SETUP:
            yield from self._hint_lines()
        else:
            yield from self._waiting_lines(session)

    def _training_lines(self, session: Session) -> Iterator[Line]:
        cues = [_cue_line(each, session) for each in corrections(session)]
        if session.reps is None:
            cues = [] if closing(self.bout, self.plan.goal) else cues
            lines = [*cues, time_call(self.bout, self.plan.goal)]
        else:
            over = end_call(self.plan.protocol, self.since_s, session.time_s)
            lines = [over, count_call(self.bout, self.plan.goal, session.time_s), *cues]
            if not self.bout.n_reps:
                lines.append(Line(Kind.CALL, "Start", "start", f"start@{self.bout.start_s}"))
        yield from (line for line in lines if line)
        if session.time_s < self.praise_until_s:
            text = _PRAISE[len(self.narrator.said) % len(_PRAISE)]
            yield Line(Kind.PRAISE, text, "praise", repeat_s=0.0)

    def _resting_lines(self, session: Session) -> Iterator[Line]:
        if self.result:
            yield Line(Kind.RESULT, self.result.spoken, "result", f"result@{self.since_s}")
            if self.result.faulty:
                easier = tips_for(session.exercise, "when faults last")[:1]
                yield from (Line(Kind.RESULT, tip.text, "tip", "tip") for tip in easier)
        if session.clock.state is State.UNKNOWN:
            yield from self._hint_lines()
        rested_s = session.time_s - self.bout.counted_s
        if session.reps is not None and REST_S[0] <= rested_s < REST_S[1]:
            text = f"{REST_S[0]:.0f} seconds of rest. Go on when you are ready"
            yield Line(Kind.CALL, text, "rest", f"rest@{self.since_s}")

    def _hint_lines(self) -> Iterator[Line]:
        if self.hint.of and self._steady(wrong=True):
            yield Line(Kind.GUIDE, self.hint.of.spoken, self.hint.of.code)

    def _waiting_lines(self, session: Session) -> Iterator[Line]:
        if self.phase is Phase.CALIBRATING:
            if session.time_s - self.since_s >= _STILL_ASKED_S:
                yield Line(Kind.GUIDE, "Lie still for a moment", "still", f"still@{self.since_s}")
            return
        if session.clock.state is State.UNKNOWN:
            yield from self._hint_lines()
        event = f"position@{int((session.time_s - self.since_s) / _ASK_AGAIN_S)}"
        if self.phase is Phase.COUNTDOWN or not event.endswith("@0"):
            text = session.exercise.position
            yield Line(Kind.GUIDE, text, "position", f"{event}@{self.since_s}")

    def _tone(self, before: Phase, before_s: float) -> Tone | None:
        """Return the sound between the frame before and this one."""
        if self.phase is Phase.COUNTDOWN:
            left_s, was_s = self.countdown_s, self.countdown_s + self.time_s - before_s
            beeps = math.ceil(was_s) - math.ceil(left_s) > 0 and left_s <= _BEEPS_S
            return Tone.LOW if beeps else None
        if self.phase is not before:
            return Tone.HIGH if self.phase in {Phase.READY, Phase.TRAINING} else None
        if self.phase is Phase.TRAINING and self.plan.protocol:
            return beat(self.plan.protocol, self.since_s, (before_s, self.time_s))
        return None


def _rising(session: Session) -> bool:
    return session.reps is not None and session.reps.rising is True


def _is_cured(code: str, session: Session, told_s: float) -> bool:
    if session.reps is None:
        return session.verdict(code) is Verdict.GOOD
    last = recent_repetition(session.reps, session.time_s)
    if last is None or last.rep.top_s <= told_s:
        return False
    return all(rule.code != code for rule in (*last.unknown, *(f.rule for f in last.faults)))


def _cue_line(each: Correction, session: Session) -> Line | None:
    """Return what to say of a correction: faults again and again, hints once."""
    rule, of_rep = each.rule, session.reps is not None
    event = f"{rule.code}@{each.since_s}"
    if each.level is Verdict.FAULT:
        return Line(Kind.CUE, rule.cue.spoken, rule.code, event if of_rep else "")
    lasted_s = session.time_s - each.since_s
    if not of_rep and lasted_s < rule.seconds + _HINT_AFTER_S:
        return None
    return Line(Kind.CUE, rule.cue.spoken, rule.code, event, repeat_s=HINT_REPEAT_S)
