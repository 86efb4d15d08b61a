"""The empty room as one camera sees it, kept apart by the light that people can take away."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from samples.studio.compiling import compiled
from samples.studio.fields import FAR_M
from samples.studio.grid import Grid
from samples.studio.ground import boards_colour, floor_falloff, is_on_mat, mat_colour
from samples.studio.shade import box_passage, floor_sky_share, window_share
from samples.studio.triples import Triple, along, product, scaled, unit
from samples.studio.walls import back_wall_light, wall_light

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.studio.camera import Camera, Rays
    from samples.studio.room import Light, Mat, Room, Walls

_KEY_TINT, _SKY_TINT = (1.04, 1.0, 0.93), (0.98, 1.0, 1.04)
_SHEEN = (0.90, 0.93, 1.0)
_ABOVE_FLOOR_M = 0.004
_MAT_EDGE = 0.6  # its tone, the top being 1
_X, _Y, _Z = 0, 1, 2


class _Furnished(NamedTuple):
    """What of the room compiled code looks at."""

    light: Light
    mat: Mat
    walls: Walls
    boards: Triple


class Backdrop(NamedTuple):
    """A picture of the empty room in three parts, each of shape (h, w, 3), and its depth.

    Attributes
    ----------
    by_window, by_sky : NDArray of float32
        Light of the floor that people shade.
    rest : NDArray of float32
        Light that nobody shades: the walls, and the sheen of the floor.
    depth_m : NDArray of float32
        Shape (h, w): how far away it is.
    """

    by_window: NDArray[np.float32]
    by_sky: NDArray[np.float32]
    rest: NDArray[np.float32]
    depth_m: NDArray[np.float32]


def backdrop(camera: Camera, room: Room) -> Backdrop:
    """Return the empty room."""
    width, height = camera.size_wh
    images = [np.zeros((height, width, 3), np.float32) for _ in range(3)]
    seen = Backdrop(images[0], images[1], images[2], np.zeros((height, width), np.float32))
    _look(camera.rays(), _Furnished(room.light, room.mat, room.walls, room.boards), seen)
    return seen


@compiled
def ray_toward(rays: Rays, x_px: float, y_px: float) -> Triple:
    """Return the unit vector from the eye through a place of the picture."""
    return unit(along(along(rays.corner, rays.across, x_px), rays.down, y_px))


@compiled
def _look(rays: Rays, room: _Furnished, seen: Backdrop) -> None:
    height, width = seen.depth_m.shape
    for row in range(height):
        for column in range(width):
            way = ray_toward(rays, column + 0.5, row + 0.5)
            depth_m, axis = _exit(rays.eye, way, room.walls)
            if axis == _Y and way[1] < 0:
                depth_m = _see_floor(rays.eye, way, room, seen, (row, column))
            else:
                _see_wall(along(rays.eye, way, depth_m), axis, way, room, seen, (row, column))
            seen.depth_m[row, column] = depth_m


@compiled
def _exit(eye: Triple, way: Triple, walls: Walls) -> tuple[float, int]:
    """Return where a ray leaves the room, and the axis across which it does."""
    low = (-walls.aside_m, 0.0, -walls.behind_m)
    high = (walls.aside_m, walls.height_m, walls.before_m)
    nearest, which = FAR_M, _Y
    for axis in range(3):
        wall = high[axis] if way[axis] > 0 else low[axis]
        distance = (wall - eye[axis]) / way[axis] if way[axis] != 0 else FAR_M
        if 0 < distance < nearest:
            nearest, which = distance, axis
    return nearest, which


@compiled
def _see_floor(
    eye: Triple, way: Triple, room: _Furnished, seen: Backdrop, pixel: tuple[int, int]
) -> float:
    """Note what the floor or the mat on it sends back; return how far away it is."""
    mat, depth_m = room.mat, (room.mat.thickness_m - eye[1]) / way[1]
    place = along(eye, way, depth_m)
    if is_on_mat(mat, place[0], place[2]):
        _note_floor(mat_colour(mat, place[0], place[2]), place, room, seen, pixel)
        return depth_m
    depth_m = -eye[1] / way[1]
    place = along(eye, way, depth_m)
    if is_on_mat(mat, place[0], place[2]):  # below its top: the mat's edge
        colour = scaled(mat_colour(mat, place[0], place[2]), _MAT_EDGE)
        _note_floor(colour, place, room, seen, pixel)
        return depth_m
    _note_floor(boards_colour(room.boards, place[0], place[2]), place, room, seen, pixel)
    _note_rest(_sheen(way, room.light), seen, pixel)
    return depth_m


@compiled
def _sheen(way: Triple, light: Light) -> Triple:
    """Return the light that varnish mirrors, more of it the flatter it is looked at."""
    flat = 1 + way[1]
    return scaled(_SHEEN, 0.10 * flat * flat * flat * min(1.0, light.key))


@compiled
def _note_floor(
    colour: Triple, place: Triple, room: _Furnished, seen: Backdrop, pixel: tuple[int, int]
) -> None:
    light, falloff = room.light, floor_falloff(place[0], place[2])
    corner = 1 - 0.35 * exp(-3.0 * (place[2] + room.walls.behind_m))
    window = scaled(product(colour, _KEY_TINT), light.toward[1] * light.key * falloff)
    sky = scaled(product(colour, _SKY_TINT), light.sky * corner * falloff)
    for channel in range(3):
        seen.by_window[pixel[0], pixel[1], channel] = window[channel]
        seen.by_sky[pixel[0], pixel[1], channel] = sky[channel]


@compiled
def _see_wall(
    place: Triple, axis: int, way: Triple, room: _Furnished, seen: Backdrop, pixel: tuple[int, int]
) -> None:
    """Note what a wall or the ceiling sends back."""
    walls, light = room.walls, room.light
    if axis == _Z and way[2] < 0:
        _note_rest(back_wall_light(walls, light, place[0], place[1]), seen, pixel)
    elif axis == _Z:
        _note_rest(wall_light(walls, light, place[0], place[1]), seen, pixel)
    elif axis == _X:
        _note_rest(wall_light(walls, light, place[2], place[1]), seen, pixel)
    else:  # the ceiling, like the upper part of a wall
        _note_rest(wall_light(walls, light, place[0], 2.0 + 0.1 * place[2]), seen, pixel)


@compiled
def _note_rest(light: Triple, seen: Backdrop, pixel: tuple[int, int]) -> None:
    for channel in range(3):
        seen.rest[pixel[0], pixel[1], channel] = light[channel]


def shares(
    rays: Rays, grid: Grid, light: Light, depth_m: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return what people leave of the light on the floor, at half the picture's size.

    Returns
    -------
    NDArray of float32
        Shape (h / 2, w / 2, 2), rounded up: of the window's light, and of the sky's.
    """
    height, width = depth_m.shape
    left = np.ones(((height + 1) // 2, (width + 1) // 2, 2), np.float32)
    _shade_floor(rays, grid, light, depth_m, left)
    return left


@compiled
def _shade_floor(
    rays: Rays,
    grid: Grid,
    light: Light,
    depth_m: NDArray[np.float32],
    left: NDArray[np.float32],
) -> None:
    for row in range(left.shape[0]):
        for column in range(left.shape[1]):
            way = ray_toward(rays, 2.0 * column + 1, 2.0 * row + 1)
            place = along(rays.eye, way, depth_m[2 * row, 2 * column])
            if place[1] > 0.05:  # noqa: PLR2004 -- metres: a wall
                continue
            place = (place[0], place[1] + _ABOVE_FLOOR_M, place[2])
            enter, leave = box_passage(grid.low, grid.high, place, light.toward)
            if enter < leave:
                left[row, column, 0] = window_share(grid, light, place)
            if _is_beneath(grid, place):
                left[row, column, 1] = floor_sky_share(grid, place)


@compiled
def _is_beneath(grid: Grid, place: Triple) -> bool:
    return grid.low[0] < place[0] < grid.high[0] and grid.low[2] < place[2] < grid.high[2]
