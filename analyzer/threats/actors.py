"""Who attacks, and where each begins: interfaces, the internet, or addresses of networks that the snapshot does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ..models.attack import Actor
from ..models.endpoint import Endpoint
from ..models.packet import union
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.trust import ZoneKind
from ..select import select
from .declared import ActorRow, Declared, actor_named, of_kind
from .knowledge import Knowledge

ON_PREM = ZoneKind.ON_PREM.value
PARTNER = ZoneKind.PARTNER.value


class Begins(msgspec.Struct, frozen=True):
    """Where something begins: ids of interfaces and of the internet, and endpoints that nothing in the snapshot is."""

    ids: tuple[str, ...] = ()
    outside: tuple[Endpoint, ...] = ()

    @property
    def names(self) -> list[str]:
        """All ids."""
        return [*self.ids, *(one.id for one in self.outside)]


class Attacker(msgspec.Struct, frozen=True):
    """An actor and where he begins; `begins` is None for one who begins where others get to: at `follows`."""

    actor: Actor
    begins: Begins | None
    follows: str = ""


def attackers(world: Snapshot, declared: Declared, known: Knowledge, wanted: Sequence[str]) -> tuple[list[Attacker], list[str]]:
    """Return the actors that are wanted (all known ones, and those of the user, where none is named), and notes on those without a start.

    Raises QuestionError for an actor that there is not, or a selector that matches nothing.
    """
    found, notes = [], []
    own = {row.name: (row, origin) for row, origin in declared.actors}
    for text in wanted or [*known.actors, *own]:
        if text in own:
            found.append(_own(*own[text], world, known))
            continue
        name, selector = actor_named(text, known)
        one = _known(text, name, selector, world, declared, known)
        if one.begins is not None and not one.begins.names:
            notes.append(f"no {name}: the snapshot holds no network of that kind")
        else:
            found.append(one)
    return found, notes


def _own(row: ActorRow, origin: str, world: Snapshot, known: Knowledge) -> Attacker:
    begins = _selected(row.start, world)
    return Attacker(_placed(of_kind(row.name, row.like, begins.names, known, row, origin), begins), begins)


def _placed(actor: Actor, begins: Begins) -> Actor:
    """Return an actor in the zone where he begins: who sits at interfaces of the snapshot is not behind a VPN, and no stranger."""
    inside = begins.ids and not begins.outside and INTERNET.resource not in begins.ids
    return (
        msgspec.structs.replace(actor, zone=ZoneKind.VPC)
        if inside and actor.zone in (ZoneKind.ON_PREM, ZoneKind.INTERNET)
        else actor
    )


def _known(text: str, name: str, selector: str, world: Snapshot, declared: Declared, known: Knowledge) -> Attacker:
    kind = known.actors[name]
    if selector:
        begins = _selected([selector], world)
    elif kind.starts == "internet":
        begins = Begins((INTERNET.resource,))
    elif kind.starts == "partners":
        begins = partners(world, declared)
    elif kind.starts == "on-prem":
        begins = on_prem(world)
    else:
        return Attacker(of_kind(text, name, [], known), None, kind.starts)
    return Attacker(_placed(of_kind(text, name, begins.names, known), begins), begins)


def _selected(texts: Iterable[str], world: Snapshot) -> Begins:
    ends = {one.id: one for text in texts for one in select(text, world)}
    inside = [id for id, one in ends.items() if one.interface or id == INTERNET.resource]
    return Begins(tuple(sorted(inside)), tuple(one for id, one in sorted(ends.items()) if id not in inside))


def on_prem(world: Snapshot) -> Begins:
    """Return the networks behind VPNs, Direct Connect and client VPNs, as one endpoint; nothing where there are none."""
    behind = union(addresses for one in world.doing("beyond") for _, addresses in one.beyond(world))
    return Begins(outside=(Endpoint(ON_PREM, "address", behind),)) if behind else Begins()


def partners(world: Snapshot, declared: Declared) -> Begins:
    """Return what belongs to partners: what is declared so, and the far sides of peerings that the snapshot does not hold."""
    named = _selected(declared.partners, world)
    far = union(
        side.addresses
        for one in world.all("vpc_peering")
        for side in one.sides
        if side.vpc_id and world.find("vpc", side.vpc_id) is None and side.owner_id not in world.accounts
    )
    far = far - union(vpc.addresses for vpc in world.all("vpc"))
    return Begins(named.ids, (*named.outside, *([Endpoint(PARTNER, "address", far)] if far else [])))
