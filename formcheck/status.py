"""Training without a window: what the coach says, line by line, in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from formcheck.coaching import Phase
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


class StatusLines:
    """A screen that prints a line whenever something changes."""

    def __init__(self) -> None:
        self._told = ""
        self._waits = False
        self._said_s = -1.0
        self._phase: Phase | None = None

    def show(self, scene: Scene) -> Key | None:
        """Print what is new; there are no keys."""
        if scene.trouble and scene.trouble != self._told:
            console.print(f"[yellow]! {escape(scene.trouble)}[/]")
        self._told = scene.trouble
        if scene.moment is None and not self._waits:
            self._waits = True
            console.print("Waiting for the camera")
        self._show_phase(scene)
        self._show_said(scene)
        return None

    def _show_phase(self, scene: Scene) -> None:
        if scene.moment is None or scene.coach.phase is self._phase:
            return
        self._phase = scene.coach.phase
        hint = scene.coach.hint.of
        detail = f": {hint.shown}" if self._phase is Phase.SETUP and hint else ""
        console.print(f"[bold]{_PHASES[self._phase]}[/]{detail}")

    def _show_said(self, scene: Scene) -> None:
        coach = scene.coach
        if coach.narrator.now is None or coach.time_s == self._said_s:
            return
        self._said_s = coach.time_s
        minutes, seconds = divmod(int(coach.time_s), 60)
        console.print(f"  {minutes}:{seconds:02d}  {coach.narrator.now.text}")
