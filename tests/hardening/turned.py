"""Turn the pictures of samples, the pose model looking: ``python -m tests.hardening.turned``.

By 5, 10 and 15 degrees either way; and from other sides. No FAULT that is not there unturned.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from test_judgeability import ROLLS_DEG, seen_through, told  # noqa: E402

from formcheck.rules import Verdict  # noqa: E402

TURNED = ("plank_good", "plank_sag_15", "sideplank_low", "crunch_side", "crunch_sit_up")
SIDES = (
    *(f"view_oblique_{deg}" for deg in (15, 30, 40, 45, 60)),
    *("view_front", "crunch_oblique", "crunch_oblique_45", "crunch_oblique_60"),
)
GREY = (120, 120, 120)


def turned(by_deg):
    """Return what turns a picture about its middle, a little smaller, so that all stays in it."""

    def turn(image):
        height, width = image.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), by_deg, 0.9)
        return cv2.warpAffine(image, matrix, (width, height), borderValue=GREY)

    return turn


def words(summary):
    exercise, variant, done, faults = told(summary)
    every = sorted(f"{code} {level.value}" for code, level in faults)
    notes = {stretch.note for stretch in summary.unknown}
    return f"{exercise} {variant or ''} {done} {every or ''} {sorted(notes) or ''}"


def wrong(summary):
    return {fault.rule.code for fault in summary.faults if fault.level is Verdict.FAULT}


def main():
    bad = []
    for name in TURNED:
        straight = seen_through(np.ascontiguousarray, name)
        print(name, "   0", words(straight), flush=True)  # noqa: T201
        for by_deg in ROLLS_DEG:
            found = seen_through(turned(by_deg), name)
            print(name, f"{by_deg:4}", words(found), flush=True)  # noqa: T201
            bad += [(name, by_deg, code) for code in wrong(found) - wrong(straight)]
    for name in SIDES:
        found = seen_through(np.ascontiguousarray, name)
        print(name, words(found), flush=True)  # noqa: T201
        bad += [(name, code) for code in wrong(found)]
    print(*bad or ["no wrong FAULT"], sep="\n")  # noqa: T201
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
