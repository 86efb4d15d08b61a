"""The report as one page that needs nothing else: no network, no library, no other file."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from formcheck import __version__, timelines
from formcheck.articles import Article
from formcheck.canvas import VERDICT_COLOURS
from formcheck.exercises import Exercise, Tip
from formcheck.holds import State
from formcheck.landmarks import Array
from formcheck.metrics_log import STATES, MetricsLog
from formcheck.reps import Repetition
from formcheck.review import (
    also_done,
    certainty,
    complaints,
    figures,
    lift_name,
    next_step,
    unjudged,
    verdict,
)
from formcheck.shots import Shot
from formcheck.summary import Summary
from formcheck.training import Plan, outcome
from formcheck.wording import DISCLAIMER, clock, lasting, signed

NOTHING = (
    "That says nothing about you: perhaps it was another exercise, it was over too soon, or the "
    "camera did not see enough of the body."
)
_WHEN = ("before", "during", "after")
_LONG_TABLE = 16
_SETTLED_S = 1.0


def report(
    summary: Summary,
    plan: Plan,
    log: MetricsLog,
    shots: Mapping[str, Shot],
    video: str | None = None,
) -> str:
    """Return the page of a session.

    Parameters
    ----------
    summary : Summary
        With the thresholds that were used.
    plan : Plan
    log : MetricsLog
        Of the same session.
    shots : mapping of str to Shot
        Pictures by code of their check.
    video : str, optional
        Name of the annotated video, which lies beside the page; None without one.
    """
    sentence = verdict(summary)
    return rendered(
        "report.html",
        title=f"{summary.title}: {sentence}",
        exercise=summary.exercise,
        summary=summary,
        verdict=sentence,
        nothing=NOTHING,
        also=also_done(summary),
        unknown=" ".join(unjudged(summary)),
        figures=figures(summary),
        outcome=outcome(summary, plan),
        quality=timelines.quality(summary, log),
        video=video,
        complaints=complaints(summary),
        shots=shots,
        checks=timelines.of_checks(summary, log),
        overlay=timelines.overlay(summary, log),
        rep_tables=_tables(summary.reps or ()),
        rises=summary.exercise.lifts_trunk,
        lift=lift_name(summary.exercise),
        tiredness=timelines.tiredness(summary, log),
        step=next_step(summary, plan),
        tips_by_time=_tips(summary.exercise),
        articles=_articles(summary.exercise),
        starts_s=_starts_s(summary),
        certainty=certainty(
            summary,
            _typical(log.values("view_ratio"), summary, log),
            timelines.unseen(summary, log),
            _typical(log.off_by(_main_angle(summary.exercise)), summary, log),
        ),
    )


def rendered(template: str, **content: Any) -> str:
    """Return a page from its template, under a policy that forbids all that is not in it."""
    style, script = _part("style.css"), _part("page.js")
    policy = (
        "default-src 'none'; img-src data:; media-src 'self' file:; "
        f"style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template(template)
    return page.render(
        content,
        version=__version__,
        today=datetime.now().astimezone().date(),
        disclaimer=DISCLAIMER,
        policy=policy,
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("formcheck"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock": clock,
        "lasting": lasting,
        "worst": _worst,
        "known_s": lambda value: "-" if math.isnan(value) else f"{value:.1f} s",
        "data_uri": lambda jpeg: f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}",
        "capfirst": lambda text: text[:1].upper() + text[1:],
    }
    return environment


def _worst(value: float, unit: str) -> str:
    """Return a value with its sign, if it is an angle: of shares only some can be negative."""
    return f"{value:.2f}" if unit == "ratio" else signed(value, unit)


@cache
def _part(name: str) -> str:
    """Return a part of the page that is the same for all, with one kind of line end."""
    colours = {level.value: _hex(*colour) for level, colour in VERDICT_COLOURS.items()}
    return _environment().get_template(name).render(colours=colours).replace("\r\n", "\n")


def _hex(blue: int, green: int, red: int) -> str:
    return f"#{red:02x}{green:02x}{blue:02x}"


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _tables(reps: tuple[Repetition, ...]) -> list[list[tuple[int, Repetition]]]:
    """Return the numbered repetitions, in two parts to stand side by side when they are many."""
    every = list(enumerate(reps, start=1))
    half = math.ceil(len(every) / 2)
    return [every] if len(every) <= _LONG_TABLE else [every[:half], every[half:]]


def _tips(exercise: Exercise) -> list[tuple[str, list[Tip]]]:
    by_time = [(when, [tip for tip in exercise.tips if tip.when == when]) for when in _WHEN]
    return [(when, tips) for when, tips in by_time if tips]


def _articles(exercise: Exercise) -> list[Article]:
    sources = (*(rule.article for rule in exercise.rules), *(tip.article for tip in exercise.tips))
    return sorted(set(sources), key=lambda article: article.code)


def _starts_s(summary: Summary) -> float:
    """Return when there is something to see: what comes before is a person on the way."""
    if summary.reps:
        return summary.reps[0].span_s[0]
    return summary.hold.segments[0].start_s + _SETTLED_S if summary.hold.segments else 0.0


def _typical(every: Array, summary: Summary, log: MetricsLog) -> float:
    """Return the median while the person was in position; NaN without that."""
    values = every[log.states(summary) == STATES.index(State.HOLD)]
    return float(np.nanmedian(values)) if not np.isnan(values).all() else math.nan


def _main_angle(exercise: Exercise) -> str:
    """Return the name of the angle that says most: of the lift, or of what is checked first."""
    if exercise.reps:
        return exercise.reps.signals.lift.name
    return next((rule.metric.name for rule in exercise.rules), "")
