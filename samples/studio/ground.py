"""The floor with its mat: what colour it has where."""

from __future__ import annotations

from math import exp, floor
from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.noise import chance, layered
from samples.studio.triples import scaled

if TYPE_CHECKING:
    from samples.studio.room import Mat
    from samples.studio.triples import Triple

_BOARD_WIDTH_M = 0.12
_BOARD_LENGTH_M = 1.1
_GAP_M = 0.0022
_SEAM_M = 0.04


@compiled
def is_on_mat(mat: Mat, x_m: float, z_m: float) -> bool:
    """Return whether a place of the floor is covered by the mat."""
    return abs(x_m - mat.x_m) < mat.length_m / 2 and abs(z_m - mat.z_m) < mat.width_m / 2


@compiled
def mat_colour(mat: Mat, x_m: float, z_m: float) -> Triple:
    """Return foam: a fine grain, faint stains, and a seam along both long sides."""
    grain, stains = layered(x_m * 150, 0.0, z_m * 150, 2), layered(x_m * 4, 3.0, z_m * 4, 3)
    tone = 0.80 + 0.22 * grain + 0.18 * stains
    if abs(abs(z_m - mat.z_m) - mat.width_m / 2 + _SEAM_M) < 0.004:  # noqa: PLR2004 -- its width
        tone *= 0.86
    return scaled(mat.colour, tone)


@compiled
def boards_colour(colour: Triple, x_m: float, z_m: float) -> Triple:
    """Return wooden boards along x: each has a tone and a grain of its own."""
    row = floor(z_m / _BOARD_WIDTH_M)
    place = (x_m + 3.7 * chance(row, 7, 3)) / _BOARD_LENGTH_M
    board = floor(place)
    tone = 0.78 + 0.30 * chance(row, board, 11)
    coarse = layered(x_m * 2.2 + board * 9.1, row * 3.1, z_m * 46, 4)
    fine = layered(x_m * 14, row, z_m * 190, 2)
    tone *= 0.70 + 0.42 * coarse + 0.20 * fine
    return scaled(colour, tone * _gap_tone(z_m / _BOARD_WIDTH_M - row, place - board))


@compiled
def _gap_tone(across: float, lengthwise: float) -> float:
    """Return how dark the gap between two boards is, by where on the board a place is, 0 to 1."""
    aside_m = min(across, 1 - across) * _BOARD_WIDTH_M
    edge_m = min(aside_m, min(lengthwise, 1 - lengthwise) * _BOARD_LENGTH_M)
    return 0.45 + 0.2 * edge_m / _GAP_M if edge_m < _GAP_M else 1.0


@compiled
def floor_falloff(x_m: float, z_m: float) -> float:
    """Return how much light there is on the floor; it fades away from the middle."""
    return 0.62 + 0.38 * exp(-(x_m * x_m + z_m * z_m * 0.5) * 0.12)
