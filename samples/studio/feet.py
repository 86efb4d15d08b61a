"""Feet in shoes and low socks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.pieces import Bar, Lump, both, placed
from samples.studio.shapes import Cut, Material
from samples.studio.spine import Segment
from samples.studio.vectors import cross, square_to

if TYPE_CHECKING:
    from samples.studio.shapes import Shape
    from samples.studio.skeleton import Leg

_SHOE, _SOLE, _SOCK = Material.SHOE, Material.SOLE, Material.SOCK

# The segment of a foot begins at the ankle: front to the toes, up out of the instep.
_ANKLE = (
    Bar((-0.004, 0.05, 0), 0.034, (-0.006, -0.005, 0), 0.035),
    *both(Lump((-0.004, 0.002, 0.030), (0.013, 0.015, 0.010), blend_m=0.012)),
    Bar((-0.034, 0.045, 0), 0.015, (-0.038, -0.02, 0), 0.022, blend_m=0.03),
)
_CUFF = Bar((-0.008, -0.012, 0), 0.0405, (-0.006, -0.035, 0), 0.040, _SOCK, 0.008)
_COLLAR = Bar((-0.036, -0.040, 0), 0.035, (-0.036, -0.052, 0), 0.034, _SHOE, 0.02)
_UPPER = (
    Bar((-0.03, -0.050, 0), 0.034, (0.06, -0.050, 0), 0.034, _SHOE, 0.03),
    Bar((0.010, -0.030, 0), 0.037, (0.075, -0.048, 0), 0.031, _SHOE, 0.03),
    *both(Bar((0.05, -0.052, 0.008), 0.029, (0.118, -0.056, 0.016), 0.025, _SHOE)),
)
_HEEL_SOLE = both(Bar((-0.046, -0.076, 0.020), 0.011, (0.10, -0.076, 0.024), 0.011, _SOLE, 0.012))
# From here on the segment begins at the ball: front to the tips of the toes.
_TOES = both(Bar((0, 0, 0.016), 0.025, (0.060, -0.001, 0.011), 0.021, _SHOE))
_TOE_SOLE = both(Bar((-0.016, -0.018, 0.024), 0.011, (0.068, -0.014, 0.020), 0.011, _SOLE, 0.012))


def foot(leg: Leg) -> list[Shape]:
    """Return the shapes of a foot."""
    up = square_to(leg.forward, -leg.sole)
    ankle = Segment(leg.ankle, up, leg.forward)
    rim = Segment(ankle.at(up=-0.022), ankle.up, ankle.front)
    return [
        *placed(_ANKLE, ankle),
        _CUFF.on(ankle, Cut(ankle.at(up=-0.014), ankle.up)),
        _COLLAR.on(ankle, Cut(rim.origin, rim.up)),
        *placed((*_UPPER, *_HEEL_SOLE), ankle),
        *placed((*_TOES, *_TOE_SOLE), _ball(leg, ankle)),
    ]


def _ball(leg: Leg, ankle: Segment) -> Segment:
    """Return the segment of the toes, which bend at the ball."""
    front = square_to(ankle.left, leg.toes)
    return Segment(ankle.at(front=0.118, up=-0.056), cross(front, ankle.left), front)
