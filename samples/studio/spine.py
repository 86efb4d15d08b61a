"""The spine: segments that stand one on another, from the pelvis to the head.

Left and right are the body's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.shapes import Axes
from samples.studio.vectors import cross, rotated, signed_deg, vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from samples.studio.proportions import Proportions
    from samples.studio.shapes import Vector


@dataclass(frozen=True, slots=True)
class Segment:
    """A rigid part of the body, with its own directions.

    Attributes
    ----------
    origin : Vector
        Its lower end, metres.
    up, front : Vector
        Unit vectors at right angles: toward the head, and to the front of the body.
    """

    origin: Vector
    up: Vector
    front: Vector

    @property
    def left(self) -> Vector:
        """Return the unit vector to the body's left."""
        return cross(self.up, self.front)

    @property
    def axes(self) -> Axes:
        """Return its origin and directions, as shapes want them."""
        return Axes(self.origin, np.array([self.front, self.up, self.left]))

    def at(self, front: float = 0.0, up: float = 0.0, left: float = 0.0) -> Vector:
        """Return the place that lies so many metres from the origin."""
        return self.origin + front * self.front + up * self.up + left * self.left

    def turned(self, axis: Vector, angle_deg: float) -> Segment:
        """Return it turned about its origin."""
        if angle_deg == 0.0:
            return self
        up, front = (rotated(v, axis, angle_deg) for v in (self.up, self.front))
        return Segment(self.origin, up, front)

    def bent(
        self, forward_deg: float, sideways_deg: float = 0.0, twist_deg: float = 0.0
    ) -> Segment:
        """Return it bent to the front, then to the left, then twisted to the left."""
        forward = self.turned(self.left, forward_deg)
        sideways = forward.turned(forward.front, -sideways_deg)
        return sideways.turned(sideways.up, twist_deg)


@dataclass(frozen=True, slots=True)
class Curve:
    """How a spine is bent, part against part, in degrees: positive to the front, or to the left.

    Attributes
    ----------
    shoulders_forward_m, shoulders_up_m : float
        How far the shoulders have moved on the ribs.
    """

    lumbar_deg: float = 0.0
    chest_deg: float = 0.0
    neck_deg: float = 0.0
    head_deg: float = 0.0
    sideways_deg: float = 0.0
    twist_deg: float = 0.0
    shoulders_forward_m: float = 0.0
    shoulders_up_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Spine:
    """The trunk's segments, neck and head.

    Attributes
    ----------
    segments : tuple of Segment
        Pelvis, belly, waist, chest, neck and head.
    shoulders : Vector
        The middle between the shoulder joints.
    shoulders_forward_m, shoulders_up_m : float
        How far the shoulders have moved on the ribs.
    """

    segments: tuple[Segment, ...]
    shoulders: Vector
    shoulders_forward_m: float
    shoulders_up_m: float

    @property
    def pelvis(self) -> Segment:
        """Return what the legs hang from; it begins in the middle between the hips."""
        return self.segments[0]

    @property
    def belly(self) -> Segment:
        """Return the lower half of the lumbar spine."""
        return self.segments[1]

    @property
    def waist(self) -> Segment:
        """Return the upper half of the lumbar spine."""
        return self.segments[2]

    @property
    def chest(self) -> Segment:
        """Return what the arms hang from; it begins at the lowest rib."""
        return self.segments[3]

    @property
    def neck(self) -> Segment:
        """Return the neck."""
        return self.segments[4]

    @property
    def head(self) -> Segment:
        """Return the head; it begins between the ears."""
        return self.segments[5]

    @property
    def ribs(self) -> Segment:
        """Return the chest without the shoulders' own movement."""
        ribs = self.chest.at(front=-self.shoulders_forward_m)
        return Segment(ribs, self.chest.up, self.chest.front)


def spine(body: Proportions, pelvis: Segment, curve: Curve) -> Spine:
    """Return a spine that stands on a pelvis, bent as asked."""
    half = curve.lumbar_deg / 2, curve.sideways_deg / 2, curve.twist_deg / 3
    belly = pelvis.bent(*half)
    waist = belly.bent(*half)
    chest = waist.bent(curve.chest_deg, 0.0, curve.twist_deg / 3)
    neck = chest.bent(curve.neck_deg)
    turned = (pelvis, belly, waist, chest, neck, neck.bent(curve.head_deg))
    return stacked(body, turned, curve.shoulders_forward_m, curve.shoulders_up_m)


def stacked(
    body: Proportions, turned: Sequence[Segment], shoulders_forward_m: float, shoulders_up_m: float
) -> Spine:
    """Return a spine of segments with these directions, each one put on the end of the last.

    Parameters
    ----------
    turned : sequence of Segment
        Pelvis, belly, waist, chest, neck, head; only the pelvis' origin counts.
    """
    ends = (
        (0.0, body.pelvis_m),
        (0.0, body.lumbar_m / 2),
        (0.0, body.lumbar_m / 2),
        (-0.028 - shoulders_forward_m, body.chest_m + 0.035),
        (0.048, 0.165),
    )
    placed = [turned[0]]
    for segment, (front, up) in zip(turned[1:], ends, strict=True):
        origin = placed[-1].at(front, up)
        placed.append(Segment(origin, segment.up, segment.front))
    shoulders = placed[3].at(up=body.chest_m + shoulders_up_m)
    return Spine(tuple(placed), shoulders, shoulders_forward_m, shoulders_up_m)


def lying(x_m: float, y_m: float, front: Vector, pitch_deg: float = 0.0) -> Segment:
    """Return a pelvis whose body lies along x, head to the right.

    Parameters
    ----------
    front : Vector
        Where the chest looks.
    pitch_deg : float
        How far the trunk rises from the floor, head up.
    """
    level = Segment(vector(x_m, y_m), vector(1.0, 0.0), front)
    return level.turned(vector(0.0, 0.0, 1.0), pitch_deg)


def inclined(
    body: Proportions, hips: Vector, front: Vector, rise_deg: float, curve: Curve
) -> Spine:
    """Return a spine in the plane of the picture whose shoulders are where an angle has them.

    Parameters
    ----------
    hips : Vector
        The middle between the hip joints.
    front : Vector
        Where the chest would look if the body lay level, head to the right.
    rise_deg : float
        The angle of the line from the hips to the shoulders above the level; exact.
    """
    level = spine(body, lying(0.0, 0.0, front), curve).shoulders
    pitch_deg = rise_deg - signed_deg(vector(1.0, 0.0), level, vector(0.0, 0.0, 1.0))
    return spine(body, lying(hips[0], hips[1], front, pitch_deg), curve)
