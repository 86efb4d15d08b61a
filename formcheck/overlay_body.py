"""The body in the picture: bones and joints, and what is found of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from formcheck import geometry
from formcheck.canvas import DARK, GREY, PALE, VERDICT_COLOURS, WHITE, Canvas
from formcheck.geometry import Point
from formcheck.holds import POSTURES, State
from formcheck.landmarks import HALVES, Half, Landmark, Pose
from formcheck.metrics import Support
from formcheck.overlay_back import draw_back, small_of_back
from formcheck.rules import GRAVITY, WRONG, Verdict, gravest

if TYPE_CHECKING:
    from formcheck.exercises import Exercise
    from formcheck.reps import RepFault
    from formcheck.session import Session

Bone = tuple[str, str]
Guide = Callable[[Pose, Half, Support], tuple[Point, Point]]

# Widths of bones, units: what is wrong is thicker, too. None: no rule is about it.
_WIDTHS = {
    Verdict.GOOD: 2.6,
    Verdict.WATCH: 3.8,
    Verdict.FAULT: 5.0,
    Verdict.UNKNOWN: 1.8,
    None: 2.0,
}
_CHAIN = ("wrist", "elbow", "shoulder", "hip", "knee", "ankle", "heel", "toe")
_LIMBS: tuple[Bone, ...] = tuple(pairwise(_CHAIN))
_NECK: Bone = ("shoulder", "ear")
_FACE: Bone = ("ear", "nose")
_TRUNK: Bone = ("shoulder", "hip")
_JOINTS = ("ankle", "knee", "hip", "wrist", "elbow", "shoulder", "ear")


@dataclass(frozen=True, slots=True)
class Concern:
    """What of the body a metric is about: a joint that carries the mark, and bones.

    `words` turns the value into a label, which stands `at` so many halves of its width toward the
    hip and units below the joint; `always`, or only while something is wrong. With less than `room`
    units between the joint and the picture's lower edge, it stands above the joint. `guide`
    returns the line on which the joint belongs, shown while it is off it.
    """

    joint: str
    bones: tuple[Bone, ...] = ()
    words: Callable[[float], str] | None = None
    at: tuple[float, float] = (0, -23)
    always: bool = False
    room: float = 0.0
    guide: Guide | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found of one metric: the gravest verdict of its rules."""

    concern: Concern
    verdict: Verdict
    value: float


@dataclass(frozen=True, slots=True)
class Body:
    """What the body is drawn from."""

    pose: Pose
    session: Session
    findings: tuple[Finding, ...]

    @property
    def judged(self) -> bool:
        """Whether the clock says that the person is in the position."""
        return self.session.clock.state is State.HOLD

    @property
    def posed(self) -> bool:
        """Whether this picture, or the clock, says so."""
        return self.judged or self.session.sight.evidence in POSTURES

    @property
    def half(self) -> Half:
        """Landmarks of the near side."""
        return HALVES[self.session.near.side]

    def place(self, part: str, *, far: bool = False) -> Point:
        """Return where a part of the near side is, or of the far one."""
        if part == "nose":
            return self.pose.at(Landmark.NOSE)
        if part == "back":
            return small_of_back(self.pose)
        half = HALVES[self.session.near.side.other] if far else self.half
        landmark: Landmark = getattr(half, part)
        return self.pose.at(landmark)

    def line(self, bone: Bone, *, far: bool = False) -> tuple[Point, Point]:
        """Return both ends of a bone."""
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
        return min(verdicts, key=GRAVITY.index, default=None)


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


_CONCERNS = {
    "hip_sag_deg": Concern(
        "hip",
        (("shoulder", "hip"), ("hip", "knee")),
        words=lambda value: _either(value, "sag", "hip", "raised"),
        always=True,
        guide=_straight,
    ),
    "back_bend_deg": Concern(
        "back", words=lambda value: _either(value, "arch", "back", "round"), at=(0, -24)
    ),
    "knee_flexion_deg": Concern(
        "knee",
        (("hip", "knee"), ("knee", "ankle")),
        words=lambda value: f"knee {round(value)}°",
        at=(0, 23),
        always=True,
    ),
    "gaze_deg": Concern(
        "ear",
        (_NECK, _FACE),
        words=lambda value: _either(90 - value, "head up", "head", "head down"),
        at=(1, -23),
    ),
    "elbow_offset_ratio": Concern("elbow", (("elbow", "shoulder"),), guide=_under_shoulder),
    "wrist_offset_ratio": Concern(
        "wrist", (("elbow", "shoulder"), ("wrist", "elbow")), guide=_under_shoulder
    ),
    "shoulder_height_ratio": Concern("shoulder"),
    "low_back_ratio": Concern("back"),
    "over_rise_deg": Concern("hip", (_TRUNK,)),
    "partial_ratio": Concern("hip", (_TRUNK,)),
    "short_return_deg": Concern("hip", (_TRUNK,)),
    "neck_pull_deg": Concern("ear", (_NECK,)),
}
_NEAR = Concern("shoulder", (*_LIMBS, _NECK))
_LIFT = Concern(
    "hip",
    words=lambda value: f"lift {max(0, round(value))}°",
    at=(0, 23),
    always=True,
    room=85,  # or else the cue would cover it
)
_LEGS = replace(_LIFT, words=lambda value: f"legs apart {max(0, round(value))}°")


def findings(session: Session) -> tuple[Finding, ...]:
    """Return what is found of a body that holds a position: of each metric with rules."""
    found = []
    for name, concern in _CONCERNS.items():
        rules = [rule for rule in session.variant.rules if rule.metric.name == name]
        if rules:
            verdict = gravest(session.verdict(rule.code) for rule in rules)
            found.append(Finding(concern, verdict, session.compared(rules[0])))
    return tuple(found)


def lift_findings(
    exercise: Exercise, lift_deg: float, faults: Iterable[RepFault]
) -> tuple[Finding, ...]:
    """Return what is found of a body that repeats a move; no single frame is right or wrong.

    Parameters
    ----------
    exercise : Exercise
    lift_deg : float
        How far the trunk is lifted, or the legs are apart, degrees; NaN where it is not seen.
    faults : iterable of RepFault
        Of the repetition that is told of: they mark the joints that they are about.
    """
    wrong = [
        Finding(_CONCERNS[fault.rule.metric.name], fault.level, math.nan)
        for fault in faults
        if fault.rule.metric.name in _CONCERNS
    ]
    trunk = gravest(found.verdict for found in wrong if found.concern.joint == _LIFT.joint)
    lift = _LIFT if exercise.lifts_trunk else _LEGS
    return (
        Finding(_NEAR, Verdict.GOOD, math.nan),
        *wrong,
        Finding(lift, Verdict.GOOD if trunk is Verdict.UNKNOWN else trunk, lift_deg),
    )


def draw_body(canvas: Canvas, body: Body) -> None:
    """Draw the back, the far side, the near side over it, and labels where something is known."""
    _draw_back(canvas, body)
    for ends in (body.line(bone, far=True) for bone in _LIMBS):
        if canvas.shows(*ends):
            canvas.line(*ends, GREY, 0.7)
    _draw_bones(canvas, body)
    wrong = [found for found in body.findings if found.verdict in WRONG]
    for found in wrong:
        if found.concern.guide:
            _draw_guide(canvas, body, found.concern.guide)
    for part in _JOINTS:
        _draw_joint(canvas, body, part)
    for found in body.findings if body.posed else ():
        if found.concern.always or found in wrong:
            _draw_label(canvas, body, found)


def _draw_back(canvas: Canvas, body: Body) -> None:
    """Draw the outline, where a rule is about it."""
    lying = body.session.reps is not None
    rules = body.session.exercise.rules if lying else body.session.variant.rules
    concerns = (_CONCERNS.get(rule.metric.name) for rule in rules)
    if body.judged and any(concern and concern.joint == "back" for concern in concerns):
        verdict = body.verdict(joint="back") or Verdict.GOOD
        draw_back(canvas, body.pose, verdict, lying=lying)


def _draw_bones(canvas: Canvas, body: Body) -> None:
    placed = [(body.line(bone), body.verdict(bone=bone)) for bone in (*_LIMBS, _NECK, _FACE)]
    lines = [(ends, verdict) for ends, verdict in placed if canvas.shows(*ends)]
    if body.verdict(bone=_FACE) not in WRONG:  # then nothing needs to cover the face
        lines = [line for line in lines if line[0] != body.line(_FACE)]
    for ends, verdict in lines:
        if verdict is not Verdict.UNKNOWN:
            canvas.line(*ends, DARK, _WIDTHS[verdict] + 1.6)
    for ends, verdict in lines:
        draw_line = canvas.dashes if verdict is Verdict.UNKNOWN else canvas.line
        draw_line(*ends, VERDICT_COLOURS[verdict] if verdict else PALE, _WIDTHS[verdict])


def _draw_guide(canvas: Canvas, body: Body, guide: Guide) -> None:
    ends = guide(body.pose, body.half, body.session.variant.support)
    if canvas.shows(*ends):
        canvas.dashes(*ends, DARK, 3.2)
        canvas.dashes(*ends, WHITE, 1.8)


def _draw_joint(canvas: Canvas, body: Body, part: str) -> None:
    point, verdict = body.place(part), body.verdict(joint=part)
    if not canvas.shows(point):
        return
    if verdict is None or not body.judged:
        canvas.disc(point, 2.2, PALE if body.judged else GREY)
    else:
        canvas.mark(point, verdict)


def _draw_label(canvas: Canvas, body: Body, found: Finding) -> None:
    concern, (x, y) = found.concern, body.place(found.concern.joint)
    if concern.words is None or math.isnan(found.value) or not canvas.shows((x, y)):
        return
    aside, below = concern.at
    if canvas.size_wh[1] - y < canvas.unit * concern.room:
        below = -below
    toward_hip = math.copysign(aside, body.place("hip")[0] - x)
    text = concern.words(found.value)
    canvas.label(text, (x, y + canvas.unit * below), found.verdict, toward_hip)
