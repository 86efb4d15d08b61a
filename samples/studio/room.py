"""The room: its light, its mat, floor and walls, and how well the camera sees in it.

Colours are red, green and blue as shares of the light that a surface sends back, 0 to 1, linear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samples.studio.triples import Triple


class Light(NamedTuple):
    """Daylight from a large window.

    Attributes
    ----------
    toward : tuple of float
        Unit vector to the window.
    key, sky, fill : float
        How strong is the light of the window, what the walls and the ceiling send back, and what
        comes from behind the camera; 1 shows a white sheet as it is.
    hardness : float
        How sharp shadows are: one over the window's size as seen from the mat, radians.
    """

    toward: Triple
    key: float
    sky: float
    fill: float
    hardness: float = 7.0


class Mat(NamedTuple):
    """A mat on the floor, along x; `x_m` and `z_m` are its middle."""

    colour: Triple
    length_m: float = 1.86
    width_m: float = 0.68
    x_m: float = 0.05
    z_m: float = 0.0
    thickness_m: float = 0.012


class Walls(NamedTuple):
    """Where the room ends, on the picture's usual back wall a picture and a patch of sun.

    Attributes
    ----------
    behind_m, before_m, aside_m : float
        From the middle of the room to the wall behind the mat, to the one behind the usual
        camera, and to those at the sides.
    height_m : float
        From the floor to the ceiling.
    picture_x_m, picture_y_m : float
        The middle of the picture.
    patch_x_m : float
        The middle of the patch of sun.
    """

    colour: Triple
    behind_m: float = 1.25
    before_m: float = 4.8
    aside_m: float = 4.8
    height_m: float = 2.7
    picture_x_m: float = -0.75
    picture_y_m: float = 1.15
    patch_x_m: float = 0.6


@dataclass(frozen=True, slots=True)
class Room:
    """A room to exercise in.

    Attributes
    ----------
    boards : tuple of float
        The colour of the wooden floor.
    exposure : float
        What the camera multiplies light by.
    grain_levels : float
        Standard deviation of the sensor's noise, in steps of the 255 of a picture.
    colour_grain : float
        How much of the noise differs between the colours, 0 to 1.
    """

    light: Light
    mat: Mat
    walls: Walls
    boards: Triple = (0.50, 0.34, 0.21)
    exposure: float = 0.52
    grain_levels: float = 1.2
    colour_grain: float = 0.0


def _direction(x: float, y: float, z: float) -> Triple:
    norm = sqrt(x * x + y * y + z * z)
    return x / norm, y / norm, z / norm


_WINDOW = _direction(-0.35, 0.85, 0.55)

BRIGHT = Room(
    Light(_WINDOW, key=1.5, sky=0.62, fill=0.30),
    Mat((0.13, 0.30, 0.30)),
    Walls((0.78, 0.76, 0.71)),
)
CREAM = replace(
    BRIGHT,
    light=Light(_direction(0.40, 0.80, 0.50), key=1.4, sky=0.66, fill=0.30),
    mat=Mat((0.28, 0.14, 0.32)),
    walls=Walls((0.82, 0.72, 0.54), picture_x_m=0.85, patch_x_m=-0.5),
    boards=(0.36, 0.22, 0.13),
)
GREY = replace(
    BRIGHT,
    light=Light(_WINDOW, key=1.2, sky=0.78, fill=0.34, hardness=4.5),
    mat=Mat((0.42, 0.20, 0.10)),
    walls=Walls((0.46, 0.50, 0.54), picture_x_m=0.1, picture_y_m=1.25),
    boards=(0.58, 0.48, 0.36),
)
DIM = replace(
    BRIGHT,
    light=Light(_direction(-0.55, 0.70, 0.30), key=0.28, sky=0.17, fill=0.09),
    exposure=0.62,
    grain_levels=9.0,
    colour_grain=0.6,
)

ROOMS: Mapping[str, Room] = MappingProxyType(
    {"bright": BRIGHT, "cream": CREAM, "grey": GREY, "dim": DIM}
)
