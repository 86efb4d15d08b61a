from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bodies import Move, Plank, clip, crunches, fold, standing

from formcheck.exercises import exercise_named
from formcheck.read_back import summary_in
from formcheck.report import as_json
from formcheck.session import Session
from formcheck.summary import Source

SOURCE = Source("a.mp4", 14.0, 140, 1280, 720, "2 pictures damaged or missing")
POSES = {
    "plank": lambda: clip((2, standing()), (6, Plank()), (6, Plank(sag_deg=14.0)), (3, None)),
    "crunch": lambda: crunches(*[Move()] * 2, Move(lift_deg=60.0), Move(neck_deg=110.0)),
}


@pytest.mark.parametrize("name", POSES)
def test_what_was_written_is_read_again(name):
    exercise = exercise_named(name)
    summary = replace(fold(POSES[name](), Session.of(exercise)).summary(), source=SOURCE)
    document = json.loads(json.dumps(as_json(summary)))
    assert document["faults"]
    again = as_json(summary_in(document, [exercise]))
    for rep, other in zip(document["reps"] or (), again["reps"] or (), strict=True):
        assert rep.pop("duration_s") == pytest.approx(other.pop("duration_s"), abs=0.0011)
    assert json.loads(json.dumps(again)) == document


def test_a_summary_of_another_exercise_is_refused():
    plank, crunch = exercise_named("plank"), exercise_named("crunch")
    document = as_json(fold(POSES["crunch"](), Session.of(crunch)).summary())
    with pytest.raises(ValueError, match="no exercise"):
        summary_in(document, [plank])
