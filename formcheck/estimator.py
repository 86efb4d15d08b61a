"""The pose model behind the port `PoseEstimator`: the one module that knows MediaPipe.

Privacy: MediaPipe's library reports its use to Google, and has no switch against it. The promise
that nothing leaves the machine rests on `forbid_telemetry` and on a test that watches the system
calls.
"""

from __future__ import annotations

import ctypes
import logging
import re
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import cv2
import numpy as np

from formcheck.blanking import without
from formcheck.landmarks import Pose
from formcheck.native_lines import native_lines_aside, tail
from formcheck.people import Following, is_another
from formcheck.pipeline import Frame, Image, ModelError
from formcheck.pose_model import OTHER_MODEL, verified_model
from formcheck.silhouette import Outline, SteadyOutline
from formcheck.standstill import STANDS_STILL, Standstill
from formcheck.telemetry import forbid_telemetry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    import mediapipe
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerResult

# The model works on 256 x 256: a larger picture makes its landmarks no better, and costs time.
# The silhouette alone takes a quarter more time at 960 than without, a twentieth at 640.
_LONGEST_SIDE_PX = 640

_GREY = 128
_N_LOGGED = 5  # frames with somebody in them
_MOST_OTHERS = 2

_REINSTALL_MEDIAPIPE = "reinstall MediaPipe (pip install --force-reinstall mediapipe)"
_INSTALL_GL = "install the libraries it links to (apt-get install libegl1 libgles2)"

# What MediaPipe makes of the library's status codes.
_NATIVE_ERRORS = (RuntimeError, ValueError, LookupError, OSError)
_LIBRARY_FILE = re.compile(r"\.(so|dll|dylib)\b")


class _Look:
    """A frame that the model looks at, or will."""

    def __init__(
        self, frame: Frame, picture: mediapipe.Image, found: Future[PoseLandmarkerResult]
    ) -> None:
        self.frame, self.picture, self.found = frame, picture, found


class MediaPipeEstimator:
    """Find the one person in each frame of one video; a context manager.

    One estimator per video, used by one thread at a time: it follows the person from frame to
    frame and smooths over time.

    Parameters
    ----------
    model : Path, optional
        A pose landmarker task file of the user's own; the packaged one when left out.

    Raises
    ------
    ModelError
        When the model is missing, damaged or no pose landmarker, or MediaPipe cannot run here, or
        its reports cannot be stopped.

    Notes
    -----
    Making the first one points this process's proxy variables at a dead port, for good: see
    `forbid_telemetry`.
    """

    def __init__(self, model: Path | None = None) -> None:
        self._model = verified_model(model)
        forbid_telemetry()
        self._remedy = OTHER_MODEL if model else _REINSTALL_MEDIAPIPE
        self._landmarker: PoseLandmarker | None
        self._scout: PoseLandmarker | None
        self._landmarker, self._scout = _landmarkers(self._model, self._remedy)
        self._following = Following()
        self._standstill = Standstill()
        self._outline = SteadyOutline()
        self._begun: list[_Look] = []
        self._last_ms, self._put_off_ms = -1, 0
        self._n_seen = 0
        self._model_thread = ThreadPoolExecutor(1, "model")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        self._model_thread.shutdown(cancel_futures=True)
        landmarkers = self._landmarker, self._scout
        self._landmarker = self._scout = None
        for landmarker in landmarkers:
            if landmarker is not None:
                _close(landmarker)

    def estimate(self, frame: Frame) -> Pose:
        """Return the pose in a frame, in pixels of that frame at its full size.

        Parameters
        ----------
        frame : Frame
            Of any size; its image may be a view of a larger array. Frames come in the order of
            time; one that is not at least 1 ms after the last counts as 1 ms later.

        Returns
        -------
        Pose
            `Pose.absent` where nobody is found; NaN for landmarks outside the picture.

        Raises
        ------
        ModelError
            When the model fails on this frame.
        ValueError
            After `close`.
        """
        return self.begin(frame)()

    def begin(self, frame: Frame) -> Callable[[], Pose]:
        """Begin to look at a frame; return what waits for the pose in it, as `estimate` does.

        The next frame may be begun before the last is waited for: the model looks at the one while
        it is worked out what it found in the other. That changes no pose. Both are done in one
        thread, and in the same order.
        """
        picture = _mediapipe_image(frame.image)
        self._standstill = self._standstill.after(frame.time_s, picture.numpy_view())
        if self._standstill.lasts:
            return partial(Pose.absent, frame.time_s, doubt=STANDS_STILL)
        look = _Look(frame, picture, self._detection(picture, frame.time_s))
        self._begun.append(look)
        return partial(self._followed, look)

    def _followed(self, look: _Look) -> Pose:
        self._begun.remove(look)  # first: a picture that fails is not looked at again
        frame, pose = look.frame, _pose(look.frame, look.found.result())
        if self._following.asks(pose):
            pose = self._after_a_look(look.picture.numpy_view(), frame, pose)
        self._following, pose = self._following.after(pose)
        return self._with_steady_outline(pose)

    def _with_steady_outline(self, pose: Pose) -> Pose:
        before = SteadyOutline() if pose.anew else self._outline
        self._outline = before.after(pose.time_s, pose.back)
        return replace(pose, back=self._outline.known)

    def _after_a_look(self, image: Image, frame: Frame, pose: Pose) -> Pose:
        """Look for other people; return the pose of the one to follow, as the model now does."""
        everybody = pose, *self._others(image, frame, pose)
        chosen = self._following.chosen(pose, everybody[1:], frame.size_wh[0])
        self._following = self._following.looked(chosen, everybody)
        return pose if chosen is pose else self._steered(image, frame, chosen)

    def _others(self, image: Image, frame: Frame, pose: Pose) -> tuple[Pose, ...]:
        """Return who is found when those who are known are painted over, one after the other.

        Several poses at once (`num_poses`) would miss the one who overlaps with another.
        """
        known = [pose]
        while len(known) <= _MOST_OTHERS:
            rest = without(image, known, image.shape[1] / frame.size_wh[0])
            other = _pose(frame, self._model_thread.submit(self._look, rest).result())
            if not is_another(other, known):
                break
            known.append(other)
        return tuple(known[1:])

    def _steered(self, image: Image, frame: Frame, chosen: Pose) -> Pose:
        """Have the model follow a body: it loses the last one in a picture of nothing."""
        others = self._following.others
        alone = without(image, others, image.shape[1] / frame.size_wh[0])
        self._detection(_packed(np.full_like(image, _GREY)), frame.time_s)
        pose = _pose(frame, self._detection(_packed(alone), frame.time_s).result())
        for look in self._begun:  # the last one was still followed in it
            look.found = self._detection(look.picture, look.frame.time_s)
        return chosen if is_another(pose, [chosen]) or not pose.present else pose

    def _detection(self, picture: mediapipe.Image, time_s: float) -> Future[PoseLandmarkerResult]:
        """Have the model look at a picture after those that it was given before."""
        landmarker = _open(self._landmarker)
        return self._model_thread.submit(self._detect, landmarker, picture, time_s)

    def _detect(
        self, landmarker: PoseLandmarker, picture: mediapipe.Image, time_s: float
    ) -> PoseLandmarkerResult:
        """Return what the model finds; its coordinates are fractions of the picture."""
        time_ms = self._next_ms(time_s)
        # The networks log when they first run, the second one only once there is someone. One line
        # comes with the first tensor that is not aligned, hardly ever later than that.
        aside = native_lines_aside() if self._n_seen < _N_LOGGED else nullcontext()
        with self._failures_told(), aside:
            found = landmarker.detect_for_video(picture, time_ms)
        self._n_seen += bool(found.pose_landmarks)
        return found

    def _look(self, image: Image) -> PoseLandmarkerResult:
        """Return who is found in a single picture, whoever is followed."""
        with self._failures_told(), native_lines_aside():
            return _open(self._scout).detect(_packed(image))

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except _NATIVE_ERRORS as error:
            raise ModelError(
                f"the pose model failed ({_one_line(error)}): {self._remedy}"
            ) from error

    def _next_ms(self, time_s: float) -> int:
        """Return the time in whole milliseconds, later than the last: MediaPipe insists.

        Once a picture comes that is not later, the times of all that follow are put off: what lies
        between two of them decides on how the model smooths.
        """
        time_ms = round(time_s * 1000)
        self._put_off_ms += max(0, self._last_ms + 1 - time_ms - self._put_off_ms)
        self._last_ms = time_ms + self._put_off_ms
        return self._last_ms


def _open(landmarker: PoseLandmarker | None) -> PoseLandmarker:
    if landmarker is None:
        raise ValueError("the estimator is closed")
    return landmarker


def _close(landmarker: PoseLandmarker) -> None:
    try:
        with native_lines_aside():
            landmarker.close()
    except _NATIVE_ERRORS:
        # `estimate` has told why. With a handle, __del__ would try again and complain.
        landmarker._handle = ctypes.c_void_p()


def _landmarkers(path: Path, remedy: str) -> tuple[PoseLandmarker, PoseLandmarker]:
    """Load MediaPipe and the model into it, for a video and for single pictures.

    Both at once, for loading takes as long as several frames; ModelError where either fails.
    """
    with native_lines_aside() as aside, ThreadPoolExecutor(1) as beside:
        try:
            content = path.read_bytes()
            single = beside.submit(_created, content, video=False)
            return _created(content, video=True), single.result()
        except (ImportError, *_NATIVE_ERRORS) as error:
            error.add_note(tail(aside))
            raise ModelError(_why_not_created(error, path, remedy)) from error


def _why_not_created(error: Exception, path: Path, remedy: str) -> str:
    """Return one line: what failed, why, and the remedy."""
    reason = _one_line(error)
    if any(name in reason for name in ("libEGL", "libGLES")):
        return f"MediaPipe cannot start ({reason}): {_INSTALL_GL}"
    if isinstance(error, ImportError) or _LIBRARY_FILE.search(reason):
        return f"MediaPipe cannot start ({reason}): {_REINSTALL_MEDIAPIPE}"
    return f"{path}: not a usable pose model ({reason}): {remedy}"


def _created(content: bytes, *, video: bool) -> PoseLandmarker:
    """Return a landmarker that finds one person, on the CPU; it follows them through a video."""
    # MediaPipe imports matplotlib, which tells of its font cache at the first run.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415 -- takes a second

    # Bytes and not a path: the library cannot open every path that Python can.
    base = BaseOptions(model_asset_buffer=content, delegate=BaseOptions.Delegate.CPU)
    mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
    options = vision.PoseLandmarkerOptions(
        base_options=base, running_mode=mode, num_poses=1, output_segmentation_masks=video
    )
    return vision.PoseLandmarker.create_from_options(options)


def _mediapipe_image(image: Image) -> mediapipe.Image:
    """Return a frame's picture as the model wants it: not too large, red first, no view.

    MediaPipe reads raw memory: the rows of a view would come out skewed.
    """
    rgb = cv2.cvtColor(_reduced(image), cv2.COLOR_BGR2RGB)
    return _packed(np.ascontiguousarray(rgb, dtype=np.uint8))


def _packed(rgb: Image) -> mediapipe.Image:
    import mediapipe  # noqa: PLC0415 -- takes a second

    return mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb)


def _reduced(image: Image) -> Image:
    """Return a picture whose longer side is at most 640 px.

    No step more than halves it, so that linear interpolation leaves no pixel out. INTER_AREA in
    one step looks the same to the model, and takes 8 ms where this takes 1 (1280 x 720).
    """
    while (longest := max(image.shape[:2])) > _LONGEST_SIDE_PX:
        scale = max(0.5, _LONGEST_SIDE_PX / longest)
        height, width = (max(1, round(side * scale)) for side in image.shape[:2])
        image = cv2.resize(image, (width, height)).astype(np.uint8, copy=False)
    return image


def _pose(frame: Frame, found: PoseLandmarkerResult) -> Pose:
    """Return the pose of a result in pixels of the frame; `Pose.absent` of nobody."""
    if not found.pose_landmarks:
        return Pose.absent(frame.time_s)
    seen = np.array([(p.x, p.y, p.visibility) for p in found.pose_landmarks[0]], dtype=np.float64)
    world_m = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]]
    xy = seen[:, :2] * frame.size_wh
    pose = Pose.in_picture(frame.time_s, xy, seen[:, 2], frame.size_wh, world_m)
    return replace(pose, back=_outline(pose, frame, found)) if found.segmentation_masks else pose


def _outline(pose: Pose, frame: Frame, found: PoseLandmarkerResult) -> Outline:
    mask = found.segmentation_masks[0].numpy_view().squeeze()
    scale = mask.shape[1] / frame.size_wh[0]
    return Outline.of(mask, pose.middle_of_shoulders, pose.middle_of_hips, scale)


def _one_line(error: Exception) -> str:
    return textwrap.shorten(str(error) or type(error).__name__, 200)
