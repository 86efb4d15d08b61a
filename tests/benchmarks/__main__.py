"""Run every benchmark that needs no display: ``python -m tests.benchmarks``, 45 minutes or so.

They print ratios within one run, because machines differ; where others use the machine as well,
the medians of many rounds tell more: each benchmark can be run by itself, with ``--rounds``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

for name in ("bench_analysis", "bench_report", "bench_batch"):
    print(f"\n# {name}", flush=True)
    subprocess.run([sys.executable, HERE / f"{name}.py"], check=True)
