"""What is known before it is clear which exercise somebody does: a position that nobody takes."""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck import metrics
from formcheck.exercises.exercise import Exercise
from formcheck.exercises.plank import FOREARM, PLANK
from formcheck.postures import Gate, Variant
from formcheck.rules import Bounds
from formcheck.views import SIDE

_NEVER = Bounds(math.inf, -math.inf)
_GATE = Gate(metrics.TRUNK_RISE, _NEVER, _NEVER)
_UNTAKEN = Variant("none", FOREARM, (_GATE,), (metrics.VIEW,), ())

NOTHING = Exercise(
    name="none",
    title="Exercise",
    view=replace(
        SIDE,
        name="side, or front for a side plank",
        shown="Turn side-on; for a side plank, your chest to the camera",
        film="from the side, a side plank from the front",
    ),
    position="Get into a plank, or lie on your back, knees bent",
    stance=replace(
        PLANK.stance,
        variants=(_UNTAKEN,),
        one_way_up=False,
    ),
    times=PLANK.times,
    still_per_s=PLANK.still_per_s,
    tips=tuple(tip for tip in PLANK.tips if tip.when in {"before", "after"}),
)
"""What `Recognition` calls the exercise while there is none."""
