"""Internet gateways and egress-only internet gateways: the doors between a VPC and the internet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, perhaps, unknown
from ..packet import EVERY_V4, PRIVATE_V4, SHARED_V4, IntervalSet, only
from ..rule import rule
from ..table import INTERNET, Direction, Drop, Line, Match, Place, Send, Session, Table


class GatewayAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """The VPC that a gateway is attached to; the state reads `available` or `attached` when it is."""

    vpc_id: str = ""
    state: str = "available"


class _Gateway(Component, kw_only=True):
    attachments: list[GatewayAttachment] = []

    @property
    def vpc_id(self) -> str:
        """The VPC that the gateway is attached to; "" when it is attached to none."""
        return next((one.vpc_id for one in self.attachments), "")

    @property
    def attached(self) -> bool:
        """Whether the attachment works."""
        return any(one.vpc_id and one.state in ("available", "attached") for one in self.attachments)

    def routed_from(self, world: World) -> list[str]:
        """Return the VPC whose route tables can name the gateway."""
        return [self.vpc_id] if self.vpc_id else []

    def _line(self, title: str, action: Send | Drop, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    @rule(
        "RT-17",
        says="A route is only a next hop: its target must be attached to this VPC and work, or the packet is lost.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _attachment(self, via: str, onward: Send, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        if not self.attached or (subnet is not None and subnet.vpc_id != self.vpc_id):
            drop = Drop("BAD_STATE_ATTACHMENT", f"{self.id} is not attached to the VPC", otherwise=onward)
            yield self._line("not attached", drop, "RT-17")

    @rule(
        "BPA-3",
        says="Block Public Access stands in front of internet and egress-only gateways alone: private ways are not touched.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def _blocked_public_access(
        self, place: str, world: World, *, inbound: bool, started_inside: bool, onward: Send
    ) -> Iterator[Line]:
        for guard in world.all("block_public_access"):
            yield from guard.lines(place, world, inbound=inbound, started_inside=started_inside, onward=onward)


class InternetGateway(_Gateway, kw_only=True):
    """An internet gateway: DescribeInternetGateways."""

    kind: ClassVar[str] = "internet_gateway"
    documents: ClassVar[tuple[Document, ...]] = (Document("InternetGateways", "ec2", "DescribeInternetGateways"),)

    internet_gateway_id: str
    assumed: bool = msgspec.field(name="_Assumed", default=False)

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.internet_gateway_id

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a gateway, perhaps there, for each VPC with public addresses when no gateway documents were collected."""
        if not world.collected(cls.kind):
            attached = {gateway.vpc_id for gateway in world.all(cls.kind)}
            for vpc_id in sorted(set(world.public_addresses()) - attached):
                named = {route.gateway_id for table in world.where("route_table", "vpc_id", vpc_id) for route in table.routes}
                named = {one for one in named if one.startswith("igw-")}
                row = {
                    "InternetGatewayId": min(named, default=f"igw of {vpc_id}"),
                    "Attachments": [{"VpcId": vpc_id}],
                    "_Assumed": True,
                }
                yield "InternetGateways", row

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines outward (stage `routed`) or inward (stage `from internet`)."""
        outward = place.stage == "routed"
        lines = list(self._outward(place.via, direction, world) if outward else self._inward(direction, world))
        return Table(
            "internet_gateway",
            [self._doubted(line) for line in lines] if self.assumed or world.is_broken("block_public_access") else lines,
        )

    def _doubted(self, line: Line) -> Line:
        if not isinstance(line.action, Send):
            return line
        what = "internet gateway" if self.assumed else "public access switch"
        doubt = unknown(f"the {what} of {self.vpc_id} is not in the snapshot", self.vpc_id, "LIM-7")
        return msgspec.structs.replace(line, action=perhaps(line.action, doubt))

    @rule(
        "IGW-4",
        says="The internet gateway refuses RFC 1918 and RFC 6598 addresses outside: as target going out, as source coming in.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _outward(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        out = Send(INTERNET, realm="")
        yield from self._attachment(via, out, world)
        private = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "private addresses are not routed on the internet")
        yield self._line("private target", private, "IGW-4", Match(targets=PRIVATE_V4))
        shared = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS", "shared addresses are not routed on the internet")
        yield self._line("shared target", shared, "IGW-4", Match(targets=SHARED_V4))
        yield from self._redirected(via, out, world)
        yield from self._public_sources(direction, out, world)

    @rule(
        "IGW-1",
        says="IPv4 reaches the internet only with a gateway that is attached, a route to it, and a public address on the interface.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    )
    @rule(
        "IGW-11",
        says="MapPublicIpOnLaunch is a default for new interfaces; only the association of an interface makes it public.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html",
    )
    def _public_sources(self, direction: Direction, out: Send, world: World) -> Iterator[Line]:
        asks = direction is Direction.REQUEST
        for interface in world.where("network_interface", "vpc_id", self.vpc_id):
            own = Match(sources=interface.plain_addresses)
            if interface.public_addresses or asks:
                inside = interface.type == "nat_gateway"
                yield from self._guard(interface, own, world, inbound=not asks, started_inside=inside, onward=out)
            for private, public in interface.public_addresses.items():
                send = Send(INTERNET, source=public, realm="")
                yield self._line(f"{interface.id} has a public address", send, "IGW-2", Match(sources=only(private)))
            if not interface.public_addresses:
                text = f"{interface.id} has no public address"
                drop = Drop("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", text, otherwise=out)
                yield Line("no public address", own, drop, "IGW-1", interface.id)
        yield from self._public_v6(direction, out, world)
        drop = Drop("GATEWAY_REJECTS_SPOOFED_TRAFFIC", "the source is no public address of this VPC")
        yield self._line("source without a public address here", drop, "IGW-4")

    @rule(
        "IGW-8",
        says="Interfaces with DenyAllIgwTraffic keep their IPv6 addresses off the internet; peers still reach them.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html",
    )
    def _public_v6(self, direction: Direction, out: Send, world: World) -> Iterator[Line]:
        vpc = world.find("vpc", self.vpc_id)
        if vpc is None:
            return
        asks = direction is Direction.REQUEST
        yield from self._denied_v6(world, outward=True)
        for subnet in world.where("subnet", "vpc_id", self.vpc_id):
            match = Match(sources=subnet.addresses & vpc.public_v6)
            if match.sources:
                yield from self._guard(subnet, match, world, inbound=not asks, started_inside=False, onward=out)
        yield self._line("public IPv6 address", out, "IGW-7", Match(sources=vpc.public_v6))

    @rule(
        "EP-16",
        says="The IPv6 addresses of endpoint interfaces are never reached from the internet.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    )
    def _denied_v6(self, world: World, *, outward: bool) -> Iterator[Line]:
        for interface in world.where("network_interface", "vpc_id", self.vpc_id):
            own = interface.private_addresses - EVERY_V4
            if own and (interface.deny_all_igw_traffic or interface.type == "vpc_endpoint"):
                drop = Drop("", f"{interface.id} keeps its IPv6 addresses off the internet")
                yield self._line("DenyAllIgwTraffic", drop, "IGW-8", Match(sources=own) if outward else Match(targets=own))

    def _guard(self, thing: Any, match: Match, world: World, **how: Any) -> Iterator[Line]:
        """Yield Block Public Access as lines about the addresses of one interface or subnet."""
        subnet_id = getattr(thing, "subnet_id", "")
        for line in self._blocked_public_access(subnet_id, world, **how):
            yield msgspec.structs.replace(line, match=match)

    @rule(
        "RT-22",
        says="A subnet whose inbound internet traffic is redirected to a middlebox cannot answer by a direct route to the gateway.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _redirected(self, via: str, out: Send, world: World) -> Iterator[Line]:
        subnet = world.find("subnet", via)
        edge = self._edge_table(world)
        if subnet is None or edge is None:
            return
        turned = edge.redirects(subnet.addresses, world)
        if turned:
            drop = Drop(
                "INGRESS_RTB_TRAFFIC_REDIRECTION",
                f"{edge.id} redirects what comes in for {subnet.id} to a middlebox",
                otherwise=out,
            )
            yield Line("inbound traffic is redirected", Match(sources=turned), drop, "RT-22", edge.id)

    @rule(
        "RT-20",
        says="A route table on an internet gateway or virtual private gateway steers what enters the VPC, by its private addresses.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    )
    def _edge_table(self, world: World) -> Any:
        return next((one for one in world.where("route_table", "vpc_id", self.vpc_id) if self.id in one.gateway_ids), None)

    @rule(
        "IGW-3",
        says="Coming in, the target must be the public address of an interface in the attached VPC; a private target is dropped.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _inward(self, direction: Direction, world: World) -> Iterator[Line]:
        edge = self._edge_table(world)
        place = Place(edge.id, "routes", self.id) if edge else Place(self.vpc_id, "delivers")
        into = Send(place)
        spoofed = Drop("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS", "private sources do not come in from the internet")
        told = frozenset(("", *(vpc.id for vpc in world.all("vpc"))))
        yield self._line("private source", spoofed, "IGW-4", Match(sources=PRIVATE_V4 | SHARED_V4, realms=told))
        asks = direction is Direction.REQUEST
        for interface in world.where("network_interface", "vpc_id", self.vpc_id):
            for private, public in interface.public_addresses.items():
                match = Match(targets=only(public))
                inside = interface.type == "nat_gateway"
                yield from self._guard(interface, match, world, inbound=asks, started_inside=inside, onward=into)
                yield self._line(f"{interface.id} has the public address", Send(place, target=private), "IGW-2", match)
        vpc = world.find("vpc", self.vpc_id)
        yield from self._denied_v6(world, outward=False)
        for subnet in world.where("subnet", "vpc_id", self.vpc_id):
            match = Match(targets=subnet.addresses & (vpc.public_v6 if vpc else IntervalSet()))
            if match.targets:
                yield from self._guard(subnet, match, world, inbound=asks, started_inside=False, onward=into)
                yield self._line("public IPv6 address", into, "IGW-7", match)
        drop = Drop("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "no interface of the VPC has this public address")
        yield self._line("nobody's address", drop, "IGW-3")


class EgressOnlyInternetGateway(_Gateway, kw_only=True):
    """An egress-only internet gateway: DescribeEgressOnlyInternetGateways."""

    kind: ClassVar[str] = "egress_only_internet_gateway"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("EgressOnlyInternetGateways", "ec2", "DescribeEgressOnlyInternetGateways"),
    )

    egress_only_internet_gateway_id: str

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.egress_only_internet_gateway_id

    @rule(
        "EIGW-1",
        says="An egress-only internet gateway lets IPv6 out and the replies back in, and nothing that starts outside.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines outward (stage `routed`), and for replies that found their way back (stage `back`)."""
        if place.stage == "back":
            return Table(
                "egress_only_internet_gateway",
                [self._line("reply to what started inside", Send(Place(self.vpc_id, "delivers")), "EIGW-1")],
            )
        session = Session(outside=(INTERNET,), inside=Place(self.id, "back"))
        out = Send(INTERNET, realm="", session=session)
        lines = list(self._attachment(place.via, out, world))
        if direction is Direction.REPLY:
            drop = Drop("", "an egress-only gateway carries no replies to what started outside")
            return Table("egress_only_internet_gateway", [*lines, self._line("did not start inside", drop, "EIGW-1")])
        lines.append(self._line("IPv4", Drop("", "an egress-only gateway carries IPv6 only"), "EIGW-1", Match(sources=EVERY_V4)))
        lines.extend(self._blocked_public_access(place.via, world, inbound=False, started_inside=True, onward=out))
        vpc = world.find("vpc", self.vpc_id)
        if vpc is not None:
            lines.append(self._line("public IPv6 address", out, "EIGW-1", Match(sources=vpc.public_v6)))
        drop = Drop("GATEWAY_REJECTS_SPOOFED_TRAFFIC", "the source is no public IPv6 address of this VPC")
        return Table("egress_only_internet_gateway", [*lines, self._line("source not of this VPC", drop, "IGW-4")])
