"""A few of what the commands under ``tests.hardening`` try by the thousand."""

from __future__ import annotations

import sys

import pytest
from bodies import Plank, clip
from hardening.damage import KINDS
from hardening.disturb import disturbed, faults_of
from hardening.mutants import count

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="its limits are of Linux")


def test_no_damaged_video_breaks_or_holds_up_the_reader():
    counts = count(range(3 * len(KINDS)))
    assert counts.bad == []
    assert set(counts.kinds) == set(KINDS)
    assert min(counts.outcomes["read"], counts.outcomes["refused"]) > 20
    assert counts.peak_mb < 1000


@pytest.mark.parametrize("seed", range(30))
def test_no_fault_is_found_in_a_good_hold_whose_landmarks_are_disturbed(seed):
    assert faults_of(disturbed(clip((6, Plank()), fps=15), seed)) == set()
