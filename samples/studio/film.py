"""Pictures as an H.264 file: their own times, and turned as a phone stores them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace

from samples.studio.clip import Clip

if TYPE_CHECKING:
    from av.container import OutputContainer
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

MOST_BYTES = 250_000
_TICKS_HZ = 90_000
_USUAL_FPS = 30
_QUARTER_TURNS_DEG = (90, 270)


class FilmError(Exception):
    """A clip has grown too large; the message says what to change."""


def write_film(path: Path, pictures: Iterable[Picture], clip: Clip) -> None:
    """Write the pictures of a clip.

    Parameters
    ----------
    path : Path
        An MP4 file; one that is there is replaced when the new one is complete.
    pictures : iterable of NDArray of uint8
        Upright, shape (height, width, 3), red first; one for each of the clip's times.
    clip : Clip

    Raises
    ------
    FilmError
        If the file is larger than `MOST_BYTES`; it is kept, to be looked at.
    """
    draft = path.with_suffix(".part")
    with _opened(draft, clip) as (container, stream):
        for time_s, picture in zip(clip.times_s, pictures, strict=True):
            container.mux(stream.encode(_frame(_stored(picture, clip), time_s)))
        container.mux(stream.encode(None))
    draft.replace(path)
    if path.stat().st_size > MOST_BYTES:
        size, remedy = path.stat().st_size // 1000, "raise its quality number, or shorten it"
        raise FilmError(f"{path.name} has {size} kB, more than {MOST_BYTES // 1000}: {remedy}")


@contextmanager
def _opened(path: Path, clip: Clip) -> Iterator[tuple[OutputContainer, av.VideoStream]]:
    options = {"movflags": "+faststart"}
    with av.open(str(path), "w", format="mp4", container_options=options) as container:
        rate = Fraction(clip.fps or _USUAL_FPS).limit_denominator(1001)
        encoding = {"crf": str(clip.quality), "preset": "slow", "threads": "1"}
        stream = container.add_stream("libx264", rate=rate, options=encoding)
        stream.width, stream.height = _stored_wh(clip)
        stream.pix_fmt = "yuv420p"
        _tag(stream.codec_context)
        if clip.turned_deg:
            stream.set_display_rotation(-clip.turned_deg)
        yield container, stream


def _stored_wh(clip: Clip) -> tuple[int, int]:
    width, height = clip.camera.size_wh
    return (height, width) if clip.turned_deg in _QUARTER_TURNS_DEG else (width, height)


def _tag(context: av.VideoCodecContext) -> None:
    """Say what the numbers mean: without it players guess time steps and colours."""
    context.time_base = Fraction(1, _TICKS_HZ)
    context.colorspace = Colorspace.ITU709
    context.color_range = ColorRange.MPEG


def _stored(picture: Picture, clip: Clip) -> Picture:
    """Return an upright picture as it is stored: a player turns it back clockwise."""
    if clip.mirrored:
        picture = picture[:, ::-1]
    return np.ascontiguousarray(np.rot90(picture, clip.turned_deg // 90))


def _frame(picture: Picture, time_s: float) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(
        format="yuv420p",
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    frame.pts, frame.time_base = round(time_s * _TICKS_HZ), Fraction(1, _TICKS_HZ)
    return frame
