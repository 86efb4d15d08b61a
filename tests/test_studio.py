"""The rendered figures: their angles are exact, their bones keep their length."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from samples.studio.angles import measured
from samples.studio.blending import between
from samples.studio.crunches import Bicycle, Crunch
from samples.studio.figure import dressed, placed
from samples.studio.hair import hair
from samples.studio.look import Look
from samples.studio.others import AllFours, Kneeling, Prone, Sphinx, Standing
from samples.studio.planks import Plank, SidePlank
from samples.studio.proportions import MAT_M, Proportions
from samples.studio.shapes import Material, RoundCone

SIZES = [Proportions(), Proportions.with_limbs(1.06), Proportions.with_limbs(0.94)]
BONES = {
    "thigh_m": ("hip", "knee"),
    "shank_m": ("knee", "ankle"),
    "upper_arm_m": ("shoulder", "elbow"),
    "forearm_m": ("elbow", "wrist"),
}
POSTURES = [
    *(Plank(*plank) for plank in itertools.product(("forearm", "high"), (-40, 0, 15), (0, 30))),
    *(Plank("knee", sag, knee_deg=60) for sag in (-15, 0, 10)),
    Plank("knee"),
    Plank(knee_deg=40),
    Plank(elbows_forward_m=0.2),
    *(
        SidePlank(sag, facing=facing, free_arm=arm)
        for sag, facing, arm in itertools.product((-20, 0, 15), ("camera", "away"), ("side", "up"))
    ),
    *(
        Crunch(lift, hands=h)
        for lift in (0, 15, 30, 85)
        for h in ("thigh", "chest", "head", "side")
    ),
    Crunch(lumbar_deg=25),
    Crunch(feet_lift_m=0.12),
    Crunch(legs_raised=0.5),
    Crunch(legs_raised=1.0),
    Crunch(hips_shift_m=0.05),
    *(Bicycle(turn) for turn in (-1, -0.4, 0, 0.7, 1)),
    Prone(),
    Sphinx(),
    *(AllFours(lumbar) for lumbar in (-30, 0, 25)),
    Standing(),
    Standing(30, knee_deg=60),
    Kneeling(),
    Kneeling(sit_deg=50),
]


@pytest.mark.parametrize("body", SIZES)
@pytest.mark.parametrize("support", ["forearm", "high"])
def test_a_plank_sags_as_asked(body, support):
    for sag, lumbar, knee in itertools.product((-40, -15, 0, 5, 15), (0, 10, 30), (0, 30)):
        plank = Plank(support, sag, lumbar_deg=lumbar, neck_deg=20, knee_deg=knee)
        angles = measured(plank.posed(body))
        assert angles["hip"] == pytest.approx(sag, abs=0.1)
        assert angles["lumbar"] == pytest.approx(lumbar, abs=0.1)
        assert angles["knee"] == pytest.approx(180 - knee, abs=1)


@pytest.mark.parametrize("sag", [-30, -15, 0, 8])
def test_a_plank_on_the_knees_sags_as_asked(sag):
    angles = measured(Plank("knee", sag, knee_deg=60).posed())
    assert angles["hip_to_knee"] == pytest.approx(sag, abs=0.1)
    assert angles["knee"] == pytest.approx(120, abs=0.5)


@pytest.mark.parametrize("facing", ["camera", "away"])
@pytest.mark.parametrize("sag", [-20, 0, 15])
def test_a_side_plank_sags_as_asked(sag, facing):
    assert measured(SidePlank(sag, facing=facing).posed())["hip"] == pytest.approx(sag, abs=0.1)


@pytest.mark.parametrize("body", SIZES)
@pytest.mark.parametrize("hands", ["thigh", "chest", "head", "side"])
def test_a_crunch_lifts_the_trunk_as_asked(body, hands):
    for lift, lumbar in itertools.product((0, 12, 30, 45, 85), (0, 20)):
        crunch = Crunch(lift, hands=hands, lumbar_deg=lumbar)
        assert measured(crunch.posed(body))["trunk_lift"] == pytest.approx(lift, abs=0.1)


@pytest.mark.parametrize("body", SIZES)
def test_bones_keep_their_length_and_nobody_sinks_into_the_floor(body):
    for posture in POSTURES:
        _assert_a_body(posture.posed(body), posture)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (Standing(), AllFours()),
        (AllFours(), Plank()),
        (Prone(), Plank("high")),
        (Kneeling(), SidePlank(facing="away")),
        (Crunch(80), Crunch(0, legs_raised=1)),
    ],
)
def test_on_the_way_between_postures_bones_keep_their_length(start, end):
    a, b = start.posed(), end.posed()
    for share in (0.2, 0.5, 0.9):
        _assert_a_body(between(a, b, share), (start, end, share))
    for share, one in ((0, a), (1, b)):
        for name, place in between(a, b, share).joints.items():
            assert place == pytest.approx(one.joints[name], abs=1e-9)


def test_postures_of_different_bodies_are_not_blended():
    with pytest.raises(ValueError, match="same body"):
        between(Plank().posed(), Plank().posed(SIZES[1]), 0.5)


def _assert_a_body(skeleton, told):
    joints, body = skeleton.joints, skeleton.proportions
    for name, (start, end) in BONES.items():
        for side in ("near", "far"):
            bone = joints[f"{side}_{start}"] - joints[f"{side}_{end}"]
            assert math.hypot(*bone) == pytest.approx(getattr(body, name), abs=1e-6), (told, name)
    for name, place in joints.items():
        assert place[1] > MAT_M - 1e-3, (told, name)


def test_an_arched_back_hollows_and_leaves_the_hips_where_they_were():
    flat, arched = (Plank(lumbar_deg=deg).posed() for deg in (0, 25))
    assert arched.joints["near_hip"] == pytest.approx(flat.joints["near_hip"], abs=0.02)
    hollow = [_hollow_m(skeleton.spine) for skeleton in (flat, arched)]
    assert hollow[1] > hollow[0] + 0.03


def _hollow_m(spine):
    """How far the middle of the lumbar spine lies below the line from hips to shoulders."""
    line = spine.shoulders - spine.pelvis.origin
    return -np.cross(line, spine.waist.origin - spine.pelvis.origin)[2] / np.linalg.norm(line)


def test_turned_and_moved_a_figure_keeps_its_shape():
    figure = dressed(Plank(sag_deg=10).posed())
    turned = placed(figure, x_m=0.5, z_m=-0.3, turned_deg=90)
    assert turned.angles == figure.angles
    nose = figure.joints["nose"]
    assert turned.joints["nose"] == pytest.approx([0.5 + nose[2], nose[1], -0.3 - nose[0]])
    assert _gaps(turned) == pytest.approx(_gaps(figure))


def test_a_tall_figure_is_a_small_one_scaled():
    small, tall = (dressed(Plank().posed(), Look(size=size)) for size in (0.9, 1.1))
    assert _gaps(tall) == pytest.approx(_gaps(small) * 1.1 / 0.9)


def _gaps(figure):
    places = np.array(list(figure.joints.values()))
    return np.linalg.norm(places[:, None] - places[None], axis=-1)


@pytest.mark.parametrize("posture", [Plank(), Crunch(), Crunch(30), SidePlank(), Standing()])
def test_long_hair_hangs_and_does_not_sink_into_the_floor(posture):
    short, long = (dressed(posture.posed(), Look(hair)) for hair in ("short", "long"))
    masses = [shape for shape in _shapes(long, "head") if shape.material is Material.HAIR]
    strands = [shape for shape in masses if isinstance(shape, RoundCone)]
    assert len(_shapes(long, "head")) == len(_shapes(short, "head")) + len(strands)
    assert all(strand.end[1] > MAT_M for strand in strands)
    assert all(math.dist(strand.start, strand.end) < 0.07 for strand in strands)


@pytest.mark.parametrize(
    "postures",
    [[Plank(neck_deg=deg) for deg in range(-30, 41)], [Crunch(lift) for lift in range(0, 86, 2)]],
)
def test_long_hair_does_not_jump(postures):
    tips = [[link.end for link in _links(posture.posed().spine)] for posture in postures]
    steps = np.linalg.norm(np.diff(np.array(tips), axis=0), axis=-1)
    assert steps.max() < 0.05


def _links(spine):
    return [shape for shape in hair("long", spine) if isinstance(shape, RoundCone)]


def test_a_loose_shirt_hangs_from_the_belly_and_does_not_sink_under_the_back():
    for posture, least, most in ((Plank(), 0.02, 0.08), (Crunch(), -0.001, 0.005)):
        tight, loose = (dressed(posture.posed(), Look(shirt=shirt)) for shirt in ("tight", "loose"))
        lower = _lowest_m(tight) - _lowest_m(loose)
        assert least < lower < most


def test_a_heavy_body_is_thicker_and_its_joints_are_where_they_were():
    slim, heavy = Look(girth=0.85), Look(girth=1.25)
    a, b = (dressed(Plank().posed(look.proportions), look) for look in (slim, heavy))
    assert _lowest_m(b) < _lowest_m(a) - 0.05
    assert _gaps(b) == pytest.approx(_gaps(a))


def _shapes(figure, name):
    return next(part.shapes for part in figure.parts if part.name == name)


def _lowest_m(figure):
    """The height of the trunk's lowest point."""
    return min(_bottom_m(shape) for shape in _shapes(figure, "trunk"))


def _bottom_m(shape):
    if isinstance(shape, RoundCone):
        return min(shape.start[1] - shape.start_m, shape.end[1] - shape.end_m)
    reach = np.array(shape.radii_m) * shape.axes.rows[:, 1]
    return shape.axes.origin[1] - np.linalg.norm(reach)
