"""Repetitions: what is seen of each, what is checked, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from formcheck import geometry
from formcheck.geometry import Point
from formcheck.landmarks import HALVES, Pose, Side
from formcheck.metrics import Metric
from formcheck.rules import Bounds, Rule, Verdict


class Sample(NamedTuple):
    """What one frame adds to a repetition; NaN where it is not seen.

    Attributes
    ----------
    time_s : float
    lift_deg : float
        Of the trunk above the level, past upright more than 90.
    neck_deg : float
        Flexion of the neck against the trunk.
    thigh_deg : float
        Of the thigh above the level, toward the feet.
    view_ratio : float
        Breadth of the shoulders over the trunk.
    hip, foot : Point
        Pixels; of the foot, its lower end.
    trunk_px, shank_px : float
    gap_ratio : float
        Under the small of the back, in trunks.
    trunk_deg : float
        Of the trunk above the level, also where repetitions are counted by something else.
    """

    time_s: float
    lift_deg: float
    neck_deg: float
    thigh_deg: float
    view_ratio: float
    hip: Point
    foot: Point
    trunk_px: float
    shank_px: float
    gap_ratio: float
    trunk_deg: float


@dataclass(frozen=True, slots=True)
class Signals:
    """The metrics that repetitions are made of; see `Sample`."""

    lift: Metric
    neck: Metric
    thigh: Metric
    view: Metric
    gap: Metric
    trunk: Metric

    def sample(self, pose: Pose, side: Side) -> Sample:
        """Return what a pose adds."""
        half = HALVES[side]
        hip = pose.at(half.hip)
        return Sample(
            pose.time_s,
            self.lift.measure(pose, side),
            self.neck.measure(pose, side),
            self.thigh.measure(pose, side),
            self.view.measure(pose, side),
            hip,
            max(pose.at(half.heel), pose.at(half.toe), key=lambda point: point[1]),
            geometry.distance(pose.at(half.shoulder), hip),
            geometry.distance(pose.at(half.knee), pose.at(half.ankle)),
            self.gap.measure(pose, side),
            self.trunk.measure(pose, side),
        )


@dataclass(frozen=True, slots=True)
class Lying:
    """The person's own lying position.

    Attributes
    ----------
    lift_deg, neck_deg : float
    seen : bool
        Whether somebody lay so; else it is what to assume with a level camera.
    """

    lift_deg: float
    neck_deg: float
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition as it was seen; NaN where it was not.

    Attributes
    ----------
    start_s, top_s, end_s : float
        Seconds of the video; the top is the middle of the time near it. `start_s` is NaN when its
        rise was before the video, `end_s` and `bottom_deg` when its lowering is not over.
    peak_deg, bottom_deg : float
        Lift of the trunk above the level at the top, and at the end of the lowering.
    neck_top_deg, neck_low_deg : float
        Flexion of the neck at the top, and the least of the repetition.
    trunk_top_deg : float
        Trunk above the level at the top.
    top_hold_s : float
        Time within a tenth of the peak.
    peak_deg_per_s, mean_deg_per_s : float
        Greatest speed of the rise, and the mean of the way up and down without the hold.
    hip_rise_ratio : float
        How much higher the hip is at the top than at the start, in trunks.
    gap_ratio : float
        Under the small of the back while the trunk is more than half-way up, in trunks.
    foot_rise_ratio : float
        How much the whole foot is lifted off the floor, in shanks; NaN where it was not on it.
    view_ratio : float
        Third quartile: the pose model guesses shoulders that are hidden now narrow, now broad.
    lying : Lying or None
        The lying position known when it began.
    floor_deg : float
        Slope from the feet on the floor up to the hips; NaN where they are not on it.
    """

    start_s: float
    top_s: float
    end_s: float
    peak_deg: float
    bottom_deg: float
    neck_top_deg: float
    neck_low_deg: float
    top_hold_s: float
    peak_deg_per_s: float
    mean_deg_per_s: float
    hip_rise_ratio: float
    foot_rise_ratio: float
    view_ratio: float
    lying: Lying | None
    floor_deg: float = math.nan
    gap_ratio: float = math.nan
    trunk_top_deg: float = math.nan

    def unjudged(self) -> Rep:
        """Return the repetition as one that counts, of which too little was seen to judge it."""
        return replace(
            self,
            start_s=math.nan,
            end_s=math.nan,
            bottom_deg=math.nan,
            neck_top_deg=math.nan,
            peak_deg_per_s=math.nan,
            view_ratio=math.inf,
        )

    @property
    def duration_s(self) -> float:
        """From the start of the rise to the end of the lowering; NaN when a part is unseen."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class RepRule:
    """A check of each repetition.

    Attributes
    ----------
    rule : Rule
        Bounds, cue and article; its metric is a name and a unit.
    value : callable
        Takes the repetition, the lying position and the median peak of all repetitions above it.
    """

    rule: Rule
    value: Callable[[Rep, Lying, float], float]


@dataclass(frozen=True, slots=True)
class RepSpec:
    """What counts as a repetition.

    Attributes
    ----------
    signals : Signals
    swing_deg : float
        Least rise, and least way down.
    fall_deg : float
        A rise is over when the trunk falls by this below its highest point, and by `fall_ratio`.
    elsewhere_deg : float
        Who lies still this much higher or lower than before lies elsewhere now.
    least_peak_deg : float
        Least peak above the lying position.
    fall_ratio : float
        Part of the rise that has to be lowered again.
    back_ratio : float
        Part of the rise after which a lowering that the video does not show to its end is over.
    lying_deg : float
        A repetition starts lower than this above the level.
    level_deg : float
        Highest lying position to assume where none was seen.
    legs_deg : float
        When the thigh turns by more than this, it is another exercise.
    legs_seen_ratio : float
        Least part of the time in which the thigh is seen.
    highest_deg : float
        Nobody lifts the trunk farther: the model lost the person.
    unseen_rise_s, unseen_lowering_s : float
        A repetition whose rise is not seen counts only when the video begins this shortly before
        its top, and it is lowered this soon: else somebody sat there, and lay down.
    still_deg_per_s, still_s : float
        Lying still: slower than this, for so long.
    sit_up_deg : float
        Repetitions that mostly peak higher than this above the lying position are sit-ups.
    foot_on_floor_ratio : float
        A foot higher than this above the hip, in trunks, is not on the floor.
    square : Bounds
        View ratios of a body that stands square to the camera.
    trunk_cm : float
        From shoulder to hip of a grown-up, for heights in cm.
    rest_s, rest_deg : float
        Lying still for so long, within so much, makes another lying position, even a higher one.
    shortest_s : float
        Nobody rises and lies down again sooner: a landmark jumped.
    settled_s : float
        A lowering is over when it has not gone lower for so long.
    rules : tuple of RepRule
    """

    signals: Signals
    swing_deg: float
    fall_deg: float
    elsewhere_deg: float
    least_peak_deg: float
    fall_ratio: float
    back_ratio: float
    lying_deg: float
    level_deg: float
    legs_deg: float
    legs_seen_ratio: float
    highest_deg: float
    unseen_rise_s: float
    unseen_lowering_s: float
    still_deg_per_s: float
    still_s: float
    rest_s: float
    rest_deg: float
    shortest_s: float
    settled_s: float
    sit_up_deg: float
    foot_on_floor_ratio: float
    square: Bounds
    trunk_cm: float
    rules: tuple[RepRule, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turning point of the lift.

    Attributes
    ----------
    time_s, lift_deg : float
    """

    time_s: float
    lift_deg: float


@dataclass(frozen=True, slots=True)
class RepFault:
    """What was wrong with one repetition.

    Attributes
    ----------
    rule : Rule
    level : Verdict
        WATCH or FAULT.
    value : float
        In the unit of the rule.
    """

    rule: Rule
    level: Verdict
    value: float


@dataclass(frozen=True, slots=True)
class Repetition:
    """A repetition that counts, and what came of its checks.

    Attributes
    ----------
    rep : Rep
    peak_lift_deg : float
        Above the person's own lying position.
    peak_rise_cm : float
        Rise of the shoulder, for a trunk of usual length.
    faults : tuple of RepFault
        As far as it was seen, also of one that was not judged.
    unknown : tuple of Rule
        Checks that could not be made.
    judged : bool
        Whether enough of it was seen to call it clean or not; see `enough_known`.
    """

    rep: Rep
    peak_lift_deg: float
    peak_rise_cm: float
    faults: tuple[RepFault, ...]
    unknown: tuple[Rule, ...] = ()
    judged: bool = True

    @property
    def span_s(self) -> tuple[float, float]:
        """Start and end as far as they were seen; else the top."""
        ends = (self.rep.start_s, self.rep.end_s)
        start_s, end_s = (self.rep.top_s if math.isnan(end) else end for end in ends)
        return start_s, end_s

    @property
    def told_faults(self) -> tuple[RepFault, ...]:
        """Faults that it is called wrong for: none unless it was judged."""
        return self.faults if self.judged else ()

    @property
    def faulty(self) -> bool:
        """Whether anything was to be corrected; a hint is not."""
        return any(fault.level is Verdict.FAULT for fault in self.told_faults)

    @property
    def clean(self) -> bool:
        """Whether it was judged, with no fault, and no hint on its form: one of tempo is none."""
        return self.judged and not self.faulty and all(f.rule.weight < 1 for f in self.faults)


def enough_known(unknown: Iterable[Rule], every: Iterable[Rule]) -> bool:
    """Return whether checks that make up half of the score could be made."""
    return sum(rule.weight for rule in unknown) <= sum(rule.weight for rule in every) / 2
