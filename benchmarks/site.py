"""One VPC of an organisation: subnets, groups, ACLs, routes and what stands in it, as rows with the key of their document."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from random import Random
from typing import NamedTuple

from . import balancers
from .rows import (
    ANYWHERE,
    ANYWHERE_V6,
    Owner,
    Row,
    acl,
    database,
    egress_only_gateway,
    entry,
    group,
    id_of,
    instance,
    interface,
    internet_gateway,
    local,
    managed,
    nat_gateway,
    pair,
    route,
    route_table,
    rule,
    subnet,
    tags,
    vpc,
)

Rows = Iterator[tuple[str, Row]]

# Tier of subnets: its first of the VPC's 16 slots, and its zones.
SUBNETS = {"public": (0, 2), "app": (2, 3), "data": (5, 2), "inner": (7, 3)}
# Tier of groups and hosts: how many groups, the subnets of its hosts, its share of the hosts and that of instances in it, in %.
TIERS = {
    "web": (2, "public", 16, 40),
    "app": (5, "app", 58, 10),
    "data": (3, "data", 10, 60),
    "tools": (2, "app", 6, 100),
    "lambda": (1, "app", 10, 0),
}
ORGANISATION = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12")
CORPORATE, INTERNAL, MONITORING = (id_of("pl", name) for name in ("corporate", "internal", "monitoring"))
EPHEMERAL = (1024, 65535)
# Public addresses of each VPC, from this one on.
PUBLIC, PUBLIC_EACH = int(IPv4Address("3.248.0.0")), 48


class Plan(NamedTuple):
    """What is decided about a VPC before it is made."""

    number: int
    name: str
    env: str
    owner: Owner
    base: int  # the first address of its block
    length: int  # of the prefix of its block
    interfaces: int
    transit: str = ""  # the transit gateway
    inspected: bool = False  # the internet is behind the transit gateway
    balanced: bool = False
    instances_only: bool = False

    @property
    def cidr(self) -> str:
        """Its block."""
        return f"{dotted(self.base)}/{self.length}"

    @property
    def v6(self) -> str:
        """The beginning of its IPv6 block, up to the subnet's digits; "" for two VPCs of three."""
        return "" if self.number % 3 else f"2a05:d018:{self.number:x}:"

    @property
    def v6_block(self) -> str:
        """Its IPv6 block; "" for two VPCs of three."""
        return self.v6 and f"{self.v6}:/56"

    @property
    def has_gateway(self) -> bool:
        """Whether it has an internet gateway of its own: behind an inspection VPC one of four does."""
        return not self.inspected or self.number % 4 == 0

    @property
    def attachment(self) -> str:
        """Its attachment to the transit gateway."""
        return id_of("tgw-attach", self.name)


def dotted(number: int) -> str:
    """Return an IPv4 address as people write it."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


class Site:
    """One VPC under way; `rows` makes all of it."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self.plan, self.random, self.owner, self.name = plan, random, plan.owner, plan.name
        self.labels = {"env": plan.env, "app": f"app-{plan.number % 97}"}
        self.subnets: dict[str, Row] = {}
        self.taken: dict[str, int] = {}
        self.public = self.made = 0
        self.groups = {tier: [f"{self.name}-{tier}-{at}" for at in range(most[0])] for tier, most in TIERS.items()}
        self.found: dict[str, list[Row]] = {tier: [] for tier in TIERS}

    def rows(self) -> Rows:
        """Yield every row of the VPC."""
        plan = self.plan
        yield "Vpcs", vpc(self.owner, self.name, [plan.cidr], plan.v6_block, **self.labels)
        yield from self._subnets()
        yield from self._gateways()
        yield from self._groups()
        yield from self._acls()
        yield from self._route_tables()
        yield from self._attachment()
        yield from self._databases()
        nodes = list(balancers.nodes(self)) if plan.balanced else []
        yield from (("NetworkInterfaces", one) for one in nodes)
        yield from self._hosts()
        if plan.balanced:
            yield from balancers.rows(self)

    # ------------------------------------------------------------------ subnets and addresses
    def _subnets(self) -> Rows:
        plan, length = self.plan, self.plan.length + 4
        for tier, (slot, zones) in SUBNETS.items():
            for zone in range(zones):
                name, cidr = f"{self.name}-{tier}-{zone}", f"{dotted(plan.base + ((slot + zone) << 32 - length))}/{length}"
                v6 = f"{plan.v6}{slot + zone:x}::/64" if plan.v6 else ""
                row = subnet(self.owner, name, self.name, cidr, zone, v6, tier=tier, **self.labels)
                self.subnets[f"{tier}-{zone}"] = row
                yield "Subnets", row

    def of_tier(self, tier: str) -> list[Row]:
        """Return the subnets of a tier."""
        return [self.subnets[f"{tier}-{zone}"] for zone in range(SUBNETS[tier][1])]

    def interface(self, name: str, place: str, groups: list[str], *, public: bool = False, **fields: object) -> Row:
        """Return a new interface in a subnet."""
        self.made += 1
        at = self.taken[place] = self.taken.get(place, 9) + 1
        tier, _, zone = place.partition("-")
        slot = SUBNETS[tier][0] + int(zone)
        address = dotted(self.plan.base + (slot << 28 - self.plan.length) + at)
        outside = ""
        if public and self.plan.has_gateway and self.public < PUBLIC_EACH:
            outside = dotted(PUBLIC + self.plan.number * PUBLIC_EACH + self.public)
            self.public += 1
        v6 = f"{self.plan.v6}{slot:x}::{at:x}" if self.plan.v6 else ""
        return interface(f"{self.name}/{name}", self.subnets[place], address, groups, public=outside, v6=v6, **fields)

    # ------------------------------------------------------------------ gateways and routes
    def _gateways(self) -> Rows:
        if self.plan.v6:
            yield "EgressOnlyInternetGateways", egress_only_gateway(self.name)
        if self.plan.has_gateway:
            yield "InternetGateways", internet_gateway(self.owner, self.name)
        if self.plan.has_gateway and not self.plan.inspected:
            held = self.interface("nat", "public-0", [], public=True)
            yield "NatGateways", nat_gateway(f"{self.name}-nat", held)
            yield "NetworkInterfaces", held

    def _route_tables(self) -> Rows:
        plan = self.plan
        own = [local(plan.cidr), *([local(plan.v6_block)] if plan.v6 else [])]
        across = [route(INTERNAL, TransitGatewayId=plan.transit)] if plan.transit else []
        out_v6 = [route(ANYWHERE_V6, EgressOnlyInternetGatewayId=id_of("eigw", self.name))] if plan.v6 else []
        if plan.inspected:
            out = [route(ANYWHERE, TransitGatewayId=plan.transit)]
        else:
            out = [route(ANYWHERE, NatGatewayId=id_of("nat", f"{self.name}-nat"))]
        door = out
        if plan.has_gateway:
            blocks = [ANYWHERE, *([ANYWHERE_V6] if plan.v6 else [])]
            door = [route(block, GatewayId=id_of("igw", self.name)) for block in blocks]
        for tier, routes in (
            ("public", door + across),
            ("app", out + out_v6 + across),
            ("data", across),
            ("inner", across),
        ):
            table = route_table(
                self.owner, f"{self.name}-{tier}", self.name, own + routes, self.of_tier(tier), main=tier == "inner"
            )
            yield "RouteTables", table

    def _attachment(self) -> Rows:
        if self.plan.transit:
            options = {"DnsSupport": "enable", "SecurityGroupReferencingSupport": "enable", "Ipv6Support": "disable"}
            row: Row = {"TransitGatewayAttachmentId": self.plan.attachment, "TransitGatewayId": self.plan.transit}
            row |= {"VpcId": id_of("vpc", self.name), "VpcOwnerId": self.owner.account, "State": "available"}
            row |= {"SubnetIds": [one["SubnetId"] for one in self.of_tier("inner")], "Tags": tags(self.name)}
            yield "TransitGatewayVpcAttachments", row | {"Options": options | {"ApplianceModeSupport": "disable"}}

    # ------------------------------------------------------------------ filters
    def _acls(self) -> Rows:
        """Yield ACLs: the default one, one for the app subnets of every second VPC, one for the data subnets of two in three."""
        plan, v6 = self.plan, bool(self.plan.v6)
        everywhere = [ANYWHERE, *([ANYWHERE_V6] if v6 else [])]
        open_ = [entry(100 + at, egress, "allow", block) for egress in (False, True) for at, block in enumerate(everywhere)]
        lists = {"app": plan.number % 2 == 1, "data": plan.number % 3 != 2}
        rest = [one for tier in SUBNETS if not lists.get(tier) for one in self.of_tier(tier)]
        yield "NetworkAcls", acl(self.owner, f"{self.name}-default", self.name, open_, rest, default=True, v6=v6)
        if lists["app"]:
            entries = [entry(80, False, "deny", "192.0.2.0/24"), entry(90, False, "deny", ANYWHERE, (3389, 3389))]
            entries += [entry(100 + at, False, "allow", one, (443, 443)) for at, one in enumerate(ORGANISATION)]
            entries += [entry(110 + at, False, "allow", one, (22, 22)) for at, one in enumerate(ORGANISATION)]
            entries += [entry(120 + at, False, "allow", one, EPHEMERAL) for at, one in enumerate(everywhere)]
            entries += [entry(90, True, "deny", ANYWHERE, (25, 25)), *(one for one in open_ if one["Egress"])]
            yield "NetworkAcls", acl(self.owner, f"{self.name}-app", self.name, entries, self.of_tier("app"), v6=v6)
        if lists["data"]:
            callers = [one["CidrBlock"] for one in self.of_tier("app")]
            entries = [entry(100 + at, False, "allow", one, (3306, 6379)) for at, one in enumerate(callers)]
            entries += [entry(110 + at, False, "allow", one, (22, 22)) for at, one in enumerate(callers)]
            entries += [entry(100 + at, True, "allow", one, EPHEMERAL) for at, one in enumerate(callers)]
            yield "NetworkAcls", acl(self.owner, f"{self.name}-data", self.name, entries, self.of_tier("data"), v6=v6)

    def _groups(self) -> Rows:
        everything = rule(None, ANYWHERE)
        default = f"{self.name}-default"
        everyone = group(self.owner, default, self.name, [rule(None, groups=[pair(self.owner, default)])], [everything])
        yield "SecurityGroups", everyone | {"GroupName": "default"}
        load = [rule(port, ANYWHERE, ANYWHERE_V6) for port in (80, 443)]
        yield "SecurityGroups", group(self.owner, f"{self.name}-lb", self.name, load, [rule((8080, 8443), self.plan.cidr)])
        make = {"web": self._into_web, "app": self._into_app, "data": self._into_data, "tools": self._into_tools}
        for tier, names in self.groups.items():
            for at, name in enumerate(names):
                inbound = make[tier](at, name) if tier in make else []
                outbound = self._out_of_app() if tier == "app" and at % 5 in (2, 4) else [everything]
                if self.plan.v6 and outbound == [everything]:
                    outbound = [rule(None, ANYWHERE, ANYWHERE_V6)]
                yield "SecurityGroups", group(self.owner, name, self.name, inbound, outbound, tier=tier, **self.labels)

    def _some(self, tier: str, number: int) -> list[Row]:
        return [pair(self.owner, name) for name in sorted(self.random.sample(self.groups[tier], number))]

    def _into_web(self, at: int, name: str) -> list[Row]:
        callers = rule(8080, groups=[pair(self.owner, f"{self.name}-lb")])
        first = [rule(443, ANYWHERE, ANYWHERE_V6)] if at == 0 else [callers, rule(443, lists=[INTERNAL])]
        return [*first, rule(22, groups=self._some("tools", 1), lists=[CORPORATE])]

    def _into_app(self, at: int, name: str) -> list[Row]:
        made = [rule(8080, groups=[*self._some("web", 1), pair(self.owner, f"{self.name}-lb")])]
        made += [rule(8081, groups=self._some("app", 2)), rule(9100, groups=self._some("tools", 1), lists=[MONITORING])]
        if at % 5 in (1, 2):
            made.append(rule(8443, lists=[INTERNAL]))
        return [*made, rule(self.random.randrange(1024, 9000), self.random.choice(self.of_tier("app"))["CidrBlock"])]

    def _into_data(self, at: int, name: str) -> list[Row]:
        """Return the rules of a data group; the first app group may always reach the first of them."""
        callers = [pair(self.owner, self.groups["app"][0]), *self._some("app", 2)] if at == 0 else self._some("app", 2)
        unique = list({one["GroupId"]: one for one in callers}.values())
        made = [rule(5432, groups=unique), rule(3306, self.random.choice(self.of_tier("app"))["CidrBlock"])]
        return [*made, rule(6379, groups=self._some("lambda", 1)), rule(None, groups=[pair(self.owner, name)])]

    def _into_tools(self, at: int, name: str) -> list[Row]:
        return [rule(22, lists=[CORPORATE]), rule(443, self.plan.cidr) if at else rule(443, lists=[INTERNAL])]

    def _out_of_app(self) -> list[Row]:
        data = rule(5432, groups=self._some("data", 2))
        return [rule(443, ANYWHERE, ANYWHERE_V6), data, rule(8443, lists=[INTERNAL]), rule(53, self.plan.cidr, of="udp")]

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

    def _hosts(self) -> Rows:
        left = max(self.plan.interfaces - self.made, 0)
        done = share = 0
        for tier, (_, _, hundredths, _) in TIERS.items():
            share += hundredths
            number = left * share // 100 - done
            done += number
            for at in range(number):
                yield from self._host(tier, at)

    def _host(self, tier: str, at: int) -> Rows:
        places, names = SUBNETS[TIERS[tier][1]][1], self.groups[tier]
        more = self.random.sample(names, min(self.random.choice((0, 0, 1, 2)), len(names)))
        groups = list(dict.fromkeys([names[at % len(names)], *more]))
        place, name = f"{TIERS[tier][1]}-{at % places}", f"{tier}-{at:04}"
        public = tier == "web" and at % 5 == 0
        labels = {**self.labels, "tier": tier, "classification": ("internal", "public", "pii")[at % 3]}
        if self.plan.instances_only or at * 37 % 100 < TIERS[tier][3]:
            held = self.interface(name, place, groups, public=public)
            self.found[tier].append(held)
            yield "Reservations", instance(f"{self.name}-{name}", [held], **labels)
        elif tier == "lambda":
            description = f"AWS Lambda VPC ENI-{self.name}-{name}"
            held = self.interface(name, place, groups, InterfaceType="lambda", **managed("AROAEXAMPLE:lambda", description))
        else:
            task = self.owner.arn("ecs", f"attachment/{id_of('task', self.name + name)[5:]}")
            held = self.interface(
                name, place, groups, public=public, TagSet=tags(name, **labels), **managed("578734482556", task)
            )
            self.found[tier].append(held)
        yield "NetworkInterfaces", held
