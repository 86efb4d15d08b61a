"""The picture of the people: each pixel once, and those at outlines in more detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from samples.studio.backdrop import ray_toward
from samples.studio.compiling import compiled
from samples.studio.marching import TILE_PX, meeting_m
from samples.studio.shading import number_at, surface_light
from samples.studio.triples import along

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from samples.studio.shading import People, Scene
    from samples.studio.triples import Triple

_BRIGHTEST = 3.0  # a highlight must not outshine the rest of its pixel


class Canvas(NamedTuple):
    """What a picture is made on.

    Attributes
    ----------
    room : NDArray of float32
        Shape (h, w, 3): the room with people's shade on it.
    depth_m : NDArray of float32
        Shape (h, w): how far away the room is.
    start_m : NDArray of float32
        How far the rays of each tile go freely, see `starts`.
    image : NDArray of float32
        Shape (h, w, 3): a copy of the room, to draw people on.
    what : NDArray of uint8
        Shape (h, w): 0 for the room; else a number for each material of each person.
    """

    room: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    start_m: NDArray[np.float32]
    image: NDArray[np.float32]
    what: NDArray[np.uint8]


@compiled
def trace(scene: Scene, people: People, canvas: Canvas) -> None:
    """Draw people on the canvas: `image` and `what`."""
    height, width = canvas.what.shape
    for row in range(height):
        for tile in range(canvas.start_m.shape[1]):
            if canvas.start_m[row // TILE_PX, tile] < 0:
                continue
            for column in range(tile * TILE_PX, min((tile + 1) * TILE_PX, width)):
                _trace_pixel(scene, people, canvas, row, column)


@compiled
def _trace_pixel(scene: Scene, people: People, canvas: Canvas, row: int, column: int) -> None:
    way = ray_toward(scene.rays, column + 0.5, row + 0.5)
    gone = _meeting_m(scene, people, canvas, (row, column), way)
    if gone < 0:
        return
    colour, number = surface_light(scene, people, along(scene.rays.eye, way, gone), way)
    canvas.what[row, column] = number
    for channel in range(3):
        canvas.image[row, column, channel] = min(colour[channel], _BRIGHTEST)


@compiled
def _meeting_m(
    scene: Scene, people: People, canvas: Canvas, pixel: tuple[int, int], way: Triple
) -> float:
    """Return how far along a ray within a pixel somebody is; negative where nobody is."""
    row, column = pixel
    start_m = float(canvas.start_m[row // TILE_PX, column // TILE_PX])
    if start_m < 0:
        return start_m
    passage = (start_m, canvas.depth_m[row, column])
    return meeting_m(people.grid, people.shapes, scene.rays.eye, way, passage)


@compiled
def smooth_edges(
    scene: Scene, people: People, canvas: Canvas, smoothed: NDArray[np.float32]
) -> None:
    """Draw the pixels anew that an outline or the border of two materials crosses.

    Parameters
    ----------
    smoothed : NDArray of float32
        Shape (h, w, 3): a copy of the canvas' image, changed in place.
    """
    height, width = canvas.what.shape
    for row in range(1, height - 1):
        for column in range(1, width - 1):
            if _is_edge(canvas.what, row, column):
                colour = _mixed(scene, people, canvas, row, column)
                for channel in range(3):
                    smoothed[row, column, channel] = colour[channel]


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
def _mixed(scene: Scene, people: People, canvas: Canvas, row: int, column: int) -> Triple:
    """Return the mean colour of four rays through a pixel."""
    mean = (0.0, 0.0, 0.0)
    for x, y in ((0.85, 0.65), (0.35, 0.85), (0.65, 0.15), (0.15, 0.35)):
        way = ray_toward(scene.rays, column + x, row + y)
        gone = _meeting_m(scene, people, canvas, (row, column), way)
        if gone < 0:
            room = canvas.room[row, column]
            colour = (room[0], room[1], room[2])
        else:
            colour = _colour(scene, people, canvas, (row, column), way, gone)
        mean = along(mean, colour, 0.25)
    return mean


@compiled
def _colour(
    scene: Scene,
    people: People,
    canvas: Canvas,
    pixel: tuple[int, int],
    way: Triple,
    gone: float,
) -> Triple:
    """Return the light of a place: that of the same material in the pixels around, if there is."""
    place = along(scene.rays.eye, way, gone)
    number = number_at(people, place)
    total, n = (0.0, 0.0, 0.0), 0
    for down, right in ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0)):
        row, column = pixel[0] + down, pixel[1] + right
        if canvas.what[row, column] == number:
            seen = canvas.image[row, column]
            total, n = along(total, (seen[0], seen[1], seen[2]), 1.0), n + 1
    if n > 0:
        return total[0] / n, total[1] / n, total[2] / n
    return surface_light(scene, people, place, way)[0]
