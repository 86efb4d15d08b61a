"""The set-up guide: whether the camera shows enough, and what to change."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from formcheck import metrics
from formcheck.geometry import distance, rise_deg
from formcheck.landmarks import HALVES, Half, Pose
from formcheck.people import SOMEBODY_ELSE
from formcheck.postures import ViewGate
from formcheck.session import Session
from formcheck.standstill import STANDS_STILL

# About the picture, not about form: conventions.
_BLACK, _DARK = 10.0, 40.0
_SMALL = 0.2
_UPRIGHT_DEG, _STRAIGHT_DEG = 30.0, 8.0
_LEAN_DEG, _SLOPE_DEG = 14.0, 9.0


@dataclass(frozen=True, slots=True)
class Hint:
    """What to change about camera, light or place.

    Attributes
    ----------
    code : str
        "light", "person", "picture", "body", "distance", "view" or "level".
    shown, spoken : str
        For the screen, and for the ear.
    """

    code: str
    shown: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the guide looks at.

    Attributes
    ----------
    title : str
    ok : bool or None
        None while it cannot be told.
    hint : Hint or None
        What to do where it is not right.
    """

    title: str
    ok: bool | None
    hint: Hint | None = None


BLACK = Hint(
    "light", "The picture is black: uncover the lens, or turn a light on", "Turn a light on"
)
DARK = Hint("light", "Too dark: turn a light on", "It is too dark. Turn a light on")
NOBODY = Hint("person", "I cannot see you: step into the picture", "I cannot see you")
OTHER = Hint(
    "person",
    "I see somebody else, not you: ask them to step aside",
    "I see somebody else. Ask them to step aside",
)
STILL = Hint(
    "picture",
    "The picture stands still: start the video or the camera again",
    "The picture stands still",
)
FAR = Hint("distance", "You are small in the picture: come closer", "Come closer to the camera")
LEVEL = Hint("level", "The camera is tilted: set it level", "Set the camera level")
_DOUBTS = {SOMEBODY_ELSE: OTHER, STANDS_STILL: STILL}
_PARTS = (
    ("head", ("ear",)),
    ("shoulders", ("shoulder",)),
    ("hips", ("hip",)),
    ("knees", ("knee",)),
    ("feet", ("ankle", "toe")),
)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the guide looks at.

    Attributes
    ----------
    pose : Pose
    size_wh : (int, int)
        Of the picture, pixels.
    light : float
        Mean brightness of the picture, 0 to 255.
    """

    pose: Pose
    size_wh: tuple[int, int]
    light: float


def checks(sighting: Sighting, session: Session) -> tuple[Check, ...]:
    """Return what is right and what is not, in the order in which to mend it."""
    pose, half = sighting.pose, HALVES[session.near.side]
    unseen = _unseen(pose, half)
    view, slope = session.exercise.view, _slope_deg(pose, session)
    size = math.nan if unseen else _extent(pose, half) / max(sighting.size_wh)
    return (
        _check("Light", sighting.light >= _DARK, BLACK if sighting.light < _BLACK else DARK),
        _check("You in the picture", pose.present, _DOUBTS.get(pose.doubt, NOBODY)),
        _check("Whole body", not unseen if pose.present else None, _step_back(unseen)),
        _check("Distance", None if math.isnan(size) else size >= _SMALL, FAR),
        _check(view.title, _turned(pose, session), Hint("view", view.shown, view.spoken)),
        _check("Camera level", None if math.isnan(slope[0]) else slope[0] <= slope[1], LEVEL),
    )


def _check(title: str, ok: bool | None, hint: Hint) -> Check:  # noqa: FBT001
    return Check(title, ok, hint if ok is False else None)


def first_hint(found: tuple[Check, ...]) -> Hint | None:
    """Return what to do first; None when nothing is wrong."""
    return next((check.hint for check in found if check.hint), None)


def _step_back(unseen: str) -> Hint:
    return Hint(
        "body",
        f"I cannot see your {unseen}: move the camera back",
        f"I cannot see your {unseen}",
    )


def _unseen(pose: Pose, half: Half) -> str:
    """Return the part of the near side that is not in the picture; empty when all are."""
    for name, parts in _PARTS:
        if any(math.isnan(pose.at(getattr(half, part))[0]) for part in parts):
            return name
    return ""


def _extent(pose: Pose, half: Half) -> float:
    """Return the length of the body along its joints, pixels."""
    chain = (half.ear, half.shoulder, half.hip, half.knee, half.ankle)
    points = [pose.at(joint) for joint in chain]
    return sum(distance(a, b) for a, b in pairwise(points))


def _turned(pose: Pose, session: Session) -> bool | None:
    """Return whether the body is turned to the camera as it has to be; None if not known."""
    gates = (view for view in session.exercise.stance.views if view.metric.name == "view_ratio")
    gate: ViewGate | None = next(gates, None)
    ratio = gate.metric.measure(pose, session.near.side) if gate else math.nan
    return None if gate is None or math.isnan(ratio) else gate.allowed.holds(ratio)


def _slope_deg(pose: Pose, session: Session) -> tuple[float, float]:
    """Return how far from level the picture seems, and how far is allowed; NaN if not known.

    Somebody who stands straight stands upright, and what carries a plank lies on one level.
    """
    half = HALVES[session.near.side]
    if session.sight.variant is not None and session.exercise.reps is None:
        support = session.sight.variant.support
        return metrics.support_slope_deg(support).measure(pose, session.near.side), _SLOPE_DEG
    legs_deg, trunk_deg = (
        90.0 - rise_deg(pose.at(low), pose.at(high))
        for low, high in ((half.ankle, half.hip), (half.hip, half.shoulder))
    )
    if max(legs_deg, trunk_deg) <= _UPRIGHT_DEG and abs(legs_deg - trunk_deg) <= _STRAIGHT_DEG:
        return (legs_deg + trunk_deg) / 2, _LEAN_DEG
    return math.nan, math.inf
