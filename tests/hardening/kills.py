"""End programs at random moments: ``python -m tests.hardening.kills [--way live] [--n 60]``.

What stands under its name afterwards is whole: the page, the numbers, every picture of the video.
Every other signal comes twice, as from somebody in a hurry.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av

ROOT = Path(__file__).parents[2]
CLIPS = tuple(ROOT / "samples" / name for name in ("plank_sag_pike.mp4", "plank_good.mp4"))
PATIENCE_S = 60.0
AGAIN_S = 0.2
# Python ends itself by SIGINT (-2) when the signal came while it ran the text of a program, as for
# a dataclass: handled, told, and the same 130 to a shell.
STOPPED = {signal.SIGINT: {130, -2}, signal.SIGTERM: {130, -2}, signal.SIGKILL: {-9}}


@dataclass(frozen=True)
class Way:
    """A command that is ended."""

    arguments: Callable[[Path], list[object]]
    latest_s: float  # by then most are done
    all_pictures: bool = True


WAYS = {
    "analyze": Way(lambda out: ["analyze", CLIPS[0], "--out", out], 9),
    "live": Way(
        lambda out: [
            *("live", "--camera", CLIPS[0], "--no-window", "--mute", "--save", out),
            *("--record", out.parent / "annotated.mp4"),
        ],
        14,
        all_pictures=False,
    ),
    "batch": Way(
        lambda out: [
            *("batch", *CLIPS, "--out", out),
            *("--workers", 1, "--report", "--video"),
        ],
        20,
    ),
}


def ended(way: Way, folder: Path, how: signal.Signals, after_s: float, times: int) -> list[str]:
    """Start a command, end it with a signal after some time; return what is wrong afterwards."""
    program = [sys.executable, "-X", "faulthandler", "-m", "formcheck"]
    with subprocess.Popen(
        [*program, *map(str, way.arguments(folder / "out"))],
        cwd=ROOT,
        env=os.environ | {"XDG_CONFIG_HOME": str(folder.parent)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
        preexec_fn=_heeding_signals,  # noqa: PLW1509 - it calls nothing that takes a lock
    ) as run:
        _wait_for_handlers(run)
        for wait_s in (after_s, *[AGAIN_S] * (times - 1)):
            time.sleep(wait_s)
            if run.poll() is None:  # Ctrl-C goes to every process of a terminal
                os.killpg(run.pid, how) if how == signal.SIGINT else run.send_signal(how)
        try:
            _, errors = run.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGABRT)  # it then tells where it is
            _, errors = run.communicate()
            return [f"hangs after {how.name} at {after_s:.2f} s: {errors}"]
    wrong = list(_spoilt(folder, way)) + ([errors] if "Traceback" in errors else [])
    # The second signal may find it on its way out, where Python heeds none any more.
    on_its_way = times > 1 and run.returncode == -how
    if run.returncode not in {0, *STOPPED[how]} and not on_its_way:
        wrong.append(f"exit {run.returncode} after {how.name} at {after_s:.2f} s: {errors}")
    if how != signal.SIGKILL and (left := [path.name for path in folder.rglob(".*")]):
        wrong.append(f"left behind after {how.name} at {after_s:.2f} s: {left}")
    return wrong


def _heeding_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _wait_for_handlers(run: subprocess.Popen[str]) -> None:
    """Wait until a program heeds SIGTERM: before, Python itself is still being started."""
    bit, status = 1 << (signal.SIGTERM - 1), Path(f"/proc/{run.pid}/status")
    while run.poll() is None:
        caught = next(line for line in status.read_text().splitlines() if "SigCgt" in line)
        if int(caught.split()[1], 16) & bit:
            return
        time.sleep(0.01)


def _spoilt(folder: Path, way: Way) -> Iterator[str]:
    """Yield which files that stand under their names are not whole."""
    checks = {
        "annotated.mp4": lambda path: _is_played(path, way),
        "summary.json": lambda path: json.loads(path.read_text()),
        "clip.json": lambda path: json.loads(path.read_text()),
        "metrics.csv": lambda path: list(csv.reader(path.open())),
        "results.csv": lambda path: list(csv.reader(path.open())),
        "report.html": lambda path: path.read_text().rstrip().endswith("</html>"),
    }
    for name, check in checks.items():
        for path in folder.rglob(name):
            try:
                if not check(path):
                    yield f"{name} is not whole"
            except (ValueError, av.FFmpegError) as error:
                yield f"{name}: {error}"


def _is_played(path: Path, way: Way) -> bool:
    n_pictures = _n_pictures(path)
    return n_pictures in map(_n_pictures, CLIPS) if way.all_pictures else n_pictures > 0


def _n_pictures(path: Path) -> int:
    with av.open(str(path)) as video:
        return sum(1 for _ in video.decode(video=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=WAYS, default="analyze")
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311 - no secret
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for index in range(wanted.n):
        how = list(STOPPED)[index % len(STOPPED)]
        way, times = WAYS[wanted.way], 1 + index // len(STOPPED) % 2
        with tempfile.TemporaryDirectory() as name:
            (folder := Path(name) / "kept").mkdir()
            wrong += ended(way, folder, how, chance.uniform(0, way.latest_s), times)
        tried[how.name] += 1
    print(dict(tried), f"{len(wrong)} wrong", *wrong, sep="\n")  # noqa: T201
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
