"""A decoder's pictures as upright arrays with square pixels; for whoever decodes with PyAV."""

from __future__ import annotations

import math
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

if TYPE_CHECKING:
    from collections.abc import Callable

    import av

    from formcheck.pipeline import Image

_SQUARE, _OBLONG = 0.005, 4.0  # nearer to square bends angles < 0.15 deg; beyond is a mistake
_ROTATIONS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}
_NO_TURN = (False, 0)


class Uprighter:
    """Turns the pictures of one stream into what a `Frame` holds.

    Parameters
    ----------
    stream : av.VideoStream
        Its oblong pixels are scaled to square ones, since they would bend every angle.
    """

    def __init__(self, stream: av.VideoStream) -> None:
        ratio = float(stream.sample_aspect_ratio or 1)
        oblong = 1 / _OBLONG <= ratio <= _OBLONG and abs(ratio - 1) > _SQUARE
        self._pixel_ratio = ratio if oblong else 1.0
        self._reformatter = VideoReformatter()
        self._one_at_a_time = Lock()
        self._turn = _NO_TURN

    def image(self, picture: av.VideoFrame) -> Image:
        """Return blue, green, red; C-contiguous; turned as the picture itself asks for.

        Raises
        ------
        av.FFmpegError
            If the picture is damaged beyond use.
        """
        return self.later(picture)()

    def later(self, picture: av.VideoFrame) -> Callable[[], Image]:
        """Return what makes the same of it later, in any thread; pictures are given in order."""
        turn = _turn(picture)
        if picture.key_frame or turn != _NO_TURN:  # a phone's stream tells with key pictures alone
            self._turn = turn
        return partial(self._image, picture, self._turn)

    def _image(self, picture: av.VideoFrame, turn: tuple[bool, int]) -> Image:
        width = max(1, round(picture.width * self._pixel_ratio))
        # One thread: with more, which PyAV takes by default, a picture takes up to ten times as
        # long, since they are started anew for each.
        with self._one_at_a_time:
            plain = self._reformatter.reformat(picture, width=width, format="bgr24", threads=1)
        image = cast("Image", plain.to_ndarray())
        # Drawing on the frame must not reach the picture that the decoder may refer back to.
        return _upright(image.copy() if plain is picture else image, turn)


def _turn(picture: av.VideoFrame) -> tuple[bool, int]:
    """Tell whether to flip a picture top to bottom, then how many quarters to turn clockwise.

    The display matrix sends a pixel (x, y), y downwards, to (a x + c y, b x + d y): the x axis
    goes to (a, b), and a negative determinant mirrors.
    """
    try:
        matrix = cast("Any", picture.side_data).get("DISPLAYMATRIX")
    except ValueError:  # PyAV does not know every kind of side data, such as EXIF
        return False, round(-picture.rotation / 90) % 4
    if matrix is None:
        return _NO_TURN
    a, b, _, c, d = np.frombuffer(matrix, np.int32)[:5].tolist()
    return a * d < b * c, round(math.degrees(math.atan2(b, a)) / 90) % 4


def _upright(image: Image, turn: tuple[bool, int]) -> Image:
    flipped, quarters = turn
    turned = cv2.flip(image, 0) if flipped else image
    turned = cv2.rotate(turned, _ROTATIONS[quarters]) if quarters else turned
    return np.ascontiguousarray(turned, np.uint8)
