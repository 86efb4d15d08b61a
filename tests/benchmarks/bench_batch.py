"""Two workers against one; and a large batch: broken clips among good ones, killed and resumed.

Run it with ``python tests/benchmarks/bench_batch.py --clips 2000 --kills 10``. One clip in ten is
broken, in twenty ways. It prints what came of it, the parent's peak memory, and the ratio of speed.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

import media
import numpy as np
from test_batch import shortened

PROGRAM = [sys.executable, "-m", "formcheck", "batch"]
SAMPLES = ("plank_good.mp4", "plank_sag_pike.mp4", "highplank_head_knee.mp4", "crunch_head.mp4")
GREY = np.full((96, 128, 3), 120, np.uint8)


def main() -> None:
    """Compare two workers with one; then make clips, run them undisturbed and disturbed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=300)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3, help="of one worker against two")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clips, out = Path(folder, "clips"), Path(folder, "out")
        compare_workers(Path(folder), arguments.rounds)
        ways = make(clips, arguments.clips, arguments.frames)
        seconds, peak_mb = run(clips, out)
        tell(out, ways, seconds, peak_mb)
        if arguments.kills:
            disturb(clips, Path(folder, "again"), out, arguments.kills, seconds)


def make(clips: Path, n: int, n_frames: int) -> dict[str, str]:
    """Make the clips; return how each broken one is broken."""
    good = [shortened(name, clips / f"of-{name}", n_frames, 70).read_bytes() for name in SAMPLES]
    for path in clips.iterdir():
        path.unlink()
    every = list(BREAKS.items())
    ways = {}
    for index in range(n):
        path = clips / f"{index % 20:02}" / f"clip {index // 20}.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        # A few more bytes at the end make each file another one, and change nothing.
        path.write_bytes(good[index % len(good)] + b"\0\0\0\x10free" + index.to_bytes(8, "big"))
        if index % 10 == 9:
            way, spoil = every[index // 10 % len(every)]
            spoil(path)
            ways[str(path)] = way
    return ways


def run(clips: Path, out: Path, *options: str) -> tuple[float, float]:
    """Run a batch; return its seconds, and the peak memory of the parent in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([*PROGRAM, str(clips), "--out", str(out), "--quiet", *options])
    status, peak_kb = Path(f"/proc/{process.pid}/status"), 0
    while process.poll() is None:
        peaks = [line.split() for line in status.read_text().splitlines() if "VmHWM" in line]
        peak_kb = max([peak_kb, *(int(words[1]) for words in peaks)])
        time.sleep(0.05)
    assert process.returncode in {0, 3}, process.returncode
    return time.perf_counter() - started, peak_kb / 1024


def tell(out: Path, ways: dict[str, str], seconds: float, peak_mb: float) -> None:
    """Print what came of a run."""
    with (out / "results.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    failed = {row["clip"]: row["error"] for row in rows if row["error"]}
    print(f"{len(rows)} clips in {seconds:.0f} s, {len(failed)} failed, {len(ways)} were broken")
    print(f"peak memory of the parent: {peak_mb:.0f} MB")
    told = Counter((ways.get(clip, "NOT BROKEN"), error) for clip, error in failed.items())
    for (way, error), count in sorted(told.items()):
        print(f"  {count:4} {way}: {error[:90]}")
    for way in sorted({ways[clip] for clip in ways if clip not in failed}):
        print(f"  scored all the same: {way}")


def disturb(clips: Path, out: Path, undisturbed: Path, kills: int, seconds: float) -> None:
    """Kill a run at random moments, go on each time, and compare the tables."""
    chance = random.Random(1)  # noqa: S311 (no secret)
    for _ in range(kills):
        process = subprocess.Popen([*PROGRAM, str(clips), "--out", str(out), "--quiet"])
        time.sleep(5 + chance.random() * max(1.0, seconds / kills - 3))
        process.kill()
        process.wait()
        print(f"killed with {len(list(out.glob('clips/*/clip.json')))} done", flush=True)
    run(clips, out)
    names = ("results.csv", "results.parquet")
    same = all((out / name).read_bytes() == (undisturbed / name).read_bytes() for name in names)
    print(f"after {kills} kills the tables are {'the same' if same else 'DIFFERENT'}")


def compare_workers(folder: Path, rounds: int) -> None:
    """Time whole samples with one worker and with two, in turn; starting is part of it.

    One alone reads and draws beside the pose model, and so works on more than one core. Two can
    only be so much faster as there is left of two cores.
    """
    clips = folder / "whole"
    clips.mkdir()
    source = Path(__file__).parents[2] / "samples"
    for index in range(16):
        (clips / f"{index}.mp4").write_bytes((source / SAMPLES[index % 2]).read_bytes())
    ratios = []
    for index in range(rounds):
        walls = []
        for n_workers in (1, 2):
            before_s = _cpu_s()
            out = folder / f"{n_workers}-{index}"
            wall_s, _ = run(clips, out, "--workers", f"{n_workers}")
            cores = (_cpu_s() - before_s) / wall_s
            print(f"workers: {n_workers}, {wall_s:.1f} s, {cores:.2f} cores busy", flush=True)
            walls.append(wall_s)
        ratios.append(walls[0] / walls[1])
    told = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
    print(f"two are {median(ratios):.2f} times as fast ({told})")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cut(ratio: float) -> Callable[[Path], object]:
    return lambda path: media.cut(path, ratio)


def _text(path: Path) -> None:
    path.write_text("this is no video\n" * 50)


def _replaced(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _overwritten(path: Path, start: float, end: float) -> None:
    data = bytearray(path.read_bytes())
    low, high = round(start * len(data)), round(end * len(data))
    data[low:high] = bytes(high - low)
    path.write_bytes(data)


def _page(path: Path) -> None:
    _replaced(path, b"<!doctype html><title>404</title><p>Not found" * 40)


def _playlist(path: Path) -> None:
    _replaced(path, b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n")


def _pictures(
    path: Path, pictures: list[np.ndarray], suffix: str = ".mp4", codec: str = ""
) -> None:
    made = path.with_name(f"made{suffix}")
    media.write_video(made, pictures, coding=media.Coding(codec, "rgb24") if codec else None)
    made.replace(path)


def _random(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311 (no secret)
    _replaced(path, chance.randbytes(20_000))


def _sound(path: Path) -> None:
    made = media.write_sound(path.with_name("made.mp4"))
    made.replace(path)


BREAKS: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: _replaced(path, b""),
    "one byte": lambda path: _replaced(path, b"\0"),
    "text": _text,
    "a web page": _page,
    "a playlist": _playlist,
    "random bytes": _random,
    "zeros": lambda path: _replaced(path, bytes(20_000)),
    "cut to a tenth": _cut(0.1),
    "cut in the index": lambda path: _replaced(path, path.read_bytes()[:600]),
    "no beginning": lambda path: _replaced(path, path.read_bytes()[900:]),
    "index zeroed": lambda path: _overwritten(path, 0.0, 0.08),
    "pictures zeroed": lambda path: _overwritten(path, 0.1, 1.0),
    "sound only": _sound,
    "nobody": lambda path: _pictures(path, [GREY] * 10),
    "one picture": lambda path: _pictures(path, [GREY]),
    "black": lambda path: _pictures(path, [GREY * 0] * 10),
    "a photo": lambda path: _pictures(path, [GREY], ".png", "png"),
    "a zip": lambda path: _replaced(path, b"PK\x03\x04" + bytes(500)),
    "a program": lambda path: _replaced(path, b"\x7fELF" + bytes(500)),
    "a picture's header": lambda path: _replaced(path, b"\xff\xd8\xff\xe0" + bytes(500)),
}


if __name__ == "__main__":
    main()
