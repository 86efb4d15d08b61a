"""Who is where at a moment of a clip: postures from acts, with sway, dressed and placed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from samples.studio.blending import between
from samples.studio.figure import bare, dressed, placed
from samples.studio.keyframes import Sway, Track, eased
from samples.studio.postures import POSTURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samples.studio.clip import Act, Role
    from samples.studio.figure import Figure
    from samples.studio.skeleton import Skeleton

_SWAY: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "plank": {"sag_deg": 0.4, "neck_deg": 0.9},
        "side_plank": {"sag_deg": 0.4},
        "crunch": {"neck_deg": 0.6},
    }
)
"""How much the parameters of a posture sway by themselves, degrees."""


def figure_at(role: Role, time_s: float, seed: int) -> Figure:
    """Return the figure of a role at a time of a clip with a seed."""
    return _placed(role, dressed(_skeleton(role, time_s, seed), role.person.look))


def joints_at(role: Role, time_s: float, seed: int) -> Figure:
    """Return the same figure with its joints and angles alone."""
    return _placed(role, bare(_skeleton(role, time_s, seed), role.person.look))


def _placed(role: Role, figure: Figure) -> Figure:
    return placed(figure, role.place.x_m, role.place.z_m, role.place.turned_deg)


def _skeleton(role: Role, time_s: float, seed: int) -> Skeleton:
    for act in role.acts:
        if time_s <= act.end_s:
            break
    index = role.acts.index(act)
    now = _posed(role, act, max(time_s, act.start_s), seed)
    if index == 0 or time_s >= act.start_s:
        return now
    before = role.acts[index - 1]
    share = eased((time_s - before.end_s) / (act.start_s - before.end_s))
    return between(_posed(role, before, before.end_s, seed), now, share)


def _posed(role: Role, act: Act, time_s: float, seed: int) -> Skeleton:
    values = {
        name: setting.at(time_s) if isinstance(setting, Track) else setting
        for name, setting in act.settings.items()
    }
    posture = POSTURES[act.posture]
    for number, (name, amplitude) in enumerate(_SWAY.get(act.posture, {}).items()):
        sway = Sway.seeded(role.sway * amplitude, seed, number)
        values[name] = values.get(name, getattr(posture(), name)) + sway.at(time_s)
    skeleton: Skeleton = posture(**values).posed(role.person.look.proportions)
    return skeleton
