"""Curves and bars: what is drawn is what was measured."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.charts import WIDTH, Axis, marks, path, side_labels, spans, ticks, value_axis
from formcheck.exercises.plank import HIPS_SAG
from formcheck.metrics_log import LEVELS
from formcheck.rules import Verdict

GOOD, WATCH, FAULT, UNKNOWN = range(4)
UP = Axis(0.0, 10.0, 100.0)


def points(drawn):
    parts = re.findall(r"M[^M]*", drawn)
    return [[tuple(map(float, p.split())) for p in part[1:].split("L")] for part in parts]


def test_a_curve_goes_through_what_was_measured():
    drawn = path(np.array([0.0, 1, 2]), np.array([0.0, 10, 5]), Axis(0, 2, WIDTH), UP)
    assert points(drawn) == [[(0, 100), (500, 0), (1000, 50)]]


def test_a_curve_has_a_gap_where_nothing_is_known():
    values = np.array([1.0, 1, math.nan, 2, math.nan])
    drawn = points(path(np.arange(5.0), values, Axis(0, 4, WIDTH), UP))
    assert [len(part) for part in drawn] == [2, 2]
    assert drawn[1][0] == drawn[1][1] == (750, 80), "a single point is a dot"


def test_nothing_known_is_nothing_drawn():
    assert path(np.arange(3.0), np.full(3, math.nan), Axis(0, 2, WIDTH), UP) == ""


def test_a_long_curve_is_thinned_and_keeps_its_extremes():
    times_s = np.arange(9000) / 30
    values = 5 + np.sin(times_s)
    values[4321], values[7000] = 9.5, 0.5
    (drawn,) = points(path(times_s, values, Axis(0, 300, WIDTH), UP))
    assert len(drawn) <= 800
    assert (round(1000 * 4321 / 9000, 1), 5.0) in drawn
    assert max(y for _, y in drawn) == 95
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)


@pytest.mark.parametrize("end_s", [0.9, 4.9, 12.0, 59.0, 301.0, 3600.0, 20000.0])
def test_times_along_the_axis_are_few_and_round(end_s):
    labels = [tick.label for tick in ticks(end_s)]
    assert 2 <= len(labels) <= 7
    assert len(set(labels)) == len(labels)
    assert all(0 <= tick.x <= 100 for tick in ticks(end_s))


@given(st.floats(-500, 500), st.floats(0.01, 500))
def test_values_up_the_side_are_few_and_within(low, extent):
    up = value_axis(np.array([low, low + extent]))
    labels = side_labels(up, "deg")
    assert 1 <= len(labels) <= 5
    assert all(0 <= y <= up.size for y, _ in labels)


def test_bounds_lie_where_their_values_do():
    watch, fault = marks((HIPS_SAG,), Axis(-10.0, 10.0, 100.0))
    assert (watch.label, watch.y, watch.beyond) == ("watch 4°", 30, (0, 30))
    assert (fault.label, fault.y, fault.beyond) == ("fault 8°", 10, (0, 10))


def bars(codes, end_s=None):
    times_s = np.arange(len(codes)) / 10
    found = spans(times_s, np.array(codes, np.int8), end_s or len(codes) / 10, (*LEVELS, None))
    return [(span.level, span.left, span.width) for span in found]


def test_bars_have_the_length_of_what_lasted():
    assert bars([GOOD] * 50 + [FAULT] * 25 + [4] * 25) == [
        (Verdict.GOOD, 0, 50),
        (Verdict.FAULT, 50, 25),
    ]


def test_a_short_fault_in_a_long_video_is_still_seen():
    codes = [GOOD] * 20_000
    codes[7000] = FAULT
    assert [level for level, _, _ in bars(codes)] == [Verdict.GOOD, Verdict.FAULT, Verdict.GOOD]


def test_a_moment_that_is_unknown_does_not_hide_the_rest():
    codes = [UNKNOWN if index % 50 == 0 else GOOD for index in range(20_000)]
    assert bars(codes) == [(Verdict.GOOD, 0, 100)]


def test_no_frame_is_no_bar():
    assert bars([], 1.0) == []
