"""What a scope finds: paths that match one of its paths and none that it leaves out. A doubt matches, and leaves nothing out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..engine.box import Box, minus_all
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError, quoted
from ..models.packet import EVERY_ADDRESS, EVERY_SERVICE, TCP, UDP, IntervalSet, prefix, services_of, union
from ..models.snapshot import Snapshot
from ..reach import Flows, Found
from ..select import select
from .bans import Ban, Broken, judged_pair, worth_a_look
from .parts import Exemption, everybody, part_of
from .relations import Related
from .scope import Header, Path, Resources, Scope, Statement
from .via import places

# What stands between networks: a path starts or ends there when its packets pass it.
CROSSED = {
    "AWS::EC2::InternetGateway": ("internet_gateway",),
    "AWS::EC2::NatGateway": ("nat_gateway",),
    "AWS::EC2::TransitGatewayAttachment": ("transit_gateway_vpc_attachment", "transit_gateway_attachment"),
    "AWS::EC2::VPCEndpoint": ("vpc_endpoint",),
    "AWS::EC2::VPCEndpointService": ("vpc_endpoint_service",),
    "AWS::EC2::VPCPeeringConnection": ("vpc_peering",),
    "AWS::EC2::VPNGateway": ("vpn_gateway",),
    "AWS::NetworkFirewall::NetworkFirewall": ("network_firewall",),
}
HELD = {"AWS::EC2::NetworkInterface": "any", "AWS::EC2::Instance": "ec2"}
NAMES = {kind: name for name, kinds in CROSSED.items() for kind in kinds}
INTERNET, ENDPOINT = "AWS::EC2::InternetGateway", "AWS::EC2::VPCEndpoint"


class End(msgspec.Struct, frozen=True):
    """One end of a path: whose packets, and what they pass there."""

    endpoints: Sequence[Endpoint]
    passed: tuple[frozenset[str], ...] = ()


class Sought(msgspec.Struct, frozen=True):
    """A path, resolved: `passed` are sets of resources, one of each of which a packet passes."""

    sources: Sequence[Endpoint]
    targets: Sequence[Endpoint]
    passed: tuple[frozenset[str], ...]
    from_addresses: IntervalSet
    to_addresses: IntervalSet
    services: IntervalSet


def found_by(world: Snapshot, scope: Scope, exempt: Sequence[Exemption], related: Related) -> Iterator[Broken]:
    """Yield each pair of which a scope finds anything; raises QuestionError for what it says that is not modelled."""
    excluded = [_sought(path, world) for path in scope.exclude]
    counting: set[tuple[str, str]] = set()
    ignored: dict[tuple[str, str], Broken] = {}
    for path in [_sought(one, world) for one in scope.match]:
        for flows, source, target in worth_a_look(world, Ban(path.sources, path.targets, path.services), related):
            found = _matching(flows, source, target, path)
            for one in excluded:
                found = _without(world, source, target, found, one)
            broken = judged_pair(flows, source, target, found, exempt)
            pair = source.id, target.id
            if broken is None or pair in counting:
                continue
            if broken.ignored:
                ignored.setdefault(pair, broken)  # by another path it may be found, and not be ignored
            else:
                counting.add(pair)
                yield broken
    yield from (one for pair, one in ignored.items() if pair not in counting)


def _matching(flows: Flows, source: Endpoint, target: Endpoint, path: Sought) -> list[Found]:
    """Return the pieces of a pair that match a path."""
    found: list[Found] = []
    for one in flows.pieces(source, target):
        box = one.piece.box
        targets = box.targets if target.addresses & path.to_addresses and target.interface else box.targets & path.to_addresses
        # Behind a load balancer the packet has another header than it was sent with: it may have been this one.
        services = one.services & path.services
        part = Box(box.sources & path.from_addresses, targets, services)
        if part.sources and part.targets and part.services:
            found.append(part_of(one, part))
    for resources in path.passed:
        found = _passing(flows.world, source, target, found, resources)
    return found


def _passing(world: Snapshot, source: Endpoint, target: Endpoint, found: list[Found], resources: frozenset[str]) -> list[Found]:
    """Return what of some pieces does not get through once these resources are closed."""
    past = _past(world, source, target, resources)
    kept: list[Found] = []
    for one in found:
        box = Box(one.piece.box.sources, one.piece.box.targets, one.services)
        kept.extend(part_of(one, part) for part in minus_all([box], past))
    return kept


def _past(world: Snapshot, source: Endpoint, target: Endpoint, resources: frozenset[str]) -> list[Box]:
    """Return the packets that get through without passing any of these resources."""
    flows = Flows(world, [source], [target], EVERY_SERVICE, there_only=True, closed=resources)
    return [
        Box(one.piece.box.sources, one.piece.box.targets, one.services)
        for one in flows.pieces(source, target)
        if not resources & {one.start.place.resource, one.piece.arrival}  # a way begins or ends there
    ]


def _without(world: Snapshot, source: Endpoint, target: Endpoint, found: list[Found], path: Sought) -> list[Found]:
    """Return what of some pieces a path that is left out does not match for certain."""
    if source.id not in {one.id for one in path.sources} or target.id not in {one.id for one in path.targets}:
        return found
    relayed = [one for one in found if one.piece.finally_on is not None and path.services != EVERY_SERVICE]
    rest = [one for one in found if one not in relayed]
    past = [box for resources in path.passed for box in _past(world, source, target, resources)]
    kept: list[Found] = list(relayed)
    for one in rest:
        box = Box(one.piece.box.sources, one.piece.box.targets, one.services)
        whole = bool(target.interface) and target.addresses <= path.to_addresses
        targets = box.targets if whole else box.targets & path.to_addresses
        out = Box(box.sources & path.from_addresses, targets, box.services & path.services)
        outs = minus_all([out], past) if out.sources and out.targets and out.services else []
        kept.extend(part_of(one, part) for part in minus_all([box], outs))
    return kept


# ---------------------------------------------------------------------- what a path says
def _sought(path: Path, world: Snapshot) -> Sought:
    source, target = _end(path.source, world, "source"), _end(path.target, world, "destination")
    headers = [one.header for one in (path.source, path.target) if one is not None and one.header is not None]
    through = [_passed(one.resource, world) for one in path.through]
    return Sought(
        sources=source.endpoints,
        targets=target.endpoints,
        passed=(*source.passed, *target.passed, *through),
        from_addresses=_all_of([_addresses(one.sources, one.source_lists, world) for one in headers], EVERY_ADDRESS),
        to_addresses=_all_of([_addresses(one.targets, one.target_lists, world) for one in headers], EVERY_ADDRESS),
        services=_all_of([_services(one) for one in headers], EVERY_SERVICE),
    )


def _all_of(sets: Sequence[IntervalSet], every: IntervalSet) -> IntervalSet:
    for one in sets:
        every = every & one
    return every


def _end(statement: Statement | None, world: Snapshot, word: str) -> End:
    resource = statement.resource if statement is not None else None
    if resource is None:
        return End(everybody(world))
    ends = [_of_type(one, world, word) for one in resource.types or []] + [
        _of_id(one, world, word) for one in resource.resources or []
    ]
    passed = [one.passed for one in ends]
    if any(passed) and len(set(passed)) > 1:
        # Packets that pass one of several: what is of each end alone is looked for path by path.
        names = quoted([*(resource.types or []), *(resource.resources or [])][:5])
        raise QuestionError(f"a {word} that is one of {names} is not modelled in one path", hint="write a path for each of them")
    endpoints = {(one.kind, one.id): one for end in ends for one in end.endpoints}
    return End(list(endpoints.values()), ends[0].passed)


def _of_type(name: str, world: Snapshot, word: str) -> End:
    if name in HELD:
        return End(select(HELD[name], world) if name != "AWS::EC2::NetworkInterface" else _interfaces(world))
    if name not in CROSSED:
        raise QuestionError(f"scopes by resource type `{name[:60]}` are not modelled", hint=f"one of {quoted([*HELD, *CROSSED])}")
    ids = frozenset(one.id for kind in CROSSED[name] for one in world.all(kind))
    return _crossing(name, ids, world, word)


def _interfaces(world: Snapshot) -> list[Endpoint]:
    return [one for one in everybody(world) if one.interface]


def _crossing(name: str, ids: frozenset[str], world: Snapshot, word: str) -> End:
    """Return the end of paths that begin or end at these resources: everybody whose packets pass them."""
    if name == INTERNET:
        return End(select("internet", world), (ids,))
    if name == ENDPOINT and word == "destination":
        return End([one for id in sorted(ids) for one in select(id, world)])
    return End(everybody(world), (ids,))


def _of_id(text: str, world: Snapshot, word: str) -> End:
    id = text if world.at(text) is not None else text.rpartition("/")[2]
    component = world.at(id)
    if component is None:
        raise QuestionError(
            f"nothing in the snapshot is called `{text[:60]}`", hint="a scope names ids and ARNs; `reach list` shows them"
        )
    if component.kind in NAMES:
        return _crossing(NAMES[component.kind], frozenset((id,)), world, word)
    return End(select(id, world))


def _passed(resource: Resources, world: Snapshot) -> frozenset[str]:
    """Return the resources of which a path passes one."""
    found: set[str] = set()
    for name in resource.types or []:
        if name not in CROSSED:
            raise QuestionError(f"scopes through `{name[:60]}` are not modelled", hint=f"one of {quoted(CROSSED)}")
        found.update(one.id for kind in CROSSED[name] for one in world.all(kind))
    for text in resource.resources or []:
        id = text if world.at(text) is not None else text.rpartition("/")[2]
        found.update(places(id, world))
    return frozenset(found)


def _addresses(blocks: list[str] | None, lists: list[str] | None, world: Snapshot) -> IntervalSet:
    if blocks is None and lists is None:
        return EVERY_ADDRESS
    found = IntervalSet()
    for text in blocks or []:
        try:
            found = found | prefix(text)
        except ValueError:
            raise QuestionError(f"`{text[:60]}` is no block of addresses", hint="a block like `10.0.0.0/8`") from None
    for id in lists or []:
        addresses = world.prefixes(id)
        if addresses is None:
            raise QuestionError(f"the entries of prefix list `{id[:60]}` are not in the snapshot", hint="collect them")
        found = found | addresses
    return found


def _services(header: Header) -> IntervalSet:
    if header.source_ports is not None and header.source_ports != ["0-65535"]:
        raise QuestionError("scopes by `SourcePorts` are not modelled", hint="leave them out: clients call from any port")
    protocols = [{"tcp": TCP, "udp": UDP}[one] for one in header.protocols or ["tcp", "udp"]]
    if header.protocols is None and header.target_ports is None:
        return EVERY_SERVICE
    ports = [_ports(one) for one in header.target_ports or ["0-65535"]]
    return union(services_of(protocol, low, high) for protocol in protocols for low, high in ports)


def _ports(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    numbers = [int(one) if one.isascii() and one.isdigit() and len(one) < 6 else -1 for one in (low, high or low)]
    if not 0 <= numbers[0] <= numbers[1] <= 65535:
        raise QuestionError(f"`{text[:60]}` is no range of ports", hint="like `443` or `1024-2048`")
    return numbers[0], numbers[1]
