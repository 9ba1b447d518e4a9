"""What an intruder holds: hosts, with all their interfaces. Nothing else decides from where a next hop starts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import msgspec

from ..models.blast import Hold
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..select.catalogue import INTERFACE, interface_kind
from .senders import Senders

STORE = "AWS runs its host and gives nobody a shell on it"
PASSES_ON = "AWS runs it, and what it passes on for others is followed already"
# Kinds of endpoints that are reached, but from which no hop goes on, and why. Whatever is not here is a host: when in doubt, it is held.
NOT_HELD = {
    **dict.fromkeys(("rds", "elasticache", "redshift", "opensearch", "efs", "msk", "dms", "quicksight"), STORE),
    **dict.fromkeys(("alb", "nlb", "clb", "gwlb", "nat", "endpoint", "firewall", "lattice", "accelerator", "apigw"), PASSES_ON),
    **dict.fromkeys(("load_balancer", "transit_gateway", "api_gateway_managed", "global_accelerator_managed"), PASSES_ON),
    **dict.fromkeys(("resource-gateway", "resolver", "eice", "client-vpn"), PASSES_ON),
    "eks": "it is the control plane of a cluster, which AWS runs; its nodes are hosts of their own",
    INTERNET.resource: "whoever takes the internet has not taken a host",
}
# Owners that are one machine, or one program, whatever interface it is reached at.
ONE_HOST = ("instance", "lambda_function")


class Host(msgspec.Struct, frozen=True):
    """An interface's kind of endpoint, the resource that it belongs to, and what an intruder takes with it."""

    kind: str
    resource: str
    host: str


class Hosts:
    """The hosts of a snapshot, and from which of the names of `senders` an intruder sends who has reached them."""

    def __init__(self, world: Snapshot, senders: Senders, hold: Hold = "hosts") -> None:
        self.world, self._senders, self._hold = world, senders, hold
        self._known: dict[str, Host] = {}
        self._holdable = 0
        together: dict[str, set[str]] = {}
        for name, bits in senders.bits.items():
            held = [id for id in senders.members(name) if self.holds(id)]
            self._holdable |= bits if held else 0
            for id in held:
                together.setdefault(self.of(id).host, set()).add(name)
        several = {frozenset(names) for names in together.values() if len(names) > 1}
        self._joined = [sum(senders.bits[name] for name in names) for names in several]

    def of(self, id: str) -> Host:
        """Return what an endpoint belongs to; what is no interface belongs to itself."""
        if id not in self._known:
            self._known[id] = _host(id, self.world)
        return self._known[id]

    def holds(self, id: str) -> bool:
        """Return whether an intruder goes on from there."""
        if self.world.find(INTERFACE, id) is None:
            return False
        return self._hold == "all" or self.of(id).kind not in NOT_HELD

    def taken(self, met: int) -> int:
        """Return from whom the next hop goes on: those that are held, and whatever else belongs to the same hosts."""
        own = found = met & self._holdable
        for host in self._joined:
            if host & own:
                found |= host
        return found

    def whole(self, ids: Iterable[str]) -> list[str]:
        """Return these interfaces and all others of the same hosts, in order of id; addresses stay as they are."""
        hosts = {self.of(id).host for id in ids}
        every = {id for name in self._senders.bits for id in self._senders.members(name) if self.of(id).host in hosts}
        return sorted(every | set(ids))

    @cached_property
    def by_resource(self) -> dict[str, list[str]]:
        """The interfaces of each resource."""
        found: dict[str, list[str]] = {}
        for name in self._senders.bits:
            for id in self._senders.members(name):
                if self.world.find(INTERFACE, id) is not None:
                    found.setdefault(self.of(id).resource, []).append(id)
        return found


def _host(id: str, world: Snapshot) -> Host:
    interface = world.find(INTERFACE, id)
    if interface is None:
        return Host(id if id == INTERNET.resource else "address", id, id)
    owner = world.owner(id)
    resource = owner.id if owner is not None else id
    if owner is not None and owner.kind in ONE_HOST:
        return Host(owner.endpoint_kind, resource, resource)
    # Of an instance that the snapshot does not hold the interfaces say that they belong together.
    return Host(interface_kind(interface, owner), resource, interface.instance_id or id)
