"""Check the machine: libraries, model, cameras, voice; with the remedy for what fails."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

import av
import cv2
import numpy as np

from formcheck.estimator import MediaPipeEstimator
from formcheck.pipeline import CameraError, Frame, ModelError
from formcheck.pose_model import MODEL_NAME, verified_model
from formcheck.telemetry import ALLOWED, forbid_telemetry, why_not_stopped
from formcheck.voice import State, Voice
from formcheck.webcam import Device, Webcam, devices

_LIBRARIES = (
    "mediapipe",
    "numpy",
    "opencv-contrib-python",
    "cv2-enumerate-cameras",
    "av",
    "platformdirs",
    "pyttsx3",
    "sounddevice",
    "typer",
    "rich",
)
_RIVALS = ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless")
_VOICE_S = 20.0
_VOICE_REMEDIES = {
    "No voice: install espeak-ng": "apt-get install espeak-ng; until then it beeps",
    "No sound: install libportaudio2": "apt-get install libportaudio2",
    "No sound device": "connect loudspeakers or headphones; cues are shown all the same",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    what : str
        What was checked.
    ok : bool or None
        None where formcheck works without it.
    found : str
        What is there.
    remedy : str
        What to do when it is not right; else empty.
    """

    what: str
    ok: bool | None
    found: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Yield what each check finds, one after the other."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0], "")
    yield from map(_library, _LIBRARIES)
    for check in (_one_opencv, _encoder, _model, _pose, _reports):
        yield check()
    yield from _cameras()
    yield _voice()


def _library(name: str) -> Finding:
    try:
        return Finding(name, ok=True, found=metadata.version(name))
    except metadata.PackageNotFoundError:
        return Finding(name, ok=False, found="not installed", remedy=f"pip install {name}")


def _one_opencv() -> Finding:
    rivals = [name for name in _RIVALS if _library(name).ok]
    if not rivals:
        return Finding("one OpenCV", ok=True, found=f"cv2 {cv2.__version__}")
    remedy = (
        f"pip uninstall {' '.join(rivals)}, then "
        "pip install --force-reinstall opencv-contrib-python"
    )
    found = f"{' and '.join(rivals)} writes the same files as opencv-contrib-python"
    return Finding("one OpenCV", ok=False, found=found, remedy=remedy)


def _encoder() -> Finding:
    ok = "libx264" in av.codecs_available
    remedy = "" if ok else "pip install --force-reinstall av (its wheel brings the encoder)"
    return Finding("H.264 encoder", ok, "libx264" if ok else "missing", remedy)


def _model() -> Finding:
    return _tried("pose model", lambda: f"{verified_model().name}, checksum right")


def _pose() -> Finding:
    return _tried("pose detection", _grey_picture)


def _grey_picture() -> str:
    with MediaPipeEstimator() as estimator:
        picture = np.full((240, 320, 3), 127, np.uint8)
        nobody = not estimator.estimate(Frame(0.0, picture)).present
    return f"{MODEL_NAME} runs" + ("" if nobody else ", but sees somebody on a grey picture")


def _reports() -> Finding:
    """Tell whether what the pose library would send to its maker is stopped."""
    what = "nothing is sent"
    try:
        forbid_telemetry()
    except ModelError as error:
        return Finding(what, ok=False, found="cannot be promised", remedy=str(error))
    if reason := why_not_stopped():
        remedy = f"unset {ALLOWED} to forbid it"
        return Finding(what, ok=None, found=f"MediaPipe reports its use ({reason})", remedy=remedy)
    return Finding(what, ok=True, found="MediaPipe's reports to its maker are stopped")


def _tried(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, found=check())
    except ModelError as error:
        return Finding(what, ok=False, found="does not work", remedy=str(error))


def _cameras() -> Iterator[Finding]:
    known = devices()
    if not known:
        yield Finding("camera", None, "none", "plug one in; recorded videos work without")
    yield from map(_camera, known)


def _camera(device: Device) -> Finding:
    try:
        with Webcam(device.index):
            return Finding("camera", ok=True, found=str(device))
    except CameraError as error:
        return Finding("camera", None, f"{device} gives no picture", str(error))


def _voice() -> Finding:
    with Voice() as voice:
        state = voice.settled(_VOICE_S)
    if state is State.READY and not voice.note:
        return Finding("voice", ok=True, found="engine and sound device")
    found = voice.note or "does not start"
    remedy = _VOICE_REMEDIES.get(found, "formcheck works without, and shows its cues")
    return Finding("voice", None, found, remedy)
