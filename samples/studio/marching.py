"""Where a ray meets somebody: it goes on by what is free around it, until it touches.

Rays of a tile of pixels go the first part of the way together, as one thick ray.
"""

from __future__ import annotations

from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.backdrop import ray_toward
from samples.studio.compiling import compiled
from samples.studio.fields import bodies_m
from samples.studio.grid import CELL_M, RIM_M, cell_of, middle_of
from samples.studio.shade import box_passage
from samples.studio.triples import Triple, along, between, length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.studio.camera import Rays
    from samples.studio.grid import Grid
    from samples.studio.packing import Shapes

TILE_PX = 4
NOBODY = -1.0
_TOUCH_M = 0.0008
_SHORTEST_M = 0.003  # a thick ray gives up where it could only creep
_SURE = 0.85  # of a distance that was guessed from those around it
_N_STEPS = 200


@compiled
def _free_m(grid: Grid, shapes: Shapes, point: Triple) -> float:
    """Return how far around a point nobody is, at least; near a surface, the distance."""
    cell = cell_of(grid, point)
    off_m = length(between(middle_of(grid.low, CELL_M, cell[0], cell[1], cell[2]), point))
    free_m = _SURE * float(grid.distance_m[cell]) - off_m
    if free_m > RIM_M:
        return free_m
    if grid.n_listed[cell] == 0:
        return RIM_M
    start = grid.first[cell]
    distance = bodies_m(shapes, grid.members, start, start + grid.n_listed[cell], point)
    return min(distance, RIM_M)


@compiled
def meeting_m(
    grid: Grid, shapes: Shapes, eye: Triple, way: Triple, passage: tuple[float, float]
) -> float:
    """Return how far along a ray somebody is; `NOBODY` where nobody is.

    Parameters
    ----------
    passage : tuple of float
        From where to where somebody may be, metres from the eye.
    """
    gone, leave = passage
    for _ in range(_N_STEPS):
        if gone > leave:
            return NOBODY
        free_m = _free_m(grid, shapes, along(eye, way, gone))
        gone += free_m
        if free_m < _TOUCH_M:
            return gone
    return NOBODY


def starts(
    rays: Rays,
    grid: Grid,
    shapes: Shapes,
    bounds: tuple[int, int, int, int],
    size_wh: tuple[int, int],
) -> NDArray[np.float32]:
    """Return how far the rays of each tile go freely.

    Parameters
    ----------
    bounds : tuple of int
        First row, last row, first column, last column of pixels outside which nobody is.

    Returns
    -------
    NDArray of float32
        Shape (h / TILE_PX, w / TILE_PX), rounded up: metres; `NOBODY` where they meet nobody.
    """
    width, height = size_wh
    start_m = np.full((ceil(height / TILE_PX), ceil(width / TILE_PX)), NOBODY, np.float32)
    _send_thick_rays(rays, grid, shapes, bounds, start_m)
    return start_m


@compiled
def _send_thick_rays(
    rays: Rays,
    grid: Grid,
    shapes: Shapes,
    bounds: tuple[int, int, int, int],
    start_m: NDArray[np.float32],
) -> None:
    spread = length(rays.across) * TILE_PX * sqrt(0.5) * 1.02
    for row in range(bounds[0] // TILE_PX, (bounds[1] + TILE_PX - 1) // TILE_PX):
        for column in range(bounds[2] // TILE_PX, (bounds[3] + TILE_PX - 1) // TILE_PX):
            way = ray_toward(rays, (column + 0.5) * TILE_PX, (row + 0.5) * TILE_PX)
            start_m[row, column] = _thick_meeting_m(grid, shapes, rays.eye, way, spread)


@compiled
def _thick_meeting_m(grid: Grid, shapes: Shapes, eye: Triple, way: Triple, spread: float) -> float:
    """Return how far a ray goes freely that is `spread` metres thick a metre from the eye."""
    gone, leave = box_passage(grid.low, grid.high, eye, way)
    for _ in range(_N_STEPS):
        if gone > leave:
            return NOBODY
        step_m = _free_m(grid, shapes, along(eye, way, gone)) - spread * gone
        if step_m < _SHORTEST_M:
            return gone
        gone += step_m
    return gone
