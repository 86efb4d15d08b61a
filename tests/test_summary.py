from __future__ import annotations

import pytest
from bodies import PLANK

from formcheck.exercises.plank import HIPS_SAG, KNEES
from formcheck.holds import State, Stretch
from formcheck.rules import Episode, Verdict
from formcheck.summary import merged, summarise, without

OFF, HOLD, UNKNOWN = State.OFF, State.HOLD, State.UNKNOWN
STRETCHES = (
    Stretch(OFF, 0, 5),
    Stretch(HOLD, 5, 25, "forearm"),
    Stretch(UNKNOWN, 25, 30, "turn side-on"),
    Stretch(HOLD, 30, 40, "knee"),
)


def test_holds_add_up_and_the_longest_names_the_variant():
    summary = summarise(PLANK, STRETCHES, [])
    assert summary.hold.total_s == 30
    assert summary.variant == "forearm"
    assert summary.hold.first_fault_s is None
    assert [u.note for u in summary.unknown] == ["turn side-on"]
    assert summary.score == 100


def test_what_lies_outside_the_holds_is_no_fault():
    episodes = (Episode(Verdict.FAULT, 2, 8, 12.0), Episode(Verdict.FAULT, 26, 29, 20.0))
    (fault,) = summarise(PLANK, STRETCHES, [(HIPS_SAG, episodes)]).faults
    assert (fault.start_s, fault.end_s) == (5, 8)


def test_a_watch_is_told_only_where_there_is_no_fault():
    episodes = (Episode(Verdict.WATCH, 8, 20, 11.0), Episode(Verdict.FAULT, 10, 15, 11.0))
    faults = summarise(PLANK, STRETCHES, [(HIPS_SAG, episodes)]).faults
    assert [(f.level, f.start_s, f.end_s) for f in faults] == [
        (Verdict.WATCH, 8, 10),
        (Verdict.FAULT, 10, 15),
        (Verdict.WATCH, 15, 20),
    ]


def test_a_hint_that_one_only_passes_through_to_a_fault_is_not_told():
    episodes = (Episode(Verdict.WATCH, 9.5, 16, 11.0), Episode(Verdict.FAULT, 10, 15, 11.0))
    before, after = summarise(PLANK, STRETCHES, [(HIPS_SAG, episodes)]).faults
    assert (before.level, before.start_s) == (Verdict.FAULT, 10)
    assert (after.level, after.start_s, after.end_s) == (Verdict.WATCH, 15, 16)
    alone = (Episode(Verdict.WATCH, 9.5, 10, 5.0),)
    assert len(summarise(PLANK, STRETCHES, [(HIPS_SAG, alone)]).faults) == 1


def test_the_hold_clock_counts_clean_time():
    episodes = (Episode(Verdict.FAULT, 10, 15, 11.0),)
    hold = summarise(PLANK, STRETCHES, [(HIPS_SAG, episodes)]).hold
    assert hold.clean_s == 25
    assert hold.longest_clean_s == 10
    assert hold.first_fault_s == 5


def test_a_fault_costs_its_share_of_the_time_and_a_watch_less():
    fault = (Episode(Verdict.FAULT, 10, 16, 11.0),)
    watch = (Episode(Verdict.WATCH, 10, 16, 30.0),)
    summary = summarise(PLANK, STRETCHES, [(HIPS_SAG, fault), (KNEES, watch)])
    assert dict(summary.costs) == pytest.approx({"plank.hips-sag": 20.0, "plank.knees": 6.0})
    assert summary.score == 74


def test_the_score_does_not_fall_below_zero():
    episode = (Episode(Verdict.FAULT, 5, 40, 11.0),)
    assert summarise(PLANK, STRETCHES, [(HIPS_SAG, episode), (KNEES, episode)]).score == 0


def test_without_a_hold_there_is_no_score():
    summary = summarise(PLANK, (Stretch(OFF, 0, 9),), [])
    assert summary.score is None
    assert summary.variant is None


def test_spans():
    assert merged([(3, 4), (0, 1)]) == ((0, 1), (3, 4))
    assert without([(0, 4)], [(0, 1), (3, 9)]) == ((1, 3),)
    assert without([(0, 4)], [(0, 4)]) == ()
