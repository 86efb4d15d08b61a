"""Measure what an analysis costs beyond the pose model, as ratios within one run.

Run it with ``python tests/benchmarks/bench_analysis.py [VIDEO]``. Without a video, samples are
scaled to 1280 x 720 and 30 frames a second: one in which the body moves all the time, and one in
which it holds.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles

os.environ["OPENCV_FOR_THREADS_NUM"] = "1"  # as the program does
os.environ["https_proxy"] = os.environ["HTTPS_PROXY"] = "http://127.0.0.1:9"
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import mediapipe
from footage import HOLDS, phone_video
from mediapipe.tasks.python import BaseOptions, vision

import formcheck
from formcheck import EXERCISES
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator, _mediapipe_image
from formcheck.outputs import Outputs
from formcheck.pipeline import run, seen
from formcheck.pose_model import verified_model
from formcheck.recognition import Recognition

HOLD_S = 30.0
ALL = 1000  # frames a second: more than any video has
MODEL = verified_model()
ALONE = """
import resource, sys, time
from pathlib import Path
from formcheck.analysis import analyze
from formcheck.outputs import Outputs
start_s = time.perf_counter()
analyze(sys.argv[1], "plank", outputs=Outputs(Path(sys.argv[2]), video=False))
print(time.perf_counter() - start_s, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=10.0, help="of a long video; 0: none")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        video = options.video or phone_video(Path(folder) / "phone.mp4")
        compare_with_bare_inference(video, options.rounds)
        if not options.video:
            hold = phone_video(Path(folder) / "hold.mp4", HOLD_S, HOLDS)
            speed_of_a_hold(hold, options.rounds)
        cost_of_the_rules(video)
        if options.minutes:
            compare_lengths(Path(folder), options.minutes)


def compare_with_bare_inference(video: Path, rounds: int) -> None:
    """Print how long analyses take beside the pose model alone on pictures in memory."""
    with VideoFile(video) as source:
        pictures = [(frame.time_s, _mediapipe_image(frame.image)) for frame in source]
    works = {
        "bare inference": partial(bare_inference, pictures),
        "the same, no silhouette": partial(bare_inference, pictures, silhouettes=False),
        "decoding alone": partial(decode, video),
        "all frames, no video": partial(analyse, video, draws=False, fps=ALL),
        "all frames, video": partial(analyse, video, draws=True, fps=ALL),
        "15 a second, no video": partial(analyse, video, draws=False, fps=15),
        "15 a second, video": partial(analyse, video, draws=True, fps=15),
        "10 a second, no video": partial(analyse, video, draws=False, fps=10),
    }
    print(f"a body that moves, {len(pictures)} frames")
    compare(works, pictures[-1][0], rounds)


def speed_of_a_hold(video: Path, rounds: int) -> None:
    """Print how long analyses of a hold take: at the usual rate, few of its frames are needed."""
    works = {
        "usual rate, no video": partial(analyse, video, draws=False, fps=None),
        "usual rate, video": partial(analyse, video, draws=True, fps=None),
    }
    print("a body that holds, at 1280 x 720")
    compare(works, HOLD_S, rounds)


def compare(works: dict[str, Callable[[], object]], length_s: float, rounds: int) -> None:
    """Run each between two runs of the first; print what it takes beside these, and in itself.

    A machine that others share is fast and slow for seconds on end: only neighbours compare. The
    processors' time is that of all of them, and of all threads.
    """
    first, *others = works
    print(f"{length_s:.1f} s; medians of {rounds} rounds, and between which the middle half lies")
    print(f"{'':22} {'s':>6} {'x real time':>11} {'per core':>8} {'ratio':>6}")
    works[first]()
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    ratios: dict[str, list[float]] = {name: [] for name in others}
    for _ in range(rounds):
        times[first].append(timed(works[first]))
        for name in others:
            times[name].append(timed(works[name]))
            times[first].append(timed(works[first]))
            beside = sum(wall_s for wall_s, _ in times[first][-2:]) / 2
            ratios[name].append(times[name][-1][0] / beside)
    for name, measured in times.items():
        wall_s, cpu_s = (median(values) for values in zip(*measured, strict=True))
        print(f"{name:22} {wall_s:6.2f} {length_s / wall_s:11.2f} {length_s / cpu_s:8.2f}", end=" ")
        print(_spread(ratios[name]) if name in ratios else f"{1:6.3f}")


def _spread(values: list[float]) -> str:
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return f"{middle:6.3f} ({low:.3f} to {high:.3f})"


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long it takes, and how long all cores together work on it, seconds."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def bare_inference(
    pictures: list[tuple[float, mediapipe.Image]], *, silhouettes: bool = True
) -> None:
    """Load the model and detect, and nothing else."""
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(MODEL)),
        running_mode=vision.RunningMode.VIDEO,
        output_segmentation_masks=silhouettes,
    )
    with vision.PoseLandmarker.create_from_options(options) as model:
        for time_s, picture in pictures:
            model.detect_for_video(picture, round(time_s * 1000))


def decode(video: Path) -> None:
    """Read every frame."""
    with VideoFile(video) as source:
        for _ in source:
            pass


def analyse(video: Path, *, draws: bool, fps: float | None) -> None:
    """Do what the command does, with all its files."""
    with tempfile.TemporaryDirectory() as folder:
        formcheck.analyze(video, "plank", outputs=Outputs(Path(folder), video=draws), fps=fps)


def cost_of_the_rules(video: Path) -> None:
    """Time the fold alone, on poses found before."""
    with VideoFile(video) as file, MediaPipeEstimator() as model, seen(file, model) as found:
        poses = [pose for _, pose in found]
    costs = []
    for _ in range(7):
        _, cpu_s = timed(
            lambda: run(((None, pose) for pose in poses), Recognition.of(EXERCISES[:1]))
        )
        costs.append(cpu_s / len(poses) * 1000)
    print(f"rules alone: {median(costs):.3f} ms a frame ({min(costs):.3f} to {max(costs):.3f})")


def compare_lengths(folder: Path, minutes: float) -> None:
    """Compare time and peak memory of an analysis of ten seconds with those of many minutes."""
    print("a long video, analysed for real at the usual rate, without the annotated video:")
    for seconds in (10, minutes * 60):
        wall_s, peak_mb = alone(phone_video(folder / f"{seconds:g}.mp4", seconds))
        print(f"  {seconds:5g} s: {wall_s / seconds:.3f} s a second, peak memory {peak_mb:.0f} MB")


def alone(video: Path) -> tuple[float, float]:
    """Return seconds and peak memory of one analysis in a process of its own."""
    command = [sys.executable, "-c", ALONE, video, video.with_suffix("")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    wall_s, peak_kb = map(float, done.stdout.split())
    return wall_s, peak_kb / 1024


if __name__ == "__main__":
    main()
