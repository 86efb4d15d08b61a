"""The shape of the code: what may import what, what is public, what waits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import formcheck

ROOT = Path(formcheck.__file__).parents[1]


def test_imports_go_downwards_only():
    lint = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_everything_that_is_promised_exists():
    for name in formcheck.__all__:
        assert getattr(formcheck, name) is not None
    assert set(dir(formcheck)) == set(formcheck.__all__)
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = formcheck.analyse


def test_what_is_public_stays_the_same_whatever_is_imported_first():
    code = (
        "import formcheck, formcheck.analysis, formcheck.cli, formcheck.exercises\n"
        "assert callable(formcheck.analyze)\n"
        "assert formcheck.EXERCISES is formcheck.exercises.EXERCISES\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_help_loads_nothing_heavy():
    code = (
        "import sys\n"
        "from formcheck import cli\n"
        "heavy = {'numpy', 'cv2', 'av', 'mediapipe'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
