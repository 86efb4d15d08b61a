"""Measure what the report costs: its size, its making, and what it asks of every frame.

Run it with ``python tests/benchmarks/bench_report.py [--minutes 5]``. It tells times relative to
decoding a video of the same frames, measured in the same run, because machines differ.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ["https_proxy"] = os.environ["HTTPS_PROXY"] = "http://127.0.0.1:9"
sys.path.insert(0, str(Path(__file__).parents[1]))

import av
import numpy as np
from bodies import Move, Plank, clip, crunches

from formcheck import Exercise, Pose, Session, exercise_named
from formcheck.metrics_log import MetricsLog
from formcheck.page import report
from formcheck.pipeline import Frame, Image, Moment, run
from formcheck.recognition import Recognition
from formcheck.shots import Shots
from formcheck.training import Plan

SAMPLE = Path(__file__).parents[2] / "samples" / "plank_sag_pike.mp4"
FPS = 30


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    minutes = parser.parse_args().minutes
    frame_s, image = decoding_s()
    print(f"decoding one frame of 854x480: {frame_s * 1000:.2f} ms")
    n = round(minutes * 60)
    wrong = (Plank(sag_deg=12), Plank(sag_deg=-45), Plank(knee_deg=45), Plank(gaze_deg=150))
    parts = [part for body in wrong * (n // 40) for part in ((6, Plank()), (4, body))]
    measure("plank", clip(*parts, fps=FPS), image, frame_s)
    moves = [Move(lift_deg=18 + 20 * (index % 3), seconds=2, rest_s=1) for index in range(n // 3)]
    measure("crunch", crunches(*moves, fps=FPS), image, frame_s)


def decoding_s() -> tuple[float, Image]:
    """Return seconds to decode a frame, and one."""
    started, frames = time.perf_counter(), 0
    with av.open(str(SAMPLE)) as file:
        for frame in file.decode(video=0):
            image = np.ascontiguousarray(frame.to_ndarray(format="bgr24"))
            frames += 1
    return (time.perf_counter() - started) / frames, image


def measure(name: str, poses: Iterable[Pose], image: Image, frame_s: float) -> None:
    """Print what the page of a session takes."""
    exercise, every = exercise_named(name), list(poses)
    log, shots = Timed(MetricsLog(exercise)), Timed(Shots())
    session = run(
        ((Frame(p.time_s, image), p) for p in every), Recognition.of([exercise]), [log, shots]
    )
    summary = session.summary()
    started = time.perf_counter()
    pictures = shots.sink.of(summary)
    page = report(summary, Plan(), log.sink, pictures, "annotated.mp4")
    made_s = time.perf_counter() - started
    length_s = every[-1].time_s
    print(f"\n{name}, {length_s / 60:.1f} min, {len(every)} frames, {len(summary.faults)} faults")
    print(f"  page: {len(page.encode()) / 1e6:.2f} MB with {len(pictures)} pictures")
    print(f"  made in {made_s:.2f} s, as long as decoding {made_s / frame_s:.0f} frames")
    for what, timed in (("log", log), ("pictures", shots)):
        median, worst = timed.median_ms, max(timed.times_s) * 1000
        print(f"  {what}: median {median:.3f} ms a frame, the slowest {worst:.1f} ms")
    total_s = sum(log.times_s) + sum(shots.times_s)
    print(f"  all frames: {total_s / len(every) / frame_s:.3f} of the time to decode them")
    print(f"  memory of log and pictures: {memory_mb(exercise, every, image):.1f} MB")


class Timed:
    """A sink, and how long it takes."""

    def __init__(self, sink: MetricsLog | Shots) -> None:
        self.sink = sink
        self.times_s: list[float] = []

    @property
    def median_ms(self) -> float:
        """Median of a frame."""
        return statistics.median(self.times_s) * 1000

    def take(self, moment: Moment) -> None:
        """Take one more moment."""
        started = time.perf_counter()
        self.sink.take(moment)
        self.times_s.append(time.perf_counter() - started)


def memory_mb(exercise: Exercise, poses: list[Pose], image: Image) -> float:
    """Return what both sinks hold on to at the end."""
    sessions = folded(exercise, poses)
    log, shots = MetricsLog(exercise), Shots()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for pose, session in sessions:
        moment = Moment(Frame(pose.time_s, image), pose, session)
        log.take(moment)
        shots.take(moment)
    del moment, session, sessions
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (held - before) / 1e6


def folded(exercise: Exercise, poses: list[Pose]) -> Iterator[tuple[Pose, Session]]:
    """Yield each pose with the session after it."""
    session = Session.of(exercise)
    for pose in poses:
        session = session.after(pose)
        yield pose, session


if __name__ == "__main__":
    main()
