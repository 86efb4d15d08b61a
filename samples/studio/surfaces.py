"""What skin, cloth, hair and eyes look like close up: their tones and their small bumps."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.noise import layered
from samples.studio.shapes import Material
from samples.studio.triples import Triple, between, dot, scaled, unit

if TYPE_CHECKING:
    from samples.studio.packing import PackedShape

_SKIN, _LIP, _HAIR, _EYE = (
    int(Material.SKIN),
    int(Material.LIP),
    int(Material.HAIR),
    int(Material.EYE),
)
_SHIRT, _TROUSERS = int(Material.SHIRT), int(Material.TROUSERS)
_PUPIL_M, _IRIS_M = 0.0026, 0.0058
_STEP_M = 0.004
# How deep folds and strands are, and how many to a metre.
_FOLD_M, _FOLDS_PER_M = 0.0085, 15.0
_STRAND_M, _STRANDS_PER_M = 0.004, 90.0


@compiled
def is_skin(material: int) -> bool:
    """Return whether light goes a little way into a material."""
    return material in (_SKIN, _LIP)


@compiled
def on_shape(shape: PackedShape, point: Triple) -> Triple:
    """Return a point as the shape's texture sees it: metres to the front, up and to the side."""
    way = between(shape.origin, point)
    return dot(way, shape.rows[0]), dot(way, shape.rows[1]), dot(way, shape.rows[2])


@compiled
def toned(material: int, colour: Triple, place: Triple) -> Triple:
    """Return a material's colour at one place of it."""
    u, v, w = place
    if is_skin(material):
        return _skin(colour, layered(u * 38, v * 38, w * 38, 2), layered(u * 9, v * 9, w * 9, 2))
    if material in (_SHIRT, _TROUSERS):
        return scaled(colour, 0.82 + 0.30 * layered(u * 15 + 3, v * 6.5, w * 15, 3))
    if material == _HAIR:
        return scaled(colour, 0.55 + 0.9 * layered(u * 28, v * 120, w * 120, 3))
    if material == _EYE and u > 0:
        return _eye(colour, sqrt(v * v + w * w))
    return colour


@compiled
def _skin(colour: Triple, fine: float, coarse: float) -> Triple:
    tone = 0.90 + 0.10 * fine + 0.12 * coarse
    red, green, blue = colour
    return (
        red * tone * 1.01,
        green * tone * (0.97 + 0.05 * coarse),
        blue * tone * (0.96 + 0.06 * coarse),
    )


@compiled
def _eye(white: Triple, off_axis_m: float) -> Triple:
    if off_axis_m < _PUPIL_M:
        return 0.01, 0.01, 0.01
    return (0.16, 0.09, 0.05) if off_axis_m < _IRIS_M else white


@compiled
def bumped(material: int, normal: Triple, shape: PackedShape, place: Triple) -> Triple:
    """Return the direction that a surface faces once it has folds or strands."""
    if material in (_SHIRT, _TROUSERS):
        return _tilted(normal, shape, place, _FOLD_M, _FOLDS_PER_M)
    if material == _HAIR:
        return _tilted(normal, shape, place, _STRAND_M, _STRANDS_PER_M)
    return normal


@compiled
def _tilted(
    normal: Triple, shape: PackedShape, place: Triple, depth_m: float, per_m: float
) -> Triple:
    u, v, w = place
    here, slope = _relief(u, v, w, per_m), depth_m / _STEP_M
    along_u = (_relief(u + _STEP_M, v, w, per_m) - here) * slope
    along_v = (_relief(u, v + _STEP_M, w, per_m) - here) * slope
    along_w = (_relief(u, v, w + _STEP_M, per_m) - here) * slope
    rows = shape.rows
    return unit(
        (
            normal[0] - rows[0, 0] * along_u - rows[1, 0] * along_v - rows[2, 0] * along_w,
            normal[1] - rows[0, 1] * along_u - rows[1, 1] * along_v - rows[2, 1] * along_w,
            normal[2] - rows[0, 2] * along_u - rows[1, 2] * along_v - rows[2, 2] * along_w,
        )
    )


@compiled
def _relief(u: float, v: float, w: float, per_m: float) -> float:
    """Return the height of folds, longer along the body than around it; in 0 to 1."""
    return layered(u * per_m + 3, v * per_m * 0.45, w * per_m, 2)
