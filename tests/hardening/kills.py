"""End analyses at random moments: ``python -m tests.hardening.kills [--n 60] [--seed 0]``.

What stands under its name afterwards is whole: the page, the numbers, every picture of the video.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import av

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "samples" / "plank_sag_pike.mp4"
LATEST_S = 9.0  # by then most are done
PATIENCE_S = 60.0
# Python ends itself by SIGINT (-2) when the signal came while it ran the text of a program, as for
# a dataclass: handled, told, and the same 130 to a shell.
STOPPED = {signal.SIGINT: {130, -2}, signal.SIGTERM: {130, -2}, signal.SIGKILL: {-9}}


def ended(out: Path, how: signal.Signals, after_s: float) -> list[str]:
    """Analyse, end it with a signal after some time; return what is wrong afterwards."""
    program = [sys.executable, "-X", "faulthandler", "-m", "formcheck"]
    command = [*program, "analyze", str(CLIP), "--out", str(out)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeding_signals,  # noqa: PLW1509 - it calls nothing that takes a lock
    ) as run:
        time.sleep(after_s)
        run.send_signal(how)
        try:
            _, errors = run.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGABRT)  # it then tells where it is
            _, errors = run.communicate()
            return [f"hangs after {how.name} at {after_s:.2f} s: {errors}"]
    wrong = list(_spoilt(out)) + ([errors] if "Traceback" in errors else [])
    if run.returncode not in {0, *STOPPED[how]}:
        wrong.append(f"exit {run.returncode} after {how.name} at {after_s:.2f} s: {errors}")
    if how != signal.SIGKILL and (left := [path.name for path in out.glob(".*")]):
        wrong.append(f"left behind: {left}")
    return wrong


def _heeding_signals() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _spoilt(out: Path) -> list[str]:
    """Return which files that stand under their names are not whole."""
    checks = {
        "annotated.mp4": _n_pictures,
        "summary.json": lambda path: json.loads(path.read_text()),
        "metrics.csv": lambda path: list(csv.reader(path.open())),
        "report.html": lambda path: path.read_text().rstrip().endswith("</html>"),
    }
    wrong = []
    for name, check in checks.items():
        try:
            if (out / name).exists() and not check(out / name):
                wrong.append(f"{name} is not whole")
        except (ValueError, av.FFmpegError) as error:
            wrong.append(f"{name}: {error}")
    return wrong


def _n_pictures(path: Path) -> bool:
    with av.open(str(path)) as video, av.open(str(CLIP)) as original:
        return sum(1 for _ in video.decode(video=0)) == original.streams.video[0].frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311 - no secret
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for index in range(wanted.n):
        how = list(STOPPED)[index % len(STOPPED)]
        with tempfile.TemporaryDirectory() as folder:
            wrong += ended(Path(folder) / "out", how, chance.uniform(1.0, LATEST_S))
        tried[how.name] += 1
    print(dict(tried), f"{len(wrong)} wrong", *wrong, sep="\n")  # noqa: T201
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
