"""The camera: where it stands, what it sees, and where a point of the room appears."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin, tan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from samples.studio.triples import Triple


_NEAREST_M = 0.01


class Rays(NamedTuple):
    """The direction of the ray through (x, y) px is `corner + x * across + y * down`."""

    eye: Triple
    corner: Triple
    across: Triple
    down: Triple


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera without distortion.

    Attributes
    ----------
    eye, target : tuple of float
        Where it stands and what it looks at, metres; not one straight above the other.
    field_deg : float
        The angle that the picture's width takes in.
    size_wh : tuple of int
        The picture, pixels.
    roll_deg : float
        How far the camera is turned clockwise; what it sees turns the other way.
    """

    eye: Triple = (0.03, 0.95, 3.1)
    target: Triple = (0.03, 0.42, 0.0)
    field_deg: float = 41.0
    size_wh: tuple[int, int] = (854, 480)
    roll_deg: float = 0.0

    def project(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return where points appear.

        Parameters
        ----------
        points : array_like of float
            Shape (n, 3) or (3,), metres.

        Returns
        -------
        NDArray of float
            Shape (n, 2) or (2,), pixels: x to the right, y down, the corner of the picture at 0.
            NaN for points that are not in front of the camera.
        """
        right, up, ahead = self._axes()
        way = np.asarray(points, np.float64) - np.asarray(self.eye)
        depth_m = np.asarray(way @ ahead)
        depth_m = np.where(depth_m > _NEAREST_M, depth_m, np.nan)
        shift = np.stack([way @ right, -(way @ up)], axis=-1) / depth_m[..., None]
        middle = np.asarray(self.size_wh) / 2
        return np.asarray(middle + shift / self._slope_per_px())

    def rays(self) -> Rays:
        """Return what makes the ray of each pixel."""
        right, up, ahead = self._axes()
        width, height = self.size_wh
        across, down = right * self._slope_per_px(), -up * self._slope_per_px()
        corner = ahead - across * width / 2 - down * height / 2
        return Rays(_triple(self.eye), _triple(corner), _triple(across), _triple(down))

    def _slope_per_px(self) -> float:
        return 2 * tan(radians(self.field_deg) / 2) / self.size_wh[0]

    def _axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Return the unit vectors to the right, up and ahead."""
        ahead = np.asarray(self.target, np.float64) - np.asarray(self.eye)
        level = np.cross(ahead, (0.0, 1.0, 0.0))
        if not level.any():
            raise ValueError("the camera looks straight up or down: move its eye a little aside")
        ahead, level = ahead / np.linalg.norm(ahead), level / np.linalg.norm(level)
        upright, roll = np.cross(level, ahead), radians(self.roll_deg)
        right = cos(roll) * level - sin(roll) * upright
        return right, np.cross(right, ahead), ahead


def _triple(vector: ArrayLike) -> Triple:
    x, y, z = np.asarray(vector, np.float64).tolist()
    return x, y, z
