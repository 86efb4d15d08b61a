"""The head: skull, face and ears. Its segment begins between the ears."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.pieces import Bar, Lump, both, placed
from samples.studio.shapes import Material

if TYPE_CHECKING:
    from samples.studio.shapes import Shape
    from samples.studio.spine import Segment

_EYE, _BROW, _LIP = Material.EYE, Material.BROW, Material.LIP
_EAR_TILT_DEG = 10.3

_SKULL = (
    Lump((-0.006, 0.046, 0), (0.094, 0.080, 0.073)),
    Lump((0.035, -0.012, 0), (0.062, 0.085, 0.058), blend_m=0.03),
    Lump((0.052, 0.045, 0), (0.044, 0.040, 0.056), blend_m=0.03),
)
_JAW = both(
    Bar((0.004, -0.030, 0.052), 0.016, (0.018, -0.066, 0.046), 0.016, blend_m=0.03),
    Bar((0.018, -0.066, 0.046), 0.016, (0.078, -0.094, 0.014), 0.015, blend_m=0.03),
)
_CHEEKS = both(
    Lump((0.062, -0.020, 0.040), (0.022, 0.020, 0.022), blend_m=0.025),
    Lump((0.084, 0.020, 0.026), (0.012, 0.008, 0.024), blend_m=0.016),
)
_CHIN = (
    Lump((0.079, -0.092, 0), (0.017, 0.016, 0.022)),
    Lump((0.070, -0.058, 0), (0.026, 0.032, 0.032)),
)
_NOSE = (
    Bar((0.092, 0.010, 0), 0.0075, (0.113, -0.024, 0), 0.0095, blend_m=0.014),
    Lump((0.1135, -0.027, 0), (0.0105, 0.009, 0.0105), blend_m=0.008),
    *both(Lump((0.101, -0.031, 0.0125), (0.0105, 0.008, 0.0065), blend_m=0.008)),
)
_EYES = both(
    Lump((0.0945, 0.003, 0.033), (0.015, 0.011, 0.019), blend_m=0.014, carved=True),
    Lump((0.0765, 0.003, 0.032), (0.0125, 0.0118, 0.0130), _EYE, blend_m=0.001),
    Lump((0.0785, 0.0108, 0.0325), (0.0125, 0.0055, 0.0150), blend_m=0.003),
    Lump((0.0785, -0.0062, 0.0325), (0.0115, 0.0045, 0.0145), blend_m=0.004),
    Lump((0.0945, 0.0225, 0.030), (0.0030, 0.0020, 0.0165), _BROW, blend_m=0.0005),
)
_MOUTH = (
    Lump((0.0945, -0.0555, 0), (0.0085, 0.0058, 0.0210), _LIP, blend_m=0.005),
    Lump((0.0925, -0.0655, 0), (0.0085, 0.0066, 0.0190), _LIP, blend_m=0.005),
    Lump((0.1015, -0.0608, 0), (0.0080, 0.0014, 0.0230), blend_m=0.003, carved=True),
)
_EARS = both(
    Lump((-0.012, 0.007, 0.078), (0.0175, 0.0315, 0.0085), blend_m=0.006, tilt_deg=_EAR_TILT_DEG),
    Lump(
        (-0.010, 0.006, 0.0865),
        (0.0095, 0.0190, 0.0060),
        blend_m=0.006,
        tilt_deg=_EAR_TILT_DEG,
        carved=True,
    ),
    Lump((-0.004, -0.001, 0.080), (0.004, 0.006, 0.005), blend_m=0.004),
)
# In this order: what is carved is a hollow in the pieces before it.
_HEAD = (*_SKULL, *_JAW, *_CHEEKS, *_CHIN, *_NOSE, *_EYES, *_MOUTH, *_EARS)


def head(segment: Segment) -> list[Shape]:
    """Return the shapes of a bald head."""
    return list(placed(_HEAD, segment))
