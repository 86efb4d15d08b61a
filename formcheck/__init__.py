"""Watch planks and crunches, and say what to correct; on the user's own machine.

The Python interface. A recorded video::

    summary = formcheck.analyze("clip.mp4")

many of them::

    done = formcheck.batch(["clips"], out="scores")

and for poses from elsewhere, the fold::

    session = Session.of(exercise_named("plank"))
    for pose in poses:
        session = session.after(pose)
    summary = session.summary()
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0.dev0"

if TYPE_CHECKING:
    from formcheck.analysis import analyze
    from formcheck.batch_run import BatchOptions, batch
    from formcheck.exercises import EXERCISES, Exercise, exercise_named
    from formcheck.landmarks import Landmark, Pose, Side
    from formcheck.pipeline import FormcheckError
    from formcheck.rules import Rule, Verdict
    from formcheck.session import Session
    from formcheck.summary import Fault, Hold, Summary

# Looked up on first use: `formcheck --help` must not wait for numpy.
_HOMES = {
    "BatchOptions": "batch_run",
    "EXERCISES": "exercises",
    "Exercise": "exercises",
    "Fault": "summary",
    "FormcheckError": "pipeline",
    "Hold": "summary",
    "Landmark": "landmarks",
    "Pose": "landmarks",
    "Rule": "rules",
    "Session": "session",
    "Side": "landmarks",
    "Summary": "summary",
    "Verdict": "rules",
    "analyze": "analysis",
    "batch": "batch_run",
    "exercise_named": "exercises",
}

__all__ = [
    "EXERCISES",
    "BatchOptions",
    "Exercise",
    "Fault",
    "FormcheckError",
    "Hold",
    "Landmark",
    "Pose",
    "Rule",
    "Session",
    "Side",
    "Summary",
    "Verdict",
    "__version__",
    "analyze",
    "batch",
    "exercise_named",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'formcheck' has no attribute {name!r}")
    value: object = getattr(import_module(f"formcheck.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
