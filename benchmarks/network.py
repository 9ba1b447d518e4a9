"""A network of any size as AWS answers describe it: the same for the same seed, so that figures can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from ipaddress import IPv4Network
from pathlib import Path
from random import Random

from .rows import (
    PEERING,
    VPCS,
    Row,
    acl,
    database,
    entry,
    group,
    id_of,
    instance,
    interface,
    internet_gateway,
    nat_gateway,
    peering,
    reservation,
    route,
    route_table,
    rule,
    subnet,
    vpc,
)

Documents = dict[str, dict[str, list[Row]]]

# Tier: its VPC, how many subnets and groups it has, and its share of the interfaces in hundredths.
TIERS = {"web": ("prod", 4, 10, 15), "app": ("prod", 8, 30, 55), "data": ("prod", 4, 12, 10), "tools": ("tools", 4, 8, 20)}
ANYWHERE, ANYWHERE_V6 = "0.0.0.0/0", "::/0"
# The question whose answer is `reachable`: this group may reach the databases of `data-00`.
SOURCE, TARGET, SERVICE, TARGET_GROUP = "app-07", "rds", "tcp/5432", "data-00"


class Builder:
    """The documents of one network under way."""

    def __init__(self, seed: int, interfaces: int) -> None:
        self.random = Random(seed)
        self.number = interfaces
        self.groups = {f"{tier}-{at:02}": tier for tier, (_, _, number, _) in TIERS.items() for at in range(number)}
        self.cidrs: dict[str, IPv4Network] = {}
        self.subnets: dict[str, Row] = {}
        self.interfaces: list[Row] = []
        self.instances: list[Row] = []
        self.databases: list[Row] = []
        self.taken: dict[str, int] = {}
        self.public = 0

    def documents(self) -> Documents:
        """Return every document of the network, by the name of its file."""
        self._make_subnets()
        gateways = [nat_gateway(f"nat-{zone}", self._interface(f"nat-{zone}", f"web-{zone}", [])) for zone in (0, 1)]
        self._make_hosts()
        return {
            "vpcs": {"Vpcs": [vpc(name) for name in VPCS]},
            "subnets": {"Subnets": list(self.subnets.values())},
            "security-groups": {"SecurityGroups": [self._group(name, tier) for name, tier in self.groups.items()]},
            "network-acls": {"NetworkAcls": list(self._acls())},
            "route-tables": {"RouteTables": list(self._route_tables(gateways))},
            "internet-gateways": {"InternetGateways": [internet_gateway(name) for name in VPCS]},
            "nat-gateways": {"NatGateways": gateways},
            "vpc-peering-connections": {"VpcPeeringConnections": [peering()]},
            "network-interfaces": {"NetworkInterfaces": self.interfaces},
            "instances": {"Reservations": [reservation(one) for one in self.instances]},
            "db-instances": {"DBInstances": self.databases},
        }

    # ------------------------------------------------------------------ subnets, and what stands in them
    def _make_subnets(self) -> None:
        free = {name: IPv4Network(cidr).subnets(new_prefix=20) for name, cidr in VPCS.items()}
        for tier, (in_vpc, number, _, _) in TIERS.items():
            for at in range(number):
                name = f"{tier}-{at}"
                self.cidrs[name] = next(free[in_vpc])
                self.subnets[name] = subnet(name, in_vpc, str(self.cidrs[name]), at % 2)

    def _of_tier(self, tier: str) -> list[str]:
        return [name for name in self.subnets if name.startswith(tier)]

    def _interface(self, name: str, place: str, groups: list[str]) -> Row:
        self.taken[place] = self.taken.get(place, 9) + 1
        public = ""
        if place.startswith("web"):
            self.public += 1
            public = str(IPv4Network("198.18.0.0/15")[self.public])
        self.interfaces.append(interface(name, self.subnets[place], str(self.cidrs[place][self.taken[place]]), groups, public))
        return self.interfaces[-1]

    def _make_hosts(self) -> None:
        for tier, (_, _, _, share) in TIERS.items():
            places = self._of_tier(tier)
            names = [name for name, of in self.groups.items() if of == tier]
            for at in range(self.number * share // 100 - (2 if tier == "web" else 0)):
                more = self.random.sample(names, self.random.randrange(3))
                groups = list(dict.fromkeys([names[at % len(names)], *more]))
                if tier == "data" and at % 8 == 0:
                    number = at // 8
                    self._make_database(f"orders-{number:02}", places[number % len(places)], names[number % len(names)])
                else:
                    name = f"{tier}-host-{at:05}"
                    held = self._interface(name, places[at % len(places)], groups)
                    self.instances.append(instance(name, held, tier, at % 7))

    def _make_database(self, name: str, place: str, of_group: str) -> None:
        self.databases.append(database(name, self._interface(f"rds/{name}", place, [of_group]), of_group))

    # ------------------------------------------------------------------ groups
    def _group(self, name: str, tier: str) -> Row:
        inbound = {"web": self._into_web, "app": self._into_app, "data": self._into_data, "tools": self._into_tools}[tier]
        narrow = tier == "app" and self.random.random() < 0.5
        outbound = [rule(5432, ANYWHERE), rule(443, ANYWHERE), rule(8080, "10.0.0.0/16")] if narrow else [rule(None, ANYWHERE)]
        return group(name, TIERS[tier][0], list(inbound(name)), outbound)

    def _some(self, tier: str, number: int) -> list[str]:
        return self.random.sample([name for name, of in self.groups.items() if of == tier], number)

    def _into_web(self, name: str) -> Iterator[Row]:
        yield from (rule(port, ANYWHERE, ANYWHERE_V6) for port in (80, 443))
        yield rule(22, groups=self._some("tools", 2), peered=True)

    def _into_app(self, name: str) -> Iterator[Row]:
        yield rule(8080, groups=self._some("web", 2))
        yield rule(8081, groups=self._some("app", 3))
        yield rule(9100, groups=self._some("tools", 2), peered=True)
        yield rule(self.random.randrange(1024, 9000), *map(str, self.random.sample(list(self.cidrs.values()), 3)))

    def _into_data(self, name: str) -> Iterator[Row]:
        callers = [SOURCE, *self._some("app", 3)] if name == TARGET_GROUP else self._some("app", 4)
        yield rule(5432, groups=list(dict.fromkeys(callers)))
        yield rule(3306, str(self.cidrs[self.random.choice(self._of_tier("app"))]))
        yield rule(None, groups=[name])

    def _into_tools(self, name: str) -> Iterator[Row]:
        yield rule(22, "192.0.2.0/24", "198.51.100.0/24")
        yield rule(443, *VPCS.values())

    # ------------------------------------------------------------------ ACLs and routes
    def _acls(self) -> Iterator[Row]:
        everything = [entry(100, egress, "allow", ANYWHERE) for egress in (False, True)]
        no_rdp = entry(50, False, "deny", str(self.cidrs["tools-3"]), (3389, 3389))
        apps = [(100 + 10 * at, str(self.cidrs[name])) for at, name in enumerate(self._of_tier("app"))]
        of_data = [entry(at, False, "allow", cidr, (3306, 5432)) for at, cidr in apps]
        of_data += [entry(at, True, "allow", cidr, (1024, 65535)) for at, cidr in apps]
        yield acl("prod", "prod", everything, self._of_tier("web"), default=True)
        yield acl("app", "prod", [no_rdp, *everything], self._of_tier("app"))
        yield acl("data", "prod", of_data, self._of_tier("data"))
        yield acl("tools", "tools", everything, self._of_tier("tools"), default=True)

    def _route_tables(self, gateways: list[Row]) -> Iterator[Row]:
        prod, tools = VPCS.values()
        to_tools = route(tools, VpcPeeringConnectionId=PEERING)
        yield route_table("prod-main", "prod", [], [], main=True)
        yield route_table("web", "prod", [to_tools, route(ANYWHERE, GatewayId=id_of("igw", "prod"))], self._of_tier("web"))
        for zone, gateway in enumerate(gateways):
            out = route(ANYWHERE, NatGatewayId=gateway["NatGatewayId"])
            yield route_table(f"app-{zone}", "prod", [to_tools, out], self._of_tier("app")[zone::2])
        into = [route(prod, VpcPeeringConnectionId=PEERING), route(ANYWHERE, GatewayId=id_of("igw", "tools"))]
        yield route_table("tools", "tools", into, [], main=True)


def write(folder: Path, *, interfaces: int = 1000, seed: int = 1) -> Documents:
    """Write a network as `aws` prints it, one file for each call, and return its documents.

    `interfaces` is how many it has, a multiple of 20 from 400 to 10,000. It has two peered VPCs, 20 subnets, 60 groups that
    refer to each other, ACLs, internet and NAT gateways, instances and databases.
    """
    documents = Builder(seed, interfaces).documents()
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document, indent=4), "utf-8")
    return documents
