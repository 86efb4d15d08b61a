"""Repetitions: what counts, what was wrong with each, and what a camera may do to them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from bodies import (
    Move,
    Plank,
    Supine,
    at,
    clip,
    crunches,
    fold,
    mirrored,
    pedalling,
    scaled,
    shifted,
    standing,
    without,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck import EXERCISES, Landmark, Pose, Session, Side, exercise_named, metrics
from formcheck.calls import Bout, result_of
from formcheck.counting import RepCounter
from formcheck.exercises import tips_for
from formcheck.review import figures, verdict
from formcheck.terminal import console, show_summary
from formcheck.training import Plan

CRUNCH = exercise_named("crunch")
GOOD = Move()


def done(poses, exercise=CRUNCH):
    return fold(poses, Session.of(exercise)).summary()


def faults(summary):
    return [{f.rule.code: f.level.value for f in each.faults} for each in summary.reps]


@pytest.mark.parametrize("lift_deg", [0, 18, 45, 80, 95])
@pytest.mark.parametrize("mirror", [False, True])
def test_the_lift_is_the_trunks_above_the_level_also_past_upright(lift_deg, mirror):
    pose, side = Supine(lift_deg=lift_deg).pose(), Side.RIGHT
    if mirror:
        pose, side = mirrored(pose), Side.LEFT
    assert metrics.LIFT.measure(pose, side) == pytest.approx(lift_deg, abs=1e-6)
    assert metrics.NECK_FLEXION.measure(pose, side) == pytest.approx(45, abs=1e-6)
    assert metrics.THIGH_RAISED.measure(pose, side) == pytest.approx(50, abs=1e-6)


def test_without_legs_the_trunk_tells_where_the_head_is():
    pose = without(Supine(lift_deg=20).pose(), "knee", "ankle")
    assert metrics.LIFT.measure(pose, Side.RIGHT) == pytest.approx(20, abs=1e-6)


def test_good_crunches_are_counted_and_measured():
    summary = done(crunches(*[GOOD] * 5))
    assert len(summary.reps) == 5
    assert faults(summary) == [{}] * 5
    assert summary.score == 100
    for index, each in enumerate(summary.reps):
        assert each.rep.top_s == pytest.approx(4.0 + 5 * index, abs=0.1)
        assert each.peak_lift_deg == pytest.approx(18, abs=0.5)
        assert each.peak_rise_cm == pytest.approx(50 * math.sin(math.radians(18)), abs=0.5)
        assert 2.5 < each.rep.duration_s < 4.0


@pytest.mark.parametrize(
    ("move", "code", "level"),
    [
        (Move(lift_deg=37), "over-rise", "watch"),
        (Move(lift_deg=80), "over-rise", "fault"),
        (Move(neck_deg=88), "neck-pull", "watch"),
        (Move(neck_deg=100), "neck-pull", "fault"),
        (Move(seconds=2.6), "tempo", "watch"),
        (Move(seconds=1.5), "tempo", "fault"),
        (Move(lift_deg=20, bottom_deg=8), "short-return", "watch"),
        (Move(lift_deg=30, bottom_deg=14), "short-return", "fault"),
    ],
)
def test_each_fault_is_found_in_the_repetition_that_has_it(move, code, level):
    found = faults(done(crunches(GOOD, GOOD, move)))
    assert found[:2] == [{}, {}]
    assert found[2].get(f"crunch.{code}") == level


def test_a_repetition_that_is_lower_than_the_others_is_partial():
    found = faults(done(crunches(GOOD, GOOD, GOOD, Move(lift_deg=8))))
    assert found == [{}, {}, {}, {"crunch.partial": "fault"}]


def test_a_throw_is_faster_than_its_own_mean():
    poses = list(crunches(GOOD, GOOD))
    start_s = poses[-1].time_s
    for index in range(75):
        lift = 0.0 if index < 40 else 18.0
        poses.append(Supine(lift + index * 0.05).pose(start_s + (index + 1) / 25))
    poses += [Supine(max(0.0, 20 - i / 4)).pose(start_s + (76 + i) / 25) for i in range(120)]
    assert "crunch.jerk" in faults(done(poses))[-1]


def test_quick_but_good_crunches_cost_less_than_bad_ones():
    quick = done(crunches(*[Move(seconds=1.5)] * 4))
    high = done(crunches(*[Move(lift_deg=80)] * 4))
    assert quick.score == 70
    assert high.score == 0


def test_neck_pull_is_not_judged_in_a_full_sit_up():
    (rep,) = faults(done(crunches(Move(lift_deg=80, neck_deg=110))))
    assert "crunch.neck-pull" not in rep


def test_without_the_ear_the_neck_is_not_judged_and_the_repetition_counts():
    summary = done(without(pose, "ear") for pose in crunches(GOOD, Move(neck_deg=110)))
    assert faults(summary) == [{}, {}]


def test_without_the_arms_nothing_changes():
    moves = (GOOD, Move(lift_deg=80), GOOD)
    bare = done(without(pose, "elbow", "wrist") for pose in crunches(*moves))
    assert faults(bare) == faults(done(crunches(*moves)))


def test_sitting_talking_lying_down_and_getting_up_count_nothing():
    sitting = [Supine(lift_deg=80 + 3 * math.sin(i / 4)).pose(i / 10) for i in range(80)]
    down = [Supine(lift_deg=80 - 4 * i).pose(8 + i / 10) for i in range(20)]
    lying = [Supine().pose(10 + i / 10) for i in range(40)]
    up = [Supine(lift_deg=4 * i).pose(14 + i / 10) for i in range(20)]
    talking = [Supine(lift_deg=80).pose(16 + i / 10) for i in range(40)]
    assert done([*sitting, *down, *lying, *up, *talking]).reps == ()


def test_a_clip_that_begins_at_the_top_counts_that_repetition():
    poses = [pose for pose in crunches(GOOD, GOOD) if pose.time_s >= 3.8]
    summary = done(poses)
    assert len(summary.reps) == 2
    assert math.isnan(summary.reps[0].rep.start_s)
    assert faults(summary)[0] == {}


def lying_back(before, before_s=2.0, fps=10):
    """Yield somebody who sits in the way given, then side-on for a moment, and lies back."""
    sitting = [before] * round(before_s * fps) + [Supine(85).pose()] * round(0.5 * fps)
    down = [Supine(85 - 85 * i / (1.5 * fps)).pose() for i in range(round(1.5 * fps))]
    lying = [Supine().pose()] * 4 * fps
    return (at(pose, i / fps) for i, pose in enumerate([*sitting, *down, *lying]))


@pytest.mark.parametrize("before", [Supine(85, breadth=1.3).pose(), standing()])
def test_who_was_seen_out_of_position_and_lies_back_has_done_no_repetition(before):
    """However soon after that: only a video may begin at the top of one."""
    assert done(lying_back(before)).reps == ()


@pytest.mark.parametrize("before", [Supine(85, breadth=1.3).pose(), standing(), None])
def test_a_first_moment_out_of_position_is_no_other_beginning(before):
    """A pose model that has only just found somebody may not see at once how they sit."""
    assert len(done(lying_back(before, 0.3)).reps) == 1


def test_a_title_before_the_top_of_a_repetition_takes_it_from_nobody():
    assert len(done(lying_back(None, 4.0)).reps) == 1


def test_of_a_repetition_whose_rise_was_not_seen_nobody_knows_how_high_it_was():
    poses = [pose for pose in crunches(*[Move(50)] * 4, lie_s=0, fps=10) if pose.time_s > 3.2]
    first, *others = done(replace(pose, time_s=pose.time_s - 3.2) for pose in poses).reps
    assert first.peak_lift_deg < others[0].peak_lift_deg / 2
    assert "crunch.partial" not in [fault.rule.code for fault in first.faults]
    assert "crunch.partial" in [rule.code for rule in first.unknown]


def test_a_clip_that_ends_on_the_way_down_accuses_nobody():
    poses = [pose for pose in crunches(GOOD, Move(lift_deg=25)) if pose.time_s <= 10.2]
    summary = done(poses)
    assert len(summary.reps) == 2
    assert math.isnan(summary.reps[-1].rep.end_s)
    assert faults(summary)[-1] == {}


@pytest.mark.parametrize("fps", [25, 60])
def test_a_shoulder_that_jumps_for_a_frame_or_two_is_no_repetition(fps):
    poses = list(crunches(GOOD, GOOD, fps=fps))
    for place in (10, 20, 21):
        poses[place] = replace(poses[place], xy=Supine(lift_deg=35).pose().xy)
    assert len(done(poses).reps) == 2


def test_a_repetition_whose_top_is_not_seen_is_not_judged():
    poses = [
        Pose.absent(pose.time_s) if 8.4 < pose.time_s < 9.3 else pose
        for pose in crunches(GOOD, Move(lift_deg=60), GOOD)
    ]
    summary = done(poses)
    assert all(found == {} for found in faults(summary))


def test_legs_that_move_along_make_another_exercise():
    assert done(crunches(*[Move(lift_deg=50, thigh_deg=110)] * 4)).reps == ()


@pytest.mark.parametrize("poses", [clip((12, Plank())), clip((12, standing())), clip((12, None))])
def test_planks_standing_and_nobody_count_nothing(poses):
    summary = done(poses)
    assert summary.reps == ()
    assert summary.score is None


def test_seen_from_the_head_nothing_is_counted():
    poses = [Supine(20 * abs(math.sin(i / 8)), breadth=1.3).pose(i / 10) for i in range(120)]
    summary = done(poses)
    assert summary.reps == ()
    assert "side-on" in summary.unknown[0].note


def test_at_an_angle_repetitions_count_but_angles_are_not_judged():
    wide = [Supine(80 * max(0.0, math.sin(i / 8)), breadth=0.6).pose(i / 10) for i in range(200)]
    summary = done(wide)
    assert len(summary.reps) >= 3
    assert all("crunch.over-rise" not in each for each in faults(summary))


MIXED = (GOOD, Move(lift_deg=70), Move(lift_deg=30, bottom_deg=13), Move(seconds=2.0))


@pytest.mark.parametrize(
    "change",
    [mirrored, lambda p: scaled(p, 0.6), lambda p: shifted(p, -200, 40)],
)
def test_mirrored_scaled_and_shifted_people_are_judged_alike(change):
    one, other = done(crunches(*MIXED)), done(map(change, crunches(*MIXED)))
    assert faults(one) == faults(other)
    tops = [[each.rep.top_s for each in summary.reps] for summary in (one, other)]
    assert tops[0] == pytest.approx(tops[1], abs=1e-6)


@pytest.mark.parametrize("fps", [10, 60])
def test_the_frame_rate_does_not_matter(fps):
    one, other = done(crunches(*MIXED)), done(crunches(*MIXED, fps=fps))
    assert faults(one) == faults(other)
    for a, b in zip(one.reps, other.reps, strict=True):
        assert a.rep.top_s == pytest.approx(b.rep.top_s, abs=0.15)


def test_what_is_remembered_does_not_grow():
    session = fold(crunches(*[GOOD] * 7, fps=30), Session.of(CRUNCH))
    slowly = (at(Supine().pose(), session.time_s + (i + 1) / 7.5) for i in range(300))
    session = fold(slowly, session)
    assert session.reps is not None
    first, last = session.reps.samples[0], session.reps.samples[-1]
    assert last.time_s - first.time_s < 31


@settings(max_examples=40)
@given(st.lists(st.floats(-180, 180) | st.just(math.nan), max_size=80))
def test_no_lifts_whatever_break_the_counter(lifts):
    session = Session.of(CRUNCH)
    for index, lift in enumerate(lifts):
        session = session.after(at(Supine(lift_deg=lift).pose(), index / 10))
    for each in session.summary().reps:
        assert math.isfinite(each.peak_lift_deg)
        assert all(math.isfinite(fault.value) for fault in each.faults)


@pytest.mark.parametrize(
    ("poses", "exercise", "n"),
    [
        (crunches(*[GOOD] * 3), "crunch", 3),
        (crunches(GOOD, Move(lift_deg=20, seconds=0.25), GOOD), "crunch", 2),
        (crunches(GOOD, Move(thigh_deg=130), GOOD), "crunch", 2),
        (pedalling(12, apart_deg=110), "bicycle-crunch", 5),
        (pedalling(12, apart_deg=70), "bicycle-crunch", 0),
    ],
    ids=["crunches", "a twitch", "another exercise", "bicycles", "small ones"],
)
def test_what_is_counted_at_once_is_what_counts_in_the_end(poses, exercise, n):
    session, counts = Session.of(exercise_named(exercise)), []
    for pose in poses:
        session = session.after(pose)
        counts.append(session.reps.count)
    assert counts == sorted(counts)
    assert counts[-1] == len(session.summary().reps) == n


@pytest.mark.parametrize(("lift_deg", "n"), [(12, 5), (35, 5), (70, 0), (90, 0)])
def test_bicycle_crunches_count_each_change_of_legs_of_who_lies(lift_deg, n):
    """Upright, in whatever way the camera is rolled, it is marching on the spot."""
    assert len(done(pedalling(lift_deg), exercise_named("bicycle-crunch")).reps) == n


@pytest.mark.parametrize(("ratio", "hasty"), [(0.15, True), (0.6, False)])
def test_quick_changes_of_legs_are_held_against_nobody_seen_at_an_angle(ratio, hasty):
    bicycle = exercise_named("bicycle-crunch")
    found = faults(done(turned(pedalling(12, change_s=0.6), ratio), bicycle))
    assert len(found) > 5
    assert any(found) == hasty


@pytest.mark.parametrize(("lift_deg", "level"), [(12, "fault"), (35, None)])
def test_who_sits_up_in_a_bicycle_crunch_is_told_nothing_of_the_neck(lift_deg, level):
    """As in a crunch: past 30 degrees of lift the neck goes its own way."""
    found = faults(done(pedalling(lift_deg, pull_deg=65), exercise_named("bicycle-crunch")))
    levels = [each.get("bicycle-crunch.neck-pull") for each in found]
    assert levels[1:-1] == [level] * 3


@pytest.mark.parametrize(
    ("move", "clean"),
    [(Move(), True), (Move(seconds=2.2), True), (Move(seconds=1.2), False), (Move(36), False)],
)
def test_clean_is_what_has_no_fault_and_no_hint_on_its_form(move, clean):
    """A hint on its tempo is none on form; a rise of 36 degrees has a hint, and is not clean."""
    assert [each.clean for each in done(crunches(*[move] * 3)).reps] == [clean] * 3


def test_the_verdict_on_the_one_repetition_that_was_shown_well_enough():
    seen = list(crunches(*[Move(seconds=5)] * 2))
    middle_s = seen[len(seen) // 2].time_s
    halves = ([p for p in seen if p.time_s <= middle_s], [p for p in seen if p.time_s > middle_s])
    summary = done([*halves[0], *turned(halves[1], 0.6)])
    assert [each.judged for each in summary.reps] == [True, False]
    assert verdict(summary) == "2 crunches, 1 of them shown well enough to be judged: clean."


def test_every_exercise_has_rules_tips_and_short_words():
    for exercise in EXERCISES:
        codes = [rule.code for rule in exercise.rules]
        assert len(codes) == len(set(codes)) > 1
        for rule in exercise.rules:
            assert rule.code.startswith(f"{exercise.name}.")
            assert len(rule.cue.spoken.split()) <= 5
            assert rule.article.title
        times = {tip.when for tip in exercise.tips} - {"with back trouble"}
        assert times == {"before", "during", "after", "when faults last"}


def printed(summary):
    with console.capture() as lines:
        show_summary(summary, Plan())
    return lines.get()


def test_the_terminal_marks_the_repetition_that_could_not_be_judged():
    seen = list(crunches(*[Move(seconds=5)] * 2))
    middle_s = seen[len(seen) // 2].time_s
    halves = ([p for p in seen if p.time_s <= middle_s], [p for p in seen if p.time_s > middle_s])
    lines = printed(done([*halves[0], *turned(halves[1], 0.6)])).splitlines()
    first, second = (next(line for line in lines if f" {n}. at" in line) for n in (1, 2))
    assert "?" not in first
    assert "? not judged" in second


def test_a_change_of_legs_lifts_nothing_by_centimetres():
    assert "18°, 15 cm" in printed(done(crunches(Move(seconds=5))))
    legs = printed(done(pedalling(12), exercise_named("bicycle-crunch")))
    assert "110°" in legs
    assert " cm" not in legs


def told(exercise, when):
    return " ".join(tip.text for tip in tips_for(exercise_named(exercise), when))


def test_what_the_articles_say_of_crunches_and_no_camera_sees_is_a_tip():
    during = told("crunch", "during")
    assert all(words in during for words in ("belly in", "breathe out", "at the top", "not twist"))
    assert all(words in told("crunch", "before") for words in ("Warm up", "six times"))
    assert "Rest between sessions" in told("crunch", "after")


def test_somebody_with_back_trouble_is_sent_to_a_doctor():
    assert all("doctor" in told(name, "with back trouble") for name in ("crunch", "bicycle-crunch"))


def test_a_bicycle_crunch_which_twists_is_not_told_not_to():
    """Nor to take four to six seconds for a change of legs."""
    assert "not twist" not in told("bicycle-crunch", "during")
    assert "weak disc" in told("bicycle-crunch", "with back trouble")
    quick = fold(pedalling(12, change_s=0.55), Session.of(exercise_named("bicycle-crunch")))
    cues = {fault.rule.cue.shown for fault in quick.summary().faults}
    assert cues == {"Too quick: pedal slowly, one leg after the other"}


def test_a_counter_that_saw_nothing_has_counted_nothing():
    assert RepCounter(CRUNCH.reps).count == 0


def turned(poses, ratio):
    """Yield poses with the far shoulder so many trunks beside the near one."""
    for pose in poses:
        xy = pose.xy.copy()
        near, far = Landmark.RIGHT_SHOULDER, Landmark.LEFT_SHOULDER
        trunk_px = math.dist(xy[near], xy[Landmark.RIGHT_HIP])
        xy[far] = xy[near] + (ratio * trunk_px, 0.0)
        yield replace(pose, xy=xy)


def test_repetitions_seen_at_an_angle_count_and_are_neither_clean_nor_wrong():
    summary = done(turned(crunches(*[Move(lift_deg=70)] * 3), 0.6))
    assert len(summary.reps) == 3
    assert [each.judged or each.clean or each.faulty for each in summary.reps] == [False] * 3
    assert summary.score is None
    assert verdict(summary) == "3 sit-ups, not shown well enough to be judged."
    assert figures(summary)[1].value == "?"


def from_the_top():
    """Yield a full sit-up that was on when the video began: little is seen but its height."""
    return (pose for pose in crunches(Move(lift_deg=80)) if pose.time_s >= 3.9)


def test_a_repetition_of_which_too_little_was_seen_is_neither_clean_nor_wrong():
    summary = done(from_the_top())
    assert [each.judged for each in summary.reps] == [False]
    assert (summary.faults, summary.costs, summary.score) == ((), (), None)
    assert verdict(summary) == "1 sit-up, not shown well enough to be judged."
    spoken = result_of(Bout(n_reps=1), summary).spoken
    assert spoken == "1 repetition. I could not see your form."


def test_at_an_angle_neither_tempo_nor_a_lower_repetition_is_held_against_anybody():
    quick = Move(lift_deg=60, seconds=1.2)
    summary = done(turned(crunches(quick, quick, replace(quick, lift_deg=22)), 0.6))
    assert (len(summary.reps), summary.faults) == (3, ())


def test_the_score_is_of_the_repetitions_that_were_shown_well_enough():
    seen = list(crunches(*[Move(lift_deg=70)] * 4))
    middle_s = seen[len(seen) // 2].time_s
    halves = ([p for p in seen if p.time_s <= middle_s], [p for p in seen if p.time_s > middle_s])
    summary = done([*halves[0], *turned(halves[1], 0.6)])
    assert [each.judged for each in summary.reps] == [True, True, False, False]
    assert summary.score == done(seen).score
    assert verdict(summary).startswith(
        "4 sit-ups, 2 of them shown well enough to be judged: none clean; correct first: too high"
    )


def test_shoulders_that_are_seen_broad_for_a_third_of_the_time_are_broad():
    """A pose model that only guesses the hidden shoulder sees it narrow most of the time."""
    poses = list(crunches(*[Move(lift_deg=70)] * 3))
    broad = list(turned(poses, 0.6))
    mixed = [broad[i] if i % 3 == 0 else pose for i, pose in enumerate(poses)]
    assert [each.faulty for each in done(poses).reps] == [True] * 3
    assert [each.faulty for each in done(mixed).reps] == [False] * 3


def test_a_crunch_is_called_a_sit_up_where_most_rise_as_far():
    high, low = Move(lift_deg=70), Move(lift_deg=20)
    titles = [done(crunches(*moves)).title for moves in ((high, high, low), (high, low, low))]
    assert titles == ["Sit-up", "Crunch"]
