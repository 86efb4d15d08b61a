"""The ports between the edges and the one loop that joins them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.ahead import ahead
from formcheck.landmarks import Pose
from formcheck.pace import ROUNDING_S, Pace
from formcheck.recognition import Recognition
from formcheck.session import Session

Image = NDArray[np.uint8]

LEAST_STEP_S = 0.001
"""From one frame to the next: the pose model counts in whole milliseconds."""
_N_WAITING = 3  # frames behind one that is looked at; at 4K one is 25 MB


class FormcheckError(Exception):
    """Something the user can mend; the message names the thing, the reason and the remedy."""


class VideoError(FormcheckError):
    """A video cannot be read or written."""


class CameraError(FormcheckError):
    """A camera is not there, does not open, or gives no picture."""


class ModelError(FormcheckError):
    """The pose model is missing, damaged, or cannot run on this machine."""


class OutputError(FormcheckError):
    """A result cannot be written."""


class InputError(FormcheckError):
    """A file that the user wrote (configuration, labels, a track) is wrong."""


class SettingsError(InputError):
    """A configuration that can be read, and says what cannot be; a line for each mistake."""


class Frame:
    """One upright picture of a video.

    Parameters
    ----------
    time_s : float
        Seconds since the first frame, from the file's own timestamps; strictly increasing.
    image : array or callable
        The picture, or what makes it: many a frame is never looked at, and need not be made.
    """

    __slots__ = ("_image", "time_s")

    def __init__(self, time_s: float, image: Image | Callable[[], Image]) -> None:
        self.time_s = time_s
        self._image = image

    @property
    def image(self) -> Image:
        """Blue, green, red, shape (height, width, 3), uint8; C-contiguous; upright."""
        if callable(self._image):
            self._image = self._image()
        return self._image

    @property
    def size_wh(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.image.shape[1], self.image.shape[0]


class FrameSource(Protocol):
    """Where frames come from: a file, a camera, a test."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None: ...
    def __iter__(self) -> Iterator[Frame]: ...


class PoseEstimator(Protocol):
    """What finds the person in a frame."""

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose in a frame; `Pose.absent` where nobody is found."""
        ...

    def begin(self, frame: Frame) -> Callable[[], Pose]:
        """Begin to look at a frame; return what waits for the pose in it, as `estimate` does.

        The next may be begun before the last is waited for, in the same order and thread.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """All that is known after one frame.

    Attributes
    ----------
    frame : Frame or None
        The picture; None where poses were recorded without it.
    pose : Pose
    session : Session
        The session after this pose, of the exercise that is being done.
    known : Recognition or None
        The sessions of all exercises that it may be; None where there is but this one.
    analysed : bool
        Whether this frame was looked at; else pose and session are those of an earlier one.
    """

    frame: Frame | None
    pose: Pose
    session: Session
    known: Recognition | None = None
    analysed: bool = True

    @property
    def time_s(self) -> float:
        """Seconds of the video."""
        return self.pose.time_s if self.frame is None or self.analysed else self.frame.time_s

    def of_each(self) -> Iterator[Moment]:
        """Yield this moment as it is for each exercise that it may be."""
        for session in self.known.sessions if self.known else (self.session,):
            yield replace(self, session=session, known=None)


class Sink(Protocol):
    """What is done with each moment: drawn, recorded, counted."""

    def take(self, moment: Moment) -> None:
        """Take one more moment."""
        ...


class FrameRate:
    """Chooses frames by their times, however unevenly they come: at most so many a second.

    Parameters
    ----------
    fps : float or None
        A second has so many slots, and the first frame in each is chosen; None chooses all.
    """

    def __init__(self, fps: float | None) -> None:
        self._fps = fps
        self._slot = -1

    def takes(self, time_s: float) -> bool:
        """Return whether a frame is chosen; to be asked once of each, in order."""
        if self._fps is None:
            return True
        slot = math.floor((time_s + ROUNDING_S) * self._fps)
        taken, self._slot = slot > self._slot, slot
        return taken


@contextmanager
def seen(
    source: Iterable[Frame],
    estimator: PoseEstimator,
    fps: float | None = None,
    pace: Pace | None = None,
) -> Iterator[Iterator[tuple[Frame, Pose | None]]]:
    """Give each frame with the pose in it, while the next are read and looked at.

    Reading and looking have a thread each, which the block ends before it is left.

    Parameters
    ----------
    source : iterable of Frame
    estimator : PoseEstimator
    fps : float, optional
        At most so many frames a second are looked at; the others come with None.
    pace : Pace, optional
        Which of these are not looked at either, but for the last.
    """
    looking = _Looking(estimator, fps, pace)
    with ahead(source) as frames, ahead(looking.at(frames)) as poses:
        yield poses


class _Looking:
    """Looks at frames one after the other: the next is begun before the last is done with."""

    def __init__(self, estimator: PoseEstimator, fps: float | None, pace: Pace | None) -> None:
        self._estimator = estimator
        self._rate = FrameRate(fps)
        self._pace = pace
        self._waiting: list[tuple[Frame, Callable[[], Pose] | None]] = []
        self._begun_s = math.nan

    def at(self, frames: Iterable[Frame]) -> Iterator[tuple[Frame, Pose | None]]:
        """Yield each frame with the pose in it, or None where it is not looked at."""
        for frame in frames:
            if self._pace and self._pace.waits_for(self._begun_s):
                yield from self._done()  # which tells whether to look at this one
            look = None
            if self._takes(frame.time_s):
                look, self._begun_s = self._estimator.begin(frame), frame.time_s
            if look or len(self._waiting) == _N_WAITING:
                yield from self._done()
            self._waiting.append((frame, look))
        if self._waiting:
            yield from self._ended()

    def _ended(self) -> Iterator[tuple[Frame, Pose | None]]:
        """Yield what is left; of a still body the last frame, too, or its hold would end early."""
        frame, look = self._waiting.pop()
        yield from self._done()
        if look is None and self._pace and not self._pace.takes(frame.time_s):
            look = self._estimator.begin(frame)
        self._waiting = [(frame, look)]
        yield from self._done()

    def _takes(self, time_s: float) -> bool:
        return self._rate.takes(time_s) and (self._pace is None or self._pace.takes(time_s))

    def _done(self) -> Iterator[tuple[Frame, Pose | None]]:
        """Yield those that wait, the first of which may still be looked at."""
        for frame, look in self._waiting:
            pose = look() if look else None
            if pose and self._pace:
                self._pace = self._pace.after(pose)
            yield frame, pose
        self._waiting = []


def run(
    poses: Iterable[tuple[Frame | None, Pose | None]],
    known: Recognition,
    sinks: Iterable[Sink] = (),
) -> Recognition:
    """Fold poses into what is known, and hand each moment to the sinks.

    This is the one loop of the program: webcam, recorded video and test differ in what they hand
    to it.

    Parameters
    ----------
    poses : iterable of (Frame or None, Pose or None)
        In order of time; without a pose, a frame that was not looked at.
    known : Recognition
        What is known before.
    sinks : iterable of Sink
        Who wants to know.
    """
    takers = tuple(sinks)
    last = Pose.absent(0.0)
    for frame, pose in poses:
        if pose is not None:
            last, known = pose, known.after(pose)
        moment = Moment(frame, last, known.session, known, analysed=pose is not None)
        for sink in takers:
            sink.take(moment)
    return known
