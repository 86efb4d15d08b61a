"""The walls: plaster, a skirting board, and on the back wall a picture and a patch of sun."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.noise import layered
from samples.studio.triples import scaled

if TYPE_CHECKING:
    from samples.studio.room import Light, Walls
    from samples.studio.triples import Triple

_SKIRTING_M = 0.11
_SKIRTING_SHADOW_M = 0.01
_SKIRTING = (0.86, 0.85, 0.83)
_FRAME, _MOUNT = (0.20, 0.16, 0.12), (0.86, 0.85, 0.82)
# Half the picture's width and height, from its outer edge inwards.
_FRAME_HALF_M, _MOUNT_HALF_M, _PRINT_HALF_M = (0.36, 0.26), (0.33, 0.23), (0.27, 0.17)
_PATCH_HALF_M = (0.42, 0.50)
_PATCH_Y_M = 0.95
_BAR_HALF_M = 0.012


@compiled
def wall_light(walls: Walls, light: Light, along_m: float, y_m: float) -> Triple:
    """Return the light that comes from a place on a bare wall."""
    return scaled(_plaster_colour(walls.colour, along_m, y_m), _strength(light, along_m, y_m))


@compiled
def back_wall_light(walls: Walls, light: Light, x_m: float, y_m: float) -> Triple:
    """Return the light that comes from a place on the wall with the picture."""
    if _is_within(walls, _FRAME_HALF_M, x_m, y_m):
        colour = _picture_colour(walls, x_m, y_m)
    else:
        colour = _plaster_colour(walls.colour, x_m, y_m)
    sun = 1 + 0.30 * _sun_share(x_m - walls.patch_x_m, y_m)
    return scaled(colour, sun * _strength(light, x_m, y_m))


@compiled
def _strength(light: Light, along_m: float, y_m: float) -> float:
    """Return the light on a wall: it fades to the sides, upwards, and just above the floor."""
    fade = (along_m + 0.4) * (along_m + 0.4) * 0.30 + (y_m - 1.3) * (y_m - 1.3) * 0.25
    strength = (light.key * 0.42 + light.sky) * (0.55 + 0.45 * exp(-fade))
    return strength * (1 - 0.30 * exp(-y_m * 6.0))


@compiled
def _plaster_colour(colour: Triple, along_m: float, y_m: float) -> Triple:
    if y_m < _SKIRTING_M:
        return scaled(_SKIRTING, 0.97 if y_m < _SKIRTING_M - _SKIRTING_SHADOW_M else 0.80)
    stains = layered(along_m * 1.3, y_m * 1.3, 1.0, 3)
    return scaled(colour, 0.93 + 0.06 * stains + 0.045 * layered(along_m * 60, y_m * 60, 2.0, 2))


@compiled
def _is_within(walls: Walls, half_m: tuple[float, float], along_m: float, y_m: float) -> bool:
    x_m, height_m = along_m - walls.picture_x_m, y_m - walls.picture_y_m
    return abs(x_m) < half_m[0] and abs(height_m) < half_m[1]


@compiled
def _picture_colour(walls: Walls, along_m: float, y_m: float) -> Triple:
    """Return a print of soft colours with a mount, in a dark frame."""
    if not _is_within(walls, _MOUNT_HALF_M, along_m, y_m):
        return _FRAME
    if not _is_within(walls, _PRINT_HALF_M, along_m, y_m):
        return _MOUNT
    tone = layered(along_m * 5, y_m * 7, 4.0, 4)
    return 0.30 + 0.5 * tone, 0.42 + 0.3 * tone, 0.55 + 0.15 * tone


@compiled
def _sun_share(along_m: float, y_m: float) -> float:
    """Return how much sun falls through a window with a cross of bars, from aside."""
    x, y = abs(along_m - 0.35 * (y_m - 0.9)), abs(y_m - _PATCH_Y_M)
    inside = min(_PATCH_HALF_M[0] - x, _PATCH_HALF_M[1] - y)
    inside = min(inside, min(x, y) - _BAR_HALF_M)
    return max(0.0, min(1.0, inside / 0.03))
