"""How many frames are looked at: fewer while a body keeps still, all as soon as it moves."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from bodies import Move, Plank, at, clip, crunches, without

from formcheck import EXERCISES, Pose
from formcheck.pace import STILL_FPS, Pace
from formcheck.pipeline import Frame, run, seen
from formcheck.recognition import Recognition

GOOD = Plank()


def looked_at(poses):
    """Return the poses of those frames that are looked at, the last one among them."""
    pace, taken, pose = Pace(), [], None
    for pose in poses:
        if pace.takes(pose.time_s):
            pace = pace.after(pose)
            taken.append(pose)
    return taken if taken[-1] is pose else [*taken, pose]


def n_between(poses, start_s, end_s):
    return sum(start_s <= pose.time_s < end_s for pose in poses)


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_a_still_body_is_looked_at_less_often_after_a_second(fps):
    taken = looked_at(clip((5, GOOD), fps=fps))
    assert n_between(taken, 0, 1) == fps
    assert n_between(taken, 1.2, 5) == pytest.approx(3.8 * STILL_FPS, abs=1.5)


def test_a_video_with_few_frames_is_looked_at_in_all():
    assert len(looked_at(clip((5, GOOD), fps=5))) == 25


def test_a_body_that_moves_is_looked_at_in_every_frame():
    poses = list(clip((3, GOOD), *((0.2, Plank(sag_deg=-5 + 4 * i)) for i in range(10)), fps=30))
    taken = looked_at(poses)
    moving = n_between(taken, 3.5, 5)
    assert moving == 45


def test_a_body_that_trembles_keeps_still():
    rng = np.random.default_rng(0)
    trembling = [
        Pose(pose.time_s, pose.xy + rng.normal(0, 2.0, pose.xy.shape), pose.visibility)
        for pose in clip((5, GOOD), fps=30)
    ]
    assert n_between(looked_at(trembling), 1.2, 5) < 40


def test_what_comes_or_goes_is_looked_at_in_every_frame():
    nobody = looked_at(clip((3, None), fps=30))
    assert len(nobody) == 90
    hiding = [
        without(pose, "knee") if index // 10 % 2 else pose
        for index, pose in enumerate(clip((4, GOOD), fps=30))
    ]
    assert len(looked_at(hiding)) == 120


class Playback:
    """An estimator that knows the poses, and how many frames it was asked for."""

    def __init__(self, poses):
        self.poses = {pose.time_s: pose for pose in poses}
        self.n_begun = 0

    def begin(self, frame):
        self.n_begun += 1
        return partial(self.poses.__getitem__, frame.time_s)


@pytest.mark.parametrize("fps", [10, 30])
def test_the_next_frame_is_begun_only_where_it_is_looked_at_for_sure(fps):
    poses = list(clip((3, GOOD), (1, Plank(sag_deg=12)), (2, None), (4, GOOD), fps=fps))
    frames = [Frame(pose.time_s, np.zeros((4, 4, 3), np.uint8)) for pose in poses]
    playback, expected = Playback(poses), looked_at(poses)
    with seen(frames, playback, pace=Pace()) as found:
        given, taken = zip(*found, strict=True)
    assert list(given) == frames
    assert [pose for pose in taken if pose] == expected
    assert playback.n_begun == len(expected) < len(poses)


def summary_of(poses):
    return run(((None, pose) for pose in poses), Recognition.of(EXERCISES)).summary()


def test_what_came_of_a_hold_is_the_same():
    poses = list(clip((6, GOOD), (2, Plank(sag_deg=12)), (6, GOOD), fps=30))
    every, fewer = summary_of(poses), summary_of(looked_at(poses))
    assert len(looked_at(poses)) < 0.6 * len(poses)
    assert [f.rule.code for f in every.faults] == [f.rule.code for f in fewer.faults] != []
    for a, b in zip(every.faults, fewer.faults, strict=True):
        assert (a.start_s, a.end_s) == pytest.approx((b.start_s, b.end_s), abs=1 / STILL_FPS)
    assert every.hold.total_s == pytest.approx(fewer.hold.total_s, abs=1 / STILL_FPS)


def test_what_came_of_repetitions_is_the_same():
    moves = Move(lift_deg=20, seconds=3), Move(lift_deg=50, rest_s=3)
    poses = list(crunches(*moves, *moves, lie_s=4.0, fps=30))
    every, fewer = summary_of(poses), summary_of(looked_at(poses))
    assert len(every.reps) == len(fewer.reps) > 0
    for a, b in zip(every.reps, fewer.reps, strict=True):
        assert a.rep.top_s == pytest.approx(b.rep.top_s, abs=0.1)
        assert a.peak_lift_deg == pytest.approx(b.peak_lift_deg, abs=1.0)
        assert {f.rule.code for f in a.faults} == {f.rule.code for f in b.faults}


def test_a_later_frame_of_a_still_body_waits_its_turn():
    pace = Pace()
    for tenths in range(11):
        pace = pace.after(at(GOOD, tenths / 10))
    assert not pace.takes(1.1)
    assert pace.takes(1.0 + 1 / STILL_FPS)
