"""One packet under way and what becomes of it: what is asked of it, where it is, the lines that it met, how it ended."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from .models.packet import Packet
from .models.table import Action, Direction, Doubt, Line, Place, Session
from .models.verdict import Verdict, all_of


class Step(msgspec.Struct, frozen=True):
    """One line that decided, the packet as it was then, and what came of it."""

    place: Place
    kind: str
    line: Line
    packet: Packet
    action: Action
    direction: Direction
    realm: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A session that the request opened: the header before and after the translation."""

    session: Session
    before: Packet
    after: Packet


class State(msgspec.Struct, frozen=True):
    """A packet under way: where it is, the VPC that its source belongs to, and the sessions that its replies go back through."""

    place: Place
    packet: Packet
    realm: str = ""
    sessions: tuple[Opened, ...] = ()


class Flow(msgspec.Struct, frozen=True):
    """What became of a packet and its reply; `reply` is None where the request did not arrive or nothing answers."""

    forward: Verdict
    reply: Verdict | None = None
    steps: tuple[Step, ...] = ()
    reply_steps: tuple[Step, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    arrived: str = ""

    @property
    def verdict(self) -> Verdict:
        """Forward and reply together, as though the reply were needed."""
        return all_of((self.forward, self.reply)) if self.reply is not None else self.forward


class Question(msgspec.Struct, frozen=True):
    """What is asked of one packet: where it starts, from which port, and which arrivals count."""

    start: State
    client_port: int
    counts: Callable[[str, Packet], bool]
