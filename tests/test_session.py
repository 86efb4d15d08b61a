"""Whole sessions: the hold clock, the checks, the states, and what a camera may do to them."""

from __future__ import annotations

import math
from itertools import chain

import numpy as np
import pytest
from bodies import (
    PLANK,
    Plank,
    arched,
    at,
    changed,
    clip,
    fold,
    lying_on_elbows,
    mirrored,
    mountain_climbers,
    push_ups,
    scaled,
    shifted,
    standing,
    without,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck import Pose, Session, Verdict
from formcheck.holds import State

GOOD = Plank()


def states(session):
    return [
        (stretch.state, round(stretch.start_s, 1), round(stretch.end_s, 1), stretch.note)
        for stretch in session.clock.stretches_until(session.time_s)
    ]


def found(session):
    return [
        (f.rule.code, f.level, round(f.start_s, 1), round(f.end_s, 1))
        for f in session.summary().faults
    ]


def test_the_clock_starts_and_stops_by_itself():
    session = fold(clip((3, standing()), (10, GOOD), (4, standing())))
    off, hold, rest = states(session)
    assert (off[0], hold[0], rest[0]) == (State.OFF, State.HOLD, State.OFF)
    assert hold[1] == pytest.approx(3.0, abs=0.7)
    assert hold[2] == pytest.approx(12.9, abs=0.1)
    assert session.summary().hold.total_s == pytest.approx(hold[2] - hold[1], abs=0.1)


@pytest.mark.parametrize(
    ("body", "variant"),
    [
        (GOOD, "forearm"),
        (Plank(high=True), "high"),
        (Plank(on_knees=True, knee_deg=60), "knee"),
        (Plank(on_knees=True, high=True, knee_deg=60), "knee"),
    ],
)
def test_the_variants_are_told_apart(body, variant):
    summary = fold(clip((8, body))).summary()
    assert summary.variant == variant
    assert summary.faults == ()
    assert summary.score == 100


def test_lying_propped_on_the_elbows_is_no_plank():
    assert fold(clip((20, lying_on_elbows()))).summary().hold.segments == ()


@pytest.mark.parametrize("period_s", [1.2, 2.0, 3.0])
def test_push_ups_and_mountain_climbers_are_no_plank(period_s):
    assert fold(push_ups(8, period_s)).summary().hold.segments == ()
    assert fold(mountain_climbers(8, period_s)).summary().hold.segments == ()


def test_a_skeleton_that_flickers_on_a_fading_picture_ends_the_hold():
    """The model sees the ghost of a plank now and then, never for long."""
    ghost = [at(GOOD if index % 5 < 2 else None, 6 + index / 10) for index in range(60)]
    (hold,) = fold([*clip((6, GOOD)), *ghost]).summary().hold.segments
    assert hold.end_s == pytest.approx(6.0, abs=0.3)


def test_a_change_of_variant_begins_a_new_segment():
    summary = fold(clip((6, GOOD), (6, Plank(high=True)))).summary()
    assert [segment.note for segment in summary.hold.segments] == ["forearm", "high"]
    assert summary.hold.total_s == pytest.approx(11.9, abs=0.2)


def test_a_short_break_does_not_end_a_hold_and_a_long_one_does():
    short = fold(clip((6, GOOD), (1.2, standing()), (6, GOOD))).summary()
    long = fold(clip((6, GOOD), (4, standing()), (6, GOOD))).summary()
    assert len(short.hold.segments) == 1
    assert len(long.hold.segments) == 2


def test_somebody_who_passes_before_the_camera_does_not_end_a_hold():
    assert len(fold(clip((6, GOOD), (1, None), (6, GOOD))).summary().hold.segments) == 1


def test_getting_into_position_is_not_yet_holding():
    moving = [
        changed(GOOD, sag_deg=sag).pose(index / 10)
        for index, sag in enumerate(np.linspace(-70, -5, 25))
    ]
    still = [at(GOOD, 2.5 + index / 10) for index in range(60)]
    (hold,) = fold([*moving, *still]).summary().hold.segments
    assert hold.start_s == pytest.approx(2.4, abs=0.5)


FAULTS = [
    (changed(GOOD, sag_deg=12), "plank.hips-sag", Verdict.FAULT),
    (changed(GOOD, sag_deg=6), "plank.hips-sag", Verdict.WATCH),
    (changed(GOOD, sag_deg=-45), "plank.hips-pike", Verdict.FAULT),
    (changed(GOOD, sag_deg=-27), "plank.hips-pike", Verdict.WATCH),
    (changed(GOOD, knee_deg=40, sag_deg=-12), "plank.knees", Verdict.FAULT),
    (changed(GOOD, knee_deg=32), "plank.knees", Verdict.WATCH),
    (changed(GOOD, gaze_deg=25), "plank.head-up", Verdict.FAULT),
    (changed(GOOD, gaze_deg=50), "plank.head-up", Verdict.WATCH),
    (changed(GOOD, gaze_deg=148), "plank.head-down", Verdict.FAULT),
    (changed(GOOD, gaze_deg=131), "plank.head-down", Verdict.WATCH),
    (changed(GOOD, hand_offset=0.55), "plank.elbows", Verdict.FAULT),
    (changed(GOOD, hand_offset=-0.61), "plank.elbows", Verdict.WATCH),
    (Plank(high=True, hand_offset=0.6), "plank.wrists", Verdict.FAULT),
    (Plank(high=True, hand_offset=-0.47), "plank.wrists", Verdict.WATCH),
    (Plank(on_knees=True, knee_deg=60, sag_deg=-40), "plank.hips-pike", Verdict.FAULT),
]


@pytest.mark.parametrize(("body", "code", "level"), FAULTS)
def test_each_fault_is_found_while_it_is_there_and_only_then(body, code, level):
    """Before and after the fault, the same plank is good."""
    good = Plank(high=body.high, on_knees=body.on_knees, knee_deg=60 if body.on_knees else 5)
    session = fold(clip((6, good), (6, body), (6, good)))
    others = {f[0] for f in found(session)} - {code}
    # An arm that leans brings the shoulder down with it.
    assert others <= ({"plank.shoulders"} if code in ("plank.elbows", "plank.wrists") else set())
    worst = [f for f in found(session) if f[0] == code and f[1] is level]
    assert len(worst) == 1
    assert worst[0][2] == pytest.approx(6.0, abs=0.3)
    assert worst[0][3] == pytest.approx(12.0, abs=0.5)


def test_good_planks_of_many_kinds_have_no_fault():
    for sag in (-15, -8, 0, 3):
        for gaze in (70, 90, 115):
            for high in (False, True):
                body = Plank(sag_deg=sag, gaze_deg=gaze, high=high)
                assert found(fold(clip((6, body)))) == [], body


def test_shoulders_that_sink_are_seen_against_ones_own_best():
    """The upper arm leans but keeps its length: the shoulder comes down by a fifth."""
    sunk = changed(GOOD, hand_offset=-0.54)
    session = fold(clip((8, changed(GOOD, hand_offset=-0.1)), (6, sunk)))
    assert ("plank.shoulders", Verdict.WATCH) in {f[:2] for f in found(session)}


def levels(session, code):
    return {level for found_code, level, *_ in found(session) if found_code == code}


@pytest.mark.parametrize(("more_deg", "expected"), [(3, set()), (10, {Verdict.FAULT})])
@pytest.mark.parametrize("own_deg", [8, 25, 44])
def test_a_back_is_held_against_the_persons_own(own_deg, more_deg, expected):
    parts = (5, arched(GOOD, own_deg)), (4, arched(GOOD, own_deg + more_deg))
    session = fold(clip(*parts))
    assert levels(session, "plank.back-arch") == expected
    if expected:
        (fault,) = session.summary().faults
        assert fault.start_s == pytest.approx(5.0, abs=0.05)
        assert fault.worst == pytest.approx(more_deg, abs=0.1)


def test_a_back_that_arches_from_the_start_is_held_against_what_others_do():
    assert levels(fold(clip((6, arched(GOOD, 60)))), "plank.back-arch") == {Verdict.FAULT}


def test_a_back_without_an_outline_is_unknown_and_the_rest_is_judged():
    session = fold(clip((6, changed(GOOD, sag_deg=12))))
    assert session.verdict("plank.back-arch") is Verdict.UNKNOWN
    assert not session.knows("plank.back-arch")
    assert levels(session, "plank.hips-sag") == {Verdict.FAULT}


def test_a_back_whose_outline_comes_late_is_unknown_until_its_best_is_known():
    session = fold(clip((5, GOOD), (1, arched(GOOD, 30))))
    assert session.verdict("plank.back-arch") is Verdict.UNKNOWN
    session = fold(clip((5, GOOD), (2, arched(GOOD, 30))))
    assert session.verdict("plank.back-arch") is Verdict.GOOD


def test_hips_that_hang_a_little_are_a_fault_when_the_back_arches_with_them():
    hanging = changed(GOOD, sag_deg=6)
    alone = fold(clip((4, GOOD), (4, hanging)))
    assert levels(alone, "plank.hips-sag") == {Verdict.WATCH}
    both = fold(clip((4, arched(GOOD, 20)), (4, arched(hanging, 28))))
    assert Verdict.FAULT in levels(both, "plank.hips-sag")


def test_where_the_camera_does_not_show_enough_nothing_is_judged():
    bad = changed(GOOD, sag_deg=14)
    front = Plank(sag_deg=14, breadth=1.2)
    for body, word in (
        (without(bad.pose(), "toe", "ankle", "heel"), "feet"),
        (without(bad.pose(), "hip"), "hips"),
        (front, "side-on"),
    ):
        session = fold(clip((8, body)))
        summary = session.summary()
        assert summary.faults == ()
        assert summary.hold.segments == ()
        assert summary.score is None
        assert [word in stretch.note for stretch in summary.unknown] == [True]
        assert all(session.verdict(rule.code) is Verdict.UNKNOWN for rule in PLANK.rules)


def test_a_check_whose_joint_is_hidden_is_unknown_while_the_others_go_on():
    session = fold(clip((8, without(changed(GOOD, sag_deg=12).pose(), "ear"))))
    assert session.verdict("plank.head-up") is Verdict.UNKNOWN
    assert session.verdict("plank.hips-sag") is Verdict.FAULT


def test_an_empty_picture_holds_nothing():
    summary = fold(clip((5, None))).summary()
    assert summary.score is None
    assert summary.hold.total_s == 0


STORY = ((3.0, standing()), (6.0, GOOD), (5.0, Plank(sag_deg=12)), (4.0, GOOD), (3.0, standing()))


def same(one, other, within_s):
    a, b = one.summary(), other.summary()
    assert [(f.rule.code, f.level) for f in a.faults] == [(f.rule.code, f.level) for f in b.faults]
    assert [h.note for h in a.hold.segments] == [h.note for h in b.hold.segments]
    for x, y in zip(a.faults + a.hold.segments, b.faults + b.hold.segments, strict=True):
        assert x.start_s == pytest.approx(y.start_s, abs=within_s)
        assert x.end_s == pytest.approx(y.end_s, abs=within_s)


@pytest.mark.parametrize(
    "change",
    [
        mirrored,
        lambda pose: scaled(pose, 0.6),
        lambda pose: scaled(pose, 3.0),
        lambda pose: shifted(pose, -333, 77),
    ],
)
def test_mirrored_scaled_and_shifted_people_are_judged_alike(change):
    same(fold(clip(*STORY)), fold(map(change, clip(*STORY))), within_s=1e-6)


@pytest.mark.parametrize("fps", [10, 15, 24, 60])
def test_the_frame_rate_does_not_matter(fps):
    same(fold(clip(*STORY, fps=30)), fold(clip(*STORY, fps=fps)), within_s=0.2)


def test_an_irregular_frame_rate_does_not_matter():
    poses = [pose for index, pose in enumerate(clip(*STORY, fps=30)) if index % 7 not in (2, 3)]
    same(fold(clip(*STORY, fps=30)), fold(poses), within_s=0.2)


def test_left_and_right_are_named_as_the_persons_own():
    right = fold(clip((3, GOOD)))
    left = fold(map(mirrored, clip((3, GOOD))))
    assert right.near.side == "right"
    assert left.near.side == "left"


def test_a_moment_of_doubt_does_not_change_the_near_side():
    flicker = [
        Pose(p.time_s, p.xy, p.visibility[::-1] if 30 <= i < 33 else p.visibility)
        for i, p in enumerate(clip((6, GOOD)))
    ]
    assert {fold(flicker[:n]).near.side for n in range(1, 60)} == {"right"}


def test_time_must_go_on():
    session = fold(clip((1, GOOD)))
    with pytest.raises(ValueError, match="does not follow"):
        session.after(GOOD.pose(0.5))


def test_a_session_is_a_fold_and_any_moment_can_be_built_from_another():
    poses = list(clip(*STORY))
    half = fold(poses[:90])
    assert fold(poses[90:], half).summary() == fold(poses).summary()
    assert half.time_s == 8.9


def test_the_first_fault_is_on_the_hold_clock():
    summary = fold(clip((4, standing()), (6, GOOD), (5, Plank(sag_deg=12)))).summary()
    hold, fault = summary.hold, summary.faults[0]
    assert fault.start_s == pytest.approx(10.0, abs=0.3)
    before_s = fault.start_s - hold.segments[0].start_s
    assert hold.first_fault_s == pytest.approx(before_s)
    assert hold.clean_s == pytest.approx(before_s)
    assert hold.longest_clean_s == pytest.approx(before_s)


def test_hips_that_sink_slowly_are_reported_as_drift():
    poses = (
        changed(GOOD, sag_deg=-8 + 10 * min(index / 300, 1.0)).pose(index / 10)
        for index in range(400)
    )
    drifts = {drift.metric: drift for drift in fold(poses).summary().hold.drifts}
    sag = drifts["hip_sag_deg"]
    assert sag.first == pytest.approx(-7.2, abs=0.5)
    assert sag.lately == pytest.approx(2.0, abs=0.5)


def test_another_variant_is_no_drift():
    knees = Plank(on_knees=True, knee_deg=60)
    drifts = fold(clip((12, GOOD), (12, knees))).summary().hold.drifts
    assert all(abs(drift.lately - drift.first) < 1 for drift in drifts)


def test_a_shaky_moment_does_not_forget_ones_own_best():
    """Hips that move for a moment are in position, but not still; the hold goes on."""
    poses = list(clip((8, changed(GOOD, hand_offset=-0.1)), (6, changed(GOOD, hand_offset=-0.54))))
    poses[50] = shifted(poses[50], 40, 0)
    found_codes = {f.rule.code for f in fold(poses).summary().faults}
    assert "plank.shoulders" in found_codes


numbers = st.one_of(
    st.floats(-1e4, 1e4),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e300, -1e300]),
)


@settings(max_examples=60)
@given(st.lists(st.lists(numbers, min_size=66, max_size=66), min_size=1, max_size=8))
def test_no_landmarks_whatever_break_a_session(frames):
    session = Session.of(PLANK)
    for index, values in enumerate(frames):
        xy = np.array(values).reshape(33, 2)
        session = session.after(Pose(index * 0.7, xy, np.full(33, 0.9)))
    summary = session.summary()
    for fault in summary.faults:
        assert math.isfinite(fault.worst)
        assert fault.end_s > fault.start_s


def test_the_score_is_what_the_faults_leave_of_it():
    summary = fold(clip((10, GOOD), (10, Plank(sag_deg=12)))).summary()
    (cost,) = summary.costs
    assert cost[0] == "plank.hips-sag"
    assert summary.score == round(100 - cost[1])
    assert summary.score == pytest.approx(50, abs=4)


def test_no_hold_outlasts_a_gap_in_the_pictures():
    before = clip((5, Plank()))
    after = (at(Plank(), 20 + index / 10) for index in range(50))
    summary = fold(chain(before, after)).summary()
    spans = [(hold.start_s, hold.end_s) for hold in summary.hold.segments]
    assert spans == [pytest.approx((0, 4.9)), pytest.approx((20, 24.9), abs=0.5)]
    (unknown,) = summary.unknown
    assert unknown.end_s - unknown.start_s == pytest.approx(15, abs=0.5)
