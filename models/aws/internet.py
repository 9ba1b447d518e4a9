"""The internet, and the places that nothing models: where packets go that leave what the snapshot knows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, ClassVar

import msgspec

from ..component import Component, World, conditional, lost_sight, perhaps, unknown
from ..door import Door
from ..packet import EVERY_V6, NAT64, PRIVATE_V4, PUBLIC, SHARED_V4, IntervalSet, union
from ..rule import rule
from ..table import INTERNET, SOMEWHERE, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Share, Table, anywhere
from ..unmodelled import ENTRY


class Internet(Component, kw_only=True):
    """Everything that is reached by public addresses."""

    kind: ClassVar[str] = "internet"
    endpoint_kind: ClassVar[str] = "internet"

    @property
    def id(self) -> str:
        """Always `internet`."""
        return "internet"

    def answers_from(self, world: World) -> Place:
        """Return the internet itself."""
        return INTERNET

    @rule(
        "IGW-10",
        says="Between VPCs by public address packets are internet traffic: for routes, groups, ACLs and Block Public Access.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    )
    @rule(
        "IGW-9",
        says="To a public address inside its own VPC a packet goes out to the internet and in again: the receiver sees a public sender.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return where the internet carries a packet: into the VPC that owns the public address, or out to strangers."""
        owned = world.public_addresses()
        lines = [self._into(vpc_id, addresses, world) for vpc_id, addresses in owned.items()]
        strangers = PUBLIC - union(owned.values())
        lines.extend(self._doors(strangers, world) if direction is Direction.REQUEST else ())
        lines.append(Line("the internet", Match(targets=strangers), Arrive(self.id), "IGW-1", self.id))
        lines.extend(self._without_public_address(world))
        nowhere = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "the internet does not route private addresses")
        lines.append(Line("not a public address", Match(), nowhere, "IGW-4", self.id))
        return Table("internet", lines)

    def _doors(self, strangers: IntervalSet, world: World) -> Iterator[Line]:
        """Yield where the internet hands over to services: at their addresses, or anywhere where nobody knows those."""
        doors = [door for one in world.doing("doors") for door in one.doors(world)]
        for door in doors:
            if door.addresses is not None:
                match = Match(targets=door.addresses, services=door.services)
                yield Line(f"addresses of {door.place.resource}", match, Send(door.place), "IGW-3", door.place.resource)
        hidden = [door for door in doors if door.addresses is None]
        if hidden:
            match = Match(targets=strangers, services=union(door.services for door in hidden))
            behind = tuple(Send(door.place) for door in hidden)
            yield Line("the internet, public services on it", match, Share((Arrive(self.id), *behind)), "IGW-1", self.id)

    def _into(self, vpc_id: str, addresses: IntervalSet, world: World) -> Line:
        title, match = f"public addresses of {vpc_id}", Match(targets=addresses)
        gateway = _gateway_of(vpc_id, world)
        if gateway:
            return Line(title, match, Send(Place(gateway, "from internet")), "IGW-3", self.id)
        return Line(title, match, Drop("BAD_STATE_ATTACHMENT", f"no internet gateway is attached to {vpc_id}"), "IGW-1", vpc_id)

    def _without_public_address(self, world: World) -> Iterator[Line]:
        """Yield, for each VPC, the line that stops what is sent to private addresses, and what a public one would change."""
        vpcs = [one for one in world.all("vpc") if _gateway_of(one.id, world)]
        for vpc, alike in _overlapping(world.all("vpc"), vpcs):
            yield from self._perhaps_public(vpc, world)
            held = union(one.plain_addresses for one in world.where("network_interface", "vpc_id", vpc.id))
            ways = tuple(Send(Place(one, "delivers"), realm="") for one in alike)
            doubt = conditional("any of these would serve", vpc.id, "IGW-1")
            otherwise = Choose(ways, doubt) if len(ways) > 1 else ways[0] if ways else None
            text = "the internet does not route private addresses, and the interface has no public one"
            drop = Drop("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", text, otherwise)
            yield Line("no public address", Match(targets=held), drop, "IGW-3", vpc.id, holder="target")

    def _perhaps_public(self, vpc: Any, world: World) -> Iterator[Line]:
        """Yield the doubt about interfaces that have a public address which the snapshot does not know."""
        interfaces = world.where("network_interface", "vpc_id", vpc.id)
        plain = union(one.plain_addresses for one in interfaces if not one.perhaps_public)
        for one in interfaces:
            if one.perhaps_public and _gateway_of(vpc.id, world):
                doubt = unknown(f"the public address of {one.id} is not in the snapshot", one.id, "SVC-2")
                send = Send(Place(vpc.id, "delivers"), realm="")
                match = Match(targets=one.private_addresses - plain)
                yield Line("public address not in the snapshot", match, perhaps(send, doubt), "SVC-2", one.id)


def _overlapping(vpcs: Sequence[Any], others: Sequence[Any]) -> Iterator[tuple[Any, list[str]]]:
    """Yield each VPC with the ids, in order, of those others that have addresses in common with it."""
    spans = sorted((low, high, one.id) for one in others for low, high in one.addresses)
    lows, reach = [span[0] for span in spans], list(accumulate((span[1] for span in spans), max))
    for vpc in vpcs:
        found: set[str] = set()
        for low, high in vpc.addresses:
            # From the first span that those before it do not all end short of, to the last that begins in time.
            near = spans[bisect_left(reach, low) : bisect_right(lows, high)]
            found.update(id for start, end, id in near if start <= high and end >= low)
        yield vpc, sorted(found)


def _gateway_of(vpc_id: str, world: World) -> str:
    """Return the internet gateway that is attached to a VPC; "" for none."""
    return next((one.id for one in world.where("internet_gateway", "vpc_id", vpc_id) if one.attached), "")


def _to_anybody(line: Line) -> Line:
    """Return a line that doubts, with the doubt that the packet comes to anybody at all, whatever stands before it."""
    doubts = line.action
    return (
        msgspec.structs.replace(line, action=Choose((*doubts.actions, anywhere()), doubts.doubt))
        if isinstance(doubts, Choose)
        else line
    )


def _translated(resource: str) -> Line:
    """Return the line of IPv6 packets that a NAT gateway which nobody knows may have sent on as IPv4."""
    doubt = unknown("what translates to IPv4 is not in the snapshot", resource, "LIM-7")
    action = Choose((anywhere(INTERNET.resource), anywhere(), Drop("", doubt.text)), doubt)
    return Line("may be translated", Match(targets=NAT64), action, "LIM-7", resource)


class Unmodelled(Component, kw_only=True):
    """What lies behind a component that is not modelled or not in the snapshot: anything may be reached through it."""

    kind: ClassVar[str] = "unmodelled"

    @property
    def id(self) -> str:
        """Always `unmodelled`."""
        return "unmodelled"

    def answers_from(self, world: World) -> Place:
        """Return the place that brings it back from wherever it was."""
        return SOMEWHERE

    def passes_on(self, world: World) -> bool:
        """Return whether it lets anybody in, or may be a relay that code makes."""
        return self._lets_in(world) or bool(world.where("subnet", "relaying", True))

    def _lets_in(self, world: World) -> bool:
        """Return whether the internet may come in by something that is not modelled, or was not collected."""
        return bool(world.unmodelled_entries) or any(self._unseen(world))

    def reached_at(self, world: World) -> IntervalSet:
        """Return the addresses that it may have where code makes it: of subnets in which it may stand."""
        return union(one.addresses for one in world.where("subnet", "relaying", True))

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the way in by what lets the internet in and is not modelled, at whatever address."""
        if self._lets_in(world):
            yield Door(Place(self.id, "lets in"))

    def _unseen(self, world: World) -> Iterator[str]:
        """Yield the VPCs that may have such a way in: nobody asked their owner, or AWS did not say."""
        return (vpc.id for vpc in world.all("vpc") if world.is_broken(ENTRY, vpc))

    @rule(
        "RT-29",
        says="Carrier gateways take packets from the carrier's network, and local gateways from the site of an Outpost: neither they nor "
        "Verified Access endpoints are modelled, and whom they let in is unknown.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/Carrier_Gateway.html",
    )
    def _entry(self, world: World) -> Table:
        if world.unmodelled_entries:
            keys = ", ".join(f"`{one}`" for one in world.unmodelled_entries)
            doubt = unknown(f"whom {keys} let in from the internet is not modelled", self.id, "RT-29")
            action = lost_sight(doubt)
        else:
            doubt = unknown(
                "whether carrier gateways, Verified Access or CloudFront let anybody in was not collected", self.id, "RT-29"
            )
            action = Choose((*map(anywhere, self._unseen(world)), Drop("UNKNOWN_RESOURCE", doubt.text)), doubt)
        return Table("unmodelled", [Line("an entry that is not modelled", Match(), action, "RT-29", self.id)])

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return delivery to whichever VPC holds the target, or to somebody unknown; at stage `lets in` to anybody."""
        if place.stage == "lets in":
            return self._entry(world)
        lines: list[Line] = []
        beyond = Arrive(self.id)
        for vpc in world.all("vpc"):
            overlapping = [other for other in world.all("vpc") if other.addresses & vpc.addresses]
            doubt = unknown("which network the packet comes to is not modelled", vpc.id, "LIM-7")
            sends: list[Send | Arrive | Drop | Choose] = [Send(Place(one.id, "delivers")) for one in overlapping]
            lines.append(
                Line(
                    f"may come to {vpc.id}",
                    Match(targets=vpc.addresses),
                    Choose((*sends, Drop("", doubt.text)), doubt),
                    "LIM-7",
                    vpc.id,
                )
            )
        doubt = unknown("the VPC is not in the snapshot", self.id, "LIM-7")
        for subnet in world.all("subnet"):
            if world.find("vpc", subnet.vpc_id) is None:
                inside = Choose((Send(Place(subnet.id, "enters")), Drop("", doubt.text)), doubt)
                lines.append(Line(f"may come to {subnet.id}", Match(targets=subnet.addresses), inside, "LIM-7", subnet.id))
        doubt = unknown("what lies beyond is not in the snapshot", self.id, "LIM-7")
        for vpc_id, addresses in world.public_addresses().items():
            inward = Choose((Send(INTERNET), Drop("", doubt.text)), doubt)
            lines.append(Line(f"may come to {vpc_id}", Match(targets=addresses), inward, "LIM-7", vpc_id))
        private = PRIVATE_V4 | SHARED_V4 | (EVERY_V6 - PUBLIC)
        lines.append(
            Line("beyond the snapshot", Match(targets=private), Choose((beyond, Drop("", doubt.text)), doubt), "LIM-7", self.id)
        )
        out = Choose((Send(INTERNET), beyond, Drop("", doubt.text)), doubt)
        lines.append(Line("beyond the snapshot", Match(), out, "LIM-7", self.id))
        return Table("unmodelled", [_translated(self.id), *map(_to_anybody, lines)] if world.loses_sight else lines)
