"""Frames written as an H.264 video that every browser plays, with their own timestamps."""

from __future__ import annotations

import errno
import re
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Self, cast

import av
import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter

from formcheck.pipeline import Frame, Image, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.container import OutputContainer

_TICKS_HZ = 90_000
_USUAL_RATE_HZ = 30  # guides the encoder alone, and gives the last frame its length
# Quality 23 shows no loss at arm's length; a key frame every 60 lets a player jump quickly.
_ENCODING = {"preset": "veryfast", "crf": "23", "g": "60"}
_REMEDIES = {
    errno.ENOSPC: "free some space on the disk, or choose another folder",
    errno.EDQUOT: "free some space on the disk, or choose another folder",
    errno.EFBIG: "choose another disk, this one takes no file of that size",
    errno.ENOENT: "create the folder first",
    errno.ENOTDIR: "choose another folder",
    errno.EISDIR: "give a file name, not a folder",
}
_USUAL_REMEDY = "choose a folder that you may write to"


class VideoWriter:
    """A video file that frames are written to: MP4, H.264, readable while it downloads.

    Parameters
    ----------
    path : Path
        Where the video goes, `.mp4`; an existing file is replaced, at the end and at once.

    Raises
    ------
    OutputError
        On entering, writing or leaving, if the file cannot be written.

    Notes
    -----
    The first frame fixes the size, made even by repeating the last row or column; later frames
    of another size are scaled to fit, with black bars. Times count from the first frame. The
    file appears under its name only when the block is left without an exception; without a
    frame there is no file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".formcheck-{secrets.token_hex(8)}.part")
        self._encoder: _Encoder | None = None

    def __enter__(self) -> Self:
        with self._told():
            if self._path.is_dir():
                raise IsADirectoryError(errno.EISDIR, "Is a directory")
            if not self._path.parent.is_dir():
                raise FileNotFoundError(errno.ENOENT, "No such directory")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self._encoder is not None:
                with self._told():
                    self._encoder.finish()
                    self._draft.replace(self._path)
        finally:
            if self._encoder is not None:
                self._encoder.abandon()
            with suppress(OSError):
                self._draft.unlink()

    def write(self, frame: Frame) -> None:
        """Append a frame; its time is later than that of the frame before.

        Raises
        ------
        OutputError
            If the disk is full or the folder may not be written to.
        """
        with self._told():
            if self._encoder is None:
                self._encoder = _Encoder.begun(self._draft, frame)
            self._encoder.write(frame)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (av.FFmpegError, OSError) as error:
            remedy = _REMEDIES.get(error.errno or 0, _USUAL_REMEDY)
            message = f"{self._path}: the video cannot be written ({error.strerror}); {remedy}"
            raise OutputError(re.sub(r"[\r\n]+", " ", message)) from error


@dataclass(slots=True)
class _Encoder:
    """An open file that pictures of one size are encoded into."""

    container: OutputContainer
    stream: av.VideoStream
    size_wh: tuple[int, int]
    first_s: float
    pts: int = -1
    reformatter: VideoReformatter = field(default_factory=VideoReformatter)

    @classmethod
    def begun(cls, path: Path, frame: Frame) -> Self:
        """Open the file and the encoder now, so that what forbids it is known at once."""
        width, height = _even(frame.size_wh)
        av.logging.set_level(None)
        options = {"movflags": "+faststart"}
        container = av.open(str(path.absolute()), "w", format="mp4", container_options=options)
        stream = container.add_stream("libx264", rate=_USUAL_RATE_HZ, options=dict(_ENCODING))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        _tag(stream.codec_context)
        container.start_encoding()
        return cls(container, stream, (width, height), frame.time_s)

    def write(self, frame: Frame) -> None:
        image = _fitted(frame.image, self.size_wh)
        picture = self.reformatter.reformat(
            av.VideoFrame.from_numpy_buffer(image, "bgr24"),
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
        )
        self.pts = max(self.pts + 1, round((frame.time_s - self.first_s) * _TICKS_HZ))
        picture.pts, picture.time_base = self.pts, Fraction(1, _TICKS_HZ)
        self.container.mux(self.stream.encode(picture))

    def finish(self) -> None:
        self.container.mux(self.stream.encode(None))
        self.container.close()

    def abandon(self) -> None:
        """Let go of the file, whatever state it is in; nothing happens after `finish`."""
        with suppress(av.FFmpegError):
            self.container.close()


def _tag(context: av.VideoCodecContext) -> None:
    """Say what the numbers mean: without it players guess time steps and colours."""
    context.time_base = Fraction(1, _TICKS_HZ)
    context.thread_type = "AUTO"
    context.colorspace = Colorspace.ITU709
    context.color_range = ColorRange.MPEG
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709


def _even(size_wh: tuple[int, int]) -> tuple[int, int]:
    """Round up to what half-size colour planes can hold."""
    return size_wh[0] + size_wh[0] % 2, size_wh[1] + size_wh[1] % 2


def _fitted(image: Image, size_wh: tuple[int, int]) -> Image:
    height, width = image.shape[:2]
    if (width, height) == size_wh:
        return np.ascontiguousarray(image)
    if _even((width, height)) == size_wh:
        border = (0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
        return cast("Image", cv2.copyMakeBorder(image, *border))
    return _letterboxed(image, size_wh)


def _letterboxed(image: Image, size_wh: tuple[int, int]) -> Image:
    height, width = image.shape[:2]
    scale = min(size_wh[0] / width, size_wh[1] / height)
    inner_wh = max(1, round(width * scale)), max(1, round(height * scale))
    x, y = (size_wh[0] - inner_wh[0]) // 2, (size_wh[1] - inner_wh[1]) // 2
    canvas = np.zeros((size_wh[1], size_wh[0], 3), np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas[y : y + inner_wh[1], x : x + inner_wh[0]] = cv2.resize(
        image, inner_wh, interpolation=way
    )
    return canvas
