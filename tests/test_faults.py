"""A disk that is full, a folder that goes away, a clock that is set back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import av
import pytest
from media import beginning

from formcheck import exercise_named, live
from formcheck.training import Plan

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "plank_good.mp4"
# As if by root, in a namespace of its own: a disk of so many bytes on a folder; then what is
# there, on the last lines.
SMALL_DISK = """
mount -t tmpfs -o size="$1" none "$2" || exit 77
disk="$2"; shift 2
"$@"; code=$?
find "$disk" -type f -printf "FILE %P %s\\n"
exit $code
"""


def on_a_small_disk(size, disk, *arguments):
    """Run a command that writes to a folder with that much room; return its end and the files."""
    disk.mkdir()
    alone = ["unshare", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", size, disk]
    program = [sys.executable, "-m", "formcheck", *arguments]
    done = subprocess.run(
        list(map(str, [*alone, *program])),
        env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(disk.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("FILE ")]
    return done, {Path(path).name: int(size) for _, path, size in lines}


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its small disks are of Linux")


@pytest.mark.parametrize("size", ["16k", "64k"])
def test_an_analysis_on_a_full_disk_tells_its_result_and_leaves_no_half_file(size, tmp_path):
    clip, disk = beginning(SAMPLE, tmp_path, 5), tmp_path / "disk"
    done, files = on_a_small_disk(size, disk, "analyze", clip, "--out", disk / "out")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "o space left on device" in done.stderr
    assert "held 0:" in done.stdout
    assert set(files) < {"report.html", "annotated.mp4", "summary.json", "metrics.csv"}


def test_a_training_on_a_full_disk_goes_on_and_leaves_no_half_file(tmp_path):
    clip, disk = beginning(SAMPLE, tmp_path, 6), tmp_path / "disk"
    arguments = ("--no-window", "--mute", "--record", disk / "a.mp4", "--save", disk / "saved")
    done, files = on_a_small_disk("32k", disk, "live", "--camera", clip, *arguments)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "o space left on device" in done.stderr
    assert "held 0:" in done.stdout
    assert set(files) < {"report.html", "summary.json", "metrics.csv"}


def test_a_batch_on_a_full_disk_leaves_no_half_file(tmp_path):
    clip = beginning(SAMPLE, tmp_path, 3)
    disk = tmp_path / "disk"
    options = ("--out", disk / "out", "--workers", 1, "--report", "--video")
    done, files = on_a_small_disk("60k", disk, "batch", clip, *options)
    assert "Traceback" not in done.stderr
    assert done.returncode in {1, 3}
    assert "o space left on device" in done.stdout + done.stderr
    assert not {"annotated.mp4", "report.html"} & set(files)
    assert not [name for name in files if name.startswith(".")]


def test_a_clock_that_is_set_back_again_and_again_changes_nothing(tmp_path, monkeypatch):
    """By an hour whenever somebody looks at it."""
    clip, video = beginning(SAMPLE, tmp_path, 5), tmp_path / "record.mp4"
    hours = count(time.time() // 3600, -1)
    monkeypatch.setattr(time, "time", lambda: 3600.0 * next(hours))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    wishes = live.Wishes(
        (exercise_named("plank"),), Plan(), camera=str(clip), voice=False, record=video
    )
    summary = live.train(wishes, nullcontext(SimpleNamespace(show=lambda _: None)))
    assert summary.hold.total_s == pytest.approx(5, abs=0.5)
    with av.open(str(video)) as container:
        times_s = [frame.time for frame in container.decode(video=0)]
    assert 4 < times_s[-1] < 5.5
