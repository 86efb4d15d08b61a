"""What formcheck makes of the samples, and what is true of them.

Finding the poses takes by far the most time: it is done once per test run, in two processes.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from formcheck import Side, exercise_named
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.landmarks import HALVES, N_LANDMARKS, Pose
from formcheck.pipeline import run, seen
from formcheck.recognition import Recognition

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
NAMES = tuple(sorted(path.stem for path in SAMPLES.glob("*.mp4")))


@cache
def truth(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@cache
def true_poses(name):
    """Return the poses of the projected joints."""
    document = truth(name)
    xy = np.full((len(document["times_s"]), N_LANDMARKS, 2), np.nan)
    near = Side(document["near"])
    for key, places in document["joints_px"].items():
        distance, _, part = key.partition("_")
        half = HALVES[near if distance == "near" else near.other]
        xy[:, getattr(half, part) if part else 0] = places
    seen_well = np.ones(N_LANDMARKS)
    pairs = zip(document["times_s"], xy, strict=True)
    return [Pose(time_s, each, seen_well) for time_s, each in pairs]


def poses(name):
    """Return the poses that MediaPipe finds; the first call sets off all other clips as well."""
    return [Pose(*pose) for pose in _under_way(name)[name].result()]


@cache
def folded(name, exercise):
    """Return the session after each frame of a clip."""
    sessions = []
    run(
        ((None, pose) for pose in poses(name)),
        Recognition.of([exercise_named(exercise)]),
        [_Keep(sessions)],
    )
    return sessions


class _Keep:
    def __init__(self, sessions):
        self.sessions = sessions

    def take(self, moment):
        self.sessions.append(moment.session)


_futures = {}


def _under_way(first):
    if not _futures:
        pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))
        atexit.register(pool.shutdown, cancel_futures=True)
        for name in (first, *(other for other in NAMES if other != first)):
            _futures[name] = pool.submit(_found, name)
    return _futures


def _found(name):
    with (
        VideoFile(SAMPLES / f"{name}.mp4") as source,
        MediaPipeEstimator() as estimator,
        seen(source, estimator) as frames,
    ):
        found = [pose for _, pose in frames]
    return [
        (pose.time_s, pose.xy, pose.visibility, pose.world_m, "", pose.anew, pose.back)
        for pose in found
    ]
