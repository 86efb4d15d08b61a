"""What an exercise is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from formcheck import metrics
from formcheck.articles import Article
from formcheck.holds import HoldTimes
from formcheck.postures import Evidence, Stance
from formcheck.reps import RepSpec
from formcheck.rules import Rule
from formcheck.views import View


@dataclass(frozen=True, slots=True)
class Tip:
    """Advice that no camera can check.

    Attributes
    ----------
    when : str
        "before", "during", "after", "when faults last", or "with back trouble".
    text : str
        One sentence.
    article : Article
        Where it comes from.
    """

    when: str
    text: str
    article: Article


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise that is held, or repeated.

    Attributes
    ----------
    name, title : str
        For the command line and for people.
    view : View
        Where the camera stands.
    position : str
        How to take the position, as it is said.
    stance : Stance
        How the position is told.
    times : HoldTimes
        How long things have to last for the hold clock.
    still_per_s : float
        Faster than this, in trunks a second at the hips, is moving and not yet holding.
    tips : tuple of Tip
    reps : RepSpec or None
        What counts as a repetition; None for an exercise that is held.
    moving : Evidence
        What a frame of a body in position, but moving, says: POSSIBLE, or OFF where moving up and
        down in the position is another exercise.
    """

    name: str
    title: str
    view: View
    position: str
    stance: Stance
    times: HoldTimes
    still_per_s: float
    tips: tuple[Tip, ...]
    reps: RepSpec | None = None
    moving: Evidence = Evidence.POSSIBLE

    @property
    def lifts_trunk(self) -> bool:
        """Whether a repetition lifts the trunk; in a bicycle crunch, say, the legs cross."""
        return self.reps is not None and self.reps.signals.lift == metrics.LIFT

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule once, in order of gravity."""
        every = {rule.code: rule for variant in self.stance.variants for rule in variant.rules}
        each = self.reps.rules if self.reps else ()
        return (*every.values(), *(checked.rule for checked in each))

    def with_rules(self, rules: Mapping[str, Rule]) -> Exercise:
        """Return the exercise with the bounds and times of some rules, by code, changed."""
        variants = tuple(
            replace(variant, rules=tuple(_as_in(rules, rule) for rule in variant.rules))
            for variant in self.stance.variants
        )
        changed = replace(self, stance=replace(self.stance, variants=variants))
        if self.reps is None:
            return changed
        checked = tuple(replace(each, rule=_as_in(rules, each.rule)) for each in self.reps.rules)
        return replace(changed, reps=replace(self.reps, rules=checked))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of all metrics that are recorded."""
        names = (metric.name for variant in self.stance.variants for metric in variant.metrics)
        return tuple(dict.fromkeys(names))


def _as_in(changed: Mapping[str, Rule], rule: Rule) -> Rule:
    """Return a variant's rule with changed bounds; what it measures stays the variant's own."""
    return replace(changed[rule.code], metric=rule.metric) if rule.code in changed else rule
