from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck import geometry, landmarks, review, rules, summary, wording

coordinate = st.floats(-4000, 4000)
point = st.tuples(coordinate, coordinate)


@pytest.mark.parametrize("module", [geometry, landmarks, review, rules, summary, wording])
def test_the_examples_in_the_documentation_run(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


@given(point, point, point)
def test_a_turn_changes_sign_in_the_mirror(a, b, c):
    def mirror(p):
        return -p[0], p[1]

    turn = geometry.turn_deg(a, b, c)
    mirrored = geometry.turn_deg(mirror(a), mirror(b), mirror(c))
    if math.isnan(turn):
        assert math.isnan(mirrored)
    else:
        assert math.isclose((turn + mirrored) % 360, 0, abs_tol=1e-6) or math.isclose(
            (turn + mirrored) % 360, 360, abs_tol=1e-6
        )


@given(point, point, point)
def test_above_does_not_depend_on_which_end_is_named_first(p, a, b):
    one, other = geometry.above(p, a, b), geometry.above(p, b, a)
    assert one == other or math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-4) or math.isnan(one)


def test_lines_and_angles_of_coinciding_points_are_unknown():
    here = (3.0, 4.0)
    assert math.isnan(geometry.turn_deg(here, here, (0, 0)))
    assert math.isnan(geometry.above((0, 0), here, here))
    assert math.isnan(geometry.along((0, 0), here, here))


def test_what_is_computed_from_an_unknown_point_is_unknown():
    nowhere = (math.nan, math.nan)
    assert math.isnan(geometry.turn_deg((0, 0), nowhere, (5, 5)))
    assert math.isnan(geometry.above(nowhere, (0, 0), (5, 5)))
    assert math.isnan(geometry.along((1, 1), (0, 0), nowhere))
    assert math.isnan(geometry.rise_deg((0, 0), nowhere))


def test_a_line_straight_up_has_no_side_above():
    assert math.isnan(geometry.above((1, 1), (0, 0), (0, 10)))
