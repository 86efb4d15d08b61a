"""From light to a picture as a webcam would give it: tone, a lens's softness, a sensor's noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from samples.studio.room import Room

    Image = NDArray[np.uint8]

_LENS_PX = 0.45
_GRAIN_PX = 0.6
_GRAIN_GAIN = 1.7  # smoothing takes away as much
_GAMMA = 2.2


def developed(light: NDArray[np.float32], room: Room, seed: int) -> Image:
    """Return a picture of the light in it.

    Parameters
    ----------
    light : NDArray of float32
        Shape (h, w, 3): red, green and blue, linear.
    seed : int
        Of the noise; the same one gives the same noise.

    Returns
    -------
    Image
        Shape (h, w, 3): red, green and blue, 0 to 255.
    """
    tones = cv2.GaussianBlur(_toned(light * np.float32(room.exposure)), (0, 0), _LENS_PX)
    levels = tones * np.float32(255) + _grain(tones.shape[:2], room, seed)
    return np.asarray(np.clip(levels + np.float32(0.5), 0, 255), np.uint8)


def _toned(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a camera makes of light: a soft shoulder (the ACES curve), then gamma."""
    curve = (light * (2.51 * light + 0.03)) / (light * (2.43 * light + 0.59) + 0.14)
    return np.asarray(np.clip(curve, 0, 1) ** np.float32(1 / _GAMMA), np.float32)


def _grain(size_hw: tuple[int, ...], room: Room, seed: int) -> NDArray[np.float32]:
    """Return noise in levels; part of it is the same in all colours."""
    random = np.random.default_rng(seed)
    grain = _clumped(random.standard_normal((*size_hw, 1), np.float32))
    if room.colour_grain > 0:
        coloured = _clumped(random.standard_normal((*size_hw, 3), np.float32))
        grain = grain * (1 - room.colour_grain) + coloured * room.colour_grain
    return np.asarray(grain * np.float32(room.grain_levels), np.float32)


def _clumped(noise: NDArray[np.float32]) -> NDArray[np.float32]:
    smoothed = cv2.GaussianBlur(noise, (0, 0), _GRAIN_PX) * np.float32(_GRAIN_GAIN)
    return np.asarray(smoothed, np.float32).reshape(noise.shape)
