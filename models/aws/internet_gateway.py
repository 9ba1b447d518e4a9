"""Internet gateways: the doors between a VPC and the internet, with one-to-one translation for IPv4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Document, World, conditional, led_away, unknown
from ..gateway import GatewayShape
from ..packet import EVERY_V4, PRIVATE_V4, SHARED_V4, IntervalSet, only, union
from ..rule import rule
from ..table import INTERNET, Choose, Direction, Drop, Line, Match, Place, Send, Table, anywhere


class InternetGateway(GatewayShape, kw_only=True):
    """An internet gateway: DescribeInternetGateways."""

    kind: ClassVar[str] = "internet_gateway"
    documents: ClassVar[tuple[Document, ...]] = (Document("InternetGateways", "ec2", "DescribeInternetGateways"),)

    internet_gateway_id: str

    @property
    def id(self) -> str:
        """The gateway id."""
        return self.internet_gateway_id

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a gateway, perhaps there, for each VPC with public addresses whose gateway documents were not collected."""
        attached = {gateway.vpc_id for gateway in world.all(cls.kind)}
        for vpc_id in sorted(set(world.public_addresses()) - attached):
            if world.collected(cls.kind, world.keeper(vpc_id)):
                continue
            named = {route.gateway_id for table in world.where("route_table", "vpc_id", vpc_id) for route in table.routes}
            named = {one for one in named if one.startswith("igw-")}
            row = {
                "InternetGatewayId": min(named, default=f"igw of {vpc_id}"),
                "Attachments": [{"VpcId": vpc_id}],
                "_Assumed": True,
            }
            yield "InternetGateways", row

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: outward `routed`, `guards out`, `translates`; inward `from internet`, `restores`."""
        stages = {
            "routed": self._outward,
            "guards out": self._guarding_out,
            "translates": self._translating,
            "from internet": self._inward,
            "restores": self._restoring,
        }
        lines = list(stages[place.stage](place.via, direction, world))
        if place.stage == "restores" and self._edge_table(world) is None and world.is_broken("route_table", self):
            lines = [self._led_away(line) for line in lines]
        return Table("internet_gateway", self.unless_shut(lines, world))

    def _led_away(self, line: Line) -> Line:
        if not isinstance(line.action, Send):
            return line
        doubt = unknown(f"whether {self.id} has a route table of its own is not in the snapshot", self.id, "LIM-7")
        return msgspec.structs.replace(line, action=led_away(line.action, doubt))

    @rule(
        "IGW-4",
        says="The internet gateway refuses RFC 1918 and RFC 6598 addresses outside: as target going out, as source coming in.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _outward(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        onward = Send(Place(self.id, "guards out", via))
        yield from self.attachment_lines(via, onward, world)
        text = "private addresses are not routed on the internet"
        private = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", text, misrouted=True)
        yield self.line("private target", private, "IGW-4", Match(targets=PRIVATE_V4))
        shared = Drop("IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS", text, misrouted=True)
        yield self.line("shared target", shared, "IGW-4", Match(targets=SHARED_V4))
        yield from self._redirected(via, onward, world)
        yield self.line("to the internet", onward, "M-2")

    def _guarding_out(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        """Yield Block Public Access as the subnet that the packet comes from meets it; NAT gateways count as started inside."""
        onward = Send(Place(self.id, "translates", via))
        interfaces = world.where("network_interface", "vpc_id", self._vpc_of(via, world))
        nats = union(one.plain_addresses for one in interfaces if one.type == "nat_gateway")
        answers = direction is Direction.REPLY
        whole = any(one.firewall(world) is not None for one in world.where("vpc_endpoint", "subnet_id", via))
        for match, inside in ((Match(sources=nats), True), (Match(), False)):
            for line in self.public_access(via, world, inbound=answers, started_inside=inside, onward=onward, whole=whole):
                yield msgspec.structs.replace(line, match=match)
            yield self.line("public access is not blocked", onward, "M-2", match)

    def _vpc_of(self, via: str, world: World) -> str:
        """Return the VPC that is served: its own, or the sender's where it is attached to none (which stops the packet before)."""
        subnet = world.find("subnet", via)
        return self.vpc_id or (subnet.vpc_id if subnet is not None else "")

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
    def _translating(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        out = Send(INTERNET, realm="")
        vpc_id = self._vpc_of(via, world)
        for interface in world.where("network_interface", "vpc_id", vpc_id):
            for private, public in interface.public_addresses.items():
                send = Send(INTERNET, source=public, realm="")
                yield self.line(f"{interface.id} has a public address", send, "IGW-2", Match(sources=only(private)))
        yield from self._without_public_address(vpc_id, out, world)
        vpc = world.find("vpc", vpc_id)
        if vpc is not None:
            yield from self._denied_v6(vpc_id, world, outward=True)
            yield self.line("public IPv6 address", out, "IGW-7", Match(sources=vpc.public_v6))
        pool = union(one.pool_addresses() for one in world.where("route_table", "vpc_id", vpc_id))
        if pool:
            yield self.line("address of an own pool", out, "RT-25", Match(sources=pool))
        drop = Drop("GATEWAY_REJECTS_SPOOFED_TRAFFIC", "the source is no public address of this VPC")
        yield self.line("source without a public address here", drop, "IGW-4")

    @rule(
        "AIF-2",
        says="In subnets with a network firewall connectivity type the firewall may translate for interfaces without public address.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html",
    )
    def _without_public_address(self, vpc_id: str, out: Send, world: World) -> Iterator[Line]:
        """Yield the lines for sources without public address; some may have one that the snapshot does not know."""
        drop = Drop("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", "the interface has no public address", otherwise=out)
        for subnet in world.where("subnet", "vpc_id", vpc_id):
            if subnet.network_firewall_connectivity_type in ("outbound-only", "flexible"):
                doubt = conditional(f"the internet firewall of {subnet.id} may translate for its hosts", subnet.id, "AIF-2")
                match = Match(sources=subnet.addresses & EVERY_V4)
                action = Choose((anywhere(INTERNET.resource), drop), doubt)
                yield Line("an internet firewall may translate", match, action, "AIF-2", subnet.id)
        interfaces = world.where("network_interface", "vpc_id", vpc_id)
        plain = union(one.plain_addresses for one in interfaces)
        known = union(one.plain_addresses for one in interfaces if not one.perhaps_public)
        for one in interfaces:
            if one.perhaps_public:
                doubt = unknown(f"the public address of {one.id} is not in the snapshot", one.id, "SVC-2")
                yield Line(
                    "public address not in the snapshot",
                    Match(sources=one.private_addresses - known),
                    Choose((out, drop), doubt),
                    "SVC-2",
                    one.id,
                )
        yield Line("no public address", Match(sources=plain), drop, "IGW-1", vpc_id, holder="source")

    @rule(
        "EP-16",
        says="The IPv6 addresses of endpoint interfaces are never reached from the internet.",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    )
    @rule(
        "IGW-8",
        says="Interfaces with DenyAllIgwTraffic keep their IPv6 addresses off the internet; peers still reach them.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html",
    )
    def _denied_v6(self, vpc_id: str, world: World, *, outward: bool) -> Iterator[Line]:
        for interface in world.where("network_interface", "vpc_id", vpc_id):
            own = interface.private_addresses - EVERY_V4
            if own and (interface.deny_all_igw_traffic or interface.type == "vpc_endpoint"):
                drop = Drop("", f"{interface.id} keeps its IPv6 addresses off the internet")
                yield self.line("DenyAllIgwTraffic", drop, "IGW-8", Match(sources=own) if outward else Match(targets=own))

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
        "BPA-5",
        says="Block Public Access asks the subnet that meets the gateway: where its table leads to an appliance, the appliance's; what "
        "AWS Network Firewall inspects passes with an exclusion of the VPC only.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    )
    def _guarding_in(self, direction: Direction, world: World) -> Iterator[Line]:
        onward = Send(Place(self.id, "restores"))
        met: dict[tuple[str, bool, bool], list[IntervalSet]] = {}
        edge = self._edge_table(world)
        for interface in world.where("network_interface", "vpc_id", self.vpc_id):
            for private, public in interface.public_addresses.items():
                target = edge.target_of(private, world) if edge is not None else ""
                endpoint = world.find("vpc_endpoint", target)
                first = world.find("network_interface", target) or endpoint or interface
                whole = endpoint is not None and endpoint.firewall(world) is not None
                met.setdefault((first.subnet_id, first.type == "nat_gateway", whole), []).append(only(public))
        vpc = world.find("vpc", self.vpc_id)
        for subnet in world.where("subnet", "vpc_id", self.vpc_id) if vpc is not None else ():
            met.setdefault((subnet.id, False, False), []).append(subnet.addresses & vpc.public_v6)
        asks = direction is Direction.REQUEST
        for (subnet_id, inside, whole), targets in met.items():
            for line in self.public_access(subnet_id, world, inbound=asks, started_inside=inside, onward=onward, whole=whole):
                yield msgspec.structs.replace(line, match=Match(targets=union(targets)))

    @rule(
        "BPA-6",
        says="Exclusions of subnets do not open the way to addresses of your own pools; an exclusion of the VPC does.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/igw-ingress-routing.html",
    )
    def _guarding_pool(self, pool: IntervalSet, world: World) -> Iterator[Line]:
        subnet_id = next((one.id for one in world.where("subnet", "vpc_id", self.vpc_id)), "")
        onward = Send(Place(self.id, "restores"))
        for guard in world.all("block_public_access"):
            for line in guard.lines(subnet_id, world, inbound=True, started_inside=False, onward=onward, pool=True):
                yield msgspec.structs.replace(line, match=Match(targets=pool))

    def _pool(self, world: World) -> IntervalSet:
        edge = self._edge_table(world)
        return edge.pool_addresses() if edge is not None else IntervalSet()

    def _inward(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        spoofed = Drop("IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS", "private sources do not come in from the internet")
        told = frozenset(("", *(vpc.id for vpc in world.all("vpc"))))
        yield self.line("private source", spoofed, "IGW-4", Match(sources=PRIVATE_V4 | SHARED_V4, realms=told))
        yield from self._guarding_in(direction, world)
        if pool := self._pool(world):
            yield from self._guarding_pool(pool, world)
        yield self.line("public access is not blocked", Send(Place(self.id, "restores")), "M-2")

    @rule(
        "IGW-3",
        says="Coming in, the target must be the public address of an interface in the attached VPC; a private target is dropped.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def _restoring(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        edge = self._edge_table(world)
        place = Place(edge.id, "routes", self.id) if edge else Place(self.vpc_id, "delivers")
        for interface in world.where("network_interface", "vpc_id", self.vpc_id):
            for private, public in interface.public_addresses.items():
                send = Send(place, target=private)
                yield self.line(f"{interface.id} has the public address", send, "IGW-2", Match(targets=only(public)))
        if pool := self._pool(world):
            yield self.line("address of an own pool", Send(place), "RT-25", Match(targets=pool))
        vpc = world.find("vpc", self.vpc_id)
        if vpc is not None:
            yield from self._denied_v6(self.vpc_id, world, outward=False)
            yield self.line("public IPv6 address", Send(place), "IGW-7", Match(targets=vpc.public_v6))
        drop = Drop("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", "no interface of the VPC has this public address")
        yield self.line("nobody's address", drop, "IGW-3")
