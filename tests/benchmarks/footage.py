"""What the benchmarks look at: a sample, as a phone or a webcam would have filmed it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, islice
from pathlib import Path

import cv2

from formcheck.capture import VideoFile
from formcheck.pipeline import Frame, Image
from formcheck.recording import VideoWriter

SAMPLES = Path(__file__).parents[2] / "samples"
MOVES, HOLDS = "plank_sag_pike", "plank_good"
SIZE_WH, FPS = (1280, 720), 30


def phone_video(path: Path, seconds: float = 12.0, sample: str = MOVES) -> Path:
    """Write a sample over and over in a larger size, each picture twice, 30 a second.

    Every second time it runs backwards, so that the body never jumps.
    """
    with VideoWriter(path) as writer:
        for index, image in enumerate(islice(_pictures(sample), round(seconds * FPS))):
            writer.write(Frame(index / FPS, image))
    return path


def _pictures(sample: str) -> Iterator[Image]:
    with VideoFile(SAMPLES / f"{sample}.mp4") as source:
        small = [frame.image for frame in source]
    for image in cycle(chain(small, reversed(small))):
        yield from [cv2.resize(image, SIZE_WH)] * 2
