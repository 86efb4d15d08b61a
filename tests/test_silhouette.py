"""The outline of a trunk, on silhouettes that are drawn so that it is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from formcheck.back import BACK_BEND, BACK_HOLLOW, BACK_HOLLOW_AT, LOW_BACK_GAP, side_on
from formcheck.landmarks import Landmark, Pose, Side
from formcheck.silhouette import STATIONS, Outline, SteadyOutline, bend_deg, hollow, hull

# A trunk of 200 pixels from (400, 250) to (200, 250): head to the right, 40 thick above and below.
SHOULDERS, HIPS, THICK = (400.0, 250.0), (200.0, 250.0), 0.2
BENT_AT = 0.7


def bent(deg, at=BENT_AT):
    """Return an outline that bends in by so many degrees at one place."""
    return THICK + math.tan(math.radians(deg / 2)) * np.abs(STATIONS - at)


def silhouette(above, below=None, size_wh=(640, 480), soft_px=1.5):
    """Return a mask whose outline is where it is said to be, soft at its edge as a model's is."""
    x, y = np.meshgrid(np.arange(size_wh[0]), np.arange(size_wh[1]))
    u = (SHOULDERS[0] - x) / 200.0
    top, bottom = (
        np.interp(u, STATIONS, edge) * 200.0 for edge in (above, above if below is None else below)
    )
    off_px = np.minimum(top - (250.0 - y), bottom - (y - 250.0))
    mask = np.clip(0.5 + off_px / (2 * soft_px), 0.0, 1.0)
    return np.where((u >= STATIONS[0]) & (u <= STATIONS[-1]), mask, 0.0).astype(np.float32)


def outline_of(mask, shoulders=SHOULDERS, hips=HIPS, scale=1.0):
    return Outline.of(mask, shoulders, hips, scale)


@pytest.mark.parametrize("deg", [0, 10, 25, 45])
def test_heights_and_bend_are_those_that_were_drawn(deg):
    found = outline_of(silhouette(bent(deg)))
    inside = slice(1, -1)
    assert found.above[inside] == pytest.approx(bent(deg)[inside], abs=0.004)
    assert found.below[inside] == pytest.approx(bent(deg)[inside], abs=0.004)
    assert bend_deg(found.above) == pytest.approx(deg, abs=0.6)


def test_a_back_that_is_rounded_has_no_hollow():
    rounded = 0.4 - 0.2 * (STATIONS - 0.5) ** 2
    found = outline_of(silhouette(rounded))
    assert bend_deg(found.above) < 0
    assert hollow(found.above)[0] == pytest.approx(0, abs=0.004)


def test_the_hollow_is_told_with_its_place():
    depth, station = hollow(outline_of(silhouette(bent(30))).above)
    # A straight cloth from 0.1 (0.361 high) to 1.18 (0.329 high) is 0.143 above the bend.
    assert depth == pytest.approx(0.143, abs=0.005)
    assert station == pytest.approx(BENT_AT, abs=0.03)


def test_a_cloth_lies_on_what_is_not_hollow():
    heights = bent(30)
    cloth = hull(heights)
    known = ~np.isnan(cloth)
    assert (cloth[known] >= heights[known] - 1e-12).all()
    assert np.isnan(hull(np.full_like(heights, np.nan))).all()


def test_above_is_up_whichever_way_the_body_faces():
    up, down = bent(30), np.full_like(STATIONS, THICK)
    right = outline_of(silhouette(up, down))
    mirrored = silhouette(up, down)[:, ::-1]
    left = outline_of(mirrored, (639 - SHOULDERS[0], 250.0), (639 - HIPS[0], 250.0))
    assert bend_deg(left.above) == pytest.approx(bend_deg(right.above), abs=0.3)
    assert bend_deg(left.below) == pytest.approx(0, abs=0.6)
    for found in (left, right):
        top = found.places(found.above)
        assert np.nanmax(top[:, 1]) < 250
        assert np.nanmin(found.places(-found.below)[:, 1]) > 250


def test_a_body_turned_in_the_picture_has_the_same_outline():
    upright = silhouette(bent(30), np.full_like(STATIONS, THICK)).T[::-1]  # the head is up
    found = Outline.of(upright, (250.0, 639 - 400.0), (250.001, 639 - 200.0), 1.0)
    bends = sorted((bend_deg(found.above), bend_deg(found.below)))
    assert bends == pytest.approx([0, 30], abs=0.8)


@pytest.mark.parametrize("scale", [0.5, 1.5])
def test_a_frame_of_another_size_than_the_mask_changes_nothing(scale):
    mask = silhouette(bent(20))
    ends = [tuple(value * scale for value in point) for point in (SHOULDERS, HIPS)]
    found = Outline.of(mask, *ends, 1 / scale)
    assert found.above[1:-1] == pytest.approx(outline_of(mask).above[1:-1], abs=0.004)
    assert found.places(found.above)[30] == pytest.approx(
        outline_of(mask).places(found.above)[30] * scale, abs=0.5
    )


def test_what_the_picture_does_not_show_is_not_known():
    cut = silhouette(bent(20))[215:]  # the picture begins 5 px below the outline's lowest part
    found = Outline.of(cut, (400.0, 35.0), (200.0, 35.0), 1.0)
    assert np.isnan(found.above[5:-5]).all()
    assert not np.isnan(found.below[5:-5]).any()
    assert math.isnan(bend_deg(found.above))
    assert math.isnan(hollow(found.above)[0])


@pytest.mark.parametrize("hips", [(math.nan, math.nan), SHOULDERS, (395.0, 250.0)])
def test_a_trunk_that_is_not_seen_or_tiny_has_no_outline(hips):
    assert np.isnan(outline_of(silhouette(bent(20)), hips=hips).above).all()


def test_a_place_outside_the_silhouette_has_no_height():
    mask = silhouette(bent(20))
    mask[:, 290:310] = 0.0
    assert np.isnan(outline_of(mask).above[(STATIONS > 0.46) & (STATIONS < 0.54)]).all()


def steady(outlines, fps):
    known = SteadyOutline()
    for index, outline in enumerate(outlines):
        known = known.after(index / fps, outline)
    return known


def flat(height, below=None):
    edges = (np.full_like(STATIONS, each) for each in (height, height if below is None else below))
    return Outline(SHOULDERS, HIPS, *edges)


@pytest.mark.parametrize("fps", [5, 15, 60])
def test_smoothing_takes_as_long_at_any_frame_rate(fps):
    n = fps  # a second
    known = steady([flat(0.2)] * n + [flat(0.22)] * round(0.4 * fps), fps).known
    # After 0.4 s with a time constant of 0.3 s a quarter of the way is left.
    assert known.above[30] == pytest.approx(0.22 - 0.02 * math.exp(-0.4 / 0.3), abs=1e-6)


def test_an_outline_that_jumps_is_not_believed_and_the_other_edge_is():
    shaky = [flat(0.2 + 0.15 * (index % 2), below=0.2) for index in range(30)]
    known = steady(shaky, 15).known
    assert np.isnan(known.above).all()
    assert known.below[30] == pytest.approx(0.2)
    calm = steady(shaky + [flat(0.2)] * 45, 15).known
    assert calm.above[30] == pytest.approx(0.2, abs=0.001)


def test_nothing_is_carried_over_a_gap_or_a_moment_without_anybody():
    assert steady([flat(0.2)] * 10 + [None], 10).known is None
    assert steady([flat(0.2)] * 10 + [None, flat(0.5)], 10).known.above[30] == 0.5
    assert steady([flat(0.2), flat(0.5)], 1).known.above[30] == 0.5


def test_parts_that_are_seen_at_last_are_taken_as_they_are():
    hidden = flat(0.2)
    hidden = replace(hidden, above=np.where(STATIONS > 0.5, np.nan, hidden.above))
    known = steady([hidden, flat(0.25)], 10).known
    assert known.above[-1] == 0.25
    assert 0.2 < known.above[0] < 0.25


def seen_with(outline, shoulders_apart_px=10.0):
    xy = np.full((33, 2), np.nan)
    for row, (x, y) in (
        (Landmark.LEFT_SHOULDER, SHOULDERS),
        (Landmark.RIGHT_SHOULDER, (SHOULDERS[0], SHOULDERS[1] + shoulders_apart_px)),
        (Landmark.LEFT_HIP, HIPS),
        (Landmark.RIGHT_HIP, HIPS),
    ):
        xy[row] = x, y
    return Pose(0.0, xy, np.full(33, 0.9), back=outline)


def test_metrics_read_the_outline_and_are_nan_without_one():
    pose = seen_with(outline_of(silhouette(bent(30), np.full_like(STATIONS, THICK))))
    assert BACK_BEND.measure(pose, Side.LEFT) == pytest.approx(30, abs=0.6)
    assert BACK_HOLLOW.measure(pose, Side.LEFT) == pytest.approx(0.143, abs=0.005)
    assert BACK_HOLLOW_AT.measure(pose, Side.LEFT) == pytest.approx(BENT_AT, abs=0.03)
    assert LOW_BACK_GAP.measure(pose, Side.LEFT) == pytest.approx(0, abs=0.005)
    for metric in (BACK_BEND, BACK_HOLLOW, BACK_HOLLOW_AT, LOW_BACK_GAP):
        assert math.isnan(metric.measure(seen_with(None), Side.LEFT))


def test_what_is_seen_obliquely_is_not_known():
    outline = outline_of(silhouette(bent(30)))
    metric = side_on(BACK_BEND, broadest=0.36)
    assert metric.measure(seen_with(outline, 60.0), Side.LEFT) == pytest.approx(30, abs=0.6)
    assert math.isnan(metric.measure(seen_with(outline, 80.0), Side.LEFT))


def test_a_part_of_a_picture_keeps_its_outline():
    pose = seen_with(outline_of(silhouette(bent(30))))
    part = pose.moved((2.0, 2.0), (-200.0, -100.0))
    assert BACK_BEND.measure(part, Side.LEFT) == BACK_BEND.measure(pose, Side.LEFT)
    assert part.back.shoulders == ((400 - 100) * 2, (250 - 50) * 2)
    assert part.middle_of_hips == ((200 - 100) * 2, (250 - 50) * 2)
