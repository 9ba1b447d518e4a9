"""Components of one kind laid over those of another snapshot, and which facts a change of a kind makes stale.

An edited snapshot shares with the one below it everything that the edit cannot have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

# What a snapshot finds out about its components as a whole: attributes of `Found`.
FACTS = ("owners", "carried", "routers", "public", "doers", "has_relays", "has_ways_out", "accounts")
MEMORIES = ("_members", "_delivery", "_classes")
# The facts that follow from a kind; what is not here may change any of them. Rules of a group and entries of an ACL are read by
# tables alone, and other groups of an interface change no more than this; other addresses change everything. What stands between VPCs, and
# what rules, routes and load balancers name, owns no interface and holds no address.
STALE: Mapping[str, tuple[str, ...]] = {
    "security_group": (),
    "network_acl": (),
    "network_interface": ("carried", "_members", "_delivery", "_classes"),
    "route_table": ("routers", "public", "doers", "has_relays", "has_ways_out", "_classes"),
    **dict.fromkeys(
        (
            *("internet_gateway", "egress_only_internet_gateway", "vpn_gateway", "vpn_connection", "vpc_peering"),
            *("transit_gateway_attachment", "transit_gateway_vpc_attachment", "transit_gateway_associations"),
            *("transit_gateway_routes", "transit_gateway_static_routes", "transit_gateway_propagations"),
            *("transit_gateway_prefix_list_reference", "prefix_list", "prefix_list_entries", "target_health"),
        ),
        ("routers", "doers", "has_relays", "has_ways_out", "accounts", "_classes"),
    ),
}


def stale(kinds: Iterable[str]) -> frozenset[str]:
    """Return the facts that may be others once components of these kinds are."""
    return frozenset(name for kind in kinds for name in STALE.get(kind, (*FACTS, *MEMORIES)))


class Layer(Mapping[str, Any]):
    """The components of one kind by id: those below, some of them replaced, removed (None) or added; what is below stays as it is."""

    def __init__(self, below: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
        self._below: Mapping[str, Any] = below._below if isinstance(below, Layer) else below
        self._changed: dict[str, Any] = {**below._changed, **changed} if isinstance(below, Layer) else dict(changed)

    def __getitem__(self, id: str) -> Any:
        if id not in self._changed:
            return self._below[id]
        found = self._changed[id]
        if found is None:
            raise KeyError(id)
        return found

    def __contains__(self, id: object) -> bool:
        return self._changed[str(id)] is not None if id in self._changed else id in self._below

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __bool__(self) -> bool:
        return any(one is not None for one in self._changed.values()) or len(self._ids) > 0

    @cached_property
    def _ids(self) -> list[str]:
        """The ids, in order."""
        added = [id for id, one in self._changed.items() if one is not None and id not in self._below]
        kept = [id for id in self._below if id not in self._changed or self._changed[id] is not None]
        return sorted([*kept, *added]) if added else kept
