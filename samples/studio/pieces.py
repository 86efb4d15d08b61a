"""Pieces of a body in the directions of the segment that they sit on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from samples.studio.shapes import Cut, Ellipsoid, Material, RoundCone
from samples.studio.skeleton import LEFT, RIGHT
from samples.studio.spine import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[float, float, float]
"""Metres to the front, up and to the left of a segment's origin."""


@dataclass(frozen=True, slots=True)
class Lump:
    """An ellipsoid on a segment.

    Attributes
    ----------
    at : Place
        Its centre.
    radii_m : tuple of float
        Half axes to the front, up and to the side.
    tilt_deg : float
        How far its front is turned up.
    """

    at: Place
    radii_m: tuple[float, float, float]
    material: Material = Material.SKIN
    blend_m: float = 0.02
    tilt_deg: float = 0.0
    carved: bool = False

    def on(self, segment: Segment, cut: Cut | None = None) -> Ellipsoid:
        """Return the shape, where the segment has it."""
        frame = Segment(segment.at(*self.at), segment.up, segment.front)
        axes = frame.turned(frame.left, -self.tilt_deg).axes
        return Ellipsoid(axes, self.radii_m, self.material, self.blend_m, self.carved, cut)

    def mirrored(self) -> Lump:
        """Return the same on the other side."""
        return replace(self, at=_mirrored(self.at))


@dataclass(frozen=True, slots=True)
class Bar:
    """A round cone on a segment, from one place to another."""

    start: Place
    start_m: float
    end: Place
    end_m: float
    material: Material = Material.SKIN
    blend_m: float = 0.02

    def on(self, segment: Segment, cut: Cut | None = None) -> RoundCone:
        """Return the shape, where the segment has it."""
        start, end = segment.at(*self.start), segment.at(*self.end)
        radii = (self.start_m, self.end_m)
        return RoundCone(
            start, radii[0], end, radii[1], self.material, self.blend_m, cut=cut, axes=segment.axes
        )

    def mirrored(self) -> Bar:
        """Return the same on the other side."""
        return replace(self, start=_mirrored(self.start), end=_mirrored(self.end))


Piece = Lump | Bar


def both(*pieces: Piece) -> tuple[Piece, ...]:
    """Return pieces of the left side, each followed by its like on the right."""
    return tuple(one for piece in pieces for one in (piece, piece.mirrored()))


def placed(
    pieces: Iterable[Piece], segment: Segment, side: int = LEFT
) -> list[Ellipsoid | RoundCone]:
    """Return pieces as shapes; on the right side they are mirrored."""
    turned = (piece.mirrored() if side == RIGHT else piece for piece in pieces)
    return [piece.on(segment) for piece in turned]


def _mirrored(place: Place) -> Place:
    return place[0], place[1], -place[2]
