"""The outline of the back in the picture, and the hollow at the small of it."""

from __future__ import annotations

import numpy as np

from formcheck.canvas import DARK, PALE, VERDICT_COLOURS, WHITE, Canvas
from formcheck.geometry import Point
from formcheck.landmarks import Array, Pose
from formcheck.rules import WRONG, Verdict
from formcheck.silhouette import BACK, hull

_WIDTHS = {Verdict.WATCH: 2.6, Verdict.FAULT: 3.4}
_WIDTH = 1.4
_NOWHERE: Point = (np.nan, np.nan)


def small_of_back(pose: Pose) -> Point:
    """Return where a back that is turned up is hollow; NaN where that is not seen."""
    if pose.back is None:
        return _NOWHERE
    edge = pose.back.above
    gaps = _gaps(edge)
    if np.isnan(gaps).all():
        return _NOWHERE
    x, y = pose.back.places(edge)[int(np.nanargmax(gaps))].tolist()
    return x, y


def draw_back(canvas: Canvas, pose: Pose, verdict: Verdict, *, lying: bool) -> None:
    """Draw the outline from the shoulders to the seat; over a hollow that is wrong, a cloth.

    Parameters
    ----------
    canvas : Canvas
    pose : Pose
    verdict : Verdict
        On the lower back.
    lying : bool
        Whether the back is turned down.
    """
    if pose.back is None:
        return
    edge, up = (pose.back.below, -1.0) if lying else (pose.back.above, 1.0)
    known = BACK & ~np.isnan(edge)
    line = pose.back.places(up * edge)[known]
    if len(line) <= 1:
        return
    colour = PALE if verdict is Verdict.UNKNOWN else VERDICT_COLOURS[verdict]
    width = _WIDTHS.get(verdict, _WIDTH)
    canvas.chain(line, DARK, width + 1.2)
    canvas.chain(line, colour, width)
    if verdict in WRONG:
        cloth = pose.back.places(up * hull(edge))[known]
        canvas.dashes(*_across(cloth, _gaps(edge)[known]), WHITE, 1.4)


def _gaps(edge: Array) -> Array:
    """Return how deep the outline lies under a cloth stretched over it, in trunks."""
    return hull(edge) - edge


def _across(cloth: Array, gaps: Array) -> tuple[Point, Point]:
    """Return where the cloth leaves the outline, and meets it again, at the deepest hollow."""
    touching = np.flatnonzero(gaps <= 0)
    deepest = int(gaps.argmax())
    before, after = touching[touching <= deepest][-1], touching[touching >= deepest][0]
    (x, y), (end_x, end_y) = cloth[[before, after]].tolist()
    return (x, y), (end_x, end_y)
