"""A session: what is known of a person's exercise after each frame, as a fold over poses."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

from formcheck.counting import RepCounter, judged
from formcheck.drift import Drift
from formcheck.exercises import Exercise
from formcheck.holds import POSTURES, HoldClock, State
from formcheck.landmarks import Pose
from formcheck.metrics import VIEW
from formcheck.motion import HipMotion, NearSide
from formcheck.people import is_another_shot
from formcheck.postures import Evidence, Sight, Variant
from formcheck.rules import WRONG, Rule, RuleWatch, Verdict
from formcheck.summary import Summary, merged, summarise
from formcheck.uncertainty import Uncertainty, uncertainties

_INSTANT_S = 1e-4


@dataclass(frozen=True, slots=True)
class Session:
    """All that is known after a frame.

    Build one with `Session.of(exercise)`, and fold poses into it with `after`.

    Attributes
    ----------
    exercise : Exercise
    time_s : float
        Time of the last frame; NaN before the first.
    near : NearSide
        The side that is measured.
    motion : HipMotion
        How fast the body moves.
    before : Pose or None
        The last pose in which somebody was seen.
    sight : Sight
        What the last frame says.
    variant : Variant
        The variant that was seen last.
    values : tuple of float
        Of the metrics of `variant`, in the last frame; NaN where not seen.
    clock : HoldClock
        The hold clock.
    watches : tuple of RuleWatch
        One for each rule of the exercise, in its order.
    drifts : tuple of Drift
        One for each metric that a rule is about.
    errors : tuple of Uncertainty
        One for each metric of which it is known how far it can be off.
    reps : RepCounter or None
        The repetitions so far; None for an exercise that is held.
    """

    exercise: Exercise
    variant: Variant
    clock: HoldClock
    watches: tuple[RuleWatch, ...]
    drifts: tuple[Drift, ...]
    errors: tuple[Uncertainty, ...]
    time_s: float = math.nan
    near: NearSide = NearSide()
    motion: HipMotion = HipMotion()
    before: Pose | None = None
    sight: Sight = Sight(Evidence.ABSENT)
    values: tuple[float, ...] = ()
    reps: RepCounter | None = None

    @classmethod
    def of(cls, exercise: Exercise) -> Self:
        """Return the session before its first frame."""
        return cls(
            exercise=exercise,
            variant=exercise.stance.variants[0],
            clock=HoldClock(exercise.times),
            watches=tuple(RuleWatch(rule.code) for rule in exercise.rules),
            drifts=tuple(
                Drift(name, unit)
                for name, unit in dict.fromkeys((r.metric.name, r.unit) for r in exercise.rules)
            ),
            errors=uncertainties(exercise.metrics),
            reps=RepCounter(exercise.reps) if exercise.reps else None,
        )

    def after(self, pose: Pose) -> Session:
        """Return the session after one more frame.

        What happened in a long gap between two frames is not known: no hold outlasts it. Nor does
        any outlast the moment at which somebody else comes, or another shot (`Pose.anew`).

        Raises
        ------
        ValueError
            If the pose is not later than the one before, or its time is no number.
        """
        if pose.time_s <= self.time_s or not math.isfinite(pose.time_s):
            raise ValueError(f"pose at {pose.time_s} s does not follow {self.time_s} s")
        if pose.anew or self._is_cut(pose):
            return self._cut()._followed_by(pose)
        if pose.time_s - self.time_s > self.exercise.times.break_s:
            return self._followed_by(Pose.absent(pose.time_s - _INSTANT_S))._followed_by(pose)
        return self._followed_by(pose)

    def _is_cut(self, pose: Pose) -> bool:
        """Return whether another shot begins: for a hold, one in which the position goes on."""
        if self.before is None or not is_another_shot(pose, self.before):
            return False
        if self.exercise.reps is not None:
            return True
        here = self.exercise.stance.sight(pose, self.near.side)
        return here.evidence in POSTURES and self.sight.evidence in POSTURES

    def _cut(self) -> Session:
        """Return the session with all that was carried over from frame to frame forgotten."""
        return replace(
            self,
            near=NearSide(),
            motion=HipMotion(),
            clock=self.clock.cut(),
            watches=tuple(watch.ended() for watch in self.watches),
            errors=uncertainties(self.exercise.metrics),
            reps=self.reps.cut() if self.reps is not None else None,
        )

    def _followed_by(self, pose: Pose) -> Session:
        near = self.near.after(pose, locked=self.clock.state is State.HOLD)
        motion = self.motion.after(pose)
        sight = self.exercise.stance.sight(pose, near.side)
        variant = sight.variant or self.variant
        near = near.turned(variant.side if sight.variant else None)
        if motion.per_s > self.exercise.still_per_s:
            sight = self._in_motion(sight)
        measured = replace(
            self,
            time_s=pose.time_s,
            near=near,
            motion=motion,
            before=pose if pose.present else self.before,
            sight=sight,
            variant=variant,
            values=tuple(
                metric.measure(pose, variant.side or near.side) for metric in variant.metrics
            ),
            clock=self.clock.after(pose.time_s, sight),
        )
        if sight.evidence in POSTURES:
            measured = replace(measured, errors=measured._errors_after(pose))
        if measured.reps is not None:
            return replace(measured, reps=measured._counted(measured.reps, pose))
        watched = replace(measured, watches=measured._judged(self.clock.since_s))
        return replace(watched, drifts=watched._drifted()) if watched.holding else watched

    def _in_motion(self, sight: Sight) -> Sight:
        """Return what a body that moves says: in position it is not yet holding."""
        moving = self.exercise.moving
        if sight.evidence not in POSTURES:
            return sight
        return replace(sight, evidence=moving) if moving in POSTURES else Sight(moving)

    def _counted(self, reps: RepCounter, pose: Pose) -> RepCounter:
        if self.sight.evidence in POSTURES:
            return reps.after(reps.spec.signals.sample(pose, self.near.side))
        if self.clock.state is State.HOLD:
            return reps
        seen, times = self.clock.evidence, self.exercise.times
        lasts = self.time_s - seen.start_s >= times.needed_s(seen.of)
        return reps.interrupted(elsewhere=lasts and seen.of is not Evidence.ABSENT)

    def _errors_after(self, pose: Pose) -> tuple[Uncertainty, ...]:
        side = self.variant.side or self.near.side
        names = (metric.name for metric in self.variant.metrics)
        values = dict(zip(names, self.values, strict=True))
        turned = self.exercise.view.square.excess(values.get(VIEW.name, math.nan))
        return tuple(
            error.after(pose, side, values.get(error.metric, math.nan), turned)
            for error in self.errors
        )

    def _drifted(self) -> tuple[Drift, ...]:
        names = (metric.name for metric in self.variant.metrics)
        values = dict(zip(names, self.values, strict=True))
        clean = not any(watch.verdict is Verdict.FAULT for watch in self.watches)
        return tuple(
            drift.after(
                self.time_s, values.get(drift.metric, math.nan), self.variant.name, clean=clean
            )
            for drift in self.drifts
        )

    def _judged(self, before_s: float) -> tuple[RuleWatch, ...]:
        in_posture = self.sight.evidence in POSTURES
        if not in_posture and self.clock.state is not State.HOLD:
            return tuple(watch.ended() for watch in self.watches)
        rules = {rule.code: rule for rule in self.variant.rules if in_posture}
        began = self.clock.state is State.HOLD and self.clock.since_s != before_s
        return tuple(
            self._watched(watch, rules.get(watch.code), began=began) for watch in self.watches
        )

    def _watched(self, watch: RuleWatch, rule: Rule | None, *, began: bool) -> RuleWatch:
        watch = watch.forgotten() if began else watch
        too_early = rule is not None and rule.learn_s and self.clock.state is not State.HOLD
        if rule is None or too_early:
            return watch.unseen(self.time_s)
        learning = self.clock.held_s < rule.learn_s
        spare = self.error(rule.metric.name).beyond_usual - self._witnessed(rule)
        return watch.after(self.time_s, self.value(rule), rule, learning=learning, spare=spare)

    def _witnessed(self, rule: Rule) -> float:
        """Return by how much a FAULT begins earlier, since another rule sees it, too."""
        seen_too = rule.witness and self.verdict(rule.witness) in WRONG
        return rule.nearer if seen_too else 0.0

    def error(self, metric: str) -> Uncertainty:
        """Return how far a metric can be off."""
        return next((e for e in self.errors if e.metric == metric), Uncertainty(metric))

    @property
    def holding(self) -> bool:
        """Whether the last frame is part of a hold."""
        return self.clock.state is State.HOLD and self.clock.confirmed_s == self.time_s

    def value(self, rule: Rule) -> float:
        """Return the value of a rule's metric in the last frame."""
        for metric, value in zip(self.variant.metrics, self.values, strict=True):
            if metric.name == rule.metric.name:
                return value
        return math.nan

    def compared(self, rule: Rule) -> float:
        """Return the value as the bounds of a rule take it: for one that learns, less the best."""
        return rule.compared(self.value(rule), self._watch(rule.code).best.value)

    def verdict(self, code: str) -> Verdict:
        """Return what a rule says now; UNKNOWN outside a hold and where its metric is not seen.

        In a short break of a hold it says what it said before: a level that is taken only in the
        break says nothing, for the person may be getting up.
        """
        rule = self._rule(code)
        watch = self._watch(code)
        known = not math.isnan(watch.known_s) and self._has_learnt(rule)
        if self.clock.state is not State.HOLD or not known:
            return Verdict.UNKNOWN
        for level, latch in ((Verdict.FAULT, watch.fault), (Verdict.WATCH, watch.watch)):
            if latch.on and self.clock.confirmed_s - latch.start_s >= rule.seconds:
                return level
        return Verdict.GOOD

    def _rule(self, code: str) -> Rule:
        return next(rule for rule in self.exercise.rules if rule.code == code)

    def _watch(self, code: str) -> RuleWatch:
        return next(watch for watch in self.watches if watch.code == code)

    @property
    def clean_s(self) -> float:
        """Seconds of the hold that goes on, less its FAULTs; 0 without a hold."""
        since_s, now_s = self.clock.since_s, self.clock.confirmed_s
        faults = (
            (max(episode.start_s, since_s), min(episode.end_s, now_s))
            for watch in self.watches
            for episode in watch.episodes_so_far()
            if episode.level is Verdict.FAULT
        )
        lost = merged(span for span in faults if span[1] > span[0])
        return self.clock.held_s - sum(end - start for start, end in lost)

    def knows(self, code: str) -> bool:
        """Return whether the last frame shows what a rule needs."""
        for rule in self.variant.rules:
            if rule.code == code:
                return self._has_learnt(rule) and not math.isnan(self.value(rule))
        return False

    def _has_learnt(self, rule: Rule) -> bool:
        """Return whether the person's own best is known, for a rule that compares with it."""
        if not rule.learn_s:
            return True
        known = not math.isnan(self._watch(rule.code).best.value)
        return known and self.clock.held_s >= rule.learn_s

    def summary(self) -> Summary:
        """Return what came of it up to the last frame."""
        episodes = (watch.episodes_so_far() for watch in self.watches)
        return summarise(
            self.exercise,
            self.clock.stretches_until(self.time_s),
            zip(self.exercise.rules, episodes, strict=True),
            tuple(drift for drift in self.drifts if drift.known),
            judged(self.reps) if self.reps is not None else None,
        )
