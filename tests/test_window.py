"""The window, on a real X server: pictures, sizes, keys; and displays that are not there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from screens import photographed, virtual_display, window_manager

from formcheck.window import DisplayError, Key, Window, check_display

RED = (30, 40, 220)
PATIENCE_S = 20


@pytest.fixture(scope="module")
def display():
    with virtual_display() as name:
        yield name


@pytest.fixture
def window(display, monkeypatch):
    monkeypatch.setenv("DISPLAY", display)
    with Window((640, 360)) as opened:
        yield opened


def red(size_wh):
    return np.full((size_wh[1], size_wh[0], 3), RED, np.uint8)


def shown_until(window, what):
    """Show a picture until something holds; return the keys that came."""
    keys, until = [], time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        keys.append(window.show(red(window.size_wh)))
        if what(keys):
            return [key for key in keys if key]
        time.sleep(0.01)
    raise AssertionError(f"nothing within {PATIENCE_S} s; keys: {set(keys)}")


def area(display):
    return int((photographed(display) == RED).all(axis=2).sum())


def test_a_picture_is_seen(window, display):
    shown_until(window, lambda keys: len(keys) > 20)
    assert area(display) == pytest.approx(640 * 360, rel=0.02)


@pytest.mark.parametrize(
    ("name", "key"),
    [("space", Key.PAUSE), ("m", Key.MUTE), ("r", Key.RESTART), ("s", Key.SNAPSHOT),
     ("q", Key.QUIT), ("Q", Key.QUIT), ("Escape", Key.QUIT)],
)  # fmt: skip
def test_keys_are_understood(window, display, name, key):
    shown_until(window, lambda keys: len(keys) > 5)
    presser = subprocess.Popen(
        [sys.executable, "-c", f"import screens; screens.press({display!r}, {name!r})"],
        cwd=Path(__file__).parent,
    )
    try:
        assert shown_until(window, any) == [key]
    finally:
        presser.wait()


def test_arrows_and_their_like_ask_for_nothing(window, display):
    """Their codes end like those of letters: Left like Q, Up like R, Right like S."""
    shown_until(window, lambda keys: len(keys) > 5)
    for name in ("Left", "Up", "Right", "F1", "Shift_L"):
        program = f"import screens; screens.press({display!r}, {name!r}, 'm')"
        with subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parent):
            assert shown_until(window, any) == [Key.MUTE]


def test_a_window_that_is_closed_means_the_end(window, display):
    with window_manager(display):
        shown_until(window, lambda keys: len(keys) > 5)
        find = ("xdotool", "search", "--name", "^formcheck$", "windowactivate")
        with subprocess.Popen((*find, "key", "alt+F4"), env=os.environ):
            shown_until(window, lambda keys: Key.QUIT in keys)


def test_a_window_that_is_resized_asks_for_larger_pictures(window, display):
    shown_until(window, lambda keys: len(keys) > 5)
    subprocess.run(
        ["xdotool", "search", "--name", "^formcheck$", "windowsize", "900", "600"],
        env={"DISPLAY": display, "PATH": "/usr/bin:/bin"},
        check=True,
    )
    shown_until(window, lambda _: window.size_wh == (900, 600))


@pytest.mark.parametrize("name", ["", ":4711", "nonsense"])
def test_a_display_that_is_not_there_is_told_before_it_ends_the_process(monkeypatch, name):
    monkeypatch.setenv("DISPLAY", name)
    with pytest.raises(DisplayError, match="--no-window"):
        check_display()


@pytest.mark.parametrize("first", ["av", "formcheck.capture", "cv2", "formcheck.live"])
def test_no_order_of_imports_hangs(display, first):
    """PyAV's X library, loaded before OpenCV's, would hang the window: it is told instead."""
    program = f"import {first}, av; from formcheck.window import Window\nwith Window(): print('ok')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"DISPLAY": display, "PYTHONPATH": str(Path(__file__).parents[1])},
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.stdout == "ok\n" or "import cv2 first" in done.stderr
    assert (done.stdout == "ok\n") or first not in {"cv2", "formcheck.live"}


CLOSED = """
import cv2, sys
import numpy as np
from formcheck.window import DisplayError, Window
picture = np.zeros((360, 640, 3), np.uint8)
with Window() as window:
    for _ in range(20):
        window.show(picture)
    print("shown", flush=True)
    sys.stdin.readline()
    for show in (lambda: window.size_wh, lambda: window.show(picture)):
        try:
            show()
        except DisplayError as error:
            print(error)
"""


def test_a_display_that_is_closed_is_told_and_does_not_end_the_process():
    with virtual_display() as name:
        process = subprocess.Popen(
            [sys.executable, "-c", CLOSED],
            env=os.environ | {"DISPLAY": name, "PYTHONPATH": str(Path(__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline() == "shown\n"
    out, err = process.communicate("now\n", timeout=PATIENCE_S)
    assert out.splitlines() == ["the display was closed; what was done until then is kept"] * 2
    assert (process.returncode, err) == (0, "")
