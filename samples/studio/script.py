"""Read `clips.toml`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from samples.studio.camera import Camera
from samples.studio.clip import Act, Clip, Person, Place, Role
from samples.studio.look import Look
from samples.studio.palette import palette
from samples.studio.postures import POSTURES
from samples.studio.room import ROOMS
from samples.studio.tables import (
    ScriptError,
    Table,
    above_zero,
    flag,
    number,
    one_of,
    text,
    track,
    whole,
)

SCRIPT = Path(__file__).parents[1] / "clips.toml"
_EXERCISES = ("plank", "side-plank", "crunch", "bicycle-crunch", "none")
_USUAL_FPS: float | None = 10.0
_TURNS_DEG = (0, 90, 180, 270)


def read_script(path: Path = SCRIPT) -> dict[str, Clip]:
    """Return the clips of a script by name.

    Raises
    ------
    ScriptError
        If it cannot be read, or with the first thing that is wrong in it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ScriptError(f"{path}: cannot be read ({error}); mend it") from error
    script = Table(path.name, document)
    people = {name: _person(table) for name, table in script.tables("people")}
    cameras = {name: _camera(table) for name, table in script.tables("cameras")}
    clips = {name: _clip(name, table, people, cameras) for name, table in script.tables("clips")}
    script.done()
    return clips


def _person(table: Table) -> Person:
    look, colours = table.table("look"), table.table("colours")
    table.done()
    person = Look(**look.settings(Look, number))
    look.done()
    try:
        return Person(person, palette(**colours.rest(text)))
    except (TypeError, ValueError) as error:
        raise ScriptError(f"{colours.place}: {error}") from error


def _camera(table: Table) -> Camera:
    camera = Camera(**table.settings(Camera, number))
    table.done()
    return camera


def _clip(
    name: str, table: Table, people: Mapping[str, Person], cameras: Mapping[str, Camera]
) -> Clip:
    clip = Clip(
        name=name,
        shows=table.take("shows", text),
        exercise=table.take("exercise", one_of({each: each for each in _EXERCISES})),
        seconds=table.take("seconds", above_zero),
        fps=table.take("fps", _fps, _USUAL_FPS),
        seed=table.take("seed", whole),
        camera=table.take("camera", one_of(cameras), Camera()),
        room=table.take("room", one_of({each: each for each in ROOMS}), "bright"),
        mirrored=table.take("mirrored", flag, default=False),
        turned_deg=table.take("turned_deg", _turn, 0),
        quality=table.take("quality", whole, 26),
        roles=tuple(_role(each, people) for each in table.several("roles")),
    )
    table.done()
    return clip


def _fps(value: object) -> float | None:
    return None if value == "variable" else above_zero(value)


def _turn(value: object) -> int:
    if value not in _TURNS_DEG:
        raise ValueError(f"{value!r} is none of {_TURNS_DEG}")
    return whole(value)


def _role(table: Table, people: Mapping[str, Person]) -> Role:
    role = Role(
        person=table.take("person", one_of(people)),
        place=Place(**table.settings(Place, number)),
        acts=tuple(_act(each) for each in table.several("acts")),
        sway=table.take("sway", number, 1.0),
    )
    table.done()
    if not role.acts or any(act.end_s >= then.start_s for act, then in pairwise(role.acts)):
        raise ScriptError(f"{table.place}: acts: give at least one, each to end before the next")
    return role


def _act(table: Table) -> Act:
    posture = table.take("posture", one_of({each: each for each in POSTURES}))
    start_s = table.take("start_s", number, 0.0)
    end_s = table.take("end_s", number, math.inf)
    settings = table.settings(POSTURES[posture], track)
    table.done()
    return Act(posture, settings, start_s, end_s)
