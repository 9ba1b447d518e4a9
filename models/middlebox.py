"""What a system behind an interface may do with packets that are not for it: forward, translate or drop them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .component import World, conditional
from .packet import EVERY_V4, EVERY_V6, union
from .rule import rule
from .table import Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session


@rule(
    "SDC-5",
    says="Behind an interface whose check is off stands a system that may forward, translate or drop: configuration does not say.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html",
)
@rule(
    "SG-14",
    says="A middlebox between two interfaces breaks group references in the groups of both.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
)
def forwarding(interface: Any, direction: Direction, world: World) -> Iterator[Line]:
    """Yield the lines of what a system behind an interface may do with a packet that its groups let in."""
    out = Place(interface.id, "groups out")
    doubt = conditional(f"what the system behind {interface.id} forwards is not in the configuration", interface.id, "SDC-5")
    onward = Send(out, realm="")
    lost = Drop("", doubt.text, otherwise=onward)
    if direction is Direction.REPLY:
        yield Line("may forward", Match(), Choose((onward, lost), doubt), "SDC-5", interface.id)
        return
    session = Session(outside=(Place(interface.id, "receives"),), inside=out, remaps_ports=True)
    if pool := union(one.pool_addresses() for one in world.where("route_table", "vpc_id", interface.vpc_id)):
        here = Choose((Arrive(interface.id), onward, lost), doubt)
        yield Line("an address of an own pool", Match(targets=pool), here, "RT-25", interface.id)
    for family, own in zip((EVERY_V4, EVERY_V6), interface.primary, strict=True):
        actions: list[Action] = [onward, lost]
        if own is not None:
            actions.insert(1, Send(out, source=own, realm=interface.vpc_id, session=session))
        action = Choose(tuple(actions), doubt)
        yield Line("may forward, translate or drop", Match(targets=family), action, "SDC-5", interface.id)
