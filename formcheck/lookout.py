"""Poses in the newest frames, found in a thread of their own while the last is drawn."""

from __future__ import annotations

import threading
from typing import Self

from formcheck.feed import Feed, FeedState
from formcheck.landmarks import Pose
from formcheck.pipeline import Frame, PoseEstimator

_IDLE_S = 0.1
_JOIN_S = 5.0


class Lookout:
    """The newest frame of a feed with the pose in it; a context manager.

    Parameters
    ----------
    feed : Feed
        Entered before, left after.
    estimator : PoseEstimator
        Used by the thread alone meanwhile.
    """

    def __init__(self, feed: Feed, estimator: PoseEstimator) -> None:
        self._feed, self._estimator = feed, estimator
        self._changed = threading.Condition()  # guards all of the following
        self._seen: tuple[Frame, Pose] | None = None
        self._error: BaseException | None = None
        self._ended = self._stopping = False
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopping = True
        self._thread.join(_JOIN_S)

    @property
    def ended(self) -> bool:
        """Whether the feed has ended, and its last frame been handed out."""
        with self._changed:
            return self._ended and self._seen is None

    def newest(self, timeout_s: float) -> tuple[Frame, Pose] | None:
        """Return the newest frame and its pose, once; None if no new one comes within the time.

        Raises
        ------
        Exception
            Whatever went wrong with the source or the pose model, with its traceback.
        """
        with self._changed:
            self._changed.wait_for(self._has_news, timeout_s)
            if self._error is not None:
                raise self._error
            seen, self._seen = self._seen, None
            return seen

    def _has_news(self) -> bool:
        return self._seen is not None or self._error is not None or self._ended

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._look()
                if self._ended:
                    return
        except BaseException as error:  # noqa: BLE001 - the consumer raises it
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _look(self) -> None:
        frame = self._feed.newest(_IDLE_S)
        if frame is not None:
            seen = frame, self._estimator.estimate(frame)
            with self._changed:
                self._seen = seen
                self._changed.notify_all()
        elif self._feed.state is FeedState.ENDED:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
