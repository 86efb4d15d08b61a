"""Hair: a cap on the skull, and what hangs from it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.pieces import Bar, Lump, Place, placed
from samples.studio.proportions import MAT_M
from samples.studio.shapes import Cut, Material, RoundCone
from samples.studio.vectors import dot, unit, vector

if TYPE_CHECKING:
    from samples.studio.look import Hair
    from samples.studio.shapes import Shape, Vector
    from samples.studio.spine import Segment, Spine

_HAIR = Material.HAIR

# Each mass, and where it ends at the face.
_CAP = (
    (Lump((-0.013, 0.050, 0), (0.098, 0.089, 0.0795), _HAIR, 0.004), (0.084, 0.072, 0)),
    (Lump((-0.038, 0.004, 0), (0.066, 0.062, 0.0725), _HAIR, 0.012), (0.0, 0.008, 0)),
    (Lump((0.035, 0.098, 0), (0.060, 0.036, 0.062), _HAIR, 0.02), (0.094, 0.070, 0)),
)
_BUN = (Lump((-0.105, 0.075, 0), (0.042, 0.040, 0.042), _HAIR, 0.015),)
_PONY = (
    Bar((-0.095, 0.06, 0), 0.028, (-0.14, 0.02, 0), 0.034, _HAIR, 0.015),
    Bar((-0.14, 0.02, 0), 0.034, (-0.155, -0.08, 0), 0.018, _HAIR, 0.015),
)

_ROOTS: tuple[Place, ...] = (
    (-0.030, 0.020, 0.070),
    (-0.065, 0.020, 0.050),
    (-0.085, 0.020, 0.018),
    (-0.065, 0.020, -0.050),
    (-0.030, 0.020, -0.070),
)
_STRAND_M = (0.026, 0.028, 0.027, 0.024, 0.016)
_LINK_M = 0.062


def hair(kind: Hair, spine: Spine) -> list[Shape]:
    """Return the shapes of somebody's hair; none for the bald."""
    head = spine.head
    if kind == "none":
        return []
    cap: list[Shape] = [mass.on(head, Cut(head.at(*end), _face(head))) for mass, end in _CAP]
    if kind == "bun":
        return [*cap, *placed(_BUN, head)]
    if kind == "pony":
        return [*cap, *placed(_PONY, head)]
    if kind == "long":
        return [*cap, *(link for root in _ROOTS for link in _strand(head.at(*root), spine))]
    return cap


def _face(head: Segment) -> Vector:
    """Return the way in which the hairline looks: forward and down."""
    return unit(0.68 * head.front - 0.733 * head.up)


def _strand(root: Vector, spine: Spine) -> list[Shape]:
    """Return a strand that hangs from its root, around head, neck and chest, onto the mat."""
    places = [root]
    for radius in _STRAND_M[1:]:
        places.append(_hung(places[-1], radius, _fall(root, spine.head), spine))
    return [
        RoundCone(a, a_m, b, b_m, _HAIR, 0.02)
        for a, b, a_m, b_m in zip(places, places[1:], _STRAND_M, _STRAND_M[1:], strict=False)
    ]


def _fall(root: Vector, head: Segment) -> Vector:
    """Return the way in which a strand falls: down, but it is combed to the back and outward.

    By gravity alone it would jump from one side of the neck to the other.
    """
    out = dot(root - head.origin, head.left)
    combed = -0.4 * head.up - 0.3 * head.front + math.copysign(0.35, out) * head.left
    return unit(vector(0.0, -1.0) + combed)


def _hung(above: Vector, radius_m: float, fall: Vector, spine: Spine) -> Vector:
    """Return where the next point of a strand comes to rest."""
    place = above + fall * _LINK_M
    for _ in range(4):
        for centre, reach_m in _obstacles(spine):
            place = _pushed_out(place, centre, reach_m + 0.4 * radius_m)
        place = above + unit(place - above) * _LINK_M
        place[1] = max(place[1], MAT_M + 0.6 * radius_m)
    return place


def _obstacles(spine: Spine) -> list[tuple[Vector, float]]:
    """Return spheres that hair does not hang through."""
    chest, neck = spine.ribs, spine.neck
    sides = [(chest.at(up=0.16, left=left), 0.105) for left in (-0.08, 0.0, 0.08)]
    necks = [(neck.at(front=0.02, up=up), 0.058) for up in (0.02, 0.08, 0.14)]
    return [(spine.head.at(front=0.012, up=0.03), 0.082), *necks, *sides]


def _pushed_out(place: Vector, centre: Vector, reach_m: float) -> Vector:
    gap = float(np.linalg.norm(place - centre))
    if gap >= reach_m or math.isclose(gap, 0.0):
        return place
    return centre + (place - centre) * (reach_m / gap)
