"""Side planks: told apart from rest, dips and other exercises; their checks; left and right."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from bodies import (
    PLANK,
    SIZE_WH,
    Plank,
    Supine,
    clip,
    fold,
    lying_on_elbows,
    mirrored,
    scaled,
    shifted,
    standing,
    without,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from side_bodies import SidePlank, dips, resting, side_sitting

from formcheck import Pose, Session, Verdict, exercise_named, metrics
from formcheck.canvas import VERDICT_COLOURS
from formcheck.coaching import Coach
from formcheck.exercises.side_plank import FOREARM
from formcheck.guide import Sighting, checks, first_hint
from formcheck.landmarks import HALVES, Side
from formcheck.overlay import draw
from formcheck.pipeline import Frame, Moment
from formcheck.review import certainty, figures, next_step, verdict
from formcheck.terminal import console, show_exercises, show_summary
from formcheck.training import Plan

EXERCISE = exercise_named("side-plank")
GOOD = SidePlank()
KNEES = SidePlank(on="knee")


def done(*parts, fps=10.0):
    """Return the session after bodies that are seen for so many seconds each."""
    poses = ((s, body.pose() if isinstance(body, SidePlank) else body) for s, body in parts)
    return fold(clip(*poses, fps=fps), Session.of(EXERCISE))


def held(summary):
    return [segment.note for segment in summary.hold.segments]


def found(summary):
    return [(f.rule.code.partition(".")[2], f.level) for f in summary.faults]


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("on", ["forearm", "hand", "knee"])
@pytest.mark.parametrize("arm", ["hip", "up"])
def test_forms_and_sides_are_told_apart_from_chest_and_back(on, side, arm):
    """With the head to the right, the left side is below for the chest, the right for the back."""
    body = SidePlank(side, on=on, arm=arm)
    for pose, own in ((body.pose(), side), (mirrored(body.pose()), side.other)):
        summary = done((5, pose)).summary()
        assert held(summary) == [f"{own} {on}"]
        assert summary.faults == ()
        assert summary.score == 100


@pytest.mark.parametrize("wrist_up", [-0.25, 0.0, 0.2])
def test_a_forearm_may_point_to_the_camera_or_away_from_it(wrist_up):
    assert held(done((4, SidePlank(wrist_up=wrist_up))).summary()) == ["left forearm"]


@pytest.mark.parametrize("sag_deg", [-30, -4, 0, 9])
@pytest.mark.parametrize("on", ["forearm", "hand", "knee"])
def test_the_angle_is_the_bend_at_the_supporting_hip(sag_deg, on):
    """Whatever the upper arm and leg do."""
    metric = metrics.sag_deg("knee" if on == "knee" else "ankle")
    for body in (SidePlank(sag_deg=sag_deg, on=on), SidePlank(sag_deg=sag_deg, on=on, leg_up=0.6)):
        assert metric.measure(body.pose(), Side.LEFT) == pytest.approx(sag_deg, abs=1e-4)


@pytest.mark.parametrize("part", ["shoulder", "hip"])
def test_what_is_stacked_is_seen_from_the_side_that_lies_below(part):
    pose, metric = SidePlank(sag_deg=0).pose(), metrics.stacked_deg(part, FOREARM)
    lower, upper = SidePlank(sag_deg=0).lower()["shoulder"], SidePlank(sag_deg=0).lower()["hip"]
    trunk_deg = math.degrees(math.atan2(lower[1] - upper[1], lower[0] - upper[0]))
    floor_deg = metrics.support_slope_deg(FOREARM).measure(pose, Side.LEFT)
    stacked_deg = 90 - trunk_deg - floor_deg
    assert metric.measure(pose, Side.LEFT) == pytest.approx(stacked_deg)
    assert metric.measure(pose, Side.RIGHT) == pytest.approx(-stacked_deg)


def test_a_shank_reaches_as_far_as_it_is_seen_beyond_the_knee():
    straight = metrics.SHANK_REACH.measure(GOOD.pose(), Side.LEFT)
    folded = metrics.SHANK_REACH.measure(KNEES.pose(), Side.LEFT)
    assert straight == pytest.approx(1.0)
    assert 0 < folded < 0.2


FAULTS = [
    (SidePlank(sag_deg=9), "hips-low", Verdict.WATCH),
    (SidePlank(sag_deg=14), "hips-low", Verdict.FAULT),
    (SidePlank(on="hand", sag_deg=15), "hips-low", Verdict.FAULT),
    (SidePlank(on="knee", sag_deg=8), "hips-low", Verdict.WATCH),
    (SidePlank(sag_deg=-25), "hips-high", Verdict.WATCH),
    (SidePlank(sag_deg=-36), "hips-high", Verdict.FAULT),
    (SidePlank(offset=0.55), "elbow", Verdict.WATCH),
    (SidePlank(offset=-0.55), "elbow", Verdict.WATCH),
    (SidePlank(offset=0.72), "elbow", Verdict.FAULT),
    (SidePlank(on="hand", offset=0.47), "wrist", Verdict.WATCH),
    (SidePlank(on="hand", offset=-0.6), "wrist", Verdict.FAULT),
]


@pytest.mark.parametrize(("body", "code", "level"), FAULTS)
def test_each_fault_is_found_while_it_is_there_and_only_then(body, code, level):
    good = SidePlank(on=body.on)
    summary = done((5, good), (5, body), (5, good)).summary()
    assert found(summary) == [(code, level)]
    (fault,) = summary.faults
    assert fault.start_s == pytest.approx(5.0, abs=0.6)
    assert fault.end_s == pytest.approx(10.0, abs=0.6)


@pytest.mark.parametrize("sag_deg", [-15, -8, 0, 4])
@pytest.mark.parametrize("offset", [-0.3, 0.3])
def test_good_side_planks_of_many_kinds_have_no_fault(sag_deg, offset):
    for on in ("forearm", "hand"):
        summary = done((4, SidePlank(sag_deg=sag_deg, offset=offset, on=on))).summary()
        assert (held(summary), found(summary)) == ([f"left {on}"], [])


@pytest.mark.parametrize(
    "body",
    [resting(), side_sitting(), standing(), lying_on_elbows(), Plank().pose(), Supine().pose()],
)
def test_resting_sitting_standing_and_lying_are_no_side_plank(body):
    summary = done((8, body)).summary()
    assert (held(summary), found(summary), summary.score) == ([], [], None)


@pytest.mark.parametrize("period_s", [1.2, 2.0, 3.0])
def test_dips_are_not_taken_for_a_hold(period_s):
    assert held(fold(dips(6, period_s), Session.of(EXERCISE)).summary()) == []


def test_dips_end_a_hold():
    session = fold(dips(6, 1.6, start_s=5.0), done((5, GOOD)))
    (hold,) = session.summary().hold.segments
    assert hold.end_s == pytest.approx(5.0, abs=0.7)


def test_a_rest_between_two_holds_is_not_held():
    first, second = done((6, GOOD), (4, resting()), (6, GOOD)).summary().hold.segments
    assert first.end_s == pytest.approx(6.0, abs=0.3)
    assert second.start_s == pytest.approx(10.0, abs=0.6)


@pytest.mark.parametrize("breadth", [0.3, 1.7])
def test_what_is_seen_from_above_or_from_an_end_is_not_judged(breadth):
    """Rolled to or from the camera the body looks narrow; from the head or the feet, short."""
    summary = done((6, SidePlank(sag_deg=14, breadth=breadth))).summary()
    assert (held(summary), found(summary)) == ([], [])
    assert "chest nor your back" in summary.unknown[0].note


def test_what_is_out_of_the_picture_is_not_judged():
    for part, word in ((("ankle", "heel", "toe"), "feet"), (("hip",), "hips")):
        summary = done((5, without(SidePlank(sag_deg=14).pose(), *part))).summary()
        assert (held(summary), found(summary)) == ([], [])
        assert word in summary.unknown[0].note


@pytest.mark.parametrize("name", ["plank", "crunch", "bicycle-crunch"])
def test_a_side_plank_is_no_other_exercise(name):
    for body in (GOOD, SidePlank(on="hand", arm="up"), KNEES):
        summary = fold(clip((6, body.pose())), Session.of(exercise_named(name))).summary()
        assert not summary.reps
        assert name != "plank" or summary.hold.segments == ()


def test_a_side_plank_that_rises_and_sinks_is_no_crunch():
    """Its trunk rises as that of a crunch does; but shoulders and hips are one above the other."""
    crunch = Session.of(exercise_named("crunch"))
    for index in range(120):
        body = SidePlank(sag_deg=-4 - 18 * math.sin(index / 8))
        crunch = crunch.after(body.pose(index / 10))
    summary = crunch.summary()
    assert summary.reps == ()
    (unknown,) = summary.unknown
    assert "lie on your back" in unknown.note


STORY = ((2, standing()), (5, GOOD), (4, SidePlank(sag_deg=9)), (2, standing()))


def told(session):
    summary = session.summary()
    times = [(x.start_s, x.end_s) for x in (*summary.hold.segments, *summary.faults)]
    return held(summary), found(summary), times


bodies_ = st.builds(
    SidePlank,
    side=st.sampled_from(Side),
    sag_deg=st.floats(-40, 18),
    offset=st.floats(-0.7, 0.7),
    on=st.sampled_from(["forearm", "hand", "knee"]),
    arm=st.sampled_from(["hip", "up"]),
    leg_up=st.floats(0, 0.3),
)


@settings(max_examples=15)
@given(bodies_, st.floats(0.3, 3.0))
def test_mirrored_and_scaled_people_are_judged_alike(body, by):
    notes, faults, times = told(done((3, body)))
    assert told(done((3, scaled(body.pose(), by)))) == (notes, faults, times)
    own, other = body.side, body.side.other
    mirror = told(done((3, shifted(mirrored(body.pose()), -50, 20))))
    assert mirror == ([note.replace(own, other) for note in notes], faults, times)


@pytest.mark.parametrize("fps", [15, 24, 60])
def test_the_frame_rate_does_not_matter(fps):
    notes, faults, times = told(done(*STORY, fps=30))
    assert (notes, faults) == (["left forearm"], [("hips-low", Verdict.WATCH)])
    again = told(done(*STORY, fps=fps))
    assert again[:2] == (notes, faults)
    assert np.array(again[2]) == pytest.approx(np.array(times), abs=0.2)


BOTH = ((6, GOOD), (3, standing()), (8, SidePlank(Side.RIGHT)))


def test_left_and_right_have_their_own_times():
    session = done(*BOTH)
    summary = session.summary()
    assert held(summary) == ["left forearm", "right forearm"]
    (first, right_s), (second, left_s) = summary.hold.variants
    assert (first, second) == ("right forearm", "left forearm")
    assert (right_s, left_s) == (pytest.approx(8, abs=0.6), pytest.approx(6, abs=0.3))
    assert "right forearm 0:0" in figures(summary)[0].note
    with console.capture() as written:
        show_summary(summary, Plan())
    assert "Side plank: held 0:1" in written.get()
    assert ", left forearm 0:05.9)" in written.get()
    assert verdict(summary) == "Held 2 times, 13 seconds in all, all of it clean."


def test_turning_to_the_other_side_without_a_pause_begins_a_new_segment():
    assert held(done((5, GOOD), (5, SidePlank(Side.RIGHT))).summary()) == [
        "left forearm", "right forearm",
    ]  # fmt: skip


def hint_for(pose):
    session = fold([pose], Session.of(EXERCISE))
    return first_hint(checks(Sighting(pose, SIZE_WH, 120.0), session))


def facing():
    """Return somebody who stands with the chest to the camera."""
    xy = standing().xy.copy()
    for part, half_px in (("shoulder", 65), ("hip", 36)):
        xy[getattr(HALVES[Side.LEFT], part)] += (half_px, 0)
        xy[getattr(HALVES[Side.RIGHT], part)] -= (half_px, 0)
    return Pose(0.0, xy, standing().visibility)


def test_the_guide_asks_for_the_chest_or_the_back():
    assert hint_for(facing()) is None
    assert hint_for(GOOD.pose()) is None
    hint = hint_for(standing())
    assert (hint.code, hint.shown) == ("view", "Turn your chest or your back to the camera")
    of_plank = checks(Sighting(facing(), SIZE_WH, 120.0), fold([facing()]))
    assert first_hint(of_plank).spoken == "Turn side-on"


def test_the_report_says_how_it_was_filmed():
    summary = done((5, GOOD)).summary()
    assert "from the front or the back, as it should" in certainty(summary, 0.65)[0]
    assert "chest or your back" in certainty(summary, 0.45)[0]
    (advice,) = next_step(done((5, resting())).summary(), Plan()).advice
    assert "film the whole body from the front or the back" in advice[0]
    low = next_step(done((5, SidePlank(sag_deg=14))).summary(), Plan())
    assert "on your knees" in low.advice[0][0]


def colours_of_thigh(image, pose, side):
    hip, knee = (np.array(pose.at(getattr(HALVES[side], part))) for part in ("hip", "knee"))
    x, y = np.round((hip + knee) / 2).astype(int)
    return {tuple(pixel) for pixel in image[y - 3 : y + 4, x].tolist()}


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(("sag_deg", "level"), [(-4, Verdict.GOOD), (14, Verdict.FAULT)])
def test_the_line_is_drawn_on_the_supporting_side(side, sag_deg, level):
    body = SidePlank(side, sag_deg=sag_deg)
    session, pose = done((5, body)), body.pose(4.9)
    image = draw(Moment(Frame(4.9, np.full((720, 1280, 3), 200, np.uint8)), pose, session))
    colour = tuple(VERDICT_COLOURS[level])
    assert colour in colours_of_thigh(image, pose, side)
    assert colour not in colours_of_thigh(image, pose, side.other)


def test_hips_that_hang_are_spoken_of():
    session, coach, said = Session.of(EXERCISE), Coach(Plan()), []
    body = replace(GOOD, sag_deg=14)
    for pose in clip((6, GOOD.pose()), (6, body.pose())):
        session = session.after(pose)
        coach = coach.after(session, Sighting(pose, SIZE_WH, 120.0))
        said += [each.line.text for each in coach.narrator.said]
    assert "Lift your hips" in said


def test_every_check_is_listed_with_where_the_camera_stands():
    with console.capture() as written:
        show_exercises([EXERCISE, PLANK])
    assert "Side plank (side-plank), camera: front or back" in written.get()
    assert "Plank (plank), camera: side\n" in written.get()
    assert [rule.code for rule in EXERCISE.rules] == [
        "side-plank.hips-low", "side-plank.hips-high", "side-plank.elbow", "side-plank.wrist",
    ]  # fmt: skip
    assert all(len(rule.cue.spoken.split()) <= 5 for rule in EXERCISE.rules)
