"""Training without a window: what the coach says, line by line, in the terminal."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from rich.markup import escape

from formcheck.course import Phase
from formcheck.terminal import console

if TYPE_CHECKING:
    from formcheck.stage import Scene
    from formcheck.window import Key

_PHASES = {
    Phase.SETUP: "Set up",
    Phase.COUNTDOWN: "Get ready",
    Phase.READY: "Ready",
    Phase.CALIBRATING: "Lie still",
    Phase.TRAINING: "Go",
    Phase.REST: "Rest",
}
_NOT_YET = ("", "voice starting")


class StatusLines:
    """A screen that prints a line whenever something changes."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}
        self._said_s = -1.0

    def show(self, scene: Scene) -> Key | None:
        """Print what is new; there are no keys."""
        self._tell("camera", scene.trouble, mark="[yellow]![/] ")
        self._tell("note", scene.note)
        if scene.voice not in _NOT_YET:
            self._tell("voice", scene.voice.capitalize())
        self._tell("phase", _phase(scene))
        self._show_said(scene)
        return None

    def _tell(self, what: str, text: str, mark: str = "") -> None:
        if text and text != self._told.get(what):
            _print(f"{mark}{escape(text)}")
        self._told[what] = text

    def _show_said(self, scene: Scene) -> None:
        now, time_s = scene.coach.narrator.now, scene.coach.course.time_s
        if now is None or time_s == self._said_s:
            return
        self._said_s = time_s
        minutes, seconds = divmod(int(time_s), 60)
        _print(f"  {minutes}:{seconds:02d}  {escape(now.text)}")


def _print(line: str) -> None:
    """Print a line; where the terminal was closed the training goes on, or is ended by others."""
    with suppress(OSError, SystemExit):  # rich ends the program when a pipe was closed
        console.print(line)


def _phase(scene: Scene) -> str:
    course = scene.coach.course
    if scene.moment is None:
        return "Waiting for the camera"
    if course.phase is Phase.SETUP and course.hint:
        return f"{_PHASES[course.phase]}: {course.hint.shown}"
    return _PHASES[course.phase]
