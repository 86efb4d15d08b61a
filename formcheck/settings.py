"""What the user has said once: kept in a file of the user's own, and changed when asked to."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from formcheck.pipeline import InputError, OutputError
from formcheck.report import whole_file

_MINE_ALONE = 0o600  # a camera's address may hold a password


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user has said.

    Attributes
    ----------
    welcomed : bool
        Whether the disclaimer has been shown.
    back_trouble : bool or None
        Whether there is trouble with the lower back; None while it has not been answered.
    voice : bool
        Whether cues are spoken.
    camera : str
        Number, name or address of the usual camera.
    """

    welcomed: bool = False
    back_trouble: bool | None = None
    voice: bool = True
    camera: str = "0"


def settings_path() -> Path:
    """Return where the settings are kept."""
    return platformdirs.user_config_path("formcheck", appauthor=False) / "settings.json"


def load_settings() -> Settings:
    """Return what was kept; the defaults before the first time.

    Raises
    ------
    InputError
        If the file cannot be read or understood.
    """
    path = settings_path()
    try:
        return _understood(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path}: cannot be read ({reason}); change its permissions") from error
    except (ValueError, TypeError) as error:
        remedy = "delete it, and you will be asked again"
        raise InputError(f"{path}: no settings of formcheck ({error}); {remedy}") from error


def _understood(document: Any) -> Settings:
    if not isinstance(document, dict):
        raise TypeError("not a table")
    known = {field.name for field in fields(Settings)}
    settings = Settings(**{name: value for name, value in document.items() if name in known})
    answers = (settings.welcomed, settings.voice, settings.back_trouble or False)
    if not all(isinstance(answer, bool) for answer in answers):
        raise ValueError("an answer is neither true nor false")
    if not isinstance(settings.camera, str):
        raise TypeError("camera is no text")
    return settings


def save_settings(settings: Settings) -> None:
    """Keep the settings.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    path = settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{path.parent}: cannot be made ({reason}); make it yourself") from error
    with whole_file(path, _MINE_ALONE) as file:
        json.dump(asdict(settings), file, indent=2)
        file.write("\n")
