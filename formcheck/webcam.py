"""A camera of this machine as a source of frames, read with OpenCV."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, cast

import cv2
from cv2_enumerate_cameras import enumerate_cameras

from formcheck.arrivals import live_frames, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from formcheck.pipeline import CameraError, Frame, Image

_PATIENCE_S = 2.0  # a device that gives no picture for longer is gone
_PAUSE_S = 0.05

# DirectShow opens at once where Media Foundation takes up to half a minute.
_BACKENDS = {"linux": cv2.CAP_V4L2, "win32": cv2.CAP_DSHOW, "darwin": cv2.CAP_AVFOUNDATION}
# Compressed first: raw pictures of this size come through USB 2 ten times a second only.
_WISHES = (
    (cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG")),
    (cv2.CAP_PROP_FRAME_WIDTH, 1280),
    (cv2.CAP_PROP_FRAME_HEIGHT, 720),
    (cv2.CAP_PROP_FPS, 30),
    (cv2.CAP_PROP_BUFFERSIZE, 2),  # one that is read while the other is filled
)
_ALLOWANCES = {
    "darwin": "allow the terminal to use it (System Settings, Privacy & Security, Camera) and "
    "start the terminal again, or close other programs that use it",
    "win32": "close other programs that use it, and let desktop apps use the camera "
    "(Settings, Privacy & security, Camera)",
}
_USUAL_ALLOWANCE = "close other programs that use it, or unplug it and plug it in again"
_NO_PERMISSION = "join the group that may (sudo usermod -aG video $USER) and log in again"
_PLUG_IN = "plug one in, or name a video file or the address of a camera in the network"


@dataclass(frozen=True, slots=True)
class Device:
    """A camera that the system knows.

    Attributes
    ----------
    index : int
        Its number, from 0.
    name : str
        What the system calls it.
    path : str or None
        On Linux the file that stands for it; else None.
    """

    index: int
    name: str
    path: str | None = None

    def __str__(self) -> str:
        return f"{self.index} ({self.name})"


def devices() -> tuple[Device, ...]:
    """Return the cameras of this machine by their numbers, without opening any."""
    found = enumerate_cameras(_BACKENDS.get(sys.platform, cv2.CAP_ANY))
    files = sys.platform == "linux"  # elsewhere the path is none of a file
    known = (
        Device(each.index, each.name or "unnamed", each.path if files else None) for each in found
    )
    return tuple(sorted(known, key=lambda device: device.index))


def open_device(index: int) -> cv2.VideoCapture:
    """Open a camera of this machine by its number; whether that went well, it tells itself."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2.VideoCapture(index, _BACKENDS.get(sys.platform, cv2.CAP_ANY))


class Webcam:
    """A camera of this machine as a source of frames.

    Parameters
    ----------
    which : int or str
        Its number, or a part of its name, in capitals or not.
    open_device : callable, optional
        Opens the device of a number.
    list_devices : callable, optional
        Tells which devices there are.

    Raises
    ------
    CameraError
        On entering, if there is no such camera or it gives no usable picture.

    Notes
    -----
    Times are those of the pictures' arrival, since the first one. A camera that goes away ends the
    iteration. It is asked for 1280 x 720 at 30 Hz and gives what it can; the size may change.
    OpenCV's messages are switched off for the whole process.
    """

    def __init__(
        self,
        which: int | str,
        *,
        open_device: Callable[[int], cv2.VideoCapture] = open_device,
        list_devices: Callable[[], tuple[Device, ...]] = devices,
    ) -> None:
        self._which = which
        self._open_device, self._list_devices = open_device, list_devices
        self._capture: cv2.VideoCapture | None = None
        self._frames: Iterator[Frame] | None = None

    def __enter__(self) -> Self:
        index = self._which if isinstance(self._which, int) else self._index_of(self._which)
        self._capture = self._open_device(index)
        try:
            self._frames = self._started(self._capture, index)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._capture is not None:
            self._capture.release()
        self._capture = self._frames = None

    def __iter__(self) -> Iterator[Frame]:
        if self._frames is None:
            raise ValueError("a Webcam is read inside its with block")
        return self._frames

    def _started(self, capture: cv2.VideoCapture, index: int) -> Iterator[Frame]:
        if not capture.isOpened():
            raise _why_closed(index, self._list_devices())
        for wish, value in _WISHES:
            capture.set(wish, value)
        return live_frames(f"camera {index}", _read(capture), _allowance())

    def _index_of(self, name: str) -> int:
        known = self._list_devices()
        found = [device for device in known if name.casefold() in device.name.casefold()]
        if len(found) == 1:
            return found[0].index
        if not found:
            raise _no_such(f"camera {name!r}", known)
        raise refusal(f"camera {name!r}", f"several are called so: {_listed(found)}", "say which")


def _read(capture: cv2.VideoCapture) -> Iterator[Image]:
    """Yield pictures until none has come for a while; a single one may fail."""
    heard_s = time.perf_counter()
    while time.perf_counter() - heard_s < _PATIENCE_S:
        came, image = capture.read()
        if came:
            yield cast("Image", image)
            heard_s = time.perf_counter()
        else:
            time.sleep(_PAUSE_S)


def _why_closed(index: int, known: Sequence[Device]) -> CameraError:
    """Return why a device does not open, as far as the system tells."""
    name = f"camera {index}"
    device = next((each for each in known if each.index == index), None)
    if device is None:
        return _no_such(name, known)
    told = ""
    try:
        if device.path:
            os.close(os.open(device.path, os.O_RDWR))
    except PermissionError:
        return refusal(name, f"not permitted to use {device.path}", _NO_PERMISSION)
    except OSError as error:
        told = f" ({error.strerror})"
    return refusal(f"camera {device}", f"it does not open{told}", _allowance())


def _no_such(name: str, known: Sequence[Device]) -> CameraError:
    if not known:
        return refusal(name, "this machine has no camera", _PLUG_IN)
    return refusal(name, "there is no such camera", f"there is {_listed(known)}")


def _listed(known: Sequence[Device]) -> str:
    return ", ".join(map(str, known))


def _allowance() -> str:
    return _ALLOWANCES.get(sys.platform, _USUAL_ALLOWANCE)
