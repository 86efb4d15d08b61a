"""What the benchmarks look at: a sample, as a phone or a webcam would have filmed it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, islice
from pathlib import Path

import cv2

from formcheck.capture import VideoFile
from formcheck.pipeline import Frame, Image
from formcheck.recording import VideoWriter

SAMPLE = Path(__file__).parents[2] / "samples" / "plank_sag_pike.mp4"
SIZE_WH, FPS = (1280, 720), 30


def phone_video(path: Path, seconds: float = 12.0) -> Path:
    """Write the sample over and over in a larger size, each picture twice, 30 a second.

    Every second time it runs backwards, so that the body never jumps.
    """
    with VideoWriter(path) as writer:
        for index, image in enumerate(islice(_pictures(), round(seconds * FPS))):
            writer.write(Frame(index / FPS, image))
    return path


def _pictures() -> Iterator[Image]:
    with VideoFile(SAMPLE) as source:
        small = [frame.image for frame in source]
    for image in cycle(chain(small, reversed(small))):
        yield from [cv2.resize(image, SIZE_WH)] * 2
