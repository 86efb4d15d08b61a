"""How somebody wants to train before a camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from formcheck.exercises import Exercise
from formcheck.network_camera import without_secrets
from formcheck.outputs import VIDEO, Outputs
from formcheck.pipeline import OutputError
from formcheck.training import Plan
from formcheck.wording import shown


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody wants to train.

    Attributes
    ----------
    exercises : tuple of Exercise
        What it may be.
    plan : Plan
    camera : str
        Number, name or address of a camera, or a video file.
    mirrored : bool or None
        Whether the picture is shown as in a mirror; None: that of a webcam is.
    voice : bool
        Whether cues are spoken.
    record : Path or None
        Where the annotated video goes.
    outputs : Outputs or None
        What is written when it is over.
    force : bool
        Whether to replace files that exist.
    model : Path or None
        Another pose landmarker task file.
    """

    exercises: tuple[Exercise, ...]
    plan: Plan
    camera: str = "0"
    mirrored: bool | None = None
    voice: bool = True
    record: Path | None = None
    outputs: Outputs | None = None
    force: bool = False
    model: Path | None = None

    @property
    def plays_file(self) -> bool:
        """Whether a video file stands in for the camera."""
        return Path(self.camera).is_file()

    @property
    def shows_mirrored(self) -> bool:
        """Whether the picture is shown as in a mirror: a webcam's is, if nothing was said."""
        if self.mirrored is not None:
            return self.mirrored
        return "://" not in self.camera and not self.plays_file

    @property
    def source_name(self) -> str:
        """What a summary calls the camera; never with a password in it."""
        name = shown(Path(self.camera).name)
        return name if self.plays_file else f"camera {without_secrets(self.camera)}"

    def refuse_to_replace(self) -> None:
        """Raise OutputError when a video would be replaced that should not be."""
        if self.outputs:
            self.outputs.refuse_to_replace(Path(self.camera))
        record = self.record
        if record is None:
            return
        if record.resolve() == Path(self.camera).resolve():
            raise OutputError(f"{record}: this is the video that is played; choose another name")
        if self.outputs and record.resolve() == (self.outputs.folder / VIDEO).resolve():
            raise OutputError(f"{record}: --save writes this file already; leave --record out")
        if record.exists() and not self.force:
            raise OutputError(f"{record}: exists already; choose another name, or use --force")
