"""What a clip is: who does what, when, seen how."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from samples.studio.camera import Camera
from samples.studio.keyframes import Setting
from samples.studio.look import Look
from samples.studio.palette import Palette

_GAPS_S = (1 / 30, 1 / 24, 1 / 15, 1 / 10)


@dataclass(frozen=True, slots=True)
class Act:
    """One posture for a time; from an act to the next the body moves softly.

    Attributes
    ----------
    posture : str
        Its name in `POSTURES`.
    settings : mapping
        Its parameters over time, by name.
    start_s, end_s : float
        When the posture is reached, and left.
    """

    posture: str
    settings: Mapping[str, Setting]
    start_s: float = 0.0
    end_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Person:
    """A body and its colours."""

    look: Look
    palette: Palette


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: metres along the mat and toward the camera, degrees turned left."""

    x_m: float = 0.0
    z_m: float = 0.0
    turned_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Role:
    """What one person does, and where.

    Attributes
    ----------
    person : Person
    place : Place
    acts : tuple of Act
        In order of time.
    sway : float
        How much the body sways, as a multiple of the usual.
    """

    person: Person
    place: Place
    acts: tuple[Act, ...]
    sway: float = 1.0


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip.

    Attributes
    ----------
    name : str
        Of its files.
    shows : str
        What is to be seen, for the table of clips.
    exercise : str
        What it shows: an exercise of formcheck or of a later one, or "none".
    seconds : float
    fps : float or None
        None is a variable rate.
    seed : int
        Of sway, grain and a variable rate.
    camera : Camera
    room : str
        Its name in `ROOMS`.
    mirrored : bool
        Whether the picture is mirrored, so that the body faces the other way.
    turned_deg : int
        How far a player turns the stored picture clockwise, as the file's rotation data says.
    quality : int
        Of the encoder (crf): less is better, and larger.
    roles : tuple of Role
        The athlete first; nobody, in an empty room.
    """

    name: str
    shows: str
    exercise: str
    seconds: float
    fps: float | None
    seed: int
    camera: Camera
    room: str
    mirrored: bool
    turned_deg: int
    quality: int
    roles: tuple[Role, ...]

    @property
    def times_s(self) -> tuple[float, ...]:
        """When each frame is taken, from 0."""
        if self.fps is not None:
            n_frames = round(self.seconds * self.fps)
            return tuple(round(index / self.fps, 5) for index in range(n_frames))
        gaps_s = np.random.default_rng(self.seed).choice(_GAPS_S, math.ceil(self.seconds * 30))
        times_s = np.concatenate(([0.0], np.cumsum(gaps_s)))
        return tuple(round(time_s, 5) for time_s in times_s.tolist() if time_s < self.seconds)
