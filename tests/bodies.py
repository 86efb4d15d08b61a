"""Tiny bodies whose angles can be checked on paper, and what can be done to them.

Lengths are in trunks until `pose` scales them: upper arm 0.55, thigh and shank 0.78 each. The
floor is y = 0, y goes up, the head is to the right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from formcheck import EXERCISES, Pose, Session
from formcheck.landmarks import HALVES, N_LANDMARKS, Landmark, Side
from formcheck.silhouette import STATIONS, Outline

UPPER_ARM, FOREARM, ARM, THIGH, SHANK = 0.55, 0.45, 1.0, 0.78, 0.78
ANKLE_HEIGHT = 0.3
TRUNK_PX = 200.0
SIZE_WH = (1280, 720)
PLANK = EXERCISES[0]


@dataclass(frozen=True)
class Plank:
    """A plank from the side.

    Attributes
    ----------
    sag_deg : float
        Bend at the hip, shoulder-hip-ankle (or -knee on the knees); positive hangs.
    knee_deg : float
        Flexion of the knee, toward the floor.
    gaze_deg : float
        Direction from ear to nose against the trunk; 90 looks straight down.
    hand_offset : float
        Elbow (of the upper arm's length) or wrist (of the trunk's) ahead of the shoulder.
    breadth : float
        Distance of the shoulders in the picture, in trunks: 0.1 from the side.
    high, on_knees : bool
        On the hands, on the knees.
    """

    sag_deg: float = -5.0
    knee_deg: float = 5.0
    gaze_deg: float = 90.0
    hand_offset: float = 0.0
    breadth: float = 0.1
    high: bool = False
    on_knees: bool = False

    def points(self) -> dict[str, tuple[float, float]]:
        """Return where the joints are, in trunks."""
        reach = ARM if self.high else UPPER_ARM
        offset = self.hand_offset * (1.0 if self.high else UPPER_ARM)
        shoulder = (0.0, math.sqrt(reach**2 - offset**2))
        hand = (offset, 0.0)
        leg = THIGH if self.on_knees else self._straight(THIGH, SHANK, self.knee_deg)
        low = 0.0 if self.on_knees else ANKLE_HEIGHT
        end = self._leg_end(shoulder, leg, low)
        hip = _apex(shoulder, end, 1.0, leg, up=self.sag_deg <= 0)
        parts = {"shoulder": shoulder, "hip": hip, "elbow": hand, "wrist": (FOREARM, 0.02)}
        if self.high:
            parts |= {"elbow": _toward(shoulder, hand, UPPER_ARM / ARM), "wrist": hand}
        return parts | self._leg(hip, end) | self._head(hip, shoulder)

    def _leg_end(
        self, shoulder: tuple[float, float], leg: float, low: float
    ) -> tuple[float, float]:
        length = self._straight(1.0, leg, self.sag_deg)
        return -math.sqrt(length**2 - (shoulder[1] - low) ** 2), low

    @staticmethod
    def _straight(a: float, b: float, bend_deg: float) -> float:
        """Return the third side of a triangle, by the bend between two."""
        return math.sqrt(a * a + b * b + 2 * a * b * math.cos(math.radians(bend_deg)))

    def _leg(
        self, hip: tuple[float, float], end: tuple[float, float]
    ) -> dict[str, tuple[float, float]]:
        if self.on_knees:
            feet = {"ankle": (end[0] - SHANK, 0.1), "toe": (end[0] - SHANK - 0.1, 0.0)}
            return {"knee": end, **feet, "heel": (end[0] - SHANK - 0.15, 0.2)}
        knee = _apex(hip, end, THIGH, SHANK, up=False)
        return {"knee": knee, "ankle": end, "toe": (end[0], 0.0), "heel": (end[0] - 0.15, 0.25)}

    def _head(
        self, hip: tuple[float, float], shoulder: tuple[float, float]
    ) -> dict[str, tuple[float, float]]:
        trunk = math.atan2(shoulder[1] - hip[1], shoulder[0] - hip[0])
        ear = (shoulder[0] + 0.3 * math.cos(trunk), shoulder[1] + 0.3 * math.sin(trunk))
        gaze = trunk - math.radians(self.gaze_deg)
        return {"ear": ear, "nose": (ear[0] + 0.2 * math.cos(gaze), ear[1] + 0.2 * math.sin(gaze))}

    def pose(self, time_s: float = 0.0) -> Pose:
        """Return the pose in pixels; the right side is the near one."""
        xy = np.full((N_LANDMARKS, 2), np.nan)
        for part, place in self.points().items():
            for side in Side:
                xy[_row(part, side)] = _px(place)
        shift = self.breadth * TRUNK_PX
        xy[Landmark.LEFT_SHOULDER] += (shift, 0)
        xy[Landmark.LEFT_HIP] += (shift / 2, 0)
        return Pose(time_s, xy, _visibility(near=Side.RIGHT))


def _row(part: str, side: Side) -> Landmark:
    return Landmark.NOSE if part == "nose" else getattr(HALVES[side], part)


def _px(place: tuple[float, float]) -> tuple[float, float]:
    return 900.0 + TRUNK_PX * place[0], 600.0 - TRUNK_PX * place[1]


def _visibility(near: Side) -> np.ndarray:
    values = np.full(N_LANDMARKS, 0.5)
    values[[landmark for landmark in Landmark if near.name in landmark.name]] = 0.99
    return values


def _apex(
    a: tuple[float, float], b: tuple[float, float], to_a: float, to_b: float, *, up: bool
) -> tuple[float, float]:
    """Return the corner of a triangle over the side a, b, on its upper or lower side."""
    base = math.dist(a, b)
    x = (to_a**2 - to_b**2 + base**2) / (2 * base)
    height = math.sqrt(max(0.0, to_a**2 - x**2)) * (1 if up else -1)
    dx, dy = (b[0] - a[0]) / base, (b[1] - a[1]) / base
    flip = -1 if dx < 0 else 1
    return a[0] + x * dx - flip * height * dy, a[1] + x * dy + flip * height * dx


def push_ups(n: int, period_s: float, fps: float = 25.0) -> Iterator[Pose]:
    """Yield push-ups without a rest: a high plank that sinks by 0.6 trunks and comes up again."""
    for index in range(round(n * period_s * fps)):
        depth = 0.3 - 0.3 * math.cos(2 * math.pi * index / fps / period_s)
        yield _of(_lowered(depth), index / fps)


def _lowered(depth: float) -> dict[str, tuple[float, float]]:
    shoulder, hand = (0.0, 0.98 - depth), (0.0, 0.0)
    body = math.dist((0, 0), (1.0 + THIGH + SHANK, 0))
    ankle = (-math.sqrt(body**2 - (shoulder[1] - ANKLE_HEIGHT) ** 2), ANKLE_HEIGHT)
    hip, knee = (_toward(shoulder, ankle, share / body) for share in (1.0, 1.0 + THIGH))
    elbow = _apex(shoulder, hand, UPPER_ARM, FOREARM, up=True)
    feet = {"ankle": ankle, "toe": (ankle[0], 0.0), "heel": (ankle[0] - 0.15, 0.25)}
    head = {"ear": (0.3, shoulder[1] + 0.05), "nose": (0.32, shoulder[1] - 0.15)}
    return (
        {"shoulder": shoulder, "hip": hip, "knee": knee, "elbow": elbow, "wrist": hand}
        | feet
        | head
    )


def mountain_climbers(n: int, period_s: float, fps: float = 25.0) -> Iterator[Pose]:
    """Yield a high plank in which one knee after the other is drawn in."""
    plank = Plank(high=True, sag_deg=-12)
    for index in range(round(n * period_s * fps)):
        phase = math.sin(2 * math.pi * index / fps / period_s)
        side = Side.RIGHT if phase > 0 else Side.LEFT
        yield _with_knee_drawn_in(plank.pose(index / fps), plank.points()["hip"], side, abs(phase))


def _with_knee_drawn_in(pose: Pose, hip: tuple[float, float], side: Side, how_far: float) -> Pose:
    half, xy = HALVES[side], pose.xy.copy()
    knee = (hip[0] - 0.75 + 1.35 * how_far, hip[1] - 0.2 - 0.25 * how_far)
    ankle = (knee[0] - 0.7, max(knee[1] - 0.2, 0.15))
    places = {"knee": knee, "ankle": ankle, "heel": ankle, "toe": (ankle[0], ankle[1] - 0.15)}
    for part, place in places.items():
        xy[getattr(half, part)] = _px(place)
    return Pose(pose.time_s, xy, pose.visibility)


def _toward(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def standing(time_s: float = 0.0) -> Pose:
    """Return somebody who stands, from the side."""
    places = {
        "ear": (0.0, 2.9), "shoulder": (0.0, 2.6), "elbow": (0.0, 2.05), "wrist": (0.0, 1.6),
        "hip": (0.0, 1.6), "knee": (0.0, 0.82), "ankle": (0.0, 0.05), "heel": (-0.1, 0.0),
        "toe": (0.25, 0.0), "nose": (0.15, 2.85),
    }  # fmt: skip
    return _of(places, time_s)


def lying_on_elbows(time_s: float = 0.0) -> Pose:
    """Return somebody who lies on the belly, propped on the elbows: no plank."""
    places = {
        "ear": (0.15, 0.85), "shoulder": (0.0, 0.58), "elbow": (0.0, 0.0), "wrist": (0.45, 0.02),
        "hip": (-0.9, 0.17), "knee": (-1.65, 0.08), "ankle": (-2.4, 0.1), "heel": (-2.5, 0.15),
        "toe": (-2.55, 0.0), "nose": (0.25, 0.75),
    }  # fmt: skip
    return _of(places, time_s)


def _of(places: dict[str, tuple[float, float]], time_s: float) -> Pose:
    xy = np.full((N_LANDMARKS, 2), np.nan)
    for part, place in places.items():
        for side in Side:
            xy[_row(part, side)] = _px(place)
    return Pose(time_s, xy, _visibility(near=Side.RIGHT))


@dataclass(frozen=True)
class Supine:
    """Somebody on the back, the head to the right, the knees bent.

    Attributes
    ----------
    lift_deg : float
        Trunk above the level.
    neck_deg : float
        Direction from shoulder to ear against the trunk, toward the chest.
    thigh_deg : float
        Thigh above the level, toward the feet.
    breadth : float
        Distance of the shoulders in the picture, in trunks.
    """

    lift_deg: float = 0.0
    neck_deg: float = 45.0
    thigh_deg: float = 50.0
    breadth: float = 0.15

    def pose(self, time_s: float = 0.0) -> Pose:
        """Return the pose in pixels; the right side is the near one."""
        hip, lift = (0.0, 0.2), math.radians(self.lift_deg)
        shoulder = _from(hip, lift, 1.0)
        ear = _from(shoulder, lift + math.radians(self.neck_deg), 0.3)
        knee = _from(hip, math.pi - math.radians(self.thigh_deg), THIGH)
        ankle = _from(knee, -math.pi + math.radians(60), SHANK)
        pose = _of(
            {
                "hip": hip,
                "shoulder": shoulder,
                "ear": ear,
                "nose": _from(ear, lift + math.pi / 2, 0.15),
                "elbow": _from(shoulder, math.pi / 2, UPPER_ARM),
                "wrist": _from(shoulder, math.pi / 2, 0.2),
                "knee": knee,
                "ankle": ankle,
                "heel": ankle,
                "toe": _from(ankle, math.pi, 0.2),
            },
            time_s,
        )
        xy = pose.xy.copy()
        xy[Landmark.LEFT_SHOULDER] += (0, self.breadth * TRUNK_PX)
        return Pose(time_s, xy, pose.visibility)


def _from(start: tuple[float, float], angle: float, length: float) -> tuple[float, float]:
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


@dataclass(frozen=True)
class Move:
    """One repetition: up to a lift and a neck angle and down again, with a rest after it."""

    lift_deg: float = 18.0
    neck_deg: float = 55.0
    seconds: float = 4.0
    rest_s: float = 1.0
    bottom_deg: float = 0.0
    thigh_deg: float = 50.0


def crunches(*moves: Move, lie_s: float = 2.0, fps: float = 25.0) -> Iterator[Pose]:
    """Yield repetitions, after lying still for a while."""
    bodies = [Supine()] * round(lie_s * fps)
    low = 0.0
    for move in moves:
        n = round(move.seconds * fps)
        for index in range(n):
            share = 0.5 - 0.5 * math.cos(2 * math.pi * (index + 1) / n)
            base = low if index < n / 2 else move.bottom_deg
            bodies.append(
                Supine(
                    base + share * (move.lift_deg - base),
                    45.0 + share * (move.neck_deg - 45.0),
                    50.0 + share * (move.thigh_deg - 50.0),
                )
            )
        low = move.bottom_deg
        bodies += [Supine(lift_deg=low)] * round(move.rest_s * fps)
    return (body.pose(index / fps) for index, body in enumerate(bodies))


def pedalling(
    lift_deg: float,
    *,
    apart_deg: float = 110.0,
    pull_deg: float = 0.0,
    seconds: float = 10.0,
    change_s: float = 2.0,
) -> Iterator[Pose]:
    """Yield bicycles: one knee comes in while the other leg goes out, and back.

    Once in each change the thighs are that far apart, and the head is pulled up by so much.
    """
    for index in range(round(25 * seconds)):
        turn = math.sin(math.pi * index / 25 / change_s)
        near_deg, neck_deg = 60 + apart_deg / 2 * turn, 45 + pull_deg * abs(turn)
        near = Supine(lift_deg, neck_deg, near_deg).pose(index / 25)
        xy, far = near.xy.copy(), Supine(lift_deg, neck_deg, 120 - near_deg).pose().xy
        rows = [row for row in Landmark if row >= Landmark.LEFT_KNEE and "LEFT" in row.name]
        xy[rows] = far[rows]
        yield Pose(near.time_s, xy, near.visibility)


def one_after_the_other(*scenes: Iterable[Pose]) -> Iterator[Pose]:
    """Yield the poses of some scenes, each a little after the one before."""
    start_s = 0.0
    for scene in scenes:
        time_s = 0.0
        for pose in scene:
            time_s = start_s + pose.time_s
            yield replace(pose, time_s=time_s)
        start_s = time_s + 0.2


def clip(*parts: tuple[float, Plank | Pose | None], fps: float = 10.0) -> Iterator[Pose]:
    """Yield poses: each body for so many seconds, one after the other; None is nobody."""
    index = 0
    for seconds, body in parts:
        for _ in range(round(seconds * fps)):
            yield at(body, index / fps)
            index += 1


def at(body: Plank | Pose | None, time_s: float) -> Pose:
    """Return a body as a pose of that time."""
    if body is None:
        return Pose.absent(time_s)
    if isinstance(body, Plank):
        return body.pose(time_s)
    return replace(body, time_s=time_s)


def arched(body: Plank, deg: float) -> Pose:
    """Return a plank whose back bends in by so many degrees at the small of it."""
    pose = body.pose()
    above = 0.2 + math.tan(math.radians(deg / 2)) * np.abs(STATIONS - 0.7)
    below = np.full_like(STATIONS, 0.2)
    outline = Outline(pose.middle_of_shoulders, pose.middle_of_hips, above, below)
    return replace(pose, back=outline)


def fold(poses: Iterable[Pose], session: Session | None = None) -> Session:
    """Return the session after all poses."""
    session = session or Session.of(PLANK)
    for pose in poses:
        session = session.after(pose)
    return session


def mirrored(pose: Pose, width_px: float = SIZE_WH[0]) -> Pose:
    """Return the pose in the mirror: left is right, and x runs backwards."""
    swap = [landmark.mirrored() for landmark in Landmark]
    xy = pose.xy[swap] * (-1, 1) + (width_px, 0)
    world = None if pose.world_m is None else pose.world_m[swap] * (-1, 1, 1)
    flipped = Pose(pose.time_s, xy, pose.visibility[swap], world)
    ends = {"shoulders": flipped.middle_of_shoulders, "hips": flipped.middle_of_hips}
    return replace(flipped, back=pose.back and replace(pose.back, **ends))


def scaled(pose: Pose, by: float) -> Pose:
    """Return the pose of a person farther away or nearer."""
    return Pose(pose.time_s, pose.xy * by, pose.visibility, pose.world_m)


def shifted(pose: Pose, x: float, y: float) -> Pose:
    """Return the pose elsewhere in the picture."""
    return Pose(pose.time_s, pose.xy + np.array([x, y]), pose.visibility, pose.world_m)


def rolled(pose: Pose, by_deg: float) -> Pose:
    """Return the pose in the picture of a camera that is rolled."""
    angle = math.radians(by_deg)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    middle = np.array(SIZE_WH) / 2
    xy = (pose.xy - middle) @ turn + middle
    return Pose(pose.time_s, xy, pose.visibility, pose.world_m)


def without(pose: Pose, *parts: str) -> Pose:
    """Return the pose with joints of both sides not seen."""
    xy = pose.xy.copy()
    for part in parts:
        for side in Side:
            xy[_row(part, side)] = np.nan
    return Pose(pose.time_s, xy, pose.visibility, pose.world_m)


def changed(plank: Plank, **values: float) -> Plank:
    """Return a plank with other angles."""
    return replace(plank, **values)
