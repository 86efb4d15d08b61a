"""Analyse a recorded video: wire file, pose model, session and outputs together."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from formcheck.capture import VideoFile
from formcheck.choices import AUTO, chosen_exercises, chosen_fps, chosen_pace
from formcheck.estimator import MediaPipeEstimator
from formcheck.outputs import Outputs, Results
from formcheck.pipeline import Sink, VideoError, run, seen
from formcheck.recognition import Recognition, possible
from formcheck.stopping import stopped_between_items
from formcheck.summary import Summary
from formcheck.tally import Progress, Tally
from formcheck.training import Plan
from formcheck.views import View

_LEAST_SEEN_S = 0.5


def analyze(
    video: str | Path,
    exercise: str = AUTO,
    *,
    outputs: Outputs | None = None,
    config: str | Path | None = None,
    model: str | Path | None = None,
    plan: Plan | None = None,
    fps: float | None = None,
    progress: Progress | None = None,
) -> Summary:
    """Analyse a recorded video.

    Parameters
    ----------
    video : str or Path
        A video file.
    exercise : str
        Name of the exercise; "auto" to recognise it.
    outputs : Outputs, optional
        Files to write; none when left out.
    config : str or Path, optional
        A TOML file with thresholds of one's own.
    model : str or Path, optional
        Another pose landmarker task file than the one that comes with formcheck.
    plan : Plan, optional
        A goal or a standard test that `summary.json` should speak of.
    fps : float, optional
        Look at no more frames a second than this. When left out, at 15 where only a hold is
        looked for, else at all, and at 5 while the body keeps still: the verdicts are those of
        all of them. The annotated video has every frame, with the pose and the verdicts of the
        last one that was looked at.
    progress : callable, optional
        Called with the number of frames done, and of all frames if that is known.

    Returns
    -------
    Summary
        With its `source`; of several exercises, of the one that took the longest, with those of
        the others. Of none, its `exercise` is "none". A damaged file is analysed as far as it can
        be read; `source.damage` says so.

    Raises
    ------
    UnsavedError
        If the analysis is done, and not all of it could be written; it holds the summary.
    FormcheckError
        With one line that says what is wrong and what to do.
    """
    chosen = chosen_exercises(exercise, Path(config) if config else None)
    rate = chosen_fps(chosen, fps)
    tally = Tally(progress)
    with ExitStack() as stack:
        stoppable = stack.enter_context(stopped_between_items())
        source = stack.enter_context(VideoFile(Path(video)))
        sinks: list[Sink] = [tally]
        results = None
        if outputs:
            outputs.refuse_to_replace(Path(video))
            results = stack.enter_context(Results(outputs, chosen, plan or Plan()))
            sinks.append(results)
        estimator = stack.enter_context(MediaPipeEstimator(Path(model) if model else None))
        tally.of = source.n_frames_hint
        poses = stack.enter_context(seen(source, estimator, rate, chosen_pace(fps)))
        known = run(stoppable(poses), Recognition.of(chosen), sinks)
        _check_seen(tally, source.name, possible(chosen)[0].view)
        summary = replace(known.summary(), source=tally.source(source.name, source.damage))
        if results:
            results.write(summary)
    return summary


def _check_seen(tally: Tally, name: str, view: View) -> None:
    """Raise VideoError when there was hardly anybody to judge."""
    remedy = f"film the whole body {view.film}, in good light"
    if not tally.n_seen:
        raise VideoError(f"{name}: nobody was found in it; {remedy}")
    if tally.seen_s < _LEAST_SEEN_S:
        count = f"only {tally.n_seen} of {tally.n_analysed} frames show somebody"
        raise VideoError(f"{name}: {count}; {remedy}")
