"""The files of a session: the folder, the sinks that gather them, and the writing at its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from formcheck.background import Background
from formcheck.exercises import Exercise
from formcheck.faces import FaceCover
from formcheck.metrics_log import MetricsLog
from formcheck.overlay import draw
from formcheck.page import report
from formcheck.pipeline import Frame, Moment, OutputError
from formcheck.recognition import possible
from formcheck.recording import VideoWriter
from formcheck.report import whole_file, write_summary
from formcheck.shots import Shots
from formcheck.summary import Summary
from formcheck.training import Plan

SUMMARY, METRICS, PAGE, VIDEO = "summary.json", "metrics.csv", "report.html", "annotated.mp4"


class UnsavedError(OutputError):
    """A session is over, and not all of it could be written.

    Attributes
    ----------
    summary : Summary
        What came of the session.
    """

    def __init__(self, message: str, summary: Summary) -> None:
        super().__init__(message)
        self.summary = summary


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
    blur_faces : bool
        Whether to make faces unrecognisable in whatever shows pictures.
    report : bool
        Whether to write the report, and the metrics that it shows, as well.
    """

    folder: Path
    video: bool = True
    force: bool = False
    blur_faces: bool = False
    report: bool = True

    def names(self) -> tuple[str, ...]:
        """Return the names of the files that will be written."""
        wanted = ((PAGE, self.report), (VIDEO, self.video), (SUMMARY, True), (METRICS, self.report))
        return tuple(name for name, is_wanted in wanted if is_wanted)

    def refuse_to_replace(self, video: Path) -> None:
        """Raise OutputError when the annotated video would replace the one that is analysed."""
        if self.video and (self.folder / VIDEO).resolve() == video.resolve():
            raise OutputError(
                f"{video}: the annotated video would replace it; choose another folder with --out"
            )


class AnnotatedVideo:
    """A sink that draws each moment into a video; a context manager.

    When the video cannot be written any more the session goes on without it.

    Attributes
    ----------
    error : OutputError or None
        Why it was given up.
    """

    def __init__(self, path: Path) -> None:
        self.error: OutputError | None = None
        self._kept = True
        self._writer = VideoWriter(path)

    def __enter__(self) -> Self:
        self._writer.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        broken = OutputError if self.error or not self._kept else None
        try:
            self._writer.__exit__(kind or broken)
        except OutputError as error:
            self.error = error

    def discard(self) -> None:
        """Leave no file behind."""
        self._kept = False

    def take(self, moment: Moment) -> None:
        """Draw one more moment."""
        if moment.frame is None or self.error:
            return
        try:
            self._writer.write(Frame(moment.frame.time_s, draw(moment)))
        except OutputError as error:
            self.error = error


class Results:
    """A sink that gathers what is written of a session; a context manager.

    Without `write`, nothing stays.

    Parameters
    ----------
    outputs : Outputs
    exercises : tuple of Exercise
        What it may be.
    plan : Plan
    live : bool
        Whether the video leaves pictures out rather than hold up the loop.

    Raises
    ------
    OutputError
        On entering, if the folder cannot be written to or holds older files.
    """

    def __init__(
        self,
        outputs: Outputs,
        exercises: tuple[Exercise, ...],
        plan: Plan,
        *,
        live: bool = False,
    ) -> None:
        self._outputs, self._plan = outputs, plan
        self._gathered = {each.name: _Gathered(each) for each in possible(exercises)}
        self._video = AnnotatedVideo(outputs.folder / VIDEO) if outputs.video else None
        self._drawing = Background(self._video, leaves_out=live) if self._video else None
        self._faces = FaceCover() if outputs.blur_faces else None
        self._open, self._encoding = ExitStack(), ExitStack()
        self._written = False

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(_folder(self._outputs))
            if self._video and self._drawing:
                self._encoding.enter_context(self._video)
                self._encoding.enter_context(self._drawing)
            stack.push(self._encoding)
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._video and not self._written:
            self._video.discard()
        self._open.__exit__(kind, error, trace)

    @property
    def error(self) -> OutputError | None:
        """Why the annotated video was given up; None while all is well."""
        return self._video.error if self._video else None

    def take(self, moment: Moment) -> None:
        """Take one more moment."""
        shown = self._faces.over(moment) if self._faces else moment
        for each in shown.of_each() if moment.analysed and self._outputs.report else ():
            self._gathered[each.session.exercise.name].take(each)
        if self._drawing:
            self._drawing.take(shown)

    def write(self, summary: Summary) -> None:
        """Write every file, once the session is over.

        Raises
        ------
        UnsavedError
            If some could not be written; the others are.
        """
        self._written = True
        self._encoding.close()
        errors = [self.error] if self.error else []
        pages = (self._write_metrics, self._write_page) if self._outputs.report else ()
        for write in (self._write_summary, *pages):
            try:
                write(summary)
            except OutputError as error:
                errors.append(error)
        if errors:
            raise UnsavedError(str(errors[0]), summary) from errors[0]

    def _write_summary(self, summary: Summary) -> None:
        write_summary(self._outputs.folder / SUMMARY, summary, self._plan)

    def _write_metrics(self, summary: Summary) -> None:
        with whole_file(self._outputs.folder / METRICS) as file:
            self._gathered[summary.exercise.name].log.write(file, summary)

    def _write_page(self, summary: Summary) -> None:
        video = VIDEO if (self._outputs.folder / VIDEO).exists() and self._shows_video else None
        of = self._gathered[summary.exercise.name]
        page = report(summary, self._plan, of.log, of.shots.of(summary), video)
        with whole_file(self._outputs.folder / PAGE) as file:
            file.write(page)

    @property
    def _shows_video(self) -> bool:
        return self._video is not None and self._video.error is None


class _Gathered:
    """A sink that gathers what is written of one exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self.log, self.shots = MetricsLog(exercise), Shots()

    def take(self, moment: Moment) -> None:
        self.log.take(moment)
        self.shots.take(moment)


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
            f"{folder}: {', '.join(existing)} exist{'s' if len(existing) == 1 else ''} already; "
            "choose another folder with --out, or add --force to replace"
        )
    try:
        yield
    except BaseException:
        for place in new:
            with suppress(OSError):  # it holds something, or was removed meanwhile
                place.rmdir()
        raise
