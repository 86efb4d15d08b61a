from __future__ import annotations

import numpy as np
import pytest

from formcheck.pipeline import InputError
from formcheck.tracks import read_track


def write(path, **changes):
    landmarks = np.zeros((3, 33, 5))
    landmarks[..., 0], landmarks[..., 1], landmarks[..., 3] = 100.0, 50.0, 0.9
    landmarks[1] = np.nan
    landmarks[2, 5, 0] = 700.0
    arrays = {
        "time_s": np.array([0.0, 0.1, 0.2]),
        "landmarks_px": landmarks,
        "world_m": np.zeros((3, 33, 3)),
        "size_wh": np.array([640, 360]),
    } | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    return path


def test_a_track_is_read_as_poses(tmp_path):
    seen, nobody, cropped = read_track(write(tmp_path / "a.npz"))
    assert (seen.time_s, nobody.time_s) == (0.0, 0.1)
    assert seen.xy[5].tolist() == [100.0, 50.0]
    assert not nobody.present
    assert np.isnan(cropped.xy[5]).all()
    assert np.isfinite(cropped.xy[6]).all()


@pytest.mark.parametrize("missing", ["time_s", "landmarks_px", "world_m", "size_wh"])
def test_a_track_that_lacks_something_is_refused(tmp_path, missing):
    with pytest.raises(InputError, match=missing):
        list(read_track(write(tmp_path / "a.npz", **{missing: None})))


def test_what_is_no_track_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    path.write_text("hello")
    with pytest.raises(InputError, match="not a track"):
        list(read_track(path))
    with pytest.raises(InputError, match="no such track"):
        list(read_track(tmp_path / "none.npz"))


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("time_s", np.zeros(4)),
        ("landmarks_px", np.zeros((3, 33))),
        ("world_m", np.zeros((2, 33, 3))),
        ("size_wh", np.float64(640)),
    ],
)
def test_a_track_of_another_shape_is_refused(tmp_path, name, array):
    with pytest.raises(InputError, match=r"has the shape .*; record it again$"):
        list(read_track(write(tmp_path / "a.npz", **{name: array})))
