"""The crunch: on the back, from the side; legs on the floor or raised.

A full sit-up is the classic mistake of a crunch: it counts, and rises too high. The numbers were
calibrated on labelled footage of real people; where the literature has none, they are conventions.
"""

from __future__ import annotations

import math
from dataclasses import replace

from formcheck import metrics
from formcheck.articles import A1, A2, A4, Article
from formcheck.back import LOW_BACK_GAP
from formcheck.exercises.exercise import Exercise, Tip
from formcheck.holds import HoldTimes
from formcheck.metrics import Support
from formcheck.postures import Gate, Stance, Variant, ViewGate
from formcheck.reps import Lying, Rep, RepRule, RepSpec, Signals
from formcheck.rules import Bounds, Cue, Rule
from formcheck.views import SIDE

SIDE_VIEW_RATIO = 0.45
"""Seen more from the front or the head than this, angles say nothing; repetitions still count."""
LOW_LIFT_DEG = 30.0
"""In a full sit-up the neck goes its own way; hips move: judge them only in lower lifts."""

_SMALL_OF_BACK = 0.6
"""Where it is, on the way from the shoulders, which stay on the floor, to hips that lift."""
_LEVEL = Bounds(0.0, 16.0)
"""Slope from the feet on the floor up to the hips, degrees: 3 to 14 where the camera is level."""


def _from_the_side(value: float, rep: Rep) -> float:
    return value if rep.view_ratio <= SIDE_VIEW_RATIO else math.nan


def _lift_deg(rep: Rep, lying: Lying) -> float:
    return rep.peak_deg - lying.lift_deg


def _leveled(value: float, rep: Rep, lying: Lying) -> float:
    """Return a value; NaN where it rests on a level camera, and that may be tilted."""
    return value if lying.seen or _LEVEL.holds(rep.floor_deg) else math.nan


def _over_rise(rep: Rep, lying: Lying, _: float) -> float:
    return _from_the_side(_lift_deg(rep, lying), rep)


def _partial(rep: Rep, lying: Lying, median_deg: float) -> float:
    if math.isnan(rep.start_s) or not median_deg > 0:  # it may have been higher before it was seen
        return math.nan
    return _leveled(_from_the_side(_lift_deg(rep, lying) / median_deg, rep), rep, lying)


def _neck_pull(rep: Rep, lying: Lying, _: float) -> float:
    low = _lift_deg(rep, lying) < LOW_LIFT_DEG
    return _from_the_side(rep.neck_top_deg - lying.neck_deg, rep) if low else math.nan


def _short_return(rep: Rep, lying: Lying, _: float) -> float:
    if math.isnan(rep.start_s):  # the pose model may only have settled
        return math.nan
    return _leveled(_from_the_side(rep.bottom_deg - lying.lift_deg, rep), rep, lying)


def _low_back(rep: Rep, lying: Lying, _: float) -> float:
    if not _lift_deg(rep, lying) < LOW_LIFT_DEG:
        return math.nan
    gap = rep.gap_ratio if SIDE.square.holds(rep.view_ratio) else math.nan
    heights = (gap, rep.hip_rise_ratio * _SMALL_OF_BACK)
    return _from_the_side(max((h for h in heights if not math.isnan(h)), default=math.nan), rep)


def _feet(rep: Rep, _lying: Lying, _: float) -> float:
    return _from_the_side(rep.foot_rise_ratio, rep)


def _jerk(rep: Rep, _lying: Lying, _: float) -> float:
    return _from_the_side(rep.peak_deg_per_s / rep.mean_deg_per_s, rep)


def _tempo(rep: Rep, _lying: Lying, _: float) -> float:
    return _from_the_side(rep.duration_s, rep)


def _rule(
    fault: str, unit: str, watch: Bounds, fault_bounds: Bounds, cue: Cue, article: Article
) -> Rule:
    """Return the rule of a fault of the crunch; it is about whole repetitions."""
    name = f"{fault.replace('-', '_')}_{unit}"
    metric = metrics.per_repetition(name, unit)
    return Rule(f"crunch.{fault}", metric, watch, fault_bounds, 0.0, 0.0, cue, article)


OVER_RISE = RepRule(
    _rule(
        "over-rise",
        "deg",
        Bounds(high=30.0),
        Bounds(high=45.0),
        Cue(
            "Not so high",
            "Too high: only head and shoulders leave the floor",
            "Past 10 to 20 cm the hips do the work and the lower back bends under load.",
        ),
        A1,
    ),
    _over_rise,
)
NECK_PULL = RepRule(
    _rule(
        "neck-pull",
        "deg",
        Bounds(high=34.0),
        Bounds(high=46.0),
        Cue(
            "Chin off your chest",
            "Neck pulled: leave room for an apple under the chin",
            "Hands that pull the head strain the neck.",
        ),
        A1,
    ),
    _neck_pull,
)
LOW_BACK = RepRule(
    _rule(
        "low-back",
        "ratio",
        Bounds(high=0.075),
        Bounds(high=0.082),
        Cue(
            "Press your back down",
            "Lower back off the floor: press it down",
            "With the lower back on the floor the belly works and the back rests.",
        ),
        A1,
    ),
    _low_back,
)
FEET = RepRule(
    _rule(
        "feet",
        "ratio",
        Bounds(high=0.2),
        Bounds(high=0.35),
        Cue(
            "Feet on the floor",
            "Feet lift: keep them flat on the floor",
            "Feet that lift bring in the hip flexors, and the lower back with them.",
        ),
        A1,
    ),
    _feet,
)
JERK = RepRule(
    _rule(
        "jerk",
        "ratio",
        Bounds(high=3.3),
        Bounds(high=4.5),
        Cue(
            "Slowly up",
            "Jerked up: raise yourself evenly",
            "Momentum takes the work from the belly and gives it to the back.",
        ),
        A1,
    ),
    _jerk,
)
TEMPO = RepRule(
    replace(
        _rule(
            "tempo",
            "s",
            Bounds(low=2.5),
            Bounds(low=1.5),
            Cue(
                "Slower",
                "Too quick: take four to six seconds",
                "A slow repetition can be controlled all the way.",
            ),
            A1,
        ),
        weight=0.3,  # it is about control, not about form
    ),
    _tempo,
)
SHORT_RETURN = RepRule(
    _rule(
        "short-return",
        "deg",
        Bounds(high=5.0),
        Bounds(high=10.0),
        Cue(
            "All the way down",
            "Not all the way down: lie flat between repetitions",
            "The whole movement works the whole muscle.",
        ),
        A1,
    ),
    _short_return,
)
PARTIAL = RepRule(
    _rule(
        "partial",
        "ratio",
        Bounds(low=0.7),
        Bounds(low=0.5),
        Cue(
            "A little higher",
            "Lower than your others: same height each time",
            "Repetitions that shrink are a sign to rest.",
        ),
        A2,
    ),
    _partial,
)

_ON_EDGE = "you seem to lie on your side, or are seen from above: lie on your back, side-on"

ON_THE_BACK = (
    Gate(metrics.LIFT, Bounds(-35.0, 125.0), Bounds(-35.0, 125.0)),
    Gate(metrics.THIGH_RAISED, Bounds(-10.0, 150.0), Bounds(-25.0, 160.0), blind=True),
    Gate(metrics.FACE_UP, Bounds(low=-0.05), Bounds(low=-0.05), blind=True),
)
_NOT_ON_EDGE = Gate(
    metrics.ON_EDGE, Bounds(high=0.62), Bounds(high=0.68), blind=True, remedy=_ON_EDGE
)
_RECORDED = (
    metrics.LIFT,
    metrics.NECK_FLEXION,
    metrics.THIGH_RAISED,
    metrics.KNEE_FLEXION,
    LOW_BACK_GAP,
)
_FLOOR = Variant(
    "floor",
    Support("elbow", "toe"),
    (*ON_THE_BACK, _NOT_ON_EDGE),
    (*_RECORDED, metrics.VIEW),
    (),
)

SPEC = RepSpec(
    signals=Signals(
        metrics.LIFT,
        metrics.NECK_FLEXION,
        metrics.THIGH_RAISED,
        metrics.VIEW,
        LOW_BACK_GAP,
        metrics.LIFT,
    ),
    swing_deg=6.0,
    fall_deg=4.2,
    elsewhere_deg=2.0,
    least_peak_deg=3.0,
    fall_ratio=0.5,
    back_ratio=0.85,
    lying_deg=35.0,
    level_deg=4.0,
    legs_deg=38.0,
    legs_seen_ratio=0.2,
    highest_deg=125.0,
    unseen_rise_s=2.5,
    unseen_lowering_s=5.0,
    still_deg_per_s=12.0,
    still_s=0.5,
    rest_s=4.0,
    rest_deg=3.0,
    shortest_s=0.6,
    settled_s=0.6,
    sit_up_deg=45.0,
    foot_on_floor_ratio=0.15,
    square=SIDE.square,
    trunk_cm=50.0,
    rules=(OVER_RISE, NECK_PULL, LOW_BACK, JERK, TEMPO, SHORT_RETURN, PARTIAL, FEET),
)

BEFORE = (
    Tip("before", "Warm up first: cat-cow, hip circles, knee to chest.", A4),
    Tip("before", "Bend, slowly turn and gently shake the head, six times each.", A1),
    Tip(
        "with back trouble",
        "With a hurt lower back, crunches are better left out; choose planks or bird dogs.",
        A4,
    ),
    Tip("with back trouble", "Ask a doctor first which exercises suit you.", A2),
)
AFTER = (
    Tip("after", "Stretch the belly and the lower back for 10 to 20 minutes.", A1),
    Tip("after", "Rest between sessions, and add repetitions little by little.", A2),
    Tip("when faults last", "Choose what spares the back: lying leg raises, planks.", A1),
    Tip("when faults last", "Strengthen the back as well: superman, bird dog.", A2),
)

CRUNCH = Exercise(
    name="crunch",
    title="Crunch",
    view=SIDE,
    position="Lie on your back, knees bent",
    stance=Stance(
        variants=(_FLOOR,),
        upright=(
            Gate(metrics.LIFT, Bounds(55.0, 125.0), Bounds(55.0, 125.0)),
            Gate(metrics.THIGH_RAISED, Bounds(high=-25.0), Bounds(high=-25.0)),
        ),
        views=(
            ViewGate(
                metrics.VIEW,
                Bounds(high=0.8),
                "the camera does not see you from the side: turn side-on",
            ),
            ViewGate(
                metrics.THIGH,
                Bounds(0.5, 1.4),
                "the body is not shown well enough: show all of it, from the side",
            ),
        ),
    ),
    times=HoldTimes(
        held_s=0.3,
        possible_s=3.0,
        off_s=0.6,
        absent_s=2.0,
        unknown_s=0.6,
        back_s=0.2,
        shortest_s=0.5,
        note_s=1.0,
        break_s=1.0,
        doubt_s=1.0,
    ),
    still_per_s=math.inf,
    tips=(
        *BEFORE,
        Tip("during", "Fingers behind the ears, elbows wide.", A1),
        Tip("during", "Pull the belly in a little, and breathe out on the way up.", A1),
        Tip("during", "Take four to six seconds for each, one or two of them at the top.", A1),
        Tip("during", "Do not twist, and stop at once when it hurts.", A1),
        *AFTER,
    ),
    reps=SPEC,
)
