"""Whether the picture stands still: a title card, a frozen camera, the last picture of a video.

Landmarks do not tell it: in a still picture they jitter as much as those of somebody who holds
well. The picture does: what compression leaves of a still one differs by less than a living body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STANDS_STILL = "the picture stands still: start the video or the camera again"

# About pictures, not about form: conventions. Within a second, title cards in compressed videos
# differed by up to 4 levels in one pixel, pictures of people by 48 and more; of a rendered body
# that does not even breathe by 5.
_LEVELS = 4
_STILL_S = 1.0
_EVERY = 4  # th pixel is looked at


@dataclass(frozen=True, slots=True, eq=False)
class Standstill:
    """Since when the picture has been the same, as a fold over pictures.

    Attributes
    ----------
    pixels : array or None
        Of the picture that the others are the same as; None before the first.
    since_s, time_s : float
        Times of that picture and of the last one.
    """

    pixels: NDArray[np.uint8] | None = None
    since_s: float = math.nan
    time_s: float = math.nan

    def after(self, time_s: float, image: NDArray[np.uint8]) -> Standstill:
        """Return what is known after one more picture, an array of at least two dimensions."""
        pixels = image[::_EVERY, ::_EVERY].copy()
        if self.pixels is not None and _same(pixels, self.pixels):
            return Standstill(self.pixels, self.since_s, time_s)
        return Standstill(pixels, time_s, time_s)

    @property
    def lasts(self) -> bool:
        """Whether it has been the same for so long that nobody living is in it."""
        return self.time_s - self.since_s >= _STILL_S


def _same(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    return a.shape == b.shape and _farthest(a, b) <= _LEVELS


def _farthest(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int((np.maximum(a, b) - np.minimum(a, b)).max(initial=0))
