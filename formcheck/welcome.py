"""What is told and asked before the first training and before a hard one, and kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import typer

from formcheck.exercises import Exercise, tips_for
from formcheck.network_camera import without_secrets
from formcheck.pipeline import OutputError
from formcheck.settings import Settings, load_settings, save_settings, settings_path
from formcheck.terminal import console, show_tips
from formcheck.wording import DISCLAIMER

_ANSWERS = {True: "yes", False: "no", None: "not answered"}


def settings_in_use() -> Settings:
    """Return the settings; at the first start tell what one has to know, and ask about the back.

    Where nobody is there to answer, the question waits for the next time.

    Raises
    ------
    FormcheckError
        If the settings cannot be read or kept.
    """
    kept = settings = load_settings()
    if not settings.welcomed:
        console.print(f"[bold]Welcome to formcheck.[/]\n{DISCLAIMER}")
        console.print("[dim]All pictures stay on this computer.[/]\n")
        settings = replace(settings, welcomed=True)
    if settings.back_trouble is None and _somebody_answers():
        answer = typer.confirm("Do you have trouble with your lower back?", default=False)
        console.print("[dim]`formcheck settings` changes the answer.[/]\n")
        settings = replace(settings, back_trouble=answer)
    if settings != kept:
        try:
            save_settings(settings)
        except OutputError as error:
            console.print(f"[yellow]![/] {error}", highlight=False)
    return settings


def warned(exercises: Iterable[Exercise], settings: Settings) -> bool:
    """Advise somebody with back trouble against what is hard on it; return whether to go on."""
    hard = [each for each in exercises if tips_for(each, "with back trouble")]
    if not settings.back_trouble or not hard:
        return True
    show_tips(hard[0], "with back trouble")
    return not _somebody_answers() or typer.confirm("Go on all the same?", default=False)


def change_settings(changes: Mapping[str, Any]) -> None:
    """Keep what is not None of the changes, and print all settings."""
    settings = load_settings()
    wanted = {name: value for name, value in changes.items() if value is not None}
    if wanted:
        settings = replace(settings, **wanted)
        save_settings(settings)
    console.print(f"back trouble: {_ANSWERS[settings.back_trouble]}")
    console.print(f"voice:        {'on' if settings.voice else 'muted'}")
    console.print(f"camera:       {without_secrets(settings.camera)}", markup=False)
    console.print(f"[dim]kept in {settings_path()}[/]")


def _somebody_answers() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
