"""Lines, tables and places: the definition of what a packet meets.

A place is where a packet can be. At each place stands a table of lines; the first line that matches decides. Nothing else
decides anything: a rule of AWS becomes lines, and both readings (`analyzer.walk`, `analyzer.engine`) read the same lines.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum

import msgspec

from .packet import EVERY_ADDRESS, IntervalSet, Packet


class Direction(StrEnum):
    """Whether a packet asks or answers; filters with a memory (stateful ones) let answers pass."""

    REQUEST = "request"
    REPLY = "reply"


class Traffic(StrEnum):
    """Which way a filter looks: at what comes in, or at what goes out."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a packet can be: a stage of one resource, and how it came there.

    `via` is what the stage needs to know of the way: for `routed` the subnet (or gateway) whose route table sent the packet,
    for `enters` of a subnet the component that takes the packet there ("" means whoever owns the target address).
    """

    resource: str
    stage: str
    via: str = ""


# The stage of a component that a route table sends to.
ROUTED = "routed"
INTERNET = Place("internet", "carries")


class DoubtKind(StrEnum):
    """Why configuration alone cannot decide: a fact outside configuration, or configuration that is not in the snapshot."""

    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


class Doubt(msgspec.Struct, frozen=True, order=True):
    """One reason why a line may or may not hold, in one sentence."""

    kind: DoubtKind
    text: str
    resource: str
    rule: str


class Session(msgspec.Struct, frozen=True):
    """How a reply finds its way back through a component that made another connection, or remembers one.

    A reply that reaches one of the places `outside`, the first of which is the component's own, gets the header of before the
    translation back, and goes on at `inside`.
    Before that, one that reaches `caught` is led to `led`, whatever routes say: to a load balancer that kept the client's address.
    A reply that comes home without having passed here is lost where `past` is None, else in that doubt.
    """

    outside: tuple[Place, ...]
    inside: Place
    remaps_ports: bool = False
    caught: Place | None = None
    led: Place | None = None
    past: Doubt | None = None


SOMEWHERE = Place("unmodelled", "carries")
# The realm of packets that came through something that is not modelled: their source may be anything by now.
UNTOLD = "unmodelled"
LOST = Session(outside=(SOMEWHERE,), inside=SOMEWHERE)


class Send(msgspec.Struct, frozen=True):
    """Go on at a place; a source, target or service that is given replaces the packet's.

    `realm` names the VPC whose private address the source is from here on: None keeps it, "" says that nobody can tell, so
    that no group reference matches any more.
    """

    place: Place
    source: int | None = None
    target: int | None = None
    service: int | None = None
    realm: str | None = None
    session: Session | None = None

    def unopened(self) -> Send:
        """Return it without its session: a reply opens none, it comes back through those that its request opened."""
        return self if self.session is None else msgspec.structs.replace(self, session=None)


AWAY = Send(SOMEWHERE, realm=UNTOLD, session=LOST)


class Arrive(msgspec.Struct, frozen=True):
    """The journey ends here, at `resource`: an interface, a gateway endpoint, the internet, the Amazon resolver."""

    resource: str


ANYWHERE = "anywhere in "


def anywhere(in_: str = "") -> Arrive:
    """Return the arrival at nobody knows whom in a VPC, or on the `internet`: it counts for every target that is there.

    With nothing named it counts for every interface of the snapshot: nobody knows the VPC either.
    """
    return Arrive(ANYWHERE + in_)


def may_be_in(arrival: str, where: str) -> bool:
    """Return whether an arrival at nobody knows whom may be one in this VPC, or on the `internet`."""
    return arrival == ANYWHERE + where or (arrival == ANYWHERE and where != INTERNET.resource)


class Drop(msgspec.Struct, frozen=True):
    """The journey ends without arrival.

    `otherwise` is what would happen if exactly this line were mended; None when mending it means another network.
    `code` is the Reachability Analyzer's explanation code, "" where AWS has none. `misrouted`: nothing is wrong here, but the route
    that led here is not the one that the packet needs.
    """

    code: str
    text: str
    otherwise: Action | None = None
    misrouted: bool = False


class Choose(msgspec.Struct, frozen=True):
    """One of several things happens, and configuration does not say which: all are tried."""

    actions: tuple[Action, ...]
    doubt: Doubt


class Share(msgspec.Struct, frozen=True):
    """Each of these happens to some packets: a load balancer takes a connection, and makes another to one of its targets."""

    actions: tuple[Action, ...]


Action = Send | Arrive | Drop | Choose | Share


# What becomes of a packet that no question follows any further; a circle is told long before.
TOO_FAR = Choose(
    (
        Arrive(ANYWHERE),
        Arrive(ANYWHERE + INTERNET.resource),
        Arrive(SOMEWHERE.resource),
        Drop("", "the way is too long to follow"),
    ),
    Doubt(DoubtKind.UNKNOWN, "the way is longer than any that is followed to its end", "", "M-4"),
)


class Match(msgspec.Struct, frozen=True):
    """The headers that a line is about; None means any.

    `realms` are the VPCs whose private addresses the sources must be (a group reference); None means wherever from.
    """

    sources: IntervalSet | None = None
    targets: IntervalSet | None = None
    services: IntervalSet | None = None
    realms: frozenset[str] | None = None

    def holds(self, packet: Packet, realm: str) -> bool:
        """Return whether the line is about this packet, whose source is a private address of the VPC `realm`."""
        return (
            (self.targets is None or packet.target in self.targets)
            and (self.sources is None or packet.source in self.sources)
            and (self.services is None or packet.service in self.services)
            and (self.realms is None or realm in self.realms)
        )


ANY = Match()


class Line(msgspec.Struct, frozen=True):
    """What happens to the packets that match: one line of a table, as people can find it in AWS.

    `resource` is the AWS resource that holds the line, `title` the line itself, `rule` the id of the AWS rule behind it.
    `refused` are the further resources that could have held a line which lets the packet pass. Where the line is one of each
    interface, `resource` is the VPC, and `holder` says whose address, the `source` or the `target`, tells the interface.
    """

    title: str
    match: Match
    action: Action
    rule: str
    resource: str
    refused: tuple[str, ...] = ()
    holder: str = ""


class Table:
    """Lines in order of priority. The first that matches decides; the last line of every table matches everything.

    `kind` says what stands here: `security_group`, `network_acl`, `route_table`, `internet_gateway` …
    """

    __slots__ = ("_at", "_starts", "kind", "lines")

    def __init__(self, kind: str, lines: list[Line]) -> None:
        self.kind = kind
        self.lines = lines
        self._starts, self._at = _index(lines)

    def first(self, packet: Packet, realm: str) -> Line:
        """Return the line that decides this packet."""
        for line in self.about(packet.target):
            if line.match.holds(packet, realm):
                return line
        raise AssertionError(f"no line of the {self.kind} table matches; the last one must match everything")

    def about(self, target: int) -> list[Line]:
        """Return the lines, in order, that can match a packet to this target."""
        if not self._starts:
            return self.lines
        at = bisect_right(self._starts, target) - 1
        return self._at[at] if at >= 0 else self.lines

    def within(self, targets: IntervalSet) -> list[Line]:
        """Return the lines, in order, that can match a packet to any of these targets."""
        if not self._starts or targets == EVERY_ADDRESS or len(targets.intervals) > 4:
            return self.lines
        wanted: dict[int, Line] = {}
        for low, high in targets:
            at = max(bisect_right(self._starts, low) - 1, 0)
            while at < len(self._starts) and self._starts[at] <= high:
                wanted.update((id(line), line) for line in self._at[at])
                at += 1
        return [line for line in self.lines if id(line) in wanted]


_WORTH_AN_INDEX = 16
_ENTRIES_A_LINE = 32


def _index(lines: list[Line]) -> tuple[list[int], list[list[Line]]]:
    """Return borders of the target line and the lines, in order, that can match between them; empty where no index pays.

    Lines that name many targets which others name too make it long; it is given up before it is longer than that is worth.
    """
    if len(lines) < _WORTH_AN_INDEX:
        return [], []
    borders = {
        border
        for line in lines
        if line.match.targets is not None
        for span in line.match.targets
        for border in (span[0], span[1] + 1)
    }
    starts = sorted({0, *borders})
    at: list[list[Line]] = [[] for _ in starts]
    room = _ENTRIES_A_LINE * len(lines) + len(starts)
    for line in lines:
        for low, high in EVERY_ADDRESS if line.match.targets is None else line.match.targets:
            first, last = bisect_right(starts, low) - 1, bisect_right(starts, high)
            room -= last - first
            if room < 0:
                return [], []
            for one in at[first:last]:
                one.append(line)
    return starts, at
