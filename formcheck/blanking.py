"""Paint people over, so that the pose model finds those who are left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.landmarks import HALVES, Landmark, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from formcheck.landmarks import Array, Pose
    from formcheck.pipeline import Image

# Of the trunk.
_LIMB, _HEAD = 0.35, 0.38
_LEAST_PX = 10.0

_LIMBS = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "toe"),
)
_TRUNK = [getattr(HALVES[side], part) for side in Side for part in ("shoulder", "hip")]
_FACE = [landmark for landmark in Landmark if landmark < Landmark.LEFT_SHOULDER]


def without(image: Image, bodies: Iterable[Pose], scale: float = 1.0) -> Image:
    """Return a copy of a picture in which bodies are painted over with its mean colour.

    Only about as much as they cover: who lies close by stays as whole as possible.

    Parameters
    ----------
    image : Image
    bodies : iterable of Pose
    scale : float
        Pixels of the picture for a pixel of the poses.
    """
    painted = np.array(image)
    colour = tuple(float(level) for level in cv2.mean(image)[:3])
    for body in bodies:
        _paint_over(painted, body.xy * scale, colour)
    return painted


def _paint_over(image: Image, xy: Array, colour: tuple[float, ...]) -> None:
    trunk_px = _trunk_px(xy)
    for start, end in _lines(xy):
        cv2.line(image, start, end, colour, max(1, round(_LIMB * trunk_px)))
    corners = _seen(xy[_TRUNK])
    if len(corners):
        cv2.fillConvexPoly(image, cv2.convexHull(corners), colour)
    face = _seen(xy[_FACE])
    if len(face):
        x, y = face.mean(axis=0).round().astype(int).tolist()
        cv2.circle(image, (x, y), round(_HEAD * trunk_px), colour, cv2.FILLED)


def _trunk_px(xy: Array) -> float:
    """Return the longest side of the trunk that is seen, pixels."""
    lengths = [float(math.dist(xy[a], xy[b])) for a in _TRUNK for b in _TRUNK]
    return max([_LEAST_PX, *(length for length in lengths if not math.isnan(length))])


def _lines(xy: Array) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the two ends of each limb that is seen, and of the neck."""
    pairs = [
        (xy[getattr(half, upper)], xy[getattr(half, lower)])
        for half in HALVES.values()
        for upper, lower in _LIMBS
    ]
    pairs += [(xy[Landmark.NOSE], xy[half.shoulder]) for half in HALVES.values()]
    for pair in pairs:
        ends = _seen(np.array(pair))
        if len(ends) == len(pair):
            (ax, ay), (bx, by) = ends.tolist()
            yield (ax, ay), (bx, by)


def _seen(points: Array) -> np.typing.NDArray[np.int32]:
    return points[~np.isnan(points).any(axis=1)].round().astype(np.int32)
