"""The overlay of repetitions: somebody on the back whose trunk lifts by an angle that is known."""

import math

import cv2
import numpy as np
import pytest
from bodies import (
    Move,
    Supine,
    at,
    crunches,
    fold,
    mirrored,
    pedalling,
    shifted,
    standing,
    without,
)

from formcheck.canvas import GREEN, GREY, ORANGE, VERMILLION, Canvas
from formcheck.exercises import BICYCLE, CRUNCH
from formcheck.landmarks import Landmark, Pose
from formcheck.overlay import draw
from formcheck.pipeline import Frame, Moment
from formcheck.rules import Verdict
from formcheck.session import Session

SIZE = (1280, 720)
PAPER = (200, 240, 220)  # nothing that is drawn has this colour
CLEAN = Move()
HIGH = Move(lift_deg=50)
QUICK = Move(seconds=1.3, rest_s=0.7)
CUE = {rule.code: rule.cue for rule in (check.rule for check in CRUNCH.reps.rules)}
TOO_HIGH = CUE["crunch.over-rise"].shown
TOO_QUICK = CUE["crunch.tempo"].shown
TOO_SHORT = CUE["crunch.short-return"].shown


def lifted(*parts, per_s=25):
    """Yield poses: the lift moves to so many degrees within so many seconds, one after another."""
    index, lift_deg = 0, parts[0][1]
    for seconds, goal_deg in parts:
        n = round(seconds * per_s)
        for step in range(1, n + 1):
            lift = lift_deg + (goal_deg - lift_deg) * step / n
            yield Supine(lift_deg=lift).pose(index / per_s)
            index += 1
        lift_deg = goal_deg


def until(time_s, poses):
    """Return the last pose up to a time, and the session after it."""
    seen = [pose for pose in poses if pose.time_s <= time_s + 1e-6]
    return seen[-1], fold(seen, Session.of(CRUNCH))


def then(body, seconds, session, per_s=25):
    """Return the same after a body has been seen for some more time."""
    start_s = 0.0 if math.isnan(session.time_s) else session.time_s
    poses = [at(body, start_s + (i + 1) / per_s) for i in range(round(seconds * per_s))]
    return poses[-1], fold(poses, session)


def picture(pose, session, size=SIZE):
    return draw(Moment(Frame(0.0, np.full((size[1], size[0], 3), PAPER, np.uint8)), pose, session))


def texts_at(times_s, poses, written):
    """Return what is written in the picture of each time."""
    texts, times, session = [], list(times_s), Session.of(CRUNCH)
    for pose in poses:
        session = session.after(pose)
        if times and pose.time_s >= times[0] - 1e-6:
            times.pop(0)
            written.clear()
            picture(pose, session)
            texts.append(list(written))
    assert not times
    return texts


def changed(image):
    return (image != PAPER).any(axis=-1)


def has(image, colour):
    return bool((image == np.array(colour, np.uint8)).all(axis=-1).any())


def around(image, point, radius=4):
    x, y = (round(value) for value in point)
    return image[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]


def middle(pose, a, b):
    return (pose.xy[a] + pose.xy[b]) / 2


def bar_of(image):
    """Return the rows at the bottom in which the whole breadth is darkened."""
    rows = changed(image).all(axis=1)
    n = 0
    while n < len(rows) and rows[-1 - n]:
        n += 1
    return image[len(rows) - n :]


@pytest.mark.parametrize(
    ("n", "noun"), [(0, "repetitions"), (1, "repetition"), (2, "repetitions"), (3, "repetitions")]
)
def test_the_number_of_repetitions_is_the_largest_of_all_words(n, noun, monkeypatch):
    scales, write = {}, cv2.putText

    def heard(image, text, place, face, scale, *rest):
        scales[text] = scale
        return write(image, text, place, face, scale, *rest)

    monkeypatch.setattr(cv2, "putText", heard)
    pose, session = until(99, crunches(*[CLEAN] * n))
    picture(pose, session)
    assert {str(n), noun} <= set(scales)
    assert scales[str(n)] > 2 * max(size for text, size in scales.items() if text != str(n))


def test_the_cue_stays_while_a_repetition_is_lowered_slowly(written):
    poses = lifted((2, 0), (2, 50), (1, 50), (15, 0), (2, 0))
    texts = texts_at([13, 15, 17, 19.5, 21], poses, written)
    assert [TOO_HIGH in " ".join(text) for text in texts] == [True] * 5


def test_the_phase_is_told_in_a_word(written):
    poses = lifted((2, 0), (1.5, 20), (1, 20), (1.5, 0), (1, 0))
    texts = texts_at([1.5, 2.8, 4.2, 5.3, 6.8], poses, written)
    words = ("rising", "top", "lowering", "lying")
    told = [[word for word in words if word in text] for text in texts]
    assert told == [["lying"], ["rising"], ["top"], ["lowering"], ["lying"]]


@pytest.mark.parametrize("mirror", [False, True])
def test_the_lift_is_told_over_the_persons_own_lying_position(written, mirror):
    poses = lifted((2, 10), (1, 27), (0.5, 27))
    texts = texts_at([1.8, 3.4], map(mirrored, poses) if mirror else poses, written)
    assert "lift 0" in texts[0]
    assert "lift 17" in texts[1]


def test_the_lift_is_told_over_the_level_until_somebody_lies(written):
    assert "lift 60" in texts_at([2.0], lifted((2.5, 60)), written)[0]


def test_a_trunk_that_hangs_below_the_lying_position_has_no_negative_lift(written):
    assert "lift 0" in texts_at([0.4], lifted((0.5, -4)), written)[0]


def test_of_a_bicycle_crunch_the_legs_are_told_and_no_trunk_that_rises(written):
    *_, pose = (pose for pose in pedalling(12, change_s=1.0) if pose.time_s <= 4.5)
    picture(pose, fold(pedalling(12, seconds=4.5, change_s=1.0), Session.of(BICYCLE)))
    assert "legs apart" in " ".join(written)
    assert not {"rising", "top", "lowering", "lying"} & set(written)
    assert not any(text.startswith("lift") for text in written)


def test_without_a_hip_there_is_no_lift(written):
    pose, session = until(99, crunches(CLEAN))
    pose = without(at(pose, pose.time_s + 0.04), "hip")
    picture(pose, session.after(pose))
    assert not any("lift" in text for text in written)


@pytest.mark.parametrize("down_px", [0, 90])
def test_the_cue_does_not_cover_the_lift(down_px, written):
    pose, session = until(7.0, (shifted(pose, 0, down_px) for pose in crunches(HIGH, CLEAN)))
    image = picture(pose, session)
    assert "lift 0" in written
    hip_y = round(pose.xy[Landmark.RIGHT_HIP][1])
    top = SIZE[1] - len(bar_of(image))
    assert top < SIZE[1]
    rows = np.flatnonzero(changed(image[:, 905:915]).any(axis=1))
    label = [row for row in rows if 24 < abs(row - hip_y) < 60 and row < top]
    assert len(label) >= 28


def test_the_cue_comes_while_the_trunk_is_lowered_and_leaves_after_three_seconds(written):
    poses = crunches(HIGH, Move(rest_s=9.0, lift_deg=0.0))
    times = [3.9, 5.9, 7.0, 8.5, 10.5]
    told = [TOO_HIGH in " ".join(text) for text in texts_at(times, poses, written)]
    assert told == [False, True, True, True, False]


def test_the_cue_has_its_reason_and_the_colour_of_its_level(written):
    for move, colour, other in (
        (HIGH, VERMILLION, ORANGE),
        (Move(lift_deg=36), ORANGE, VERMILLION),
    ):
        written.clear()
        bar = bar_of(picture(*until(6.5, crunches(move))))
        assert {TOO_HIGH, CUE["crunch.over-rise"].why} <= set(written)
        assert has(bar, colour)
        assert not has(bar, other)


def test_a_fault_is_told_before_a_hint(written):
    pose, session = until(99, crunches(Move(lift_deg=36, seconds=1.2, rest_s=2)))
    codes = {fault.rule.code: fault.level for fault in session.summary().reps[0].faults}
    assert codes["crunch.over-rise"] is Verdict.WATCH
    assert codes["crunch.tempo"] is Verdict.FAULT
    picture(pose, session)
    assert TOO_QUICK in written
    assert TOO_HIGH not in written


def test_a_clean_repetition_is_praised_for_a_short_time_when_it_is_over(written):
    poses = crunches(Move(rest_s=6.0))
    texts = texts_at([1.5, 4.0, 5.2, 6.9, 8.2], poses, written)
    assert ["Good" in text for text in texts] == [False, False, False, True, False]


def test_nothing_is_praised_where_nothing_can_be_judged(written):
    """Who pedals is praised; from the front it is only said that nothing can be judged."""
    session = fold(pedalling(12, seconds=6, change_s=1.0), Session.of(BICYCLE))
    picture(*then(Supine().pose(), 0.1, session))
    assert "Good" in written
    written.clear()
    picture(*then(Supine(breadth=0.9).pose(), 1.2, session))
    assert "Cannot judge" in written
    assert "Good" not in written


def test_praise_does_not_take_the_whole_breadth():
    image = picture(*until(6.9, crunches(Move(rest_s=6.0))))
    assert changed(image[-20:, :60]).all()
    assert not changed(image[-20:, 400:]).any()


def test_a_repetition_with_a_fault_is_not_praised(written):
    for text in texts_at(np.arange(1.0, 10.0, 0.2), crunches(Move(lift_deg=50, rest_s=5)), written):
        assert "Good" not in text


def test_nobody_is_called_quick_or_short_before_the_repetition_is_over(written):
    """Half-way down the trunk is not yet on the floor, and the time is not yet up."""
    lowering = lifted((2, 0), (1.0, 25), (0.8, 7), (3.0, 0), (2, 0))
    for text in texts_at(np.arange(3.0, 6.7, 0.1), lowering, written):
        told = " ".join(text)
        assert TOO_SHORT not in told
        assert TOO_QUICK not in told


def test_somebody_who_does_not_return_is_told_so(written):
    texts = texts_at([6.8], lifted((2, 0), (2, 30), (1.5, 14), (2, 14)), written)
    assert TOO_SHORT in texts[0]


def test_the_cue_stays_through_the_next_repetition_of_the_same_kind(written):
    poses = crunches(*[QUICK] * 4)
    texts = texts_at(np.arange(4.1, 9.9, 0.1), poses, written)
    assert all(TOO_QUICK in text for text in texts)


def test_a_clean_repetition_takes_the_last_cue_away(written):
    poses = crunches(QUICK, Move(seconds=3.2, rest_s=3))
    before, after = texts_at([5.5, 8.4], poses, written)
    assert TOO_QUICK in before
    assert TOO_QUICK not in after
    assert "Good" in after


def test_the_near_side_is_green_in_position_and_nothing_is_wrong_in_a_single_frame():
    pose, session = until(3.9, crunches(Move(lift_deg=70)))
    image = picture(pose, session)
    for bone in (("HIP", "SHOULDER"), ("HIP", "KNEE"), ("KNEE", "ANKLE")):
        place = middle(pose, *(Landmark[f"RIGHT_{part}"] for part in bone))
        assert has(around(image, place), GREEN), bone
    assert not has(image, ORANGE)
    assert not has(image, VERMILLION)


@pytest.mark.parametrize(
    ("move", "wrong", "right"),
    [
        (HIGH, "HIP", "EAR"),
        (Move(bottom_deg=12, lift_deg=28, rest_s=3), "HIP", "EAR"),
        (Move(neck_deg=110), "EAR", "HIP"),
    ],
)
def test_the_joint_that_the_fault_is_about_has_the_mark(move, wrong, right):
    pose, session = until(99, crunches(move))
    image = picture(pose, session)
    places = {part: pose.xy[Landmark[f"RIGHT_{part}"]] for part in (wrong, right)}
    assert has(around(image, places[wrong], 20), VERMILLION)
    assert not has(around(image, places[right], 20), VERMILLION)
    thigh = middle(pose, Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE)
    assert has(around(image, thigh), GREEN)
    bones = {"HIP": Landmark.RIGHT_HIP, "EAR": Landmark.RIGHT_EAR}
    joined = middle(pose, bones[wrong], Landmark.RIGHT_SHOULDER)
    assert has(around(image, joined), VERMILLION)


def test_a_quick_repetition_marks_no_joint(written):
    pose, session = until(99, crunches(Move(seconds=1.3, rest_s=2)))
    image = picture(pose, session)
    assert TOO_QUICK in written
    above = image[: SIZE[1] - len(bar_of(image)), 20:]
    assert not has(above, VERMILLION)


def test_the_marks_leave_with_the_cue():
    pose, session = until(11.5, crunches(HIGH, Move(rest_s=9.0, lift_deg=0.0)))
    assert not has(picture(pose, session), VERMILLION)


def test_who_stands_up_keeps_the_count_and_has_no_colours(written):
    _, session = until(99, crunches(CLEAN, CLEAN))
    pose, session = then(standing(), 5.0, session)
    image = picture(pose, session)
    assert set(written) == {"2", "Not in position", "repetitions so far"}
    assert has(image, GREY)
    assert not any(has(image, colour) for colour in (GREEN, ORANGE, VERMILLION))


def test_words_before_the_first_repetition(written):
    pose, session = then(standing(), 2.0, Session.of(CRUNCH))
    picture(pose, session)
    assert written == ["Not in position"]


def test_words_of_an_empty_picture(written):
    pose, session = then(None, 4.0, Session.of(CRUNCH))
    picture(pose, session)
    assert written == ["Nobody in the picture"]


def test_words_of_a_picture_that_cannot_be_judged(written):
    pose, session = then(Supine(breadth=1.4).pose(), 3.0, Session.of(CRUNCH))
    picture(pose, session)
    assert written[0] == "Cannot judge"
    assert "turn side-on" in " ".join(written)
    assert "repetitions" not in written


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (3840, 2160), (720, 1280), (7, 300)])
def test_no_picture_is_too_small_or_too_large(size):
    pose, session = until(6.5, crunches(HIGH))
    scale = min(size[0] / SIZE[0], size[1] / SIZE[1])
    image = picture(Pose(pose.time_s, pose.xy * scale, pose.visibility), session, size)
    assert image.shape == (size[1], size[0], 3)
    if min(size) > 100:
        bar = bar_of(image)
        assert 0.05 * size[1] < len(bar) < 0.45 * size[1]
        for column in (bar[:, 0], bar[:, -1]):
            assert len(np.unique(column, axis=0)) == 2  # the rim and the shade


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (720, 1280)])
@pytest.mark.parametrize("code", CUE)
def test_every_cue_has_room(code, size):
    canvas = Canvas.copied(np.zeros((size[1], size[0], 3), np.uint8))
    for text, cap in ((CUE[code].shown, 12), (CUE[code].why, 8.5)):
        words = canvas.words(text, cap, size[0] - canvas.px(44), strong=True)
        assert " ".join(words.lines) == text


def test_the_frame_itself_is_not_drawn_on():
    pose, session = until(6.5, crunches(HIGH))
    frame = Frame(0.0, np.full((720, 1280, 3), PAPER, np.uint8))
    image = draw(Moment(frame, pose, session))
    assert (frame.image == PAPER).all()
    assert changed(image).any()
