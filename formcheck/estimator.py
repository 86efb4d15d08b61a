"""The pose model behind the port `PoseEstimator`: the one module that knows MediaPipe.

Privacy: MediaPipe's library reports its use to Google, and has no switch against it. The promise
that nothing leaves the machine rests on `forbid_telemetry` and on a test that watches the system
calls. It holds on Linux, where the library sends with libcurl. On Windows and macOS it sends with
the system's own network stack, which does not read the variables set here.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
import tempfile
import textwrap
import threading
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import cv2
import numpy as np

from formcheck.landmarks import Pose
from formcheck.pipeline import Frame, Image, ModelError
from formcheck.pose_model import OTHER_MODEL, verified_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import mediapipe
    from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerResult

# The model works on 256 x 256; a larger picture makes its landmarks noisier, not better.
_LONGEST_SIDE_PX = 960

# The discard port: below 1024, so that no other user of the machine can listen on it.
_DEAD_PROXY = "http://127.0.0.1:9"
_PROXY_VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_PROXY_EXEMPTIONS = ("no_proxy", "NO_PROXY")

# How the lines of MediaPipe and TensorFlow Lite begin.
_NATIVE_LINE = re.compile(rb"[IWEF]\d{4} |(INFO|WARNING|ERROR): ")
_TAIL_BYTES = 2000
_STDERR = 2

_REINSTALL_MEDIAPIPE = "reinstall MediaPipe (pip install --force-reinstall mediapipe)"
_INSTALL_GL = "install the libraries it links to (apt-get install libegl1 libgles2)"

# What MediaPipe makes of the library's status codes.
_NATIVE_ERRORS = (RuntimeError, ValueError, LookupError, OSError)
_LIBRARY_FILE = re.compile(r"\.(so|dll|dylib)\b")

_stderr_lock = threading.Lock()


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
        When the model is missing, damaged or no pose landmarker, or MediaPipe cannot run here.

    Notes
    -----
    Making the first one points this process's proxy variables at a dead port, for good: see
    `forbid_telemetry`.
    """

    def __init__(self, model: Path | None = None) -> None:
        path = verified_model(model)
        forbid_telemetry()
        self._remedy = OTHER_MODEL if model else _REINSTALL_MEDIAPIPE
        self._landmarker: PoseLandmarker | None = _landmarker(path, self._remedy)
        self._last_ms = -1
        self._has_seen_someone = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model; a second call does nothing."""
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is None:
            return
        try:
            with _native_lines_aside():
                landmarker.close()
        except _NATIVE_ERRORS:
            # `estimate` has told why. With a handle, __del__ would try again and complain.
            landmarker._handle = ctypes.c_void_p()

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
        return self.ready(frame)()

    def ready(self, frame: Frame) -> Callable[[], Pose]:
        """Reduce a frame's picture, in any thread; return what then looks for the pose in it.

        That is called in the order of time, and in one thread at a time, as `estimate` is.
        """
        picture = _mediapipe_image(frame.image)

        def look() -> Pose:
            found = self._detect(picture, frame.time_s)
            return _pose(frame, found) if found.pose_landmarks else Pose.absent(frame.time_s)

        return look

    def _detect(self, picture: mediapipe.Image, time_s: float) -> PoseLandmarkerResult:
        """Return what the model finds; its coordinates are fractions of the picture."""
        if self._landmarker is None:
            raise ValueError("the estimator is closed")
        time_ms = self._next_ms(time_s)
        # The networks log when they first run, the second one only once there is someone.
        aside = nullcontext() if self._has_seen_someone else _native_lines_aside()
        try:
            with aside:
                found = self._landmarker.detect_for_video(picture, time_ms)
        except _NATIVE_ERRORS as error:
            raise ModelError(
                f"the pose model failed ({_one_line(error)}): {self._remedy}"
            ) from error
        self._has_seen_someone |= bool(found.pose_landmarks)
        return found

    def _next_ms(self, time_s: float) -> int:
        """Return the time in whole milliseconds, later than the last: MediaPipe insists."""
        self._last_ms = max(self._last_ms + 1, round(time_s * 1000))
        return self._last_ms


def forbid_telemetry() -> None:
    """Send what MediaPipe's library reports about its use to a dead port of this machine.

    The library posts to Google 60 s after a landmarker was made, and when it is closed. libcurl
    reads the proxy variables at that moment, so they stay as they are set here until the process
    ends, and with them every other use of a proxy by this process and its children is cut off. A
    `no_proxy` of the user's would let the report pass and is removed; an empty one would not do,
    since libcurl then looks at `NO_PROXY`.
    """
    for name in _PROXY_EXEMPTIONS:
        os.environ.pop(name, None)
    for name in _PROXY_VARIABLES:
        # Set once: another landmarker's thread may be reading the environment by now.
        if os.environ.get(name) != _DEAD_PROXY:
            os.environ[name] = _DEAD_PROXY


def _landmarker(path: Path, remedy: str) -> PoseLandmarker:
    """Load MediaPipe and the model into it; ModelError where either fails."""
    with _native_lines_aside() as aside:
        try:
            return _created(path.read_bytes())
        except (ImportError, *_NATIVE_ERRORS) as error:
            error.add_note(_tail(aside))
            raise ModelError(_why_not_created(error, path, remedy)) from error


def _why_not_created(error: Exception, path: Path, remedy: str) -> str:
    """Return one line: what failed, why, and the remedy."""
    reason = _one_line(error)
    if any(name in reason for name in ("libEGL", "libGLES")):
        return f"MediaPipe cannot start ({reason}): {_INSTALL_GL}"
    if isinstance(error, ImportError) or _LIBRARY_FILE.search(reason):
        return f"MediaPipe cannot start ({reason}): {_REINSTALL_MEDIAPIPE}"
    return f"{path}: not a usable pose model ({reason}): {remedy}"


def _created(content: bytes) -> PoseLandmarker:
    """Return a landmarker that follows one person through a video, on the CPU."""
    # MediaPipe imports matplotlib, which tells of its font cache at the first run.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415 -- takes a second

    # Bytes and not a path: the library cannot open every path that Python can.
    base = BaseOptions(model_asset_buffer=content, delegate=BaseOptions.Delegate.CPU)
    video = vision.RunningMode.VIDEO
    options = vision.PoseLandmarkerOptions(base_options=base, running_mode=video, num_poses=1)
    return vision.PoseLandmarker.create_from_options(options)


def _mediapipe_image(image: Image) -> mediapipe.Image:
    """Return a frame's picture as the model wants it: not too large, red first, no view.

    MediaPipe reads raw memory: the rows of a view would come out skewed.
    """
    import mediapipe  # noqa: PLC0415 -- takes a second

    rgb = cv2.cvtColor(_reduced(image), cv2.COLOR_BGR2RGB)
    return mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(rgb, dtype=np.uint8))


def _reduced(image: Image) -> Image:
    """Return a picture whose longer side is at most 960 px.

    No step more than halves it, so that linear interpolation leaves no pixel out. INTER_AREA in
    one step looks the same to the model, and takes 8 ms where this takes 1 (1280 x 720).
    """
    while (longest := max(image.shape[:2])) > _LONGEST_SIDE_PX:
        scale = max(0.5, _LONGEST_SIDE_PX / longest)
        height, width = (max(1, round(side * scale)) for side in image.shape[:2])
        image = cv2.resize(image, (width, height)).astype(np.uint8, copy=False)
    return image


def _pose(frame: Frame, found: PoseLandmarkerResult) -> Pose:
    """Return the first pose of a result in pixels of the frame."""
    seen = np.array([(p.x, p.y, p.visibility) for p in found.pose_landmarks[0]], dtype=np.float64)
    world_m = [(p.x, p.y, p.z) for p in found.pose_world_landmarks[0]]
    xy = seen[:, :2] * frame.size_wh
    return Pose.in_picture(frame.time_s, xy, seen[:, 2], frame.size_wh, world_m)


@contextmanager
def _native_lines_aside() -> Iterator[IO[bytes]]:
    """Keep from the user what native code writes to stderr meanwhile; give the file it goes to.

    What others wrote there meanwhile is passed on at the end, unless an error ends it. Not on
    Windows: the library has a C runtime of its own there, whose stderr would be closed behind its
    back. It is one at a time, for two would put stderr back in the wrong order.
    """
    with _stderr_lock, _scratch_file() as aside:
        if os.name == "nt":
            yield aside
            return
        stderr = _duplicate_of_stderr()
        os.dup2(aside.fileno(), _STDERR)
        try:
            yield aside
        finally:
            os.dup2(stderr, _STDERR)
            os.close(stderr)
        _pass_on(aside)


def _scratch_file() -> IO[bytes]:
    """Return an empty file without a name; one that forgets where the disk has no room."""
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError:
        return Path(os.devnull).open("w+b", buffering=0)


def _duplicate_of_stderr() -> int:
    """Return a new descriptor of stderr; of the null device where the user closed it."""
    try:
        return os.dup(_STDERR)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def _pass_on(aside: IO[bytes]) -> None:
    """Write to stderr the lines that were not the library's."""
    aside.seek(0)
    lines = aside.read().splitlines(keepends=True)
    if foreign := [line for line in lines if not _NATIVE_LINE.match(line)]:
        with suppress(OSError):
            os.write(_STDERR, b"".join(foreign))


def _tail(aside: IO[bytes]) -> str:
    """Return the last of what the library wrote; the file stays ready for more."""
    aside.seek(max(0, aside.seek(0, os.SEEK_END) - _TAIL_BYTES))
    return aside.read().decode(errors="replace").strip()


def _one_line(error: Exception) -> str:
    return textwrap.shorten(str(error) or type(error).__name__, 200)
