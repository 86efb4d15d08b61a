"""Which faults a clip shows, read off its keyframes, so that truth and picture cannot disagree.

Each fault has two levels. Short of the first it is not there; past the second it surely is; what
lies between may be called either way, and clips had better not stay there. The levels are
this studio's own: whoever scores a program with the clips compares them with its thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP_S = 0.02
"""How finely tracks are looked at."""

Values = NDArray[np.float64]
Tracks = Callable[[str], Values]
"""Gives the values of a posture's parameter at every step."""


@dataclass(frozen=True, slots=True)
class Level:
    """How far is too far; `sure` beyond `none` in the direction of the fault."""

    none: float
    sure: float

    def beyond(self, values: Values, *, sure: bool) -> NDArray[np.bool_]:
        """Return where the values are past the sure level, or past the other one."""
        sign = 1.0 if self.sure > self.none else -1.0
        level = self.sure if sure else self.none
        return np.asarray(sign * values > sign * level - 1e-9 * sure)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a hold while it lasts.

    Attributes
    ----------
    code : str
        As formcheck calls it, or a later version will.
    start_s, end_s : float
        When it may be there.
    sure_start_s, sure_end_s : float or None
        When it surely is; None where it never gets that far.
    worst : float
        The value farthest out: degrees, or metres.
    """

    code: str
    start_s: float
    end_s: float
    sure_start_s: float | None
    sure_end_s: float | None
    worst: float

    @property
    def document(self) -> dict[str, Any]:
        """Return it as it is written."""
        return asdict(self)


def _sum(*names: str) -> Callable[[Tracks], Values]:
    return lambda tracks: np.asarray(sum(tracks(name) for name in names))


_HEAD = _sum("neck_deg", "head_deg")
_PLANK: Mapping[str, tuple[Callable[[Tracks], Values], Level]] = MappingProxyType(
    {
        "plank.hips-sag": (_sum("sag_deg"), Level(3.0, 4.5)),
        "plank.hips-pike": (_sum("sag_deg"), Level(-16.0, -20.0)),
        "plank.back-arch": (_sum("lumbar_deg"), Level(4.0, 9.0)),
        "plank.head-up": (_HEAD, Level(-18.0, -60.0)),
        "plank.head-down": (_HEAD, Level(18.0, 52.0)),
        "plank.knees": (_sum("knee_deg"), Level(20.0, 31.0)),
    }
)
_OF_ELBOWS = (_sum("elbows_forward_m"), Level(0.07, 0.14))
_OF_WRISTS = (_sum("elbows_forward_m"), Level(0.12, 0.25))
_SIDE_PLANK: Mapping[str, tuple[Callable[[Tracks], Values], Level]] = MappingProxyType(
    {
        "side-plank.hips-low": (_sum("sag_deg"), Level(5.0, 9.0)),
        "side-plank.hips-high": (_sum("sag_deg"), Level(-8.0, -13.0)),
        "side-plank.elbow": (_sum("elbow_forward_m"), Level(0.07, 0.14)),
    }
)


def faults_of_plank(support: str, tracks: Tracks, start_s: float) -> list[Fault]:
    """Return the faults of a plank, from its tracks and the time at which they begin."""
    checks = dict(_PLANK)
    if support == "knee":
        del checks["plank.knees"]
    checks |= {"plank.wrists": _OF_WRISTS} if support == "high" else {"plank.elbows": _OF_ELBOWS}
    return _faults(checks, tracks, start_s)


def faults_of_side_plank(tracks: Tracks, start_s: float) -> list[Fault]:
    """Return the faults of a side plank, from its tracks and the time at which they begin."""
    return _faults(_SIDE_PLANK, tracks, start_s)


def _faults(
    checks: Mapping[str, tuple[Callable[[Tracks], Values], Level]], tracks: Tracks, start_s: float
) -> list[Fault]:
    found = [
        fault
        for code, (value, level) in checks.items()
        for fault in _episodes(code, value(tracks), level, start_s)
    ]
    return sorted(found, key=lambda fault: (fault.start_s, fault.code))


def _episodes(code: str, values: Values, level: Level, start_s: float) -> Iterable[Fault]:
    """Yield each time in which the values are beyond a level."""

    def time_s(index: int) -> float:
        return round(start_s + index * STEP_S, 2)

    for first, last in runs(level.beyond(values, sure=False)):
        part = values[first : last + 1]
        sure = [first + int(at) for at in np.flatnonzero(level.beyond(part, sure=True))]
        worst = float(part.max() if level.sure > level.none else part.min())
        yield Fault(
            code,
            time_s(first),
            time_s(last),
            sure_start_s=time_s(sure[0]) if sure else None,
            sure_end_s=time_s(sure[-1]) if sure else None,
            worst=round(worst, 3),
        )


def runs(true: NDArray[np.bool_]) -> Sequence[tuple[int, int]]:
    """Return the first and last index of each stretch of trues."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(int)))
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]
