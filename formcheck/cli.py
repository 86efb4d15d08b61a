"""The command line. What is heavy is imported only by the command that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from formcheck import __version__
from formcheck.options import (
    CameraOption,
    ClusterOption,
    ConfigOption,
    ExerciseOption,
    ForceOption,
    GoalOption,
    InputsArgument,
    LabelsOption,
    MirrorOption,
    ModelOption,
    ProtocolOption,
    RecordOption,
    SaveOption,
    TimeLimitOption,
    VoiceOption,
    WorkersOption,
)

app = typer.Typer(
    help="Watch planks and crunches, and say what to correct. Everything stays on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the user can mend, or has stopped, in one line and without a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("formcheck: stopped", err=True)
        raise typer.Exit(130) from None
    except Exception as error:
        from formcheck.pipeline import FormcheckError, SettingsError

        if not isinstance(error, FormcheckError):
            raise
        for line in str(error).splitlines():
            typer.echo(f"formcheck: {line}", err=True)
        raise typer.Exit(2 if isinstance(error, SettingsError) else 1) from error


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
    exercise: ExerciseOption = "auto",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for report.html, annotated.mp4, summary.json and metrics.csv.",
            show_default=False,
        ),
    ] = None,
    config: ConfigOption = None,
    model: ModelOption = None,
    goal: GoalOption = None,
    protocol: ProtocolOption = None,
    no_video: Annotated[
        bool, typer.Option("--no-video", help="Do not draw annotated.mp4: faster.")
    ] = False,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Make the face unrecognisable in what is written.")
    ] = False,
    fps: Annotated[
        float | None,
        typer.Option(
            help="Look at no more frames a second than this.",
            show_default="all; 15 if only a hold is looked for; 5 while the body keeps still",
        ),
    ] = None,
    force: ForceOption = False,
) -> None:
    """Say how long a plank was held, or how many crunches were done, and what to correct."""
    from formcheck import analysis as program
    from formcheck import terminal
    from formcheck.choices import chosen_exercises, planned
    from formcheck.outputs import Outputs

    outputs = Outputs(out, video=not no_video, force=force, blur_faces=blur_faces) if out else None
    chosen = chosen_exercises(exercise, config)
    plan = planned(chosen, goal, protocol)
    with terminal.told_at_last(plan), terminal.progress() as progress:
        summary = program.analyze(
            video,
            exercise,
            outputs=outputs,
            config=config,
            model=model,
            plan=plan,
            fps=fps,
            progress=progress,
        )
    terminal.show_summary(summary, plan)
    if outputs:
        terminal.show_files(outputs.folder, outputs.names())


@app.command()
@_told()
def batch(
    inputs: InputsArgument,
    out: Annotated[
        str,
        typer.Option(help="Folder or address for the table and the results.", show_default=False),
    ],
    exercise: ExerciseOption = "auto",
    workers: WorkersOption = None,
    labels: LabelsOption = None,
    cluster: ClusterOption = None,
    report: Annotated[
        bool, typer.Option("--report", help="Write report.html and metrics.csv of each clip.")
    ] = False,
    video: Annotated[
        bool, typer.Option("--video", help="Draw annotated.mp4 of each clip.")
    ] = False,
    config: ConfigOption = None,
    model: ModelOption = None,
    time_limit: TimeLimitOption = 3600,
    force: Annotated[bool, typer.Option("--force", help="Redo what is done.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
    json_lines: Annotated[
        bool, typer.Option("--json-lines", help="Print a line of JSON for each clip.")
    ] = False,
) -> None:
    """Score many videos at once, and make one table of them."""
    from formcheck import batch_run as program
    from formcheck import scoreboard
    from formcheck.choices import chosen_exercises
    from formcheck.evaluation import read_labels

    if labels and json_lines:
        raise typer.BadParameter("--labels prints tables; leave --json-lines out")
    if workers and cluster:
        raise typer.BadParameter("a cluster has its own workers; leave --workers out")
    chosen = chosen_exercises(exercise, config)
    if labels:
        read_labels(labels)
    options = program.BatchOptions(
        config=config,
        model=model,
        report=report,
        video=video,
        force=force,
        workers=workers,
        cluster=cluster,
        limit_s=time_limit,
    )
    with scoreboard.progress(quiet=quiet, lines=json_lines) as tell:
        done = program.batch(inputs, exercise, out=out, options=options, finished=tell)
    if not quiet and not json_lines:
        scoreboard.show_batch(done, out)
    if labels and not done.stopped:
        scoreboard.show_labels(done, labels, chosen)
    if done.stopped:
        raise KeyboardInterrupt
    if done.n_failed:
        raise typer.Exit(3)


@app.command()
@_told()
def live(
    exercise: ExerciseOption = "auto",
    camera: CameraOption = None,
    goal: GoalOption = None,
    protocol: ProtocolOption = None,
    voice: VoiceOption = None,
    mirror: MirrorOption = None,
    record: RecordOption = None,
    save: SaveOption = None,
    window: Annotated[
        bool, typer.Option("--window/--no-window", help="Open a window, or print lines only.")
    ] = True,
    config: ConfigOption = None,
    model: ModelOption = None,
    force: ForceOption = False,
) -> None:
    """Coach you before a camera, by picture and voice."""
    from formcheck import live as program
    from formcheck import status, terminal, welcome
    from formcheck.choices import chosen_exercises, planned
    from formcheck.outputs import Outputs
    from formcheck.recognition import possible

    chosen = chosen_exercises(exercise, config)
    plan = planned(chosen, goal, protocol)
    settings = welcome.settings_in_use()
    if not welcome.warned(chosen, settings):
        raise typer.Exit
    wishes = program.Wishes(
        exercises=chosen,
        plan=plan,
        camera=settings.camera if camera is None else camera,
        mirrored=mirror,
        voice=settings.voice if voice is None else voice,
        record=record,
        outputs=Outputs(save, force=force) if save else None,
        force=force,
        model=model,
    )
    terminal.show_tips(possible(chosen)[0], "before")
    with terminal.told_at_last(plan):
        screen = program.on_window() if window else nullcontext(status.StatusLines())
        summary = program.train(wishes, screen)
    terminal.show_summary(summary, plan)
    if summary.hold.segments or summary.reps:
        terminal.show_tips(summary.exercise, "after")
    if wishes.outputs:
        terminal.show_files(wishes.outputs.folder, wishes.outputs.names())
    if record:
        terminal.show_files(record.parent, [record.name])


@app.command()
@_told()
def settings(
    back_trouble: Annotated[
        bool | None,
        typer.Option(
            "--back-trouble/--no-back-trouble",
            help="Whether you have trouble with your lower back.",
            show_default=False,
        ),
    ] = None,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--mute", help="Whether `live` speaks.", show_default=False),
    ] = None,
    camera: Annotated[
        str | None, typer.Option(help="The camera that `live` uses.", show_default=False)
    ] = None,
) -> None:
    """Show what you have told formcheck, and change it."""
    from formcheck import welcome

    welcome.change_settings({"back_trouble": back_trouble, "voice": voice, "camera": camera})


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
    from formcheck.wording import shown

    write_comparison(summaries, out, force=force)
    typer.echo(f"Written to {shown(str(out))}")


@app.command()
@_told()
def evaluate(
    labels: Annotated[Path, typer.Argument(help="A JSON file of labels.", show_default=False)],
    exercise: ExerciseOption = "auto",
    config: ConfigOption = None,
    clips: Annotated[
        bool, typer.Option("--clips", help="Run the videos, not their recorded tracks.")
    ] = False,
) -> None:
    """Compare verdicts with labels that a person set, and print how well they agree."""
    from formcheck import evaluation as program
    from formcheck import tables
    from formcheck.choices import chosen_exercises

    chosen = chosen_exercises(exercise, config)
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
