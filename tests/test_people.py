"""Who is followed when there are several people; and which side of the body is near."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from bodies import PLANK, Plank, Supine, at, clip, fold, mirrored, scaled, shifted, standing
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck import Pose, Session
from formcheck.estimator import MediaPipeEstimator
from formcheck.guide import Sighting, checks, first_hint
from formcheck.holds import State
from formcheck.landmarks import Landmark, Side
from formcheck.people import SOMEBODY_ELSE, Following, apart, is_another
from formcheck.pipeline import Frame, ModelError, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
WIDTH_PX = 1280.0
ATHLETE = shifted(Plank().pose(), -80, 0)
HELPER = shifted(standing(), -650, 0)
FPS = 10.0


def follow(
    frames: Iterable[tuple[Pose, tuple[Pose, ...]]], following: Following | None = None
) -> list[Pose]:
    """Return what becomes of the poses of a model that follows one body, and can be steered.

    Of each frame it is told whom the model would follow by itself, and who else is there.
    """
    following, seen, steered = following or Following(), [], ATHLETE
    to_other = False
    for index, (model, others) in enumerate(frames):
        time_s = index / FPS
        to_other &= any(is_of(other, steered) for other in others)
        bodies = tuple(at(body, time_s) for body in (model, *others))
        pose = bodies[1] if to_other else bodies[0]
        if following.asks(pose):
            rest = tuple(body for body in bodies if body is not pose)
            chosen = following.chosen(pose, rest, WIDTH_PX)
            following = following.looked(chosen, bodies)
            to_other, steered, pose = chosen is not bodies[0], chosen, chosen
        following, pose = following.after(pose)
        seen.append(pose)
    return seen


def is_of(pose: Pose, body: Pose) -> bool:
    return pose.present and apart(pose, body) < 0.3


class TestChoice:
    @pytest.mark.parametrize("body", [ATHLETE, Supine().pose()])
    @pytest.mark.parametrize("helper", [HELPER, mirrored(HELPER), scaled(HELPER, 0.6)])
    def test_is_who_lies_or_holds_and_not_who_stands_by(self, body: Pose, helper: Pose) -> None:
        (pose,) = follow([(helper, (body,))])
        assert is_of(pose, body)

    def test_of_two_who_hold_is_who_is_nearer_the_middle(self) -> None:
        aside = shifted(ATHLETE, 500, -80)
        (pose,) = follow([(aside, (ATHLETE,))])
        assert is_of(pose, ATHLETE)

    def test_is_kept_though_another_lies_down_in_the_middle(self) -> None:
        aside = shifted(ATHLETE, 500, -80)
        poses = follow([(aside, ())] * 20 + [(aside, (ATHLETE,))] * 20)
        assert all(is_of(pose, aside) for pose in poses)

    def test_is_who_comes_to_lie_beside_somebody_upright(self) -> None:
        poses = follow([(HELPER, ())] * 20 + [(HELPER, (ATHLETE,))] * 12)
        assert is_of(poses[19], HELPER)
        assert is_of(poses[-1], ATHLETE)
        assert any(pose.anew for pose in poses[20:])

    def test_is_kept_at_the_top_of_a_sit_up(self) -> None:
        up, down = Supine(lift_deg=75).pose(), Supine().pose()
        lying = shifted(down, 0, -250)
        poses = follow([(down, (lying,))] * 10 + [(up, (lying,))] * 20 + [(down, (lying,))] * 5)
        assert not any(is_of(pose, lying) for pose in poses)

    def test_of_one_person_is_asked_for_once(self) -> None:
        following, n_looks = Following(), 0
        for pose in clip((20, ATHLETE)):
            if following.asks(pose):
                n_looks += 1
                following = following.looked(pose, (pose,))
            following, _ = following.after(pose)
        assert n_looks == 1

    def test_finds_nobody_in_a_stray_limb(self) -> None:
        assert is_another(HELPER, [ATHLETE])
        assert not is_another(shifted(ATHLETE, 20, 0), [ATHLETE])
        faint = Pose(0.0, HELPER.xy, np.full(33, 0.3))
        assert not is_another(faint, [ATHLETE])


class TestJump:
    def test_to_another_body_is_undone(self) -> None:
        poses = follow([(ATHLETE, (HELPER,))] * 10 + [(HELPER, (ATHLETE,))] * 10)
        assert all(is_of(pose, ATHLETE) for pose in poses)
        assert not any(pose.anew for pose in poses)

    def test_that_cannot_be_undone_is_told_and_then_believed(self) -> None:
        poses = follow([(ATHLETE, (HELPER,))] * 10 + [(HELPER, ())] * 30)
        doubted = [pose.doubt for pose in poses[10:24]]
        assert doubted == [SOMEBODY_ELSE] * len(doubted)
        assert is_of(poses[-1], HELPER)
        assert [pose.anew for pose in poses].count(True) == 1

    def test_to_who_lies_where_somebody_else_was_is_believed_once_and_for_all(self) -> None:
        other = shifted(ATHLETE, 500, 0)
        poses = follow([(ATHLETE, (other,))] * 10 + [(other, ())] * 60)
        assert [pose.anew for pose in poses].count(True) == 1
        assert all(is_of(pose, other) for pose in poses[27:])

    def test_is_undone_when_the_person_is_seen_again(self) -> None:
        hidden = [(HELPER, ())] * 8
        poses = follow([(ATHLETE, (HELPER,))] * 10 + hidden + [(HELPER, (ATHLETE,))] * 10)
        assert not any(is_of(pose, HELPER) for pose in poses)
        assert all(is_of(pose, ATHLETE) for pose in poses[22:])

    def test_with_nobody_else_in_the_picture_is_another_shot(self) -> None:
        elsewhere = scaled(shifted(ATHLETE, 300, -300), 0.5)
        poses = follow([(ATHLETE, ())] * 10 + [(elsewhere, ())] * 10)
        assert [index for index, pose in enumerate(poses) if pose.anew] == [10]
        assert not any(pose.doubt for pose in poses)

    def test_ends_the_hold(self) -> None:
        poses = list(clip((5, ATHLETE), (5, shifted(ATHLETE, 300, 0))))
        poses[50] = replace(poses[50], anew=True)
        holds = [s for s in fold(poses).clock.stretches_until(10.0) if s.state is State.HOLD]
        assert [(round(s.start_s), round(s.end_s)) for s in holds] == [(0, 5), (5, 10)]

    def test_leaves_what_is_seen_unknown_with_a_reason(self) -> None:
        absent = (Pose.absent(5 + i / FPS, doubt=SOMEBODY_ELSE) for i in range(30))
        session = fold([*clip((5, ATHLETE)), *absent])
        last = session.clock.stretches_until(session.time_s)[-1]
        assert (last.state, last.note) == (State.UNKNOWN, SOMEBODY_ELSE)
        sighting = Sighting(Pose.absent(9.0, doubt=SOMEBODY_ELSE), (1280, 720), 120.0)
        hint = first_hint(checks(sighting, session))
        assert hint is not None
        assert "somebody else" in hint.spoken


def swapped(pose: Pose) -> Pose:
    """Return the pose with left and right mixed up, as the model does now and then."""
    swap = [landmark.mirrored() for landmark in Landmark]
    return Pose(pose.time_s, pose.xy[swap], pose.visibility[swap])


class TestNearSide:
    @settings(max_examples=8)
    @given(
        swap=st.tuples(st.integers(30, 70), st.integers(1, 20)),
        seed=st.integers(0, 999),
        frozen=st.booleans(),
    )
    def test_is_the_same_whatever_flickers(
        self, *, swap: tuple[int, int], seed: int, frozen: bool
    ) -> None:
        noise = np.random.default_rng(seed)
        wrong = range(swap[0], sum(swap))
        session, kept = Session.of(PLANK), Plank().pose()
        for pose in clip((9, Plank())):
            index = round(pose.time_s * FPS)
            seen = swapped(pose) if index in wrong else pose
            faint = np.clip(seen.visibility + noise.normal(0, 0.2, 33), 0, 1)
            kept = kept if frozen and index % 40 > 20 else Pose(0.0, seen.xy, faint)
            session = session.after(at(kept, pose.time_s))
            if index >= 20:
                assert session.near.side is Side.RIGHT

    def test_changes_in_a_hold_when_the_evidence_lasts(self) -> None:
        right, left = Plank().pose(), swapped(Plank().pose())
        assert fold(clip((6, right), (2, left))).near.side is Side.RIGHT
        assert fold(clip((6, right), (6, left))).near.side is Side.LEFT

    def test_of_who_gets_ready_changes_at_once(self) -> None:
        right, left = standing(), swapped(standing())
        assert fold(clip((6, right), (2, left))).near.side is Side.LEFT

    def test_is_the_other_one_in_a_mirrored_picture(self) -> None:
        found = [
            fold(estimated(turn(image) for image in pictures("plank_good", 4))).near.side
            for turn in (np.array, lambda image: image[:, ::-1])
        ]
        assert found == [Side.RIGHT, Side.LEFT]


class TestPicture:
    """The real model on a plank, with somebody upright beside it, nearer to the camera."""

    def test_with_a_helper_who_was_there_first(self) -> None:
        poses = estimated(beside(pictures("plank_good", 22), left=False, gone=range(4)))
        assert in_helper(poses[3], left=False)
        assert all(pose.present and not in_helper(pose, left=False) for pose in poses[16:])

    def test_with_a_helper_whom_the_model_takes_for_the_athlete(self) -> None:
        poses = estimated(beside(pictures("plank_good", 20), left=True, gone=range(6, 11)))
        assert not any(in_helper(pose, left=True) for pose in poses)
        assert {pose.doubt for pose in poses} == {"", SOMEBODY_ELSE}
        assert all(pose.present for pose in poses[15:])

    def test_is_followed_alike_though_the_next_is_looked_at_meanwhile(self) -> None:
        images = list(beside(pictures("plank_good", 12), left=False, gone=range(3)))
        turn_by_turn, meanwhile = estimated(images), estimated(images, meanwhile=True)
        assert in_helper(turn_by_turn[2], left=False)
        assert not in_helper(turn_by_turn[8], left=False)
        for one, other in zip(turn_by_turn, meanwhile, strict=True):
            assert (one.present, one.anew, one.doubt) == (other.present, other.anew, other.doubt)
            np.testing.assert_array_equal(one.xy, other.xy)

    def test_is_followed_alike_after_a_picture_that_the_model_failed_on(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        images = list(beside(pictures("plank_good", 9), left=False, gone=range(3)))
        with MediaPipeEstimator() as model:
            with monkeypatch.context() as patch:
                patch.setattr(model._landmarker, "detect_for_video", fail)
                with pytest.raises(ModelError):
                    model.estimate(Frame(0.0, images[0]))
            after_it = [model.estimate(frame) for frame in framed(images)]
        for one, other in zip(estimated(images), after_it, strict=True):
            np.testing.assert_array_equal(one.xy, other.xy)


def fail(*_arguments: object) -> None:
    raise RuntimeError("CalculatorGraph::Run() failed")


def pictures(name: str, n: int) -> list[NDArray[np.uint8]]:
    with av.open(str(SAMPLES / f"{name}.mp4")) as video:
        decoded = zip(range(n), video.decode(video=0), strict=False)
        return [frame.to_ndarray(format="bgr24") for _, frame in decoded]


def beside(
    images: list[NDArray[np.uint8]], *, left: bool, gone: range
) -> Iterator[NDArray[np.uint8]]:
    """Yield pictures with a figure that stands beside: a plank turned by 90 degrees.

    In some the athlete is not there.
    """
    (plank,) = pictures("plank_sag_pike", 1)
    upright = np.rot90(plank[60:470], 1 if left else 3)
    height = images[0].shape[0]
    width = round(upright.shape[1] * height / upright.shape[0])
    helper = cv2.resize(np.ascontiguousarray(upright), (width, height), interpolation=3)
    for index, image in enumerate(images):
        room = np.full_like(image, 150) if index in gone else image
        yield np.hstack([helper, room] if left else [room, helper])


def in_helper(pose: Pose, *, left: bool) -> bool:
    """Return whether the hips are in the helper's part of the picture."""
    x = pose.at(Landmark.LEFT_HIP)[0]
    return x < 230 if left else x > 854


def estimated(images: Iterable[NDArray[np.uint8]], *, meanwhile: bool = False) -> list[Pose]:
    with MediaPipeEstimator() as model:
        if not meanwhile:
            return [model.estimate(frame) for frame in framed(images)]
        with seen(framed(images), model) as poses:
            return [pose for _, pose in poses if pose]


def framed(images: Iterable[NDArray[np.uint8]]) -> Iterator[Frame]:
    """Yield frames from 0.1 s on: the model smooths a little otherwise from zero on."""
    for index, image in enumerate(images, 1):
        yield Frame(index / FPS, np.ascontiguousarray(image))
