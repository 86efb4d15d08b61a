"""The file of the pose model: where it is, and whether it is whole."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from formcheck.pipeline import ModelError

MODEL_NAME = "pose_landmarker_full.task"
MODEL_SHA256 = "0026d24d5248079fc06e87a62fe0cfd080cb8333ec2bec48fb592fde15ed7411"
OTHER_MODEL = "give a pose landmarker .task file with --model, or leave --model out"

_REINSTALL = (
    "reinstall formcheck (pip install --force-reinstall formcheck); "
    "in a source checkout run: python models/rebuild.py"
)


def verified_model(path: Path | None = None) -> Path:
    """Return where the pose model is, after a look at it.

    Parameters
    ----------
    path : Path, optional
        The user's own model, which is only checked to be a readable file; without it the
        packaged model, of which each byte is checked.

    Raises
    ------
    ModelError
        Missing, unreadable or damaged; the message tells the remedy.
    """
    if path is not None:
        _checksum(path, OTHER_MODEL)
        return path
    packaged = _packaged_model()
    if _checksum(packaged, _REINSTALL) != MODEL_SHA256:
        raise ModelError(f"{packaged}: the pose model is damaged: {_REINSTALL}")
    return packaged


def _packaged_model() -> Path:
    """Return the place of the model that came with formcheck, installed or checked out."""
    package = Path(str(resources.files("formcheck")))
    places = [home / "models" / MODEL_NAME for home in (package, package.parent)]
    for place in places:
        if place.is_file():
            return place
    raise ModelError(f"{places[0]}: the pose model is missing: {_REINSTALL}")


def _checksum(path: Path, remedy: str) -> str:
    """Return the sha256 of a file; ModelError with the remedy when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(f"{path}: cannot read the pose model ({reason}): {remedy}") from error
