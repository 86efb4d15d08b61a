"""What is true of a clip: where every joint is, the angles, the phases, repetitions and faults."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from samples.studio.faults import STEP_S, Tracks, faults_of_plank, faults_of_side_plank
from samples.studio.keyframes import Track
from samples.studio.postures import POSTURES
from samples.studio.repetitions import repetitions_of_bicycle, repetitions_of_crunch
from samples.studio.staging import joints_at

if TYPE_CHECKING:
    from samples.studio.clip import Act, Clip, Role
    from samples.studio.figure import Figure

_LEFT_M = 0.02
_TRUNK = ("near_shoulder", "near_hip")
_HELD = ("plank", "side_plank")
_MIRRORED = {"left": "right", "right": "left"}


def truth(clip: Clip) -> str:
    """Return the truth of a clip as JSON: to the byte the same for the same clip.

    `times_s` belongs to the frames; `joints_px` has, for each joint of the athlete, x and y of
    every frame in the upright picture, and `angles_deg` each angle of the body; `near` says which
    side of the body its near joints are.
    """
    document = _document(clip)
    lines = (f"{json.dumps(key)}: {_compact(document[key])}" for key in sorted(document))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _document(clip: Clip) -> dict[str, Any]:
    document = {
        "clip": clip.name,
        "shows": clip.shows,
        "exercise": clip.exercise,
        "seed": clip.seed,
        "fps": clip.fps,
        "size_wh": list(clip.camera.size_wh),
        "mirrored": clip.mirrored,
        "n_people": len(clip.roles),
        "times_s": list(clip.times_s),
    }
    return document | (_of_athlete(clip, clip.roles[0]) if clip.roles else {})


def _of_athlete(clip: Clip, role: Role) -> dict[str, Any]:
    figures = [joints_at(role, time_s, clip.seed) for time_s in clip.times_s]
    near = figures[0].near
    return {
        "near": _MIRRORED[near] if clip.mirrored else near,
        "view_deg": _view_deg(clip, role),
        "joints_px": _joints_px(clip, figures),
        "angles_deg": _angles_deg(figures),
        "phases": [_phase(clip, act) for act in role.acts],
        "holds": _holds(clip, role),
        "faults": [fault for act in role.acts for fault in _faults(clip, act)],
        "repetitions": [each for act in role.acts for each in _repetitions(clip, act)],
    }


def _view_deg(clip: Clip, role: Role) -> float:
    """Return how far the camera is from square to the side of the body, 0 to 90 degrees."""
    eye, target = clip.camera.eye, clip.camera.target
    camera_deg = math.degrees(math.atan2(eye[0] - target[0], eye[2] - target[2]))
    off_deg = abs((camera_deg - role.place.turned_deg + 90.0) % 180.0 - 90.0)
    return round(off_deg, 1)


def _joints_px(clip: Clip, figures: list[Figure]) -> dict[str, list[list[float]]]:
    width = clip.camera.size_wh[0]
    joints: dict[str, list[list[float]]] = {}
    for name in figures[0].joints:
        xy = clip.camera.project(np.array([figure.joints[name] for figure in figures]))
        if clip.mirrored:
            xy[:, 0] = width - xy[:, 0]
        joints[name] = _rounded(xy, 1)
    return joints


def _angles_deg(figures: list[Figure]) -> dict[str, list[float]]:
    names = figures[0].angles
    return {name: _rounded([figure.angles[name] for figure in figures], 1) for name in names}


def _rounded(values: Any, digits: int) -> Any:
    """Return an array as lists; there is no minus before a zero."""
    return (np.round(np.asarray(values, np.float64), digits) + 0.0).tolist()


def _span(clip: Clip, act: Act) -> tuple[float, float]:
    return max(act.start_s, 0.0), min(act.end_s, clip.times_s[-1])


def _phase(clip: Clip, act: Act) -> dict[str, Any]:
    start_s, end_s = _span(clip, act)
    return {"posture": act.posture, "start_s": start_s, "end_s": end_s}


def _holds(clip: Clip, role: Role) -> list[dict[str, Any]]:
    """Return when a plank is held, and how: from when it is reached to when it is really left."""
    held = [act for act in role.acts if act.posture in _HELD]
    return [
        {
            "variant": _support(act),
            "start_s": _span(clip, act)[0],
            "end_s": _left_s(clip, role, act),
        }
        for act in held
    ]


def _left_s(clip: Clip, role: Role, act: Act) -> float:
    """Return when hips or shoulders have gone `_LEFT_M` from where they were at an act's end."""
    _, end_s = _span(clip, act)
    last = joints_at(role, end_s, clip.seed).joints
    for time_s in np.arange(end_s, clip.times_s[-1], STEP_S).tolist():
        now = joints_at(role, time_s, clip.seed).joints
        if max(math.dist(now[name], last[name]) for name in _TRUNK) > _LEFT_M:
            return round(float(time_s), 2)
    return end_s


def _support(act: Act) -> str:
    return str(act.settings.get("support", "forearm" if act.posture == "plank" else "side"))


def _faults(clip: Clip, act: Act) -> list[dict[str, Any]]:
    start_s, _ = _span(clip, act)
    if act.posture == "plank":
        found = faults_of_plank(_support(act), _tracks(clip, act), start_s)
    elif act.posture == "side_plank":
        found = faults_of_side_plank(_tracks(clip, act), start_s)
    else:
        found = []
    return [fault.document for fault in found]


def _repetitions(clip: Clip, act: Act) -> list[dict[str, Any]]:
    start_s, _ = _span(clip, act)
    kinds = {"crunch": repetitions_of_crunch, "bicycle": repetitions_of_bicycle}
    if act.posture not in kinds:
        return []
    return [each.document for each in kinds[act.posture](_tracks(clip, act), start_s)]


def _tracks(clip: Clip, act: Act) -> Tracks:
    """Return what gives the values of a parameter of an act, without its sway."""
    start_s, end_s = _span(clip, act)
    times_s = np.arange(start_s, end_s + STEP_S / 2, STEP_S)
    posture = POSTURES[act.posture]()

    def values(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        track = act.settings.get(name, getattr(posture, name))
        at = track.at if isinstance(track, Track) else lambda _: float(track)
        return np.array([at(time_s) for time_s in times_s.tolist()])

    return values
