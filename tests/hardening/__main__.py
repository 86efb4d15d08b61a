"""Try damaged videos: ``python -m tests.hardening [--n 5000] [--from 0] [--way read|analyze]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from hardening.mutants import count  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--n", type=int, default=5000, help="how many videos")
parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
parser.add_argument("--way", choices=("read", "analyze"), default="read")
wanted = parser.parse_args()

counts = count(range(wanted.first, wanted.first + wanted.n), wanted.way)
kinds = f"{len(counts.kinds)} kinds, peak {counts.peak_mb} MB ({counts.peak_of})"
print(f"{sum(counts.outcomes.values())} videos, {kinds}:", dict(counts.outcomes))  # noqa: T201
print(*counts.bad, sep="\n")  # noqa: T201
sys.exit(bool(counts.bad))
