"""Whatever the pose model and the clock say: no error but at the door, and valid results."""

from __future__ import annotations

import json
import math
import os
from dataclasses import replace

import numpy as np
import pytest
from bodies import Move, Plank, clip, crunches
from hypothesis import given, settings
from hypothesis import strategies as st
from side_bodies import SidePlank

from formcheck import EXERCISES, Pose, Session, Side
from formcheck.coaching import Coach, Sighting
from formcheck.metrics_log import MetricsLog
from formcheck.page import report
from formcheck.pipeline import Moment
from formcheck.recognition import Recognition
from formcheck.report import as_json
from formcheck.training import Plan

N_EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "8"))  # more by hand
SIZE_WH = (1280, 720)
SCENES = (
    tuple(clip((5, Plank()), (3, Plank(sag_deg=15)))),
    tuple(crunches(Move(), Move(), fps=10)),
    tuple(SidePlank().pose(index / 10) for index in range(60)),
)
numbers = st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e300, -1e300])
steps_s = st.floats(1e-6, 100) | st.sampled_from([1e-9, 0.001, 0.1, 0.4, 3600.0, 1e9])
places = st.lists(st.integers(0, 32), max_size=33)
damages = st.lists(
    st.tuples(
        st.sampled_from(["number", "swap", "one point", "nobody", "unseen", "huge"]),
        st.integers(0, 59),
        st.integers(1, 30),
        places,
        numbers,
    ),
    max_size=5,
)


def spoilt(pose, kind, rows, number):
    """Return a pose with landmarks that no body has."""
    xy, visibility = pose.xy.copy(), pose.visibility.copy()
    if kind == "number":
        xy[rows] = number
    elif kind == "swap":
        xy = xy[::-1]
    elif kind == "one point":
        xy[:] = xy[24]
    elif kind == "huge":
        xy *= 1e150
    elif kind == "unseen":
        visibility[rows] = number
    else:
        return Pose.absent(pose.time_s)
    return Pose(pose.time_s, xy, visibility, np.full((33, 3), number))


@st.composite
def clips(draw):
    poses = list(draw(st.sampled_from(SCENES)))
    for kind, start, n, rows, number in draw(damages):
        poses[start : start + n] = [
            spoilt(pose, kind, rows, number) for pose in poses[start : start + n]
        ]
    usual_s, odd_s = draw(st.sampled_from([0.1, 0.03, 0.5])), draw(st.lists(steps_s, max_size=4))
    time_s, another_at = 0.0, draw(st.integers(0, 120))
    for index, pose in enumerate(poses):
        odd = index % 13 == 12 and odd_s
        step_s = odd_s[index // 13 % len(odd_s)] if odd else usual_s
        time_s = max(time_s + step_s, math.nextafter(time_s, math.inf))  # also after 30 years
        poses[index] = replace(pose, time_s=time_s, anew=index == another_at)
    return poses


def refused(word):
    raise AssertionError(word)


def valid(document):
    """Read JSON as strict programs do: it knows no NaN and no infinity."""
    return json.loads(json.dumps(document, allow_nan=False), parse_constant=refused)


@settings(max_examples=N_EXAMPLES)
@given(clips())
def test_whatever_is_seen_comes_to_a_valid_summary_and_page(poses):
    known, coach = Recognition.of(EXERCISES), Coach(Plan())
    logs = {session.exercise.name: MetricsLog(session.exercise) for session in known.sessions}
    for pose in poses:
        known = known.after(pose)
        coach = coach.after(known.session, Sighting(pose, SIZE_WH, 120.0))
        for moment in Moment(None, pose, known.session, known).of_each():
            logs[moment.session.exercise.name].take(moment)
    summary = known.summary()
    document = valid(as_json(summary))
    assert document["score"] is None or 0 <= document["score"] <= 100
    assert "nan" not in report(summary, Plan(), logs[summary.exercise.name], {}, None).lower()


@settings(max_examples=60)
@given(st.sampled_from(EXERCISES), numbers)
def test_only_a_time_that_follows_is_let_in(exercise, time_s):
    before = Session.of(exercise).after(Plank().pose(1.0))
    if math.isfinite(time_s) and time_s > 1:
        assert before.after(Plank().pose(time_s)).time_s == time_s
        return
    with pytest.raises(ValueError, match="does not follow"):
        before.after(Plank().pose(time_s))


@settings(max_examples=5 * N_EXAMPLES)
@given(st.lists(numbers, min_size=1, max_size=12), st.integers(0, 2**32))
def test_every_metric_is_a_number_or_unknown(values, seed):
    places = np.random.default_rng(seed).choice(values, (33, 2))
    pose = Pose(0.0, places, np.full(33, 0.9))
    for exercise in EXERCISES:
        for rule in exercise.rules:
            for side in Side:
                assert not math.isinf(rule.metric.measure(pose, side))
