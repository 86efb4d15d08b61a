"""The picture in the live window: the person, the clock or count, and what the coach asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.canvas import ORANGE, Canvas
from formcheck.coaching import Coach
from formcheck.course import Course, Phase
from formcheck.exercises import tips_for
from formcheck.holds import State
from formcheck.overlay import Shown, draw_shown, shown
from formcheck.overlay_body import draw_body
from formcheck.rules import Verdict

if TYPE_CHECKING:
    from formcheck.calls import Bout
    from formcheck.exercises import Exercise
    from formcheck.guide import Check
    from formcheck.pipeline import Image, Moment

KEYS = "Space: pause, M: mute, R: restart, S: snapshot, Q: quit"
_ENLARGED = 1.6  # somebody looks from the floor, two metres away
_FOOT = 22.0
_PAD = 10.0
_MARKS = {True: Verdict.GOOD, False: Verdict.FAULT, None: Verdict.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Scene:
    """All that the window shows.

    Attributes
    ----------
    moment : Moment or None
        The last frame and what is known after it; None before the first.
    coach : Coach
    trouble : str
        What is wrong with the camera; else empty.
    note : str
        Something else to know for a moment, such as where a picture was saved; else empty.
    voice : str
        State of the voice, a few words.
    mirrored : bool
        Whether the picture is shown as in a mirror.
    paused : bool
    """

    moment: Moment | None
    coach: Coach
    trouble: str = ""
    note: str = ""
    voice: str = ""
    mirrored: bool = False
    paused: bool = False


def draw_scene(scene: Scene, size_wh: tuple[int, int]) -> Image:
    """Return the picture for a window of a size.

    The camera's picture is fitted into it first, so that words are sharp at any size.
    """
    width, height = (max(1, side) for side in size_wh)
    whole = Canvas.on(np.zeros((height, width, 3), np.uint8))
    foot = min(whole.px(_FOOT), height // 4)
    above = Canvas(whole.image[: max(1, height - foot)], whole.unit)
    if scene.moment is not None and scene.moment.frame is not None:
        _draw_moment(above, scene, scene.moment)
    if card := _card(scene):
        _draw_card(replace(above, unit=above.unit * _ENLARGED), card)
    if scene.trouble:
        _draw_banner(above, scene.trouble)
    _draw_foot(whole, scene, height - foot)
    return whole.image


def _draw_moment(canvas: Canvas, scene: Scene, moment: Moment) -> None:
    """Draw the camera's picture as large as it fits, and over it what is known."""
    if moment.frame is None:
        return
    image = moment.frame.image
    (height, width), (room_wide, room_high) = image.shape[:2], canvas.size_wh
    scale = min(room_wide / width, room_high / height)
    wide, high = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (room_wide - wide) // 2, (room_high - high) // 2
    part = canvas.image[top : top + high, left : left + wide]
    fitted = image if scale == 1.0 else cv2.resize(image, (wide, high))
    part[:] = cv2.flip(fitted, 1) if scene.mirrored else fitted
    turn = -scale if scene.mirrored else scale
    pose = moment.pose.moved((turn, scale), (left + wide * scene.mirrored, top))
    told = shown(pose, moment.session)
    if scene.coach.course.phase is Phase.TRAINING and not scene.paused:
        told = _of_this_bout(told, scene.coach.course.bout)
        told = replace(told, cue=None, praise="") if scene.trouble else told
        draw_shown(canvas, told, _ENLARGED)
    else:
        draw_body(canvas, told.body)


def _of_this_bout(told: Shown, bout: Bout) -> Shown:
    """Return what is told, with the count of this set, or a clock that can be read from afar."""
    if told.body.session.reps is None:
        minutes, seconds = divmod(int(bout.held_s), 60)
        return replace(told, number=f"{minutes}:{seconds:02d}")
    counting = told.body.session.clock.state is State.HOLD
    headline = f"repetition{'s' if bout.n_reps != 1 else ''}" if counting else told.headline
    return replace(told, number=str(bout.n_reps), headline=headline)


@dataclass(frozen=True, slots=True)
class _Card:
    """A card: one large line, its capitals `cap` units high, and below it lines or checks."""

    title: str
    lines: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    cap: float = 14.0


def _draw_card(canvas: Canvas, card: _Card) -> None:
    """Draw a card in the middle; one with checks at the left, so that the person is seen."""
    pad, step = canvas.px(_PAD), canvas.px(19)
    room = canvas.size_wh[0] - 4 * pad
    rows = [
        canvas.words(card.title, card.cap, room, strong=True),
        *(canvas.words(line, 8.5, room) for line in card.lines),
    ]
    checks = [canvas.words(check.title, 7.5, room - step, strong=True) for check in card.checks]
    text_wide, text_high = canvas.column_px(rows)
    width = max(text_wide, *(step + words.width_px for words in checks), 1)
    height = text_high + step * len(checks)
    left = 2 * pad if checks else (canvas.size_wh[0] - width) // 2
    top = (canvas.size_wh[1] - height) // 2
    canvas.shade(left - pad, top - pad, left + width + pad, top + height + pad)
    canvas.column(rows, left, top)
    for number, (check, words) in enumerate(zip(card.checks, checks, strict=True)):
        middle = top + text_high + (number + 0.7) * step
        canvas.mark((left + step / 3, middle), _MARKS[check.ok])
        canvas.write(words, left + step, middle - words.cap_px / 2)


def _card(scene: Scene) -> _Card | None:
    """Return what covers the picture; nothing while somebody trains."""
    course = scene.coach.course
    if scene.paused:
        return _Card("Paused", lines=("Press space to go on",))
    if scene.moment is None:
        return _Card("Waiting for the camera")
    exercise = scene.moment.session.exercise
    if course.phase is Phase.SETUP:
        return _setup_card(course, exercise)
    if course.phase is Phase.REST:
        return _result_card(course, exercise)
    position = exercise.position
    waiting = {
        Phase.COUNTDOWN: _Card(str(int(course.countdown_s) + 1), lines=(position,), cap=44.0),
        Phase.READY: _Card("Ready", lines=(position,)),
        Phase.CALIBRATING: _Card("Lie still", lines=("for a moment",)),
    }
    return waiting.get(course.phase)


def _setup_card(course: Course, exercise: Exercise) -> _Card:
    if course.hint:
        return _Card(course.hint.shown, checks=course.checks, cap=12.0)
    return _Card("Good. Hold on", _first_tip(exercise, "before"), course.checks, cap=12.0)


def _result_card(course: Course, exercise: Exercise) -> _Card | None:
    """Return what came of it, one thing to work on, a tip that fits, and what the camera lacks."""
    result, hint = course.result, course.lasting_hint
    if result is None:
        return None
    lines = [result.clean]
    if result.work_on:
        lines += [f"Next time: {result.work_on.cue.spoken}", result.work_on.cue.why]
        lines += _first_tip(exercise, "when faults last") if result.faulty else ()
    else:
        lines += _first_tip(exercise, "after")
    lines += [hint.shown] if hint and hint.code != "person" else []
    return _Card(result.title, tuple(lines), cap=22.0)


def _first_tip(exercise: Exercise, when: str) -> tuple[str, ...]:
    return tuple(tip.text for tip in tips_for(exercise, when)[:1])


def _draw_banner(canvas: Canvas, text: str) -> None:
    """Draw a bar where the cue stands: something is wrong, and not with the person."""
    pad, mark, (width, height) = canvas.px(_PAD), canvas.px(24), canvas.size_wh
    words = canvas.words(text, 13, width - 3 * pad - mark, strong=True)
    top = height - words.height_px - 2 * pad
    canvas.shade(0, top, width, height)
    canvas.block(0, top, width, top + canvas.px(2), ORANGE)
    canvas.mark((pad + mark / 2, (top + height) / 2), Verdict.WATCH)
    canvas.write(words, 2 * pad + mark, top + pad)


def _draw_foot(canvas: Canvas, scene: Scene, top: int) -> None:
    """Draw the keys or a note, and the state of the voice."""
    pad, (width, height) = canvas.px(_PAD), canvas.size_wh
    voice = canvas.words(scene.voice, 8, width / 2 - pad, n_lines=1)
    room = width - 3 * pad - voice.width_px
    keys = canvas.words(scene.note or KEYS, 8, room, strong=bool(scene.note), n_lines=1)
    for words, left in ((keys, pad), (voice, width - pad - voice.width_px)):
        canvas.write(words, left, (top + height - words.height_px) / 2)
