"""Measure the program against labels: how every change of a rule or a threshold is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from formcheck.choices import chosen_fps
from formcheck.estimator import MediaPipeEstimator
from formcheck.exercises import Exercise
from formcheck.landmarks import Pose
from formcheck.pipeline import Frame, FrameRate, InputError, run, seen
from formcheck.recognition import Recognition
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


def evaluate(
    labels: Path, exercise: Exercise, *, clips: bool = False, fps: float | None = None
) -> Iterator[Result]:
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
    fps : float, optional
        Look at no more frames a second than this; when left out, at as many as `analyze` does.

    Raises
    ------
    InputError
        If the labels, or a track that they name, cannot be read.
    VideoError
        If a clip cannot be read.
    """
    rate = chosen_fps(exercise, fps)
    for name, label in _read(labels).items():
        if "form" in label:
            yield _of_still(name, label, labels.parent / name, exercise)
        else:
            path, recorded = _place(name, label, labels, clips=clips)
            poses = _of_track(path, rate) if recorded else _of_video(path, rate)
            yield _of_clip(name, label, labels, run(poses, Session.of(exercise)))


def _read(labels: Path) -> dict[str, dict[str, Any]]:
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


def _of_clip(name: str, label: dict[str, Any], labels: Path, session: Session) -> Result:
    exercise, summary = session.exercise, session.summary()
    try:
        segments = [_segment(each) for each in label.get("segments", [])]
        labelled, reps = str(label["exercise"]), _rep_labels(label)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{labels}: {name}: wrong or missing label ({error!r})") from error
    held = agreement(summary, segments, session.time_s)
    own = _RUN_AS.get(labelled, labelled) == exercise.name
    counted = rep_agreement(summary, reps if own else RepLabels()) if exercise.reps else None
    return Result(name, labelled, "", summary, held, counted)


def _place(name: str, label: dict[str, Any], labels: Path, *, clips: bool) -> tuple[Path, bool]:
    """Return the file of a clip, and whether it is a track."""
    order = ("clip", "track") if clips else ("track", "clip")
    for key in order:
        for folder in (labels.parent, labels.parent.parent):
            if key in label and (folder / label[key]).is_file():
                return folder / label[key], key == "track"
    raise InputError(f"{labels}: {name}: neither its track nor its clip exists; check the paths")


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


def _of_track(path: Path, fps: float | None) -> Iterator[tuple[None, Pose]]:
    rate = FrameRate(fps)
    return ((None, pose) for pose in read_track(path) if rate.takes(pose.time_s))


def _of_video(path: Path, fps: float | None) -> Iterator[tuple[Frame, Pose | None]]:
    with (
        VideoFile(path) as source,
        MediaPipeEstimator() as estimator,
        seen(source, estimator, fps) as poses,
    ):
        yield from poses


def _of_still(name: str, label: dict[str, Any], path: Path, exercise: Exercise) -> Result:
    summary = run(_of_picture(path), Session.of(exercise)).summary()
    kind = f"{label['form']}, {label.get('view', 'side')}"
    return Result(name, exercise.name, kind, summary, Agreement())


def _of_picture(path: Path) -> Iterator[tuple[None, Pose]]:
    """Yield the pose of a picture as if it had been held for `STILL_S`."""
    with VideoFile(path) as source, MediaPipeEstimator() as estimator:
        (picture,) = source
        # The model follows a person over frames; the first few settle it.
        for index in range(_STILL_WARM_UP):
            settled = estimator.estimate(Frame(index * _STILL_STEP_S, picture.image))
    for index in range(round(STILL_S / _STILL_STEP_S) + 1):
        pose = Pose(index * _STILL_STEP_S, settled.xy, settled.visibility, settled.world_m)
        yield None, pose
