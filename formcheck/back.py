"""What the outline of the trunk says of the lower back, which no landmark shows.

Every value is NaN where the silhouette was not looked at, or its outline is not to be believed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

from formcheck.landmarks import Pose, Side
from formcheck.metrics import VIEW, Formula, Metric
from formcheck.silhouette import Outline, bend_deg, hollow

# Depth and place are two metrics, and every exercise asks for them.
_N_REMEMBERED = 2


@lru_cache(_N_REMEMBERED)
def _above(outline: Outline) -> tuple[float, float]:
    return hollow(outline.above)


@lru_cache(_N_REMEMBERED)
def _below(outline: Outline) -> tuple[float, float]:
    return hollow(outline.below)


def _of_outline(value: Callable[[Outline], float]) -> Formula:
    def formula(pose: Pose, side: Side) -> float:  # noqa: ARG001 - the outline is of both
        return value(pose.back) if pose.back else math.nan

    return formula


def side_on(metric: Metric, broadest: float) -> Metric:
    """Return a metric that is NaN where the shoulders are broader, in trunks: seen obliquely.

    There arms, breasts and shoulder blades are part of the outline.
    """

    def formula(pose: Pose, side: Side) -> float:
        square = VIEW.measure(pose, side) <= broadest
        return metric.measure(pose, side) if square else math.nan

    return Metric(metric.name, metric.unit, formula)


BACK_BEND = Metric("back_bend_deg", "deg", _of_outline(lambda outline: bend_deg(outline.above)))
"""Belly down: how sharply the back's outline bends in at the small of the back, about 20 in good
planks of real people, 7 to 32 in nine of ten; 10 more for 10 degrees more of arching."""
BACK_HOLLOW = Metric("back_hollow_ratio", "ratio", _of_outline(lambda outline: _above(outline)[0]))
"""Belly down: how deep the small of the back lies under a cloth stretched from shoulders to seat,
in trunks."""
BACK_HOLLOW_AT = Metric(
    "back_hollow_at_ratio", "ratio", _of_outline(lambda outline: _above(outline)[1])
)
"""Where that is deepest: 0 at the shoulders, 1 at the hips."""
LOW_BACK_GAP = Metric(
    "low_back_gap_ratio", "ratio", _of_outline(lambda outline: _below(outline)[0])
)
"""On the back: how high the small of the back is over the line from shoulders to seat, in trunks;
lying flat 0.01 to 0.04."""
