"""The measure that the program is judged by has to be right itself."""

from __future__ import annotations

import math

import pytest
from bodies import PLANK

from formcheck.agreement import Agreement, Segment, Share, agreement
from formcheck.exercises.plank import HIPS_SAG
from formcheck.holds import State, Stretch
from formcheck.rules import Episode, Verdict
from formcheck.summary import summarise

LABELS = (
    Segment(0, 5, "off"),
    Segment(5.4, 15, "hold", ("hips-sag",)),
    Segment(15.3, 20, "unjudgeable"),
    Segment(20, 30, "hold"),
)


def summary(*stretches, faults=()):
    return summarise(PLANK, [Stretch(*s) for s in stretches], [(HIPS_SAG, tuple(faults))])


RIGHT = (
    (State.OFF, 0, 5.2),
    (State.HOLD, 5.2, 15.1, "forearm"),
    (State.UNKNOWN, 15.1, 20.3, "turn side-on"),
    (State.HOLD, 20.3, 30, "forearm"),
)
SAG = (Episode(Verdict.WATCH, 5.5, 15, 6.0),)


def test_a_right_summary_agrees_with_all():
    found = agreement(summary(*RIGHT, faults=SAG), LABELS, 30)
    assert found.states.percent == 100
    assert found.found.percent == 100
    assert found.unknown.percent == 100
    assert found.good_fault.percent == 0
    assert found.unjudgeable_fault_s == 0
    assert max(found.borders_s) == pytest.approx(0.3)


def test_a_hold_that_was_missed_counts():
    found = agreement(summary((State.OFF, 0, 30)), LABELS, 30)
    assert math.inf in found.borders_s
    assert found.states.percent < 35
    assert found.unknown.percent == 0
    assert found.longest_hold_s == 0


def test_a_false_accusation_counts():
    wrong = Episode(Verdict.FAULT, 22, 25, 9.0)
    found = agreement(summary(*RIGHT, faults=(wrong,)), LABELS, 30)
    assert found.good_fault.part_s == pytest.approx(3)
    assert found.found.percent == 0


def test_a_border_between_labels_may_lie_anywhere_between_them():
    found = agreement(summary(*RIGHT, faults=SAG), LABELS[:2], 30)
    assert found.borders_s == (0, pytest.approx(0.0))
    late = agreement(summary((State.HOLD, 7, 15, "high")), LABELS[:2], 15)
    assert late.borders_s[0] == pytest.approx(1.6)


def test_agreements_add_up():
    one = Agreement(states=Share(8, 10), borders_s=(0.1,), longest_hold_s=3)
    both = one + Agreement(states=Share(10, 10), borders_s=(0.5,), longest_hold_s=2)
    assert both.states.percent == 90
    assert both.borders_s == (0.1, 0.5)
    assert both.longest_hold_s == 3
    assert math.isnan(both.found.percent)
