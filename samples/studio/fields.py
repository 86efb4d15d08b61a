"""How far a point is from a shape, and from a body of many shapes that melt into each other.

Distances are negative inside. Near the surface they are exact enough to walk along; far from a
long ellipsoid they are a little off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.triples import along, between, dot, length

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
    way = (shape.way_x, shape.way_y, shape.way_z)
    x, y, z = between((shape.at_x, shape.at_y, shape.at_z), point)
    here = (x, y, z * shape.per_depth)
    share = dot(here, way) * shape.per_length_sq
    # The nearest place on the axis shifts toward the thicker end.
    share -= length(along(here, way, -share)) * shape.slant
    share = min(max(share, 0.0), 1.0)
    radius_m = shape.start_m + shape.growth_m * share
    return (length(along(here, way, -share)) - radius_m) * min(shape.depth, 1.0)


@compiled
def _ellipsoid_m(shape: PackedShape, point: Triple) -> float:
    """Return about how far it is to an ellipsoid."""
    way = between((shape.at_x, shape.at_y, shape.at_z), point)
    front = dot(way, (shape.front_x, shape.front_y, shape.front_z))
    up = dot(way, (shape.up_x, shape.up_y, shape.up_z))
    side = dot(way, (shape.side_x, shape.side_y, shape.side_z))
    radius = length((front, up, side))
    if radius < _DEEP:
        return -shape.thinnest_m * (1 - radius)
    steepness = length((front * shape.per_front, up * shape.per_up, side * shape.per_side))
    return radius * (radius - 1) / steepness


@compiled
def shape_m(shape: PackedShape, point: Triple) -> float:
    """Return the distance of a point from one shape, metres."""
    distance = _limb_m(shape, point) if shape.is_limb else _ellipsoid_m(shape, point)
    if shape.is_cut:
        beyond = dot((shape.cut_x, shape.cut_y, shape.cut_z), point) - shape.cut_m
        distance = max(distance, beyond)
    return distance


@compiled
def is_beyond(shape: PackedShape, point: Triple, gap_m: float) -> bool:
    """Return whether a shape is surely further away: the ball around it is."""
    way = between((shape.middle_x, shape.middle_y, shape.middle_z), point)
    reach_m = shape.reach_m + gap_m
    return dot(way, way) > reach_m * reach_m


@compiled
def _joined_m(distance: float, other: float, blend_m: float) -> float:
    """Return the distance from two shapes that melt into each other."""
    overlap = blend_m - abs(distance - other)
    if overlap <= 0:
        return min(distance, other)
    return min(distance, other) - overlap * overlap / (4 * blend_m)


@compiled
def _carved_m(distance: float, other: float, blend_m: float) -> float:
    """Return the distance from a shape that another is taken out of."""
    overlap = max(blend_m - abs(distance + other), 0.0)
    return max(distance, -other) + overlap * overlap / (4 * blend_m)


@compiled
def _with_shape_m(distance: float, shape: PackedShape, point: Triple) -> float:
    """Return the distance from a body once one more shape belongs to it."""
    if is_beyond(shape, point, abs(distance) + shape.blend_m):
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
        if shape.is_carved or is_beyond(shape, point, nearest):
            continue
        distance = shape_m(shape, point)
        if distance < nearest:
            nearest, which = distance, members[row]
    return which
