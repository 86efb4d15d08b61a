"""The plank: on the forearms, on the hands, or on the knees, seen from the side.

The numbers were calibrated on labelled footage of real people. The literature names no angle at
which a plank becomes harmful, so every bound is a convention, and says so.
"""

from __future__ import annotations

from dataclasses import replace

from formcheck import metrics
from formcheck.articles import A0, A1, A2, A4
from formcheck.back import BACK_BEND, BACK_HOLLOW, BACK_HOLLOW_AT, side_on
from formcheck.exercises.exercise import Exercise, Tip
from formcheck.holds import HoldTimes
from formcheck.metrics import Support
from formcheck.postures import Gate, Stance, Variant, ViewGate
from formcheck.rules import Bounds, Cue, Rule
from formcheck.views import SIDE

# Every rule below is in degrees unless its metric is a ratio (of the trunk or the upper arm).

HIPS_SAG = Rule(
    code="plank.hips-sag",
    metric=metrics.sag_deg("ankle"),
    watch=Bounds(high=4.0),
    fault=Bounds(high=8.0),
    clear=1.5,
    seconds=0.7,
    cue=Cue(
        "Lift your hips",
        "Hips sag: lift them until you are straight",
        "A pelvis that hangs makes the lower back carry the load.",
    ),
    article=A1,
    witness="plank.back-arch",
    nearer=3.0,
)
HIPS_PIKE = Rule(
    code="plank.hips-pike",
    metric=metrics.sag_deg("ankle"),
    watch=Bounds(low=-19.0),
    fault=Bounds(low=-36.0),
    clear=2.0,
    seconds=0.7,
    cue=Cue(
        "Lower your hips",
        "Hips too high: bring them down to shoulder level",
        "With the pelvis above the shoulders the belly does not have to work.",
    ),
    article=A1,
)
BACK_ARCH = Rule(
    code="plank.back-arch",
    metric=side_on(BACK_BEND, broadest=0.36),
    watch=Bounds(high=4.0),
    fault=Bounds(high=5.5),
    clear=1.0,
    seconds=0.7,
    cue=Cue(
        "Belly button to the spine",
        "Lower back arches: draw the belly button to the spine",
        "A lower back that is not arched is carried by the belly, not by its own joints.",
    ),
    article=A2,
    learn_s=1.2,
    best=Bounds(high=46.0),  # of 115 people in good planks none bends in more
)
KNEES = Rule(
    code="plank.knees",
    metric=metrics.KNEE_FLEXION,
    watch=Bounds(high=28.0),
    fault=Bounds(high=36.0),
    clear=3.0,
    seconds=0.7,
    cue=Cue(
        "Straighten your legs",
        "Knees bent: push the heels back",
        "One straight line from head to heels spreads the load over the whole body.",
    ),
    article=A1,
)
HEAD_UP = Rule(
    code="plank.head-up",
    metric=metrics.GAZE,
    watch=Bounds(low=62.0),
    fault=Bounds(low=36.0),
    clear=3.0,
    seconds=1.0,
    cue=Cue(
        "Look at the floor",
        "Head held up: look down, between your hands",
        "A head held up strains the neck.",
    ),
    article=A2,
)
HEAD_DOWN = Rule(
    code="plank.head-down",
    metric=metrics.GAZE,
    watch=Bounds(high=124.0),
    fault=Bounds(high=140.0),
    clear=3.0,
    seconds=1.0,
    cue=Cue(
        "Lift your head",
        "Head hangs: bring it in line with the back",
        "The head belongs in one straight line with the back.",
    ),
    article=A0,
)
ELBOWS = Rule(
    code="plank.elbows",
    metric=metrics.hand_offset_ratio(Support("elbow", "toe")),
    watch=Bounds(low=-0.55, high=0.35),
    fault=Bounds(low=-0.68, high=0.5),
    clear=0.03,
    seconds=1.0,
    cue=Cue(
        "Elbows under your shoulders",
        "Elbows out of place: set them under the shoulders",
        "Upright upper arms carry the weight; leaning ones make shoulders and back hold it.",
    ),
    article=A0,
)
WRISTS = Rule(
    code="plank.wrists",
    metric=metrics.hand_offset_ratio(Support("wrist", "toe")),
    watch=Bounds(low=-0.40, high=0.40),
    fault=Bounds(low=-0.55, high=0.55),
    clear=0.03,
    seconds=1.0,
    cue=Cue(
        "Hands under your shoulders",
        "Hands out of place: set them under the shoulders",
        "Upright arms carry the weight; leaning ones make shoulders and back hold it.",
    ),
    article=A0,
)
SHOULDERS = Rule(
    code="plank.shoulders",
    metric=metrics.shoulder_height_ratio(Support("elbow", "toe")),
    watch=Bounds(low=-0.10),
    fault=Bounds(low=-0.18),
    clear=0.02,
    seconds=1.0,
    cue=Cue(
        "Push the floor away",
        "Shoulders sink: push the floor away",
        "Shoulders that stay back and down keep the upper back from hunching.",
    ),
    article=A4,
    learn_s=3.0,
)


FOREARM = Support("elbow", "toe")
HIGH = Support("wrist", "toe")
KNEE_FOREARM = Support("elbow", "knee")
KNEE_HIGH = Support("wrist", "knee")


TILTED = "the camera is tilted, or the floor is not level: set the camera level"


def level_gate(support: Support) -> Gate:
    """Return what is true of level ground, seen by a camera that is not tilted."""
    slope = metrics.support_slope_deg(support)
    return Gate(slope, Bounds(high=22.0), Bounds(high=30.0), remedy=TILTED)


def _trunk_gates(support: Support) -> tuple[Gate, ...]:
    """Return what is true of every plank: level ground, trunk low."""
    slope = metrics.trunk_slope_deg(support)
    return level_gate(support), Gate(slope, Bounds(-25.0, 40.0), Bounds(-50.0, 50.0))


def _arm_gates(support: Support) -> tuple[Gate, ...]:
    """Return where the arms are: forearms flat on the floor, or straight arms over the hands."""
    offset = metrics.hand_offset_ratio(support)
    if support.hand == "wrist":
        height = metrics.height_ratio("elbow", support, "elbow_height_ratio")
        return (
            Gate(height, Bounds(low=0.30), Bounds(low=0.25)),
            Gate(metrics.STANDING_ELBOW, Bounds(high=50.0), Bounds(high=75.0)),
            Gate(offset, Bounds(-1.1, 1.1), Bounds(-1.1, 1.1), blind=True),  # no arm is longer
        )
    height = metrics.height_ratio("wrist", support, "wrist_height_ratio")
    return (
        Gate(offset, Bounds(-0.80, 0.65), Bounds(-0.90, 0.80)),
        Gate(height, Bounds(-0.20, 0.30), Bounds(-0.25, 0.35)),
        Gate(metrics.ELBOW_FLEXION, Bounds(60.0, 150.0), Bounds(45.0, 160.0)),
    )


def _leg_gates(support: Support) -> tuple[Gate, ...]:
    """Return where the legs are: knees off the floor and heels over the toes, or knees on it."""
    if support.foot == "knee":
        toes = replace(support, foot="toe")
        return (
            Gate(metrics.sag_deg("knee"), Bounds(-32.0, 8.0), Bounds(-60.0, 14.0)),
            Gate(metrics.KNEE_FLEXION, Bounds(low=24.0), Bounds(low=18.0)),
            Gate(
                metrics.height_ratio("knee", toes, "knee_height_ratio"),
                Bounds(high=0.12),
                Bounds(high=0.14),
            ),
        )
    return (
        Gate(metrics.sag_deg("ankle"), Bounds(-32.0, 16.0), Bounds(-75.0, 25.0)),
        Gate(metrics.KNEE_FLEXION, Bounds(high=45.0), Bounds(high=60.0)),
        Gate(metrics.FAR_KNEE_FLEXION, Bounds(high=45.0), Bounds(high=60.0), blind=True),
        Gate(
            metrics.height_ratio("knee", support, "knee_height_ratio"),
            Bounds(low=0.14),
            Bounds(low=0.11),
        ),
        Gate(metrics.HEEL_RISE, Bounds(low=0.10), Bounds(low=0.05)),
        Gate(
            metrics.height_ratio("ankle", support, "ankle_height_ratio"),
            Bounds(low=0.10),
            Bounds(low=0.06),
        ),
        Gate(
            metrics.height_ratio("hip", support, "hip_height_ratio"),
            Bounds(low=0.24),
            Bounds(low=0.18),
        ),
    )


def _rules(support: Support) -> tuple[Rule, ...]:
    on_knees = support.foot == "knee"
    sag = metrics.sag_deg("knee" if on_knees else "ankle")
    offset = metrics.hand_offset_ratio(support)
    shoulders = replace(SHOULDERS, metric=metrics.shoulder_height_ratio(support))
    return (
        replace(HIPS_SAG, metric=sag),
        replace(HIPS_PIKE, metric=sag),
        BACK_ARCH,
        *(() if on_knees else (KNEES,)),
        HEAD_UP,
        HEAD_DOWN,
        replace(ELBOWS if support.hand == "elbow" else WRISTS, metric=offset),
        shoulders,
    )


def _variant(name: str, support: Support) -> Variant:
    rules = _rules(support)
    checked = tuple({rule.metric.name: rule.metric for rule in rules}.values())
    gates = _leg_gates(support) + _arm_gates(support) + _trunk_gates(support)
    others = (metrics.NECK, metrics.VIEW, BACK_HOLLOW, BACK_HOLLOW_AT)
    recorded = {metric.name: metric for metric in (*checked, *others)}
    recorded |= {gate.metric.name: gate.metric for gate in gates}
    return Variant(name, support, gates, tuple(recorded.values()), rules)


TURN = "the camera does not see you from the side: turn side-on"
BLURRED = "the body is not shown well enough: show all of it, from the side"

PLANK = Exercise(
    name="plank",
    title="Plank",
    view=SIDE,
    position="Get into your plank",
    stance=Stance(
        variants=(
            _variant("forearm", FOREARM),
            _variant("high", HIGH),
            _variant("knee", KNEE_FOREARM),
            _variant("knee", KNEE_HIGH),
        ),
        upright=(
            Gate(metrics.TRUNK_RISE, Bounds(low=55.0), Bounds(low=55.0)),
            Gate(metrics.VIEW, Bounds(high=1.1), Bounds(high=1.1)),
            Gate(metrics.KNEE_FLEXION, Bounds(), Bounds()),
        ),
        views=(
            ViewGate(metrics.VIEW, Bounds(high=0.42), TURN),
            ViewGate(metrics.THIGH, Bounds(0.55, 1.1), BLURRED),
            ViewGate(metrics.SHANK, Bounds(0.45, 1.05), BLURRED),
            ViewGate(metrics.UPPER_ARM, Bounds(0.38, 1.0), BLURRED),
        ),
        one_way_up=True,
    ),
    times=HoldTimes(
        held_s=0.5,
        possible_s=3.0,
        off_s=0.6,
        absent_s=2.0,
        unknown_s=0.6,
        back_s=0.4,
        shortest_s=1.0,
        note_s=1.0,
        break_s=1.5,
        doubt_s=1.0,
    ),
    still_per_s=0.23,
    tips=(
        Tip("before", "Warm up first: cat-cow, hip circles, a standing hamstring stretch.", A4),
        Tip("during", "Keep breathing, and pull the belly in a little.", A1),
        Tip("during", "Stop at once when it hurts.", A4),
        Tip("after", "Stretch the belly and the lower back for 10 to 20 minutes.", A1),
        Tip("after", "Rest between sessions, and add time little by little.", A2),
        Tip("when faults last", "Try it on your knees, or hold for a shorter time.", A0),
        Tip("when faults last", "Strengthen the back as well: superman, bird dog.", A2),
    ),
)
