from __future__ import annotations

import doctest
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck import protocols, sets
from formcheck.exercises.crunch import OVER_RISE, TEMPO
from formcheck.protocols import (
    ACSM,
    CSEP,
    FITNESSGRAM,
    PROTOCOLS,
    Ending,
    Pace,
    judged_by,
    protocol_named,
)
from formcheck.reps import Rep, Repetition, RepFault
from formcheck.rules import Verdict
from formcheck.sets import Goal, advice_on_rest, parse_goal, sets_of

NAN = math.nan
BAD = RepFault(OVER_RISE.rule, Verdict.FAULT, 60.0)
QUICK = RepFault(TEMPO.rule, Verdict.WATCH, 2.0)


def repetition(top_s, *faults, start_s=None, end_s=None, half_s=1.0):
    start_s = top_s - half_s if start_s is None else start_s
    end_s = top_s + half_s if end_s is None else end_s
    rep = Rep(start_s, top_s, end_s, 20, 0, 60, 45, 0.5, 30, 20, 0, 0, 0.2, None)
    return Repetition(rep, 20.0, 17.0, faults)


def at_pace(n, period_s, first_s=10.0):
    return [repetition(first_s + index * period_s) for index in range(n)]


def with_fault(repetitions, *indices, fault=BAD):
    return [
        replace(each, faults=(fault,)) if index in indices else each
        for index, each in enumerate(repetitions)
    ]


def moved(repetitions, by_s):
    reps = [each.rep for each in repetitions]
    return [
        replace(
            each,
            rep=replace(
                rep, start_s=rep.start_s + by_s, top_s=rep.top_s + by_s, end_s=rep.end_s + by_s
            ),
        )
        for each, rep in zip(repetitions, reps, strict=True)
    ]


def told(result):
    return result.n_counted, result.n_faults, result.ended_by


@pytest.mark.parametrize("module", [protocols, sets])
def test_the_examples_in_the_documentation_run(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


def test_the_tests_are_as_published():
    facts = [(p.name, p.beats_per_min, p.duration_s, p.most_reps) for p in PROTOCOLS]
    assert facts == [
        ("acsm", 40, None, 75),
        ("csep", 50, 60, 25),
        ("fitnessgram", 40, None, 75),
    ]
    assert [p.ends_at_fault for p in PROTOCOLS] == [None, None, 2]


def test_a_protocol_is_found_by_its_name_and_a_wrong_name_lists_them():
    assert protocol_named(" Fitnessgram ") is FITNESSGRAM
    with pytest.raises(ValueError, match="no protocol 'nhl': choose one of acsm, csep, fit"):
        protocol_named("nhl")


# --- cadence


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_exact_cadence_counts_to_the_maximum(protocol):
    result = judged_by(protocol, at_pace(protocol.most_reps, protocol.period_s))
    assert told(result) == (protocol.most_reps, 0, Ending.MOST_REPS)
    assert result.ended_s == pytest.approx(
        10 + (protocol.most_reps - 1) * protocol.period_s + 1, abs=1e-6
    )
    assert math.isnan(result.beats[0].interval_s)
    assert {beat.pace for beat in result.beats[1:]} == {Pace.IN_TIME}
    assert result.beats[0].pace is Pace.UNKNOWN


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_comes_after_the_maximum_does_not_count(protocol):
    most = protocol.most_reps
    result = judged_by(protocol, at_pace(most + 9, protocol.period_s))
    assert told(result) == (most, 0, Ending.MOST_REPS)
    assert len(result.beats) == most + 9


@pytest.mark.parametrize(
    ("share", "pace"),
    [
        (0.95, Pace.IN_TIME),
        (0.80, Pace.IN_TIME),
        (1.20, Pace.IN_TIME),
        (0.78, Pace.FAST),
        (1.22, Pace.SLOW),
    ],
)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_five_percent_off_is_in_time_and_more_than_a_fifth_is_not(protocol, share, pace):
    result = judged_by(protocol, at_pace(2, share * protocol.period_s))
    assert result.beats[1].pace is pace
    assert result.beats[1].interval_s == pytest.approx(share * protocol.period_s, abs=1e-3)
    assert told(result) == (2, 0, Ending.CLIP_ENDED)


def test_five_percent_too_fast_fills_the_maximum_before_the_minute():
    result = judged_by(CSEP, at_pace(25, 0.95 * 2.4))
    assert told(result) == (25, 0, Ending.MOST_REPS)
    assert result.ended_s < 10 + 60


@pytest.mark.parametrize("share", [0.7, 1.3])
def test_twice_running_off_on_the_same_side_loses_the_cadence(share):
    tops = [10, 13, 16, 16 + 3 * share, 16 + 6 * share, 16 + 9 * share]
    result = judged_by(ACSM, [repetition(top_s) for top_s in tops])
    assert told(result) == (4, 1, Ending.CADENCE_LOST)
    assert result.ended_s == pytest.approx(16 + 6 * share + 1)


def test_one_top_that_is_late_is_forgiven():
    result = judged_by(ACSM, [repetition(top_s) for top_s in (10, 13, 16.9, 19, 22)])
    assert [beat.pace for beat in result.beats[2:4]] == [Pace.SLOW, Pace.FAST]
    assert told(result) == (5, 0, Ending.CLIP_ENDED)


@pytest.mark.parametrize("protocol", [ACSM, CSEP])
def test_one_missing_repetition_ends_a_test_to_the_metronome(protocol):
    every = at_pace(12, protocol.period_s)
    result = judged_by(protocol, every[:5] + every[6:])
    assert told(result) == (5, 1, Ending.CADENCE_LOST)
    assert result.ended_s == pytest.approx(10 + 5.5 * protocol.period_s, abs=2e-3)


def test_one_missing_repetition_is_one_fault_of_fitnessgram():
    every = at_pace(12, 3.0)
    assert told(judged_by(FITNESSGRAM, every[:5] + every[6:])) == (11, 1, Ending.CLIP_ENDED)
    without_two = every[:3] + every[4:8] + every[9:]
    assert told(judged_by(FITNESSGRAM, without_two)) == (7, 2, Ending.SECOND_FAULT)
    assert told(judged_by(FITNESSGRAM, every[:5] + every[7:])) == (5, 2, Ending.SECOND_FAULT)


@pytest.mark.parametrize(("interval_s", "n_faults"), [(4.4, 0), (4.5, 1), (7.4, 1), (7.5, 2)])
def test_a_beat_is_missed_one_and_a_half_intervals_after_a_top(interval_s, n_faults):
    reps = [repetition(10.0), repetition(10.0 + interval_s)]
    assert judged_by(FITNESSGRAM, reps).n_faults == n_faults


# --- ends


@pytest.mark.parametrize(("end_s", "n_counted"), [(70.0, 1), (70.4, 1), (70.6, 0)])
def test_the_last_repetition_may_end_a_fifth_of_an_interval_late(end_s, n_counted):
    result = judged_by(CSEP, [repetition(12.0, start_s=10.0, end_s=end_s)])
    assert told(result) == (n_counted, 0, Ending.TIME)
    assert result.ended_s == 70


def test_a_clip_that_ends_is_over_when_nothing_more_is_seen():
    reps = at_pace(3, 3.0)
    assert judged_by(ACSM, reps).ended_s == 17
    assert judged_by(ACSM, reps, seen_until_s=18.5).ended_s == 18.5


def test_a_minute_is_over_after_a_minute():
    short = replace(CSEP, most_reps=99)
    result = judged_by(short, at_pace(40, 2.4))
    assert told(result) == (25, 0, Ending.TIME)
    assert result.ended_s == pytest.approx(9 + 60)


def test_the_minute_starts_one_beat_before_the_top_where_the_start_is_unseen():
    reps = at_pace(40, 2.4)
    reps[0] = repetition(10.0, start_s=NAN)
    result = judged_by(replace(CSEP, most_reps=99), reps)
    assert result.ended_s == pytest.approx(10 - 1.2 + 60)


def test_who_stops_is_told_from_a_clip_that_ends():
    reps = at_pace(6, 2.4)
    assert judged_by(CSEP, reps).ended_by is Ending.CLIP_ENDED
    assert judged_by(CSEP, reps, seen_until_s=24.0).ended_by is Ending.CLIP_ENDED
    stopped = judged_by(CSEP, reps, seen_until_s=40.0)
    assert told(stopped) == (6, 1, Ending.CADENCE_LOST)
    assert stopped.ended_s == pytest.approx(22 + 3.6, abs=2e-3)
    assert told(judged_by(FITNESSGRAM, at_pace(6, 3.0), seen_until_s=60.0)) == (
        6,
        2,
        Ending.SECOND_FAULT,
    )


def test_a_minute_that_was_watched_to_its_end_ends_by_time():
    reps = at_pace(24, 2.5)
    result = judged_by(CSEP, reps, seen_until_s=69.0)
    assert told(result) == (24, 0, Ending.TIME)
    assert judged_by(CSEP, reps, seen_until_s=67.5).ended_by is Ending.CLIP_ENDED


def test_the_second_fault_ends_fitnessgram_and_does_not_count():
    result = judged_by(FITNESSGRAM, with_fault(at_pace(20, 3.0), 4, 9, 12))
    assert told(result) == (9, 2, Ending.SECOND_FAULT)
    assert result.ended_s == 10 + 9 * 3 + 1


def test_the_first_fault_of_fitnessgram_is_forgiven_and_a_hint_is_none():
    assert told(judged_by(FITNESSGRAM, with_fault(at_pace(20, 3.0), 4))) == (
        20,
        1,
        Ending.CLIP_ENDED,
    )
    hints = with_fault(at_pace(20, 3.0), *range(20), fault=QUICK)
    assert told(judged_by(FITNESSGRAM, hints)) == (20, 0, Ending.CLIP_ENDED)


def test_two_faults_of_one_repetition_are_one():
    reps = at_pace(8, 3.0)
    reps[3] = replace(reps[3], faults=(BAD, BAD))
    assert told(judged_by(FITNESSGRAM, reps)) == (8, 1, Ending.CLIP_ENDED)


def test_the_cadence_and_the_form_both_count_as_faults_of_fitnessgram():
    reps = with_fault([repetition(top_s) for top_s in (10, 13, 17, 21, 24, 27, 30)], 5)
    assert told(judged_by(FITNESSGRAM, reps)) == (5, 2, Ending.SECOND_FAULT)


def test_faults_of_form_end_no_other_test():
    everywhere = range(10)
    assert told(judged_by(ACSM, with_fault(at_pace(10, 3.0), *everywhere))) == (
        10,
        0,
        Ending.CLIP_ENDED,
    )


# --- what is not seen


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_was_done(protocol):
    for result in (judged_by(protocol, []), judged_by(protocol, [], seen_until_s=300.0)):
        assert told(result) == (0, 0, Ending.CLIP_ENDED)
        assert result.beats == ()
    assert math.isnan(judged_by(protocol, []).ended_s)


def test_unseen_starts_and_ends_change_nothing():
    reps = [repetition(10 + 3 * n, start_s=NAN, end_s=NAN) for n in range(8)]
    result = judged_by(ACSM, reps)
    assert told(result) == (8, 0, Ending.CLIP_ENDED)
    assert result.ended_s == 31


def test_an_unseen_top_is_no_loss_of_cadence():
    reps = at_pace(8, 3.0)
    reps[4] = repetition(NAN, start_s=NAN, end_s=NAN)
    result = judged_by(ACSM, reps)
    assert told(result) == (8, 0, Ending.CLIP_ENDED)
    assert [n for n, beat in enumerate(result.beats) if beat.pace is Pace.UNKNOWN] == [0, 4, 5]


times = st.one_of(st.just(NAN), st.integers(0, 64 * 200).map(lambda n: n / 64))
any_reps = st.lists(
    st.builds(
        lambda start_s, top_s, end_s, bad: repetition(
            top_s, *([BAD] if bad else []), start_s=start_s, end_s=end_s
        ),
        times,
        times,
        times,
        st.booleans(),
    ),
    max_size=40,
)


@given(any_reps, st.sampled_from(PROTOCOLS), times)
def test_no_times_raise_and_no_more_counts_than_was_done(reps, protocol, until_s):
    result = judged_by(protocol, reps, seen_until_s=until_s)
    assert 0 <= result.n_counted <= min(len(reps), protocol.most_reps)
    assert len(result.beats) == len(reps)
    assert sum(one.n_reps for one in sets_of(reps)) == len(reps)


@given(
    st.lists(st.integers(100, 320), min_size=1, max_size=40),
    st.sets(st.integers(0, 39), max_size=3),
    st.integers(-1000, 100_000),
    st.sampled_from(PROTOCOLS),
)
def test_when_the_video_starts_changes_nothing(intervals, bad, by_s, protocol):
    tops = [sum(intervals[: n + 1]) / 64 for n in range(len(intervals))]
    reps = with_fault([repetition(top_s) for top_s in tops], *bad)
    here, there = judged_by(protocol, reps), judged_by(protocol, moved(reps, by_s))
    assert told(here) == told(there)
    assert [b.pace for b in here.beats] == [b.pace for b in there.beats]
    assert there.ended_s - by_s == pytest.approx(here.ended_s, abs=1e-3)
    assert [(one.n_reps, one.n_clean) for one in sets_of(reps, 2.0)] == [
        (one.n_reps, one.n_clean) for one in sets_of(moved(reps, by_s), 2.0)
    ]


# --- goals


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("25", Goal(1, n_reps=25)),
        ("2x25", Goal(2, n_reps=25)),
        (" 3 X 12 ", Goal(3, n_reps=12)),
        ("3\u00d712", Goal(3, n_reps=12)),
        ("60s", Goal(hold_s=60)),
        ("1:30", Goal(hold_s=90)),
        ("0:45", Goal(hold_s=45)),
    ],
)
def test_goals_are_read(text, goal):
    assert parse_goal(text) == goal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "many",
        "0",
        "0x5",
        "5x0",
        "0s",
        "0:00",
        "1:60",
        "-3",
        "2x",
        "x2",
        "1.5",
        "2x60s",
        "9" * 40,
    ],
)
def test_what_is_no_goal_is_told_in_one_line(text):
    with pytest.raises(ValueError, match=r"^cannot read the goal .*: try 25, 2x25, 60s or 1:30$"):
        parse_goal(text)


@given(
    st.one_of(
        st.builds(Goal, st.integers(1, 999), st.integers(1, 9999)),
        st.builds(lambda hold_s: Goal(hold_s=hold_s), st.integers(1, 9999)),
    )
)
def test_a_goal_reads_back_as_it_is_written(goal):
    assert parse_goal(goal.text) == goal


@given(st.integers(0, 99), st.integers(0, 59))
def test_minutes_are_sixty_seconds(minutes, seconds):
    if minutes or seconds:
        assert parse_goal(f"{minutes}:{seconds:02}").hold_s == 60 * minutes + seconds


# --- sets


def test_a_long_pause_begins_a_set():
    reps = with_fault(at_pace(3, 4.0) + at_pace(2, 4.0, first_s=45.0), 1)
    first, second = sets_of(reps)
    assert (first.n_reps, first.n_clean, first.start_s, first.end_s) == (3, 2, 9, 19)
    assert (second.n_reps, second.n_clean, second.start_s, second.end_s) == (2, 2, 44, 50)
    assert math.isnan(first.rest_before_s)
    assert second.rest_before_s == 25


def test_a_pause_of_just_the_length_is_none():
    reps = [repetition(10.0), repetition(22.0)]
    assert len(sets_of(reps)) == 1
    assert len(sets_of(reps, pause_s=9.9)) == 2


def test_unseen_ends_fall_back_to_the_tops():
    reps = [repetition(10.0, end_s=NAN), repetition(30.0, start_s=NAN, end_s=NAN)]
    first, second = sets_of(reps)
    assert (first.end_s, second.start_s, second.rest_before_s) == (10, 30, 20)


def test_what_has_no_time_begins_no_set():
    unseen = repetition(NAN, start_s=NAN, end_s=NAN)
    (one,) = sets_of([unseen, repetition(10.0), unseen])
    assert (one.n_reps, one.start_s, one.end_s) == (3, 9, 11)
    first, second = sets_of([repetition(10.0), unseen, repetition(40.0)])
    assert (first.n_reps, second.n_reps, second.rest_before_s) == (2, 1, 28)
    assert sets_of([]) == ()


def resting(*rests_s):
    top_s, reps = 10.0, [repetition(10.0)]
    for rest_s in rests_s:
        top_s += rest_s + 2.0
        reps.append(repetition(top_s))
    return sets_of(reps)


@pytest.mark.parametrize(
    ("rests_s", "said"),
    [
        ((), None),
        ((20,), "Well rested: 20 to 30 s between sets."),
        ((30, 25), "Well rested: 20 to 30 s between sets."),
        ((12, 75), "Rest a little longer: 20 to 30 s; you took 12 s."),
        ((25, 75), "20 to 30 s of rest can do; you took 75 s."),
    ],
)
def test_the_rest_is_advised_on(rests_s, said):
    assert advice_on_rest(resting(*rests_s)) == said


def test_there_is_no_advice_without_sets():
    assert advice_on_rest(()) is None
