"""Side planks whose angles can be checked on paper.

Lengths are in trunks: upper arm 0.5, arm 1.0, thigh and shank 0.78 each. The floor is y = 0, y goes
up, the head is to the right; the body lies in the plane of the picture, one half above the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from bodies import SHANK, THIGH, _apex, _of, _px, _row, _toward

from formcheck import Pose
from formcheck.landmarks import N_LANDMARKS, Side

UPPER_ARM, ARM = 0.5, 1.0
SHOULDERS, HIPS, ANKLES = 0.65, 0.36, 0.1  # breadths: how far the upper half stands above
SHIFTS = {"shoulder": SHOULDERS, "ear": SHOULDERS / 2, "hip": HIPS, "knee": 0.2, "ankle": ANKLES}

Point = tuple[float, float]


@dataclass(frozen=True)
class SidePlank:
    """A side plank from the front.

    Attributes
    ----------
    side : Side
        The supporting one; with the head to the right, the left one is seen from the chest.
    sag_deg : float
        Bend at the supporting hip, shoulder-hip-ankle (or -knee on the knees); positive hangs.
    offset : float
        Elbow (of the upper arm) or wrist (of the trunk) ahead of the shoulder.
    on : str
        "forearm", "hand" or "knee".
    arm : str
        Where the upper hand is: "hip" or "up".
    wrist_up : float
        Of a supporting forearm: its wrist over the elbow, lower where it points to the camera.
    leg_up : float
        How far the upper foot is lifted.
    breadth : float
        Of what is seen of all breadths: 1 square to the camera, less when the body is rolled.
    """

    side: Side = Side.LEFT
    sag_deg: float = -4.0
    offset: float = 0.0
    on: str = "forearm"
    arm: str = "hip"
    wrist_up: float = -0.15
    leg_up: float = 0.0
    breadth: float = 1.0

    def lower(self) -> dict[str, Point]:
        """Return the supporting half."""
        by_hand = self.on == "hand"
        reach = ARM if by_hand else UPPER_ARM
        x = self.offset * reach
        shoulder, hand = (0.0, math.sqrt(reach**2 - x**2)), (x, 0.0)
        leg = THIGH if self.on == "knee" else THIGH + SHANK
        bend = math.cos(math.radians(self.sag_deg))
        length = math.sqrt(1 + leg * leg + 2 * leg * bend)
        end = (-math.sqrt(length**2 - (shoulder[1] - 0.05) ** 2), 0.05)
        hip = _apex(shoulder, end, 1.0, leg, up=self.sag_deg <= 0)
        elbow = _toward(shoulder, hand, 0.5) if by_hand else hand
        wrist = hand if by_hand else (hand[0] + 0.02, self.wrist_up)
        arm = {"shoulder": shoulder, "elbow": elbow, "wrist": wrist, "hip": hip}
        return arm | _leg(hip, end, folded=self.on == "knee") | {"ear": (0.25, shoulder[1] + 0.1)}

    def upper(self, lower: dict[str, Point]) -> dict[str, Point]:
        """Return the half above it: broad shoulders, narrower hips, one foot on the other."""
        (sx, sy), (hx, hy) = lower["shoulder"], lower["hip"]
        across = (-(sy - hy) * self.breadth, (sx - hx) * self.breadth)  # at a right angle
        places = {
            part: (x + across[0] * SHIFTS.get(part, ANKLES), y + across[1] * SHIFTS.get(part, 0.1))
            for part, (x, y) in lower.items()
        }
        x, y = places["shoulder"]
        hip = places["hip"]
        elbow, wrist = ((x, y + 0.5), (x, y + 0.95)) if self.arm == "up" else ((x - 0.5, y), hip)
        places |= {"elbow": elbow, "wrist": wrist}
        for part in ("ankle", "heel", "toe"):
            places[part] = (places[part][0], places[part][1] + self.leg_up)
        return places

    def pose(self, time_s: float = 0.0) -> Pose:
        """Return the pose in pixels."""
        xy, lower = np.full((N_LANDMARKS, 2), np.nan), self.lower()
        for side, half in ((self.side, lower), (self.side.other, self.upper(lower))):
            for part, place in half.items():
                xy[_row(part, side)] = _px(place)
        xy[0] = _px((0.3, lower["shoulder"][1] + 0.3))
        return Pose(time_s, xy, np.full(N_LANDMARKS, 0.9))


def _leg(hip: Point, end: Point, *, folded: bool) -> dict[str, Point]:
    knee = end if folded else _toward(hip, end, THIGH / (THIGH + SHANK))
    ankle = (end[0] - 0.1, 0.12) if folded else end
    feet = dict.fromkeys(("heel", "toe"), (ankle[0] - 0.1, ankle[1]))
    return {"knee": knee, "ankle": ankle} | feet


def dips(n: int, period_s: float, fps: float = 25.0, start_s: float = 0.0) -> Iterator[Pose]:
    """Yield hips that sink to just above the floor and rise above the line, without a rest."""
    for index in range(round(n * period_s * fps)):
        share = 0.5 - 0.5 * math.cos(2 * math.pi * index / fps / period_s)
        yield SidePlank(sag_deg=-20 + 29 * share).pose(start_s + index / fps)


def resting(time_s: float = 0.0) -> Pose:
    """Return a side plank that rests with the hip on the floor."""
    return replace(SidePlank(), sag_deg=20.0).pose(time_s)


def side_sitting(time_s: float = 0.0) -> Pose:
    """Return somebody who sits beside the heels and leans on one hand."""
    lower = {
        "ear": (0.2, 1.3), "shoulder": (0.0, 1.0), "elbow": (0.05, 0.5), "wrist": (0.1, 0.0),
        "hip": (-0.55, 0.15), "knee": (-1.1, 0.05), "ankle": (-1.5, 0.1), "heel": (-1.6, 0.1),
        "toe": (-1.6, 0.05), "nose": (0.25, 1.25),
    }  # fmt: skip
    pose = _of(lower, time_s)
    xy = pose.xy.copy()
    for part, shift in (("shoulder", (-0.4, 0.4)), ("hip", (-0.2, 0.25)), ("knee", (0.0, 0.1))):
        x, y = lower[part]
        xy[_row(part, Side.RIGHT)] = _px((x + shift[0], y + shift[1]))
    return Pose(time_s, xy, pose.visibility)
