"""Recorded landmarks: the poses of a clip as a file, so that rules can be run without the video."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from formcheck.landmarks import Array, Pose
from formcheck.pipeline import InputError

_NEEDED = ("time_s", "landmarks_px", "world_m", "size_wh")


def read_track(path: Path) -> Iterator[Pose]:
    """Yield the poses of a track file.

    Parameters
    ----------
    path : Path
        An ``.npz`` with `time_s` (n,), `landmarks_px` (n, 33, 5: x, y, z in pixels, visibility,
        presence; NaN = nobody), `world_m` (n, 33, 3) and `size_wh` (2,).

    Raises
    ------
    InputError
        If the file is missing or is no track.
    """
    arrays = _arrays(path)
    size_wh = (int(arrays["size_wh"][0]), int(arrays["size_wh"][1]))
    rows = zip(arrays["time_s"].tolist(), arrays["landmarks_px"], arrays["world_m"], strict=True)
    for time_s, points, world_m in rows:
        if np.isnan(points[:, 0]).all():
            yield Pose.absent(time_s)
        else:
            yield Pose.in_picture(time_s, points[:, :2], points[:, 3], size_wh, world_m)


def _arrays(path: Path) -> dict[str, Array]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: np.asarray(file[name], dtype=np.float64) for name in _NEEDED}
    except FileNotFoundError:
        raise InputError(f"{path}: no such track; check the path in the labels") from None
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a track of landmarks ({error}); record it again") from error
