"""Where the camera has to stand for an exercise, and the words that ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from formcheck.rules import Bounds


@dataclass(frozen=True, slots=True)
class View:
    """A side of the body that the camera has to see.

    Attributes
    ----------
    name : str
        As it is listed.
    title : str
        As a check of the set-up guide.
    shown, spoken : str
        What to do, for the screen and for the ear.
    turn : str
        The same, to end a sentence about a view that bends what is measured.
    film : str
        From where to film, to go on from "film the whole body".
    square : Bounds
        Breadth of the shoulders over the trunk where the body is seen without any turn.
    angles : str
        How far angles can be believed; `{error_deg}` stands for the degrees.
    """

    name: str
    title: str
    shown: str
    spoken: str
    turn: str
    film: str
    square: Bounds
    angles: str


SIDE = View(
    name="side",
    title="Side-on",
    shown="Turn side-on to the camera",
    spoken="Turn side-on",
    turn="turn more side-on",
    film="from the side",
    square=Bounds(high=0.30),
    angles="Angles are right within about {error_deg}° in a side view, the head's less so.",
)
FRONT = View(
    name="front or back",
    title="Chest or back to the camera",
    shown="Turn your chest or your back to the camera",
    spoken="Turn your chest or your back to the camera",
    turn="turn your chest or your back straight to it",
    film="from the front or the back",
    square=Bounds(0.50, 0.80),
    angles="Angles are taken to be right within about {error_deg}°, as in a side view.",
)
