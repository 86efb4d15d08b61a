"""What a figure is made of: round cones and ellipsoids that melt into each other.

World: metres; x to the right of the room, y up from the floor, z toward the usual camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]


class Material(IntEnum):
    """What a surface is; a palette says which colour that has."""

    SKIN = 0
    SHIRT = auto()
    TROUSERS = auto()
    HAIR = auto()
    SHOE = auto()
    SOLE = auto()
    EYE = auto()
    LIP = auto()
    BROW = auto()
    SOCK = auto()


@dataclass(frozen=True, slots=True)
class Cut:
    """A plane that ends a shape: what lies beyond `at` in the direction `toward` is taken away."""

    at: Vector
    toward: Vector


@dataclass(frozen=True, slots=True)
class Axes:
    """Where a shape's texture is fixed, so that it moves with the body.

    Attributes
    ----------
    origin : Vector
        Shape (3,), metres.
    rows : NDArray of float
        Shape (3, 3): unit vectors to the front, up (toward the head) and to the side.
    """

    origin: Vector
    rows: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RoundCone:
    """A limb: two spheres and what lies between them.

    Attributes
    ----------
    start, end : Vector
        Centres of the spheres, metres.
    start_m, end_m : float
        Their radii.
    blend_m : float
        How far it melts into what it touches.
    depth : float
        Its extent along z, as a multiple.
    """

    start: Vector
    start_m: float
    end: Vector
    end_m: float
    material: Material
    blend_m: float = 0.02
    depth: float = 1.0
    cut: Cut | None = None
    axes: Axes | None = None


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """A mass of the body, or, when carved, a hollow in the shapes before it.

    Attributes
    ----------
    axes : Axes
        Centre and directions of the half axes.
    radii_m : tuple of float
        Half axes to the front, up and to the side.
    """

    axes: Axes
    radii_m: tuple[float, float, float]
    material: Material
    blend_m: float = 0.02
    carved: bool = False
    cut: Cut | None = None


Shape = RoundCone | Ellipsoid


@dataclass(frozen=True, slots=True)
class Part:
    """Shapes that lie close together: a trunk, a head, an arm, a hand."""

    name: str
    shapes: tuple[Shape, ...]
