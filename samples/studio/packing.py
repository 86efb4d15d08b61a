"""People laid out as arrays for compiled code, with what can be worked out once beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from samples.studio.shapes import Axes, Ellipsoid, RoundCone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from samples.studio.palette import Palette
    from samples.studio.shapes import Part, Shape, Vector
    from samples.studio.triples import Triple

    Shapes = NDArray[Any]


class PackedShape(Protocol):
    """One record of `SHAPE`: a limb or an ellipsoid; each uses some of the fields.

    Attributes
    ----------
    person : int
        Whose it is.
    at : Vector
        The start of a limb, the middle of an ellipsoid.
    way : Vector
        To the end of a limb, its z divided by the limb's depth; `per_length_sq` is 1 / way².
    slant : float
        How far along a limb, in its lengths, its nearest place shifts for each metre beside it.
    start_m, growth_m : float
        The radius at a limb's start, and how much larger it is at its end.
    squeezed : NDArray of float
        Shape (3, 3): an ellipsoid's directions, divided by its half axes.
    per_radius, thinnest_m
        One over each half axis, and the smallest of them.
    cut_toward, cut_m
        What lies further than that in this direction is taken away.
    middle, reach_m
        A ball around it all.
    origin, rows
        Where its texture is fixed, see `Axes`.
    """

    person: int
    material: int
    is_limb: bool
    is_carved: bool
    is_cut: bool
    blend_m: float
    at: Triple
    way: Triple
    per_length_sq: float
    slant: float
    start_m: float
    growth_m: float
    depth: float
    squeezed: NDArray[np.float64]
    per_radius: Triple
    thinnest_m: float
    cut_toward: Triple
    cut_m: float
    middle: Triple
    reach_m: float
    origin: Triple
    rows: NDArray[np.float64]


SHAPE = np.dtype(
    [
        ("person", np.int64),
        ("material", np.int64),
        ("is_limb", np.bool_),
        ("is_carved", np.bool_),
        ("is_cut", np.bool_),
        ("blend_m", np.float64),
        ("at", np.float64, 3),
        ("way", np.float64, 3),
        ("per_length_sq", np.float64),
        ("slant", np.float64),
        ("start_m", np.float64),
        ("growth_m", np.float64),
        ("depth", np.float64),
        ("squeezed", np.float64, (3, 3)),
        ("per_radius", np.float64, 3),
        ("thinnest_m", np.float64),
        ("cut_toward", np.float64, 3),
        ("cut_m", np.float64),
        ("middle", np.float64, 3),
        ("reach_m", np.float64),
        ("origin", np.float64, 3),
        ("rows", np.float64, (3, 3)),
    ],
    align=True,
)
_STEEPEST = 0.95  # a limb whose ball swallows the other is not much of a cone


def packed_shapes(people: Sequence[Sequence[Part]]) -> Shapes:
    """Return the shapes of all people in order, as `SHAPE` records."""
    found = [
        (person, shape)
        for person, parts in enumerate(people)
        for part in parts
        for shape in part.shapes
    ]
    shapes = np.zeros(len(found), SHAPE)
    for record, (person, shape) in zip(shapes, found, strict=True):
        record["person"] = person
        _pack(record, shape)
    return shapes


def packed_finishes(palettes: Sequence[Palette]) -> NDArray[np.float64]:
    """Return shape (people, materials, 5): red, green, blue, gloss, sharpness."""
    return np.array(
        [[(*f.colour, f.gloss, f.sharpness) for f in palette.finishes] for palette in palettes]
    )


def _pack(record: np.void, shape: Shape) -> None:
    record["material"], record["blend_m"] = shape.material, shape.blend_m
    if isinstance(shape, RoundCone):
        _pack_limb(record, shape)
    else:
        _pack_ellipsoid(record, shape)
    if shape.cut is not None:
        toward = shape.cut.toward / np.linalg.norm(shape.cut.toward)
        record["is_cut"] = True
        record["cut_toward"], record["cut_m"] = toward, toward @ shape.cut.at


def _pack_limb(record: np.void, limb: RoundCone) -> None:
    way = (limb.end - limb.start) / (1.0, 1.0, limb.depth)
    length_sq = float(way @ way) + 1e-12
    growth = limb.end_m - limb.start_m
    taper = np.clip(-growth / np.sqrt(length_sq), -_STEEPEST, _STEEPEST)
    record["is_limb"] = True
    record["at"], record["way"], record["depth"] = limb.start, way, limb.depth
    record["per_length_sq"] = 1 / length_sq
    record["slant"] = taper / np.sqrt((1 - taper**2) * length_sq)
    record["start_m"], record["growth_m"] = limb.start_m, growth
    record["middle"] = (limb.start + limb.end) / 2
    widest_m = max(limb.start_m, limb.end_m) * max(1.0, limb.depth)
    record["reach_m"] = np.linalg.norm(limb.end - limb.start) / 2 + widest_m
    axes = limb.axes or _axes_of(limb)
    record["origin"], record["rows"] = axes.origin, axes.rows


def _pack_ellipsoid(record: np.void, ellipsoid: Ellipsoid) -> None:
    axes, radii = ellipsoid.axes, np.array(ellipsoid.radii_m)
    record["is_carved"] = ellipsoid.carved
    record["at"] = record["middle"] = record["origin"] = axes.origin
    record["rows"], record["squeezed"] = axes.rows, axes.rows / radii[:, None]
    record["per_radius"], record["thinnest_m"] = 1 / radii, radii.min()
    record["reach_m"] = radii.max()


def _axes_of(limb: RoundCone) -> Axes:
    """Return axes that follow the limb: its length is up."""
    up = _unit(limb.end - limb.start)
    front = np.cross(up, (0.0, 0.0, 1.0))
    if np.linalg.norm(front) < 0.2:  # noqa: PLR2004 -- it points to the camera, nearly
        front = np.cross(up, (1.0, 0.0, 0.0))
    front = _unit(front)
    return Axes(limb.start, np.array([front, up, np.cross(front, up)]))


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / (np.linalg.norm(vector) + 1e-9), np.float64)
