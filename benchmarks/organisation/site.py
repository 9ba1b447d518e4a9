"""One VPC of an organisation: subnets, routes and what stands in it, as rows with the key of their document."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from random import Random
from typing import ClassVar

from . import balancers, filters
from .plan import Plan, dotted
from .rows import (
    ANYWHERE,
    ANYWHERE_V6,
    Row,
    database,
    egress_only_gateway,
    gateway_endpoint,
    id_of,
    instance,
    interface,
    internet_gateway,
    local,
    managed,
    nat_gateway,
    route,
    route_table,
    subnet,
    tags,
    vpc,
)

Rows = Iterator[tuple[str, Row]]

# Tier of hosts: how many groups, the tier of its subnets, its share of the hosts and that of instances in it, in %.
HOSTS = {
    "web": (2, "public", 16, 40),
    "app": (5, "app", 58, 10),
    "data": (3, "data", 10, 60),
    "tools": (2, "app", 6, 100),
    "lambda": (1, "app", 10, 0),
}
# Public addresses of each VPC, from this one on.
PUBLIC, PUBLIC_EACH = int(IPv4Address("3.248.0.0")), 48


class Site:
    """One VPC under way; `rows` makes all of it."""

    # Tier of subnets: its first of the VPC's 16 slots, and its zones.
    tiers: ClassVar[dict[str, tuple[int, int]]] = {"public": (0, 2), "app": (2, 3), "data": (5, 2), "inner": (7, 3)}

    def __init__(self, plan: Plan, random: Random) -> None:
        self.plan, self.random, self.owner, self.name = plan, random, plan.owner, plan.name
        self.labels = {"env": plan.env, "app": f"app-{plan.number % 97}"}
        self.groups = self.group_names()
        self.subnets: dict[str, Row] = {}
        self.bases: dict[str, int] = {}
        self.taken: dict[str, int] = {}
        self.public = self.made = 0
        self.targets: dict[str, list[Row]] = {"instance": [], "ip": []}

    def group_names(self) -> dict[str, list[str]]:
        """Return the names of the groups of each tier."""
        return {tier: [f"{self.name}-{tier}-{at}" for at in range(most[0])] for tier, most in HOSTS.items()}

    def rows(self) -> Rows:
        """Yield every row of the VPC."""
        yield "Vpcs", vpc(self.owner, self.name, self.plan.cidrs, self.plan.v6_block, **self.labels)
        yield from self._subnets()
        yield from self._gateways()
        yield from self.filters()
        yield from filters.acls(self)
        yield from self._route_tables()
        yield from self._attachment()
        yield from self._databases()
        nodes = list(balancers.nodes(self)) if self.plan.balanced else []
        yield from (("NetworkInterfaces", one) for one in nodes)
        yield from self.hosts(max(self.plan.interfaces - (0 if self.plan.instances_only else self.made), 0))
        if self.plan.balanced:
            yield from balancers.rows(self)

    def filters(self) -> Rows:
        """Yield the groups."""
        return filters.groups(self)

    # ------------------------------------------------------------------ subnets and addresses
    def _subnets(self) -> Rows:
        for tier, (slot, zones) in self.tiers.items():
            for zone in range(zones):
                base, length = self.block(tier, slot + zone)
                v6 = f"{self.plan.v6}{slot + zone:x}::/64" if self.plan.v6 else ""
                cidr, place = f"{dotted(base)}/{length}", f"{tier}-{zone}"
                row = subnet(self.owner, f"{self.name}-{place}", self.name, cidr, zone, v6, tier=tier, **self.labels)
                self.subnets[place], self.bases[place] = row, base
                yield "Subnets", row

    def block(self, tier: str, slot: int) -> tuple[int, int]:
        """Return the first address of a subnet, and the length of its prefix."""
        length = self.plan.length + 4
        return self.plan.base + (slot << 32 - length), length

    def of_tier(self, tier: str) -> list[Row]:
        """Return the subnets of a tier, none for a tier that the VPC does not have."""
        return [self.subnets[f"{tier}-{zone}"] for zone in range(self.tiers[tier][1])] if tier in self.tiers else []

    def take(self, place: str, number: int = 1, *, aligned: int = 1) -> int:
        """Return the first of so many addresses in a subnet that nobody has: the how manieth of the subnet it is.

        Raises ValueError where the subnet is full.
        """
        at = -(-self.taken.get(place, 10) // aligned) * aligned
        if at + number >= 1 << 32 - int(self.subnets[place]["CidrBlock"].partition("/")[2]):
            raise ValueError(f"a subnet of {self.name} is full: the shape holds fewer interfaces")
        self.taken[place] = at + number
        return at

    def interface(self, name: str, place: str, groups: list[str], *, public: bool = False, **fields: object) -> Row:
        """Return a new interface in a subnet; `public` ones have a public address where the VPC has an internet gateway."""
        self.made += 1
        at = self.take(place)
        outside = ""
        if public and self.plan.has_gateway and self.public < PUBLIC_EACH:
            outside = dotted(PUBLIC + self.plan.number * PUBLIC_EACH + self.public)
            self.public += 1
        in_subnet = self.subnets[place]
        v6 = f"{in_subnet['Ipv6CidrBlockAssociationSet'][0]['Ipv6CidrBlock'][:-3]}{at:x}" if self.plan.v6 else ""
        return interface(
            f"{self.name}/{name}", in_subnet, dotted(self.bases[place] + at), groups, public=outside, v6=v6, **fields
        )

    # ------------------------------------------------------------------ gateways and routes
    def _gateways(self) -> Rows:
        if self.plan.v6:
            yield "EgressOnlyInternetGateways", egress_only_gateway(self.name)
        if self.plan.has_gateway:
            yield "InternetGateways", internet_gateway(self.owner, self.name)
        if not self.plan.inspected:
            held = self.interface("nat", "public-0", [], public=True)
            yield "NatGateways", nat_gateway(f"{self.name}-nat", held)
            yield "NetworkInterfaces", held

    def _route_tables(self) -> Rows:
        plan = self.plan
        own = [local(one) for one in [*plan.cidrs, *filter(None, [plan.v6_block])]]
        across = [route(filters.INTERNAL, TransitGatewayId=plan.transit)] if plan.transit else []
        through_nat = route(ANYWHERE, NatGatewayId=id_of("nat", f"{self.name}-nat"))
        out = [route(ANYWHERE, TransitGatewayId=plan.transit) if plan.inspected else through_nat]
        door = out
        if plan.has_gateway:
            blocks = [ANYWHERE, *([ANYWHERE_V6] if plan.v6 else [])]
            door = [route(block, GatewayId=id_of("igw", self.name)) for block in blocks]
        if plan.v6:
            out = [*out, route(ANYWHERE_V6, EgressOnlyInternetGatewayId=id_of("eigw", self.name))]
        if plan.number % 2 == 0:
            served = [f"{self.name}-{tier}" for tier in ("app", "pods") if tier in self.tiers]
            endpoint = gateway_endpoint(self.owner, self.name, "s3", served)
            out = [*out, route(filters.S3, GatewayId=endpoint["VpcEndpointId"])]
            yield "VpcEndpoints", endpoint
        for tier in self.tiers:
            more = {"public": door, "app": out, "pods": out}.get(tier, []) + across
            name, main = f"{self.name}-{tier}", tier == "inner"
            yield "RouteTables", route_table(self.owner, name, self.name, own + more, self.of_tier(tier), main=main)

    def _attachment(self) -> Rows:
        if self.plan.transit:
            options = {"DnsSupport": "enable", "SecurityGroupReferencingSupport": "enable", "Ipv6Support": "disable"}
            row: Row = {"TransitGatewayAttachmentId": self.plan.attachment, "TransitGatewayId": self.plan.transit}
            row |= {"VpcId": id_of("vpc", self.name), "VpcOwnerId": self.owner.account, "State": "available"}
            row |= {"SubnetIds": [one["SubnetId"] for one in self.of_tier("inner")], "Tags": tags(self.name)}
            yield "TransitGatewayVpcAttachments", row | {"Options": options | {"ApplianceModeSupport": "disable"}}

    # ------------------------------------------------------------------ what stands in it
    def _databases(self) -> Rows:
        if self.plan.instances_only:
            return
        most = max(1, min(len(self.groups["data"]), self.plan.interfaces * 3 // 100))
        for at, name in enumerate(self.groups["data"][:most]):
            place, database_name = f"data-{at % 2}", f"{self.name}-orders-{at}"
            held = self.interface(f"rds-{at}", place, [name], **managed("amazon-rds", "RDSNetworkInterface"))
            yield "NetworkInterfaces", held
            labels = {**self.labels, "tier": "data", "classification": "pii" if at == 0 else "internal"}
            yield "DBInstances", database(self.owner, database_name, held, self.of_tier("data"), **labels)

    def hosts(self, number: int) -> Rows:
        """Yield so many hosts, spread over the tiers."""
        done = share = 0
        for tier, (_, _, hundredths, _) in HOSTS.items():
            share += hundredths
            mine = number * share // 100 - done
            done += mine
            for at in range(mine):
                yield from self._host(tier, at)

    def _host(self, tier: str, at: int) -> Rows:
        names, (_, subnets, _, instances) = self.groups[tier], HOSTS[tier]
        more = self.random.sample(names, min(self.random.choice((0, 0, 1, 2)), len(names)))
        groups = list(dict.fromkeys([names[at % len(names)], *more]))
        place, name = f"{subnets}-{at % self.tiers[subnets][1]}", f"{tier}-{at:04}"
        public = tier == "web" and at % 5 == 0
        labels = {**self.labels, "tier": tier, "classification": ("internal", "public", "pii")[at % 3]}
        if self.plan.instances_only or at * 37 % 100 < instances:
            held = self.interface(name, place, groups, public=public)
            yield "Reservations", instance(f"{self.name}-{name}", [held], **labels)
        elif tier == "lambda":
            description = f"AWS Lambda VPC ENI-{self.name}-{name}"
            held = self.interface(name, place, groups, InterfaceType="lambda", **managed("AROAEXAMPLE:lambda", description))
        else:
            task = self.owner.arn("ecs", f"attachment/{id_of('task', self.name + name)[5:]}")
            made = managed("578734482556", task, TagSet=tags(f"{self.name}-{name}", **labels))
            held = self.interface(name, place, groups, public=public, **made)
        if tier == "app":
            self.targets["instance" if "InstanceId" in held["Attachment"] else "ip"].append(held)
        yield "NetworkInterfaces", held
