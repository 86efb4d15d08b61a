"""Damaged videos of every kind, a few of each; ``python -m tests.hardening`` tries thousands."""

from __future__ import annotations

import sys

import pytest
from hardening.damage import KINDS
from hardening.mutants import count

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its limits are of Linux")


def test_no_damaged_video_breaks_or_holds_up_the_reader():
    counts = count(range(3 * len(KINDS)))
    assert counts.bad == []
    assert set(counts.kinds) == set(KINDS)
    assert min(counts.outcomes["read"], counts.outcomes["refused"]) > 20
    assert counts.peak_mb < 1000
