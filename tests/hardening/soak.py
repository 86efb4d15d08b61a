"""Two hours, and what they cost: ``python -m tests.hardening.soak live|file [--hours 2]``.

``live`` runs a take of live coaching on drawn bodies by a clock of its own, so that hours pass in
minutes: all but the camera, the pose model and the sound. ``file`` analyses a film of one picture
a second, with the pose model, and writes the results but the annotated video.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from types import SimpleNamespace

sys.path[:0] = [str(Path(__file__).parents[1])]

import av  # noqa: E402
import media  # noqa: E402
import numpy as np  # noqa: E402
from bodies import Plank, clip  # noqa: E402

import formcheck  # noqa: E402
from formcheck import EXERCISES, Pose  # noqa: E402
from formcheck.feed import FeedState  # noqa: E402
from formcheck.outputs import Outputs  # noqa: E402
from formcheck.pipeline import Frame  # noqa: E402
from formcheck.stage import draw_scene  # noqa: E402
from formcheck.take import Take  # noqa: E402
from formcheck.training import Plan  # noqa: E402
from formcheck.voice import Voice  # noqa: E402
from formcheck.wishes import Wishes  # noqa: E402

FPS = 15
CLIP = Path(__file__).parents[2] / "samples" / "plank_sag_pike.mp4"
MOST_MB, MOST_SLOWER = 30, 1.5


class Watched:
    """Memory and time along the way."""

    def __init__(self, per_s: float) -> None:
        self.per_s, self.mb, self.took_s = per_s, [], []
        self._last_s = time.perf_counter()

    def one_more(self) -> None:
        now_s = time.perf_counter()
        self.took_s.append(now_s - self._last_s)
        self._last_s = now_s
        if len(self.took_s) % int(60 * self.per_s) == 0:
            self.mb.append(_status("VmRSS") // 1024)

    def told(self) -> str:
        return (
            f"{len(self.took_s)} frames, {len(self.took_s) / self.per_s / 3600:.1f} h; "
            f"memory {self.mb[0]} MB after a minute, {max(self.mb)} at most, {self.mb[-1]} at the "
            f"end; a frame {1000 * self._early:.1f} ms early, {1000 * self._late:.1f} ms late"
        )

    @property
    def _early(self) -> float:
        return median(self.took_s[len(self.took_s) // 100 :][: len(self.took_s) // 10])

    @property
    def _late(self) -> float:
        return median(self.took_s[-len(self.took_s) // 10 :])

    @property
    def is_well(self) -> bool:
        return max(self.mb) - self.mb[0] <= MOST_MB and self._late < MOST_SLOWER * self._early


class Lookout:
    """Bodies of a training again and again, at the pace of whoever asks."""

    ended = True

    def __init__(self, n_frames: int) -> None:
        image = np.full((720, 1280, 3), 90, np.uint8)
        scene = clip((40, Plank()), (10, Plank(sag_deg=15)), (30, Plank()), fps=FPS)
        poses = [*scene, *(Pose.absent(0.0) for _ in range(20 * FPS))]
        self._left = islice(enumerate(cycle(poses)), n_frames)
        self._image = image

    def newest(self, _: float) -> tuple[Frame, Pose] | None:
        index, pose = next(self._left, (0, None))
        if pose is None:
            return None
        time_s = index / FPS
        moved = Pose(time_s, pose.xy, pose.visibility, pose.world_m)
        return Frame(time_s, self._image), moved


def live(hours: float) -> Watched:
    watched = Watched(FPS)

    def show(scene: object) -> None:
        if len(watched.took_s) % 100 == 0:
            draw_scene(scene, (640, 360))
        watched.one_more()

    feed = SimpleNamespace(state=FeedState.RUNNING, trouble="", damage=None)
    lookout = Lookout(int(hours * 3600 * FPS))
    with Voice(muted=True) as voice:
        Take(feed, lookout, SimpleNamespace(show=show), voice, Wishes(EXERCISES, Plan())).summary()
    return watched


def file(hours: float) -> Watched:
    watched = Watched(1)
    with tempfile.TemporaryDirectory() as name, av.open(str(CLIP)) as video:
        frames = islice(video.decode(video=0), 0, None, 6)
        images = [frame.to_ndarray(format="bgr24") for frame in frames]
        path = Path(name) / "long.mp4"
        film = islice(cycle(images), int(hours * 3600))
        media.write_video(path, film, coding=media.Coding(options={"preset": "ultrafast"}), fps=1)
        outputs = Outputs(Path(name) / "out", video=False)
        formcheck.analyze(path, outputs=outputs, progress=lambda *_: watched.one_more())
    return watched


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _held() -> tuple[int, int]:
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=("live", "file"))
    parser.add_argument("--hours", type=float, default=2)
    wanted = parser.parse_args()
    way = {"live": live, "file": file}[wanted.way]
    way(1 / 30)  # what is loaded once
    before = _held()
    watched = way(wanted.hours)
    print(f"{watched.told()}; threads and handles {before} before, {_held()} after")  # noqa: T201
    sys.exit(not watched.is_well or _held() != before)


if __name__ == "__main__":
    main()
