"""What the user asked for, in the program's own terms: the exercise, the goal, the test."""

from __future__ import annotations

from pathlib import Path

from formcheck.config import configured
from formcheck.exercises import EXERCISES, Exercise, exercise_named
from formcheck.pace import Pace
from formcheck.pipeline import InputError
from formcheck.protocols import protocol_named
from formcheck.sets import parse_goal
from formcheck.training import Plan

HOLD_FPS = 15.0
"""Frames a second that what is held needs: the verdicts are those of all frames."""
LEAST_FPS = 5.0
"""Below, what lasts half a second is seen in one frame or two."""


AUTO = "auto"
"""Whichever exercise is done is recognised."""


def chosen_exercises(name: str, config: Path | None = None) -> tuple[Exercise, ...]:
    """Return an exercise, or all of them for "auto", with the user's thresholds if there are any.

    Raises
    ------
    InputError
        If there is no such exercise, or the configuration is wrong.
    """
    exercises = configured(EXERCISES, config) if config else EXERCISES
    if name == AUTO:
        return exercises
    try:
        return (exercise_named(name, exercises),)
    except ValueError as error:
        raise InputError(f"{error}, {AUTO}") from None


def chosen_fps(exercises: tuple[Exercise, ...], fps: float | None) -> float | None:
    """Return how many frames a second to look at, at most; None for all.

    Parameters
    ----------
    exercises : tuple of Exercise
        What it may be.
    fps : float or None
        As wished for; None for the usual number.

    Raises
    ------
    InputError
        If that is too few to judge by.
    """
    if fps is None:
        return None if any(exercise.reps for exercise in exercises) else HOLD_FPS
    if not fps >= LEAST_FPS:
        raise InputError(f"{fps:g} frames a second are too few; give at least {LEAST_FPS:g}")
    return fps


def chosen_pace(fps: float | None) -> Pace | None:
    """Return which frames to look at while a body keeps still; None where a rate is wished for."""
    return Pace() if fps is None else None


def planned(exercises: tuple[Exercise, ...], goal: str | None, protocol: str | None) -> Plan:
    """Return what somebody set out to do, from how it was written.

    Raises
    ------
    InputError
        If it cannot be understood, or fits none of the exercises.
    """
    try:
        plan = Plan(
            parse_goal(goal) if goal else None, protocol_named(protocol) if protocol else None
        )
    except ValueError as error:
        raise InputError(str(error)) from None
    misfits = [_misfit(exercise, plan) for exercise in exercises]
    if all(misfits):
        raise InputError(misfits[0])
    return plan


def _misfit(exercise: Exercise, plan: Plan) -> str:
    """Return why a plan is none for an exercise; empty when it is one."""
    if plan.protocol and exercise.reps is None:
        return f"{exercise.title}: held, so no test of repetitions; leave --protocol out"
    if plan.goal and (plan.goal.n_reps is None) != (exercise.reps is None):
        wanted = "25 or 2x25" if exercise.reps else "60s or 1:30"
        return f"{plan.goal.text}: no goal for a {exercise.name}; write {wanted}"
    return ""
