"""What an interface does whose instance AWS did not say, or that could not be read: it may be stopped, and it may have pods."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from .component import World, perhaps, unknown
from .interface import InterfaceShape
from .table import Choose, Drop, Line, Match, Send, anywhere


def if_started(line: Line, interface: InterfaceShape, world: World) -> Line:
    """Return a line of the interface, with a doubt where nobody knows whether its instance is started."""
    if not interface.instance_is_lost(world):
        return line
    doubt = unknown(f"{interface.instance_id} is not in the snapshot; it may be stopped", interface.id, "LIM-7")
    return msgspec.structs.replace(line, action=perhaps(line.action, doubt))


def pods(interface: InterfaceShape, onward: Send, world: World) -> Iterator[Line]:
    """Yield what becomes of packets from addresses that may be those of pods, which may call with the address of their node."""
    addresses = interface.perhaps_of_pods(world)
    if addresses:
        doubt = unknown(f"{interface.instance_id} is not in the snapshot; it may have pods", interface.id, "LIM-7")
        action = Choose((onward, anywhere(), Drop("", doubt.text)), doubt)
        yield Line("may be a pod", Match(sources=addresses), action, "LIM-7", interface.id)
