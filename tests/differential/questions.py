"""Random questions about a network, and packets drawn from sets: their borders before their insides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import Any

from analyzer.engine.box import Box, minus_all
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import EVERY_SERVICE, PUBLIC, IntervalSet, Packet, only, prefix, services_of, union
from analyzer.models.snapshot import Snapshot
from analyzer.reach import Flows
from analyzer.sources import Start, families, target_addresses

SERVICES = (
    EVERY_SERVICE,
    services_of(6),
    services_of(6, 443, 443),
    services_of(6, 25, 25),
    services_of(6, 22, 22) | services_of(17),
    services_of(17, 53, 53),
    services_of(1, 8 << 8, 8 << 8) | services_of(58, 128 << 8, 128 << 8),
    services_of(47) | services_of(50),
)

# Of the sites behind virtual private gateways.
SITES = ("172.30.1.0/24", "172.30.65.7", "10.8.0.9")
ANSWERED = union((services_of(6), services_of(17), services_of(1, 8 << 8, (8 << 8) + 255)))


def endpoint_of(interface: Any) -> Endpoint:
    """Return an interface as an endpoint: with all its addresses, the public ones too."""
    public = union(only(one) for one in interface.public_addresses.values())
    addresses = interface.private_addresses | public
    return Endpoint(interface.id, "ec2", addresses, interface=interface.id, vpc=interface.vpc_id)


def internet(world: Snapshot) -> Endpoint:
    """Return every public address that nothing in the snapshot owns."""
    return Endpoint("internet", "internet", PUBLIC - union(world.public_addresses().values()))


def interfaces(world: Snapshot) -> list[Endpoint]:
    """Return every interface as an endpoint."""
    return [endpoint_of(one) for one in world.all("network_interface")]


def endpoints(world: Snapshot) -> list[Endpoint]:
    """Return the interfaces and the internet, everything that can be asked for by its id and both sends and takes."""
    return [*interfaces(world), internet(world)]


def gates(world: Snapshot) -> list[Endpoint]:
    """Return the gateway endpoints, which only take."""
    return [Endpoint(one.id, "endpoint", IntervalSet()) for one in world.all("vpc_endpoint") if one.type == "gateway"]


def _blocks(world: Snapshot) -> list[str]:
    of_vpcs = [cidr for vpc in world.all("vpc") for cidr in vpc.cidrs]
    of_subnets = [cidr for subnet in world.all("subnet") for cidr in subnet.cidrs]
    return [
        *of_vpcs,
        *of_subnets,
        "10.0.0.0/8",
        "10.9.1.1",
        "8.8.8.8",
        "52.218.1.0/24",
        "54.0.0.0/9",
        "169.254.169.253",
        "2600::/12",
        *(SITES if world.all("vpn_gateway") else []),
    ]


def crossing_flows(world: Snapshot, random: Random) -> Iterator[Flows]:
    """Yield questions whose packets come by what they rarely meet by chance, one for each kind of it that the network has.

    Firewalls remember, and replies may go past them: they are asked for three times, since that is where readings may differ.
    """
    ways = (_through_services, _through_balancers, *[_through_guards] * 3, _through_sites, _through_transit)
    for way in ways:
        pairs = list(way(world))
        if pairs:
            source, target = random.choice(pairs)
            yield Flows(world, [source], [target], EVERY_SERVICE)


Pair = tuple[Endpoint, Endpoint]


def _through_services(world: Snapshot) -> Iterator[Pair]:
    """Yield hosts with endpoints of services in their VPC."""
    services = {one.service_name for one in world.all("vpc_endpoint_service")}
    yield from _to_fronts(world, [one for one in world.all("vpc_endpoint") if one.service_name in services])


def _through_balancers(world: Snapshot) -> Iterator[Pair]:
    """Yield hosts with nodes of load balancers in their VPC, and nodes with hosts."""
    pairs = list(_to_fronts(world, [*world.all("network_load_balancer"), *world.all("application_load_balancer")]))
    yield from (*pairs, *((front, host) for host, front in pairs[::4]))


def _to_fronts(world: Snapshot, fronts: list[Any]) -> Iterator[Pair]:
    for front in (world.find("network_interface", id) for one in fronts for id in one.interface_ids(world)):
        if front is not None:
            yield from ((endpoint_of(one), endpoint_of(front)) for one in _hosts(world, front.vpc_id) if one.id != front.id)


def _through_guards(world: Snapshot) -> Iterator[Pair]:
    """Yield hosts of VPCs with an endpoint that inspects, with hosts of other subnets and with the internet, both ways."""
    guards = [one for one in world.all("vpc_endpoint") if one.type == "gatewayloadbalancer" and one.subnet_id]
    for vpc_id in {one.vpc_id: None for one in guards}:
        holding = {one.subnet_id for one in guards}
        hosts = [one for one in _hosts(world, vpc_id) if one.subnet_id not in holding]
        for one in hosts:
            yield from ((endpoint_of(one), endpoint_of(other)) for other in hosts if one.subnet_id != other.subnet_id)
            yield from ((endpoint_of(one), internet(world)), (internet(world), endpoint_of(one)))
            yield from (
                (endpoint_of(one), endpoint_of(node)) for node in _nodes(world, vpc_id) if one.subnet_id != node.subnet_id
            )


def _through_sites(world: Snapshot) -> Iterator[Pair]:
    """Yield hosts with sites behind the virtual private gateway of their VPC, both ways."""
    for gateway in world.all("vpn_gateway"):
        sites = [Endpoint(one, "address", prefix(one)) for one in SITES]
        for host in map(endpoint_of, _hosts(world, gateway.vpc_id)):
            yield from (pair for site in sites for pair in ((host, site), (site, host)))


def _through_transit(world: Snapshot) -> Iterator[Pair]:
    """Yield hosts of different VPCs on a transit gateway."""
    attached = {one.vpc_id: None for one in world.all("transit_gateway_vpc_attachment")}
    hosts = [one for vpc_id in attached for one in _hosts(world, vpc_id)]
    yield from ((endpoint_of(one), endpoint_of(other)) for one in hosts for other in hosts if one.vpc_id != other.vpc_id)


def _nodes(world: Snapshot, vpc_id: str) -> list[Any]:
    nodes = world.where("network_interface", "vpc_id", vpc_id)
    return [one for one in nodes if one.type in ("load_balancer", "network_load_balancer")]


def _hosts(world: Snapshot, vpc_id: str) -> list[Any]:
    return [one for one in world.where("network_interface", "vpc_id", vpc_id) if one.interface_type == "interface"]


def flows(world: Snapshot, random: Random) -> Flows:
    """Return a random question: a few interfaces, blocks, the internet as sources and as targets, on a random set of services."""
    hosts = interfaces(world)
    blocks = _blocks(world)

    def some() -> list[Endpoint]:
        found = random.sample(hosts, min(len(hosts), random.randint(1, 2)))
        found += [Endpoint(one, "address", prefix(one)) for one in random.sample(blocks, random.choice((0, 0, 1)))]
        return [*found, internet(world)] if random.random() < 0.4 else found

    targets = [*some(), *gates(world)[:1]]
    # Behind what relays, a service that was asked for may have been sent as any other one.
    services = EVERY_SERVICE if world.has_relays or random.random() < 0.5 else random.choice(SERVICES)
    return Flows(world, some(), targets, services)


def asked_boxes(asked: Flows) -> Iterator[tuple[Start, Box]]:
    """Yield where the packets of a question start, and all of them."""
    addresses = union(target_addresses(asked.world, target) for target in asked.targets)
    for start in asked.starts:
        for sources, targets in families(start.addresses, addresses):
            yield start, Box(sources, targets, asked.services)


def complement(box: Box, claimed: Iterable[Box]) -> list[Box]:
    """Return what is left of a box without others."""
    return minus_all([box], claimed)


def drawn(box: Box, random: Random) -> Packet:
    """Return a packet of a box, at the borders of its intervals mostly, and of a service that is answered mostly."""
    answered = box.services & ANSWERED
    services = answered if answered and random.random() < 0.8 else box.services
    return Packet(number_of(box.sources, random), number_of(box.targets, random), number_of(services, random))


def number_of(numbers: IntervalSet, random: Random) -> int:
    """Return a member of a set, at the borders of its intervals mostly."""
    low, high = random.choice(numbers.intervals)
    return random.choice((low, low, high, high, random.randint(low, high)))
