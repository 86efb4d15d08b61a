"""The command line. What is heavy is imported only by the command that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from formcheck import __version__

app = typer.Typer(
    help="Watch planks and crunches, and say what to correct. Everything stays on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ExerciseOption = Annotated[
    str, typer.Option(help="Name of the exercise; `formcheck exercises` lists them.")
]
ConfigOption = Annotated[
    Path | None, typer.Option(help="A TOML file with thresholds of your own.", show_default=False)
]
ModelOption = Annotated[
    Path | None,
    typer.Option(help="Another pose landmarker .task file.", show_default=False),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that exist.")]


def main() -> None:
    """Run the program."""
    app()


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the user can mend, or has stopped, in one line and without a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("formcheck: stopped", err=True)
        raise typer.Exit(130) from None
    except Exception as error:
        from formcheck.pipeline import FormcheckError

        if not isinstance(error, FormcheckError):
            raise
        for line in str(error).splitlines():
            typer.echo(f"formcheck: {line}", err=True)
        raise typer.Exit(1) from error


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"formcheck {__version__}")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
@_told()
def analyze(
    video: Annotated[Path, typer.Argument(help="A recorded video.", show_default=False)],
    exercise: ExerciseOption = "plank",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for report.html, annotated.mp4, summary.json and metrics.csv.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    model: ModelOption = None,
    goal: Annotated[
        str | None,
        typer.Option(help="What you set out to do: 60s, 1:30, 25 or 2x25.", show_default=False),
    ] = None,
    protocol: Annotated[
        str | None,
        typer.Option(help="A standard test: acsm, csep or fitnessgram.", show_default=False),
    ] = None,
    no_video: Annotated[
        bool, typer.Option("--no-video", help="Do not draw annotated.mp4: faster.")
    ] = False,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Make the face unrecognisable in what is written.")
    ] = False,
    force: ForceOption = False,
) -> None:
    """Say how long a plank was held or count crunches, and what to correct."""
    from formcheck import analysis as program
    from formcheck import terminal
    from formcheck.choices import chosen_exercise, planned
    from formcheck.outputs import Outputs, UnsavedError

    outputs = Outputs(out, video=not no_video, force=force, blur_faces=blur_faces) if out else None
    chosen = chosen_exercise(exercise, config)
    plan = planned(chosen, goal, protocol)
    try:
        with terminal.progress() as progress:
            summary = program.analyze(
                video,
                exercise,
                outputs=outputs,
                config=config,
                model=model,
                plan=plan,
                progress=progress,
            )
    except UnsavedError as error:
        terminal.show_summary(error.summary, chosen, plan)
        raise
    terminal.show_summary(summary, chosen, plan)
    if outputs:
        terminal.show_files(outputs.folder, outputs.names())


@app.command()
@_told()
def compare(
    summaries: Annotated[
        list[Path],
        typer.Argument(help="Files summary.json, or their folders, the oldest first."),
    ],
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("comparison.html"),
    force: ForceOption = False,
) -> None:
    """Show sessions of one exercise side by side on one page."""
    from formcheck.comparison import write_comparison

    write_comparison(summaries, out, force=force)
    typer.echo(f"Written to {out}")


@app.command()
@_told()
def evaluate(
    labels: Annotated[Path, typer.Argument(help="A JSON file of labels.", show_default=False)],
    exercise: ExerciseOption = "plank",
    config: ConfigOption = None,
    clips: Annotated[
        bool, typer.Option("--clips", help="Run the videos, not their recorded tracks.")
    ] = False,
) -> None:
    """Compare verdicts with labels that a person set, and print how well they agree."""
    from formcheck import evaluation as program
    from formcheck import tables
    from formcheck.choices import chosen_exercise

    chosen = chosen_exercise(exercise, config)
    tables.show_agreement(program.evaluate(labels, chosen, clips=clips), chosen)


@app.command()
@_told()
def exercises(config: ConfigOption = None) -> None:
    """List every check with its thresholds, unit and article."""
    from formcheck import terminal
    from formcheck.config import configured
    from formcheck.exercises import EXERCISES

    terminal.show_exercises(configured(EXERCISES, config) if config else EXERCISES)


@app.command()
@_told()
def doctor() -> None:
    """Check this machine, and say how to mend what is not right."""
    from formcheck import doctor as program
    from formcheck import terminal

    if not terminal.show_findings(program.examine()):
        raise typer.Exit(1)
