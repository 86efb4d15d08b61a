"""Wait for what the pose library sends late: ``python -m tests.hardening.late [--minutes 5]``.

It posts a minute after a landmarker was made, and when it is closed. Under strace a landmarker sees
a few pictures, stays open that long, and is closed; every destination is counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from test_egress import ESTIMATE, destinations, elsewhere, traced  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--minutes", type=float, default=5)
wanted = parser.parse_args()

program = f"{ESTIMATE}\n    import time; time.sleep({60 * wanted.minutes})\n"
with tempfile.TemporaryDirectory() as folder:
    trace = traced([sys.executable, "-c", program], Path(folder))
tried = Counter(f"{place.family} {place.address}:{place.port}" for place in destinations(trace))
print(f"{wanted.minutes:g} minutes, {len(elsewhere(trace))} elsewhere:", dict(tried))  # noqa: T201
sys.exit(bool(elsewhere(trace)) or not tried)
