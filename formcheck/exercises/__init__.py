"""The exercises. To add one: write its file, and name it in `EXERCISES`."""

from formcheck.exercises.bicycle import BICYCLE
from formcheck.exercises.crunch import CRUNCH
from formcheck.exercises.exercise import Exercise, Tip
from formcheck.exercises.plank import PLANK
from formcheck.exercises.side_plank import SIDE_PLANK

EXERCISES = (PLANK, SIDE_PLANK, CRUNCH, BICYCLE)

__all__ = ["EXERCISES", "Exercise", "Tip", "exercise_named", "tips_for"]


def exercise_named(name: str, among: tuple[Exercise, ...] = EXERCISES) -> Exercise:
    """Return an exercise by its name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    for exercise in among:
        if exercise.name == name:
            return exercise
    known = ", ".join(exercise.name for exercise in among)
    raise ValueError(f"no exercise {name!r}; choose one of: {known}")


def tips_for(exercise: Exercise, when: str) -> tuple[Tip, ...]:
    """Return the tips of an exercise for a time, such as "before"."""
    return tuple(tip for tip in exercise.tips if tip.when == when)
