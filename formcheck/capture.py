"""Recorded videos as upright pictures with the file's own timestamps, read with PyAV."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from functools import partial
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Self

import av
import numpy as np
from av.stream import Discard, Disposition

from formcheck.pipeline import LEAST_STEP_S, Frame, VideoError
from formcheck.upright import Uprighter
from formcheck.wording import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av.container import InputContainer

    from formcheck.pipeline import Image

_USUAL_RATE_HZ = 30
_RESTART_S = 0.5  # further back than this, the file's clock began anew (parts joined, wrap)
_LONGEST_STEP_S = 3600.0  # further ahead than this, a timestamp is a mistake
_N_READ_ERRORS = 50  # then the rest of the file is given up
_N_BARREN = 10_000  # as many packets in a row without a picture: likewise
_MOST_PIXELS = 36_000_000  # 8K; a few such pictures are a gigabyte
_MOST_STREAMS = "100"  # of pictures, sound and the like; phones write up to ten
_PATIENCE_S = (30.0, 30.0)  # to open a file, and to find the next packet: a disk may have to wake
_MISSING_S, _MISSING_RATIO = 1.0, 0.02  # an end earlier than both is a file that breaks off
_DECLARING = {"mov", "matroska", "avi", "flv", "asf"}  # elsewhere FFmpeg estimates the length
_TEXT_CODECS = {"ansi", "bintext", "xbin", "idf"}
_NOTHING = np.full((64, 64, 3), 128, np.uint8)
_CONVERT = "name a video file, or convert yours to MP4 (H.264)"
_TROUBLES = {
    FileNotFoundError: ("there is no such file", "check the name and the folder"),
    PermissionError: ("not permitted to read it", "change its permissions or copy it elsewhere"),
}


class VideoFile:
    """A video file, or a single picture, as a source of frames.

    Parameters
    ----------
    path : Path
        Any file that FFmpeg decodes; never a network address or a device.

    Attributes
    ----------
    name : str
        File name without its folder, as it can be written anywhere.
    width, height : int
        Size of the first upright picture, px; later ones may differ. 0 before entering.
    duration_s : float or None
        Length of the video according to the file, seconds; None where it does not say.
    n_frames_hint : int or None
        About how many frames will come, for a progress bar; None if unknown.
    damage : str or None
        After iterating: what could not be read, one phrase; None for a sound file.

    Raises
    ------
    VideoError
        On entering, if the file cannot be read as video or holds no picture.

    Notes
    -----
    Like an open file, it is read once. A picture is made when somebody looks at it. Oblong pixels
    are scaled to square ones, since they would bend every angle. FFmpeg's messages are
    switched off for the whole process.
    """

    def __init__(self, path: Path) -> None:
        self.name = shown(path.name)
        self.width = self.height = 0
        self.duration_s: float | None = None
        self.n_frames_hint: int | None = None
        self.damage: str | None = None
        self._path = path
        self._container: InputContainer | None = None
        self._frames: Iterator[Frame] | None = None

    def __enter__(self) -> Self:
        _check_readable(self._path)
        self._container = _opened(self._path)
        try:
            self._frames = self._prepared(self._container)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._container is not None:
            self._container.close()
        self._container = self._frames = None

    def __iter__(self) -> Iterator[Frame]:
        if self._frames is None:
            raise ValueError("a VideoFile is read inside its with block")
        return self._frames

    def _prepared(self, container: InputContainer) -> Iterator[Frame]:
        """Learn the facts, and decode one picture: it alone tells the upright size."""
        stream = _video_stream(container, self._path)
        self.duration_s, claimed_s = _lengths_s(container, stream)
        # An edit list hides pictures that the file's own count includes: the rate goes first.
        n_frames = (self.duration_s or 0) * float(stream.average_rate or 0)
        self.n_frames_hint = max(1, round(n_frames)) if n_frames else stream.frames or None
        frames = self._read(_Reading(container, stream), claimed_s)
        first = next(frames, None)
        if first is None:
            raise _refused(self._path, *_why_empty(stream))
        self.width, self.height = first.size_wh
        return chain(iter((first,)), frames)  # an iterator forgets what it has given

    def _read(self, reading: _Reading, claimed_s: float | None) -> Iterator[Frame]:
        for frame in reading.frames():
            yield frame
            if self._container is None:  # left early: the closed file must not be touched
                return
        self.damage = reading.damage(claimed_s)


@dataclass(slots=True)
class _Clock:
    """Seconds from timestamps: from zero on, strictly increasing, whatever the file says."""

    tick_s: float
    interval_s: float
    time_s: float
    stamp_s: float = 0.0
    shift_s: float | None = None

    def after(self, pts: int | None, duration: int) -> float:
        """Return the time of the next picture from its timestamp and duration, in ticks."""
        time_s = self.time_s + self.interval_s
        if pts is not None:
            self.stamp_s = pts * self.tick_s
            if self.shift_s is None or not self._goes_on(self.stamp_s + self.shift_s):
                self.shift_s = time_s - self.stamp_s
            time_s = max(self.stamp_s + self.shift_s, self.time_s + LEAST_STEP_S)
        self.time_s = time_s
        if LEAST_STEP_S <= duration * self.tick_s <= _LONGEST_STEP_S:
            self.interval_s = duration * self.tick_s
        return time_s

    def _goes_on(self, time_s: float) -> bool:
        return -_RESTART_S <= time_s - self.time_s <= _LONGEST_STEP_S


class _Reading:
    """One pass through an open file: packets in, frames out, damage counted on the way."""

    def __init__(self, container: InputContainer, stream: av.VideoStream) -> None:
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = max(1, (os.cpu_count() or 1) - 1)  # one for the model
        stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
        rate_hz = float(stream.guessed_rate or _USUAL_RATE_HZ)
        interval_s = min(max(LEAST_STEP_S, 1 / rate_hz), _LONGEST_STEP_S)
        # One interval before zero, so that the first picture comes at zero.
        self.clock = _Clock(float(stream.time_base or 0), interval_s, time_s=-interval_s)
        self.container, self.stream, self.n_bad = container, stream, 0
        self.n_barren = 0
        self.uprighter = Uprighter(stream)

    def frames(self) -> Iterator[Frame]:
        begun = False
        for picture in self._pictures():
            image = partial(self._image, self.uprighter.later(picture))
            begun = begun or image() is not _NOTHING
            if begun:
                yield Frame(self.clock.after(picture.pts, picture.duration), image)

    def _image(self, make: Callable[[], Image]) -> Image:
        """Return a picture; a small grey one in place of one that cannot be made."""
        try:
            return make()
        except (av.FFmpegError, MemoryError):
            self.n_bad += 1
            return _NOTHING

    def damage(self, claimed_s: float | None) -> str | None:
        # By the file's time or by ours, whichever is later: a stated length may count from either.
        end_s = max(self.clock.time_s, self.clock.stamp_s) + self.clock.interval_s
        if claimed_s and claimed_s - end_s > max(_MISSING_S, _MISSING_RATIO * claimed_s):
            return f"the file breaks off at {end_s:.1f} s of {claimed_s:.1f} s"
        if self.n_bad:
            return f"{self.n_bad} picture{'s'[: self.n_bad > 1]} damaged or missing"
        return None

    def _pictures(self) -> Iterator[av.VideoFrame]:
        for packet in self._packets():
            # At the end of a cut file, and the decoder would lose whole pictures over it; in a
            # transport stream the flag only tells of a seam.
            half_read = packet.is_corrupt and self.container.format.name != "mpegts"
            self.n_bad += half_read
            self.n_barren += 1
            try:
                pictures = [] if half_read else packet.decode()
            except av.FFmpegError:
                self.n_bad += 1
                continue
            self.n_bad += sum(picture.is_corrupt for picture in pictures)
            self.n_barren *= not pictures
            yield from pictures

    def _packets(self) -> Iterator[av.Packet[av.VideoStream]]:
        for _ in range(_N_READ_ERRORS):
            try:
                yield from takewhile(self._is_fruitful, self.container.demux(self.stream))
            except av.error.ExitError:  # out of patience
                self.n_bad += 1
                return
            except av.FFmpegError:
                self.n_bad += 1
            else:
                return

    def _is_fruitful(self, _: object) -> bool:
        return self.n_barren < _N_BARREN


def _refused(path: Path, reason: str, remedy: str) -> VideoError:
    return VideoError(re.sub(r"[\r\n]+", " ", f"{path}: {reason}; {remedy}"))


def _why_empty(stream: av.VideoStream) -> tuple[str, str]:
    """Return why there is no picture in a stream, and the remedy."""
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > _MOST_PIXELS:
        return f"its pictures are too large ({width} x {height})", "convert it to 4K or less"
    return "there is no picture in it", "record or copy it again"


def _check_readable(path: Path) -> None:
    """Raise VideoError with the plain reason where FFmpeg would only say "invalid data"."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            path.open("rb").close()
    except OSError as error:
        trouble = _TROUBLES.get(type(error), (str(error.strerror), "copy the file elsewhere"))
        raise _refused(path, *trouble) from error
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "this is a folder or a device, not a file", "name one video file")
    if not status.st_size:
        raise _refused(path, "the file is empty", "copy or record it again")


def _opened(path: Path) -> InputContainer:
    av.logging.set_level(None)
    # An absolute path is never taken for an address ("part:2.mp4"), and a playlist that poses
    # as a video may not send anybody to the network.
    name = str(path.absolute())
    options = {"protocol_whitelist": "file", "max_streams": _MOST_STREAMS}
    try:
        return av.open(
            name,
            "r",
            options={"max_pixels": str(_MOST_PIXELS)},
            container_options=options,
            metadata_errors="replace",
            timeout=_PATIENCE_S,
        )
    except av.error.ExitError as error:
        reason = f"finding out what is in it takes over {_PATIENCE_S[0]:.0f} s"
        raise _refused(path, reason, "copy it to this machine, or convert it to MP4") from error
    except av.error.MemoryError as error:
        raise _refused(path, f"over {_MOST_STREAMS} streams, or too large", _CONVERT) from error
    except (av.FFmpegError, OSError) as error:
        reason = f"not a video, or a recording that was never finished ({error.strerror})"
        raise _refused(path, reason, _CONVERT) from error


def _video_stream(container: InputContainer, path: Path) -> av.VideoStream:
    """Return the best video stream, cover pictures aside; the others are not even read."""
    streams = [stream for stream in container.streams.video if _is_recording(stream)]
    if not streams:
        raise _refused(path, "there is no video in it, or none that can be decoded", _CONVERT)
    best = container.streams.best("video")
    stream = next((stream for stream in streams if stream is best), streams[0])
    for other in container.streams:
        other.discard = Discard.default if other is stream else Discard.all
    return stream


def _is_recording(stream: av.VideoStream) -> bool:
    context: av.CodecContext | None = stream.codec_context  # None without a decoder
    cover = stream.disposition & Disposition.attached_pic
    return context is not None and not cover and context.name not in _TEXT_CODECS


def _lengths_s(file: InputContainer, stream: av.VideoStream) -> tuple[float | None, float | None]:
    """Return the length of the video, and the same where to fall short of it is damage."""
    own_s = _own_length_s(stream)
    # The file's length is that of its longest stream: of the sound, perhaps.
    whole_s = file.duration / av.time_base if file.duration else None
    claimed_s = own_s if own_s or len(file.streams) > 1 else whole_s
    declared = file.format.name.split(",")[0] in _DECLARING
    return own_s or whole_s, claimed_s if declared else None


def _own_length_s(stream: av.VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Matroska keeps it in a tag.
    tag = re.fullmatch(r"(\d+):(\d+):(\d+\.?\d*)", stream.metadata.get("DURATION", ""))
    parts = map(float, tag.groups() if tag else ())
    return sum(part * unit_s for part, unit_s in zip(parts, (3600, 60, 1), strict=False)) or None
