"""The five articles on back pain from exercise that the checks and tips are taken from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """A source of advice.

    Attributes
    ----------
    code : str
        Short name, "A0" to "A4".
    title : str
        Title as published.
    """

    code: str
    title: str


A0 = Article("A0", "Why does my back hurt during planks?")
A1 = Article("A1", "Why the swing of the press hurts your back. How to treat low back pain")
A2 = Article("A2", "Why do ab workouts hurt my back?")
A3 = Article("A3", "Back Pain When Running: 16 Exercises to Get Rid of It")
A4 = Article("A4", "Lower Back Pain Due To Injury During Exercises")
