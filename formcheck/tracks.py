"""Recorded landmarks: the poses of a clip as a file, so that rules can be run without the video."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from formcheck.landmarks import Array, Landmark, Pose
from formcheck.pipeline import InputError

_SHAPES = {
    "time_s": (),
    "landmarks_px": (len(Landmark), 5),
    "world_m": (len(Landmark), 3),
}
"""Of what there is for each frame."""


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
            names = (*_SHAPES, "size_wh")
            arrays = {name: np.asarray(file[name], dtype=np.float64) for name in names}
    except FileNotFoundError:
        raise InputError(f"{path}: no such track; check the path in the labels") from None
    except (KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: not a track of landmarks ({error}); record it again") from error
    n_frames = arrays["time_s"].size
    shapes = {name: (n_frames, *shape) for name, shape in _SHAPES.items()} | {"size_wh": (2,)}
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            found = f"{name} has the shape {arrays[name].shape} and not {shape}"
            raise InputError(f"{path}: not a track of landmarks ({found}); record it again")
    return arrays
