"""Analyse a recorded video: wire file, pose model, session and outputs together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from formcheck.capture import VideoFile
from formcheck.choices import chosen_exercise
from formcheck.estimator import MediaPipeEstimator
from formcheck.outputs import Outputs, Results
from formcheck.pipeline import Moment, Sink, VideoError, run, seen
from formcheck.session import Session
from formcheck.summary import Source, Summary
from formcheck.training import Plan

Progress = Callable[[int, int | None], None]

_LEAST_SEEN_S = 0.5


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
    UnsavedError
        If the analysis is done, and not all of it could be written; it holds the summary.
    FormcheckError
        With one line that says what is wrong and what to do.
    """
    chosen = chosen_exercise(exercise, Path(config) if config else None)
    counter = Counter(progress)
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(Path(video)))
        sinks: list[Sink] = [counter]
        results = None
        if outputs:
            outputs.refuse_to_replace(Path(video))
            results = stack.enter_context(Results(outputs, chosen, plan or Plan()))
            sinks.append(results)
        estimator = stack.enter_context(MediaPipeEstimator(Path(model) if model else None))
        counter.of = source.n_frames_hint
        session = run(seen(source, estimator), Session.of(chosen), sinks)
        counter.check(source.name)
        summary = replace(session.summary(), source=_described(source, counter))
        if results:
            results.write(summary)
    return summary


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


def _described(source: VideoFile, counter: Counter) -> Source:
    return Source(
        name=source.name,
        duration_s=counter.duration_s,
        n_frames=counter.n_frames,
        width=source.width,
        height=source.height,
        damage=source.damage,
    )
