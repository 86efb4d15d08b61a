"""The lookout: poses of the newest frames, whatever source, model and consumer do."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from formcheck.feed import Feed
from formcheck.landmarks import Pose
from formcheck.lookout import Lookout
from formcheck.pipeline import Frame, ModelError

LIMIT_S = 20


class Source:
    """So many frames, as fast as they can be taken, or at a pace."""

    def __init__(self, n, pause_s=0.0):
        self._n, self._pause_s = n, pause_s

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __iter__(self):
        for index in range(self._n):
            time.sleep(self._pause_s)
            yield Frame(index / 30, np.full((72, 96, 3), index % 256, np.uint8))


class Model:
    """A model that takes its time, and may fail."""

    def __init__(self, seconds=0.0, fails_after=10**9):
        self.n, self._seconds, self._fails_after = 0, seconds, fails_after

    def estimate(self, frame):
        self.n += 1
        time.sleep(self._seconds)
        if self.n > self._fails_after:
            raise ModelError("the model failed: reinstall it")
        return Pose.absent(frame.time_s)


def taken(source, model, work_s=0.0):
    """Return the times of all that the consumer gets."""
    times, end_s = [], time.monotonic() + LIMIT_S
    with Feed(lambda: source, ends=True) as feed, Lookout(feed, model) as lookout:
        while not lookout.ended:
            assert time.monotonic() < end_s
            seen = lookout.newest(0.05)
            if seen is not None:
                frame, pose = seen
                assert frame.time_s == pose.time_s
                times.append(frame.time_s)
                time.sleep(work_s)
    return times


@pytest.mark.parametrize(
    ("pause_s", "model_s", "work_s"), [(0.01, 0, 0), (0, 0.01, 0), (0, 0, 0.01), (0.01, 0.02, 0.03)]
)
def test_the_newest_wins_and_the_last_is_never_lost(pause_s, model_s, work_s):
    times = taken(Source(60, pause_s), Model(model_s), work_s)
    assert times == sorted(set(times))
    assert times[-1] == pytest.approx(59 / 30)


def test_a_model_that_fails_reaches_the_consumer():
    with pytest.raises(ModelError, match="reinstall"):
        taken(Source(60, 0.01), Model(fails_after=3))


def test_a_source_that_fails_reaches_the_consumer():
    class Broken(Source):
        def __iter__(self):
            raise RuntimeError("a bug in the source")

    with pytest.raises(RuntimeError, match="a bug in the source"):
        taken(Broken(1), Model())


def test_a_consumer_that_raises_ends_every_thread():
    def consume():
        with (
            Feed(lambda: Source(10**6, 0.001), ends=True) as feed,
            Lookout(feed, Model(0.01)) as lookout,
        ):
            while lookout.newest(1.0) is None:
                pass
            raise RuntimeError("enough")

    before, started_s = threading.active_count(), time.monotonic()
    with pytest.raises(RuntimeError, match="enough"):
        consume()
    assert time.monotonic() - started_s < LIMIT_S
    assert threading.active_count() == before
