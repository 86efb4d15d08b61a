"""Measure the program against labels: how every change of a rule or a threshold is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.agreement import (
    Agreement,
    RepAgreement,
    RepLabels,
    Segment,
    agreement,
    rep_agreement,
)
from formcheck.capture import VideoFile
from formcheck.estimator import MediaPipeEstimator
from formcheck.exercises import Exercise
from formcheck.landmarks import Pose
from formcheck.pipeline import Frame, InputError, run, seen
from formcheck.session import Session
from formcheck.summary import Summary
from formcheck.tracks import read_track

STILL_S = 4.0
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
    kind : str
        For a picture, its labelled form and view; else empty.
    summary : Summary
    agreement : Agreement
    reps : RepAgreement or None
        For an exercise that is repeated.
    """

    name: str
    exercise: str
    kind: str
    summary: Summary
    agreement: Agreement
    reps: RepAgreement | None = None


def evaluate(labels: Path, exercise: Exercise, *, clips: bool = False) -> Iterator[Result]:
    """Yield what comes of each labelled clip, run as an exercise.

    Parameters
    ----------
    labels : Path
        A JSON file: by name, either a clip with `exercise`, `segments` and a `track` or a `clip`
        beside the file or beside its folder; or a picture with `form` and `view`.
    exercise : Exercise
        What every clip is run as.
    clips : bool
        Whether to run the videos where there is a recorded track as well.

    Raises
    ------
    InputError
        If the labels, or a track that they name, cannot be read.
    VideoError
        If a clip cannot be read.
    """
    for name, label in read_labels(labels).items():
        if "form" in label:
            yield _of_still(name, label, labels.parent / name, exercise)
        else:
            yield _of_clip(name, label, labels, exercise, clips=clips)


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


def _of_clip(
    name: str, label: dict[str, Any], labels: Path, exercise: Exercise, *, clips: bool
) -> Result:
    path, recorded = _place(name, label, labels, clips=clips)
    frames = _of_track(path) if recorded else _of_video(path)
    session = run(frames, Session.of(exercise))
    return _compared(name, label, labels, exercise, session.summary(), session.time_s)


def compare_scored(
    labels: Path, exercise: Exercise, scored: Callable[[Path], tuple[Summary, float] | None]
) -> Iterator[Result]:
    """Yield what comes of each labelled clip that has been scored.

    Parameters
    ----------
    labels : Path
        As for `evaluate`; pictures, and clips without a video, are left out.
    exercise : Exercise
        What the clips were run as.
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
            yield _compared(name, label, labels, exercise, *found)


def _compared(
    name: str,
    label: dict[str, Any],
    labels: Path,
    exercise: Exercise,
    summary: Summary,
    duration_s: float,
) -> Result:
    try:
        segments = [_segment(each) for each in label.get("segments", [])]
        labelled, reps = str(label["exercise"]), _rep_labels(label)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{labels}: {name}: wrong or missing label ({error!r})") from error
    held = agreement(summary, segments, duration_s)
    own = _RUN_AS.get(labelled, labelled) == exercise.name
    counted = rep_agreement(summary, reps if own else RepLabels()) if exercise.reps else None
    return Result(name, labelled, "", summary, held, counted)


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
    return Segment(*times, str(each["state"]), tuple(map(str, each["faults"])))


def _rep_labels(label: dict[str, Any]) -> RepLabels:
    n = label.get("reps")
    faults = label.get("rep_faults") or {}
    return RepLabels(
        n=None if n is None else int(n),
        tolerance=int(label.get("rep_tolerance", 0)),
        tops_s=tuple(map(float, label.get("rep_tops_s", []))),
        faults=tuple(name for name, which in faults.items() if which == "all"),
    )


def _of_track(path: Path) -> Iterator[tuple[None, Pose]]:
    return ((None, pose) for pose in read_track(path))


def _of_video(path: Path) -> Iterator[tuple[Frame, Pose]]:
    with VideoFile(path) as source, MediaPipeEstimator() as estimator:
        yield from seen(source, estimator)


def _of_still(name: str, label: dict[str, Any], path: Path, exercise: Exercise) -> Result:
    summary = run(_of_picture(path), Session.of(exercise)).summary()
    kind = f"{label['form']}, {label.get('view', 'side')}"
    return Result(name, exercise.name, kind, summary, Agreement())


def _of_picture(path: Path) -> Iterator[tuple[None, Pose]]:
    """Yield the pose of a picture as if it had been held for `STILL_S`."""
    with VideoFile(path) as source, MediaPipeEstimator() as estimator:
        (picture,) = source
        # The model follows a person over frames; the first few settle it.
        steps: Iterable[Frame] = (
            Frame(index * _STILL_STEP_S, picture.image) for index in range(_STILL_WARM_UP)
        )
        *_, (_, settled) = seen(steps, estimator)
    for index in range(round(STILL_S / _STILL_STEP_S) + 1):
        pose = Pose(index * _STILL_STEP_S, settled.xy, settled.visibility, settled.world_m)
        yield None, pose
