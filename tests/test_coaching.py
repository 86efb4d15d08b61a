"""The coach: tiny bodies before a made-up camera, and what they are told."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from bodies import (
    Move,
    Plank,
    clip,
    crunches,
    fold,
    mirrored,
    one_after_the_other,
    pedalling,
    standing,
    without,
)
from hypothesis import given
from hypothesis import strategies as st

from formcheck import EXERCISES, Pose, Session, exercise_named
from formcheck.coaching import Coach
from formcheck.course import Phase
from formcheck.guide import Sighting, checks, first_hint
from formcheck.protocols import protocol_named
from formcheck.recognition import Recognition
from formcheck.sets import parse_goal
from formcheck.speech import CUE_GAP_S, REPEAT_S, Kind, Line, Narrator, Tone
from formcheck.training import Plan

GOOD, SAG = Plank(), Plank(sag_deg=12)
SIZE_WH = (1280, 720)
LIGHT = 120.0


class Heard:
    """What a coach said, sounded and did, with the times; without an exercise, it is told."""

    def __init__(self, poses, exercise="plank", plan=None, light=LIGHT):
        known = Recognition.of([exercise_named(exercise)] if exercise else EXERCISES)
        self.coach = Coach(plan or Plan())
        self.lines, self.tones, self.phases = [], [], []
        for pose in poses:
            known = known.after(pose)
            session = known.session
            bright = light(pose.time_s) if callable(light) else light
            self.coach = self.coach.after(session, Sighting(pose, SIZE_WH, bright))
            self._keep(pose.time_s)
        self.session = session

    def _keep(self, time_s):
        if self.coach.narrator.now:
            self.lines.append((time_s, self.coach.narrator.now))
        if self.coach.sound:
            self.tones.append((time_s + self.coach.sound.in_s, self.coach.sound.tone))
        if not self.phases or self.phases[-1][1] is not self.coach.course.phase:
            self.phases.append((time_s, self.coach.course.phase))

    def texts(self, *kinds):
        return [line.text for _, line in self.lines if not kinds or line.kind in kinds]

    def times(self, text):
        return [time_s for time_s, line in self.lines if line.text == text]


def test_a_good_hold_hears_the_time_and_no_cue():
    heard = Heard(clip((2, standing()), (40, GOOD), fps=25))
    assert heard.texts(Kind.CUE) == []
    assert heard.texts(Kind.CALL) == ["15 seconds", "30 seconds"]


@pytest.mark.parametrize("fps", [10, 30, 60])
def test_a_fault_is_told_within_a_second_at_any_frame_rate(fps):
    heard = Heard(clip((6, GOOD), (4, SAG), fps=fps))
    (first, *_) = heard.times("Lift your hips")
    assert 6.6 <= first <= 7.0


def test_a_lasting_fault_is_told_again_after_six_seconds_and_praised_when_cured():
    heard = Heard(clip((6, GOOD), (14, SAG), (8, GOOD), fps=25))
    times = heard.times("Lift your hips")
    assert len(times) == 3
    assert all(REPEAT_S <= b - a < REPEAT_S + 0.2 for a, b in pairwise(times))
    (praise,) = [time_s for time_s, line in heard.lines if line.kind is Kind.PRAISE]
    assert 20.0 < praise < 22.5


def test_of_two_faults_the_graver_is_told_first_and_the_other_after_it():
    both = Plank(sag_deg=12, gaze_deg=20)
    heard = Heard(clip((6, GOOD), (6, both), fps=25))
    first, second = heard.lines[-2:] if heard.lines[-1][1].kind is Kind.CUE else heard.lines[-3:-1]
    assert (first[1].text, second[1].text) == ("Lift your hips", "Look at the floor")
    assert second[0] - first[0] >= CUE_GAP_S


def test_a_hint_is_told_once_and_only_when_it_lasts():
    mild = Plank(sag_deg=6)
    assert Heard(clip((6, GOOD), (1.5, mild), (4, GOOD), fps=25)).texts(Kind.CUE) == []
    assert Heard(clip((6, GOOD), (15, mild), fps=25)).texts(Kind.CUE) == ["Lift your hips"]


def test_the_last_seconds_before_a_goal_are_counted():
    heard = Heard(clip((2, standing()), (33, GOOD), fps=25), plan=Plan(parse_goal("30s")))
    calls = heard.texts(Kind.CALL)
    expected = ["Half way", "Ten seconds left", "5", "4", "3", "2", "1", "Done. Goal reached"]
    assert calls == expected
    five, done = heard.times("5")[0], heard.times("Done. Goal reached")[0]
    assert done - five == pytest.approx(5, abs=0.1)


def test_nothing_interrupts_the_last_seconds():
    heard = Heard(clip((25.5, GOOD), (8, SAG), fps=25), plan=Plan(parse_goal("30s")))
    assert heard.texts()[2:8] == ["5", "4", "3", "2", "1", "Done. Goal reached"]
    assert heard.texts()[8] == "Lift your hips"


def test_a_hold_that_is_over_has_a_result_with_one_thing_to_work_on():
    heard = Heard(clip((10, GOOD), (5, SAG), (5, GOOD), (8, standing()), fps=25))
    result, tip = heard.texts(Kind.RESULT)
    assert "on your knees" in tip
    assert result == "20 seconds. 15 seconds of it clean. Next time: Lift your hips."
    assert heard.phases[-1][1] is Phase.REST


def test_a_clean_hold_has_nothing_to_work_on():
    heard = Heard(clip((10, GOOD), (4, standing()), fps=25))
    assert heard.texts(Kind.RESULT) == ["10 seconds. All of it clean."]
    assert heard.coach.course.result.work_on is None


def test_the_second_hold_is_a_bout_of_its_own():
    heard = Heard(clip((10, SAG), (4, standing()), (8, GOOD), (4, standing()), fps=25))
    first, *_, second = heard.texts(Kind.RESULT)
    assert "Lift your hips" in first
    assert second == "8 seconds. All of it clean."


def test_the_guide_counts_down_and_waits_for_the_position():
    heard = Heard(clip((14, standing()), (4, GOOD), fps=25))
    assert [phase for _, phase in heard.phases] == [
        Phase.SETUP, Phase.COUNTDOWN, Phase.READY, Phase.TRAINING,
    ]  # fmt: skip
    lows = [time_s for time_s, tone in heard.tones if tone is Tone.LOW]
    assert len(lows) == 3
    assert all(b - a == pytest.approx(1, abs=0.05) for a, b in pairwise(lows))
    assert heard.texts()[0] == "Get into your plank"


def test_who_is_in_position_already_waits_for_nothing():
    heard = Heard(clip((5, GOOD), fps=25))
    assert heard.coach.course.phase is Phase.TRAINING
    assert heard.coach.course.bout.held_s == pytest.approx(5, abs=0.1)


def hint_for(pose, light=LIGHT, exercise="plank"):
    session = fold([pose], Session.of(exercise_named(exercise)))
    hint = first_hint(checks(Sighting(pose, SIZE_WH, light), session))
    return hint.code if hint else None


def test_the_guide_says_what_to_change_first():
    assert hint_for(standing()) is None
    assert hint_for(standing(), light=5) == "light"
    assert hint_for(standing(), light=30) == "light"
    assert hint_for(Pose.absent(0.0)) == "person"
    assert hint_for(without(standing(), "toe", "ankle")) == "body"
    assert hint_for(without(standing(), "ear")) == "body"
    assert hint_for(replace_xy(standing(), standing().xy * 0.2)) == "distance"
    assert hint_for(Plank(breadth=0.6).pose()) == "view"


@pytest.mark.parametrize("body", [GOOD.pose(), standing()])
def test_a_camera_that_is_tilted_is_told(body):
    assert hint_for(turned(body, 3)) is None
    assert hint_for(turned(body, 20)) == "level"


def replace_xy(pose, xy):
    return Pose(pose.time_s, xy, pose.visibility)


def turned(pose, degrees):
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return replace_xy(pose, (pose.xy - (640, 360)) @ turn + (640, 360))


def test_what_is_wrong_is_said_again_but_not_all_the_time():
    heard = Heard(clip((20, None), fps=10))
    times = heard.times("I cannot see you")
    assert len(times) >= 3
    assert all(b - a >= REPEAT_S for a, b in pairwise(times))
    assert heard.coach.course.phase is Phase.SETUP


def test_repetitions_are_counted_aloud_and_corrected():
    moves = [Move()] * 2 + [Move(lift_deg=50)] + [Move()] * 2
    heard = Heard(crunches(*moves), "crunch", Plan(parse_goal("5")))
    assert [text.split(".")[0] for text in heard.texts(Kind.CALL)] == ["Start", *"12345"]
    assert heard.texts(Kind.CALL)[-1] == "5. Done. Goal reached"
    assert heard.texts(Kind.CUE) == ["Not so high"]
    (cue,), (third,) = heard.times("Not so high"), heard.times("3. 2 to go")
    assert 10 < cue < third + 2


def with_gap(poses, start_s, gap_s):
    """Return the poses as if the camera had been away for a while."""
    poses = list(poses)
    return [p if p.time_s < start_s else Pose(p.time_s + gap_s, p.xy, p.visibility) for p in poses]


@pytest.mark.parametrize("away", [standing(), None, "gap"])
@pytest.mark.parametrize("away_s", [1.2, 1.4, 1.5, 1.6, 5.0])
@pytest.mark.parametrize("fps", [5, 10, 30])
def test_after_any_break_the_hold_is_coached_again(away, away_s, fps):
    """Somebody stands up or walks through, or the camera is gone; then the hips sag."""
    if away == "gap":
        poses = with_gap(clip((10, GOOD), (20, SAG), fps=fps), 10, away_s)
    else:
        poses = clip((10, GOOD), (away_s, away), (20, SAG), fps=fps)
    heard = Heard(poses)
    assert heard.coach.course.phase is Phase.TRAINING
    assert len(heard.times("Lift your hips")) >= 3
    assert heard.coach.course.bout.held_s >= 19


@pytest.mark.parametrize("lost_s", [0.2, 0.8, 3.0, 9.0])
def test_a_gap_in_any_phase_leaves_a_coach_that_goes_on(lost_s):
    for start_s in range(0, 30, 3):
        poses = with_gap(clip((8, standing()), (30, GOOD), fps=10), start_s, lost_s)
        heard = Heard(poses)
        assert heard.coach.course.phase is Phase.TRAINING
        crunched = Heard(with_gap(crunches(*[Move()] * 8, fps=10), start_s, lost_s), "crunch")
        assert crunched.coach.course.phase is Phase.TRAINING
        assert crunched.coach.course.bout.number == 1 or lost_s > 2


def test_every_set_is_counted_aloud():
    moves = [Move(), Move(), Move(rest_s=25), Move(), Move(), Move()]
    calls = Heard(crunches(*moves), "crunch").texts(Kind.CALL)
    assert [text for text in calls if text in {"Start", "1", "2", "3"}] == ["Start", *"123"] * 2


def test_a_blink_of_the_view_ends_no_set():
    hidden = [
        without(pose, "shoulder", "hip") if 16.0 <= pose.time_s < 17.5 else pose
        for pose in crunches(*[Move()] * 8)
    ]
    heard = Heard(hidden, "crunch", Plan(parse_goal("8")))
    assert heard.texts(Kind.RESULT) == []
    assert heard.texts(Kind.CALL)[-1] in {"8. Done. Goal reached", "7. 1 to go"}


def test_no_praise_while_another_fault_is_on():
    head = Plank(gaze_deg=20)
    for sag_s in (1.8, 2.2, 2.6, 3.0, 4.0):
        heard = Heard(clip((6, GOOD), (sag_s, SAG), (8, head), fps=25))
        praised = [time_s for time_s, line in heard.lines if line.kind is Kind.PRAISE]
        assert all(time_s < 6 + sag_s + 2.2 for time_s in praised)


def test_a_camera_hint_that_nobody_heeds_is_given_ever_more_rarely():
    turned_away = Plank(breadth=0.9)
    heard = Heard(clip((10, GOOD), (240, turned_away), fps=5))
    times = heard.times("Turn side-on")
    gaps = [b - a for a, b in pairwise(times)]
    assert gaps == sorted(gaps)
    assert gaps[-1] >= 40
    assert len(heard.texts(Kind.RESULT)) == 1


def test_hints_that_change_are_said_all_the_same():
    feet, knees = without(standing(), "toe", "ankle"), without(standing(), "knee")
    assert Heard(clip(*[(0.5, feet), (0.5, knees)] * 10, fps=10)).texts(Kind.GUIDE)


def test_light_that_goes_out_is_told_in_the_middle_too():
    bright, dark = Heard(clip((8, standing()), fps=10)), 5.0
    assert bright.coach.course.phase is Phase.READY
    heard = Heard(
        clip((8, standing()), (8, None), fps=10), light=lambda t: dark if t > 8 else LIGHT
    )
    assert heard.coach.course.phase is Phase.SETUP
    assert "Turn a light on" in heard.texts(Kind.GUIDE)


def test_a_cured_repetition_is_praised():
    moves = [Move(), Move(lift_deg=50), Move(), Move()]
    assert len(Heard(crunches(*moves), "crunch").texts(Kind.PRAISE)) == 1


def test_a_set_is_over_after_a_rest_and_the_next_counts_anew():
    first = crunches(Move(), Move(), Move(rest_s=25), Move(), Move())
    heard = Heard(first, "crunch")
    assert heard.texts(Kind.RESULT)[0].startswith("3 repetitions. All clean")
    assert any("20 seconds of rest" in text for text in heard.texts(Kind.CALL))
    assert heard.coach.course.bout.n_reps == 2


def test_sets_are_counted_up_to_the_goal():
    moves = [Move(seconds=3), Move(seconds=3, rest_s=14), Move(seconds=3), Move(seconds=3)]
    calls = Heard(crunches(*moves), "crunch", Plan(parse_goal("2x2"))).texts(Kind.CALL)
    assert "2. Set 1 done. Rest" in calls
    assert calls[-1] == "2. Done. Goal reached"


def test_lying_still_is_learnt_before_the_start():
    heard = Heard(crunches(Move(), lie_s=3.0), "crunch")
    phases = [phase for _, phase in heard.phases]
    assert phases[:3] == [Phase.SETUP, Phase.CALIBRATING, Phase.TRAINING]


@pytest.mark.parametrize("fps", [15, 30])
def test_a_metronome_keeps_its_beat(fps):
    plan = Plan(protocol=protocol_named("csep"))
    heard = Heard(crunches(*[Move(seconds=2.4, rest_s=0)] * 30, fps=fps), "crunch", plan)
    beats = [time_s for time_s, tone in heard.tones if tone is not Tone.END][1:]
    tones = [tone for _, tone in heard.tones][1:]
    assert tones[:4] == [Tone.HIGH, Tone.LOW, Tone.HIGH, Tone.LOW]
    assert beats[40] - beats[0] == pytest.approx(40 * 1.2, abs=1.5 / fps)
    assert tones[-1] is Tone.END  # after a minute
    assert "Time is up" in heard.texts()
    assert heard.tones[-1][0] - beats[0] == pytest.approx(60, abs=0.1)


def test_what_goes_on_at_the_end_has_a_result_too():
    heard = Heard(clip((12, GOOD), fps=25))
    assert heard.coach.course.result is None
    assert heard.coach.course.result_now().title == "12 seconds"
    assert Heard(clip((2, standing()), fps=25)).coach.course.result_now() is None


def followed(*scenes):
    """Return what is heard when it has to be told what is done."""
    return Heard(one_after_the_other(*scenes), exercise=None)


@pytest.mark.parametrize("lie_s", [3, 6, 9])
def test_who_lay_before_a_plank_holds_it_only_since(lie_s):
    heard = followed(crunches(lie_s=lie_s), clip((1, None), (20, GOOD)))
    assert heard.coach.course.bout.held_s == pytest.approx(20, abs=0.3)
    assert heard.times("15 seconds") == [pytest.approx(lie_s + 16.2, abs=0.4)]
    assert heard.texts(Kind.RESULT) == []


@pytest.mark.parametrize("between_s", [1, 4, 8])
def test_a_plank_soon_after_crunches_is_a_bout_of_its_own(between_s):
    heard = followed(crunches(*[Move()] * 3), clip((between_s, None), (20, GOOD)))
    assert heard.coach.course.bout.held_s == pytest.approx(20, abs=0.3)
    assert heard.texts(Kind.RESULT) == ["3 repetitions. All clean."]
    (told,) = heard.times("3 repetitions. All clean.")
    assert told < 17 + between_s + 5
    assert heard.texts(Kind.CALL)[-1] == "15 seconds"


def test_bicycles_soon_after_crunches_count_anew():
    sets = crunches(Move(), Move(rest_s=14), *[Move()] * 3)
    heard = followed(sets, pedalling(12, seconds=20))
    n = len(heard.session.summary().reps)
    assert n == 10
    assert heard.coach.course.bout.n_reps == n
    assert heard.texts(Kind.RESULT) == ["2 repetitions. All clean.", "3 repetitions. All clean."]
    assert heard.coach.course.result_now().title == f"{n} repetitions"


def test_crunches_after_a_plank_count_from_the_first():
    heard = followed(clip((12, GOOD), (1, None)), crunches(*[Move()] * 3))
    assert [text.split(".")[0] for text in heard.texts(Kind.CALL)][-3:] == ["1", "2", "3"]
    assert heard.texts(Kind.RESULT) == ["12 seconds. All of it clean."]


def test_what_does_not_count_is_not_counted_aloud_and_takes_nothing_from_a_set():
    """Legs that hardly part are no bicycles: before a set, and in the rest after it."""
    rest = list(crunches(lie_s=12))
    hardly, bicycles = (list(pedalling(12, apart_deg=deg)) for deg in (70, 110))
    scenes = one_after_the_other(hardly, rest, bicycles, rest, hardly, rest, bicycles, rest)
    heard = Heard(scenes, "bicycle-crunch")
    assert heard.texts(Kind.CALL) == ["Start", *"12345"] * 2
    titles = [text.split(".")[0] for text in heard.texts(Kind.RESULT)]
    assert titles == ["5 repetitions", "5 repetitions"]
    assert len(heard.session.summary().reps) == 10


def test_who_begins_a_repetition_before_the_pause_is_over_goes_on_with_the_set():
    heard = Heard(crunches(Move(), Move(rest_s=8.5), Move(rest_s=12)), "crunch")
    assert heard.texts(Kind.CALL) == ["Start", *"123"]
    assert heard.texts(Kind.RESULT) == ["3 repetitions. All clean."]


@pytest.mark.parametrize("seconds", [12, 20, 28])
def test_a_slow_repetition_is_corrected_once_and_the_next_again(seconds):
    heard = Heard(crunches(*[Move(lift_deg=50, seconds=seconds)] * 2), "crunch")
    assert heard.texts(Kind.CUE) == ["Not so high"] * 2


LINES = st.builds(
    Line,
    kind=st.sampled_from(list(Kind)),
    text=st.sampled_from(["Lift your hips", "Good", "1", "one two three four five six"]),
    topic=st.sampled_from(["a", "b", "c"]),
    event=st.sampled_from(["", "x", "y"]),
)


@given(st.lists(st.tuples(st.floats(0.01, 5), st.lists(LINES, max_size=3)), max_size=60))
def test_whatever_there_is_to_say_the_rules_of_speech_hold(moments):
    narrator, time_s, said = Narrator(), 0.0, []
    for step_s, lines in moments:
        time_s += step_s
        narrator = narrator.after(time_s, lines)
        if narrator.now:
            said.append((time_s, narrator.now))
    spaced = [time_s for time_s, line in said if line.kind in {Kind.CUE, Kind.PRAISE, Kind.GUIDE}]
    assert all(b - a >= CUE_GAP_S for a, b in pairwise(spaced))
    assert all(b[0] >= a[0] + a[1].seconds for a, b in pairwise(said))
    for topic in "abc":
        times = [time_s for time_s, line in said if line.topic == topic]
        assert all(b - a >= REPEAT_S for a, b in pairwise(times))
    events = [line.event for _, line in said if line.event]
    assert len(events) == len(set(events))


@given(st.data())
def test_whatever_is_seen_the_coach_goes_on(data):
    bodies = st.sampled_from([None, GOOD, SAG, standing(), Plank(breadth=0.9), Plank(high=True)])
    parts = data.draw(st.lists(st.tuples(st.floats(0.1, 4), bodies), min_size=1, max_size=6))
    heard = Heard(clip(*parts, fps=10), data.draw(st.sampled_from(["plank", "crunch"])))
    cues = [time_s for time_s, line in heard.lines if line.kind is Kind.CUE]
    assert all(b - a >= CUE_GAP_S for a, b in pairwise(cues))


def test_the_body_in_the_mirror_hears_the_same():
    poses = list(clip((6, GOOD), (4, SAG), (4, GOOD), (4, standing()), fps=25))
    plain, turned_round = Heard(poses), Heard([mirrored(pose) for pose in poses])
    assert plain.lines == turned_round.lines


def half_an_hour(fps=3.0):
    """Yield holds with faults and breaks, again and again."""
    parts = ((20, GOOD), (5, SAG), (10, GOOD), (5, standing()), (5, None))
    return clip(*parts * 40, fps=fps)


def test_half_an_hour_takes_no_more_memory_than_ten_minutes():
    session, coach, sizes = Session.of(exercise_named("plank")), Coach(Plan()), {}
    tracemalloc.start()
    for index, pose in enumerate(half_an_hour()):
        session = session.after(pose)
        coach = coach.after(session, Sighting(pose, SIZE_WH, LIGHT))
        sizes[index // 180] = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(sizes) == 30
    assert sizes[29] - sizes[9] < 1_000_000
    assert len(session.summary().hold.segments) == 40
