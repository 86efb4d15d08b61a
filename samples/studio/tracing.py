"""Where the camera's rays meet somebody, and the picture that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.backdrop import ray_toward
from samples.studio.compiling import compiled
from samples.studio.fields import bodies_m
from samples.studio.grid import CELL_M, RIM_M, Grid, cell_of
from samples.studio.shade import box_passage
from samples.studio.shading import People, Scene, surface_light
from samples.studio.triples import Triple, along

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from samples.studio.packing import Shapes

_NOBODY = -1.0
_TOUCH_M = 0.0006
_N_STEPS = 200
_CELL_HALF_M = CELL_M * 0.8661
_BRIGHTEST = 3.0  # a highlight must not outshine the rest of its pixel


@compiled
def _step_m(grid: Grid, shapes: Shapes, point: Triple) -> float:
    """Return how far a ray may go on from a point without passing through anybody."""
    cell = cell_of(grid, point)
    if grid.n_listed[cell] == 0:
        return max(0.85 * float(grid.distance_m[cell]) - _CELL_HALF_M, 0.8 * RIM_M)
    start = grid.first[cell]
    distance = bodies_m(shapes, grid.members, start, start + grid.n_listed[cell], point)
    return distance if distance < _TOUCH_M else 0.9 * min(distance, RIM_M)


@compiled
def _meeting_m(people: People, eye: Triple, way: Triple, end_m: float) -> float:
    """Return how far along a ray somebody is; negative where nobody is."""
    grid = people.grid
    gone, leave = box_passage(grid.low, grid.high, eye, way)
    leave = min(leave, end_m)
    for _ in range(_N_STEPS):
        if gone > leave:
            return _NOBODY
        step = _step_m(grid, people.shapes, along(eye, way, gone))
        if step < _TOUCH_M:
            return gone
        gone += step
    return _NOBODY


@compiled
def trace(
    scene: Scene,
    people: People,
    bounds: tuple[int, int, int, int],
    image: NDArray[np.float32],
    depth_m: NDArray[np.float32],
    what: NDArray[np.uint8],
) -> None:
    """Draw people over a picture of the room.

    Parameters
    ----------
    bounds : tuple of int
        First row, last row, first column, last column, each last one excluded.
    image : NDArray of float32
        Shape (h, w, 3): the room with their shade on it; changed in place.
    depth_m : NDArray of float32
        Shape (h, w): how far away what is seen is; changed in place.
    what : NDArray of uint8
        Shape (h, w): 0 for the room, else a number of the material; changed in place.
    """
    for row in range(bounds[0], bounds[1]):
        for column in range(bounds[2], bounds[3]):
            way = ray_toward(scene.rays, column + 0.5, row + 0.5)
            gone = _meeting_m(people, scene.rays.eye, way, depth_m[row, column])
            if gone < 0:
                continue
            colour, number = surface_light(scene, people, along(scene.rays.eye, way, gone), way)
            depth_m[row, column], what[row, column] = gone, number
            for channel in range(3):
                image[row, column, channel] = colour[channel]


@compiled
def smooth_edges(
    scene: Scene,
    people: People,
    bounds: tuple[int, int, int, int],
    room: NDArray[np.float32],
    room_depth_m: NDArray[np.float32],
    what: NDArray[np.uint8],
    image: NDArray[np.float32],
) -> None:
    """Draw the pixels anew that an outline or the border of two materials crosses."""
    for row in range(max(bounds[0], 1), min(bounds[1], what.shape[0] - 1)):
        for column in range(max(bounds[2], 1), min(bounds[3], what.shape[1] - 1)):
            if not _is_edge(what, row, column):
                continue
            red, green, blue = 0.0, 0.0, 0.0
            under = (room[row, column, 0], room[row, column, 1], room[row, column, 2])
            for x, y in ((0.85, 0.65), (0.35, 0.85), (0.65, 0.15), (0.15, 0.35)):
                way = ray_toward(scene.rays, column + x, row + y)
                colour = _seen(scene, people, way, room_depth_m[row, column], under)
                red += min(colour[0], _BRIGHTEST)
                green += min(colour[1], _BRIGHTEST)
                blue += min(colour[2], _BRIGHTEST)
            image[row, column, 0] = red / 4
            image[row, column, 1] = green / 4
            image[row, column, 2] = blue / 4


@compiled
def _is_edge(what: NDArray[np.uint8], row: int, column: int) -> bool:
    here = what[row, column]
    return bool(
        what[row, column - 1] != here
        or what[row, column + 1] != here
        or what[row - 1, column] != here
        or what[row + 1, column] != here
    )


@compiled
def _seen(scene: Scene, people: People, way: Triple, end_m: float, under: Triple) -> Triple:
    """Return the colour along a ray, with the room's where nobody is."""
    eye = scene.rays.eye
    gone = _meeting_m(people, eye, way, end_m)
    if gone < 0:
        return under
    return surface_light(scene, people, along(eye, way, gone), way)[0]
