"""Directions and places: the little geometry that bodies need."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.studio.shapes import Vector

_PARALLEL = 1e-6


def vector(x: float, y: float, z: float = 0.0) -> Vector:
    """Return a place or direction, shape (3,)."""
    return np.array([x, y, z], dtype=np.float64)


def cross(a: Vector, b: Vector) -> Vector:
    """Return what is at right angles to both; `np.cross` takes ten times as long for one pair."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return vector(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx)


def dot(a: Vector, b: Vector) -> float:
    """Return how far one vector reaches along another."""
    return float(a @ b)


def unit(direction: Vector) -> Vector:
    """Return a direction with length 1."""
    return direction / math.sqrt(dot(direction, direction))


def square_part(axis: Vector, place: Vector) -> Vector:
    """Return what of a vector is at right angles to a unit axis."""
    return place - axis * dot(axis, place)


def square_to(axis: Vector, direction: Vector) -> Vector:
    """Return the unit vector nearest to a direction that is at right angles to a unit axis."""
    return unit(square_part(axis, direction))


def rotated(direction: Vector, axis: Vector, angle_deg: float) -> Vector:
    """Return a vector turned about a unit axis, counterclockwise as seen from the axis' tip."""
    angle = math.radians(angle_deg)
    along = axis * dot(axis, direction) * (1 - math.cos(angle))
    return direction * math.cos(angle) + cross(axis, direction) * math.sin(angle) + along


def between_directions(a: Vector, b: Vector, share: float) -> Vector:
    """Return the unit vector on the way from one to another, on the shortest arc.

    Opposite directions have no shortest arc; they go by way of +z.
    """
    axis = cross(a, b)
    sine = float(np.linalg.norm(axis))
    angle_deg = math.degrees(math.atan2(sine, dot(a, b)))
    if sine > _PARALLEL:
        return rotated(a, axis / sine, share * angle_deg)
    return rotated(a, square_to(a, vector(0.03, 0.01, 1.0)), share * angle_deg)


def frame_between(
    a: tuple[Vector, Vector], b: tuple[Vector, Vector], share: float
) -> tuple[Vector, Vector]:
    """Return a pair of directions on the way from one pair to another, by one turn about one axis.

    Parameters
    ----------
    a, b : tuple of Vector
        Unit directions; the second of each is made square to the first.
    """
    axis, angle_deg = _turn(_frame(*a), _frame(*b))
    first, second, _ = (rotated(row, axis, share * angle_deg) for row in _frame(*a))
    return first, second


def _frame(first: Vector, second: Vector) -> NDArray[np.float64]:
    """Return two directions and what is square to both, as rows."""
    square = square_to(first, second)
    return np.array([first, square, cross(first, square)])


def _turn(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[Vector, float]:
    """Return axis and angle in degrees of the turn that takes one frame to another."""
    turn = b.T @ a
    skew = vector(turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1])
    sine, cosine = math.sqrt(dot(skew, skew)) / 2, (float(np.trace(turn)) - 1) / 2
    if sine > _PARALLEL:
        return skew / (2 * sine), math.degrees(math.atan2(sine, cosine))
    # No turn, or half a turn: then each column of what is left points along the axis.
    along = turn + np.eye(3)
    longest = int(np.argmax(np.linalg.norm(along, axis=0)))
    return unit(along[:, longest]), 0.0 if cosine > 0 else 180.0


def meeting(a: Vector, a_m: float, b: Vector, b_m: float, toward: Vector) -> Vector:
    """Return the point at given distances from two others, on the side of a direction.

    Where the distances are too short to meet, it lies on the line, `a_m` from the first.
    """
    gap = float(np.linalg.norm(b - a))
    line = (b - a) / gap
    along = min((a_m**2 - b_m**2 + gap**2) / (2 * gap), a_m)
    return a + line * along + square_to(line, toward) * math.sqrt(a_m**2 - along**2)


def signed_deg(a: Vector, b: Vector, normal: Vector) -> float:
    """Return the angle from one vector to another as seen in a plane, -180 to 180.

    Positive is counterclockwise, seen from the tip of the plane's unit normal.
    """
    flat_a, flat_b = (square_part(normal, v) for v in (a, b))
    sine = dot(cross(flat_a, flat_b), normal)
    return math.degrees(math.atan2(sine, dot(flat_a, flat_b)))
