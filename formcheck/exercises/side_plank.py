"""The side plank: on one forearm, one hand, or the forearm and the knees; seen from chest or back.

The supporting side is measured: it is never hidden from the front or the back, and lifting the
upper arm or leg does not move it. Shoulders are broader than hips, and hips broader than ankles
one above the other, so its line reads about -4 degrees when the middle of the body is straight.
Few people were seen, so every bound is a convention that leaves room on both sides.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck import metrics
from formcheck.articles import A0, A1, A2, A3, A4
from formcheck.exercises.exercise import Exercise, Tip
from formcheck.exercises.plank import PLANK, level_gate
from formcheck.landmarks import Side
from formcheck.metrics import Metric, Support
from formcheck.postures import Evidence, Gate, Stance, Variant, ViewGate
from formcheck.rules import Bounds, Cue, Rule
from formcheck.views import FRONT

FOREARM, HAND = Support("elbow", "ankle"), Support("wrist", "ankle")
KNEES = Support("elbow", "knee")

HIPS_LOW = Rule(
    code="side-plank.hips-low",
    metric=metrics.sag_deg("ankle"),
    watch=Bounds(high=6.0),
    fault=Bounds(high=12.0),
    clear=1.5,
    seconds=0.7,
    cue=Cue(
        "Lift your hips",
        "Hips low: lift them until you are straight",
        "Hips that hang leave the load to the spine instead of the waist.",
    ),
    article=A1,
)
HIPS_HIGH = Rule(
    code="side-plank.hips-high",
    metric=metrics.sag_deg("ankle"),
    watch=Bounds(low=-20.0),
    fault=Bounds(low=-32.0),
    clear=2.0,
    seconds=0.7,
    cue=Cue(
        "Lower your hips",
        "Hips too high: bring them down into one line",
        "Straight from shoulder to feet, the whole side carries the load.",
    ),
    article=A1,
)
ELBOW = Rule(
    code="side-plank.elbow",
    metric=metrics.hand_offset_ratio(FOREARM),
    watch=Bounds(-0.45, 0.45),
    fault=Bounds(-0.65, 0.65),
    clear=0.03,
    seconds=1.0,
    cue=Cue(
        "Elbow under your shoulder",
        "Elbow out of place: set it under the shoulder",
        "An upright arm carries the weight; a leaning one leaves it to the shoulder.",
    ),
    article=A0,
)
WRIST = Rule(
    code="side-plank.wrist",
    metric=metrics.hand_offset_ratio(HAND),
    watch=Bounds(-0.40, 0.40),
    fault=Bounds(-0.55, 0.55),
    clear=0.03,
    seconds=1.0,
    cue=Cue(
        "Hand under your shoulder",
        "Hand out of place: set it under the shoulder",
        "An upright arm carries the weight; a leaning one leaves it to the shoulder.",
    ),
    article=A0,
)


def _side_gates(support: Support) -> tuple[Gate, ...]:
    """Return what is true of every side plank: level ground, the other half of the body above."""
    return (
        level_gate(support),
        Gate(metrics.stacked_deg("shoulder", support), Bounds(low=40.0), Bounds(low=30.0)),
        Gate(metrics.stacked_deg("hip", support), Bounds(low=40.0), Bounds(low=30.0)),
        Gate(metrics.trunk_slope_deg(support), Bounds(-10.0, 42.0), Bounds(-25.0, 50.0)),
    )


def _arm_gates(support: Support) -> tuple[Gate, ...]:
    """Return where the supporting arm is.

    A forearm on the floor points to the camera or away from it, so that its wrist is seen a
    little lower or higher than the elbow; over a hand the elbow is much higher.
    """
    if support.hand == "wrist":
        height = metrics.height_ratio("elbow", support, "elbow_height_ratio")
        return (
            Gate(height, Bounds(low=0.36), Bounds(low=0.34)),
            Gate(metrics.ELBOW_FLEXION, Bounds(high=50.0), Bounds(high=75.0)),
        )
    height = metrics.height_ratio("wrist", support, "wrist_height_ratio")
    return (
        Gate(height, Bounds(-0.34, 0.34), Bounds(-0.36, 0.36)),
        Gate(metrics.hand_offset_ratio(support), Bounds(-0.80, 0.80), Bounds(-0.90, 0.90)),
    )


def _leg_gates(support: Support) -> tuple[Gate, ...]:
    """Return where hips and legs are: the legs straight, or folded at the knees they rest on."""
    # With the hip on the floor it is at 0.05 to 0.12 over a forearm, and just off it at 0.14.
    off_floor = (0.13, 0.125) if support.hand == "elbow" else (0.25, 0.20)
    usual, possible = (Bounds(low=height) for height in off_floor)
    hips = (
        Gate(metrics.height_ratio("hip", support, "hip_height_ratio"), usual, possible),
        Gate(_sag(support), Bounds(-40.0, 16.0), Bounds(-60.0, 24.0)),
    )
    if support.foot == "knee":
        return (*hips, Gate(metrics.SHANK_REACH, Bounds(high=0.55), Bounds(high=0.65)))
    return (
        *hips,
        Gate(metrics.SHANK, Bounds(0.50, 1.05), Bounds(0.45, 1.15)),
        Gate(metrics.KNEE_FLEXION, Bounds(high=40.0), Bounds(high=55.0)),
        Gate(metrics.FAR_KNEE_FLEXION, Bounds(high=40.0), Bounds(high=55.0), blind=True),
    )


def _sag(support: Support) -> Metric:
    return metrics.sag_deg("knee" if support.foot == "knee" else "ankle")


def _rules(support: Support) -> tuple[Rule, ...]:
    under = ELBOW if support.hand == "elbow" else WRIST
    return (
        replace(HIPS_LOW, metric=_sag(support)),
        replace(HIPS_HIGH, metric=_sag(support)),
        replace(under, metric=metrics.hand_offset_ratio(support)),
    )


def _variant(name: str, support: Support, side: Side) -> Variant:
    rules = _rules(support)
    gates = _leg_gates(support) + _arm_gates(support) + _side_gates(support)
    measured = (*(rule.metric for rule in rules), *(gate.metric for gate in gates), metrics.VIEW)
    recorded = {metric.name: metric for metric in measured}
    return Variant(f"{side} {name}", support, gates, tuple(recorded.values()), rules, side)


_FORMS = (("forearm", FOREARM), ("hand", HAND), ("knee", KNEES))
_END = "the camera sees neither your chest nor your back: turn one of them to it"
_BLURRED = "the body is not shown well enough: show all of it, from the front or the back"

SIDE_PLANK = Exercise(
    name="side-plank",
    title="Side plank",
    view=FRONT,
    position="Get into your side plank",
    stance=Stance(
        variants=tuple(_variant(name, support, side) for name, support in _FORMS for side in Side),
        upright=PLANK.stance.upright,
        views=(
            ViewGate(metrics.VIEW, Bounds(0.46, 0.92), _END),
            ViewGate(metrics.THIGH, Bounds(0.55, 1.1), _BLURRED),
        ),
    ),
    times=replace(PLANK.times, held_s=1.2, back_s=1.0),  # dips rest for less, up or down
    still_per_s=PLANK.still_per_s,
    moving=Evidence.OFF,
    tips=(
        Tip("before", "Warm up first: cat-cow, hip circles, a standing hamstring stretch.", A4),
        Tip("during", "Keep breathing, and pull the belly in a little.", A1),
        Tip("during", "Do as much on the other side.", A3),
        Tip("during", "Stop at once when it hurts.", A4),
        Tip("after", "Stretch the belly and the lower back for 10 to 20 minutes.", A1),
        Tip("after", "Rest between sessions, and add time little by little.", A2),
        Tip("when faults last", "Try it on your knees, or hold for a shorter time.", A0),
        Tip("when faults last", "Strengthen the back as well: superman, bird dog.", A2),
    ),
)
