"""What an interface does of which too little is known: whether its instance runs, or has pods; whether it is there at all."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .component import World, perhaps, unknown
from .interface import InterfaceShape
from .packet import EVERY_V6
from .table import Choose, Drop, Line, Match, Send, anywhere


def if_started(line: Line, interface: InterfaceShape, world: World) -> Line:
    """Return a line of the interface, with a doubt where nobody knows whether it is there, or whether its instance is started."""
    why = f"{interface.id} may not be there: {interface.perhaps_there}" if interface.perhaps_there else ""
    if interface.instance_is_lost(world):
        why = f"{interface.instance_id} is not in the snapshot; it may be stopped"
    return _doubted(line, interface, why) if why else line


def if_it_has(line: Line, interface: InterfaceShape, world: World, end: str) -> Iterator[Line]:
    """Yield a line about everything, before it what becomes of packets of an address that the interface may not have.

    `end` is that of the packets which is the interface's own: `sources` or `targets`.
    """
    doubted = if_started(line, interface, world)
    if interface.perhaps_v6 and doubted is line:
        why = f"{interface.id} may have no IPv6 address: {interface.perhaps_v6}"
        match = msgspec.structs.replace(line.match, **{end: interface.private_addresses & EVERY_V6})
        yield msgspec.structs.replace(_doubted(line, interface, why), title=f"{line.title} by IPv6", match=match)
    yield doubted


def _doubted(line: Line, interface: InterfaceShape, why: str) -> Line:
    return msgspec.structs.replace(line, action=perhaps(line.action, unknown(why, interface.id, "LIM-7")))


def pods(interface: InterfaceShape, onward: Send, world: World) -> Iterator[Line]:
    """Yield what becomes of packets from addresses that may be those of pods, which may call with the address of their node."""
    addresses = interface.perhaps_of_pods(world)
    if addresses:
        doubt = unknown(f"{interface.instance_id} is not in the snapshot; it may have pods", interface.id, "LIM-7")
        action = Choose((onward, anywhere(), Drop("", doubt.text)), doubt)
        yield Line("may be a pod", Match(sources=addresses), action, "LIM-7", interface.id)
