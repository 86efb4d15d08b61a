"""Faces made unrecognisable, where the pose says that the head is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from formcheck.landmarks import Landmark, Pose
from formcheck.pipeline import Frame, Image

if TYPE_CHECKING:
    from formcheck.landmarks import Array
    from formcheck.pipeline import Moment

_FACE = tuple(Landmark(row) for row in range(Landmark.MOUTH_RIGHT + 1))
_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
# Radius of the disc over a head. From the side the ear-nose distance tells how large it is, from
# the front the shoulders do; the trunk does while neither is seen well. The largest is taken.
_OF_SPREAD, _OF_TRUNK, _OF_SHOULDERS = 1.9, 0.34, 0.45
_LEAST_PX = 8.0
_N_USUAL = 6
_FEW = 1.3  # with fewer points than usual of a face, their middle lies off its own
# Without any point of the face: shoulder to ear is a third of a trunk, whichever way it bends.
_ABOVE, _ROOM = 0.35, 0.5
_N_CELLS = 6
_REMEMBERED_S = 1.0
# Who sits up moves the shoulders at 3 trunks a second, and the head farther out; from rest to that
# speed it takes a sixth of a second.
_FASTEST, _QUICKEST = 4.0, 24.0  # trunks a second; more of them a second


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Where a head is, generously.

    Attributes
    ----------
    centre : array, shape (2,)
        Pixels.
    radius_px : float
    time_s : float
        Of the frame that showed it.
    speed_px : float
        Pixels a second; infinite where it is not known.
    """

    centre: Array
    radius_px: float
    time_s: float
    speed_px: float = math.inf

    @classmethod
    def seen(cls, pose: Pose) -> Head | None:
        """Return the head of a pose; None where the pose does not tell.

        A head whose face is not seen is sought above the shoulders, along the trunk.
        """
        face, shoulders, hips = (_known(pose, rows) for rows in (_FACE, _SHOULDERS, _HIPS))
        trunk = _middle(shoulders) - _middle(hips)
        trunk_px = _length(trunk)
        if len(face):
            centre = face.mean(axis=0)
            spread_px = float(np.linalg.norm(face - centre, axis=1).max())
            breadth_px = _length(shoulders[0] - shoulders[-1]) if len(shoulders) else 0.0
            radius_px = np.nanmax(
                [_OF_SPREAD * spread_px, _OF_TRUNK * trunk_px, _OF_SHOULDERS * breadth_px]
            )
            few = 1.0 if len(face) >= _N_USUAL else _FEW
            return cls(centre, max(_LEAST_PX, few * float(radius_px)), pose.time_s)
        if np.isnan(trunk_px):
            return None
        centre = _middle(shoulders) + _ABOVE * trunk
        return cls(centre, max(_LEAST_PX, _ROOM * trunk_px), pose.time_s)

    def after(self, before: Head) -> Head:
        """Return it with its speed since an earlier frame."""
        passed_s = self.time_s - before.time_s
        speed_px = _length(self.centre - before.centre) / passed_s if passed_s > 0 else math.inf
        return replace(self, speed_px=speed_px)

    def remembered(self, time_s: float) -> Head | None:
        """Return it a little later, larger since it may have moved; None when long ago."""
        passed_s = time_s - self.time_s
        if passed_s > _REMEMBERED_S:
            return None
        trunk_px = self.radius_px / _OF_TRUNK  # at least: a radius is never smaller
        quicker_px = self.speed_px + _QUICKEST * trunk_px * passed_s / 2
        way_px = min(quicker_px, _FASTEST * trunk_px) * passed_s
        return replace(self, radius_px=self.radius_px + way_px)


def _known(pose: Pose, rows: tuple[Landmark, ...]) -> Array:
    points = pose.xy[list(rows)]
    return points[~np.isnan(points).any(axis=1)]


def _middle(points: Array) -> Array:
    return points.mean(axis=0) if len(points) else np.full(2, np.nan)


def _length(vector: Array) -> float:
    return float(np.linalg.norm(vector))


class FaceCover:
    """Makes the face unrecognisable in one frame after another.

    Where the pose loses the head, or the frame was not looked at, its last place is covered for a
    second more, and larger; after that, and as long as nobody is found, the whole picture is. It
    covers one person, the one that is measured.
    """

    def __init__(self) -> None:
        self._head: Head | None = None

    def over(self, moment: Moment) -> Moment:
        """Return the moment with the face in its picture covered; the old one is not changed."""
        if moment.frame is None:
            return moment
        time_s = moment.frame.time_s
        seen = Head.seen(moment.pose) if moment.analysed else None
        if seen:
            self._head = seen.after(self._head) if self._head else seen
        head = seen or (self._head.remembered(time_s) if self._head else None)
        image = covered(moment.frame.image, head)
        return replace(moment, frame=Frame(time_s, image))


def covered(image: Image, head: Head | None) -> Image:
    """Return a picture in which the disc over a head has no detail left; all of it for None."""
    result = np.array(image, order="C")
    height, width = image.shape[:2]
    if head is None:
        result[:] = _coarse(image, min(height, width) / _N_CELLS)
        return result
    left, top = np.floor(head.centre - head.radius_px).astype(int).clip(0, (width, height))
    right, bottom = np.ceil(head.centre + head.radius_px).astype(int).clip(0, (width, height))
    part = result[top:bottom, left:right]
    if part.size:
        y, x = np.ogrid[top:bottom, left:right]
        inside = np.hypot(x - head.centre[0], y - head.centre[1]) <= head.radius_px
        part[inside] = _coarse(part, 2 * head.radius_px / _N_CELLS)[inside]
    return result


def _coarse(image: Image, cell_px: float) -> Image:
    """Return a picture of cells of one size, softly joined."""
    height, width = image.shape[:2]
    cells = max(1, round(width / cell_px)), max(1, round(height / cell_px))
    small = cv2.resize(image, cells, interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return coarse.astype(np.uint8, copy=False)
