"""Measure what an analysis costs beyond decoding and the pose model, as ratios within one run.

Run it with ``python tests/benchmarks/bench_analysis.py [VIDEO]``; with ``--minutes 10`` it also
compares the memory of a long video with that of a short one.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["https_proxy"] = os.environ["HTTPS_PROXY"] = "http://127.0.0.1:9"

import av
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

import formcheck
from formcheck import EXERCISES
from formcheck.estimator import MediaPipeEstimator
from formcheck.pipeline import Frame, run
from formcheck.pose_model import verified_model
from formcheck.recognition import Recognition

SAMPLE = Path(__file__).parents[2] / "samples" / "plank_sag_pike.mp4"


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=0.0)
    arguments = parser.parse_args()
    compare_with_bare_loop(arguments.video, arguments.rounds)
    cost_of_the_rules(arguments.video)
    if arguments.minutes:
        compare_memory(arguments.video, arguments.minutes)


def compare_with_bare_loop(video: Path, rounds: int) -> None:
    """Time both in turn, so that what else the machine does hits both alike."""
    pairs = [(timed(bare_loop, video), timed(formcheck.analyze, video)) for _ in range(rounds + 1)]
    bare, whole = zip(*pairs[1:], strict=True)
    ratios = [w / b for b, w in pairs[1:]]
    print(f"bare loop of decode and detect_for_video: {statistics.median(bare):.2f} s")
    print(f"analysis without video:                   {statistics.median(whole):.2f} s")
    print(f"ratio: {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})")


def timed(work: Callable[[Path], object], video: Path) -> float:
    """Return how long it takes, seconds."""
    started = time.perf_counter()
    work(video)
    return time.perf_counter() - started


def bare_loop(video: Path) -> None:
    """Decode and detect, and nothing else."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(verified_model())),
        running_mode=vision.RunningMode.VIDEO,
    )
    with vision.PoseLandmarker.create_from_options(options) as model, av.open(str(video)) as file:
        file.streams.video[0].thread_type = "AUTO"
        for index, frame in enumerate(file.decode(video=0)):
            picture = np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=picture)
            model.detect_for_video(image, index * 33)


def cost_of_the_rules(video: Path) -> None:
    """Time the fold alone, on poses found before."""
    with av.open(str(video)) as file, MediaPipeEstimator() as estimator:
        poses = [
            estimator.estimate(Frame(frame.time, frame.to_ndarray(format="bgr24")))
            for frame in file.decode(video=0)
        ]
    costs = []
    for _ in range(7):
        started = time.process_time()
        run(((None, pose) for pose in poses), Recognition.of(EXERCISES[:1]))
        costs.append((time.process_time() - started) / len(poses) * 1000)
    print(
        f"rules: {statistics.median(costs):.3f} ms a frame ({min(costs):.3f} to {max(costs):.3f})"
    )


def compare_memory(video: Path, minutes: float) -> None:
    """Compare the peak memory of an analysis of ten seconds and of many minutes."""
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short.mp4", Path(folder) / "long.mp4"
        repeat(video, short, 10)
        repeat(video, long, minutes * 60)
        peaks = [peak_mb(path) for path in (short, long)]
    print(f"peak memory: {peaks[0]:.0f} MB for 10 s, {peaks[1]:.0f} MB for {minutes:g} min")
    print(f"difference: {peaks[1] - peaks[0]:.0f} MB")


def repeat(video: Path, path: Path, seconds: float) -> None:
    """Write a video over and over, until it is so long."""
    with av.open(str(video)) as file:
        frames = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
        rate = file.streams.video[0].average_rate
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.height, stream.width = frames[0].shape[:2]
        for index in range(round(seconds * float(rate))):
            picture = av.VideoFrame.from_ndarray(frames[index % len(frames)], format="rgb24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))


def peak_mb(video: Path) -> float:
    """Return the peak memory of one analysis in a process of its own."""
    code = f"import formcheck, resource; formcheck.analyze({str(video)!r}); "
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


if __name__ == "__main__":
    main()
