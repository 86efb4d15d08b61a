"""The wheel holds all that the program needs."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*command, **options):
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_runs_from_a_bare_environment_in_another_folder(tmp_path):
    """With its own files alone; what it depends on is taken from this environment."""
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("formcheck-*.whl")
    home = tmp_path / "bare"
    venv.create(home, symlinks=os.name != "nt")
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    run(sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", site, wheel)
    # A path in a .pth file comes after the wheel, and its own .pth files are not read: they would
    # bring the checkout.
    libraries = [path for path in sys.path if path.endswith("-packages")]
    (Path(site) / "others.pth").write_text("\n".join(libraries), encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    where = "import formcheck; print(formcheck.__file__)"
    assert run(python, "-c", where, cwd=elsewhere, env=clean).startswith(str(home))
    clip = ROOT / "samples" / "plank_good.mp4"
    arguments = ("analyze", clip, "--out", "out", "--no-video", "--fps", "5")
    run(python, "-m", "formcheck", *arguments, cwd=elsewhere, env=clean)
    assert (elsewhere / "out" / "report.html").stat().st_size > 10_000
