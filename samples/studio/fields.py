"""How far a point is from a shape, and from a body of many shapes that melt into each other.

Distances are negative inside. Near the surface they are exact enough to walk along; far from a
long ellipsoid they are a little off.
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.triples import between, dot, length

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from samples.studio.packing import PackedShape, Shapes
    from samples.studio.triples import Triple

FAR_M = 1e3
_DEEP = 0.3  # share of its radius at which an ellipsoid's middle begins


@compiled
def _limb_m(shape: PackedShape, point: Triple) -> float:
    """Return the distance from a round cone; its z is squeezed by its depth first."""
    x, y, z = between(shape.at, point)
    here = (x, y, z / shape.depth)
    share = dot(here, shape.way) * shape.per_length_sq
    aside_sq = dot(here, here) - share * share / shape.per_length_sq
    # The nearest place on the axis shifts toward the thicker end.
    share = min(max(share - sqrt(max(aside_sq, 0.0)) * shape.slant, 0.0), 1.0)
    way = shape.way
    rest = (here[0] - share * way[0], here[1] - share * way[1], here[2] - share * way[2])
    return (length(rest) - shape.start_m - shape.growth_m * share) * min(shape.depth, 1.0)


@compiled
def _ellipsoid_m(shape: PackedShape, point: Triple) -> float:
    """Return about how far it is to an ellipsoid."""
    way = between(shape.at, point)
    a, b, c = dot(way, shape.squeezed[0]), dot(way, shape.squeezed[1]), dot(way, shape.squeezed[2])
    radius = sqrt(a * a + b * b + c * c)
    if radius < _DEEP:
        return -shape.thinnest_m * (1 - radius)
    a, b, c = a * shape.per_radius[0], b * shape.per_radius[1], c * shape.per_radius[2]
    return radius * (radius - 1) / (sqrt(a * a + b * b + c * c) + 1e-9)


@compiled
def shape_m(shape: PackedShape, point: Triple) -> float:
    """Return the distance of a point from one shape, metres."""
    distance = _limb_m(shape, point) if shape.is_limb else _ellipsoid_m(shape, point)
    if shape.is_cut:
        distance = max(distance, dot(shape.cut_toward, point) - shape.cut_m)
    return distance


@compiled
def reach_gap_m(shape: PackedShape, point: Triple) -> float:
    """Return the distance from the ball around a shape: the shape is at least as far."""
    return length(between(shape.middle, point)) - shape.reach_m


@compiled
def _joined_m(distance: float, other: float, blend_m: float) -> float:
    """Return the distance from two shapes that melt into each other."""
    overlap = max(blend_m - abs(distance - other), 0.0)
    return min(distance, other) - overlap * overlap / (4 * blend_m)


@compiled
def _carved_m(distance: float, other: float, blend_m: float) -> float:
    """Return the distance from a shape that another is taken out of."""
    overlap = max(blend_m - abs(distance + other), 0.0)
    return max(distance, -other) + overlap * overlap / (4 * blend_m)


@compiled
def _with_shape_m(distance: float, shape: PackedShape, point: Triple) -> float:
    """Return the distance from a body once one more shape belongs to it."""
    if reach_gap_m(shape, point) > abs(distance) + shape.blend_m:
        return distance
    other = shape_m(shape, point)
    if shape.is_carved:
        return _carved_m(distance, other, shape.blend_m)
    return _joined_m(distance, other, shape.blend_m)


@compiled
def bodies_m(
    shapes: Shapes, members: NDArray[np.int32], start: int, stop: int, point: Triple
) -> float:
    """Return the distance from the nearest person, of whom only some shapes count.

    Parameters
    ----------
    shapes : Shapes
        Of all people.
    members : NDArray of int32
        Rows of `shapes`; those from `start` to `stop` count, in order.
    """
    nearest, body, person = FAR_M, FAR_M, -1
    for row in range(start, stop):
        shape = shapes[members[row]]
        if shape.person != person:  # people do not melt into each other
            nearest, body, person = min(nearest, body), FAR_M, shape.person
        body = _with_shape_m(body, shape, point)
    return min(nearest, body)


@compiled
def nearest_shape(
    shapes: Shapes, members: NDArray[np.int32], start: int, stop: int, point: Triple
) -> int:
    """Return the row of the shape whose surface a point belongs to; -1 if there is none."""
    nearest, which = FAR_M, -1
    for row in range(start, stop):
        shape = shapes[members[row]]
        if shape.is_carved or reach_gap_m(shape, point) > nearest:
            continue
        distance = shape_m(shape, point)
        if distance < nearest:
            nearest, which = distance, members[row]
    return which
