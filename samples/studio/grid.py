"""The room around the people in small cells: how far it is to somebody, and which shapes matter.

Walking a ray, looking for shade and working out a surface all ask for the distance at a point,
some hundred times a pixel. A cell near a surface lists the few shapes that matter within it; the
distances of the cells' middles do for everything that is soft or far.
"""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from samples.studio.compiling import compiled
from samples.studio.fields import bodies_m, is_beyond, shape_m
from samples.studio.packing import middles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.studio.packing import Shapes
    from samples.studio.triples import Triple

CELL_M = 0.025
_CELLS = 4  # of a block, along each of its edges
_BLOCK_M = CELL_M * _CELLS
_CELL_HALF_M = CELL_M * sqrt(3) / 2
_BLOCK_HALF_M = _BLOCK_M * sqrt(3) / 2
RIM_M = 0.015  # distances below this are exact
_BAND_M = 0.08  # distances below this are worked out for each cell
_MARGIN_M = 0.36  # as far as shade reaches
_WIDEST_BLEND_M = 0.05
_BELOW_FLOOR_M = 0.05


class _Cells(NamedTuple):
    """What of a grid is worked out cell by cell."""

    low: Triple
    distance_m: NDArray[np.float32]
    first: NDArray[np.int32]
    n_listed: NDArray[np.int32]


class Grid(NamedTuple):
    """Cells of `CELL_M` in a box around all people.

    Attributes
    ----------
    low, high : tuple of float
        Corners of the box, metres.
    distance_m : NDArray of float32
        Shape (nx, ny, nz): the distance at the middle of each cell.
    first, n_listed : NDArray of int32
        Shape (nx, ny, nz): where a cell's list starts, and how long it is; 0 far from any surface.
    members : NDArray of int32
        The lists, one after the other: rows of the shapes.
    """

    low: Triple
    high: Triple
    distance_m: NDArray[np.float32]
    first: NDArray[np.int32]
    n_listed: NDArray[np.int32]
    members: NDArray[np.int32]


def grid_around(shapes: Shapes) -> Grid:
    """Return the cells around all shapes, of which there is at least one."""
    middle, reach_m = middles(shapes), shapes["reach_m"][:, None]
    low = (middle - reach_m).min(axis=0) - _MARGIN_M
    high = (middle + reach_m).max(axis=0) + _MARGIN_M
    low[1] = max(low[1], -_BELOW_FLOOR_M)
    n_blocks = np.maximum(np.ceil((high - low) / _BLOCK_M), 1).astype(int)
    n_cells = tuple((n_blocks * _CELLS).tolist())
    x, y, z = low.tolist()
    top_x, top_y, top_z = (low + n_blocks * _BLOCK_M).tolist()
    first, n_listed = np.zeros(n_cells, np.int32), np.zeros(n_cells, np.int32)
    cells = _Cells((x, y, z), np.empty(n_cells, np.float32), first, n_listed)
    members = _fill(shapes, cells)
    return Grid(cells.low, (top_x, top_y, top_z), cells.distance_m, first, n_listed, members)


@compiled
def middle_of(low: Triple, size_m: float, i: int, j: int, k: int) -> Triple:
    """Return the middle of a cell or block."""
    return low[0] + (i + 0.5) * size_m, low[1] + (j + 0.5) * size_m, low[2] + (k + 0.5) * size_m


@compiled
def _lower(position: float, n: int) -> int:
    return min(max(floor(position), 0), n - 2)


@compiled
def _share(position: float, lower: int) -> float:
    return min(max(position - lower, 0.0), 1.0)


@compiled
def interpolated(values: NDArray[np.float32], low: Triple, size_m: float, point: Triple) -> float:
    """Return a value between the middles of cells; outside, that of the nearest cell."""
    x = (point[0] - low[0]) / size_m - 0.5
    y = (point[1] - low[1]) / size_m - 0.5
    z = (point[2] - low[2]) / size_m - 0.5
    i, j, k = (
        _lower(x, values.shape[0]),
        _lower(y, values.shape[1]),
        _lower(z, values.shape[2]),
    )
    u, v, w = _share(x, i), _share(y, j), _share(z, k)
    near = _of_four(values, i, j, k, u, v)
    return near + (_of_four(values, i, j, k + 1, u, v) - near) * w


@compiled
def _of_four(values: NDArray[np.float32], i: int, j: int, k: int, u: float, v: float) -> float:
    lower = values[i, j, k] + (values[i + 1, j, k] - values[i, j, k]) * u
    upper = values[i, j + 1, k] + (values[i + 1, j + 1, k] - values[i, j + 1, k]) * u
    return float(lower + (upper - lower) * v)


@compiled
def about_m(grid: Grid, point: Triple) -> float:
    """Return about how far it is from a point to somebody; for what is soft."""
    return interpolated(grid.distance_m, grid.low, CELL_M, point)


@compiled
def cell_of(grid: Grid, point: Triple) -> tuple[int, int, int]:
    """Return the cell that a point lies in; outside the box, the nearest one."""
    n_x, n_y, n_z = grid.distance_m.shape
    i = int((point[0] - grid.low[0]) / CELL_M)
    j = int((point[1] - grid.low[1]) / CELL_M)
    k = int((point[2] - grid.low[2]) / CELL_M)
    return min(max(i, 0), n_x - 1), min(max(j, 0), n_y - 1), min(max(k, 0), n_z - 1)


@compiled
def exact_m(grid: Grid, shapes: Shapes, point: Triple) -> float:
    """Return the distance from the nearest person, exact below `RIM_M`."""
    cell = cell_of(grid, point)
    start = grid.first[cell]
    return bodies_m(shapes, grid.members, start, start + grid.n_listed[cell], point)


@compiled
def _fill(shapes: Shapes, cells: _Cells) -> NDArray[np.int32]:
    """Work out all cells, block by block; return the lists."""
    blocks = _block_distances(shapes, cells.low, cells.distance_m.shape)
    members, n_members = np.empty(4096, np.int32), 0
    n_x, n_y, n_z = blocks.shape
    for i in range(n_x):
        for j in range(n_y):
            for k in range(n_z):
                if blocks[i, j, k] > _BLOCK_HALF_M + _BAND_M:
                    _fill_far(blocks, cells, (i, j, k))
                    continue
                middle = middle_of(cells.low, _BLOCK_M, i, j, k)
                near = _candidates(shapes, middle, blocks[i, j, k])
                members = _with_room(members, n_members + near.size * _CELLS**3)
                n_members = _fill_near(shapes, near, cells, (i, j, k), members, n_members)
    return members[:n_members]


@compiled
def _block_distances(
    shapes: Shapes, low: Triple, n_cells: tuple[int, int, int]
) -> NDArray[np.float32]:
    n_x, n_y, n_z = n_cells[0] // _CELLS, n_cells[1] // _CELLS, n_cells[2] // _CELLS
    everything = np.arange(shapes.size).astype(np.int32)
    blocks = np.empty((n_x, n_y, n_z), np.float32)
    for i in range(n_x):
        for j in range(n_y):
            for k in range(n_z):
                middle = middle_of(low, _BLOCK_M, i, j, k)
                blocks[i, j, k] = bodies_m(shapes, everything, 0, shapes.size, middle)
    return blocks


@compiled
def _fill_far(blocks: NDArray[np.float32], cells: _Cells, block: tuple[int, int, int]) -> None:
    """Guess the cells of a block from the distances around it."""
    for i in range(block[0] * _CELLS, (block[0] + 1) * _CELLS):
        for j in range(block[1] * _CELLS, (block[1] + 1) * _CELLS):
            for k in range(block[2] * _CELLS, (block[2] + 1) * _CELLS):
                middle = middle_of(cells.low, CELL_M, i, j, k)
                cells.distance_m[i, j, k] = interpolated(blocks, cells.low, _BLOCK_M, middle)


@compiled
def _candidates(shapes: Shapes, middle: Triple, distance: float) -> NDArray[np.int32]:
    """Return the shapes that matter somewhere in a block."""
    limit = max(distance, 0.0) + 2 * _BLOCK_HALF_M + _WIDEST_BLEND_M
    found, n = np.empty(shapes.size, np.int32), 0
    for row in range(shapes.size):
        shape = shapes[row]
        if not is_beyond(shape, middle, limit) and shape_m(shape, middle) <= limit:
            found[n] = row
            n += 1
    return found[:n]


@compiled
def _fill_near(
    shapes: Shapes,
    near: NDArray[np.int32],
    cells: _Cells,
    block: tuple[int, int, int],
    members: NDArray[np.int32],
    n_members: int,
) -> int:
    """Work out the cells of a block; return how long the lists are now."""
    middle = middle_of(cells.low, _BLOCK_M, block[0], block[1], block[2])
    blend_m = _widest_blend_m(shapes, near, middle)
    for i in range(block[0] * _CELLS, (block[0] + 1) * _CELLS):
        for j in range(block[1] * _CELLS, (block[1] + 1) * _CELLS):
            for k in range(block[2] * _CELLS, (block[2] + 1) * _CELLS):
                middle = middle_of(cells.low, CELL_M, i, j, k)
                distance = bodies_m(shapes, near, 0, near.size, middle)
                cells.distance_m[i, j, k] = distance
                if distance <= _CELL_HALF_M + RIM_M:
                    cells.first[i, j, k] = n_members
                    n_members = _listed(shapes, near, middle, blend_m, members, n_members)
                    cells.n_listed[i, j, k] = n_members - cells.first[i, j, k]
    return n_members


@compiled
def _widest_blend_m(shapes: Shapes, near: NDArray[np.int32], middle: Triple) -> float:
    """Return how far shapes melt into each other in a block."""
    limit, widest_m = _BLOCK_HALF_M + RIM_M + _WIDEST_BLEND_M, 0.0
    for row in near:
        if shape_m(shapes[row], middle) <= limit:
            widest_m = max(widest_m, shapes[row].blend_m)
    return widest_m


@compiled
def _listed(
    shapes: Shapes,
    near: NDArray[np.int32],
    middle: Triple,
    blend_m: float,
    members: NDArray[np.int32],
    n_members: int,
) -> int:
    """Append the shapes that matter in a cell: those that reach it, or melt into one that does."""
    limit = _CELL_HALF_M + RIM_M + blend_m
    for row in near:
        shape = shapes[row]
        if not is_beyond(shape, middle, limit) and shape_m(shape, middle) <= limit:
            members[n_members] = row
            n_members += 1
    return n_members


@compiled
def _with_room(members: NDArray[np.int32], n_needed: int) -> NDArray[np.int32]:
    """Return an array that holds as many lists, with what it held."""
    if n_needed <= members.size:
        return members
    larger = np.empty(2 * n_needed, np.int32)
    larger[: members.size] = members
    return larger
