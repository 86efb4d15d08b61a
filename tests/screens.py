"""A real X server without a screen, and what one can do with it."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager

import cv2
import numpy as np


@contextmanager
def virtual_display(size_wh=(1600, 1000)):
    """Run Xvfb on a free display; give its name."""
    read, write = os.pipe()
    screen = f"{size_wh[0]}x{size_wh[1]}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.PIPE) as server:
        os.close(write)
        with os.fdopen(read) as names:
            number = names.readline().strip()
        try:
            if not number:
                raise RuntimeError(f"Xvfb did not start: {server.stderr.read().decode()}")
            yield f":{number}"
        finally:
            server.terminate()


@contextmanager
def window_manager(display):
    """Run a window manager, which gives windows a frame and closes them on Alt+F4."""
    environment = os.environ | {"DISPLAY": display}
    with subprocess.Popen(["openbox"], env=environment) as manager:
        try:
            end_s = time.monotonic() + 20
            while not _is_managed(environment):
                assert time.monotonic() < end_s, "openbox did not start"
                time.sleep(0.1)
            yield
        finally:
            manager.terminate()


def _is_managed(environment):
    done = subprocess.run(
        ["xdotool", "get_num_desktops"], env=environment, check=False, capture_output=True
    )
    return done.returncode == 0


def press(display, *keys, title="formcheck"):
    """Press keys in the window of a title, as a person would."""
    environment = os.environ | {"DISPLAY": display}
    find = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{title}$"]
    window = subprocess.run(
        find, env=environment, check=True, capture_output=True, text=True, timeout=30
    ).stdout.split()[0]
    for key in keys:
        done = ["xdotool", "mousemove", "--window", window, "200", "200", "key", key]
        subprocess.run(done, env=environment, check=True, timeout=30)


def photographed(display):
    """Return what the display shows; blue, green, red."""
    done = subprocess.run(
        ["import", "-window", "root", "png:-"],
        env=os.environ | {"DISPLAY": display},
        check=True,
        capture_output=True,
        timeout=30,
    )
    return cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)
