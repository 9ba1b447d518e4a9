"""What an organisation costs: `python -m benchmarks.scale [--shape hub] [--interfaces 10000] [--runs 5] [--json FILE]`.

Each run is a process of its own on the same generated organisation: reading, the first question and the next one, compiling who can
reach whom, and the matrix by security group. A figure is the median of the runs, in seconds of a core (what others do on the
machine costs the clock more), and the peak of memory up to there in MB.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print the table, and write it as JSON where that is asked for."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shape", default="hub")
    parser.add_argument("--interfaces", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = ["-m", "benchmarks.generate", chosen.shape, str(chosen.interfaces), folder + "/snap"]
        digest = subprocess.run([sys.executable, *made], cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()
        runs = [_run(folder + "/snap") for _ in range(chosen.runs)]
    medians = {name: [median(run["figures"][name][at] for run in runs) for at in (0, 1)] for name in runs[0]["figures"]}
    print(f"{digest}, median of {chosen.runs}")
    for name, (seconds, peak) in medians.items():
        print(f"  {name:42} {seconds:9.3f} s of a core {peak:7.0f} MB")
    print(f"  {runs[0]['holding']} of the invariants hold, the others are broken by {runs[0]['broken pairs']:,} pairs")
    print(f"  {runs[0]['inhabitants']} kinds of interfaces, {runs[0]['units']} units, {runs[0]['reached']} reached by somebody")
    if chosen.json:
        whole = {"organisation": digest, "runs": chosen.runs, "medians": medians, "each": runs}
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(whole, indent=2) + "\n")


def _run(folder: str) -> dict[str, dict[str, list[float]]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale_run", folder], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
