"""What connections reach that something makes for others: followed once, for everybody who asks.

A connection by a load balancer is two: that of whoever asks, to the load balancer and back, and that of the load balancer. A request is
answered where both are.
"""

from __future__ import annotations

import msgspec

from ..models.packet import IntervalSet, only
from ..models.snapshot import Snapshot
from ..models.table import Action, Choose, Place, Send
from ..models.verdict import Verdict
from ..walk import NEEDING
from .box import Box
from .front import Asked, Front
from .packets import Packets
from .relays import Relay
from .replies import REMAPPED
from .spread import act
from .strays import TAKEN_BACK, Strays, settled

RELAY = "relay"


class Passed(msgspec.Struct, frozen=True):
    """What a connection reaches: an interface, at this address, on this service, and whether that answers."""

    arrival: str
    at: IntervalSet
    services: IntervalSet
    verdict: Verdict


def passed_on(world: Snapshot, relay: Relay, packets: Packets, followed: Strays) -> list[Passed] | None:
    """Return what a relay reaches that takes some packets, any of them; None where it may be more than interfaces."""
    _, far, services = packets
    box = Box(only(0), only(far.smallest()), only(services.smallest()))
    # The other connection is answered where its replies have come back to the relay, on whichever port it chose.
    start, back = Front(Place(RELAY, "sends"), ""), Place(RELAY, TAKEN_BACK)
    asked = Asked(start, REMAPPED, NEEDING, closed=followed.closed, closed_back=followed.closed_back)
    pieces = act(followed.beyond, asked, Front(relay.place, ""), _taken_back(relay.action, back), [box])
    found: list[Passed] = []
    for piece in pieces:
        if world.find("network_interface", piece.arrival) is None or piece.finally_to is None:
            return None
        found.extend(Passed(piece.arrival, piece.finally_to, on, verdict) for _, verdict, on in settled(piece))
    return [one for one in found if one.verdict is not Verdict.BLOCKED]


def _taken_back(action: Action, back: Place) -> Action:
    """Return the same action, whose replies end where they have come back."""
    if isinstance(action, Send) and action.session is not None:
        return msgspec.structs.replace(action, session=msgspec.structs.replace(action.session, inside=back))
    if isinstance(action, Choose):
        return msgspec.structs.replace(action, actions=tuple(_taken_back(one, back) for one in action.actions))
    return action
