"""Angles and lines in the plane of the picture: x to the right, y down, pixels.

A point is a pair of floats. A point that is not known is NaN, and what is computed from it is NaN.
"""

from __future__ import annotations

import math

Point = tuple[float, float]


def distance(a: Point, b: Point) -> float:
    """Return the distance of two points, in their unit.

    Examples
    --------
    >>> distance((0, 0), (3, 4))
    5.0
    """
    return math.hypot(b[0] - a[0], b[1] - a[1])


def middle(a: Point, b: Point) -> Point:
    """Return the point half-way between two.

    Examples
    --------
    >>> middle((0, 0), (4, 2))
    (2.0, 1.0)
    """
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def direction_deg(a: Point, b: Point) -> float:
    """Return where b lies as seen from a, degrees in (-180, 180].

    0 is the picture's right, 90 its top. NaN when the points coincide.

    Examples
    --------
    >>> direction_deg((0, 0), (0, -7))
    90.0
    """
    if a == b:
        return math.nan
    return math.degrees(math.atan2(a[1] - b[1], b[0] - a[0]))


def wrapped_deg(angle_deg: float) -> float:
    """Return the same direction within [-180, 180).

    Examples
    --------
    >>> wrapped_deg(350.0)
    -10.0
    """
    return (angle_deg + 180.0) % 360.0 - 180.0


def turn_deg(a: Point, b: Point, c: Point) -> float:
    """Return by how much the path a, b, c turns at b, degrees in [-180, 180).

    0 is straight on; a turn to the left, as the picture is looked at, is positive.

    Examples
    --------
    >>> turn_deg((0, 0), (10, 0), (10, -5))
    90.0
    """
    return wrapped_deg(direction_deg(b, c) - direction_deg(a, b))


def along(point: Point, origin: Point, end: Point) -> float:
    """Return how far a point lies from the origin in the direction of the end, in pixels.

    NaN when origin and end coincide.

    Examples
    --------
    >>> along((3, 9), (0, 0), (10, 0))
    3.0
    """
    length = distance(origin, end)
    if not length:
        return math.nan
    dx, dy = end[0] - origin[0], end[1] - origin[1]
    return ((point[0] - origin[0]) * dx + (point[1] - origin[1]) * dy) / length


def above(point: Point, a: Point, b: Point) -> float:
    """Return how far a point lies above the line through a and b, in pixels.

    Above means toward the picture's top, whichever of the two ends is named first; NaN when the
    points coincide or lie exactly one above the other.

    Examples
    --------
    >>> above((5, 2), (0, 10), (10, 10)), above((5, 2), (10, 10), (0, 10))
    (8.0, 8.0)
    """
    length, dx = distance(a, b), b[0] - a[0]
    if not length or not dx:
        return math.nan
    cross = dx * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
    return -math.copysign(cross / length, cross * dx)


def rise_deg(a: Point, b: Point) -> float:
    """Return how much the way from a to b climbs toward the picture's top, degrees in [-90, 90].

    Examples
    --------
    >>> rise_deg((0, 0), (-10, -10))
    45.0
    """
    if a == b:
        return math.nan
    return math.degrees(math.atan2(a[1] - b[1], abs(b[0] - a[0])))
