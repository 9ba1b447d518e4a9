"""Why nothing is reached, or nobody comes: what `reach from` says of it, where that does not depend on the other end."""

from __future__ import annotations

from collections.abc import Sequence

from ..ask import pair
from ..evidence import from_nowhere
from ..models.blast import BlastQuery
from ..models.endpoint import Endpoint
from ..models.packet import EVERY_SERVICE
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..reach import Flows
from ..select.catalogue import INTERFACE
from ..sources import starts
from .senders import ends

MOST_NAMED = 5


def reasons(world: Snapshot, query: BlastQuery, start: Sequence[Endpoint], *, nothing: bool) -> list[str]:
    """Return why what was named sends or takes nothing, a sentence each; where `nothing` is met, at least which question tells."""
    found = list(dict.fromkeys(text for one in start if (text := _of_addresses(world, query, one))))
    if not nothing:
        return _cut(found)
    if query.verb == "blast":
        found += [text for one in start[:MOST_NAMED] if one.interface and (text := _of_sender(world, one))]
    asked = f"from {query.selector} to any" if query.verb == "blast" else f"from any to {query.selector}"
    on = f" on {query.on}" if query.on else ""
    return _cut(found) or [f"`reach {asked}{on}` tells what stops it"]


def _cut(found: list[str]) -> list[str]:
    more = len(found) - MOST_NAMED
    return [*found[:MOST_NAMED], f"and {more:,} more like that"] if more > 0 else found


def _of_addresses(world: Snapshot, query: BlastQuery, one: Endpoint) -> str:
    """Return why addresses, or what has no interface, are nowhere; "" where packets may come from them."""
    if one.interface or one.kind == "internet" or starts(world, [one]):
        return ""
    if query.verb == "blast":
        return f"{one.id}: {from_nowhere(one).text.removeprefix(f'{one.id} ')}"
    target = "no interface in the snapshot owns the target, and no VPN, Direct Connect or transit gateway knows its prefix"
    return f"{one.id}: {target}" if one.kind == "address" else ""


def _of_sender(world: Snapshot, one: Endpoint) -> str:
    """Return what stops every packet of an interface at the interface itself; "" where that is not what stops it."""
    id = next((each.id for each in world.all(INTERFACE) if each.id != one.id), INTERNET.resource)
    (other,) = ends([id], world)
    flows = Flows(world, [one], [other], EVERY_SERVICE, there_only=True)
    own = [each for each in pair(flows, one, other, flows.of(one, other)).blockers if each.resource == one.id]
    return f"{one.id}: {own[0].line}" if own else ""
