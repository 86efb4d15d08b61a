"""The picture that the user sees: skeleton, angles, clock or count, and the cue of the moment."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from formcheck.advice import corrections, recent_repetition
from formcheck.canvas import VERDICT_COLOURS, Canvas, Words
from formcheck.counting import RepCounter
from formcheck.holds import State
from formcheck.overlay_body import Body, draw_body, findings, lift_findings
from formcheck.postures import NOBODY
from formcheck.rules import Cue, Verdict, gravest

if TYPE_CHECKING:
    from formcheck.landmarks import Pose
    from formcheck.pipeline import Image, Moment
    from formcheck.session import Session

_PAD = 8.0
_MARK = 20.0
_STAY_S = 0.3


@dataclass(frozen=True, slots=True)
class Shown:
    """What the picture tells of a moment.

    `number` stands in the panel, its capitals `cap` units high, beside a headline and a detail
    below it; the panel's edge has the colour of the verdict. At the bottom stands the cue of a
    fault or a hint; without one, a word of praise.
    """

    body: Body
    number: str
    cap: float
    headline: str
    detail: str
    verdict: Verdict
    cue: tuple[Verdict, Cue] | None
    praise: str


def draw(moment: Moment) -> Image:
    """Return a new picture: the frame of a moment, with what is known drawn on it.

    The frame's own picture is not changed; the new one has its size, and is C-contiguous.

    Raises
    ------
    ValueError
        If the moment has no frame.
    """
    if moment.frame is None:
        raise ValueError("overlay: a moment without a frame cannot be drawn")
    canvas = Canvas.copied(moment.frame.image)
    draw_shown(canvas, shown(moment.pose, moment.session))
    return canvas.image


def shown(pose: Pose, session: Session) -> Shown:
    """Return what the picture tells after a pose."""
    reps = session.reps
    return _held(pose, session) if reps is None else _repeated(pose, session, reps)


def draw_shown(canvas: Canvas, shown: Shown, enlarged: float = 1.0) -> None:
    """Draw the body, the panel with clock or count, and the cue.

    Parameters
    ----------
    canvas : Canvas
    shown : Shown
    enlarged : float
        How much larger than usual the letters are, for somebody who is not at the screen.
    """
    draw_body(canvas, shown.body)
    large = replace(canvas, unit=canvas.unit * enlarged)
    _draw_panel(large, shown)
    _draw_advice(large, shown)


def _held(pose: Pose, session: Session) -> Shown:
    """Return what is told of an exercise that is held."""
    levels = {rule.code: session.verdict(rule.code) for rule in session.exercise.rules}
    # A rule that learns the person's best anew is left out.
    overall = gravest(
        levels[rule.code]
        for rule in session.variant.rules
        if not (rule.learn_s and levels[rule.code] is Verdict.UNKNOWN)
    )
    headline, detail = _hold_words(session)
    # Before every check has had its time, nothing found is no praise yet.
    longest_s = max((rule.seconds for rule in session.variant.rules), default=math.inf)
    settled = session.clock.held_s > longest_s
    return Shown(
        body=Body(pose, session, findings(session)),
        number=clock_text(session.clock.held_s) if session.clock.state is State.HOLD else "",
        cap=17,
        headline=headline,
        detail=detail,
        verdict=overall,
        cue=_cue(session),
        praise="Good form" if overall is Verdict.GOOD and settled else "",
    )


def _cue(session: Session) -> tuple[Verdict, Cue] | None:
    """Return the gravest cue and its level."""
    wrong = corrections(session)
    return (wrong[0].level, wrong[0].rule.cue) if wrong else None


def clock_text(seconds: float) -> str:
    """Return a time as minutes, seconds and tenths; a tenth counts when it is over.

    Examples
    --------
    >>> clock_text(83.46), clock_text(59.99)
    ('1:23.4', '0:59.9')
    """
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _hold_words(session: Session) -> tuple[str, str]:
    """Return a headline, and a line below it."""
    clock = session.clock
    if clock.state is State.HOLD:
        title = f"HOLD {clock.note} {session.exercise.title.lower()}"
        return title, f"clean {clock_text(session.clean_s)}"
    held = [stretch for stretch in clock.stretches if stretch.state is State.HOLD]
    last = f"last hold {clock_text(held[-1].end_s - held[-1].start_s)}" if held else ""
    return _no_position(session, last)


def _no_position(session: Session, so_far: str) -> tuple[str, str]:
    clock = session.clock
    if clock.state is State.UNKNOWN:
        return "Cannot judge", clock.note
    return "Nobody in the picture" if clock.note == NOBODY else "Not in position", so_far


def _repeated(pose: Pose, session: Session, reps: RepCounter) -> Shown:
    """Return what is told of an exercise that is repeated."""
    last = recent_repetition(reps, session.time_s)
    faults = last.faults if last else ()
    found = lift_findings(session.exercise, _lift_deg(pose, session, reps), faults)
    cue = _cue(session)
    in_position = session.clock.state is State.HOLD
    n_reps = reps.count
    headline, detail = _count_words(session, reps, n_reps)
    otherwise = Verdict.GOOD if in_position else Verdict.UNKNOWN
    return Shown(
        body=Body(pose, session, found),
        number=str(n_reps) if n_reps or in_position else "",
        cap=26,
        headline=headline,
        detail=detail,
        verdict=cue[0] if cue else otherwise,
        cue=cue,
        praise="Good"
        if in_position and last and not faults and reps.spec.rules[0].rule not in last.unknown
        else "",
    )


def _lift_deg(pose: Pose, session: Session, reps: RepCounter) -> float:
    """Return the lift over the person's own lying position; over the level while unknown."""
    lift_deg = reps.spec.signals.lift.measure(pose, session.near.side)
    return lift_deg - (reps.lying.lift_deg if reps.lying else 0.0)


def _count_words(session: Session, reps: RepCounter, n_reps: int) -> tuple[str, str]:
    """Return a headline, and a line below it."""
    noun = "repetition" if n_reps == 1 else "repetitions"
    if session.clock.state is State.HOLD:
        return noun, _phase(reps) if session.exercise.lifts_trunk else ""
    return _no_position(session, f"{noun} so far" if n_reps else "")


def _phase(reps: RepCounter) -> str:
    """Return in a word what the trunk does."""
    if not reps.samples or reps.low is None or reps.high is None:
        return ""
    now, slack_deg = reps.samples[-1], reps.spec.swing_deg / 2
    if reps.rising and now.lift_deg >= reps.high.lift_deg - slack_deg:
        return "rising" if now.time_s - reps.high.time_s < _STAY_S else "top"
    flat_deg = reps.lying.lift_deg if reps.lying else reps.spec.level_deg
    if not reps.rising and (
        now.lift_deg <= flat_deg + slack_deg
        or (now.time_s - reps.low.time_s >= _STAY_S and now.lift_deg <= reps.spec.lying_deg)
    ):
        return "lying"
    return "" if reps.rising is None else "lowering"


def _draw_panel(canvas: Canvas, shown: Shown) -> None:
    """Draw the panel in the upper left corner: what is going on, and the clock or the count."""
    pad = canvas.px(_PAD)
    room = min(canvas.size_wh[0], canvas.px(330)) - 3 * pad
    number = canvas.words(shown.number, shown.cap, room, strong=True, n_lines=1)
    left = 2 * pad + (number.width_px + pad if shown.number else 0)
    rows = [
        canvas.words(shown.headline, 9, room + 2 * pad - left, strong=True),
        canvas.words(shown.detail, 8, room + 2 * pad - left),
    ]
    width, height = canvas.column_px(rows)
    bottom = 2 * pad + max(height, number.height_px)
    canvas.shade(0, 0, left + width + pad, bottom)
    canvas.block(0, 0, canvas.px(3), bottom, VERDICT_COLOURS[shown.verdict])
    canvas.write(number, 2 * pad, (bottom - number.height_px) / 2)
    canvas.column(rows, left, (bottom - height) / 2)


def _draw_advice(canvas: Canvas, shown: Shown) -> None:
    """Draw the cue over the whole breadth; where there is none, the praise."""
    room = canvas.size_wh[0] - canvas.px(3 * _PAD + _MARK)
    if shown.cue:
        level, cue = shown.cue
        rows = [
            canvas.words(cue.shown, 12, room, strong=True),
            canvas.words(cue.why, 8.5, room),
        ]
        _draw_bar(canvas, level, rows, canvas.size_wh[0])
    elif shown.praise:
        praise = canvas.words(shown.praise, 9, room, strong=True)
        _draw_bar(canvas, Verdict.GOOD, [praise], praise.width_px + canvas.px(3 * _PAD + _MARK))


def _draw_bar(canvas: Canvas, verdict: Verdict, rows: list[Words], right: int) -> None:
    depth, pad, rim = canvas.size_wh[1], canvas.px(_PAD), canvas.px(2)
    left = canvas.px(2 * _PAD + _MARK)
    top = depth - canvas.column_px(rows)[1] - 2 * pad - rim
    canvas.shade(0, top, right, depth)
    canvas.block(0, top, right, top + rim, VERDICT_COLOURS[verdict])
    canvas.mark((left / 2, (top + rim + depth) / 2), verdict)
    canvas.column(rows, left, top + rim + pad)
