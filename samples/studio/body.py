"""Trunk, neck, arms and legs: the flesh on a skeleton."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from samples.studio.pieces import Bar, Lump, both, placed
from samples.studio.shapes import Cut, Material, RoundCone
from samples.studio.vectors import cross, dot, square_part, unit, vector

if TYPE_CHECKING:
    from samples.studio.look import Look
    from samples.studio.pieces import Piece
    from samples.studio.shapes import Shape, Vector
    from samples.studio.skeleton import Arm, Leg
    from samples.studio.spine import Segment, Spine

_SHIRT, _TROUSERS = Material.SHIRT, Material.TROUSERS
_SLEEVE_M = 0.155
_LEGGINGS_M = 0.30
_LEAST_BEND = 0.05

_RIBS = (
    Lump((0.0, 0.120, 0), (0.108, 0.190, 0.150), _SHIRT, 0.03),
    *both(
        Lump((0.050, 0.165, 0.070), (0.050, 0.075, 0.082), _SHIRT, 0.04),
        Lump((-0.050, 0.150, 0.085), (0.055, 0.110, 0.075), _SHIRT, 0.04),
        Bar((-0.028, 0.215, 0.03), 0.055, (-0.012, 0.245, 0.145), 0.045, _SHIRT, 0.04),
    ),
)
_WAIST = (Lump((0.006, 0.020, 0), (0.096, 0.140, 0.136), _SHIRT, 0.05),)
_BELLY = (Lump((0.010, 0.020, 0), (0.097, 0.120, 0.142), _SHIRT, 0.05),)
_PELVIS = (
    Lump((0.004, 0.085, 0), (0.101, 0.075, 0.156), _SHIRT, 0.04),
    Lump((-0.004, 0.030, 0), (0.098, 0.095, 0.158), _TROUSERS, 0.03),
    *both(Lump((-0.052, 0.0, 0.078), (0.078, 0.098, 0.080), _TROUSERS, 0.035)),
)
_LOOSE_M = 0.026
_LOOSE_RIBS = Lump((0.008, 0.100, 0), (0.114, 0.175, 0.152), _SHIRT, 0.05)
_LOOSE_WAIST = Lump((0.012, 0.0, 0), (0.108, 0.150, 0.152), _SHIRT, 0.05)
_LOOSE_HEM = Lump((0.004, 0.025, 0), (0.110, 0.095, 0.184), _SHIRT, 0.03)
_COLLAR = (Lump((-0.006, 0.248, 0), (0.082, 0.040, 0.100), _SHIRT, 0.012),)


def trunk(spine: Spine, girth: float) -> list[Shape]:
    """Return the shapes of a trunk in its shirt."""
    parts = (
        (_RIBS, spine.ribs),
        (_WAIST, spine.waist),
        (_BELLY, spine.belly),
        (_PELVIS, spine.pelvis),
    )
    return [
        shape
        for pieces, segment in parts
        for shape in placed((_filled(piece, girth) for piece in pieces), segment)
    ]


def shirt_hanging(spine: Spine, girth: float) -> list[Shape]:
    """Return the folds of a loose shirt: it falls away from the trunk, and over the trousers."""
    parts = ((_LOOSE_RIBS, spine.ribs), (_LOOSE_WAIST, spine.waist), (_LOOSE_HEM, spine.pelvis))
    return [
        _filled(lump, girth).on(replace(segment, origin=segment.origin + _fall(segment)))
        for lump, segment in parts
    ]


def _fall(segment: Segment) -> Vector:
    """Return how far cloth falls away from a segment; not from a back on the floor."""
    down = square_part(segment.up, vector(0.0, -1.0))
    return down * _LOOSE_M * min(1.0, max(0.0, 1 + dot(down, segment.front)))


def neck(spine: Spine) -> list[Shape]:
    """Return the shapes between the shoulders and the skull, with the shirt's collar."""
    base, skull, ribs = spine.neck, spine.head, spine.ribs
    nape = RoundCone(
        base.at(front=0.008, up=-0.03), 0.062, skull.at(-0.018, -0.045), 0.053, Material.SKIN, 0.025
    )
    throat = RoundCone(
        base.at(front=0.045, up=-0.015), 0.037, skull.at(0.018, -0.070), 0.031, Material.SKIN, 0.03
    )
    slopes = [
        RoundCone(
            base.at(-0.004, 0.045, side * 0.030),
            0.034,
            ribs.at(-0.020, 0.262, side * 0.105),
            0.034,
            Material.SKIN,
            0.03,
        )
        for side in (1, -1)
    ]
    return [nape, throat, *slopes, *placed(_COLLAR, ribs)]


@dataclass(frozen=True, slots=True)
class _Bone:
    """From one joint to the next.

    Attributes
    ----------
    front : Vector
        The unit direction in which its muscles are thicker; all zeros for none.
    """

    start: Vector
    line: Vector
    length_m: float
    front: Vector
    girth: float

    @classmethod
    def between(cls, start: Vector, end: Vector, front: Vector, girth: float) -> _Bone:
        length = float(np.linalg.norm(end - start))
        return cls(start, (end - start) / length, length, front, girth)

    def at(self, along_m: float, front_m: float = 0.0) -> Vector:
        return self.start + self.line * along_m + self.front * front_m

    def flesh(
        self,
        ends: tuple[tuple[float, float, float], tuple[float, float, float]],
        blend_m: float = 0.02,
        material: Material = Material.SKIN,
        cut_m: float | None = None,
    ) -> RoundCone:
        """Return a round cone along the bone.

        Parameters
        ----------
        ends : tuple of tuple of float
            Metres along the bone, to its front, and the radius; for either end.
        cut_m : float, optional
            Where it is cut off.
        """
        (start, start_front, start_m), (end, end_front, end_m) = ends
        cut = None if cut_m is None else Cut(self.at(cut_m), self.line)
        return RoundCone(
            self.at(start, start_front),
            start_m * self.girth,
            self.at(end, end_front),
            end_m * self.girth,
            material,
            blend_m,
            cut=cut,
        )


def arm(limb: Arm, ribs: Segment, side: int, girth: float) -> list[Shape]:
    """Return the shapes of an arm and its sleeve, without the hand."""
    upper, lower = _arm_bones(limb, 1 + 0.5 * (girth - 1))
    long = upper.length_m
    return [
        upper.flesh(((0, 0, 0.050), (long, 0, 0.040))),
        upper.flesh(((0.10, 0.012, 0.042), (0.21, 0.010, 0.038)), 0.03),
        upper.flesh(((0.08, -0.014, 0.040), (0.20, -0.010, 0.036)), 0.03),
        lower.flesh(((0, 0, 0.040), (0.07, 0, 0.043))),
        lower.flesh(((0.07, 0, 0.043), (lower.length_m, 0, 0.0265))),
        *_sleeve(upper, ribs, side),
    ]


def _arm_bones(limb: Arm, girth: float) -> tuple[_Bone, _Bone]:
    """Return upper arm and forearm; the biceps is on the side to which the elbow bends."""
    line, onward = unit(limb.elbow - limb.shoulder), unit(limb.wrist - limb.elbow)
    bend = onward - line * np.dot(line, onward)
    size = float(np.linalg.norm(bend))
    front = bend / size if size > _LEAST_BEND else np.zeros(3)
    return (
        _Bone.between(limb.shoulder, limb.elbow, front, girth),
        _Bone.between(limb.elbow, limb.wrist, front, girth),
    )


def _sleeve(upper: _Bone, ribs: Segment, side: int) -> list[Shape]:
    """Return the sleeve, the shoulder's cap and the bridge to the trunk."""
    inner = upper.at(-0.004) - ribs.left * side * 0.012
    armpit = ribs.at(-0.004, 0.205, side * 0.105)
    return [
        RoundCone(inner, 0.063, upper.at(0.07), 0.060, _SHIRT, 0.03),
        upper.flesh(
            ((0.03, 0, 0.059), (_SLEEVE_M + 0.10, 0, 0.054)), 0.012, _SHIRT, cut_m=_SLEEVE_M
        ),
        RoundCone(upper.start, 0.058, armpit, 0.074, _SHIRT, 0.04),
    ]


def leg(limb: Leg, pelvis: Segment, look: Look) -> list[Shape]:
    """Return the shapes of a leg in shorts or leggings, without the foot."""
    girth = 1 + 0.5 * (look.girth - 1)
    thigh, shank = _leg_bones(limb, pelvis, girth)
    material = _TROUSERS if look.trousers == "leggings" else Material.SKIN
    flesh = (*_thigh(thigh), *_shank(shank))
    return [*(replace(shape, material=material) for shape in flesh), *_shorts(thigh, look)]


def _leg_bones(limb: Leg, pelvis: Segment, girth: float) -> tuple[_Bone, _Bone]:
    fronts = [
        unit(cross(unit(end - start), pelvis.left))
        for start, end in ((limb.hip, limb.knee), (limb.knee, limb.ankle))
    ]
    return (
        _Bone.between(limb.hip, limb.knee, fronts[0], girth),
        _Bone.between(limb.knee, limb.ankle, fronts[1], girth),
    )


def _thigh(bone: _Bone) -> list[RoundCone]:
    long = bone.length_m
    return [
        bone.flesh(((0, 0, 0.082), (long, 0, 0.054))),
        bone.flesh(((0.10, 0.018, 0.072), (0.28, 0.014, 0.060)), 0.03),
        bone.flesh(((0.12, -0.016, 0.068), (0.30, -0.010, 0.052)), 0.03),
        bone.flesh(((long - 0.002, 0.010, 0.048), (long + 0.004, 0.010, 0.048)), 0.025),
    ]


def _shank(bone: _Bone) -> list[RoundCone]:
    return [
        bone.flesh(((0, 0.004, 0.048), (0.03, 0.012, 0.045)), 0.025),
        bone.flesh(((0, 0, 0.050), (0.17, 0, 0.047))),
        bone.flesh(((0.17, 0, 0.047), (bone.length_m, 0, 0.034))),
        bone.flesh(((0.07, -0.018, 0.042), (0.18, -0.018, 0.042)), 0.035),
    ]


def _shorts(bone: _Bone, look: Look) -> list[Shape]:
    """Return the trousers of the thigh; leggings lie close to the skin."""
    hem = look.trousers_m
    if look.trousers == "leggings":
        return [bone.flesh(((-0.02, 0, 0.088), (_LEGGINGS_M, 0, 0.062)), 0.02, _TROUSERS)]
    return [
        bone.flesh(((-0.02, 0, 0.094), (hem + 0.12, 0, 0.070)), 0.02, _TROUSERS, cut_m=hem),
        bone.flesh(((0.10, 0.018, 0.081), (hem + 0.12, 0.012, 0.071)), 0.02, _TROUSERS, cut_m=hem),
    ]


def _filled(piece: Piece, girth: float) -> Piece:
    """Return a piece of the trunk thicker: its back stays where it is, its front comes forward."""
    if isinstance(piece, Bar):
        return piece
    front, up, side = piece.radii_m
    at = (piece.at[0] + (girth - 1) * front, piece.at[1], piece.at[2])
    return replace(piece, at=at, radii_m=(front * girth, up, side * girth))
