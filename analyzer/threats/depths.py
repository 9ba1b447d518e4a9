"""How many mistakes lie between those outside and restricted assets, and the layers that each block alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..ask import pair
from ..depth import depth
from ..models.answer import Blocker
from ..models.attack import Depth, Layer
from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from ..models.snapshot import Snapshot
from ..models.trust import Asset
from ..models.verdict import Verdict
from ..reach import Flows

# Of more edits it is only told that there are as many at least.
BELOW = 4
# Which layer a line belongs to, by the kind of its resource and what it says.
LAYERS = ("route", "acl", "egress group", "ingress group", "block public access", "endpoint", "address", "other")
OF_KIND = {
    "network_acl": "acl",
    "route_table": "route",
    "transit_gateway_route_table": "route",
    "transit_gateway": "route",
    "transit_gateway_vpc_attachment": "route",
    "vpc_peering": "route",
    "block_public_access": "block public access",
    "vpc_endpoint": "endpoint",
    "vpc_endpoint_service": "endpoint",
    "network_interface": "address",
}


def depths(
    world: Snapshot, actor: str, sources: Sequence[Endpoint], targets: Iterable[tuple[Asset, Endpoint, IntervalSet]]
) -> list[Depth]:
    """Return for each asset, on its services, how many edits it takes from any of the sources: from that which needs the fewest."""
    return [
        min((_depth(world, actor, source, asset, target, on) for source in sources), key=lambda one: (one.least, not one.exact))
        for asset, target, on in targets
        if sources
    ]


def _depth(world: Snapshot, actor: str, source: Endpoint, asset: Asset, target: Endpoint, on: IntervalSet) -> Depth:
    found = depth(world, source, target, on, BELOW)
    return Depth(
        actor=actor,
        asset=asset.id,
        verdict=found.verdict,
        least=found.least,
        exact=found.exact,
        edits=[one.model_dump(by_alias=True, exclude_none=True) for one in found.edits],
        layers=_layers(world, source, target, on) if found.verdict is Verdict.BLOCKED else [],
    )


def _layers(world: Snapshot, source: Endpoint, target: Endpoint, on: IntervalSet) -> list[Layer]:
    """Return the layers that block one packet, by the lines that must all change for it to pass."""
    flows = Flows(world, [source], [target], on, there_only=True)
    found: dict[str, list[Blocker]] = {}
    for one in pair(flows, source, target, flows.of(source, target)).blockers:
        found.setdefault(_layer(world, one), []).append(one)
    return [Layer(name=name, blockers=found[name]) for name in LAYERS if name in found]


def _layer(world: Snapshot, one: Blocker) -> str:
    component = world.at(one.resource)
    kind = component.kind if component is not None else ""
    if kind == "security_group" or one.rule.startswith("SG-"):
        return "egress group" if "outbound" in f"{one.line} {one.text}" else "ingress group"
    return OF_KIND.get(kind, "other")
