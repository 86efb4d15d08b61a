"""The camera that a user names: by number, by a part of its name, or by address."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from formcheck.arrivals import refusal
from formcheck.network_camera import SCHEMES, NetworkCamera, without_secrets
from formcheck.webcam import Webcam

if TYPE_CHECKING:
    from collections.abc import Callable


def camera_source(spec: str) -> Callable[[], Webcam | NetworkCamera]:
    """Return what opens the camera that a user named: by number, address, or part of a name.

    Raises
    ------
    CameraError
        If it is an address of another kind.
    """
    if spec.isdecimal():
        return partial(Webcam, int(spec))
    scheme, mark, rest = spec.partition("://")
    if not mark:
        return partial(Webcam, spec)
    if scheme.lower() not in SCHEMES:
        known = ", ".join(f"{each}://" for each in SCHEMES)
        raise refusal(without_secrets(spec), "not an address of a camera", f"one of {known}")
    return partial(NetworkCamera, f"{scheme.lower()}://{rest}")
