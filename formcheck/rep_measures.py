"""What one repetition was like: its numbers, from the frames between its turning points."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from formcheck import geometry
from formcheck.reps import Lying, Rep, RepSpec, Sample, Turn

_SPEED_OVER_S = 0.1
_UNSEEN_S = 0.5
_NEAR_S = 0.15


def measured(
    samples: tuple[Sample, ...],
    start: Turn | None,
    top: Turn,
    low: Turn,
    spec: RepSpec,
    lying: Lying | None,
) -> Rep | None:
    """Return a repetition from what was seen of it; None when it was something else.

    Parameters
    ----------
    samples : tuple of Sample
        From the start of the rise, or from the first sight of the person, to the end.
    start : Turn or None
        Where the rise began; None when it was not seen.
    top, low : Turn
        The turning points of the lift after it.
    spec : RepSpec
    lying : Lying or None
        The lying position, if it is known by now.
    """
    part = [s for s in samples if s.time_s <= low.time_s]
    thighs = [s.thigh_deg for s in part if not math.isnan(s.thigh_deg)]
    if len(thighs) < spec.legs_seen_ratio * len(part) or top.lift_deg > spec.highest_deg:
        return None
    if _spread(thighs) > spec.legs_deg:
        return None
    if start is None and low.time_s - top.time_s > spec.unseen_lowering_s:
        return None
    begin_s, end_s = _ends_s(part, start, top, low)
    if end_s - begin_s < spec.shortest_s:
        return None
    at_top = _at(part, top.time_s)
    rise = [s for s in part if s.time_s <= top.time_s]
    necks = [s.neck_deg for s in part if not math.isnan(s.neck_deg)]
    near_top = [s for s in part if s.lift_deg >= top.lift_deg - 0.1 * (top.lift_deg - low.lift_deg)]
    high_deg = (top.lift_deg + low.lift_deg) / 2
    gaps = [b.time_s - a.time_s for a, b in pairwise(part)]
    hold_s = near_top[-1].time_s - near_top[0].time_s
    moving_s = end_s - begin_s - hold_s
    way_deg = 2 * top.lift_deg - part[0].lift_deg - low.lift_deg
    rep = Rep(
        start_s=begin_s,
        top_s=(near_top[0].time_s + near_top[-1].time_s) / 2,
        end_s=end_s,
        peak_deg=top.lift_deg,
        bottom_deg=low.lift_deg,
        neck_top_deg=at_top.neck_deg,
        neck_low_deg=min(necks, default=math.nan),
        top_hold_s=hold_s,
        peak_deg_per_s=_fastest(rise),
        mean_deg_per_s=way_deg / moving_s if moving_s > 0 else math.nan,
        hip_rise_ratio=_hip_rise(part, top.time_s),
        foot_rise_ratio=_foot_rise(part, spec),
        view_ratio=_third_quartile(s.view_ratio for s in part),
        lying=lying,
        floor_deg=_middle(_floor_deg(s, spec) for s in part),
        gap_ratio=_middle(s.gap_ratio for s in part if s.lift_deg >= high_deg),
        trunk_top_deg=at_top.trunk_deg,
    )
    return rep.unjudged() if max(gaps, default=0.0) > _UNSEEN_S else rep


def _third_quartile(values: Iterable[float]) -> float:
    """Return what a quarter of the values is above; one that is not known counts as above."""
    ordered = sorted(math.inf if math.isnan(value) else value for value in values)
    return ordered[len(ordered) * 3 // 4]


def _spread(values: list[float]) -> float:
    """Return the range of values less a tenth at each end: one jump of a landmark is no move."""
    ordered, tenth = sorted(values), len(values) // 10
    return ordered[-1 - tenth] - ordered[tenth]


def _ends_s(part: list[Sample], start: Turn | None, top: Turn, low: Turn) -> tuple[float, float]:
    """Return when the trunk left the floor, and when it was back: a tenth of the way."""
    rest_deg = low.lift_deg + 0.1 * (top.lift_deg - low.lift_deg)
    lowering = [s for s in part if s.time_s >= top.time_s]
    end_s = _crossing_s(lowering, rest_deg, low.time_s)
    if start is None:
        return math.nan, end_s
    left_deg = start.lift_deg + 0.1 * (top.lift_deg - start.lift_deg)
    rising = [s for s in part if s.time_s <= top.time_s]
    return _crossing_s(rising[::-1], left_deg, start.time_s), end_s


def _crossing_s(way_down: list[Sample], level_deg: float, otherwise_s: float) -> float:
    """Return when a way down from the top first reaches a level, between two frames."""
    for above, below in pairwise(way_down):
        if below.lift_deg <= level_deg < above.lift_deg:
            share = (above.lift_deg - level_deg) / (above.lift_deg - below.lift_deg)
            return above.time_s + share * (below.time_s - above.time_s)
    return otherwise_s


def _at(part: list[Sample], time_s: float) -> Sample:
    return min(part, key=lambda s: abs(s.time_s - time_s))


def _fastest(rise: list[Sample]) -> float:
    """Return the greatest speed over a tenth of a second or more, degrees a second."""
    speeds = []
    for index, sample in enumerate(rise):
        later = next(
            (s for s in rise[index + 1 :] if s.time_s - sample.time_s >= _SPEED_OVER_S), None
        )
        if later is not None:
            speeds.append((later.lift_deg - sample.lift_deg) / (later.time_s - sample.time_s))
    return max(speeds, default=math.nan)


def _hip_rise(part: list[Sample], top_s: float) -> float:
    first_s = part[0].time_s
    start = _middle(s.hip[1] for s in part if s.time_s - first_s <= _NEAR_S)
    top = _middle(s.hip[1] for s in part if abs(s.time_s - top_s) <= _NEAR_S)
    return (start - top) / _middle(s.trunk_px for s in part)


def _foot_rise(part: list[Sample], spec: RepSpec) -> float:
    first = part[0]
    if not _on_floor(first, spec):
        return math.nan
    start = _middle(s.foot[1] for s in part if s.time_s - first.time_s <= _NEAR_S)
    heights = sorted(start - s.foot[1] for s in part if not math.isnan(s.foot[1]))
    # A foot that is lifted stays up for a while; a landmark that jumps does not.
    return heights[len(heights) * 3 // 4] / _middle(s.shank_px for s in part)


def _on_floor(sample: Sample, spec: RepSpec) -> bool:
    return sample.hip[1] - sample.foot[1] <= spec.foot_on_floor_ratio * sample.trunk_px


def _floor_deg(sample: Sample, spec: RepSpec) -> float:
    on_floor = _on_floor(sample, spec)
    return geometry.rise_deg(sample.foot, sample.hip) if on_floor else math.nan


def _middle(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return median(known) if known else math.nan
