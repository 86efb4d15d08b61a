"""A rule over time: what it takes to enter a level, to leave it, and what is remembered."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from formcheck.exercises.plank import HIPS_SAG
from formcheck.rules import Bounds, Episode, RuleWatch, Verdict

# Outside 4 it is a hint, outside 8 a fault, both after 1 s; cleared 1 inside.
RULE = replace(
    HIPS_SAG, watch=Bounds(high=4.0), fault=Bounds(high=8.0), clear=1.0, seconds=1.0, learn_s=0.0
)


def watched(*parts, fps=10, rule=RULE):
    """Fold values, each held for so many seconds, into a watch."""
    watch, index = RuleWatch(rule.code), 0
    for seconds, value in parts:
        for _ in range(round(seconds * fps)):
            watch = watch.after(index / fps, value, rule)
            index += 1
    return watch


def episodes(watch):
    return [(e.level, round(e.start_s, 2), round(e.end_s, 2)) for e in watch.episodes_so_far()]


def test_a_level_is_taken_only_once_it_has_lasted():
    assert watched((3, 0), (0.9, 6)).verdict is Verdict.GOOD
    assert watched((3, 0), (1.2, 6)).verdict is Verdict.WATCH
    assert watched((3, 0), (1.2, 9)).verdict is Verdict.FAULT


def test_an_episode_begins_when_the_bound_was_crossed():
    assert episodes(watched((3, 0), (2, 6), (3, 0))) == [(Verdict.WATCH, 3.0, 5.0)]


def test_a_fault_is_also_worth_watching_for_the_same_time():
    found = episodes(watched((3, 0), (2, 9), (3, 0)))
    assert sorted(found, key=str) == [(Verdict.FAULT, 3.0, 5.0), (Verdict.WATCH, 3.0, 5.0)]


def test_a_level_is_kept_until_the_value_is_well_inside():
    almost_back = watched((3, 0), (2, 6), (5, 3.5))
    assert almost_back.verdict is Verdict.WATCH
    assert watched((3, 0), (2, 6), (5, 2.5)).verdict is Verdict.GOOD


def test_a_value_that_swings_about_a_bound_does_not_flicker():
    watch = RuleWatch(RULE.code)
    verdicts = []
    for index in range(200):
        watch = watch.after(index / 10, 4.0 + 0.8 * (-1) ** index, RULE)
        verdicts.append(watch.verdict)
    assert sum(a is not b for a, b in pairwise(verdicts)) <= 1


@pytest.mark.parametrize("fps", [10, 24, 30, 60])
def test_the_frame_rate_changes_nothing_but_the_last_digit(fps):
    found = episodes(watched((3, 0), (2, 9), (3, 0), fps=fps))
    for _, start_s, end_s in found:
        assert start_s == pytest.approx(3.0, abs=1 / fps)
        assert end_s == pytest.approx(5.0, abs=1 / fps)


def test_the_worst_value_is_kept_with_its_sign():
    below = replace(RULE, watch=Bounds(low=-20.0), fault=Bounds(low=-30.0))
    watch = watched((1, 0), (1, -25), (0.5, -28), (1, -24), (2, 0), rule=below)
    assert [e.worst for e in watch.episodes] == [-28]


def test_a_short_gap_in_what_is_seen_ends_nothing():
    watch = watched((3, 0), (2, 6), (0.8, math.nan), (2, 6))
    assert episodes(watch) == [(Verdict.WATCH, 3.0, 7.7)]


def test_two_bad_values_with_nothing_seen_between_are_none_that_lasts():
    """They may be two flickers; and of an arm that hid the head for so long nothing is known."""
    flickers = watched((3, 0), (0.1, 9), (0.9, math.nan), (0.2, 9))
    assert flickers.verdict is Verdict.GOOD
    assert episodes(watched((3, 0), (0.1, 9), (0.9, math.nan), (1.2, 9)))[0][1] == 4.0


@pytest.mark.parametrize("fps", [5, 7.5, 30])
def test_a_frame_that_does_not_show_it_does_not_keep_a_level_from_being_taken(fps):
    missing = ((1, 9), (1, math.nan), (2, 9)) * 4
    parts = [(n / fps, value) for n, value in missing]
    (hint, fault) = watched((3, 0), *parts, (2, 9), fps=fps).episodes_so_far()
    assert (hint.start_s, fault.start_s) == pytest.approx((3.0, 3.0), abs=0.1)


def test_after_a_long_gap_nothing_is_known():
    watch = watched((3, 0), (2, 6), (1.5, math.nan))
    assert watch.verdict is Verdict.UNKNOWN
    assert watch.episodes == (Episode(Verdict.WATCH, 3.0, 4.9, 6),)


def test_what_was_never_seen_is_unknown_and_never_a_fault():
    watch = watched((10, math.nan))
    assert watch.verdict is Verdict.UNKNOWN
    assert episodes(watch) == []


def test_a_rule_on_ones_own_best_compares_with_the_best_of_this_hold():
    own = replace(RULE, watch=Bounds(low=-0.1), fault=Bounds(low=-0.2), clear=0.02, learn_s=2.0)
    good, sunk = watched((5, 0.9), rule=own), watched((5, 0.9), (3, 0.75), rule=own)
    assert good.verdict is Verdict.GOOD
    assert sunk.verdict is Verdict.WATCH
    assert sunk.episodes_so_far()[0].worst == pytest.approx(-0.15, abs=0.01)


def test_one_jump_of_a_landmark_is_nobodys_best():
    own = replace(RULE, watch=Bounds(low=-0.1), fault=Bounds(low=-0.2), clear=0.02, learn_s=2.0)
    assert watched((5, 0.9), (0.1, 1.5), (5, 0.9), rule=own).verdict is Verdict.GOOD


@pytest.mark.parametrize("fps", [10, 30])
def test_what_does_not_last_as_long_as_learning_takes_is_nobodys_best(fps):
    own = replace(RULE, watch=Bounds(low=-0.1), fault=Bounds(low=-0.2), clear=0.02, learn_s=3.0)
    for parts in ([(5, 0.9), (2, 1.5), (5, 0.9)], [(2, 1.5), (8, 0.9)]):
        assert watched(*parts, fps=fps, rule=own).verdict is Verdict.GOOD


def test_what_lasts_is_the_best():
    own = replace(RULE, watch=Bounds(low=-0.1), fault=Bounds(low=-0.2), clear=0.02, learn_s=3.0)
    risen = watched((5, 0.9), (8, 1.2), rule=own)
    assert risen.best.value == pytest.approx(1.2, abs=0.02)


LOWEST = replace(RULE, watch=Bounds(high=4.0), fault=Bounds(high=6.0), clear=0.5, learn_s=2.0)


def test_where_high_values_are_wrong_ones_own_best_is_the_lowest():
    risen = watched((5, 20), (3, 25), rule=LOWEST)
    assert risen.best.value == 20
    assert risen.verdict is Verdict.WATCH
    assert watched((5, 25), (3, 20), (3, 25), rule=LOWEST).verdict is Verdict.WATCH


def test_nobodys_own_best_is_worse_than_a_best_can_be():
    capped = replace(LOWEST, best=Bounds(high=40.0))
    assert watched((5, 43), rule=capped).verdict is Verdict.GOOD
    assert watched((5, 45), rule=capped).verdict is Verdict.WATCH
    assert watched((5, 50), rule=capped).verdict is Verdict.FAULT
    assert watched((5, 50), rule=LOWEST).verdict is Verdict.GOOD


def test_bounds_may_be_on_both_sides():
    both = Bounds(-1.0, 2.0)
    assert both.excess(-3) == 2
    assert both.excess(2.5) == 0.5
    assert both.excess(0) < 0
    assert not both.holds(math.nan)
