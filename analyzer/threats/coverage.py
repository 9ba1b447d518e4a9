"""What share of a snapshot stands behind the scores, and what does not, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..models.component import Component
from ..models.snapshot import Snapshot
from ..models.threat import Coverage, Share

# What every VPC has: without any of it half of the tables are not known.
ALWAYS = {
    "vpc": "Vpcs",
    "subnet": "Subnets",
    "route_table": "RouteTables",
    "network_acl": "NetworkAcls",
    "security_group": "SecurityGroups",
}
# The members of components that are lines which decide about packets.
LINES = ("ip_permissions", "ip_permissions_egress", "entries", "routes", "rules")


def coverage(world: Snapshot, besides: Iterable[str]) -> Coverage:
    """Return how much of a snapshot is modelled: resources, types of resources, and lines; `besides` is what no snapshot tells."""
    counts = {"resources": [0, 0], "types": [0, 0], "lines": [0, 0]}
    told: set[str] = {*besides, *world.not_modelled, *(one.text for one in world.broken)}
    kinds: dict[str, bool] = {}
    for one in world.everything():
        if not one.documents:
            continue
        caveats = list(one.caveats(world))
        told.update(caveats)
        lines = sum(1 for _ in _lines(one))
        for name, number in (("resources", 1), ("lines", lines)):
            counts[name][0] += 0 if caveats else number
            counts[name][1] += number
        kinds[one.kind] = True
    counts["resources"][1] += len(world.broken)
    lacking = [name for kind, name in ALWAYS.items() if kind not in kinds and not world.collected(kind)] if kinds else []
    missing = [f"`{name}`: not in the snapshot, though every VPC has some" for name in lacking]
    counts["types"] = [len(kinds), len(kinds) + len(world.not_modelled) + len(missing)]
    shares = [Share(name=name, modelled=modelled, of=of) for name, (modelled, of) in counts.items()]
    return Coverage(shares=shares, not_modelled=[*missing, *sorted(told)])


def _lines(one: Component) -> Iterator[object]:
    for name in LINES:
        found = getattr(one, name, None)
        if isinstance(found, list | tuple):
            yield from found
