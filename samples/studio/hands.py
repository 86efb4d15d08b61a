"""Hands, flat or as fists. Written for the left one; the right one is its mirror image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.pieces import Bar, Lump, placed
from samples.studio.spine import Segment
from samples.studio.vectors import square_to, unit

if TYPE_CHECKING:
    from samples.studio.shapes import Shape
    from samples.studio.skeleton import Arm

# The segment of a hand begins at the wrist: up to the fingers, front out of the palm. Then the
# left hand's thumb is on the right: the places' third number is negative there.
_PALM = (
    Bar((0, -0.02, 0), 0.026, (0, 0.02, 0), 0.026),
    Lump((0, 0.055, 0), (0.0165, 0.050, 0.039)),
)
_FLAT_FINGERS = ((-0.030, 0.062), (-0.011, 0.076), (0.009, 0.080), (0.028, 0.070))
_FIST_FINGERS = (-0.028, -0.010, 0.009, 0.027)


def hand(arm: Arm, side: int) -> list[Shape]:
    """Return the shapes of a hand; side is `LEFT` or `RIGHT`."""
    fingers = unit(arm.fingers)
    segment = Segment(arm.wrist, fingers, square_to(fingers, arm.palm))
    return list(placed((*_PALM, *(_FIST if arm.fist else _FLAT)), segment, side))


def _flat_finger(thumbward_m: float, length_m: float) -> tuple[Bar, Bar]:
    """Return the two parts of a stretched finger, spread a little."""
    knuckle = (0.0, 0.092, -thumbward_m)
    middle = (0.002, 0.092 + length_m / 2, -(thumbward_m * 1.22))
    tip = (0.006, 0.092 + length_m, -(thumbward_m * 1.30))
    return (
        Bar(knuckle, 0.0098, middle, 0.0090, blend_m=0.006),
        Bar(middle, 0.0090, tip, 0.0075, blend_m=0.004),
    )


def _bent_finger(thumbward_m: float) -> tuple[Bar, Bar]:
    """Return the two parts of a finger that is closed to a fist."""
    middle, tip = (0.022, 0.104, -thumbward_m), (0.036, 0.082, -thumbward_m)
    return (
        Bar((0.0, 0.080, -thumbward_m), 0.0115, middle, 0.0105, blend_m=0.006),
        Bar(middle, 0.0105, tip, 0.0095, blend_m=0.006),
    )


_FLAT = (
    *(part for at, length in _FLAT_FINGERS for part in _flat_finger(at, length)),
    Bar((0.006, 0.025, -0.026), 0.016, (0.010, 0.058, -0.052), 0.0115, blend_m=0.012),
    Bar((0.010, 0.058, -0.052), 0.0115, (0.012, 0.088, -0.062), 0.009, blend_m=0.005),
)
_FIST = (
    *(part for at in _FIST_FINGERS for part in _bent_finger(at)),
    Bar((0.008, 0.030, -0.032), 0.014, (0.026, 0.072, -0.036), 0.012, blend_m=0.01),
    Bar((0.026, 0.072, -0.036), 0.012, (0.042, 0.082, -0.010), 0.010, blend_m=0.006),
)
