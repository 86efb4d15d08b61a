"""The contact sheet: one picture of every clip, at the moment that it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from formcheck.capture import VideoFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from samples.studio.clip import Clip

    Image = NDArray[np.uint8]

_COLUMNS = 8
_CELL_WH = (176, 99)
_LABEL_PX = 16
_QUALITY = 72


def write_sheet(path: Path, folder: Path, clips: Sequence[Clip]) -> None:
    """Write the contact sheet of clips that have been rendered, in their order."""
    cells = [_cell(folder, clip) for clip in clips]
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % _COLUMNS)
    rows = [np.hstack(cells[at : at + _COLUMNS]) for at in range(0, len(cells), _COLUMNS)]
    cv2.imwrite(str(path), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])


def _cell(folder: Path, clip: Clip) -> Image:
    document = json.loads((folder / f"{clip.name}.json").read_text(encoding="utf-8"))
    wanted_s = _moment_s(document)
    with VideoFile(folder / f"{clip.name}.mp4") as source:
        frame = min(source, key=lambda frame: abs(frame.time_s - wanted_s))
    cell = np.full((_CELL_WH[1] + _LABEL_PX, _CELL_WH[0], 3), 255, np.uint8)
    height, width = frame.image.shape[:2]
    scale = min(_CELL_WH[0] / width, _CELL_WH[1] / height)
    small = cv2.resize(frame.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left = (_CELL_WH[0] - small.shape[1]) // 2
    cell[: small.shape[0], left : left + small.shape[1]] = small
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(cell, clip.name, (2, cell.shape[0] - 5), font, 0.36, (0, 0, 0), 1, cv2.LINE_AA)
    return cell


def _moment_s(document: dict[str, Any]) -> float:
    """Return the middle of the first sure fault, the top of a repetition, or the middle."""
    for fault in document.get("faults", []):
        if fault["sure_start_s"] is not None:
            return float(fault["sure_start_s"] + fault["sure_end_s"]) / 2
    for repetition in document.get("repetitions", []):
        return float(repetition["top_s"])
    return float(document["times_s"][-1]) / 2
