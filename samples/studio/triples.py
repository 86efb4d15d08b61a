"""Points and directions as three numbers, for compiled code."""

from __future__ import annotations

from math import sqrt

from samples.studio.compiling import compiled

Triple = tuple[float, float, float]


@compiled
def dot(a: Triple, b: Triple) -> float:
    """Return the scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@compiled
def length(a: Triple) -> float:
    """Return how long a vector is."""
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


@compiled
def between(start: Triple, end: Triple) -> Triple:
    """Return the way from one point to another."""
    return end[0] - start[0], end[1] - start[1], end[2] - start[2]


@compiled
def along(start: Triple, way: Triple, share: float) -> Triple:
    """Return the point that many times a way beyond a start."""
    return start[0] + way[0] * share, start[1] + way[1] * share, start[2] + way[2] * share


@compiled
def scaled(a: Triple, factor: float) -> Triple:
    """Return a vector made longer."""
    return a[0] * factor, a[1] * factor, a[2] * factor


@compiled
def product(a: Triple, b: Triple) -> Triple:
    """Return two colours filtered through each other: the product of each channel."""
    return a[0] * b[0], a[1] * b[1], a[2] * b[2]


@compiled
def unit(a: Triple) -> Triple:
    """Return the direction of a vector."""
    return scaled(a, 1 / (length(a) + 1e-12))


@compiled
def smooth(share: float) -> float:
    """Return 0 below 0, 1 above 1, and a gentle rise between."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)
