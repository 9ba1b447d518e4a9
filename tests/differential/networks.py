"""Random AWS networks, the same for the same seed: rows as AWS's API answers them, and the snapshot made of them.

They are mostly open, mostly sensible, and now and then strange in every way that the model has a rule for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from analyzer.models.aws import COMPONENTS
from analyzer.models.component import Component
from analyzer.models.snapshot import Broken, Snapshot

from .draft import Draft
from .filters import add_acls, add_groups, add_prefix_lists
from .hosts import add_hosts, add_vpcs
from .inspection import add_guards, add_sites
from .relays import add_load_balancers, add_transit_gateways
from .routes import add_route_tables
from .rows import Row
from .ways import add_gateways, add_peerings, add_public_access

KINDS = {kind.kind: kind for kind in COMPONENTS}
# Documents that a snapshot may lack, or hold in part.
MAY_BE_MISSING = (
    "network_acl",
    "route_table",
    "security_group",
    "internet_gateway",
    "instance",
    "prefix_list_entries",
    "vpc_peering",
    "nat_gateway",
    "vpc_endpoint",
    "block_public_access",
    "transit_gateway_vpc_attachment",
    "listener",
    "target_health",
    "vpc_endpoint_service",
    "firewall_policy",
    "firewall_rule_group",
    "vpn_connection",
)


class Network(msgspec.Struct):
    """A random network: the seed that makes it again, and its rows by kind of component."""

    seed: int
    rows: list[tuple[str, Row]]
    broken: tuple[Broken, ...] = ()

    def components(self) -> list[Component]:
        """Return the rows as components, made anew."""
        return [msgspec.convert(KINDS[kind].prepared(row), KINDS[kind]) for kind, row in self.rows]

    def world(self, *, shuffled: Random | None = None, kinds: Sequence[type[Component]] = COMPONENTS) -> Snapshot:
        """Return the snapshot of the network, its components in an order of `shuffled` where that is given."""
        components = self.components()
        if shuffled is not None:
            shuffled.shuffle(components)
        collected = {kind for kind, _ in self.rows}
        return Snapshot(components, kinds=kinds, collected=collected, broken=self.broken)

    def save(self, folder: str) -> str:
        """Write the network as a snapshot folder for `reach --snapshot`, and return the folder; what is broken is left out."""
        documents: dict[str, list[Any]] = {}
        for kind, row in self.rows:
            document = KINDS[kind].documents[0]
            documents.setdefault(document.key, []).append({document.rows: [row]} if document.rows else row)
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(folder, "snapshot.json").write_text(json.dumps(documents, indent=1), "utf-8")
        return folder


def network(seed: int) -> Network:
    """Return the network of a seed."""
    draft = Draft(Random(seed))
    stations = (add_vpcs, add_hosts, add_prefix_lists, add_gateways, add_peerings, add_transit_gateways, add_load_balancers)
    for part in (*stations, add_guards, add_sites, add_route_tables, add_groups, add_acls, add_public_access):
        part(draft)
    rows = draft.rows
    broken: tuple[Broken, ...] = ()
    if draft.chance(0.06):
        missing = draft.one(MAY_BE_MISSING)
        rows = [(kind, row) for kind, row in rows if kind != missing]
    elif draft.chance(0.08):
        kind = "instance" if draft.chance(0.3) else draft.one((*MAY_BE_MISSING, "network_interface", "subnet"))
        broken = (Broken(kind, "", f"cannot read a {kind}"),)
        rows = [(one, row) for one, row in rows if one != kind or draft.chance(0.8)]
    return Network(seed, rows, broken)
