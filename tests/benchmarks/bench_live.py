"""How fast live coaching is: frames a second, and what it adds to bare inference.

Run it with ``python tests/benchmarks/bench_live.py [VIDEO]`` where there is a display (``xvfb-run``
makes one). Without a video, a sample is scaled to 1280 x 720 and 30 frames a second. A frame's
latency runs from its arrival to the moment at which it is on the screen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from footage import phone_video

from formcheck import exercise_named, live
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.feed import Feed, Paced
from formcheck.training import Plan

WARM_UP = 30


class Timed(MediaPipeEstimator):
    """An estimator that keeps how long it took, by frame."""

    spent_s: ClassVar[dict[int, float]] = {}

    def estimate(self, frame):
        start_s = time.perf_counter()
        pose = super().estimate(frame)
        self.spent_s[frame.image.ctypes.data] = time.perf_counter() - start_s
        return pose


class Stamped:
    """A source that keeps when its frames came."""

    def __init__(self, source, arrivals):
        self._source, self._arrivals = source, arrivals

    def __enter__(self):
        self._source.__enter__()
        return self

    def __exit__(self, *error):
        self._source.__exit__(*error)

    def __iter__(self):
        for frame in self._source:
            self._arrivals[frame.image.ctypes.data] = time.perf_counter()
            yield frame


class Watched:
    """A window that keeps how old each frame was when it was shown."""

    def __init__(self, arrivals):
        self._window, self._arrivals, self._last_s = live.on_window(), arrivals, -1.0
        self.ages_s, self.inference_s, self.shown_s = [], [], []

    def __enter__(self):
        self._screen = self._window.__enter__()
        return self

    def __exit__(self, *error):
        self._window.__exit__(*error)

    def show(self, scene):
        key = self._screen.show(scene)
        if scene.moment and scene.moment.pose.time_s != self._last_s:
            now_s = time.perf_counter()
            self._last_s = scene.moment.pose.time_s
            which = scene.moment.frame.image.ctypes.data
            self.ages_s.append(now_s - self._arrivals[which])
            self.inference_s.append(Timed.spent_s[which])
            self.shown_s.append(now_s)
        return key


def bare_inference_ms(video: Path) -> float:
    """Return the median time of the pose model alone."""
    spent = []
    with VideoFile(video) as source, MediaPipeEstimator() as estimator:
        for frame in source:
            start_s = time.perf_counter()
            estimator.estimate(frame)
            spent.append(time.perf_counter() - start_s)
    return 1000 * median(spent[WARM_UP:])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", nargs="?", type=Path)
    parser.add_argument("--record", action="store_true", help="record the annotated video as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        video = options.video or phone_video(Path(folder) / "phone.mp4")
        bare_ms = bare_inference_ms(video)
        arrivals: dict[int, float] = {}
        live.MediaPipeEstimator = Timed
        live.opened = lambda _: Feed(lambda: Stamped(Paced(VideoFile(video)), arrivals), ends=True)
        wishes = live.Wishes(
            (exercise_named("plank"),),
            Plan(),
            camera=str(video),
            record=Path(folder) / "record.mp4" if options.record else None,
        )
        watched = Watched(arrivals)
        live.train(wishes, watched)
    inference = np.array(watched.inference_s[WARM_UP:]) * 1000
    ages = np.array(watched.ages_s[WARM_UP:]) * 1000
    added = ages - inference
    seconds = watched.shown_s[-1] - watched.shown_s[WARM_UP]
    print(f"bare inference      {bare_ms:5.1f} ms a frame (median), alone")
    print(f"inference live      {np.median(inference):5.1f} ms a frame (median)")
    print(f"shown               {(len(ages) - 1) / seconds:5.1f} frames a second")
    print(f"arrival to screen   {np.median(ages):5.1f} ms (median)")
    print(
        f"added to inference  {np.median(added):5.1f} ms (median), "
        f"{np.percentile(added, 95):.1f} ms (95th percentile)"
    )
    print(f"ratio               {np.median(ages) / bare_ms:5.2f} of bare inference")


if __name__ == "__main__":
    main()
