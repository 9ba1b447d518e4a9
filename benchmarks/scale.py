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
RUN = """
import json, resource, sys, time
import analyzer
from analyzer.edit import Edit

figures = {}
def told(name, what):
    start = time.process_time()
    value = what()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures[name] = [time.process_time() - start, peak]
    return value

network = told("read the files", lambda: analyzer.load(sys.argv[1], cache=False))
hosts = [one.id for one in network.snapshot.all("network_interface") if one.type == "interface" and not one.stand_in]
pairs = [(hosts[len(hosts) * at // 7], hosts[-1 - len(hosts) * at // 11]) for at in range(1, 6)]
told("the first question", lambda: network.reach(*pairs[0], "tcp/443"))
told("each further question", lambda: [network.reach(*pair, "tcp/443") for pair in pairs[1:]])
figures["each further question"][0] /= 4
edit = [Edit.model_validate({"add": {"rule": {"group": network.snapshot.find("network_interface", pairs[0][1]).group_ids[0],
                                              "inbound": "tcp/4431", "from": "10.0.0.0/8"}}})]
told("one group edited, and the question again", lambda: network.whatif(edit).reach(*pairs[0], "tcp/443"))
made = told("compile who reaches whom", lambda: network.relation)
found = told("all its rows", lambda: sum(row.sources.bit_count() for row in made.rows(made.targets)))
kept = told("keep it by who sends", lambda: network.factored)
told("what the internet reaches", lambda: {target for one in kept.met(made.internet) for target in one.targets})
from analyzer.blast.closure import outward
told("hops of one host, as sets", lambda: outward(
    lambda bits: kept.senders({target for one in kept.met(bits) for target in one.targets}),
    kept.senders([made.targets.index(next(name for name in made.targets if pairs[0][0] in made.members(name)))]), lambda bits: bits))
told("blast radius of one host, told", lambda: network.blast_radius(pairs[0][0], limit=100))
print(json.dumps({"figures": figures, "reached": found, "inhabitants": len(made.everybody), "units": len(made.units)}))
"""


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
    print(f"  {runs[0]['inhabitants']} kinds of interfaces, {runs[0]['units']} units, {runs[0]['reached']} reached by somebody")
    if chosen.json:
        whole = {"organisation": digest, "runs": chosen.runs, "medians": medians, "each": runs}
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(whole, indent=2) + "\n")


def _run(folder: str) -> dict[str, dict[str, list[float]]]:
    done = subprocess.run([sys.executable, "-c", RUN, folder], cwd=ROOT, capture_output=True, check=True, text=True)
    found: dict[str, dict[str, list[float]]] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
