"""Read damaged videos in a child process with limits, and count what becomes of them.

The child reads, prints one line for each seed, and is replaced when it dies or is silent.
"""

from __future__ import annotations

import json
import resource
import selectors
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hardening.damage import damaged, sound_files  # noqa: E402

import formcheck  # noqa: E402
from formcheck import capture  # noqa: E402
from formcheck.outputs import Outputs  # noqa: E402
from formcheck.pipeline import FormcheckError  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CLIP = ROOT / "samples" / "plank_good.mp4"
SILENCE_S = 40.0  # then it hangs
N_FRAMES = 200
ROOM_BYTES = 2**30  # of address space, besides what the libraries take
LATEST_S = 1e7


@dataclass
class Counts:
    """What became of the videos."""

    outcomes: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    peak_mb: int = 0
    peak_of: str = ""
    bad: list[str] = field(default_factory=list)  # what must not be

    def add(self, told: dict[str, str]) -> None:
        self.outcomes[told["outcome"]] += 1
        self.kinds[told["kind"]] += 1
        peak = f"{told['kind']}, seed {told['seed']}"
        self.peak_mb, self.peak_of = max((self.peak_mb, self.peak_of), (int(told["peak_mb"]), peak))
        if told["outcome"] not in {"read", "refused"}:
            self.lose(told["seed"], told["outcome"], f"{told['kind']}: {told['reason']}")

    def lose(self, seed: object, outcome: str, reason: str = "") -> None:
        self.bad.append(f"seed {seed}: {outcome} {reason}")


def count(seeds: range, way: str = "read", silence_s: float = SILENCE_S) -> Counts:
    """Try the videos of some seeds: ``read`` them, or ``analyze`` them with the pose model."""
    counts, left = Counts(), seeds
    while left:
        command = [sys.executable, __file__, way, str(left.start), str(left.stop)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
            done = _heard(child, counts, silence_s)
        left = left[done:]
        if left:
            counts.outcomes["hang" if child.returncode == -9 else "crash"] += 1
            counts.lose(left.start, f"ended with {child.returncode}")
            left = left[1:]
    return counts


def _heard(child: subprocess.Popen[str], counts: Counts, silence_s: float) -> int:
    """Count what a child tells; return for how many seeds. One that is silent is killed."""
    n_done = 0
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ)
        while waiting.select(silence_s):
            line = child.stdout.readline()
            if not line:
                child.wait()
                return n_done
            counts.add(json.loads(line))
            n_done += 1
    child.kill()
    return n_done


def _tried(way: Callable[[Path], str], path: Path) -> tuple[str, str]:
    """Return what became of a video, and why."""
    try:
        return "read", way(path)
    except FormcheckError as error:
        told = str(error)
        clear = path.name in told and "\n" not in told and ("; " in told or ": " in told)
        return ("refused" if clear else "unclear"), told
    except BaseException as error:  # noqa: BLE001 - that is what is looked for
        return "traceback", f"{type(error).__name__}: {error}"


def read(path: Path) -> str:
    """Read a video as `analyze` does, the beginning of a long one."""
    with capture.VideoFile(path) as video:
        times_s = [frame.time_s for frame in islice(video, N_FRAMES)]
    steps_s = [after - before for before, after in pairwise(times_s)]
    if not all(step_s > 0 for step_s in steps_s) or times_s[-1] > LATEST_S:
        raise AssertionError(f"times {times_s[:3]} ... {times_s[-1]}")
    return video.damage or ""


def analyze(path: Path) -> str:
    """Analyse a video and write the results, and look whether they are whole."""
    with tempfile.TemporaryDirectory() as out:
        formcheck.analyze(path, outputs=Outputs(Path(out)))
        text = (Path(out) / "summary.json").read_text()
        json.loads(text, parse_constant=_not_json)
    return ""


def _not_json(word: str) -> None:
    raise AssertionError(f"{word} in summary.json")


def _lines(way: Callable[[Path], str], seeds: Sequence[int]) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        sources = sound_files(Path(folder), CLIP)
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            kind, path = damaged(seed, Path(folder), sources)
            _forget_peak()
            outcome, reason = _tried(way, path)
        told = {"seed": seed, "kind": kind, "outcome": outcome, "reason": reason}
        yield json.dumps(told | {"peak_mb": _peak_mb()})


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> int:
    return _status_kb("VmHWM") // 1024


def _status_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _child(way: str, start: int, stop: int) -> None:
    capture._PATIENCE_S = (1.0, 1.0)  # what has no end is then given up sooner
    room = (1 if way == "read" else 4) * ROOM_BYTES + _status_kb("VmSize") * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    for line in _lines({"read": read, "analyze": analyze}[way], range(start, stop)):
        print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    _child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
