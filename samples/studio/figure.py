"""A figure: the shapes of somebody in a posture, with the truth about the joints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.angles import measured
from samples.studio.body import arm, leg, neck, shirt_hanging, trunk
from samples.studio.feet import foot
from samples.studio.hair import hair
from samples.studio.hands import hand
from samples.studio.head import head
from samples.studio.look import Look
from samples.studio.proportions import MAT_M
from samples.studio.shapes import Axes, Cut, Ellipsoid, Part
from samples.studio.skeleton import SIDES
from samples.studio.vectors import rotated, vector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from samples.studio.shapes import Shape, Vector
    from samples.studio.skeleton import Side, Skeleton

_UP = vector(0, 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody in the room.

    Attributes
    ----------
    parts : tuple of Part
        What is rendered, in this order.
    joints : mapping of str to Vector
        Places in metres: `near_shoulder`, `far_hip`, `nose` and so on.
    angles : mapping of str to float
        What `angles.measured` tells, in degrees.
    near : "left" or "right"
        The body's side that the joints call near: the one toward +z before the figure is turned,
        and in a side plank the one that carries the weight.
    """

    parts: tuple[Part, ...]
    joints: Mapping[str, Vector]
    angles: Mapping[str, float]
    near: Side


def dressed(skeleton: Skeleton, look: Look | None = None) -> Figure:
    """Return the figure of a skeleton with flesh, hair and clothes.

    Parameters
    ----------
    skeleton : Skeleton
        Of the look's `proportions`.
    look : Look, optional
        Its size scales the whole figure about the mat's origin.
    """
    look = look or Look()
    return _sized(skeleton, look, _parts(skeleton, look))


def bare(skeleton: Skeleton, look: Look) -> Figure:
    """Return the figure of a skeleton of the look's `proportions` without any parts: the truth."""
    return _sized(skeleton, look, ())


def _sized(skeleton: Skeleton, look: Look, parts: tuple[Part, ...]) -> Figure:
    figure = Figure(parts, skeleton.joints, measured(skeleton), skeleton.near)
    return _moved(figure, _Movement(np.eye(3), vector(0.0, MAT_M * (1 - look.size)), look.size))


def placed(figure: Figure, x_m: float = 0.0, z_m: float = 0.0, turned_deg: float = 0.0) -> Figure:
    """Return the figure elsewhere on the floor.

    Parameters
    ----------
    x_m, z_m : float
        Where what was at the room's origin comes to be.
    turned_deg : float
        How far it is turned about the vertical line through that point, counterclockwise as seen
        from above: 90 has a head that was to the right away from the camera.
    """
    turn = np.array([rotated(axis, _UP, turned_deg) for axis in np.eye(3)]).T
    return _moved(figure, _Movement(turn, vector(x_m, 0.0, z_m)))


def _parts(skeleton: Skeleton, look: Look) -> tuple[Part, ...]:
    """Return the parts; limbs come left then right."""
    spine, ribs, pelvis = skeleton.spine, skeleton.spine.ribs, skeleton.spine.pelvis
    arms = list(zip(skeleton.arms, SIDES, strict=True))
    loose = shirt_hanging(spine, look.girth) if look.shirt == "loose" else []
    shapes: list[tuple[str, list[Shape]]] = [
        ("trunk", [*trunk(spine, look.girth), *loose]),
        ("head", [*neck(spine), *head(spine.head), *hair(look.hair, spine)]),
        *(("arm", arm(limb, ribs, side, look.girth)) for limb, side in arms),
        *(("leg", leg(limb, pelvis, look)) for limb in skeleton.legs),
        *(("hand", hand(limb, side)) for limb, side in arms),
        *(("foot", foot(limb)) for limb in skeleton.legs),
    ]
    return tuple(Part(name, tuple(some)) for name, some in shapes)


@dataclass(frozen=True, slots=True)
class _Movement:
    """Scaled, turned, then shifted."""

    turn: NDArray[np.float64]
    shift: Vector
    scale: float = 1.0

    def place(self, v: Vector) -> Vector:
        return self.scale * (self.turn @ v) + self.shift

    def direction(self, v: Vector) -> Vector:
        return self.turn @ v

    def axes(self, axes: Axes) -> Axes:
        return Axes(self.place(axes.origin), axes.rows @ self.turn.T)


def _moved(figure: Figure, movement: _Movement) -> Figure:
    parts = tuple(
        Part(part.name, tuple(_moved_shape(shape, movement) for shape in part.shapes))
        for part in figure.parts
    )
    joints = {name: movement.place(joint) for name, joint in figure.joints.items()}
    return replace(figure, parts=parts, joints=joints)


def _moved_shape(shape: Shape, movement: _Movement) -> Shape:
    cut, scale = shape.cut, movement.scale
    if cut:
        cut = Cut(movement.place(cut.at), movement.direction(cut.toward))
    if isinstance(shape, Ellipsoid):
        front, up, side = (radius * scale for radius in shape.radii_m)
        return replace(
            shape,
            axes=movement.axes(shape.axes),
            radii_m=(front, up, side),
            blend_m=shape.blend_m * scale,
            cut=cut,
        )
    return replace(
        shape,
        start=movement.place(shape.start),
        start_m=shape.start_m * scale,
        end=movement.place(shape.end),
        end_m=shape.end_m * scale,
        blend_m=shape.blend_m * scale,
        cut=cut,
        axes=shape.axes and movement.axes(shape.axes),
    )
