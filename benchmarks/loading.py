"""How long reading a snapshot takes, and how much memory: `python -m benchmarks.loading FOLDER [--interfaces N] [--runs 5]`.

Each figure is the median of processes of their own, taken in turn, so that what else the machine does falls on all of them: a
JSON library alone on the same bytes (each file dropped once it is parsed, and all kept), the files without a cache, the files with
an empty cache (which is written then), and from the cache. Only ratios within one run mean anything on a machine that others use.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
ALONE = """
import gc, json, sys, time, resource
from importlib import import_module
from pathlib import Path
decode = getattr(import_module(sys.argv[1]), sys.argv[2])
files, kept = sorted(Path(sys.argv[3]).rglob("*.json")), []
gc.disable()
start, spent = time.perf_counter(), time.process_time()
for file in files:
    value = decode(file.read_bytes())
    if sys.argv[4] == "kept":
        kept.append(value)
took = time.perf_counter() - start
spent = time.process_time() - spent
print(json.dumps([took, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 0]))
"""
OURS = """
import json, sys, time, resource
import analyzer, analyzer.read.cache, analyzer.network
start, spent = time.perf_counter(), time.process_time()
network = analyzer.load(sys.argv[1], cache=sys.argv[2] == "cache")
took, spent = time.perf_counter() - start, time.process_time() - spent
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
start = time.perf_counter()
if sys.argv[3:]:
    network.reach(*sys.argv[3:])
print(json.dumps([took, spent, peak, time.perf_counter() - start]))
"""


def one(code: str, *words: str, cache: str) -> list[float]:
    """Return the seconds, those of a core, the MB at most and the seconds of the question of one process."""
    environment = {**os.environ, "REACH_CACHE": cache}
    done = subprocess.run([sys.executable, "-c", code, *words], cwd=ROOT, env=environment, capture_output=True, check=True)
    found: list[float] = json.loads(done.stdout)
    return found


def ways(folder: str, question: list[str], cache: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield what is measured: its name, the code and its words."""
    for module, name in (("orjson", "loads"), ("msgspec.json", "decode")):
        if find_spec(module.partition(".")[0]) is not None:
            for how in ("dropped", "kept"):
                yield f"{module} alone, {how}", ALONE, [module, name, folder, how]
    yield "from the files", OURS, [folder, "no", *question]
    yield "from the files, stored", OURS, [folder, "cache"]
    yield "from the cache", OURS, [folder, "cache", *question]


def main() -> None:
    """Print a row for each way of reading."""
    parser = ArgumentParser(prog="python -m benchmarks.loading")
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--interfaces", type=int, default=0, help="to tell the bytes of memory for each")
    parser.add_argument("--question", nargs=3, default=[], metavar=("SOURCE", "TARGET", "SERVICE"))
    chosen = parser.parse_args()
    folder = str(Path(chosen.folder).resolve())
    size = sum(path.stat().st_size for path in Path(folder).rglob("*.json"))
    measured: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(chosen.runs):
            for entry in Path(cache).iterdir():
                entry.unlink()
            for name, code, words in ways(folder, chosen.question, cache):
                measured.setdefault(name, []).append(one(code, *words, cache=cache))
        stored = sum(path.stat().st_size for path in Path(cache).iterdir())
    print(f"{size / 1e6:.0f} MB of JSON, {stored / 1e6:.0f} MB stored, median of {chosen.runs}")
    for name, runs in measured.items():
        seconds, spent, peak, asked = (median(column) for column in zip(*runs, strict=True))
        row = f"{name:28} {seconds:7.2f} s  {spent:7.2f} s of a core  {peak:6,.0f} MB"
        each = f", {peak * 1e6 / chosen.interfaces:,.0f} bytes an interface" if chosen.interfaces else ""
        print(row + each + (f", then the question {asked:.2f} s" if asked > 0.001 else ""))


if __name__ == "__main__":
    main()
