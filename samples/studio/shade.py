"""How much of the window's and of the sky's light reaches a point past the people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samples.studio.compiling import compiled
from samples.studio.fields import FAR_M
from samples.studio.grid import about_m, exact_m
from samples.studio.triples import along, smooth

if TYPE_CHECKING:
    from samples.studio.grid import Grid
    from samples.studio.packing import Shapes
    from samples.studio.room import Light
    from samples.studio.triples import Triple

_N_STEPS = 48
_FIRST_M = 0.012
_STEP_M = (0.012, 0.10)
_FARTHEST_M = 1.5
_DARK = -0.6  # this far inside, relative to the window's size, no light comes past


@compiled
def box_passage(low: Triple, high: Triple, start: Triple, way: Triple) -> tuple[float, float]:
    """Return where a ray enters a box and leaves it again; not in order where it misses."""
    enter, leave = 0.0, FAR_M
    for axis in range(3):
        if abs(way[axis]) < 1e-12:  # noqa: PLR2004 -- along the walls of the box
            if not low[axis] < start[axis] < high[axis]:
                return FAR_M, 0.0
            continue
        a, b = (low[axis] - start[axis]) / way[axis], (high[axis] - start[axis]) / way[axis]
        enter, leave = max(enter, min(a, b)), min(leave, max(a, b))
    return enter, leave


@compiled
def window_share(grid: Grid, light: Light, point: Triple) -> float:
    """Return how much of the window a point sees, 0 to 1."""
    enter, leave = box_passage(grid.low, grid.high, point, light.toward)
    gone, least = max(_FIRST_M, enter), 1.0
    leave = min(leave, _FARTHEST_M)
    for _ in range(_N_STEPS):
        if gone > leave or least < _DARK:
            break
        distance = about_m(grid, along(point, light.toward, gone))
        least = min(least, light.hardness * distance / gone)
        gone += min(max(0.8 * distance, _STEP_M[0]), _STEP_M[1])
    return smooth((least - _DARK) / (1 - _DARK))


@compiled
def sky_share(grid: Grid, shapes: Shapes, point: Triple, normal: Triple) -> float:
    """Return how open a place on a person is: 1 on a free bulge, near 0 in a fold."""
    closed, weight = 0.0, 0.42
    for i in range(5):
        out_m = 0.012 + 0.036 * i * (1 + 0.35 * i)
        there = along(point, normal, out_m)
        distance = exact_m(grid, shapes, there) if i == 0 else about_m(grid, there)
        distance = min(distance, there[1] - 0.006)  # the mat closes in as well
        closed += weight * max(out_m - distance, 0.0) / out_m
        weight *= 0.78
    return max(1 - 0.62 * closed, 0.05)


@compiled
def floor_sky_share(grid: Grid, point: Triple) -> float:
    """Return how open a place on the floor is."""
    closed, weight = 0.0, 0.40
    for i in range(5):
        up_m = 0.015 + 0.05 * i * (1 + 0.30 * i)
        distance = about_m(grid, along(point, (0.0, 1.0, 0.0), up_m))
        closed += weight * max(up_m - distance, 0.0) / up_m
        weight *= 0.8
    return max(1 - 0.75 * closed, 0.06)
