"""The light that a place on a person sends to the camera."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING, NamedTuple

from samples.studio.compiling import compiled
from samples.studio.fields import bodies_m, nearest_shape
from samples.studio.grid import Grid, cell_of
from samples.studio.shade import sky_share, window_share
from samples.studio.surfaces import bumped, is_skin, on_shape, toned
from samples.studio.triples import Triple, along, between, dot, product, scaled, unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from samples.studio.camera import Rays
    from samples.studio.packing import PackedShape, Shapes
    from samples.studio.room import Light

_PROBE_M = 0.0011
_OFF_SURFACE_M = 0.006
_SKIN_WRAP, _CLOTH_WRAP = 0.25, 0.05
_KEY_TINT, _SKY_TINT = (1.04, 1.0, 0.93), (0.98, 1.0, 1.05)
_BLUSH = (0.30, 0.075, 0.045)  # where light turns into shade, it comes red out of skin


class People(NamedTuple):
    """Everybody in the picture, as compiled code wants it.

    Attributes
    ----------
    finishes : NDArray of float
        Shape (people, materials, 5), see `packed_finishes`.
    """

    shapes: Shapes
    finishes: NDArray[np.float64]
    grid: Grid


class Scene(NamedTuple):
    """Who looks, the room's light, and the colour of what lies below people."""

    rays: Rays
    light: Light
    mat_colour: Triple


class _Exposure(NamedTuple):
    """How a place lies to the light: shares of 0 to 1.

    Attributes
    ----------
    window : float
        What the window sends, by angle alone.
    unshaded : float
        How much of the window is seen from here.
    sky : float
        How open the place is.
    facing : float
        How much it faces the camera.
    """

    window: float
    unshaded: float
    sky: float
    facing: float


@compiled
def surface_light(scene: Scene, people: People, point: Triple, way: Triple) -> tuple[Triple, int]:
    """Return the light from a place along a ray toward it, and a number of what is there.

    Returns
    -------
    tuple
        Red, green and blue; the number differs between materials and between people.
    """
    shapes, grid = people.shapes, people.grid
    cell = cell_of(grid, point)
    start, stop = grid.first[cell], grid.first[cell] + grid.n_listed[cell]
    normal = _normal(shapes, grid.members, start, stop, point)
    shape = shapes[nearest_shape(shapes, grid.members, start, stop, point)]
    material, place = shape.material, on_shape(shape, point)
    finish = people.finishes[shape.person, material]
    colour = toned(material, (finish[0], finish[1], finish[2]), place)
    normal = bumped(material, normal, shape, place)
    exposure = _exposure(people, scene.light, point, normal, way, material)
    light = product(colour, _falling_on(scene, exposure, point, normal))
    if is_skin(material):
        blush = exposure.window * (1 - exposure.window) * exposure.unshaded
        light = along(light, product(colour, _BLUSH), blush)
    light = _with_gloss(light, scene.light, finish, exposure, normal, way)
    return light, _number(people, shape)


@compiled
def number_at(people: People, point: Triple) -> int:
    """Return the number of what is at a place, see `surface_light`."""
    cell = cell_of(people.grid, point)
    start = people.grid.first[cell]
    stop = start + people.grid.n_listed[cell]
    which = nearest_shape(people.shapes, people.grid.members, start, stop, point)
    return _number(people, people.shapes[which])


@compiled
def _number(people: People, shape: PackedShape) -> int:
    return int(1 + shape.material + people.finishes.shape[1] * shape.person)


@compiled
def _normal(
    shapes: Shapes, members: NDArray[np.int32], start: int, stop: int, point: Triple
) -> Triple:
    """Return the direction that the body faces, from four distances around a point."""
    x, y, z = point
    e = _PROBE_M
    a = bodies_m(shapes, members, start, stop, (x + e, y - e, z - e))
    b = bodies_m(shapes, members, start, stop, (x - e, y - e, z + e))
    c = bodies_m(shapes, members, start, stop, (x - e, y + e, z - e))
    d = bodies_m(shapes, members, start, stop, (x + e, y + e, z + e))
    return unit((a - b - c + d, -a - b + c + d, -a + b - c + d))


@compiled
def _exposure(
    people: People, light: Light, point: Triple, normal: Triple, way: Triple, material: int
) -> _Exposure:
    wrap = _SKIN_WRAP if is_skin(material) else _CLOTH_WRAP
    window = max((dot(normal, light.toward) + wrap) / (1 + wrap), 0.0)
    unshaded = 0.0
    if window > 0:
        unshaded = window_share(people.grid, light, along(point, normal, _OFF_SURFACE_M))
    sky = sky_share(people.grid, people.shapes, point, normal)
    return _Exposure(window, unshaded, sky, max(0.0, -dot(normal, way)))


@compiled
def _falling_on(scene: Scene, exposure: _Exposure, point: Triple, normal: Triple) -> Triple:
    """Return the light on a place: window, sky, camera side, and what the mat returns."""
    light, up = scene.light, 0.5 + 0.5 * normal[1]
    key = exposure.window * exposure.unshaded * light.key
    sky = light.sky * exposure.sky * (0.35 + 0.65 * up)
    fill = light.fill * exposure.facing * (0.35 + 0.65 * exposure.sky)
    bounce = 0.34 * light.key * (1 - up) * (0.3 + 0.7 * exposure.sky)
    bounce *= exp(-2.2 * max(0.0, point[1] - 0.02))
    red, green, blue = along(scaled(_KEY_TINT, key), _SKY_TINT, sky)
    mat = scene.mat_colour
    return (
        red + fill + bounce * (0.4 + 0.8 * mat[0]),
        green + fill + bounce * (0.4 + 0.8 * mat[1]),
        blue + fill + bounce * (0.4 + 0.8 * mat[2]),
    )


@compiled
def _with_gloss(
    colour: Triple,
    light: Light,
    finish: NDArray[np.float64],
    exposure: _Exposure,
    normal: Triple,
    way: Triple,
) -> Triple:
    """Return a colour with the window's highlight, and the sky's on edges."""
    gloss, sharpness = finish[3], finish[4]
    mirrored = max(0.0, dot(normal, unit(between(way, light.toward))))
    highlight = gloss * mirrored**sharpness * exposure.unshaded * light.key
    edge = 1 - exposure.facing
    rim = 0.45 * edge * edge * edge * gloss * exposure.sky * min(1.0, light.sky / 0.62)
    red, green, blue = colour
    return red + highlight + rim, green + highlight + rim, blue + highlight + 1.1 * rim
