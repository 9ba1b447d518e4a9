"""What others publish figures about, measured here: `python -m benchmarks.peers [--runs 5] [--json FILE]`.

400 instances in one VPC and a report of every pair (an open-source peer: 73 s); 5,000 instances in VPCs on a transit gateway, read and
asked one question (another: 49 s and 13 GB). Each run is a process of its own; a figure is the median, in seconds of a core with the
imports in it, and the peak of memory in MB.
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
ENDING = """
print(json.dumps([time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found]))
"""
BEGINNING = """
import json, resource, sys, time
start = time.process_time()
import analyzer
network = analyzer.load(sys.argv[1], cache=False)
hosts = [one.id for one in network.snapshot.all("network_interface") if one.type == "interface"]
"""
QUESTIONS = {
    ("single", 400): ("every pair of 400 instances in one VPC", "found = sum(1 for _ in network.matrix('interface').rows())"),
    ("star", 5000): (
        "5,000 instances over a transit gateway: read, one question",
        "found = network.reach(hosts[3], hosts[-5], 'tcp/443').verdict.value",
    ),
}


def main() -> None:
    """Print the table, and write it as JSON where that is asked for."""
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    told = {}
    with tempfile.TemporaryDirectory() as folder:
        for (shape, size), (name, question) in QUESTIONS.items():
            snapshot = f"{folder}/{shape}"
            made = [sys.executable, "-m", "benchmarks.generate", shape, str(size), snapshot]
            subprocess.run(made, cwd=ROOT, capture_output=True, check=True)
            runs = [_run(snapshot, question) for _ in range(chosen.runs)]
            told[name] = [median(run[0] for run in runs), median(run[1] for run in runs), runs[0][2]]
            print(f"  {name:60} {told[name][0]:7.3f} s of a core {told[name][1]:6.0f} MB  ({told[name][2]})")
    if chosen.json:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps({"runs": chosen.runs, "medians": told}, indent=2) + "\n")


def _run(folder: str, question: str) -> tuple[float, float, object]:
    program = f"{BEGINNING}{question}{ENDING}"
    done = subprocess.run([sys.executable, "-c", program, folder], cwd=ROOT, capture_output=True, check=True, text=True)
    seconds, peak, found = json.loads(done.stdout)
    return seconds, peak, found


if __name__ == "__main__":
    main()
