"""What a report says, before it becomes a page."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bodies import Move, Plank, clip, crunches, fold, lying_on_elbows

from formcheck import Session, exercise_named
from formcheck.review import certainty, complaints, figures, next_step, verdict
from formcheck.sets import Goal
from formcheck.summary import Source
from formcheck.terminal import console, show_summary
from formcheck.training import Plan, outcome

CRUNCH = exercise_named("crunch")
GOOD, SAG, MILD = Plank(), Plank(sag_deg=12), Plank(sag_deg=6)


def held(*parts):
    return fold(clip(*parts)).summary()


def repeated(*moves):
    return fold(crunches(*moves), Session.of(CRUNCH)).summary()


SLOW = Move(seconds=5)


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        (held((12, GOOD)), "A forearm plank of 12 seconds, all of it clean."),
        (held((75, GOOD)), "A forearm plank of 1:15 minutes, all of it clean."),
        (held((4, GOOD), (6, SAG)), "clean for 4 seconds; correct first: hips sag."),
        (
            held((6, SAG)),
            "A forearm plank of 6 seconds, none of it clean; correct first: hips sag.",
        ),
        (held((4, GOOD), (6, MILD)), "all of it clean; to watch: hips sag."),
        (
            held((6, GOOD), (4, lying_on_elbows()), (6, GOOD)),
            "Held 2 times, 11 seconds in all, all of it clean.",
        ),
        (held((6, lying_on_elbows())), "No plank was held, so there is nothing to judge."),
    ],
)
def test_the_verdict_on_a_hold(summary, words):
    assert verdict(summary).endswith(words)


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((SLOW,), "1 crunch, clean."),
        ((SLOW, SLOW, SLOW), "3 crunches, all of them clean."),
        ((SLOW, SLOW, replace(SLOW, lift_deg=60)), "2 of them clean; correct first: too high."),
        ((replace(SLOW, lift_deg=60),) * 2, "none of them clean; correct first: too high."),
        ((Move(seconds=2.2),) * 2, "all of them clean; to watch: too quick."),
        ((), "No crunch was seen, so there is nothing to judge."),
    ],
)
def test_the_verdict_on_repetitions(moves, words):
    assert verdict(repeated(*moves)).endswith(words)


def test_a_hint_that_became_a_fault_is_not_told_with_the_worst_of_the_fault():
    sinking = [(0.5, Plank(sag_deg=deg / 2)) for deg in range(30)]
    summary = held((5, GOOD), *sinking, (5, Plank(sag_deg=15)))
    levels = [fault.level.value for fault in summary.faults]
    assert levels == ["watch", "fault"]
    with console.capture() as told:
        show_summary(summary, Plan())
    assert told.get().count("at worst +15°") == 1


def test_what_is_to_be_corrected_comes_before_what_is_to_be_watched():
    summary = held((5, Plank(knee_deg=31)), (3, SAG), (5, GOOD), (2, SAG))
    found = complaints(summary)
    assert [(c.rule.code, c.level.value, len(c.faults)) for c in found] == [
        ("plank.hips-sag", "fault", 2),
        ("plank.knees", "watch", 1),
    ]
    assert found[0].name == "Hips sag"
    assert found[0].remedy == "lift them until you are straight"
    assert found[0].worst.worst == pytest.approx(12, abs=0.1)
    assert found[0].seconds == pytest.approx(4.9, abs=0.3)


def step(summary, goal=None):
    found = next_step(summary, Plan(goal=goal))
    return f"{found.title}: " + " ".join(text for text, _ in found.advice)


def test_the_next_step_follows_what_was_found():
    assert "easier: Try it on your knees" in step(held((4, GOOD), (6, SAG)))
    assert "as much, and cleaner" in step(held((4, GOOD), (6, MILD)))
    assert "a little more: Hold it for 15 seconds. A minute is" in step(held((12, GOOD)))
    assert "until 1:00.0 is reached" in step(held((12, GOOD)), goal=Goal(hold_s=60))
    assert "another view: Put the camera" in step(held((4, lying_on_elbows())))
    assert "Do 5 in a row" in step(repeated(SLOW, SLOW, SLOW))
    assert "a second set of 25" in step(repeated(*[SLOW] * 25))
    assert "spares the back" in step(repeated(replace(SLOW, lift_deg=60)))
    assert "cleaner" in step(repeated(Move(seconds=1))), "tempo is no fault of form"


def test_nobody_is_sent_beyond_five_minutes():
    assert "Hold it for 5:00 minutes." in step(held((290, GOOD)))
    assert "plenty" in step(held((305, GOOD)))


def test_numbers_are_told_with_what_they_mean():
    told = {f.label: (f.value, f.note) for f in figures(held((4, GOOD), (6, SAG)))}
    assert told["Clean"] == ("0:04.0", "40 % of it")
    assert told["First fault"] == ("0:04.0", "into the hold")
    told = {f.label: f.value for f in figures(repeated(SLOW, SLOW))}
    assert told["Trunk lift"] == "18°"
    assert figures(held((3, lying_on_elbows()))) == ()


def test_goals_are_told():
    assert outcome(held((12, GOOD)), Plan(goal=Goal(hold_s=10))) == ("goal of 0:10.0 reached",)
    assert outcome(repeated(SLOW), Plan(goal=Goal(n_reps=5))) == ("goal of 5: 0 of 1 sets reached",)


def test_how_sure_it_is():
    summary = held((6, GOOD), (4, Plank(breadth=1.2)))
    source = Source("a.mp4", 10.0, 100, 1280, 720, "it breaks off")
    words = " ".join(certainty(replace(summary, source=source), 0.1, ("Head up",)))
    for part in ("from the side, as it should", "of 0:10.0 (4", "turn side-on", "it breaks off",
                 "to be checked: head up", "within about 5°"):  # fmt: skip
        assert part in words, part
    assert "lower back" not in words, "it has a check of its own"
    assert "at an angle" in certainty(summary, 0.4)[0]
    assert "enough to see" in " ".join(certainty(held((6, GOOD)), math.nan))


def test_the_report_says_by_how_much_more_angles_can_be_off():
    summary = held((6, GOOD))
    assert "within about 5°" in " ".join(certainty(summary, 0.1, (), 5.2))
    words = " ".join(certainty(summary, 0.4, (), 7.1))
    assert "within about 7°" in words
    assert "2° farther out" in words
