"""The outline of the back in the picture: where it is drawn, and in which colour."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bodies import SIZE_WH, Plank, Supine, arched, clip, fold, mirrored
from side_bodies import SidePlank

from formcheck import Session, exercise_named
from formcheck.canvas import GREEN, PALE, VERMILLION, WHITE
from formcheck.holds import State
from formcheck.overlay import draw
from formcheck.pipeline import Frame, Moment
from formcheck.silhouette import STATIONS, Outline

PAPER = (200, 240, 220)  # nothing that is drawn has this colour
GOOD = Plank()
SMALL_OF_BACK = int(np.abs(STATIONS - 0.7).argmin())
BESIDE = int(np.abs(STATIONS - 0.4).argmin())


def drawn(*parts):
    poses = list(clip(*parts))
    image = np.full((SIZE_WH[1], SIZE_WH[0], 3), PAPER, np.uint8)
    return draw(Moment(Frame(poses[-1].time_s, image), poses[-1], fold(poses))), poses[-1]


def colours_at(image, place, radius=4):
    x, y = (round(float(value)) for value in place)
    patch = image[y - radius : y + radius + 1, x - radius : x + radius + 1]
    return {tuple(pixel) for pixel in patch.reshape(-1, 3).tolist()}


def outline_place(pose, station):
    return pose.back.places(pose.back.above)[station]


@pytest.mark.parametrize(("deg", "colour"), [(25, GREEN), (40, VERMILLION)], ids=["good", "arched"])
def test_the_outline_has_the_colour_of_its_verdict(deg, colour):
    image, pose = drawn((3, arched(GOOD, 25)), (3, arched(GOOD, deg)))
    assert colour in colours_at(image, outline_place(pose, BESIDE))


def test_before_the_own_best_is_known_the_outline_is_pale():
    image, pose = drawn((1.0, arched(GOOD, 25)))
    assert PALE in colours_at(image, outline_place(pose, BESIDE))


def test_a_cloth_is_stretched_over_a_hollow_that_is_wrong():
    image, pose = drawn((3, arched(GOOD, 25)), (3, arched(GOOD, 60)))
    low, high = (int(np.abs(STATIONS - u).argmin()) for u in (0.1, 1.19))
    ends = outline_place(pose, low), outline_place(pose, high)
    shares = np.linspace(0.05, 0.35, 40)[:, None]
    cloth = ends[0] + (ends[1] - ends[0]) * shares
    assert any(WHITE in colours_at(image, place, 1) for place in cloth)


def test_without_an_outline_nothing_is_drawn_of_it():
    with_it, pose = drawn((4, arched(GOOD, 25)))
    without_it, _ = drawn((4, replace(arched(GOOD, 25), back=None)))
    assert GREEN in colours_at(with_it, outline_place(pose, BESIDE))
    assert colours_at(without_it, outline_place(pose, BESIDE)) == {PAPER}


def test_outside_a_hold_nothing_is_drawn_of_it():
    image, pose = drawn((0.2, arched(GOOD, 25)))
    assert colours_at(image, outline_place(pose, BESIDE)) == {PAPER}


@pytest.mark.parametrize("name", ["side-plank", "bicycle-crunch"])
def test_where_no_rule_is_about_the_back_nothing_is_drawn_of_it(name):
    body = SidePlank().pose() if name == "side-plank" else Supine().pose()
    edge = np.full_like(STATIONS, 0.45)
    outline = Outline(body.middle_of_shoulders, body.middle_of_hips, edge, edge)
    images = []
    for back in (outline, None):
        pose = replace(body, back=back)
        session = fold(clip((4, pose)), Session.of(exercise_named(name)))
        assert session.clock.state is State.HOLD
        image = np.full((SIZE_WH[1], SIZE_WH[0], 3), PAPER, np.uint8)
        images.append(draw(Moment(Frame(4.0, image), pose, session)))
    assert (images[0] == images[1]).all()


def test_in_the_mirror_it_is_mirrored():
    poses = [mirrored(pose) for pose in clip((3, arched(GOOD, 25)), (3, arched(GOOD, 40)))]
    image = np.full((SIZE_WH[1], SIZE_WH[0], 3), PAPER, np.uint8)
    image = draw(Moment(Frame(poses[-1].time_s, image), poses[-1], fold(poses)))
    assert VERMILLION in colours_at(image, outline_place(poses[-1], BESIDE))
