"""What cameras have in common: pictures get the time of their arrival, or there is an error."""

from __future__ import annotations

import re
import time
from itertools import chain
from typing import TYPE_CHECKING

from formcheck.pipeline import LEAST_STEP_S, CameraError, Frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from formcheck.pipeline import Image

_LEAST_SIDE_PX = 64  # a person is nothing but noise in less


def live_frames(name: str, images: Iterator[Image], remedy: str) -> Iterator[Frame]:
    """Give each picture the time of its arrival, once the first has come and is large enough.

    Parameters
    ----------
    name : str
        Of the camera, for the message.
    images : iterator of array
        Its pictures, as they come.
    remedy : str
        What to do if none comes.

    Returns
    -------
    iterator of Frame
        From 0 s on, by a clock that never goes back; at least 1 ms apart.

    Raises
    ------
    CameraError
        At once, if there is no picture, or one of less than 64 px a side.
    """
    first = next(images, None)
    start_s = time.perf_counter()
    if first is None:
        raise refusal(name, "it is there, but gives no picture", remedy)
    height, width = first.shape[:2]
    if min(height, width) < _LEAST_SIDE_PX:
        raise refusal(name, f"its pictures are too small ({width} x {height})", "use another")
    return chain((Frame(0.0, first),), _timed(images, start_s))


def _timed(images: Iterator[Image], start_s: float) -> Iterator[Frame]:
    time_s = 0.0
    for image in images:
        time_s = max(time_s + LEAST_STEP_S, time.perf_counter() - start_s)
        yield Frame(time_s, image)


def refusal(name: str, reason: str, remedy: str) -> CameraError:
    """Return the error in one line."""
    return CameraError(re.sub(r"[\r\n]+", " ", f"{name}: {reason}; {remedy}"))
