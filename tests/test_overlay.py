"""The overlay: what is drawn is looked at in the picture, what is written is heard on its way."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from side_bodies import SidePlank

from formcheck.canvas import (
    DARK,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    VERDICT_COLOURS,
    VERMILLION,
    WHITE,
    Canvas,
    fitted,
)
from formcheck.exercises import PLANK
from formcheck.exercises.side_plank import SIDE_PLANK
from formcheck.landmarks import HALVES, Landmark, Pose, Side
from formcheck.overlay import clock_text, draw
from formcheck.own_best import OwnBest
from formcheck.pipeline import Frame, Moment
from formcheck.rules import Latch, Verdict
from formcheck.session import Session

SIZES = [(320, 180), (640, 360), (3840, 2160), (720, 1280)]
SMALL = (640, 360)
PAPER = (200, 240, 220)  # nothing that is drawn has this colour

# A forearm plank in a field of 1000 x 500: shoulder, hip, knee and ankle on one line that falls by
# one in ten, the elbow under the shoulder, the face at a right angle to the trunk.
STRAIGHT = {
    "nose": (776, 350),
    "ear": (770, 290),
    "shoulder": (700, 300),
    "elbow": (700, 440),
    "wrist": (790, 440),
    "hip": (500, 320),
    "knee": (320, 338),
    "ankle": (150, 355),
    "heel": (120, 380),
    "toe": (140, 440),
}
# The hip 26 lower, and the knee on the line from it to the ankle: the path from the shoulder falls
# by 46 in 200 (13.0 degrees), then by 9 in 350 (1.5 degrees), so that the hip sags by 11.5 degrees.
SAGGING = STRAIGHT | {"hip": (500, 346), "knee": (320, 350.6)}
# The face 44.3 degrees below the level, the trunk 5.7 above it: the gaze is at 50 degrees to it.
HEAD_UP = STRAIGHT | {"nose": (813, 332)}
STANDING = {
    "nose": (540, 60),
    "ear": (510, 55),
    "shoulder": (500, 100),
    "elbow": (500, 160),
    "wrist": (500, 220),
    "hip": (500, 220),
    "knee": (500, 320),
    "ankle": (500, 420),
    "heel": (490, 430),
    "toe": (530, 435),
}


def placed(points, size):
    """Return the places of a body in a picture: as wide as it, in the middle of its height."""
    scale = size[0] / 1000
    return {part: (x * scale, size[1] / 2 + (y - 250) * scale) for part, (x, y) in points.items()}


def pose_of(points, size=SMALL, time_s=0.0, *, unseen=()):
    xy = np.full((33, 2), np.nan)
    visibility = np.full(33, 0.3)
    for part, (x, y) in placed(points, size).items():
        if part == "nose":
            xy[Landmark.NOSE] = x, y
        elif part not in unseen:
            near, far = (getattr(HALVES[side], part) for side in (Side.LEFT, Side.RIGHT))
            xy[near], xy[far] = (x, y), (x - 0.01 * size[0], y - 0.008 * size[0])
            visibility[near] = 0.9
    return Pose(time_s, xy, visibility)


def blank(size, time_s=0.0):
    return Frame(time_s, np.full((size[1], size[0], 3), PAPER, np.uint8))


def after(pose, seconds, session=None, per_s=10):
    """Return the moment after the same pose has been seen for a while."""
    session = session or Session.of(PLANK)
    start_s = 0.0 if math.isnan(session.time_s) else session.time_s + 1 / per_s
    for i in range(round(seconds * per_s) + 1):
        session = session.after(replace_time(pose, start_s + i / per_s))
    return session


def replace_time(pose, time_s):
    return Pose(time_s, pose.xy, pose.visibility)


def picture(points, size=SMALL, seconds=4.0, **options):
    pose = pose_of(points, size, **options)
    session = after(pose, seconds)
    return draw(Moment(blank(size), pose, session))


def with_levels(session, levels):
    """Return the session as if some rules had been at a level for long, and no other."""
    on = Latch(on=True, start_s=session.clock.since_s)
    watches = [
        replace(
            watch,
            known_s=session.time_s,
            best=OwnBest(0.0),
            watch=on if levels.get(watch.code) is Verdict.WATCH else Latch(),
            fault=on if levels.get(watch.code) is Verdict.FAULT else Latch(),
        )
        for watch in session.watches
    ]
    return replace(session, watches=tuple(watches))


def has(image, colour):
    return bool((image == np.array(colour, np.uint8)).all(axis=-1).any())


def changed(image):
    return (image != PAPER).any(axis=-1)


def around(image, point, radius):
    x, y = (round(value) for value in point)
    return image[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]


def thickness(image, point, colour):
    """Return how many pixels of a colour lie above, at and below a place."""
    x, y = (round(value) for value in point)
    reach = image.shape[0] // 20
    column = image[y - reach : y + reach, x].astype(int)
    return int((np.abs(column - colour).max(axis=-1) < 40).sum())


def bar_of(image):
    """Return the rows at the bottom in which the whole breadth is darkened."""
    rows = changed(image).all(axis=1)
    n = 0
    while n < len(rows) and rows[-1 - n]:
        n += 1
    return image[len(rows) - n :]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("points", [STRAIGHT, SAGGING, STANDING])
def test_draws_a_new_picture_of_the_same_kind(points, size):
    pose = pose_of(points, size)
    frame = blank(size)
    image = draw(Moment(frame, pose, after(pose, 4.0)))
    assert (frame.image == PAPER).all()
    assert image.shape == frame.image.shape
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert not np.shares_memory(image, frame.image)
    assert changed(image).any()


def test_a_picture_that_lies_scattered_in_memory_is_drawn_alike():
    pose = pose_of(STRAIGHT)
    session = after(pose, 4.0)
    scattered = Frame(0.0, np.full((360, 1280, 3), PAPER, np.uint8)[:, ::2])
    assert (draw(Moment(scattered, pose, session)) == picture(STRAIGHT)).all()


def test_the_same_moment_gives_the_same_picture():
    assert (picture(SAGGING) == picture(SAGGING)).all()


def test_without_a_frame_there_is_nothing_to_draw_on():
    pose = pose_of(STRAIGHT)
    with pytest.raises(ValueError, match="without a frame"):
        draw(Moment(None, pose, after(pose, 1.0)))


@pytest.mark.parametrize("size", SIZES)
def test_every_joint_of_a_plank_is_in_the_picture(size):
    image, radius = picture(STRAIGHT, size), max(1, size[0] // 320)
    for part, place in placed(STRAIGHT, size).items():
        assert part == "nose" or changed(around(image, place, radius)).any(), part


@pytest.mark.parametrize("size", SIZES)
def test_bones_are_as_thick_as_the_picture_asks(size):
    shoulder, hip = (placed(STRAIGHT, size)[part] for part in ("shoulder", "hip"))
    x, y = (round((a + b) / 2) for a, b in zip(shoulder, hip, strict=True))
    green = thickness(picture(STRAIGHT, size), (x, y), GREEN)
    assert 0.005 * min(size) <= green <= 0.01 * min(size) + 3


@pytest.mark.parametrize("size", SIZES)
def test_nobody_has_no_skeleton(size):
    absent = Pose.absent(0.0)
    image = draw(Moment(blank(size), absent, after(absent, 4.0)))
    height, width = (changed(image).any(axis=axis).sum() for axis in (1, 0))
    assert 0 < height < 0.25 * size[1]
    assert 0 < width < size[0]
    assert not changed(image)[height:].any()
    assert not changed(image)[:, width:].any()


def test_joints_that_are_not_seen_are_not_drawn():
    knee = placed(STRAIGHT, SMALL)["knee"]
    assert changed(around(picture(STRAIGHT), knee, 20)).any()
    assert not changed(around(picture(STRAIGHT, unseen=("knee",)), knee, 20)).any()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e12, -1e12, -3.0])
def test_no_place_is_too_strange(value):
    good = pose_of(STRAIGHT)
    session = after(good, 4.0)
    for landmark in (Landmark.LEFT_HIP, Landmark.LEFT_EAR, Landmark.RIGHT_WRIST):
        xy = good.xy.copy()
        xy[landmark] = value
        pose = Pose(0.0, xy, good.visibility)
        assert changed(draw(Moment(blank(SMALL), pose, session))).any()


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (64, 48), (2000, 100)])
def test_no_picture_is_too_small(size):
    sagging = after(pose_of(SAGGING), 4.0)
    image = draw(Moment(blank(size), pose_of(SAGGING, size), sagging))
    assert image.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("size", SIZES)
def test_a_fault_has_a_bar_at_the_bottom_and_good_form_has_none(size):
    good, sagging = picture(STRAIGHT, size), picture(SAGGING, size)
    assert not len(bar_of(good))
    assert 0.05 * size[1] < len(bar_of(sagging)) < 0.45 * size[1]
    assert has(bar_of(sagging), VERMILLION)


def test_words_of_good_form(written):
    picture(STRAIGHT)
    assert "Good form" in written
    assert "HOLD forearm plank" in written
    assert "clean 0:04.0" in written
    assert {"hip 0", "knee 0"} <= set(written)


def test_a_rule_that_still_learns_does_not_hold_back_the_praise(written):
    session = after(pose_of(STRAIGHT), 2.0)
    image = draw(Moment(blank(SMALL), pose_of(STRAIGHT), session))
    assert session.verdict("plank.shoulders") is Verdict.UNKNOWN
    assert "Good form" in written
    assert (image[0, 0] == GREEN).all()


def test_words_of_a_fault(written):
    picture(SAGGING)
    assert "Hips sag: lift them until you are straight" in written
    assert "A pelvis that hangs makes the lower back carry the load." in written
    assert "sag 11" in written or "sag 12" in written
    assert "Good form" not in written


def test_a_side_plank_is_written_as_people_write_it(written):
    session = Session.of(SIDE_PLANK)
    for tenths in range(30):
        session = session.after(SidePlank().pose(tenths / 10))
    draw(Moment(blank(SMALL), SidePlank().pose(2.9), session))
    assert "HOLD left forearm side plank" in written


def test_words_of_a_raised_head(written):
    picture(HEAD_UP)
    assert "Head held up: look down, between your hands" in written
    assert "head up 40" in written


def test_words_of_somebody_who_stands(written):
    picture(STANDING)
    assert written == ["Not in position"]


def test_words_of_an_empty_picture(written):
    absent = Pose.absent(0.0)
    draw(Moment(blank(SMALL), absent, after(absent, 4.0)))
    assert written == ["Nobody in the picture"]


def test_words_of_a_picture_that_cannot_be_judged(written):
    picture(STRAIGHT, unseen=("toe",))
    assert written[0] == "Cannot judge"
    assert " ".join(written[1:]) == "the feet are not in the picture: move the camera back"


def test_words_after_a_hold(written):
    pose = pose_of(STANDING)
    session = Session.of(PLANK)
    for seconds in (6.0, 4.0):
        session = after(pose, 3.0, after(pose_of(STRAIGHT), seconds, session))
    draw(Moment(blank(SMALL), pose, session))
    assert written[0] == "Not in position"
    assert written[1].startswith(("last hold 0:03", "last hold 0:04"))


def test_a_body_that_is_not_judged_has_no_colours():
    image = picture(STANDING)
    assert has(image, GREY)
    assert not any(has(image, colour) for colour in (GREEN, ORANGE, VERMILLION, PALE))


def test_bones_that_are_not_judged_are_dashed():
    at = placed(STANDING, SMALL)
    (x, top), (_, end) = at["hip"], at["knee"]
    thigh = picture(STANDING)[round(top) + 6 : round(end) - 6, round(x)]
    grey = (np.abs(thigh.astype(int) - GREY).max(axis=-1) < 10).mean()
    assert 0.3 < grey < 0.8
    assert not changed(thigh[None]).all()


@pytest.mark.parametrize(
    ("points", "on_guide"),
    [(SAGGING, (410, 329)), (STRAIGHT | {"elbow": (765, 440)}, (700, 400))],
)
def test_a_line_shows_where_a_joint_belongs_while_it_is_not_there(points, on_guide):
    place = placed({"guide": on_guide}, SMALL)["guide"]
    assert has(around(picture(points), place, 7), WHITE)
    assert not has(around(picture(STRAIGHT), place, 7), WHITE)


def test_the_bones_that_a_fault_concerns_are_thicker_and_the_others_are_not():
    size = (1280, 720)
    thigh, shank = [], []
    for points, colour in ((STRAIGHT, GREEN), (SAGGING, VERMILLION)):
        image, at = picture(points, size), placed(points, size)
        hip, knee, ankle = (np.array(at[part]) for part in ("hip", "knee", "ankle"))
        thigh.append(thickness(image, (hip + knee) / 2, colour))
        shank.append(thickness(image, (knee + ankle) / 2, GREEN))
    assert thigh[1] > 1.5 * thigh[0] > 0
    assert shank[1] == pytest.approx(shank[0], abs=2)


@pytest.mark.parametrize("pair", list(combinations(Verdict, 2)), ids=str)
def test_marks_differ_without_colour(pair):
    shapes = []
    for verdict in pair:
        canvas = Canvas.copied(np.full((200, 200, 3), PAPER, np.uint8))
        canvas = replace(canvas, unit=8.0)
        canvas.mark((100.0, 100.0), verdict)
        shapes.append((canvas.image == VERDICT_COLOURS[verdict]).all(axis=-1))
    assert (shapes[0] != shapes[1]).sum() > 0.3 * min(shape.sum() for shape in shapes)


def test_the_joint_that_is_wrong_has_the_mark_of_it():
    image, at = picture(SAGGING), placed(SAGGING, SMALL)
    for part, mark in {"hip": (WHITE, VERMILLION), "knee": (GREEN, GREEN)}.items():
        x, y = (round(value) for value in at[part])
        middle, edge = image[y, x], image[y - 5, x] if part == "hip" else image[y - 2, x]
        assert (middle == mark[0]).all(), part
        assert (edge == mark[1]).all(), part


@pytest.mark.parametrize("centre", [(-50.0, 20.0), (640.0, 360.0), (300.0, -9.0)])
def test_labels_do_not_leave_the_picture(centre):
    areas = []
    for place in (centre, (320.0, 180.0)):
        canvas = Canvas.copied(blank(SMALL).image)
        canvas.label("raised 12°", place, Verdict.WATCH, 1.0)
        areas.append(changed(canvas.image).sum())
    assert areas[0] == pytest.approx(areas[1], rel=0.05)


def levelled(levels, size=SMALL):
    pose = pose_of(STRAIGHT, size)
    return draw(Moment(blank(size), pose, with_levels(after(pose, 4.0), levels)))


def test_a_fault_is_told_before_a_hint_and_the_graver_rule_before_the_other():
    head, sag = "plank.head-up", "plank.hips-sag"
    both = levelled({head: Verdict.FAULT, sag: Verdict.WATCH})
    assert (bar_of(both) == bar_of(levelled({head: Verdict.FAULT}))).all()
    hints = levelled({head: Verdict.WATCH, sag: Verdict.WATCH})
    assert (bar_of(hints) == bar_of(levelled({sag: Verdict.WATCH}))).all()
    assert has(bar_of(hints), ORANGE)
    assert not has(bar_of(hints), VERMILLION)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("code", [rule.code for rule in PLANK.rules])
def test_no_cue_runs_out_of_the_picture(code, size, written):
    bar = bar_of(levelled({code: Verdict.FAULT}, size))
    cue = next(rule.cue for rule in PLANK.rules if rule.code == code)
    told = " ".join(written)
    assert cue.shown in told
    assert cue.why in told
    for column in (bar[:, 0], bar[:, 1], bar[:, -2], bar[:, -1]):
        assert len(np.unique(column, axis=0)) == 2  # the rim and the shade
    assert len(np.unique(bar[-1], axis=0)) == 1


def test_a_cue_of_any_length_stays_in_the_picture(written):
    session = after(pose_of(SAGGING), 4.0)
    long = {"shown": "straighten " * 25, "why": "Unbroken" * 40}
    variant = session.variant
    rules = tuple(replace(rule, cue=replace(rule.cue, **long)) for rule in variant.rules)
    stance = replace(PLANK.stance, variants=(replace(variant, rules=rules),))
    session = replace(session, exercise=replace(PLANK, stance=stance))
    bar = bar_of(draw(Moment(blank(SMALL), pose_of(SAGGING), session)))
    assert sum(text.count("straighten") for text in written) == 25
    assert 0 < len(bar) < 180
    assert len(np.unique(bar[:, -1], axis=0)) == 2


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("unseen", [(), ("toe",), ("hip",)])
def test_the_words_above_stay_in_their_panel(size, unseen):
    image = picture(STANDING if unseen == ("hip",) else STRAIGHT, size, unseen=unseen)
    panel = changed(image[: round(0.02 * size[1])]).all(axis=0)
    right = int(panel.sum())
    assert 0 < right < size[0]
    below = int(changed(image)[:, 0].argmin())
    edge = image[:below, right - 2 : right].reshape(-1, 3)
    assert len(np.unique(edge, axis=0)) == 1


def luminance(colour):
    shares = np.asarray(colour) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.0722, 0.7152, 0.2126))


def contrast(colour, other):
    bright, dark = sorted((luminance(colour), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_words_stand_out_from_what_is_behind_them(grey):
    canvas = Canvas.copied(np.full((20, 20, 3), grey, np.uint8))
    canvas.shade(0, 0, 20, 20)
    assert all(contrast(colour, canvas.image[10, 10]) >= 4.5 for colour in (WHITE, PALE))
    assert contrast(WHITE, DARK) >= 4.5


def test_what_is_shaded_is_still_seen():
    noise = np.random.default_rng(0).integers(0, 256, (50, 50, 3), dtype=np.uint8)
    canvas = Canvas.copied(noise)
    canvas.shade(0, 0, 50, 25)
    assert np.corrcoef(canvas.image[:25].ravel(), noise[:25].ravel())[0, 1] > 0.99
    assert (canvas.image[25:] == noise[25:]).all()


@pytest.mark.parametrize("strong", [True, False])
@pytest.mark.parametrize("room", [60, 200, 900])
def test_words_fit_their_room_and_none_is_lost(room, strong):
    text = "Elbows out of place: set them under the shoulders"
    words = fitted(text, 20.0, room, strong=strong, n_lines=2)
    assert " ".join(words.lines) == text
    assert len(words.lines) <= 2
    assert 0 < words.width_px <= room
    assert words.cap_px == 20.0 or words.width_px > 0.6 * room


def test_without_room_there_are_no_words():
    assert fitted("Not in position", 20.0, -5, strong=True, n_lines=2).lines == ()


def test_ink_is_no_wider_than_it_was_measured():
    words = fitted("sag 88°", 30.0, 500, strong=True, n_lines=1)
    canvas = Canvas.copied(np.zeros((100, 500, 3), np.uint8))
    canvas.write(words, 100, 30)
    columns = np.flatnonzero(canvas.image.any(axis=(0, 2)))
    assert 100 <= columns[0] < 110
    assert 0.9 * words.width_px < columns[-1] - 99 <= words.width_px


def test_the_degree_sign_is_a_ring_above_the_line():
    signs = []
    for text in ("8", "8°"):
        canvas = Canvas.copied(np.zeros((100, 100, 3), np.uint8))
        canvas.write(fitted(text, 40.0, 100, strong=True, n_lines=1), 10, 30)
        signs.append(canvas.image[..., 0] > 128)
    ys, xs = np.nonzero(signs[0] ^ signs[1])
    assert 10 < np.ptp(xs) < 25
    assert 10 < np.ptp(ys) < 25
    assert ys.max() < 50
    assert not signs[1][round(ys.mean()), round(xs.mean())]


def test_the_clock_does_not_make_its_panel_tremble():
    pose = pose_of(STRAIGHT)
    session = after(pose, 4.0)
    edges = set()
    for tenths in range(41, 52):
        session = session.after(replace_time(pose, tenths / 10))
        image = draw(Moment(blank(SMALL), pose, session))
        edges.add(int(changed(image[:5]).all(axis=0).sum()))
    assert len(edges) == 1


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0:00.0"),
        (0.3, "0:00.3"),
        (23.4, "0:23.4"),
        (59.99, "0:59.9"),
        (60.0, "1:00.0"),
        (600.04, "10:00.0"),
    ],
)
def test_clock_text(seconds, text):
    assert clock_text(seconds) == text


def test_clean_time_is_the_hold_without_its_faults():
    good = after(pose_of(STRAIGHT), 4.0)
    assert good.clean_s == pytest.approx(4.0)
    both = after(pose_of(SAGGING), 3.0, good)
    assert both.clock.held_s == pytest.approx(7.1)
    assert both.clean_s == pytest.approx(4.1, abs=0.11)
    assert after(pose_of(STANDING), 3.0).clean_s == 0.0


def test_clean_time_is_that_of_the_last_hold():
    standing = after(pose_of(STANDING), 3.0, after(pose_of(SAGGING), 4.0))
    again = after(pose_of(STRAIGHT), 4.0, standing)
    assert again.clean_s == again.clock.held_s > 3.0
    sagging = after(pose_of(SAGGING), 4.0)
    later = replace(sagging.clock, since_s=sagging.clock.since_s + 1.0)
    assert replace(sagging, clock=later).clean_s == pytest.approx(0.0)


def rule_of(code):
    return next(rule for rule in PLANK.rules if rule.code == code)


def test_a_break_of_a_hold_shows_what_was_known_before_it():
    sagging = after(pose_of(SAGGING), 4.0)
    gone = sagging.after(Pose.absent(4.1))
    assert gone.verdict("plank.hips-sag") is Verdict.FAULT
    assert gone.verdict("plank.knees") is Verdict.GOOD
    image = draw(Moment(blank(SMALL), Pose.absent(4.1), gone))
    assert (bar_of(image) == bar_of(picture(SAGGING))).all()


def test_a_level_that_is_taken_only_in_a_break_is_not_shown():
    sagging = after(pose_of(SAGGING), 4.0)
    gone = sagging.after(Pose.absent(4.1))
    just = Latch(on=True, start_s=gone.clock.confirmed_s - 0.1)
    watches = tuple(replace(watch, fault=just, watch=Latch()) for watch in gone.watches)
    assert all(
        replace(gone, watches=watches).verdict(rule.code) is not Verdict.FAULT
        for rule in gone.variant.rules
    )


def test_outside_a_hold_nothing_is_shown_of_the_rules():
    standing = after(pose_of(STANDING), 3.0, after(pose_of(SAGGING), 4.0))
    assert {standing.verdict(rule.code) for rule in PLANK.rules} == {Verdict.UNKNOWN}


def test_the_face_is_covered_only_when_the_head_is_wrong():
    middle = {}
    for name, points in (("good", STRAIGHT), ("up", HEAD_UP)):
        at = placed(points, SMALL)
        place = [(at["ear"][i] + 2 * at["nose"][i]) / 3 for i in (0, 1)]
        middle[name] = changed(around(picture(points), place, 2)).any()
    assert middle == {"good": False, "up": True}


def test_the_label_of_the_head_is_off_the_face():
    image, (x, y) = picture(HEAD_UP), placed(HEAD_UP, SMALL)["ear"]
    above = changed(image)[round(y) - 30 : round(y) - 16]
    assert above[:, round(x) - 40 : round(x) - 10].all(axis=0).sum() > 20
    assert not above[:, round(x) + 5 : round(x) + 60].any()


def test_no_praise_before_the_checks_had_their_time(written):
    """A hip that sags from the first frame on is not good form until it is called a fault."""
    for tenths in range(2, 14):
        session = after(pose_of(SAGGING), tenths / 10)
        draw(Moment(blank(SMALL), pose_of(SAGGING), session))
    assert "Good form" not in written
    picture(STRAIGHT)
    assert "Good form" in written
