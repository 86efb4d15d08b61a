"""Analyse a recorded video: wire file, pose model, session and outputs together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from formcheck.capture import VideoFile
from formcheck.config import configured
from formcheck.estimator import MediaPipeEstimator
from formcheck.exercises import EXERCISES, Exercise, exercise_named
from formcheck.overlay import draw
from formcheck.pipeline import Frame, InputError, Moment, OutputError, Sink, VideoError, run, seen
from formcheck.protocols import protocol_named
from formcheck.recording import VideoWriter
from formcheck.report import MetricsLog, whole_file, write_summary
from formcheck.session import Session
from formcheck.sets import parse_goal
from formcheck.summary import Source, Summary
from formcheck.training import Plan

Progress = Callable[[int, int | None], None]

SUMMARY, METRICS, VIDEO = "summary.json", "metrics.csv", "annotated.mp4"
_LEAST_SEEN_S = 0.5


@dataclass(frozen=True, slots=True)
class Outputs:
    """What to write, and where.

    Attributes
    ----------
    folder : Path
        Made when it does not exist.
    video : bool
        Whether to draw the annotated video as well.
    force : bool
        Whether to replace files that exist.
    """

    folder: Path
    video: bool = True
    force: bool = False

    def names(self) -> tuple[str, ...]:
        """Return the names of the files that will be written."""
        return (SUMMARY, METRICS, VIDEO) if self.video else (SUMMARY, METRICS)


def analyze(
    video: str | Path,
    exercise: str = "plank",
    *,
    outputs: Outputs | None = None,
    config: str | Path | None = None,
    model: str | Path | None = None,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Analyse a recorded video.

    Parameters
    ----------
    video : str or Path
        A video file.
    exercise : str
        Name of the exercise.
    outputs : Outputs, optional
        Files to write; none when left out.
    config : str or Path, optional
        A TOML file with thresholds of one's own.
    model : str or Path, optional
        Another pose landmarker task file than the one that comes with formcheck.
    plan : Plan, optional
        A goal or a standard test that `summary.json` should speak of.
    progress : callable, optional
        Called with the number of frames done, and of all frames if that is known.

    Returns
    -------
    Summary
        With its `source`. A damaged file is analysed as far as it can be read;
        `source.damage` says so.

    Raises
    ------
    FormcheckError
        With one line that says what is wrong and what to do.
    """
    chosen = chosen_exercise(exercise, Path(config) if config else None)
    log, counter = MetricsLog(chosen), Counter(progress)
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(Path(video)))
        sinks: list[Sink] = [log, counter]
        if outputs:
            _refuse_own_input(Path(video), outputs)
            stack.enter_context(_folder(outputs))
        if outputs and outputs.video:
            writer = stack.enter_context(VideoWriter(outputs.folder / VIDEO))
            sinks.append(_Annotated(writer))
        estimator = stack.enter_context(MediaPipeEstimator(Path(model) if model else None))
        counter.of = source.n_frames_hint
        session = run(seen(source, estimator), Session.of(chosen), sinks)
        counter.check(source.name)
        summary = replace(session.summary(), source=_described(source, counter))
        if outputs:
            _write(outputs.folder, summary, chosen, log, plan or Plan())
    return summary


def chosen_exercise(name: str, config: Path | None = None) -> Exercise:
    """Return an exercise, with the user's thresholds if there are any.

    Raises
    ------
    InputError
        If there is no such exercise, or the configuration is wrong.
    """
    exercises = configured(EXERCISES, config) if config else EXERCISES
    try:
        return exercise_named(name, exercises)
    except ValueError as error:
        raise InputError(str(error)) from None


def planned(exercise: Exercise, goal: str | None, protocol: str | None) -> Plan:
    """Return what somebody set out to do, from how it was written.

    Raises
    ------
    InputError
        If it cannot be understood, or does not fit the exercise.
    """
    try:
        plan = Plan(
            parse_goal(goal) if goal else None, protocol_named(protocol) if protocol else None
        )
    except ValueError as error:
        raise InputError(str(error)) from None
    if plan.protocol and exercise.reps is None:
        raise InputError(f"{exercise.title}: held, so no test of repetitions; leave --protocol out")
    if plan.goal and (plan.goal.n_reps is None) != (exercise.reps is None):
        fitting = "25 or 2x25" if exercise.reps else "60s or 1:30"
        raise InputError(f"{plan.goal.text}: no goal for a {exercise.name}; write {fitting}")
    return plan


class Counter:
    """A sink that counts frames, and for how long somebody is in them."""

    def __init__(self, progress: Progress | None = None) -> None:
        self.of: int | None = None
        self.n_frames = 0
        self.n_seen = 0
        self.last_s = 0.0
        self._progress = progress

    @property
    def duration_s(self) -> float:
        """Seconds until the last frame has been shown; one frame lasts as long as the others."""
        gaps = self.n_frames - 1
        return self.last_s * self.n_frames / gaps if gaps > 0 else self.last_s

    def take(self, moment: Moment) -> None:
        """Count one more frame."""
        self.n_frames += 1
        self.n_seen += moment.pose.present
        self.last_s = moment.pose.time_s
        if self._progress:
            self._progress(self.n_frames, self.of)

    def check(self, name: str) -> None:
        """Raise VideoError when there was hardly anybody to judge."""
        seen_s = self.duration_s * self.n_seen / max(self.n_frames, 1)
        remedy = "film the whole body from the side, in good light"
        if not self.n_seen:
            raise VideoError(f"{name}: nobody was found in it; {remedy}")
        if seen_s < _LEAST_SEEN_S:
            count = f"only {self.n_seen} of {self.n_frames} frames show somebody"
            raise VideoError(f"{name}: {count}; {remedy}")


class _Annotated:
    """A sink that draws each moment into a video."""

    def __init__(self, writer: VideoWriter) -> None:
        self._writer = writer

    def take(self, moment: Moment) -> None:
        if moment.frame is not None:
            self._writer.write(Frame(moment.frame.time_s, draw(moment)))


def _described(source: VideoFile, counter: Counter) -> Source:
    return Source(
        name=source.name,
        duration_s=counter.duration_s,
        n_frames=counter.n_frames,
        width=source.width,
        height=source.height,
        damage=source.damage,
    )


@contextmanager
def _folder(outputs: Outputs) -> Iterator[None]:
    """Make sure of the folder before the work, and leave no empty one behind when it fails."""
    folder = outputs.folder
    new = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole_file(folder / ".formcheck"):
            pass
        (folder / ".formcheck").unlink()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"{folder}: no folder to write to ({reason}); choose another") from error
    existing = [name for name in outputs.names() if (folder / name).exists()]
    if existing and not outputs.force:
        raise OutputError(
            f"{folder}: {', '.join(existing)} exists already; "
            "choose another folder with --out, or replace it with --force"
        )
    try:
        yield
    except BaseException:
        for place in new:
            if not any(place.iterdir()):
                place.rmdir()
        raise


def _refuse_own_input(video: Path, outputs: Outputs) -> None:
    if outputs.video and (outputs.folder / VIDEO).resolve() == video.resolve():
        raise OutputError(
            f"{video}: the annotated video would replace it; choose another folder with --out"
        )


def _write(folder: Path, summary: Summary, exercise: Exercise, log: MetricsLog, plan: Plan) -> None:
    write_summary(folder / SUMMARY, summary, exercise, plan)
    with whole_file(folder / METRICS) as file:
        log.write(file, summary)
