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

    Numbers and no arrays within: compiled code reads them twice as fast.

    Attributes
    ----------
    person : int
        Whose it is.
    at_x, at_y, at_z : float
        The start of a limb, the middle of an ellipsoid.
    way_x, way_y, way_z : float
        To the end of a limb, its z divided by the limb's depth.
    per_length_sq : float
        One over the square of its length.
    slant : float
        How far along a limb, in its lengths, its nearest place shifts for each metre beside it.
    start_m, growth_m : float
        The radius at a limb's start, and how much larger it is at its end.
    front_x, front_y, ... side_z : float
        An ellipsoid's three directions, divided by its half axes.
    per_front, per_up, per_side, thinnest_m : float
        One over each half axis, and the smallest of them.
    cut_x, cut_y, cut_z, cut_m : float
        What lies further than that in this direction is taken away.
    middle_x, middle_y, middle_z, reach_m : float
        A ball around it all.
    origin, rows : NDArray of float
        Where its texture is fixed, see `Axes`.
    """

    person: int
    material: int
    is_limb: bool
    is_carved: bool
    is_cut: bool
    blend_m: float
    at_x: float
    at_y: float
    at_z: float
    way_x: float
    way_y: float
    way_z: float
    per_length_sq: float
    slant: float
    start_m: float
    growth_m: float
    depth: float
    per_depth: float
    front_x: float
    front_y: float
    front_z: float
    up_x: float
    up_y: float
    up_z: float
    side_x: float
    side_y: float
    side_z: float
    per_front: float
    per_up: float
    per_side: float
    thinnest_m: float
    cut_x: float
    cut_y: float
    cut_z: float
    cut_m: float
    middle_x: float
    middle_y: float
    middle_z: float
    reach_m: float
    origin: Triple
    rows: NDArray[np.float64]


_NUMPY_TYPES: dict[str, tuple[Any, ...]] = {
    "int": (np.int64,),
    "bool": (np.bool_,),
    "float": (np.float64,),
    "Triple": (np.float64, 3),
    "NDArray[np.float64]": (np.float64, (3, 3)),
}
SHAPE = np.dtype(
    [(name, *_NUMPY_TYPES[kind]) for name, kind in PackedShape.__annotations__.items()],
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


def middles(shapes: Shapes) -> NDArray[np.float64]:
    """Return the middles of the balls around shapes, shape (n, 3), metres."""
    return np.stack([shapes["middle_x"], shapes["middle_y"], shapes["middle_z"]], axis=-1)


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
        _put(record, "cut", toward)
        record["cut_m"] = toward @ shape.cut.at


def _pack_limb(record: np.void, limb: RoundCone) -> None:
    way = (limb.end - limb.start) / (1.0, 1.0, limb.depth)
    length_sq = float(way @ way) + 1e-12
    growth = limb.end_m - limb.start_m
    taper = np.clip(-growth / np.sqrt(length_sq), -_STEEPEST, _STEEPEST)
    record["is_limb"] = True
    _put(record, "at", limb.start)
    _put(record, "way", way)
    record["depth"], record["per_depth"] = limb.depth, 1 / limb.depth
    record["per_length_sq"] = 1 / length_sq
    record["slant"] = taper / np.sqrt((1 - taper**2) * length_sq)
    record["start_m"], record["growth_m"] = limb.start_m, growth
    _put(record, "middle", (limb.start + limb.end) / 2)
    widest_m = max(limb.start_m, limb.end_m) * max(1.0, limb.depth)
    record["reach_m"] = np.linalg.norm(limb.end - limb.start) / 2 + widest_m
    axes = limb.axes or _axes_of(limb)
    record["origin"], record["rows"] = axes.origin, axes.rows


def _pack_ellipsoid(record: np.void, ellipsoid: Ellipsoid) -> None:
    axes, radii = ellipsoid.axes, np.array(ellipsoid.radii_m)
    record["is_carved"] = ellipsoid.carved
    _put(record, "at", axes.origin)
    _put(record, "middle", axes.origin)
    for name, row, radius_m in zip(("front", "up", "side"), axes.rows, radii, strict=True):
        _put(record, name, row / radius_m)
        record[f"per_{name}"] = 1 / radius_m
    record["thinnest_m"], record["reach_m"] = radii.min(), radii.max()
    record["origin"], record["rows"] = axes.origin, axes.rows


def _put(record: np.void, name: str, vector: Vector) -> None:
    for axis, number in zip("xyz", vector.tolist(), strict=True):
        record[f"{name}_{axis}"] = number


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
