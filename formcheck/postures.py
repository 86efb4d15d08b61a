"""Postures: what one pose alone says about the position, and whether it can be judged."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from formcheck.landmarks import HALVES, Pose, Side
from formcheck.metrics import Metric, Support
from formcheck.rules import Bounds, Rule


class Evidence(Enum):
    """What one frame says about the position."""

    HELD = "held"
    """In the position."""
    POSSIBLE = "possible"
    """In a position that only a poor performance of the exercise has, or on the way to it."""
    OFF = "off"
    """Somebody is there, and not in the position."""
    ABSENT = "absent"
    """Nobody is there."""
    UNKNOWN = "unknown"
    """The picture does not show enough."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of a position.

    Attributes
    ----------
    metric : Metric
        What is measured.
    usual : Bounds
        Values of a fair performance.
    possible : Bounds
        Values of a poor one; outside them it is another position.
    blind : bool
        Whether the gate is open when the metric is not known.
    remedy : str
        Where values outside are the camera's fault, and no other position: what to do.
    """

    metric: Metric
    usual: Bounds
    possible: Bounds
    blind: bool = False
    remedy: str = ""

    def says(self, pose: Pose, side: Side) -> Evidence:
        """Return HELD, POSSIBLE, OFF, or UNKNOWN where the metric is not known."""
        value = self.metric.measure(pose, side)
        if math.isnan(value):
            return Evidence.HELD if self.blind else Evidence.UNKNOWN
        if self.usual.holds(value):
            return Evidence.HELD
        if self.possible.holds(value):
            return Evidence.POSSIBLE
        return Evidence.UNKNOWN if self.remedy else Evidence.OFF

    def blames(self, pose: Pose, side: Side) -> bool:
        """Return whether the metric is known, and says that the camera has to be set right."""
        known = not math.isnan(self.metric.measure(pose, side))
        return known and bool(self.remedy) and self.says(pose, side) is Evidence.UNKNOWN


@dataclass(frozen=True, slots=True)
class Variant:
    """One form of an exercise: how its position is told, and what is checked in it.

    Attributes
    ----------
    name : str
        As it is reported.
    support : Support
        What carries the body.
    gates : tuple of Gate
        All have to be open.
    metrics : tuple of Metric
        What is recorded of every frame.
    rules : tuple of Rule
        What is checked.
    side : Side or None
        The side of the body that is measured; None for the one nearer to the camera.
    """

    name: str
    support: Support
    gates: tuple[Gate, ...]
    metrics: tuple[Metric, ...]
    rules: tuple[Rule, ...]
    side: Side | None = None

    def says(self, pose: Pose, side: Side) -> Evidence:
        """Return the weakest answer of the gates: one that is shut is enough for OFF."""
        weakest = Evidence.HELD
        for gate in self.gates:
            answer = gate.says(pose, self.side or side)
            if answer is Evidence.OFF:
                return answer
            weakest = min(weakest, answer, key=_STRENGTH.index)
        return weakest

    def remedy(self, pose: Pose, side: Side) -> str:
        """Return what to do about a picture in which this cannot be judged, or nothing."""
        own = self.side or side
        return next((gate.remedy for gate in self.gates if gate.blames(pose, own)), "")


_STRENGTH = (Evidence.OFF, Evidence.UNKNOWN, Evidence.POSSIBLE, Evidence.HELD)


@dataclass(frozen=True, slots=True)
class ViewGate:
    """A condition under which the picture can be judged at all.

    Attributes
    ----------
    metric : Metric
        What is measured.
    allowed : Bounds
        Where the picture can be judged.
    remedy : str
        What to do when it cannot.
    """

    metric: Metric
    allowed: Bounds
    remedy: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What one frame says: the evidence, the variant that it fits, and why it is unknown.

    Attributes
    ----------
    evidence : Evidence
        Of the variant that fits best.
    variant : Variant or None
        The variant, for HELD and POSSIBLE.
    reason : str
        In words, with the remedy, for ABSENT and UNKNOWN; else empty.
    """

    evidence: Evidence
    variant: Variant | None = None
    reason: str = ""


NOBODY = "nobody in the picture"
UPSIDE_DOWN = "the picture is upside down: turn the camera, or the video, round"
UNCLEAR = "the body is not shown well enough: move the camera back"
_PARTS = (
    ("feet", ("toe", "ankle")),
    ("knees", ("knee",)),
    ("hips", ("hip",)),
    ("arms", ("elbow", "wrist")),
    ("shoulders", ("shoulder",)),
)


@dataclass(frozen=True, slots=True)
class Stance:
    """How a position is told from others, and from pictures that cannot be judged.

    Attributes
    ----------
    variants : tuple of Variant
        Forms of the exercise; the first that fits best is taken.
    upright : tuple of Gate
        When all are open, somebody stands, sits or kneels upright: OFF from whatever side.
    views : tuple of ViewGate
        Conditions of a judgement.
    one_way_up : bool
        Whether somebody who holds it with the floor above is in a picture that is upside down.
    """

    variants: tuple[Variant, ...]
    upright: tuple[Gate, ...]
    views: tuple[ViewGate, ...]
    one_way_up: bool = False

    def sight(self, pose: Pose, side: Side) -> Sight:
        """Return what a pose says; see `Sight`."""
        if pose.doubt:
            return Sight(Evidence.UNKNOWN, reason=pose.doubt)
        if not pose.present:
            return Sight(Evidence.ABSENT, reason=NOBODY)
        if all(gate.says(pose, side) is Evidence.HELD for gate in self.upright):
            return Sight(Evidence.OFF)
        for view in self.views:
            value = view.metric.measure(pose, side)
            if not (math.isnan(value) or view.allowed.holds(value)):
                return Sight(Evidence.UNKNOWN, reason=view.remedy)
        best = self._best(pose, side)
        if best.evidence is Evidence.OFF and self._upside_down(pose, side):
            return Sight(Evidence.UNKNOWN, reason=UPSIDE_DOWN)
        return best

    def _upside_down(self, pose: Pose, side: Side) -> bool:
        if not self.one_way_up:
            return False
        return self._best(replace(pose, xy=-pose.xy), side).evidence is Evidence.HELD

    def _best(self, pose: Pose, side: Side) -> Sight:
        best = Sight(Evidence.OFF)
        for variant in self.variants:
            answer = variant.says(pose, side)
            if answer is Evidence.HELD:
                return Sight(answer, variant)
            if _STRENGTH.index(answer) > _STRENGTH.index(best.evidence):
                best = Sight(answer, variant)
        if best.evidence is Evidence.UNKNOWN and best.variant is not None:
            reason = _unseen(pose, side) or best.variant.remedy(pose, side) or UNCLEAR
            return Sight(Evidence.UNKNOWN, reason=reason)
        return best


def _unseen(pose: Pose, side: Side) -> str:
    half = HALVES[side]
    for name, parts in _PARTS:
        if any(math.isnan(pose.at(getattr(half, part))[0]) for part in parts):
            return f"the {name} are not in the picture: move the camera back"
    return ""
