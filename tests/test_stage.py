"""The picture of the live window: what stands in it, at any size, in the mirror or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import Move, Plank, arched, clip, crunches, standing, without

from formcheck import Session, exercise_named
from formcheck.canvas import VERMILLION
from formcheck.coaching import Coach
from formcheck.guide import Sighting
from formcheck.landmarks import Landmark
from formcheck.pipeline import Frame, Moment
from formcheck.silhouette import STATIONS
from formcheck.stage import KEYS, Scene, draw_scene
from formcheck.training import Plan

SIZE_WH = (1280, 720)
SIZES = [SIZE_WH, (1920, 1080), (480, 700), (320, 180), (64, 40)]
PAPER = (150, 170, 160)
GOOD, SAG = Plank(), Plank(sag_deg=12)


def scene_of(poses, exercise="plank", **options):
    """Return what there is to see after the poses, before a plain wall with one red corner."""
    session, coach = Session.of(exercise_named(exercise)), Coach(Plan())
    for pose in poses:
        session = session.after(pose)
        coach = coach.after(session, Sighting(pose, SIZE_WH, 120.0))
    image = np.full((SIZE_WH[1], SIZE_WH[0], 3), PAPER, np.uint8)
    image[:300, -200:] = (0, 0, 255)
    moment = Moment(Frame(pose.time_s, image), pose, session)
    return Scene(moment, coach, voice="voice on", **options)


def told(written):
    """Return all that was written, in one string; a line may have been broken anywhere."""
    return " ".join(written)


@pytest.mark.parametrize("size_wh", SIZES)
def test_a_picture_of_any_size_can_be_drawn(size_wh):
    for scene in (scene_of(clip((6, GOOD), (4, SAG))), Scene(None, Coach(Plan()))):
        image = draw_scene(scene, size_wh)
        assert image.shape == (size_wh[1], size_wh[0], 3)
        assert image.dtype == np.uint8


def test_the_clock_the_cue_and_its_reason_are_told_while_somebody_holds(written):
    draw_scene(scene_of(clip((6, GOOD), (4, SAG))), SIZE_WH)
    assert "0:09" in written
    assert "Hips sag: lift them until you are straight" in told(written)
    assert "lower back carry the load" in told(written)


def test_the_keys_and_the_voice_are_told(written):
    draw_scene(scene_of(clip((2, GOOD))), SIZE_WH)
    assert KEYS in told(written)
    assert "voice on" in written


def test_repetitions_are_counted_by_the_set(written):
    draw_scene(scene_of(crunches(Move(), Move(), Move(rest_s=12), Move()), "crunch"), SIZE_WH)
    assert "1" in written


def test_the_guide_shows_what_is_right_and_what_to_change(written):
    draw_scene(scene_of(clip((1.5, without(standing(), "toe", "ankle")))), SIZE_WH)
    assert "I cannot see your feet: move the camera back" in told(written)
    for check in ("Light", "Whole body", "Side-on", "Camera level"):
        assert check in written


def test_the_countdown_is_large(written):
    image = draw_scene(scene_of(clip((3.2, standing()))), SIZE_WH)
    assert "3" in written
    assert "Get into your plank" in told(written)
    white = (image == 255).all(axis=2)[200:500, 500:780]
    assert np.ptp(np.flatnonzero(white.any(axis=1))) > 100


def test_the_result_names_one_thing_to_work_on(written):
    draw_scene(scene_of(clip((10, GOOD), (4, SAG), (4, standing()))), SIZE_WH)
    assert "14 seconds" in written
    assert "Next time: Lift your hips" in told(written)


def test_trouble_stands_where_the_cue_was(written):
    scene = scene_of(clip((6, GOOD), (4, SAG)), trouble="The camera is gone. Trying again.")
    draw_scene(scene, SIZE_WH)
    assert "The camera is gone. Trying again." in told(written)
    assert "Hips sag" not in told(written)


def test_a_pause_is_told(written):
    draw_scene(scene_of(clip((6, GOOD)), paused=True), SIZE_WH)
    assert "Paused" in written


def test_in_the_mirror_the_picture_is_turned_and_the_words_are_not(written):
    scene = scene_of(clip((6, GOOD)))
    plain, turned = (draw_scene(replace(scene, mirrored=m), SIZE_WH) for m in (False, True))
    red = (0, 0, 255)
    assert tuple(plain[200, 1180]) == red
    assert tuple(turned[200, 100]) == red
    assert written[: len(written) // 2] == written[len(written) // 2 :]


def in_window(place, size_wh, *, mirrored):
    """Return where a place of the camera's picture is shown."""
    foot = round(22 * min(size_wh) / 360)
    room = size_wh[0], size_wh[1] - foot
    scale = min(room[0] / SIZE_WH[0], room[1] / SIZE_WH[1])
    x, y = place
    x = SIZE_WH[0] - x if mirrored else x
    left, top = ((own - scale * side) / 2 for own, side in zip(room, SIZE_WH, strict=True))
    return round(left + scale * x), round(top + scale * y)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("size_wh", [SIZE_WH, (900, 900)])
def test_the_skeleton_lies_on_the_body(size_wh, mirrored):
    """At the near hip the picture has the mark of the verdict, not the wall's colour."""
    scene = scene_of(clip((6, GOOD)), mirrored=mirrored)
    hip = scene.moment.pose.at(Landmark.RIGHT_HIP)
    x, y = in_window(hip, size_wh, mirrored=mirrored)
    assert tuple(draw_scene(scene, size_wh)[y, x]) != PAPER


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("size_wh", [SIZE_WH, (900, 900)])
def test_the_outline_lies_on_the_back(size_wh, mirrored):
    poses = list(clip((4, arched(GOOD, 25)), (4, arched(GOOD, 60))))
    image = draw_scene(scene_of(poses, mirrored=mirrored), size_wh)
    back = poses[-1].back
    outline = back.places(back.above)
    for station in (0.15, 0.2, 0.3):  # beside the labels
        place = outline[int(np.abs(STATIONS - station).argmin())]
        x, y = in_window(place, size_wh, mirrored=mirrored)
        assert (image[y - 2 : y + 3, x - 2 : x + 3] == VERMILLION).all(axis=-1).any()


def test_the_camera_s_own_picture_is_not_drawn_on():
    scene = scene_of(clip((6, GOOD), (4, SAG)))
    before = scene.moment.frame.image.copy()
    draw_scene(scene, SIZE_WH)
    assert (scene.moment.frame.image == before).all()
