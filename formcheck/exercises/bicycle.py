"""The bicycle crunch: on the back, one knee drawn in and the other leg stretched, by turns.

Each change of legs counts as a repetition. The numbers are conventions, from labelled footage.
"""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck import metrics
from formcheck.articles import A1
from formcheck.exercises.crunch import (
    AFTER,
    BEFORE,
    CRUNCH,
    LOW_LIFT_DEG,
    NECK_PULL,
    ON_THE_BACK,
    SIDE_VIEW_RATIO,
    SPEC,
    TEMPO,
)
from formcheck.exercises.exercise import Exercise, Tip
from formcheck.postures import Gate
from formcheck.reps import Lying, Rep, RepRule
from formcheck.rules import Bounds, Cue, Rule
from formcheck.views import SIDE

_LOW = Gate(metrics.LIFT, Bounds(high=55.0), Bounds(high=60.0))
"""Who stands, and draws in one knee after the other, does something else."""
_RECORDED = (metrics.LEGS_APART, metrics.LIFT, metrics.NECK_FLEXION, metrics.VIEW)


def _neck_pull(rep: Rep, lying: Lying, _: float) -> float:
    shown = rep.view_ratio <= SIDE_VIEW_RATIO and rep.trunk_top_deg < LOW_LIFT_DEG
    return rep.neck_top_deg - lying.neck_deg if shown else math.nan


def _own(rule: Rule) -> Rule:
    """Return a rule of the crunch under this exercise's name."""
    return replace(rule, code=rule.code.replace(CRUNCH.name, "bicycle-crunch"))


_QUICK = replace(
    _own(TEMPO.rule),
    watch=Bounds(low=0.6),
    fault=Bounds(low=0.5),
    cue=Cue(
        "Slower",
        "Too quick: pedal slowly, one leg after the other",
        "A slow change of legs can be controlled all the way.",
    ),
)
_SPEC = replace(
    SPEC,
    sit_up_deg=math.inf,
    signals=replace(SPEC.signals, lift=metrics.LEGS_APART),
    swing_deg=35.0,
    fall_deg=24.5,
    elsewhere_deg=11.7,
    rest_deg=17.5,
    least_peak_deg=90.0,
    lying_deg=60.0,
    level_deg=0.0,
    legs_deg=180.0,
    shortest_s=0.42,  # legs that seem to cross faster are taken for each other
    highest_deg=180.0,
    rules=(RepRule(_own(NECK_PULL.rule), _neck_pull), RepRule(_QUICK, TEMPO.value)),
)

BICYCLE = Exercise(
    name="bicycle-crunch",
    title="Bicycle crunch",
    view=SIDE,
    position=CRUNCH.position,
    stance=replace(
        CRUNCH.stance,
        variants=tuple(
            replace(variant, name="bicycle", metrics=_RECORDED, gates=(_LOW, *ON_THE_BACK))
            for variant in CRUNCH.stance.variants
        ),
    ),
    times=CRUNCH.times,
    still_per_s=CRUNCH.still_per_s,
    tips=(
        *BEFORE,
        Tip("with back trouble", "This one twists the trunk: with a weak disc, leave it out.", A1),
        Tip("during", "Lower back on the floor, elbows wide, only the fingers at the head.", A1),
        Tip("during", "Pull the belly in a little, and do not hold the breath.", A1),
        Tip("during", "Stop at once when it hurts.", A1),
        *AFTER,
    ),
    reps=_SPEC,
)
