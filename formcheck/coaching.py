"""The coach: what to say and sound to somebody who trains before the camera, as a fold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from formcheck.advice import Correction, corrections, recent_repetition
from formcheck.calls import Result, beat, closing, count_call, end_call, time_call
from formcheck.course import Course, Phase
from formcheck.exercises import tips_for
from formcheck.guide import Sighting
from formcheck.holds import State
from formcheck.rules import Verdict
from formcheck.session import Session
from formcheck.sets import REST_S
from formcheck.speech import HINT_REPEAT_S, REPEAT_S, Kind, Line, Narrator, Sound, Tone
from formcheck.training import Plan

_BEEPS_S = 3
_ASK_AGAIN_S = 12.0
_HINT_AFTER_S = 1.5  # on top of the time after which a rule says WATCH: a slip needs no hint
_CURED_S = 4.0
_STILL_ASKED_S = 0.6
_RESULT_TOLD_S = 10.0
_RARER = 3  # doublings, until a camera hint that nobody heeds is given every 48 s
_PRAISE = ("Good", "Better", "That is it", "Well done")


@dataclass(frozen=True, slots=True)
class Coach:
    """What the coach does after a frame.

    Build one with `Coach(plan)`, and fold sessions into it with `after`.

    Attributes
    ----------
    plan : Plan
    course : Course
        How far the training is.
    told : tuple of str
        Codes of the rules whose cue was said in this bout, and that are not cured yet.
    praise_until_s : float
        Until when praise is due; NaN when none is.
    narrator : Narrator
        What was said; `narrator.now` is what to say now.
    sound : Sound or None
        The sound to make now, or soon.
    """

    plan: Plan
    course: Course = Course()
    told: tuple[str, ...] = ()
    praise_until_s: float = math.nan
    narrator: Narrator = Narrator()
    sound: Sound | None = None

    def after(self, session: Session, sighting: Sighting) -> Coach:
        """Return the coach after one more frame, already folded into the session."""
        course = self.course.after(session, sighting)
        new_bout = course.bout.began_s != self.course.bout.began_s
        moved = replace(self, course=course, told=() if new_bout else self.told)
        heard = moved._cured(session)
        narrator = heard.narrator.after(session.time_s, heard._lines(session))
        return replace(heard, narrator=narrator, sound=heard._sound(self.course))._remembering()

    def _cured(self, session: Session) -> Coach:
        """Return the coach with praise due, if a fault that was told of is gone."""
        cured = [code for code in self.told if _is_cured(code, session, self._told_s(code))]
        if not cured or _at_fault(session):
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
        if self.course.phase is Phase.TRAINING:
            yield from self._training_lines(session)
        elif self.course.phase is Phase.REST:
            yield from self._resting_lines(session)
        elif self.course.phase is Phase.SETUP:
            yield from self._hint_lines()
        else:
            yield from self._waiting_lines(session)

    def _training_lines(self, session: Session) -> Iterator[Line]:
        course, goal = self.course, self.plan.goal
        cues = [_cue_line(each, session) for each in corrections(session)]
        if session.reps is None:
            cues = [] if closing(course.bout, goal) else cues
            lines = [*cues, time_call(course.bout, goal)]
        else:
            over = end_call(self.plan.protocol, course.since_s, session.time_s)
            lines = [over, count_call(course.bout, goal, session.time_s), *cues]
            if not course.bout.n_reps:
                lines.append(Line(Kind.CALL, "Start", "start", f"start@{course.since_s}"))
        yield from (line for line in lines if line)
        if course.before and self._is_fresh(session):
            yield _result_line(course.before, course.since_s)
        if session.time_s < self.praise_until_s and not _at_fault(session):
            text = _PRAISE[len(self.narrator.said) % len(_PRAISE)]
            yield Line(Kind.PRAISE, text, "praise", repeat_s=0.0)
        if session.clock.state is State.UNKNOWN:
            yield from self._hint_lines()

    def _resting_lines(self, session: Session) -> Iterator[Line]:
        course = self.course
        if course.result and self._is_fresh(session):
            yield _result_line(course.result, course.since_s)
            easier = tips_for(session.exercise, "when faults last")[:1]
            for tip in easier if course.result.faulty else ():
                yield Line(Kind.RESULT, tip.text, "tip", "tip")
        rested_s = session.time_s - course.bout.counted_s
        if session.reps is not None and REST_S[0] <= rested_s < REST_S[1]:
            text = f"{REST_S[0]:.0f} seconds of rest. Go on when you are ready"
            yield Line(Kind.CALL, text, "rest", f"rest@{course.since_s}")
        dark = course.hint is not None and course.hint.code == "light"
        if dark or session.clock.state is State.UNKNOWN:
            yield from self._hint_lines()

    def _is_fresh(self, session: Session) -> bool:
        """Return whether what was done before this phase may still be told."""
        return session.time_s - self.course.since_s < _RESULT_TOLD_S

    def _hint_lines(self) -> Iterator[Line]:
        """Yield what to change about the camera; the oftener it was said, the rarer."""
        hint = self.course.lasting_hint
        if hint:
            n_said = sum(said.line.topic == hint.code for said in self.narrator.said)
            repeat_s = REPEAT_S * 2 ** min(max(0, n_said - 1), _RARER)
            yield Line(Kind.GUIDE, hint.spoken, hint.code, repeat_s=repeat_s)

    def _waiting_lines(self, session: Session) -> Iterator[Line]:
        course = self.course
        waited_s = session.time_s - course.since_s
        if course.phase is Phase.CALIBRATING:
            if waited_s >= _STILL_ASKED_S:
                yield Line(Kind.GUIDE, "Lie still for a moment", "still", f"still@{course.since_s}")
            return
        n_asked = int(waited_s / _ASK_AGAIN_S)
        if n_asked or course.phase is Phase.COUNTDOWN:
            event = f"position@{course.since_s}@{n_asked}"
            yield Line(Kind.GUIDE, session.exercise.position, "position", event)

    def _sound(self, before: Course) -> Sound | None:
        """Return the sound that falls between the frame before and this one, or soon after it."""
        course = self.course
        another = course.bout.exercise != before.bout.exercise
        if course.phase is not before.phase or another:
            starts = course.phase in {Phase.READY, Phase.TRAINING}
            return Sound(Tone.HIGH) if starts else None
        if course.phase is Phase.COUNTDOWN:
            left_s, was_s = math.ceil(course.countdown_s), math.ceil(before.countdown_s)
            return Sound(Tone.LOW) if left_s < was_s and left_s <= _BEEPS_S else None
        if course.phase is Phase.TRAINING and self.plan.protocol:
            return beat(self.plan.protocol, course.since_s, (before.time_s, course.time_s))
        return None


def _result_line(result: Result, since_s: float) -> Line:
    return Line(Kind.RESULT, result.spoken, "result", f"result@{since_s}")


def _at_fault(session: Session) -> bool:
    return any(each.level is Verdict.FAULT for each in corrections(session))


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
    event = f"{rule.code}@{each.n_before if of_rep else each.since_s}"
    if each.level is Verdict.FAULT:
        return Line(Kind.CUE, rule.cue.spoken, rule.code, event if of_rep else "")
    lasted_s = session.time_s - each.since_s
    if not of_rep and lasted_s < rule.seconds + _HINT_AFTER_S:
        return None
    return Line(Kind.CUE, rule.cue.spoken, rule.code, event, repeat_s=HINT_REPEAT_S)
