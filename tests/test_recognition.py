"""Which exercise it is: on tiny bodies that plank and crunch, one after the other."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bodies import (
    Move,
    Plank,
    clip,
    crunches,
    mirrored,
    one_after_the_other,
    push_ups,
    scaled,
    standing,
    without,
)
from side_bodies import SidePlank

from formcheck import EXERCISES
from formcheck.holds import State
from formcheck.protocols import protocol_named
from formcheck.recognition import Recognition
from formcheck.report import as_json
from formcheck.review import also_done
from formcheck.summary import Source
from formcheck.terminal import console, show_summary
from formcheck.training import Plan

THREE = (Move(), Move(), Move())
TURNED_S = 2.0  # to change from one posture to another


def followed(*scenes):
    """Fold what is seen in some scenes, one after the other; what is current at each time."""
    known, current = Recognition.of(EXERCISES), []
    for pose in one_after_the_other(*scenes):
        known = known.after(pose)
        current.append((pose.time_s, known.session.exercise.name))
    return known, current


def nobody(seconds=TURNED_S):
    return clip((seconds, None))


def names(current):
    """Return the exercises in the order in which they were current."""
    kept = []
    for _, name in current:
        if not kept or kept[-1] != name:
            kept.append(name)
    return kept


def side_plank(seconds):
    return (SidePlank().pose(index / 10) for index in range(round(10 * seconds)))


@pytest.mark.parametrize(
    ("scene", "name"),
    [
        (lambda: clip((6, Plank())), "plank"),
        (lambda: clip((6, Plank(on_knees=True))), "plank"),
        (lambda: clip((6, Plank(sag_deg=12))), "plank"),
        (lambda: side_plank(6), "side-plank"),
        (lambda: crunches(*THREE), "crunch"),
        (lambda: crunches(Move(lift_deg=75), Move(lift_deg=75)), "crunch"),
    ],
)
def test_an_exercise_is_recognised(scene, name):
    for seen in (scene(), map(mirrored, scene()), (scaled(pose, 0.5) for pose in scene())):
        known, current = followed(seen)
        assert known.summary().exercise.name == name
        assert known.summary().others == ()
        assert names(current) == ["none", name]


@pytest.mark.parametrize(
    "scene", [lambda: clip((6, standing())), lambda: push_ups(4, 2.0), lambda: nobody(6)]
)
def test_what_is_no_exercise_is_none(scene):
    known, current = followed(scene())
    summary = known.summary()
    assert (summary.exercise.name, summary.score, summary.others) == ("none", None, ())
    assert names(current) == ["none"]


def test_several_exercises_have_a_summary_each_with_its_times():
    known, current = followed(
        clip((6, Plank())), nobody(), crunches(*THREE), nobody(), side_plank(7)
    )
    summary = known.summary()
    first, *others = (summary, *summary.others)
    assert {each.exercise.name for each in (first, *others)} == {"plank", "crunch", "side-plank"}
    assert first.done_s == max(each.done_s for each in (first, *others))
    by_name = {each.exercise.name: each for each in (first, *others)}
    assert by_name["plank"].hold.total_s == pytest.approx(5.9, abs=0.3)
    assert len(by_name["crunch"].reps) == 3
    assert by_name["crunch"].reps[0].rep.top_s > 8
    assert by_name["side-plank"].hold.segments[0].start_s > by_name["crunch"].reps[-1].rep.end_s
    assert names(current) == ["none", "plank", "crunch", "side-plank"]


def test_a_short_change_changes_nothing():
    """Two frames of lying in a plank, and the model has lost its way: it is still a plank."""
    flicker = list(crunches(Move()))[:2]
    known, current = followed(clip((5, Plank())), flicker, clip((5, Plank())))
    assert names(current) == ["none", "plank"]
    assert known.summary().others == ()


def test_who_rests_on_the_back_after_a_plank_does_no_crunch():
    known, current = followed(clip((6, Plank())), nobody(), crunches(lie_s=15))
    assert names(current) == ["none", "plank"]
    assert known.summary().others == ()


def test_a_wish_for_one_exercise_looks_for_that_alone():
    (plank,) = (exercise for exercise in EXERCISES if exercise.name == "plank")
    known = Recognition.of([plank])
    for pose in crunches(*THREE):
        known = known.after(pose)
    assert known.summary().exercise is plank
    assert known.summary().hold.segments == ()


@pytest.mark.parametrize("lie_s", [0, 3])
def test_before_anything_is_recognised_it_is_said_what_cannot_be_judged(lie_s):
    """On the screen as in the summary: the feet are not in the picture."""
    lay = crunches(lie_s=lie_s)
    known, _ = followed(lay, clip((6, without(Plank().pose(), "ankle", "heel", "toe"))))
    assert known.session.clock.state is State.UNKNOWN
    assert "feet are not in the picture: move" in known.session.clock.note
    (unknown,) = known.summary().unknown
    assert unknown.note == known.session.clock.note
    with console.capture() as told:
        show_summary(known.summary(), Plan())
    assert "No exercise was recognised, so there is nothing to judge.\n" in told.get()


def test_all_that_was_done_is_told():
    known, _ = followed(clip((20, Plank())), nobody(), crunches(*THREE))
    summary = known.summary()
    (line,) = also_done(summary)
    assert line.startswith("0:2")
    assert "3 crunches" in line
    document = json.loads(json.dumps(as_json(summary), allow_nan=False))
    assert document["exercise"] == "plank"
    (other,) = document["others"]
    assert (other["exercise"], len(other["reps"]), other["source"]) == ("crunch", 3, None)
    assert "crunch.over-rise" in other["thresholds"]
    with console.capture() as told:
        show_summary(summary, Plan())
    assert "held 0:" in told.get()
    assert "3 repetitions" in told.get()


def test_a_test_of_what_was_done_besides_is_told_from_a_video_that_ended():
    """Curl-ups in time, and then a plank: there the cadence is lost, and the video goes on."""
    in_time = [Move(seconds=2.4, rest_s=0.6)] * 5
    known, _ = followed(crunches(*in_time), nobody(), clip((30, Plank())))
    source = Source("a.mp4", known.time_s, 100, 1280, 720)
    summary, plan = replace(known.summary(), source=source), Plan(protocol=protocol_named("acsm"))
    (other,) = as_json(summary, plan)["others"]
    assert (other["source"], other["protocol"]["ended_by"]) == (None, "cadence lost")
    with console.capture() as told:
        show_summary(summary, plan)
    assert "5 counted, over by cadence lost" in told.get()
