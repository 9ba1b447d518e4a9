"""How long one question takes as a whole process, from a cold start, on 1,000 interfaces: `python -m benchmarks.cold_start`.

The median of some processes that each start, read the snapshot, answer and end. Python's byte code is compiled before, as an
installed program's is; nothing else is kept from process to process. Exits with 1 where a limit does not hold.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from .generate import write

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "benchmarks" / "cold_start.json"
# An organisation of this shape, and a question whose answer is `reachable`.
SHAPE, SOURCE, TARGET, SERVICE = "flat", "sg:prod-00000-app-0", "rds", "tcp/5432"
MOST_SECONDS, MOST_IMPORT_SECONDS = 0.5, 0.2
# What one question must not import: each of them costs more than the answer.
TOO_HEAVY = ("boto3", "networkx", "pandas", "graphviz", "rich")

# `reach from …`; while there is no command line, the same by the library, with the answer as JSON.
COMMAND = "import sys; from analyzer.cli import main; sys.exit(main())"
LIBRARY = """
import json, sys, analyzer
_, _, source, _, target, _, on, _, folder = sys.argv
json.dump(analyzer.load(folder).reach(source, target, on=on).to_dict(), sys.stdout)
"""
MODULES = """
import atexit, json, os, sys
atexit.register(lambda: json.dump(list(sys.modules), open(os.environ["REACH_BENCH_MODULES"], "w")))
"""
IMPORTS = """
import importlib, json, sys, time
names = json.load(open(sys.argv[1]))
start = time.perf_counter()
for name in names:
    importlib.import_module(name)
print(time.perf_counter() - start)
"""
PHASES = """
import json, sys, time
_, _, source, _, target, _, on, _, folder = sys.argv
marks = [time.perf_counter()]
import analyzer
network = analyzer.load(folder); marks.append(time.perf_counter())
answer = network.reach(source, target, on=on); marks.append(time.perf_counter())
text = json.dumps(answer.to_dict()); marks.append(time.perf_counter())
again = network.reach(source, target, on=on); marks.append(time.perf_counter())
print(json.dumps([after - before for before, after in zip(marks, marks[1:])]))
"""
NAMES_OF_PHASES = ("reading, with its imports", "first answer, with its imports", "answer as JSON", "second answer")


class Bench:
    """One snapshot, and the processes that are asked about it."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.snapshot = folder / "snapshot"
        self.arguments = ["from", SOURCE, "to", TARGET, "on", SERVICE, "--snapshot", str(self.snapshot)]
        self.has_command = find_spec("analyzer.cli") is not None
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "REACH"))}
        self.env = kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}

    def run(self, code: str, *arguments: str, **env: str) -> str:
        """Return what a fresh interpreter prints that runs the code; raises CalledProcessError where it ends with an error."""
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self.env | env, capture_output=True, text=True, check=True)
        return done.stdout

    def seconds(self, code: str, *arguments: str) -> list[float]:
        """Return the times of the whole process, the fastest first."""
        times = []
        for _ in range(self.runs):
            start = perf_counter()
            self.run(code, *arguments)
            times.append(perf_counter() - start)
        return sorted(times)

    @property
    def question(self) -> str:
        """The code that asks the question."""
        return COMMAND if self.has_command else LIBRARY

    def modules(self) -> list[str]:
        """Return the modules that the question imports, in order, those of the bare interpreter left out."""
        file = self.folder / "modules.json"
        found: list[list[str]] = []
        for code in ("", self.question):
            self.run(MODULES + code, *self.arguments, REACH_BENCH_MODULES=str(file))
            found.append(json.loads(file.read_text("utf-8")))
        bare = {*found[0], "__main__"}
        return [name for name in found[1] if name not in bare]

    def import_seconds(self, modules: list[str]) -> float:
        """Return the median time that importing these modules takes in a fresh interpreter, which starts before."""
        file = self.folder / "names.json"
        file.write_text(json.dumps([name for name in modules if find_spec(name.partition(".")[0]) is not None]), "utf-8")
        return median(float(self.run(IMPORTS, str(file))) for _ in range(self.runs))

    def phases(self) -> dict[str, float]:
        """Return the median time of each part of one process."""
        runs = [json.loads(self.run(PHASES, *self.arguments)) for _ in range(self.runs)]
        return {name: median(times) for name, times in zip(NAMES_OF_PHASES, zip(*runs, strict=True), strict=True)}


def measured(folder: Path, *, interfaces: int = 1000, runs: int = 5) -> dict[str, Any]:
    """Return every figure; the folder takes the snapshot and the byte code.

    `seconds` is the whole process (medians; `fastest_seconds` tells how busy the machine was), `import_seconds` the share of
    imports, `bare_seconds` an interpreter that does nothing, `too_heavy` what was imported and must not be, `phases` the parts
    of one process that uses the library.
    """
    bench = Bench(folder, runs)
    size = write(bench.snapshot, SHAPE, interfaces).bytes
    answer = bench.run(LIBRARY, *bench.arguments)
    verdict = json.loads(answer)["verdict"]
    assert verdict == "reachable", f"the question is no example: {verdict}"
    modules = bench.modules()
    whole = bench.seconds(bench.question, *bench.arguments)
    return {
        "schema": "reach/benchmark/cold_start/1",
        "interfaces": interfaces,
        "megabytes": round(size / 1e6, 1),
        "runs": runs,
        "asked_by": "command line" if bench.has_command else "library",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "seconds": median(whole),
        "fastest_seconds": whole[0],
        "import_seconds": bench.import_seconds(modules),
        "bare_seconds": median(bench.seconds("pass")),
        "modules": len(modules),
        "too_heavy": [name for name in TOO_HEAVY if name in modules],
        "phases": bench.phases(),
    }


def complaints(figures: dict[str, Any]) -> list[str]:
    """Return the limits that do not hold, a sentence each; that of the whole process is about 1,000 interfaces."""
    found = []
    for name, limit in (("seconds", MOST_SECONDS), ("import_seconds", MOST_IMPORT_SECONDS)):
        if figures[name] > limit and (name != "seconds" or figures["interfaces"] <= 1000):
            found.append(f"{name} is {figures[name]:.3f}, the limit is {limit}")
    return found + [f"one question imports {name}" for name in figures["too_heavy"]]


def table(figures: dict[str, Any]) -> str:
    """Return the figures for people."""
    whole = figures["seconds"]
    rows = [
        ("whole process", whole, f"limit {MOST_SECONDS}, the fastest {figures['fastest_seconds']:.3f}"),
        ("  of it imports", figures["import_seconds"], f"limit {MOST_IMPORT_SECONDS}, {figures['modules']} modules"),
        ("an interpreter that does nothing", figures["bare_seconds"], ""),
        *((name, seconds, "") for name, seconds in figures["phases"].items()),
    ]
    asked = f"reach from {SOURCE} to {TARGET} on {SERVICE}, by the {figures['asked_by']}, median of {figures['runs']}"
    network = f"{figures['interfaces']:,} interfaces, {figures['megabytes']} MB of JSON, Python {figures['python']}"
    lines = [f"{name:34}{seconds:8.3f} s{seconds / whole:8.0%}  {note}".rstrip() for name, seconds, note in rows]
    return "\n".join([asked, network, *lines])


def main() -> int:
    """Measure, print a table, write the figures as JSON; return 1 where a limit does not hold."""
    parser = ArgumentParser(prog="python -m benchmarks.cold_start", description="Time of one question from a cold start.")
    parser.add_argument("--interfaces", type=int, default=1000, metavar="N", help="at least 100 (default 1000)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="processes of which the median counts (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reach-bench-") as folder:
        figures = measured(Path(folder), interfaces=options.interfaces, runs=options.runs)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print(table(figures))
    wrong = complaints(figures)
    for sentence in wrong:
        print(f"cold_start: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
