"""Small real videos, made with PyAV; FFmpeg's program makes the AV1 ones.

Every picture tells its index and which way is up: eight black or white cells across the middle
are the bits of the index, and the corners are red (top left), green (top right), blue (bottom
left) and grey.
"""

from __future__ import annotations

import random
import struct
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from av.container import OutputContainer
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

SIZE_WH = (128, 96)
UPRIGHT = "RG-B"  # the corners, clockwise from the top left
N_BITS = 8
TICKS_HZ = 90_000
SOUND_HZ = 48_000
USUAL_OPTIONS = {
    "libx265": {"x265-params": "log-level=none", "preset": "ultrafast"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libaom-av1": {"cpu-used": "8"},
}
# Where a player sends (x, y): to (a x + c y, b x + d y), for clockwise turns of the picture.
TURNS = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def picture(index: int, size_wh: tuple[int, int] = SIZE_WH) -> Image:
    width, height = size_wh
    image = np.full((height, width, 3), 128, np.uint8)
    image[: height // 4, : width // 4] = (0, 0, 255)
    image[: height // 4, -(width // 4) :] = (0, 255, 0)
    image[-(height // 4) :, : width // 4] = (255, 0, 0)
    for bit, cell in enumerate(_cells(image)):
        image[cell] = 255 * (index >> bit & 1)
    return image


def pictures(n: int, size_wh: tuple[int, int] = SIZE_WH) -> list[Image]:
    return [picture(index, size_wh) for index in range(n)]


def grainy_pictures(n: int, size_wh: tuple[int, int] = SIZE_WH) -> list[Image]:
    """Make pictures with grain: most of the file is then picture, not bookkeeping."""
    grain = np.random.default_rng(0).integers(-40, 40, (n, *size_wh[::-1], 3))
    return list(np.clip(pictures(n, size_wh) + grain, 0, 255).astype(np.uint8))


def index_of(image: Image) -> int:
    """Read the index of an upright picture."""
    return sum(int(image[cell].mean() > 128) << bit for bit, cell in enumerate(_cells(image)))


def corners(image: Image) -> str:
    """Name the corners clockwise from the top left; '-' for grey."""
    height, width = image.shape[:2]
    y, x = height // 8, width // 8
    pixels = (image[at].astype(int) for at in ((y, x), (y, -x), (-y, -x), (-y, x)))
    return "".join("BGR"[pixel.argmax()] if np.ptp(pixel) > 100 else "-" for pixel in pixels)


def _cells(image: Image) -> Iterator[tuple[slice, slice]]:
    height, width = image.shape[:2]
    rows = slice(height * 3 // 8, height * 5 // 8)
    edges = [width * bit // N_BITS for bit in range(N_BITS + 1)]
    return ((rows, slice(edges[bit], edges[bit + 1])) for bit in range(N_BITS))


@dataclass(frozen=True)
class Coding:
    """How a video is stored: encoder, pixel format, options, shape of a pixel, MP4 layout."""

    codec: str = "libx264"
    pix_fmt: str = "yuv420p"
    options: Mapping[str, str] | None = None
    pixel_ratio: Fraction | None = None
    movflags: str = "+faststart"

    @property
    def all_options(self) -> dict[str, str]:
        return {**USUAL_OPTIONS.get(self.codec, {}), **(self.options or {})}


def write_video(
    path: Path,
    images: Iterable[Image],
    *,
    fps: int = 30,
    times_s: Sequence[float] | None = None,
    coding: Coding | None = None,
    sound_s: float = 0.0,
    cover: Image | None = None,
) -> Path:
    """Write pictures as a video; an MP4 file has its index in front, unless told otherwise."""
    coding, images = coding or Coding(), list(images)
    if coding.codec == "libaom-av1":
        lossless = path.with_suffix(".ffv1.mkv")
        write_video(lossless, images, fps=fps, coding=Coding("ffv1"))
        return _recoded(lossless, path, coding)
    ticks_hz = fps if times_s is None else TICKS_HZ
    stamps = range(len(images)) if times_s is None else [round(t * ticks_hz) for t in times_s]
    options = {"movflags": coding.movflags} if path.suffix == ".mp4" else {}
    with av.open(str(path), "w", container_options=options) as container:
        stream = _picture_stream(container, coding, images[0], Fraction(1, ticks_hz))
        sound = _sound_stream(container) if sound_s else None
        if cover is not None:
            _write_cover(container, cover)
        for pts, image in zip(stamps, images, strict=True):
            container.mux(stream.encode(_frame(image, pts, Fraction(1, ticks_hz))))
        container.mux(stream.encode(None))
        if sound:
            _write_silence(container, sound, sound_s)
    return path


def _recoded(source: Path, path: Path, coding: Coding) -> Path:
    """Recode a video with FFmpeg's program.

    PyAV's only encoder of AV1 is SVT-AV1, which leaves a root's thread at the highest real-time
    priority: from then on nothing else on the machine gets its turn.
    """
    options = [word for name, value in coding.all_options.items() for word in (f"-{name}", value)]
    command = ["ffmpeg", "-v", "error", "-i", source, "-c:v", coding.codec, *options, path]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    source.unlink()
    return path


def beginning(video: Path, folder: Path, seconds: float) -> Path:
    """Write the first seconds of a video under its own name into a folder."""
    path = folder / video.name
    command = ["ffmpeg", "-v", "error", "-i", video, "-t", str(seconds), "-c", "copy", path]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def write_sound(path: Path, cover: Image | None = None) -> Path:
    """Write half a second of silence, with a cover picture if one is given (MP3)."""
    with av.open(str(path), "w") as container:
        sound = _sound_stream(container, "aac" if cover is None else "libmp3lame")
        if cover is not None:
            _write_cover(container, cover)
        _write_silence(container, sound, 0.5)
    return path


def _picture_stream(
    container: OutputContainer, coding: Coding, image: Image, tick: Fraction
) -> av.VideoStream:
    stream = container.add_stream(coding.codec, rate=1 / tick, options=coding.all_options)
    stream.height, stream.width = image.shape[:2]
    stream.pix_fmt = coding.pix_fmt
    stream.codec_context.time_base = tick
    if tick.denominator == TICKS_HZ:
        stream.codec_context.framerate = Fraction(30)
    if coding.pixel_ratio:
        stream.codec_context.sample_aspect_ratio = coding.pixel_ratio
    return stream


def _frame(image: Image, pts: int, tick: Fraction) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), "bgr24")
    frame.pts, frame.time_base = pts, tick
    return frame


def _write_cover(container: OutputContainer, image: Image) -> None:
    coding = Coding("mjpeg", "yuvj420p")
    stream = _picture_stream(container, coding, image, Fraction(1))
    stream.disposition = Disposition.attached_pic
    container.mux(stream.encode(_frame(image, 0, Fraction(1))) + stream.encode(None))


def _sound_stream(container: OutputContainer, codec: str = "aac") -> av.AudioStream:
    return container.add_stream(codec, rate=SOUND_HZ)


def _write_silence(container: OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    context = stream.codec_context
    for start in range(0, round(seconds * SOUND_HZ), 1024):
        frame = av.AudioFrame(context.format.name, context.layout.name, 1024)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.pts, frame.sample_rate, frame.time_base = start, SOUND_HZ, Fraction(1, SOUND_HZ)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def set_matrix(path: Path, matrix: tuple[float, float, float, float]) -> Path:
    """Write a, b, c, d of the display matrix into the first track of an MP4 file."""
    data = bytearray(path.read_bytes())
    a, b, c, d = (round(value * 0x10000) for value in matrix)
    header = data.index(b"tkhd") + 4  # version and flags come next, then 40 bytes of fields
    data[header + 40 : header + 76] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(data)
    return path


def cut(path: Path, ratio: float) -> Path:
    """Keep only the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * ratio)])
    return path


def spoil(path: Path, seed: int, n_bytes: int = 12) -> Path:
    """Change bytes in the second and third quarter of a file."""
    data = bytearray(path.read_bytes())
    chance = random.Random(seed)  # noqa: S311 (no secret)
    for _ in range(n_bytes):
        data[chance.randrange(len(data) // 4, len(data) * 3 // 4)] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    return path
