"""The estimator with the real model, on a video whose joints are known."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np
import pytest
from scoring import truth

from formcheck import estimator, pose_model
from formcheck.estimator import MediaPipeEstimator
from formcheck.landmarks import Landmark, Pose
from formcheck.pipeline import Frame, ModelError
from formcheck.pose_model import MODEL_NAME, verified_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "samples" / "plank_good.mp4"
N_FRAMES = 20
BODY_PX = 613  # from the wrists to the toes
JOINTS = {
    "near_shoulder": Landmark.RIGHT_SHOULDER,
    "near_hip": Landmark.RIGHT_HIP,
    "near_knee": Landmark.RIGHT_KNEE,
    "near_ankle": Landmark.RIGHT_ANKLE,
}


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    with av.open(str(SAMPLE)) as video:
        decoded = zip(range(N_FRAMES), video.decode(video=0), strict=False)
        return [Frame(float(frame.time), _contiguous(frame)) for _, frame in decoded]


@pytest.fixture(scope="module")
def poses(frames: list[Frame]) -> list[Pose]:
    return estimated(frames)


def _contiguous(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return np.ascontiguousarray(frame.to_ndarray(format="bgr24"))


def estimated(frames: Iterable[Frame]) -> list[Pose]:
    with MediaPipeEstimator() as model:
        return [model.estimate(frame) for frame in frames]


def grey(like: Frame, time_s: float = 0.0) -> Frame:
    return Frame(time_s, np.full_like(like.image, 128))


def worst_px(first: Iterable[Pose], second: Iterable[Pose]) -> float:
    joints = list(JOINTS.values())
    pairs = zip(first, second, strict=True)
    return max(float(np.abs(a.xy[joints] - b.xy[joints]).max()) for a, b in pairs)


class TestPose:
    def test_finds_the_person_in_every_frame(self, poses: list[Pose]) -> None:
        assert len(poses) == N_FRAMES
        assert all(pose.present for pose in poses)

    @pytest.mark.parametrize("joint", JOINTS)
    def test_puts_joints_where_they_are(self, joint: str, poses: list[Pose]) -> None:
        found = np.array([pose.at(JOINTS[joint]) for pose in poses])
        known = np.array(truth("plank_good")["joints_px"][joint][:N_FRAMES])
        off_px = np.linalg.norm(found - known, axis=1)
        assert off_px.max() < 0.03 * BODY_PX

    def test_carries_the_time_of_the_frame(self, poses: list[Pose], frames: list[Frame]) -> None:
        assert [pose.time_s for pose in poses] == [frame.time_s for frame in frames]

    def test_says_what_is_visible_and_where_in_metres(self, poses: list[Pose]) -> None:
        for pose in poses:
            assert ((pose.visibility >= 0) & (pose.visibility <= 1)).all()
            assert pose.world_m is not None
            hips = pose.world_m[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
            assert np.abs(hips.mean(axis=0)).max() < 0.05  # the origin
            assert 0.8 < np.ptp(pose.world_m, axis=0).max() < 2.5  # a person's size

    def test_of_an_empty_picture_is_absent(self, frames: list[Frame]) -> None:
        (pose,) = estimated([grey(frames[0], time_s=3.5)])
        assert not pose.present
        assert pose.time_s == 3.5

    def test_comes_and_goes_with_the_person(self, frames: list[Frame]) -> None:
        empty = grey(frames[0])
        there = [frames[0], empty, empty, frames[0], frames[0]]
        timed = [Frame(0.1 * i, frame.image) for i, frame in enumerate(there)]
        present = [pose.present for pose in estimated(timed)]
        assert present[0]
        assert not present[2]
        assert present[4]


class TestFrames:
    @pytest.mark.parametrize("factor", [2, 3])
    def test_larger_ones_give_the_same_landmarks_in_their_own_pixels(
        self, factor: int, frames: list[Frame], poses: list[Pose]
    ) -> None:
        large = [Frame(frame.time_s, _enlarged(frame.image, factor)) for frame in frames[:5]]
        shrunk = [Pose(pose.time_s, pose.xy / factor, pose.visibility) for pose in estimated(large)]
        assert worst_px(shrunk, poses[:5]) < 0.01 * BODY_PX

    def test_may_be_views_of_larger_arrays(self, frames: list[Frame], poses: list[Pose]) -> None:
        views = [Frame(frame.time_s, _as_view(frame.image)) for frame in frames[:5]]
        assert not any(view.image.flags.c_contiguous for view in views)
        assert worst_px(estimated(views), poses[:5]) == 0

    def test_reach_the_model_red_first(self) -> None:
        blue = np.full((64, 64, 3), (255, 0, 0), np.uint8)
        picture = estimator._mediapipe_image(blue)  # owns what its view shows
        assert picture.numpy_view()[0, 0].tolist() == [0, 0, 255]

    @pytest.mark.parametrize(
        ("size_wh", "reduced_wh"),
        [
            ((640, 480), (640, 480)),
            ((1280, 720), (640, 360)),
            ((3840, 2160), (640, 360)),
            ((1081, 1919), (360, 640)),
        ],
    )
    def test_reach_the_model_at_most_640_px_long(
        self, size_wh: tuple[int, int], reduced_wh: tuple[int, int]
    ) -> None:
        width, height = size_wh
        picture = estimator._mediapipe_image(np.zeros((height, width, 3), np.uint8))
        assert (picture.width, picture.height) == reduced_wh

    def test_may_repeat_their_time(self, frames: list[Frame]) -> None:
        times_s = [0.0, 0.0, 0.0004, 0.0004, 0.001, 0.0, 0.9, 0.5]
        repeated = [Frame(time_s, frames[0].image) for time_s in times_s]
        found = estimated(repeated)
        assert all(pose.present for pose in found)
        assert [pose.time_s for pose in found] == times_s

    def test_may_change_size_and_be_tiny(self, frames: list[Frame]) -> None:
        tiny = np.zeros((1, 1, 3), np.uint8)
        strip = np.zeros((2000, 1, 3), np.uint8)
        images = [frames[0].image, tiny, strip, _enlarged(frames[0].image, 2)]
        found = estimated(Frame(0.1 * i, image) for i, image in enumerate(images))
        assert found[0].present
        assert not found[1].present

    def test_are_refused_after_close(self, frames: list[Frame]) -> None:
        model = MediaPipeEstimator()
        model.close()
        model.close()
        with pytest.raises(ValueError, match="closed"):
            model.estimate(frames[0])


def _enlarged(image: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    return cv2.resize(image, (width * factor, height * factor), interpolation=cv2.INTER_CUBIC)


def _as_view(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = image.shape[:2]
    padded = np.zeros((height, width + 10, 3), np.uint8)
    padded[:, :width] = image
    return padded[:, :width]


class TestModel:
    def test_is_the_one_in_the_checkout(self) -> None:
        assert verified_model() == ROOT / "models" / MODEL_NAME

    def test_of_an_installed_package_lies_inside_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed = _packaged(tmp_path, monkeypatch, (ROOT / "models" / MODEL_NAME).read_bytes())
        assert verified_model() == installed

    def test_missing_from_the_package_tells_how_to_get_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _packaged(tmp_path, monkeypatch, b"").unlink()
        with pytest.raises(ModelError, match="missing: reinstall formcheck"):
            MediaPipeEstimator()

    def test_damaged_in_the_package_tells_how_to_mend_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        content = bytearray((ROOT / "models" / MODEL_NAME).read_bytes())
        content[len(content) // 2] ^= 1
        damaged = _packaged(tmp_path, monkeypatch, bytes(content))
        with pytest.raises(ModelError, match="damaged: reinstall formcheck") as caught:
            MediaPipeEstimator()
        assert str(damaged) in str(caught.value)

    def test_of_the_users_own_is_used_as_it_is(self, tmp_path: Path, frames: list[Frame]) -> None:
        own = tmp_path / "mein Modell ü.task"
        own.write_bytes((ROOT / "models" / MODEL_NAME).read_bytes())
        with MediaPipeEstimator(own) as model:
            assert model.estimate(frames[0]).present

    @pytest.mark.parametrize("kind", ["missing", "folder", "text", "empty", "cut"])
    def test_of_the_users_own_that_is_none_is_told_in_one_line(
        self, kind: str, tmp_path: Path
    ) -> None:
        own = tmp_path / "own.task"
        _write_bad_model(own, kind)
        with pytest.raises(ModelError) as caught:
            MediaPipeEstimator(own)
        message = str(caught.value)
        assert message.startswith(f"{own}: ")
        assert message.endswith("leave --model out")
        assert len(message.splitlines()) == 1

    def test_cause_keeps_what_the_library_said(self, tmp_path: Path) -> None:
        garbage = tmp_path / "garbage.task"
        _write_bad_model(garbage, "garbage")
        with pytest.raises(ModelError) as caught:
            MediaPipeEstimator(garbage)
        assert caught.value.__cause__ is not None
        assert any("Flatbuffer" in note for note in caught.value.__cause__.__notes__)


def _packaged(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> Path:
    """Have the package seem to be installed in a folder, with this model."""
    package = folder / "site-packages" / "formcheck"
    model = package / "models" / MODEL_NAME
    model.parent.mkdir(parents=True)
    model.write_bytes(content)
    monkeypatch.setattr(pose_model.resources, "files", lambda _name: package)
    return model


def _write_bad_model(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "garbage":
        with zipfile.ZipFile(path, "w") as task:
            task.writestr("pose_detector.tflite", b"1" * 5000)
            task.writestr("pose_landmarks_detector.tflite", b"1" * 5000)
    elif kind != "missing":
        model = (ROOT / "models" / MODEL_NAME).read_bytes()
        path.write_bytes({"text": b"a model\n" * 99, "empty": b"", "cut": model[:-999]}[kind])


class TestLibrary:
    @pytest.mark.parametrize(
        ("error", "remedy"),
        [
            (OSError("libEGL.so.1: cannot open"), "apt-get install libegl1 libgles2"),
            (OSError("libGLESv2.so.2: cannot open"), "apt-get install libegl1 libgles2"),
            (OSError("libmediapipe.so: file too short"), "--force-reinstall mediapipe"),
            (ModuleNotFoundError("No module named 'mediapipe'"), "--force-reinstall mediapipe"),
        ],
    )
    def test_that_does_not_load_is_told_with_a_remedy(
        self, error: Exception, remedy: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_content: bytes, **_mode: bool) -> None:
            raise error

        monkeypatch.setattr(estimator, "_created", fail)
        with pytest.raises(ModelError, match="MediaPipe cannot start") as caught:
            MediaPipeEstimator()
        assert remedy in str(caught.value)

    def test_that_fails_on_a_frame_is_told_once(
        self, frames: list[Frame], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_arguments: object) -> None:
            raise RuntimeError("CalculatorGraph::Run() failed:\nmany\nlines")

        with MediaPipeEstimator() as model:
            monkeypatch.setattr(model._landmarker, "detect_for_video", fail)
            with pytest.raises(ModelError, match=r"failed: many lines\): reinstall MediaPipe"):
                model.estimate(frames[0])

    def test_that_cannot_be_closed_hides_no_other_error(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model = MediaPipeEstimator()
        close = model._landmarker.close

        def fail() -> None:
            close()
            raise RuntimeError("CalculatorGraph::Run() failed")

        monkeypatch.setattr(model._landmarker, "close", fail)
        with pytest.raises(KeyError, match="the first error"), model:
            raise KeyError("the first error")


class TestStderr:
    def test_stays_empty(self) -> None:
        done = _run(_ESTIMATE)
        assert (done.stdout, done.stderr) == ("11\n", "")

    def test_keeps_what_others_write(self) -> None:
        done = _run(_WRITE_MEANWHILE)
        assert done.stderr == "before\nmeanwhile\nafter\n"

    def test_may_be_closed(self) -> None:
        done = _run("import os; os.close(2)\n" + _ESTIMATE)
        assert (done.stdout, done.returncode) == ("11\n", 0)

    def test_is_left_alone_by_the_import(self) -> None:
        done = _run(
            "import sys, formcheck.estimator; print([m for m in sys.modules if 'mediapipe' in m])"
        )
        assert (done.stdout, done.stderr) == ("[]\n", "")


# Someone comes late and goes again: networks log when they first run.
_ESTIMATE = f"""
import av, numpy as np
from formcheck.estimator import MediaPipeEstimator
from formcheck.pose_model import MODEL_NAME, verified_model
from formcheck.pipeline import Frame
with av.open({str(SAMPLE)!r}) as video, MediaPipeEstimator() as model:
    image = next(video.decode(video=0)).to_ndarray(format="bgr24")
    empty = np.full_like(image, 128)
    images = [empty] * 5 + [image] * 10 + [empty] * 5 + [image]
    found = [model.estimate(Frame(0.04 * i, image)).present for i, image in enumerate(images)]
print(found[5:15].count(True) + found[-1])
"""

_WRITE_MEANWHILE = """
import sys
from formcheck import estimator
print("before", file=sys.stderr)
real = estimator._created
def created(content, **mode):
    if mode["video"]:
        print("meanwhile", file=sys.stderr)
    return real(content, **mode)
estimator._created = created
with estimator.MediaPipeEstimator():
    print("after", file=sys.stderr)
"""


def _run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program that can import formcheck; its output as text."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
