"""The newest frame of a source that a thread of its own reads, whatever the source does."""

from __future__ import annotations

import threading
import time
from enum import Enum
from typing import TYPE_CHECKING, Self

from formcheck.pipeline import LEAST_STEP_S, FormcheckError, Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from formcheck.pipeline import FrameSource

_FROZEN_S = 3.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0  # doubled from one to the other
_JOIN_S = 2.0


class FeedState(Enum):
    """How a feed is doing."""

    OPENING = "opening"
    """No frame has come yet."""
    RUNNING = "running"
    FROZEN = "frozen"
    """For three seconds there was no picture, or always the same to the last byte."""
    LOST = "lost"
    """The camera is gone, and opened again and again until it is back."""
    ENDED = "ended"
    """The file is over and its last frame handed out, or the `with` block is left."""


_TROUBLES = {
    FeedState.OPENING: "Waiting for the camera.",
    FeedState.FROZEN: "The picture stands still. Please check the camera.",
    FeedState.LOST: "The camera is gone. Trying again.",
}


class Feed:
    """The newest frame of a source, for one consumer that takes the time it needs.

    Parameters
    ----------
    open_source : callable
        Makes the source; called in the feed's own thread, and again after a camera was lost.
    ends : bool
        True for a file, whose end is the end, and which cannot freeze; its frames keep their own
        times. A camera that ends is lost.
    clock : callable, optional
        Seconds, never going back.

    Notes
    -----
    A context manager; the thread runs inside its block. Times of a camera that came back go on
    from those before, with the time of its absence between them. Leaving the block takes at most
    two seconds: a source that is still busy by then is closed by the thread when it returns.
    """

    def __init__(
        self,
        open_source: Callable[[], FrameSource],
        *,
        ends: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._open_source, self._ends, self._clock = open_source, ends, clock
        self._changed = threading.Condition()  # guards all of the following
        self._phase = FeedState.OPENING
        self._frame: Frame | None = None
        self._error: BaseException | None = None
        self._stopping = False
        self._damage: str | None = None
        self._n_dropped = 0
        self._moved_s = 0.0
        # Of the thread alone.
        self._timeline = _Timeline(clock)
        self._pixels = b""
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._changed:
            self._stopping, self._phase = True, FeedState.ENDED
            self._frame = None
            self._changed.notify_all()
        self._thread.join(_JOIN_S)

    @property
    def n_dropped(self) -> int:
        """How many frames nobody asked for in time."""
        with self._changed:
            return self._n_dropped

    @property
    def damage(self) -> str | None:
        """What could not be read of a file that is over; None for a sound one, or a camera."""
        with self._changed:
            return self._damage

    @property
    def state(self) -> FeedState:
        """How the source is doing, as of now."""
        with self._changed:
            if self._phase is FeedState.ENDED and self._frame is not None:
                return FeedState.RUNNING
            still_s = self._clock() - self._moved_s
            if self._phase is FeedState.RUNNING and still_s >= _FROZEN_S and not self._ends:
                return FeedState.FROZEN
            return self._phase

    @property
    def trouble(self) -> str:
        """What to tell the user, one short sentence; empty while all is well."""
        return _TROUBLES.get(self.state, "")

    def newest(self, timeout_s: float) -> Frame | None:
        """Return the newest frame, once; None if no new one comes within the time, or ever.

        Parameters
        ----------
        timeout_s : float
            How long to wait for it at most; 0 asks for what is there.

        Raises
        ------
        FormcheckError
            If the source failed before it ever gave a frame; for a file also later.
        Exception
            Whatever else went wrong in the thread, with its traceback.
        """
        with self._changed:
            self._changed.wait_for(self._has_news, timeout_s)
            if self._error is not None:
                raise self._error
            frame, self._frame = self._frame, None
            return frame

    def _has_news(self) -> bool:
        news = self._frame is not None or self._error is not None
        return news or self._phase is FeedState.ENDED

    def _run(self) -> None:
        try:
            self._read()
        except BaseException as error:  # noqa: BLE001 -- the consumer raises it
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _read(self) -> None:
        pause_s = _FIRST_PAUSE_S
        while not self._is_stopping():
            n_before = self._timeline.n
            self._read_one_source()
            if self._ends:
                self._enter(FeedState.ENDED)
                return
            self._enter(FeedState.LOST)
            pause_s = _FIRST_PAUSE_S if self._timeline.n > n_before else pause_s
            if self._has_stopped_within(pause_s):
                return
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

    def _read_one_source(self) -> None:
        try:
            with self._open_source() as source:
                self._timeline.begin()
                for frame in source:
                    if not self._take(frame if self._ends else self._timeline.placed(frame)):
                        return
                with self._changed:
                    self._damage = getattr(source, "damage", None)
        except FormcheckError:
            if self._ends or not self._timeline.n:
                raise

    def _take(self, frame: Frame) -> bool:
        """Make a frame the newest; False if nobody wants any more."""
        # A copy, since whoever gets the frame may draw on it.
        pixels = b"" if self._ends else frame.image.tobytes()
        moved, self._pixels = pixels != self._pixels, pixels
        with self._changed:
            if self._stopping:
                return False
            if moved or self._phase is not FeedState.RUNNING:
                self._moved_s = self._clock()
            self._n_dropped += self._frame is not None
            self._frame, self._phase = frame, FeedState.RUNNING
            self._changed.notify_all()
            return True

    def _enter(self, phase: FeedState) -> None:
        with self._changed:
            if not self._stopping:
                self._phase = phase
                self._changed.notify_all()

    def _is_stopping(self) -> bool:
        with self._changed:
            return self._stopping

    def _has_stopped_within(self, pause_s: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._stopping, pause_s)


class _Timeline:
    """Times that go on while sources come and go, each of which begins at zero."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start_s: float | None = None  # of the first source, by the clock
        self._shift_s: float | None = None  # of the present source
        self._last_s = -LEAST_STEP_S
        self.n = 0

    def begin(self) -> None:
        """Get ready for a source that begins."""
        self._shift_s = None

    def placed(self, frame: Frame) -> Frame:
        """Return a frame of the present source with its time in the session."""
        if self._shift_s is None:
            now_s = self._clock() - frame.time_s
            self._start_s = now_s if self._start_s is None else self._start_s
            self._shift_s = now_s - self._start_s
        self._last_s = max(frame.time_s + self._shift_s, self._last_s + LEAST_STEP_S)
        self.n += 1
        return Frame(self._last_s, frame.image)


class Paced:
    """A recorded source that plays at its own pace, as a camera would.

    Parameters
    ----------
    source : FrameSource
        Its frames keep their times.
    speed : float
        1 for the pace of the recording, 2 for twice as fast.
    clock, wait : callable, optional
        Tells the time, and lets it pass; seconds.
    """

    def __init__(
        self,
        source: FrameSource,
        *,
        speed: float = 1.0,
        clock: Callable[[], float] = time.perf_counter,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._source, self._speed, self._clock, self._wait = source, speed, clock, wait

    @property
    def damage(self) -> str | None:
        """What could not be read of it, if it tells such."""
        return getattr(self._source, "damage", None)

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._source.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[Frame]:
        start_s: float | None = None
        for frame in self._source:
            due_s = frame.time_s / self._speed
            start_s = self._clock() - due_s if start_s is None else start_s
            early_s = start_s + due_s - self._clock()
            if early_s > 0:
                self._wait(early_s)
            yield frame
