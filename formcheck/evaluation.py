"""Measure the program against labels: how every change of a rule or a threshold is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from formcheck.agreement import (
    Agreement,
    RepAgreement,
    RepLabels,
    Segment,
    Share,
    agreement,
    rep_agreement,
)
from formcheck.capture import VideoFile
from formcheck.choices import chosen_fps, chosen_pace
from formcheck.estimator import MediaPipeEstimator
from formcheck.exercises import Exercise
from formcheck.landmarks import Pose
from formcheck.pace import Pace
from formcheck.pipeline import Frame, FrameRate, InputError, run, seen
from formcheck.recognition import Recognition
from formcheck.summary import Summary
from formcheck.tracks import read_track

STILL_S = 4.0
_STATES = ("hold", "off", "unjudgeable")
_STILL_STEP_S = 0.1
_STILL_WARM_UP = 5
_RUN_AS = {"sit-up": "crunch"}
"""A full sit-up is the classic mistake of a crunch."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one labelled clip or picture.

    Attributes
    ----------
    name : str
    exercise : str
        As labelled.
    wanted : str
        The exercise that it should be recognised as.
    kind : str
        For a picture, its labelled form and view; else empty.
    summary : Summary
        Of the exercise that was wanted, where it was found among others.
    agreement : Agreement
    reps : RepAgreement or None
        For an exercise that is repeated.
    done : tuple of str
        What was recognised, the longest first.
    recognised : Share
        Of the time in which any exercise was done, that of the wanted one.
    """

    name: str
    exercise: str
    wanted: str
    kind: str
    summary: Summary
    agreement: Agreement
    reps: RepAgreement | None = None
    done: tuple[str, ...] = ()
    recognised: Share = field(default_factory=Share)


def evaluate(
    labels: Path,
    exercises: tuple[Exercise, ...],
    *,
    clips: bool = False,
    fps: float | None = None,
) -> Iterator[Result]:
    """Yield what comes of each labelled clip, run as one exercise, or as what it is recognised as.

    Parameters
    ----------
    labels : Path
        A JSON file: by name, either a clip with `exercise`, `segments` and a `track` or a `clip`
        beside the file or beside its folder; or a picture with `form` and `view`.
    exercises : tuple of Exercise
        What each clip may be.
    clips : bool
        Whether to run the videos where there is a recorded track as well.
    fps : float, optional
        Look at no more frames a second than this; when left out, at as many as `analyze` does.

    Raises
    ------
    InputError
        If the labels, or a track that they name, cannot be read.
    VideoError
        If a clip cannot be read.
    """
    rate, pace = chosen_fps(exercises, fps), chosen_pace(fps)
    for name, label in read_labels(labels).items():
        if "form" in label:
            yield _of_still(name, label, labels.parent / name, exercises)
        else:
            path, recorded = _place(name, label, labels, clips=clips)
            poses = (_of_track if recorded else _of_video)(path, rate, pace)
            known = run(poses, Recognition.of(exercises))
            summary, duration_s = known.summary(), known.time_s
            yield _compared(name, label, labels, summary, duration_s)


def read_labels(labels: Path) -> dict[str, dict[str, Any]]:
    """Return the labels of a file by name.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    try:
        document = json.loads(labels.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{labels}: cannot be read ({reason}); check the path") from error
    except ValueError as error:
        raise InputError(f"{labels}: not valid JSON ({error}); mend that place") from error
    if not isinstance(document, dict) or not all(isinstance(v, dict) for v in document.values()):
        raise InputError(f"{labels}: no labels by name; see the documentation of `evaluate`")
    return document


def compare_scored(
    labels: Path, scored: Callable[[Path], tuple[Summary, float] | None]
) -> Iterator[Result]:
    """Yield what comes of each labelled clip that has been scored.

    Parameters
    ----------
    labels : Path
        As for `evaluate`; pictures, and clips without a video, are left out.
    scored : callable
        Takes the path of a video; returns its summary and its length in seconds, or None.

    Raises
    ------
    InputError
        If the labels cannot be read.
    """
    for name, label in read_labels(labels).items():
        places = (folder / str(label.get("clip")) for folder in _folders(labels))
        found = next((found for place in places if (found := scored(place))), None)
        if "form" not in label and found:
            yield _compared(name, label, labels, *found)


def _compared(
    name: str,
    label: dict[str, Any],
    labels: Path,
    summary: Summary,
    duration_s: float,
) -> Result:
    try:
        segments = [_segment(each) for each in label.get("segments", [])]
        labelled, reps = str(label["exercise"]), _rep_labels(label)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{labels}: {name}: wrong or missing label ({error!r})") from error
    wanted = _RUN_AS.get(labelled, labelled)
    done = [each for each in (summary, *summary.others) if each.done_s]
    own = next((each for each in done if each.exercise.name == wanted), summary)
    right = own.exercise.name == wanted
    so_called_s = own.done_s if own.name == labelled else 0.0
    return Result(
        name=name,
        exercise=labelled,
        wanted=wanted,
        kind="",
        summary=own,
        agreement=agreement(own, segments, duration_s),
        reps=None if own.reps is None else rep_agreement(own, reps if right else RepLabels()),
        done=tuple(each.name for each in done),
        recognised=Share(so_called_s, sum(each.done_s for each in done)),
    )


def _place(name: str, label: dict[str, Any], labels: Path, *, clips: bool) -> tuple[Path, bool]:
    """Return the file of a clip, and whether it is a track."""
    order = ("clip", "track") if clips else ("track", "clip")
    for key in order:
        for folder in _folders(labels):
            if key in label and (folder / label[key]).is_file():
                return folder / label[key], key == "track"
    raise InputError(f"{labels}: {name}: neither its track nor its clip exists; check the paths")


def _folders(labels: Path) -> tuple[Path, Path]:
    """Return where the paths in a file of labels may start."""
    return labels.parent, labels.parent.parent


def _segment(each: dict[str, Any]) -> Segment:
    times = float(each["start_s"]), float(each["end_s"])
    if each["state"] not in _STATES:
        raise ValueError(f"state {each['state']!r}, which is none of {', '.join(_STATES)}")
    return Segment(*times, each["state"], tuple(map(str, each["faults"])))


def _rep_labels(label: dict[str, Any]) -> RepLabels:
    n = label.get("reps")
    faults = label.get("rep_faults") or {}
    return RepLabels(
        n=None if n is None else int(n),
        tolerance=int(label.get("rep_tolerance", 0)),
        tops_s=tuple(map(float, label.get("rep_tops_s", []))),
        faults=tuple(name for name, which in faults.items() if which == "all"),
    )


def _of_track(
    path: Path, fps: float | None, pace: Pace | None
) -> Iterator[tuple[Frame | None, Pose | None]]:
    rate = FrameRate(fps)
    for pose in read_track(path):
        if rate.takes(pose.time_s) and (pace is None or pace.takes(pose.time_s)):
            pace = pace and pace.after(pose)
            yield None, pose


def _of_video(
    path: Path, fps: float | None, pace: Pace | None
) -> Iterator[tuple[Frame | None, Pose | None]]:
    with (
        VideoFile(path) as source,
        MediaPipeEstimator() as estimator,
        seen(source, estimator, fps, pace) as poses,
    ):
        yield from poses


def _of_still(
    name: str, label: dict[str, Any], path: Path, exercises: tuple[Exercise, ...]
) -> Result:
    summary = run(_of_picture(path), Recognition.of(exercises)).summary()
    kind = f"{label['form']}, {label.get('view', 'side')}"
    return Result(name, "", "", kind, summary, Agreement())


def _of_picture(path: Path) -> Iterator[tuple[None, Pose]]:
    """Yield the pose of a picture as if it had been held for `STILL_S`."""
    with VideoFile(path) as source, MediaPipeEstimator() as estimator:
        picture, *more = islice(source, 2)
        if more:
            raise InputError(f"{path}: more than one picture; label its segments, and no form")
        # The model follows a person over frames; the first few settle it.
        for index in range(_STILL_WARM_UP):
            settled = estimator.estimate(Frame(index * _STILL_STEP_S, picture.image))
    for index in range(round(STILL_S / _STILL_STEP_S) + 1):
        yield None, replace(settled, time_s=index * _STILL_STEP_S)
