"""The 33 body landmarks and the pose that they make in one frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formcheck import geometry
from formcheck.geometry import Point
from formcheck.silhouette import Outline

Array = NDArray[np.float64]
N_LANDMARKS = 33
_FARTHEST_PX = 1e6


class Side(StrEnum):
    """A side of the person's own body."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Landmark(IntEnum):
    """Row of a landmark in the arrays of a pose, in MediaPipe's order."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32

    def mirrored(self) -> Landmark:
        """Return the same landmark of the other side; the nose is its own mirror.

        Examples
        --------
        >>> Landmark.LEFT_HIP.mirrored().name
        'RIGHT_HIP'
        """
        if "LEFT" in self.name:
            return Landmark[self.name.replace("LEFT", "RIGHT")]
        return Landmark[self.name.replace("RIGHT", "LEFT")]


@dataclass(frozen=True, slots=True)
class Half:
    """The landmarks of one half of the body."""

    ear: Landmark
    shoulder: Landmark
    elbow: Landmark
    wrist: Landmark
    hip: Landmark
    knee: Landmark
    ankle: Landmark
    heel: Landmark
    toe: Landmark


_LEFT = Half(
    ear=Landmark.LEFT_EAR,
    shoulder=Landmark.LEFT_SHOULDER,
    elbow=Landmark.LEFT_ELBOW,
    wrist=Landmark.LEFT_WRIST,
    hip=Landmark.LEFT_HIP,
    knee=Landmark.LEFT_KNEE,
    ankle=Landmark.LEFT_ANKLE,
    heel=Landmark.LEFT_HEEL,
    toe=Landmark.LEFT_FOOT_INDEX,
)
HALVES = {
    Side.LEFT: _LEFT,
    Side.RIGHT: Half(*(getattr(_LEFT, part).mirrored() for part in Half.__slots__)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where the landmarks of one person are in one frame.

    Attributes
    ----------
    time_s : float
        Time of the frame in its video, seconds.
    xy : array, shape (33, 2)
        Pixels, x to the right and y down. NaN = not seen; all NaN = nobody in the picture.
    visibility : array, shape (33,)
        The model's own belief that a landmark is visible, 0 to 1. NaN with nobody there.
    world_m : array, shape (33, 3), or None
        Metres from the middle of the hips, as the model guesses them.
    doubt : str
        Where nobody is, though the picture shows somebody: why, in words; else empty.
    anew : bool
        Whether this is somebody else than before, or another shot.
    back : Outline or None
        The trunk's outline from the silhouette; None where that was not looked at.
    """

    time_s: float
    xy: Array
    visibility: Array
    world_m: Array | None = None
    doubt: str = ""
    anew: bool = False
    back: Outline | None = None
    _points: tuple[Point, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "xy", _read_only(_measured(self.xy), (N_LANDMARKS, 2)))
        object.__setattr__(self, "visibility", _read_only(self.visibility, (N_LANDMARKS,)))
        if self.world_m is not None:
            object.__setattr__(self, "world_m", _read_only(self.world_m, (N_LANDMARKS, 3)))
        object.__setattr__(self, "_points", tuple((x, y) for x, y in self.xy.tolist()))

    @classmethod
    def absent(cls, time_s: float, doubt: str = "") -> Self:
        """Return the pose of a frame in which nobody is seen, or nobody who is meant."""
        unknown = np.full(N_LANDMARKS, np.nan)
        return cls(time_s, np.full((N_LANDMARKS, 2), np.nan), unknown, doubt=doubt)

    @classmethod
    def in_picture(
        cls,
        time_s: float,
        xy: ArrayLike,
        visibility: ArrayLike,
        size_wh: tuple[int, int],
        world_m: ArrayLike | None = None,
    ) -> Self:
        """Return a pose in which landmarks outside the picture are unknown.

        The pose model answers with a guess for limbs that the picture does not show. A guess is
        no measurement, so those landmarks become NaN.

        Parameters
        ----------
        time_s : float
            Seconds.
        xy : array, shape (33, 2)
            Pixels.
        visibility : array, shape (33,)
            0 to 1.
        size_wh : (int, int)
            Width and height of the picture, pixels.
        world_m : array, shape (33, 3), optional
            Metres.
        """
        points = np.array(xy, dtype=np.float64)
        inside = ((points >= 0) & (points <= np.asarray(size_wh))).all(axis=1)
        points[~inside] = np.nan
        world = None if world_m is None else np.asarray(world_m, dtype=np.float64)
        return cls(time_s, points, np.asarray(visibility, dtype=np.float64), world)

    def moved(self, scale: Point, to: Point) -> Pose:
        """Return the pose in a picture that shows this one scaled, and elsewhere.

        Parameters
        ----------
        scale : Point
            Pixels of the new picture for one of this, across and down; across less than 0 where
            it is mirrored.
        to : Point
            Where in the new picture the corner of this one is, pixels.
        """
        back = self.back and self.back.moved(scale, to)
        return replace(self, xy=self.xy * scale + to, back=back)

    @property
    def middle_of_shoulders(self) -> Point:
        """Middle between the shoulders, pixels; NaN where one is not seen."""
        return geometry.middle(self.at(Landmark.LEFT_SHOULDER), self.at(Landmark.RIGHT_SHOULDER))

    @property
    def middle_of_hips(self) -> Point:
        """Middle between the hips, pixels; NaN where one is not seen."""
        return geometry.middle(self.at(Landmark.LEFT_HIP), self.at(Landmark.RIGHT_HIP))

    @property
    def present(self) -> bool:
        """Whether a person is seen at all."""
        return any(not math.isnan(x) for x, _ in self._points)

    def at(self, landmark: Landmark) -> Point:
        """Return x and y of a landmark, pixels; NaN where it is not seen."""
        return self._points[landmark]


def _measured(xy: ArrayLike) -> Array:
    """Return coordinates without those that are farther away than any picture is wide: NaN."""
    points = np.array(xy, dtype=np.float64)
    points[~(np.abs(points) < _FARTHEST_PX)] = np.nan
    return points


def _read_only(values: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Return a float64 copy that nobody can write to; ValueError unless it has the shape."""
    array = np.array(values, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"landmarks: shape {array.shape} given, {shape} needed")
    array.setflags(write=False)
    return array
