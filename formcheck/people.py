"""Which of several people is followed: whoever lies or holds, nearest the middle; and then kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from formcheck.geometry import Point, distance, rise_deg
from formcheck.landmarks import HALVES, Landmark, Pose, Side

SOMEBODY_ELSE = "only somebody else is seen: ask them to step aside"

# About people in a picture, not about form: conventions.
_LEVEL_DEG = 45.0  # a trunk steeper than this kneels, stands, or sits up
_SAME, _SAME_PER_S = 0.6, 3.0  # trunks; nobody moves farther
_OTHER_SHOT = 1.5  # trunks: too far for a flicker of the landmarks
_OTHER_SCALE, _SUDDEN_S = 3.0, 1.0  # no trunk is foreshortened so much, so soon
_UPRIGHT_S = 3.0  # the top of a sit-up is over by then
_LOST_S = 1.5
_ONE_BODY = 0.5  # trunks
_SEEN = 0.4  # mean visibility; of people beside others 0.44 and more, of nobody 0.37 and less
_AGAIN_S, _SOON_S, _LATER_S = 0.3, 0.3, 1.0

# Of each frame's few bodies much the same is asked over and over.
_N_REMEMBERED = 16

_LIMBS = slice(Landmark.LEFT_SHOULDER, Landmark.RIGHT_ANKLE + 1)


@dataclass(frozen=True, slots=True)
class Following:
    """The person who is followed, as a fold over poses.

    The pose model follows one body by itself, which may be the wrong one from the start, and now
    and then it slides or jumps to another. To look at the whole picture for others takes time, and
    so it is asked for (`asks`) only when there is reason to: at first sight, after a jump, once a
    second while others are known of, and now and then while nobody lies or holds.

    Attributes
    ----------
    athlete : Pose or None
        Where the person was last.
    before : Pose or None
        Where the person was at the last look; None before the first in this shot.
    others : tuple of Pose
        Who else was there at the last look.
    looked_s, lain_s : float
        Time of the last look, and when the person last lay or held; NaN for never.
    wait_s : float
        From one look to the next that no jump asks for.
    lost_s : float
        Since when only somebody else is seen; NaN while the person is.
    """

    athlete: Pose | None = None
    before: Pose | None = None
    others: tuple[Pose, ...] = ()
    looked_s: float = math.nan
    lain_s: float = math.nan
    wait_s: float = _SOON_S
    lost_s: float = math.nan

    def asks(self, pose: Pose) -> bool:
        """Return whether to look for other people in the frame of a pose."""
        if not pose.present:
            return False
        passed_s = pose.time_s - self.looked_s
        if not self._is_athlete(pose):
            return not passed_s < _AGAIN_S
        settled = self.before is not None and not self.others and not self._long_upright(pose)
        return not settled and not passed_s < self.wait_s

    def chosen(self, pose: Pose, others: tuple[Pose, ...], width_px: float) -> Pose:
        """Return the pose to follow from here on.

        Parameters
        ----------
        pose : Pose
            That of the body which the model follows.
        others : tuple of Pose
            All other bodies in the same frame.
        width_px : float
            Of the picture.
        """
        here = self.athlete is not None and self._is_athlete(pose)
        if here and not self._long_upright(pose):
            return pose
        back = [body for body in others if self._is_athlete(body)]
        if back and not here and self.athlete is not None:
            return min(back, key=self._off)
        everybody = (pose, *others)
        lying = [body for body in everybody if _rise_deg(body) <= _LEVEL_DEG]
        if here and not lying:
            return pose
        return min(lying or everybody, key=lambda body: _oddness(body, width_px))

    def looked(self, pose: Pose, everybody: tuple[Pose, ...]) -> Following:
        """Return what is known after a look: who was chosen, of whom."""
        looked = replace(self, looked_s=pose.time_s)
        if not self._is_athlete(pose) and self._waits(pose):
            return looked
        others = tuple(body for body in everybody if body is not pose)
        first = self.before is None or not self._is_athlete(pose)
        return replace(looked, before=pose, others=others, wait_s=_SOON_S if first else _LATER_S)

    def after(self, pose: Pose) -> tuple[Following, Pose]:
        """Return what is known after one more frame, and what to make of its pose.

        That is none (`Pose.doubt` says why) while only somebody else is seen, and marked as
        `Pose.anew` where somebody else, or another shot, is believed.
        """
        if not pose.present:
            return self, pose
        known = self._is_athlete(pose)
        if not known and self._waits(pose):
            lost_s = pose.time_s if math.isnan(self.lost_s) else self.lost_s
            return replace(self, lost_s=lost_s), Pose.absent(pose.time_s, doubt=SOMEBODY_ELSE)
        here = self
        if not known and (not math.isnan(self.lost_s) or self._off(pose) > _OTHER_SHOT):
            pose = replace(pose, anew=True)
            here = Following()  # where others were in another shot says nothing of this one
        lain_s = self.lain_s if known else math.nan
        if _rise_deg(pose) <= _LEVEL_DEG:
            lain_s = pose.time_s
        return replace(here, athlete=pose, lain_s=lain_s, lost_s=math.nan), pose

    def _is_athlete(self, pose: Pose) -> bool:
        """Return whether a body may be the person's; True before there is one."""
        if self.athlete is None:
            return True
        allowed = _SAME + _SAME_PER_S * max(0.0, pose.time_s - self.athlete.time_s)
        return not self._off(pose) > min(allowed, _OTHER_SHOT) and not self._is_other(pose)

    def _off(self, pose: Pose) -> float:
        return apart(pose, self.athlete) if self.athlete is not None else 0.0

    def _is_other(self, pose: Pose) -> bool:
        """Return whether a body is where somebody else was, and the person was not."""
        if self.before is None:
            return False
        here = apart(pose, self.before)
        return any(apart(pose, other) < min(here, _SAME) for other in self.others)

    def _long_upright(self, pose: Pose) -> bool:
        return _rise_deg(pose) > _LEVEL_DEG and not pose.time_s - self.lain_s < _UPRIGHT_S

    def _waits(self, pose: Pose) -> bool:
        """Return whether a body elsewhere is not yet taken for the person, who lay until now."""
        since_s = pose.time_s if math.isnan(self.lost_s) else self.lost_s
        lay = since_s - self.lain_s < _LOST_S
        unlike = bool(self.others) or _rise_deg(pose) > _LEVEL_DEG
        return lay and unlike and pose.time_s - since_s < _LOST_S


def is_another(body: Pose, known: Iterable[Pose]) -> bool:
    """Return whether a body is somebody else than those who are known.

    What the model makes of a lone arm or leg, or of a wrinkled mat, is nobody: it lies close to
    the body that it belongs to, or hardly any of its joints can be seen.
    """
    if not body.present or body.visibility[_LIMBS].mean() < _SEEN:
        return False
    return not any(apart(body, other) < _ONE_BODY for other in known)


def is_another_shot(pose: Pose, before: Pose) -> bool:
    """Return whether a body comes too soon, too far away or in too different a size to be the same.

    Parameters
    ----------
    pose : Pose
        Of this frame.
    before : Pose
        Of the last frame in which somebody was seen.
    """
    if not pose.time_s - before.time_s <= _SUDDEN_S:
        return False
    small_px, large_px = sorted(distance(*_trunk(body)) for body in (pose, before))
    return apart(pose, before) > _OTHER_SHOT or large_px > _OTHER_SCALE * small_px


def apart(a: Pose, b: Pose) -> float:
    """Return how far two bodies are from each other, in trunks; NaN if that is not known.

    It is the larger of the distances of their shoulders and of their hips.
    """
    ends = [_trunk(pose) for pose in (a, b)]
    gaps_px = [distance(one, other) for one, other in zip(*ends, strict=True)]
    return _largest(*gaps_px) / _largest(_size_px(a), _size_px(b))


@lru_cache(_N_REMEMBERED)
def _trunk(pose: Pose) -> tuple[Point, Point]:
    """Return the middles of shoulders and hips; of what is seen of them."""
    return _middle(pose, "shoulder"), _middle(pose, "hip")


def _middle(pose: Pose, part: str) -> Point:
    seen = [point for point in _pair(pose, part) if not math.isnan(point[0])]
    if not seen:
        return math.nan, math.nan
    return sum(x for x, _ in seen) / len(seen), sum(y for _, y in seen) / len(seen)


def _pair(pose: Pose, part: str) -> tuple[Point, Point]:
    return pose.at(getattr(HALVES[Side.LEFT], part)), pose.at(getattr(HALVES[Side.RIGHT], part))


@lru_cache(_N_REMEMBERED)
def _size_px(pose: Pose) -> float:
    """Return the length of the trunk, or its breadth where that is more: seen from the head end."""
    return _largest(distance(*_trunk(pose)), distance(*_pair(pose, "shoulder")), 1.0)


def _largest(*values: float) -> float:
    """Return the largest that is known; NaN where none is."""
    return max((value for value in values if not math.isnan(value)), default=math.nan)


def _rise_deg(pose: Pose) -> float:
    """Return how steep the trunk is, 0 to 90 degrees; 90 where that is not known."""
    shoulders, hips = _trunk(pose)
    steep_deg = abs(rise_deg(hips, shoulders))
    return 90.0 if math.isnan(steep_deg) else steep_deg


def _oddness(pose: Pose, width_px: float) -> float:
    """Return how little a body seems to be the one that exercises: upright, or at the edge."""
    middles_px = [x for x, _ in _trunk(pose) if not math.isnan(x)]
    if not middles_px:
        return math.inf
    off_middle = abs(2 * sum(middles_px) / len(middles_px) / width_px - 1)
    return _rise_deg(pose) / _LEVEL_DEG + off_middle
