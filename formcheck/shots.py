"""Pictures of the moments at which each check was at its worst, kept while a session runs."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.canvas import Canvas
from formcheck.landmarks import Pose
from formcheck.overlay_body import Body, draw_body, findings, lift_findings
from formcheck.rules import WRONG, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formcheck.counting import RepCounter
    from formcheck.landmarks import Array
    from formcheck.pipeline import Image, Moment
    from formcheck.reps import Repetition, RepFault
    from formcheck.session import Session
    from formcheck.summary import Fault, Summary

LONGEST_PX = 640
N_TOPS = 300
"""At about 30 kB each: 9 MB at most, however long a session is."""
_QUALITY = 80
_MARGIN = 0.4
_LEAST_ASPECT, _MOST_ASPECT = 4 / 3, 16 / 9
_SETTLED_S = 0.5
"""A frame is drawn once none worse has followed for so long: no check draws more often."""
_NEAR_S = 0.3  # the top of a repetition is the middle of a plateau


@dataclass(frozen=True, slots=True)
class Shot:
    """The picture of a check's worst moment.

    Attributes
    ----------
    time_s : float
        Seconds of the video.
    jpeg : bytes
        The part around the body, with skeleton and angle; the longer side has `LONGEST_PX`.
    size_wh : (int, int)
        Pixels.
    """

    time_s: float
    jpeg: bytes
    size_wh: tuple[int, int]


Badness = tuple[bool, float]
"""Of a frame: a FAULT is worse than a WATCH, then the farther outside the worse."""


@dataclass(frozen=True, slots=True, eq=False)
class _Top:
    """The top of a repetition: a small picture, and what is needed to draw on it later."""

    jpeg: bytes
    pose: Pose
    session: Session


class Shots:
    """A sink that keeps one small picture for each check that found something.

    Of a hold, it is the frame with the value farthest out; beside the pictures, a few frames are
    held on to, each until none worse has followed for half a second. Of repetitions it is the top
    of the worst one. Which that is turns out at the end, when the lying position is known for
    certain, and so a picture of each of the last `N_TOPS` is kept.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Badness, Moment]] = {}
        self._kept: dict[str, tuple[Badness, Shot]] = {}
        self._rising: Moment | None = None
        self._n_reps = 0
        self._tops: deque[_Top] = deque(maxlen=N_TOPS)

    def take(self, moment: Moment) -> None:
        """Look at one more moment."""
        if moment.frame is None:
            return
        if moment.session.reps is not None:
            self._take_repeated(moment, moment.session.reps)
        elif moment.session.holding:
            self._take_held(moment)
        self._draw_settled(moment.session.time_s)

    def of(self, summary: Summary) -> dict[str, Shot]:
        """Return the pictures by code of their check, once the session is over.

        A picture that shows none of the faults that were settled on is left out.
        """
        if summary.reps is not None:
            self._keep_top()
            return _of_repetitions(summary.reps, tuple(self._tops))
        self._draw_settled(math.inf)
        every = {code: shot for code, (_, shot) in self._kept.items()}
        return {code: shot for code, shot in every.items() if _shows(shot, code, summary.faults)}

    def _take_held(self, moment: Moment) -> None:
        session = moment.session
        for rule in session.variant.rules:
            level = session.verdict(rule.code)
            if level not in WRONG:
                continue
            badness = level is Verdict.FAULT, rule.watch.excess(session.compared(rule))
            known = (self._waiting.get(rule.code), self._kept.get(rule.code))
            if all(other is None or badness > other[0] for other in known):
                self._waiting[rule.code] = badness, moment

    def _draw_settled(self, now_s: float) -> None:
        for code, (badness, moment) in tuple(self._waiting.items()):
            session = moment.session
            if now_s - session.time_s >= _SETTLED_S:
                image, pose = _reduced(moment)
                self._kept[code] = badness, _drawn(image, Body(pose, session, findings(session)))
                del self._waiting[code]

    def _take_repeated(self, moment: Moment, reps: RepCounter) -> None:
        if len(reps.reps) > self._n_reps:
            self._n_reps = len(reps.reps)
            self._keep_top()
        if reps.rising and reps.high and reps.high.time_s == moment.session.time_s:
            self._rising = moment

    def _keep_top(self) -> None:
        if self._rising is None:
            return
        image, pose = _reduced(self._rising)
        session = replace(self._rising.session, reps=None)  # it holds on to half a minute
        self._tops.append(_Top(_jpeg(image), pose, session))
        self._rising = None


def _of_repetitions(reps: tuple[Repetition, ...], tops: tuple[_Top, ...]) -> dict[str, Shot]:
    worst: dict[str, tuple[Badness, RepFault, Repetition, _Top]] = {}
    for each in reps:
        top = next((top for top in tops if _within(top.pose.time_s, *each.span_s)), None)
        for fault in each.told_faults if top else ():
            badness = fault.level is Verdict.FAULT, fault.rule.watch.excess(fault.value)
            if top and (fault.rule.code not in worst or badness > worst[fault.rule.code][0]):
                worst[fault.rule.code] = badness, fault, each, top
    return {
        code: _drawn_top(top, fault, each.peak_lift_deg)
        for code, (_, fault, each, top) in worst.items()
    }


def _drawn_top(top: _Top, fault: RepFault, lift_deg: float) -> Shot:
    image = np.asarray(cv2.imdecode(np.frombuffer(top.jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    found = lift_findings(top.session.exercise, lift_deg, (fault,))
    return _drawn(image, Body(top.pose, top.session, found))


def _drawn(image: Image, body: Body) -> Shot:
    canvas = Canvas.copied(image)
    draw_body(canvas, body)
    return Shot(body.pose.time_s, _jpeg(canvas.image), canvas.size_wh)


def _jpeg(image: Image) -> bytes:
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()


def _reduced(moment: Moment) -> tuple[Image, Pose]:
    """Return the part of a picture around the body, in small, and the pose in it."""
    if moment.frame is None:
        raise ValueError("shots: a moment without a frame has no picture")
    left, top, width, height = _around(moment.pose.xy, moment.frame.size_wh)
    image = moment.frame.image[top : top + height, left : left + width]
    scale = LONGEST_PX / max(width, height)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size_wh = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(image, size_wh, interpolation=way).astype(np.uint8)
    return small, moment.pose.moved((scale, scale), (-left * scale, -top * scale))


def _around(xy: Array, size_wh: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the part with the body, as far as the picture goes."""
    low, high = np.nanmin(xy, axis=0), np.nanmax(xy, axis=0)
    size = (high - low).max() * _MARGIN + (high - low)
    size = np.maximum(size, (size[1] * _LEAST_ASPECT, size[0] / _MOST_ASPECT))
    size = np.minimum(size.round().astype(int), size_wh)
    corner = np.clip((low + high - size) / 2, 0, np.array(size_wh) - size).round().astype(int)
    return int(corner[0]), int(corner[1]), int(size[0]), int(size[1])


def _shows(shot: Shot, code: str, faults: Iterable[Fault]) -> bool:
    return any(
        fault.rule.code == code and _within(shot.time_s, fault.start_s, fault.end_s)
        for fault in faults
    )


def _within(time_s: float, start_s: float, end_s: float) -> bool:
    return start_s - _NEAR_S <= time_s <= end_s + _NEAR_S
