"""What takes a connection and makes another one, with a header of its own: whoever it reaches, it reaches for everybody who asks it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..models.packet import IntervalSet
from ..models.table import LOST, Action, Arrive, Choose, Drop, Place, Send, Share


class Relay(msgspec.Struct, frozen=True):
    """A connection that something makes for those who ask it: where it was asked, and what it does then."""

    place: Place
    action: Action

    @property
    def inside(self) -> Place:
        """Where replies go on to who asked."""
        session = next(_sends(self.action)).session
        assert session is not None
        return session.inside

    def serves(self, services: IntervalSet) -> bool:
        """Return whether it asks for the same protocol as it is asked for."""
        low, high = services.smallest(), services.intervals[-1][1]
        return all(one.service is not None and low >> 16 == high >> 16 == one.service >> 16 for one in _sends(self.action))


def is_relay(action: Action) -> bool:
    """Return whether something makes a connection with its own address, to one target, whatever it is asked; or in doubt none."""
    sends = list(_sends(action))
    ways = action.actions if isinstance(action, Choose) else (action,)
    if not sends or any(not isinstance(one, Send | Drop) for one in ways):
        return False
    return all(_makes_another(one) for one in sends) and len({one.session.inside for one in sends if one.session}) == 1


def is_shared(share: Share) -> bool:
    """Return whether packets arrive that are shared out, or lead to connections of which each is whole by itself."""
    ends = [one for one in share.actions if not isinstance(one, Arrive | Drop)]
    to = [(send.target, send.service) for one in ends for send in _sends(one)]
    return all(is_relay(one) for one in ends) and len(set(to)) == len(to)


def _sends(action: Action) -> Iterator[Send]:
    yield from (one for one in getattr(action, "actions", (action,)) if isinstance(one, Send))


def _makes_another(send: Send) -> bool:
    session = send.session
    if None in (send.source, send.target, send.service, send.realm) or session is None or session == LOST:
        return False
    return session.remaps_ports and session.past is None and session.led is None
