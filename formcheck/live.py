"""Live coaching: wire camera, pose model, screen and voice together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import cv2  # noqa: F401 - before PyAV, see `Window`

from formcheck.camera import camera_source
from formcheck.capture import VideoFile
from formcheck.coaching import Coach
from formcheck.estimator import MediaPipeEstimator
from formcheck.feed import Feed, Paced
from formcheck.lookout import Lookout
from formcheck.stage import Scene, draw_scene
from formcheck.stopping import stopped_by_signals
from formcheck.summary import Summary
from formcheck.take import Screen, Take
from formcheck.voice import Voice
from formcheck.window import Key, Window
from formcheck.wishes import Wishes

__all__ = ["Screen", "Wishes", "on_window", "opened", "train"]

_LAST_WORDS_S = 8.0
_FILE_NAME = re.compile(r"^[^:]+\.[A-Za-z]\w{1,3}$")  # no address, and no part of a camera's name


def train(wishes: Wishes, screen: AbstractContextManager[Screen]) -> Summary:
    """Coach somebody until they stop, or the video is over.

    Parameters
    ----------
    wishes : Wishes
    screen : context manager of Screen
        It is left before the last words are spoken.

    Returns
    -------
    Summary
        Of what was done since the last restart.

    Raises
    ------
    UnsavedError
        If it is over, and not all of it could be written; it holds the summary.
    FormcheckError
        If it cannot begin, or cannot go on and nothing was done yet.
    """
    wishes.refuse_to_replace()
    with Voice(muted=not wishes.voice, last_words_s=_LAST_WORDS_S) as voice, screen as shown:
        shown.show(Scene(None, Coach(wishes.plan)))
        # The model first: a file would run on while it is loaded.
        with (
            MediaPipeEstimator(wishes.model) as estimator,
            opened(wishes.camera) as feed,
            Lookout(feed, estimator) as lookout,
        ):
            while True:
                take = Take(feed, lookout, shown, voice, wishes)
                with stopped_by_signals(take.stop):
                    summary = take.summary()
                if take.asked is not Key.RESTART:
                    return summary


@contextmanager
def on_window() -> Iterator[Screen]:
    """Open a window to look at.

    Raises
    ------
    DisplayError
        If there is no display.
    """
    with Window() as window:
        yield _OnWindow(window)


def opened(camera: str) -> Feed:
    """Return the newest frame of a camera, or of a file that stands in for one.

    Raises
    ------
    CameraError
        If that can be no camera.
    """
    path = Path(camera)
    if path.is_file() or _FILE_NAME.search(camera):
        return Feed(lambda: Paced(VideoFile(path)), ends=True)
    return Feed(camera_source(camera))


class _OnWindow:
    """A screen that draws into a window, as sharp as it is large."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def show(self, scene: Scene) -> Key | None:
        return self._window.show(draw_scene(scene, self._window.size_wh))
