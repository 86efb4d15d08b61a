"""What is told and asked before the first training, and before a hard one."""

from __future__ import annotations

from dataclasses import replace

import typer
from rich.console import Console

from formcheck.exercises import Exercise, Tip
from formcheck.settings import Settings
from formcheck.wording import DISCLAIMER

_QUESTION = "Do you have trouble with your lower back?"


def welcomed(settings: Settings, console: Console, *, asks: bool) -> Settings:
    """Tell what one has to know and ask about the back, at the first start; return the answer.

    Parameters
    ----------
    settings : Settings
    console : Console
    asks : bool
        Whether somebody is there to answer.
    """
    if not settings.welcomed:
        console.print("[bold]Welcome to formcheck.[/]")
        console.print(DISCLAIMER)
        console.print("[dim]All pictures stay on this computer.[/]")
        settings = replace(settings, welcomed=True)
    if settings.back_trouble is None and asks:
        answer = typer.confirm(_QUESTION, default=False)
        console.print("[dim]Kept; `formcheck settings` changes it.[/]")
        settings = replace(settings, back_trouble=answer)
    return settings


def warned(exercise: Exercise, settings: Settings, console: Console, *, asks: bool) -> bool:
    """Advise somebody with back trouble against what is hard on it; return whether to go on."""
    cautions = tips_for(exercise, "with back trouble") if settings.back_trouble else ()
    for tip in cautions:
        console.print(f"[yellow]![/] {tip.text} [dim]({tip.article.title})[/]")
    return not cautions or not asks or typer.confirm("Go on all the same?", default=False)


def tips_for(exercise: Exercise, when: str) -> tuple[Tip, ...]:
    """Return the tips for a time."""
    return tuple(tip for tip in exercise.tips if tip.when == when)


def show_tips(exercise: Exercise, when: str, console: Console) -> None:
    """Print the tips for a time."""
    for tip in tips_for(exercise, when):
        console.print(f"  {tip.text} [dim]({tip.article.title})[/]")
