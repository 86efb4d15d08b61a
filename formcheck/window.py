"""The live window: shows pictures, and tells which keys were pressed."""

from __future__ import annotations

import os
import re
import socket
import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Self

import cv2

from formcheck.pipeline import FormcheckError

if TYPE_CHECKING:
    from formcheck.pipeline import Image

TITLE = "formcheck"
_SIZE_WH = (1280, 767)  # a camera's usual 1280 x 720 is shown as it is, above the line of keys
_LARGEST_WH = (1920, 1080)  # a larger window stretches the picture: drawing it would take too long
_ESCAPE, _N_ASCII = 27, 128
_X_PORT = 6000
_REMEDY = "use --no-window, and listen to the voice"


class DisplayError(FormcheckError):
    """There is no screen to open a window on."""


class Key(Enum):
    """What a key asks for."""

    PAUSE = " "
    MUTE = "m"
    RESTART = "r"
    SNAPSHOT = "s"
    QUIT = "q"


_KEYS = {ord(key.value): key for key in Key} | {_ESCAPE: Key.QUIT}


class Window:
    """A window that can be resized; a context manager.

    Raises
    ------
    DisplayError
        On entering, if there is no display; on showing, if it was closed meanwhile.

    Notes
    -----
    PyAV and OpenCV each bring an X library. When PyAV's is loaded first, OpenCV's windows take it
    and hang (PyAV's issue 978); so OpenCV has to be imported first.
    """

    def __init__(self, size_wh: tuple[int, int] = _SIZE_WH) -> None:
        self._first_wh = size_wh
        self._line: socket.socket | None = None
        self._lost = False

    def __enter__(self) -> Self:
        check_display()
        self._line = _connection()
        # Qt tells of fonts that OpenCV does without.
        os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false;*.debug=false")
        try:
            cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise DisplayError(f"no window can be opened ({error.err}); {_REMEDY}") from error
        cv2.resizeWindow(TITLE, *self._first_wh)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._has_lost_display() and self._open:
            cv2.destroyWindow(TITLE)
        if self._line is not None:
            self._line.close()

    def _check_display(self) -> None:
        """Raise DisplayError when the display was closed: Qt, were it asked, ends the process."""
        if self._has_lost_display():
            raise DisplayError("the display was closed; what was done until then is kept")

    def _has_lost_display(self) -> bool:
        if self._line is not None and _has_ended(self._line):
            self._line.close()
            self._line = _connection()  # a display hangs up on who says nothing for long, too
            self._lost = self._line is None
        return self._lost

    @property
    def _open(self) -> bool:
        try:
            return cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            return False

    @property
    def size_wh(self) -> tuple[int, int]:
        """Size of the picture to draw, pixels."""
        self._check_display()
        _, _, *size = cv2.getWindowImageRect(TITLE) if self._open else (0, 0, 0, 0)
        if min(size) <= 0:
            return self._first_wh
        scale = min(1.0, *(most / own for most, own in zip(_LARGEST_WH, size, strict=True)))
        return round(size[0] * scale), round(size[1] * scale)

    def show(self, image: Image) -> Key | None:
        """Show a picture; return the key that was pressed, QUIT when the window was closed."""
        self._check_display()
        if not self._open:
            return Key.QUIT
        cv2.imshow(TITLE, image)
        self._check_display()
        code = cv2.waitKeyEx(1)
        # Arrows and their like have larger codes, whose last byte is some letter's.
        return _KEYS.get(ord(chr(code).lower())) if 0 <= code < _N_ASCII else None


def check_display() -> None:
    """Raise DisplayError where Qt would end the whole process for want of a display."""
    if sys.platform != "linux":
        return
    name = os.environ.get("DISPLAY", "")
    if not name:
        raise DisplayError(f"there is no display (DISPLAY is not set); {_REMEDY}")
    line = _connection()
    if line is None:
        raise DisplayError(f"display {name}: nothing answers there; {_REMEDY}")
    line.close()
    loaded = list(sys.modules)
    if "av" in loaded and loaded.index("av") < loaded.index("cv2"):
        raise DisplayError(
            "PyAV was imported before OpenCV, and no window can be opened then; import cv2 first"
        )


def _connection() -> socket.socket | None:
    """Return a connection to the display, to see whether it is there; nothing is said on it."""
    match = re.fullmatch(r"(?:unix)?([^:]*):(\d+)(?:\.\d+)?", os.environ.get("DISPLAY", ""))
    if match is None:
        return None
    host, number = match[1], int(match[2])
    local = Path(f"/tmp/.X11-unix/X{number}")  # noqa: S108 - where X servers listen
    try:
        if host or not local.exists():
            return socket.create_connection((host or "localhost", _X_PORT + number), timeout=2)
        line = socket.socket(socket.AF_UNIX)
        line.connect(str(local))
    except OSError:
        return None
    return line


def _has_ended(line: socket.socket) -> bool:
    line.setblocking(False)  # noqa: FBT003
    try:
        return not line.recv(1)
    except BlockingIOError:
        return False
    except OSError:
        return True
