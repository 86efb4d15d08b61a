"""All postures by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from samples.studio.crunches import Bicycle, Crunch
from samples.studio.others import AllFours, Kneeling, Prone, Sphinx, Standing
from samples.studio.planks import Plank, SidePlank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from samples.studio.proportions import Proportions
    from samples.studio.skeleton import Skeleton


class Posture(Protocol):
    """A posture by its angles: a frozen dataclass whose fields all have defaults."""

    def posed(self, body: Proportions = ...) -> Skeleton:
        """Return the skeleton of a body in this posture."""


POSTURES: Mapping[str, Callable[..., Posture]] = {
    "plank": Plank,
    "side_plank": SidePlank,
    "crunch": Crunch,
    "bicycle": Bicycle,
    "prone": Prone,
    "sphinx": Sphinx,
    "all_fours": AllFours,
    "standing": Standing,
    "kneeling": Kneeling,
}
