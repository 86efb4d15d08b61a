"""What there is to say of a session: a verdict, what to correct, the next step, how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

from formcheck.articles import A1, A2, Article
from formcheck.exercises import Exercise
from formcheck.exercises.nothing import NOTHING as NO_EXERCISE
from formcheck.reps import Repetition
from formcheck.rules import Rule, Verdict
from formcheck.sets import sets_of
from formcheck.summary import Fault, Hold, Summary
from formcheck.training import Plan
from formcheck.uncertainty import USUAL_DEG
from formcheck.views import View
from formcheck.wording import clock, lasting, measured_name

CAMERA = (
    "Put the camera on the floor or a low stool, two to three metres away, and film the whole body "
    "{film}, from head to toes."
)
_GOAL_S = (60, 300)  # what A1 recommends for a plank
_GOAL_REPS = 25  # in each of two sets, A1
_TOLD_UNKNOWN_S = 0.5


@dataclass(frozen=True, slots=True)
class Complaint:
    """All that one check found.

    Attributes
    ----------
    rule : Rule
    level : Verdict
        The gravest.
    faults : tuple of Fault
        In order of time.
    """

    rule: Rule
    level: Verdict
    faults: tuple[Fault, ...]

    @property
    def name(self) -> str:
        """What is wrong, in two or three words."""
        return self.rule.cue.shown.partition(":")[0]

    @property
    def remedy(self) -> str:
        """What to do about it."""
        name, _, remedy = self.rule.cue.shown.partition(":")
        return (remedy or name).strip()

    @property
    def worst(self) -> Fault:
        """The fault with the value farthest outside the bounds."""
        return max(self.faults, key=lambda fault: self.rule.watch.excess(fault.worst))

    @property
    def seconds(self) -> float:
        """How long it lasted in all."""
        return sum(fault.seconds for fault in self.faults)


def complaints(summary: Summary) -> tuple[Complaint, ...]:
    """Return what was found, corrections before hints, and what cost more first."""
    costs = dict(summary.costs)
    by_code: dict[str, list[Fault]] = {}
    for fault in summary.faults:
        by_code.setdefault(fault.rule.code, []).append(fault)
    every = [_complaint(faults) for faults in by_code.values()]
    return tuple(
        sorted(every, key=lambda c: (c.level is Verdict.WATCH, -costs.get(c.rule.code, 0.0)))
    )


def _complaint(faults: list[Fault]) -> Complaint:
    grave = any(fault.level is Verdict.FAULT for fault in faults)
    return Complaint(faults[0].rule, Verdict.FAULT if grave else Verdict.WATCH, tuple(faults))


def verdict(summary: Summary) -> str:
    """Return what came of it in one sentence."""
    if summary.reps is not None:
        done = _counted(summary.reps, summary.title.lower())
    else:
        done = _held(summary.hold, summary.variant, summary.exercise)
    found = complaints(summary)
    if not found:
        return f"{done}."
    ask = "correct first" if found[0].level is Verdict.FAULT else "to watch"
    return f"{done}; {ask}: {found[0].name.lower()}."


def also_done(summary: Summary) -> tuple[str, ...]:
    """Return what came of each other exercise in one sentence, with its times."""
    return tuple(f"{_when(each)} {verdict(each)}" for each in summary.others)


def _when(summary: Summary) -> str:
    spans = [each.span_s for each in summary.reps or ()]
    spans += [(hold.start_s, hold.end_s) for hold in summary.hold.segments if not spans]
    return f"{clock(min(spans)[0])}-{clock(max(end for _, end in spans))}:"


def _counted(reps: tuple[Repetition, ...], noun: str) -> str:
    if not reps:
        return f"No {noun} was seen, so there is nothing to judge"
    done = f"{len(reps)} {noun if len(reps) == 1 else plural(noun)}"
    judged = [each for each in reps if each.judged]
    n_clean = sum(each.clean for each in judged)
    if not judged:
        return f"{done}, not shown well enough to be judged"
    share = {0: "none", len(judged): "all"}.get(n_clean, str(n_clean))
    if len(judged) == len(reps) > 1:
        return f"{done}, {share} of them clean"
    clean = f"{share} clean" if len(judged) > 1 else "clean" if n_clean else "not yet clean"
    shown = f", {len(judged)} of them shown well enough to be judged:" if len(reps) > 1 else ","
    return f"{done}{shown} {clean}"


def plural(noun: str) -> str:
    """Return the plural of an exercise's title.

    Examples
    --------
    >>> plural("crunch"), plural("plank")
    ('crunches', 'planks')
    """
    return f"{noun}es" if noun.endswith(("ch", "sh", "s", "x")) else f"{noun}s"


def _held(hold: Hold, variant: str | None, exercise: Exercise) -> str:
    noun = exercise.title.lower()
    if not hold.segments:
        seen = "recognised" if exercise is NO_EXERCISE else "held"
        return f"No {noun} was {seen}, so there is nothing to judge"
    length = lasting(hold.total_s)
    if len(hold.segments) > 1:
        times = f"Held {len(hold.segments)} times, {length} in all"
    else:
        times = f"A {variant} {noun} of {length}"
    if hold.first_fault_s is None:
        return f"{times}, all of it clean"
    if hold.clean_s < 1:
        return f"{times}, none of it clean"
    return f"{times}, clean for {lasting(hold.clean_s)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that stands for itself, with what it is and what adds to it."""

    label: str
    value: str
    note: str = ""


def figures(summary: Summary) -> tuple[Figure, ...]:
    """Return the numbers that matter most; none when nothing was held or counted."""
    if summary.reps:
        shown = _figures_of_reps(summary.reps, lift_name(summary.exercise))
    elif summary.reps is None and summary.hold.segments:
        shown = _figures_of_hold(summary.hold)
    else:
        return ()
    score = [] if summary.score is None else [Figure("Score", str(summary.score), "of 100")]
    return (*shown, *score)


def each_variant(hold: Hold) -> str:
    """Return how long each variant was held; empty when there was only one."""
    each = [f"{variant} {clock(seconds)}" for variant, seconds in hold.variants]
    return ", ".join(each) if len(each) > 1 else ""


def _figures_of_hold(hold: Hold) -> list[Figure]:
    share = f"{100 * hold.clean_s / hold.total_s:.0f} % of it"
    return [
        Figure("Held", clock(hold.total_s), each_variant(hold) or "minutes"),
        Figure("Clean", clock(hold.clean_s), share),
        Figure("Longest clean", clock(hold.longest_clean_s), "minutes"),
        Figure("First fault", "none")
        if hold.first_fault_s is None
        else Figure("First fault", clock(hold.first_fault_s), "into the hold"),
    ]


def lift_name(exercise: Exercise) -> str:
    """Return what is lifted in a repetition; empty for an exercise that is held."""
    if exercise.reps is None:
        return ""
    lift = exercise.reps.signals.lift
    return measured_name(lift.name, lift.unit)


def _figures_of_reps(reps: tuple[Repetition, ...], lift: str) -> list[Figure]:
    judged = [each.clean for each in reps if each.judged]
    them = "them" if len(judged) == len(reps) else f"{len(judged)} judged"
    share = f"{100 * sum(judged) / len(judged):.0f} % of {them}" if judged else "not shown enough"
    times = [each.rep.duration_s for each in reps if not math.isnan(each.rep.duration_s)]
    found = [
        Figure("Repetitions", str(len(reps))),
        Figure("Clean", str(sum(judged)) if judged else "?", share),
        Figure(lift.capitalize(), f"{median(each.peak_lift_deg for each in reps):.0f}°", "typical"),
    ]
    return [*found, Figure("Tempo", f"{median(times):.1f} s", "typical")] if times else found


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next time.

    Attributes
    ----------
    title : str
        Whether that is easier, harder or the same.
    advice : tuple of (str, Article or None)
        Sentences, and where they come from.
    """

    title: str
    advice: tuple[tuple[str, Article | None], ...]


def next_step(summary: Summary, plan: Plan) -> Step:
    """Return an easier step after faults of form, a harder one after a clean session."""
    if summary.score is None:
        camera = CAMERA.format(film=summary.exercise.view.film)
        return Step("Next time: another view", ((camera, None),))
    found = complaints(summary)
    if any(c.level is Verdict.FAULT and c.rule.weight == 1 for c in found):
        tips = [tip for tip in summary.exercise.tips if tip.when == "when faults last"]
        return Step("Next time: easier", tuple((tip.text, tip.article) for tip in tips))
    if found:
        names = ", ".join(c.name.lower() for c in found)
        advice = f"Do as much again, and mind one thing at a time: {names}."
        return Step("Next time: as much, and cleaner", ((advice, A2),))
    harder = _more_reps(summary.reps) if summary.reps else _longer(summary.hold, plan)
    return Step("Next time: a little more", (harder,))


def _longest_s(hold: Hold) -> float:
    return max(s.end_s - s.start_s for s in hold.segments)


def _longer(hold: Hold, plan: Plan) -> tuple[str, Article]:
    longest_s, (usual_s, most_s) = _longest_s(hold), _GOAL_S
    if plan.goal and plan.goal.hold_s and plan.goal.hold_s > longest_s:
        return f"Add a few seconds at a time, until {clock(plan.goal.hold_s)} is reached.", A2
    if longest_s >= most_s:
        return "Five minutes are plenty: try another exercise beside it.", A1
    wanted_s = min(most_s, 5 * math.ceil(longest_s * 1.1 / 5))
    way = " A minute is a good goal, five are the most." if longest_s < usual_s else ""
    return f"Hold it for {lasting(wanted_s)}.{way}", A1


def _more_reps(reps: tuple[Repetition, ...]) -> tuple[str, Article]:
    most = max(one.n_reps for one in sets_of(reps))
    if most >= _GOAL_REPS:
        return f"Do a second set of {_GOAL_REPS}, after a rest of 20 to 30 seconds.", A1
    return f"Do {min(_GOAL_REPS, most + 2)} in a row. Two sets of {_GOAL_REPS} are a good goal.", A1


def certainty(
    summary: Summary,
    view_ratio: float,
    unseen: tuple[str, ...] = (),
    off_by_deg: float = math.nan,
) -> tuple[str, ...]:
    """Return how far the findings can be believed, a sentence each.

    Parameters
    ----------
    summary : Summary
    view_ratio : float
        Median breadth of the shoulders over the trunk while something was judged; NaN if nothing
        was.
    unseen : tuple of str
        Checks that could not be made at all.
    off_by_deg : float
        How far the main angle could be off, as a rule; NaN where that is not known.
    """
    view = summary.exercise.view
    sentences = [_angles(off_by_deg, view)]
    if not math.isnan(view_ratio):
        sentences.insert(0, _view(view_ratio, view))
    sentences += unjudged(summary) or ["At every moment there was enough to see."]
    if unseen:
        names = ", ".join(name.lower() for name in unseen)
        sentences.append(f"Not shown well enough to be checked: {names}.")
    if summary.source and summary.source.damage:
        sentences.append(
            f"The video is damaged ({summary.source.damage}): judged as far as it goes."
        )
    sentences.append("Bounds are conventions: no source names an angle that is harmful.")
    return tuple(sentences)


def _view(view_ratio: float, view: View) -> str:
    if view.square.holds(view_ratio):
        return f"The camera saw the body {view.film}, as it should."
    return f"The camera saw the body at an angle, which bends what is measured: {view.turn}."


def _angles(off_by_deg: float, view: View) -> str:
    more_deg = round(off_by_deg - USUAL_DEG) if off_by_deg > USUAL_DEG else 0
    if not more_deg:
        return view.angles.format(error_deg=round(USUAL_DEG))
    return (
        f"As they were seen here, angles are right within about {USUAL_DEG + more_deg:.0f}°: only "
        f"what is {more_deg}° farther out than usual is called a fault."
    )


def unjudged(summary: Summary) -> tuple[str, ...]:
    """Return for how long nothing could be judged, and why; empty when there was no such time."""
    unknown_s = sum(u.end_s - u.start_s for u in summary.unknown)
    if unknown_s < _TOLD_UNKNOWN_S:
        return ()
    whole_s = summary.source.duration_s if summary.source else math.nan
    percent = 100 * unknown_s / whole_s
    share = "" if math.isnan(percent) else f" of {clock(whole_s)} ({percent:.0f} %)"
    lengths: dict[str, float] = {}
    for stretch in summary.unknown:
        lengths[stretch.note] = lengths.get(stretch.note, 0.0) + stretch.end_s - stretch.start_s
    longest = max(lengths, key=lambda note: lengths[note])
    return (f"For {clock(unknown_s)}{share} nothing could be judged, mostly: {longest}.",)
