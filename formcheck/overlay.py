"""The picture that the user sees: skeleton, angles, clock, and the cue of the moment."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck import geometry
from formcheck.canvas import DARK, GREY, PALE, VERDICT_COLOURS, WHITE, Canvas, Words
from formcheck.geometry import Point
from formcheck.holds import POSTURES, State
from formcheck.landmarks import HALVES, Half, Landmark, Pose
from formcheck.metrics import Support
from formcheck.postures import NOBODY
from formcheck.rules import Verdict

if TYPE_CHECKING:
    from formcheck.pipeline import Image, Moment
    from formcheck.session import Session

Bone = tuple[str, str]
Guide = Callable[[Pose, Half, Support], tuple[Point, Point]]
Shown = dict[str, Verdict]

# Widths of bones, units: what is wrong is thicker, too. None: no rule is about it.
_WIDTHS = {
    Verdict.GOOD: 2.6,
    Verdict.WATCH: 3.8,
    Verdict.FAULT: 5.0,
    Verdict.UNKNOWN: 1.8,
    None: 2.0,
}
_GRAVITY = (Verdict.FAULT, Verdict.WATCH, Verdict.UNKNOWN, Verdict.GOOD)
_WRONG = (Verdict.FAULT, Verdict.WATCH)
_PAD = 8.0
_MARK = 20.0


@dataclass(frozen=True, slots=True)
class _Concern:
    """What of the body a metric is about: a joint that carries the mark, and bones.

    `words` turns the value into a label, which stands `at` so many halves of its width toward the
    hip and units below the joint; `always`, or only while something is wrong. `guide` returns the
    line on which the joint belongs, shown while it is off it.
    """

    joint: str
    bones: tuple[Bone, ...] = ()
    words: Callable[[float], str] | None = None
    at: tuple[float, float] = (0, -23)
    always: bool = False
    guide: Guide | None = None


def _straight(pose: Pose, half: Half, support: Support) -> tuple[Point, Point]:
    leg = half.knee if support.foot == "knee" else half.ankle
    return pose.at(half.shoulder), pose.at(leg)


def _under_shoulder(pose: Pose, half: Half, support: Support) -> tuple[Point, Point]:
    shoulder, (hand, foot) = pose.at(half.shoulder), support.points(pose)
    length = geometry.distance(foot, hand)
    share = geometry.along(shoulder, foot, hand) / length if length else math.nan
    x, y = (start + (end - start) * share for start, end in zip(foot, hand, strict=True))
    return shoulder, (x, y)


def _either(value: float, more: str, none: str, less: str) -> str:
    degrees = round(value)
    return f"{more if degrees > 0 else less if degrees else none} {abs(degrees)}°"


_CHAIN = ("wrist", "elbow", "shoulder", "hip", "knee", "ankle", "heel", "toe")
_LIMBS: tuple[Bone, ...] = tuple(pairwise(_CHAIN))
_NECK: Bone = ("shoulder", "ear")
_FACE: Bone = ("ear", "nose")
_JOINTS = ("ankle", "knee", "hip", "wrist", "elbow", "shoulder", "ear")
_CONCERNS = {
    "hip_sag_deg": _Concern(
        "hip",
        (("shoulder", "hip"), ("hip", "knee")),
        words=lambda value: _either(value, "sag", "hip", "raised"),
        always=True,
        guide=_straight,
    ),
    "knee_flexion_deg": _Concern(
        "knee",
        (("hip", "knee"), ("knee", "ankle")),
        words=lambda value: f"knee {round(value)}°",
        at=(0, 23),
        always=True,
    ),
    "gaze_deg": _Concern(
        "ear",
        (_NECK, _FACE),
        words=lambda value: _either(90 - value, "head up", "head", "head down"),
        at=(1, -23),
    ),
    "elbow_offset_ratio": _Concern("elbow", (("elbow", "shoulder"),), guide=_under_shoulder),
    "wrist_offset_ratio": _Concern(
        "wrist", (("elbow", "shoulder"), ("wrist", "elbow")), guide=_under_shoulder
    ),
    "shoulder_height_ratio": _Concern("shoulder"),
}


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is found of one metric: the gravest verdict of its rules."""

    concern: _Concern
    verdict: Verdict
    value: float


@dataclass(frozen=True, slots=True)
class _Body:
    """What the body is drawn from."""

    pose: Pose
    session: Session
    findings: tuple[_Finding, ...]

    @property
    def judged(self) -> bool:
        return self.session.clock.state is State.HOLD

    @property
    def posed(self) -> bool:
        return self.judged or self.session.sight.evidence in POSTURES

    @property
    def half(self) -> Half:
        return HALVES[self.session.near.side]

    def place(self, part: str, *, far: bool = False) -> Point:
        if part == "nose":
            return self.pose.at(Landmark.NOSE)
        half = HALVES[self.session.near.side.other] if far else self.half
        landmark: Landmark = getattr(half, part)
        return self.pose.at(landmark)

    def line(self, bone: Bone, *, far: bool = False) -> tuple[Point, Point]:
        start, end = bone
        return self.place(start, far=far), self.place(end, far=far)

    def verdict(self, *, joint: str = "", bone: Bone = ("", "")) -> Verdict | None:
        """Return the gravest verdict on a joint or a bone; None when no rule is about it."""
        if not self.judged:
            return Verdict.UNKNOWN
        verdicts = (
            found.verdict
            for found in self.findings
            if found.concern.joint == joint or bone in found.concern.bones
        )
        return min(verdicts, key=_GRAVITY.index, default=None)


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
    session = moment.session
    canvas = Canvas.copied(moment.frame.image)
    shown = {rule.code: session.verdict(rule.code) for rule in session.exercise.rules}
    _draw_body(canvas, _Body(moment.pose, session, _findings(session, shown)))
    _draw_state(canvas, session, shown)
    _draw_advice(canvas, session, shown)
    return canvas.image


def _findings(session: Session, shown: Shown) -> tuple[_Finding, ...]:
    found = []
    for name, concern in _CONCERNS.items():
        rules = [rule for rule in session.variant.rules if rule.metric.name == name]
        if rules:
            verdict = min((shown[rule.code] for rule in rules), key=_GRAVITY.index)
            found.append(_Finding(concern, verdict, session.value(rules[0])))
    return tuple(found)


def _draw_body(canvas: Canvas, body: _Body) -> None:
    for ends in (body.line(bone, far=True) for bone in _LIMBS):
        if canvas.shows(*ends):
            canvas.line(*ends, GREY, 0.7)
    _draw_bones(canvas, body)
    wrong = [found for found in body.findings if found.verdict in _WRONG]
    for found in wrong:
        if found.concern.guide:
            _draw_guide(canvas, body, found.concern.guide)
    for part in _JOINTS:
        _draw_joint(canvas, body, part)
    for found in body.findings if body.posed else ():
        if found.concern.always or found in wrong:
            _draw_label(canvas, body, found)


def _draw_bones(canvas: Canvas, body: _Body) -> None:
    placed = [(body.line(bone), body.verdict(bone=bone)) for bone in (*_LIMBS, _NECK, _FACE)]
    lines = [(ends, verdict) for ends, verdict in placed if canvas.shows(*ends)]
    if body.verdict(bone=_FACE) not in _WRONG:  # then nothing needs to cover the face
        lines = [line for line in lines if line[0] != body.line(_FACE)]
    for ends, verdict in lines:
        if verdict is not Verdict.UNKNOWN:
            canvas.line(*ends, DARK, _WIDTHS[verdict] + 1.6)
    for ends, verdict in lines:
        draw_line = canvas.dashes if verdict is Verdict.UNKNOWN else canvas.line
        draw_line(*ends, VERDICT_COLOURS[verdict] if verdict else PALE, _WIDTHS[verdict])


def _draw_guide(canvas: Canvas, body: _Body, guide: Guide) -> None:
    ends = guide(body.pose, body.half, body.session.variant.support)
    if canvas.shows(*ends):
        canvas.dashes(*ends, DARK, 3.2)
        canvas.dashes(*ends, WHITE, 1.8)


def _draw_joint(canvas: Canvas, body: _Body, part: str) -> None:
    point, verdict = body.place(part), body.verdict(joint=part)
    if not canvas.shows(point):
        return
    if verdict is None or not body.judged:
        canvas.disc(point, 2.2, PALE if body.judged else GREY)
    else:
        canvas.mark(point, verdict)


def _draw_label(canvas: Canvas, body: _Body, found: _Finding) -> None:
    concern, (x, y) = found.concern, body.place(found.concern.joint)
    if concern.words is None or math.isnan(found.value) or not canvas.shows((x, y)):
        return
    aside, below = concern.at
    toward_hip = math.copysign(aside, body.place("hip")[0] - x)
    text = concern.words(found.value)
    canvas.label(text, (x, y + canvas.unit * below), found.verdict, toward_hip)


def clock_text(seconds: float) -> str:
    """Return a time as minutes, seconds and tenths; a tenth counts when it is over.

    Examples
    --------
    >>> clock_text(83.46), clock_text(59.99)
    ('1:23.4', '0:59.9')
    """
    tenths = int(seconds * 10 + 1e-6)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _draw_state(canvas: Canvas, session: Session, shown: Shown) -> None:
    """Draw the panel in the upper left corner: what is going on, and the clock."""
    pad = canvas.px(_PAD)
    room = min(canvas.size_wh[0], canvas.px(330)) - 3 * pad
    held = session.clock.state is State.HOLD
    time = clock_text(session.clock.held_s) if held else ""
    clock = canvas.words(time, 17, room, strong=True, n_lines=1)
    left = 2 * pad + (clock.width_px + pad if held else 0)
    headline, detail = _state_words(session)
    rows = [
        canvas.words(headline, 9, room + 2 * pad - left, strong=True),
        canvas.words(detail, 8, room + 2 * pad - left),
    ]
    width, height = canvas.column_px(rows)
    bottom = 2 * pad + max(height, clock.height_px)
    canvas.shade(0, 0, left + width + pad, bottom)
    canvas.block(0, 0, canvas.px(3), bottom, VERDICT_COLOURS[_overall(session, shown)])
    canvas.write(clock, 2 * pad, (bottom - clock.height_px) / 2)
    canvas.column(rows, left, (bottom - height) / 2)


def _state_words(session: Session) -> tuple[str, str]:
    """Return a headline, and a line below it."""
    clock = session.clock
    if clock.state is State.HOLD:
        title = f"HOLD {clock.note} {session.exercise.name}"
        return title, f"clean {clock_text(session.clean_s)}"
    if clock.state is State.UNKNOWN:
        return "Cannot judge", clock.note
    held = [stretch for stretch in clock.stretches if stretch.state is State.HOLD]
    last = f"last hold {clock_text(held[-1].end_s - held[-1].start_s)}" if held else ""
    return "Nobody in the picture" if clock.note == NOBODY else "Not in position", last


def _overall(session: Session, shown: Shown) -> Verdict:
    """Return the gravest verdict; a rule that learns the person's best anew is left out."""
    rules = session.variant.rules
    known = (shown[r.code] for r in rules if not (r.learn_s and shown[r.code] is Verdict.UNKNOWN))
    return min(known, key=_GRAVITY.index, default=Verdict.UNKNOWN)


def _draw_advice(canvas: Canvas, session: Session, shown: Shown) -> None:
    """Draw the gravest cue; where there is none and every rule is good, a word of praise."""
    wrong = [rule for rule in session.exercise.rules if shown[rule.code] in _WRONG]
    room = canvas.size_wh[0] - canvas.px(3 * _PAD + _MARK)
    if wrong:
        rule = min(wrong, key=lambda rule: _GRAVITY.index(shown[rule.code]))
        cue = canvas.words(rule.cue.shown, 12, room, strong=True)
        why = canvas.words(rule.cue.why, 8.5, room)
        _draw_bar(canvas, shown[rule.code], [cue, why], canvas.size_wh[0])
    elif _overall(session, shown) is Verdict.GOOD:
        praise = canvas.words("Good form", 9, room, strong=True)
        _draw_bar(canvas, Verdict.GOOD, [praise], praise.width_px + canvas.px(3 * _PAD + _MARK))


def _draw_bar(canvas: Canvas, verdict: Verdict, rows: list[Words], right: int) -> None:
    depth, pad, rim = canvas.size_wh[1], canvas.px(_PAD), canvas.px(2)
    left = canvas.px(2 * _PAD + _MARK)
    top = depth - canvas.column_px(rows)[1] - 2 * pad - rim
    canvas.shade(0, top, right, depth)
    canvas.block(0, top, right, top + rim, VERDICT_COLOURS[verdict])
    canvas.mark((left / 2, (top + rim + depth) / 2), verdict)
    canvas.column(rows, left, top + rim + pad)
