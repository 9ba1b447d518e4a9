"""One run of `benchmarks.scale`: every figure of an organisation, as JSON on stdout. `python -m benchmarks.scale_run FOLDER`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import analyzer
from analyzer.blast.closure import outward
from analyzer.edit import Edit
from analyzer.engine.factored import Factored
from analyzer.invariants import check
from analyzer.invariants.written import Found, parsed
from analyzer.network import Network

Value = TypeVar("Value")
figures: dict[str, list[float]] = {}


def told(name: str, what: Callable[[], Value], times: int = 1) -> Value:
    """Return a value, and note the seconds of a core that it cost, and the peak of memory in MB up to there."""
    start = time.process_time()
    value = what()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures[name] = [(time.process_time() - start) / times, peak]
    return value


def main() -> None:
    """Ask one organisation everything."""
    network = told("read the files", lambda: analyzer.load(sys.argv[1], cache=False))
    interfaces = network.snapshot.all("network_interface")
    hosts = [one.id for one in interfaces if one.type == "interface" and not one.stand_in]
    pairs = [(hosts[len(hosts) * at // 7], hosts[-1 - len(hosts) * at // 11]) for at in range(1, 6)]
    told("the first question", lambda: network.reach(*pairs[0], "tcp/443"))
    told("each further question", lambda: [network.reach(*pair, "tcp/443") for pair in pairs[1:]], times=4)
    edit = [Edit.model_validate({"add": {"rule": _rule(network, pairs[0][1])}})]
    told("one group edited, and the question again", lambda: network.whatif(edit).reach(*pairs[0], "tcp/443"))
    made = told("compile who reaches whom", lambda: network.relation)
    found = told("all its rows", lambda: sum(row.sources.bit_count() for row in made.rows(made.targets)))
    kept = told("keep it by who sends", lambda: network.factored)
    told("what the internet reaches", lambda: {target for one in kept.met(made.internet) for target in one.targets})
    told("hops of one host, as sets", lambda: _hops(kept, pairs[0][0]))
    told("blast radius of one host, told", lambda: network.blast_radius(pairs[0][0], limit=100))
    demands = _invariants(network)
    outcome = told("100 invariants", lambda: check(network.snapshot, demands, date(2026, 1, 1), 1, lambda: kept))
    counts = {
        "reached": found,
        "inhabitants": len(made.everybody),
        "units": len(made.units),
        "holding": sum(one.holds for one in outcome.invariants),
        "broken pairs": sum(one.pairs for one in outcome.violations),
    }
    print(json.dumps({"figures": figures, **counts}))


def _rule(network: Network, id: str) -> dict[str, str]:
    """Return a rule for the first group that an interface carries."""
    carried = network.snapshot.find("network_interface", id).group_ids
    return {"group": carried[0], "inbound": "tcp/4431", "from": "10.0.0.0/8"}


def _hops(kept: Factored, id: str) -> object:
    made = kept.relation
    own = made.targets.index(next(name for name in made.targets if id in made.members(name)))
    front = kept.senders([own])
    return outward(
        lambda bits: kept.senders({target for one in kept.met(bits) for target in one.targets}), front, lambda bits: bits
    )


def _invariants(network: Network) -> list[Found]:
    """Return 100 invariants: what everybody writes, and 96 about groups of the organisation, at even distances."""
    carried = sorted({id for one in network.snapshot.all("network_interface") for id in one.group_ids})
    some = [carried[len(carried) * at // 48] for at in range(48)]
    demands = [
        "deny: {from: internet, to: rds}",
        "deny: {from: internet, to: ec2, on: ssh}",
        "deny: {from: 'tag:env=dev', to: 'tag:env=prod', on: ssh}",
        "isolate: ['tag:env=prod', 'tag:env=dev']",
        *(f"deny: {{from: internet, to: {id}}}" for id in some),
        *(f"deny: {{from: {id}, to: {some[(at + 17) % 48]}}}" for at, id in enumerate(some)),
    ]
    return parsed("invariants:" + "".join(f"\n- name: n{at}\n  {one}" for at, one in enumerate(demands)), "benchmark")


if __name__ == "__main__":
    main()
