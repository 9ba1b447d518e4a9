"""Security groups: lines that only allow, with a memory, on the interfaces that carry them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import IN_VPC, Closed, Component, Document, Members, Reference, Spot, World, conditional, perhaps, unknown
from ..packet import EVERY_V6, PRIVATE_V4, SHARED_V4, IntervalSet, prefix, union
from ..permission import GroupPair, Permission
from ..rule import rule
from ..table import Doubt, Line, Match, Place, Send, Traffic


class SecurityGroup(Component, kw_only=True):
    """A security group: DescribeSecurityGroups."""

    kind: ClassVar[str] = "security_group"
    documents: ClassVar[tuple[Document, ...]] = (Document("SecurityGroups", "ec2", "DescribeSecurityGroups"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC,)
    closes: ClassVar[Closed] = (
        ("IpPermissions", Permission),
        ("IpPermissionsEgress", Permission),
    )

    group_id: str
    group_name: str = ""
    vpc_id: str = ""
    ip_permissions: list[Permission] = []
    ip_permissions_egress: list[Permission] = []

    @property
    def id(self) -> str:
        """The group id."""
        return self.group_id

    def spots(self, line: str, world: World) -> Iterator[Spot]:
        """Yield where the far sides of the rules with this title are; a rule's own id may follow in the title."""
        title = line.partition(" (")[0]
        for traffic, where, key, permissions in (
            (Traffic.INBOUND, "from", "IpPermissions", self.ip_permissions),
            (Traffic.OUTBOUND, "to", "IpPermissionsEgress", self.ip_permissions_egress),
        ):
            for number, permission in enumerate(permissions):
                for path, far in permission.far_sides:
                    if title == f"{traffic} {permission.service} {where} {far}":
                        yield Spot(self.id, self.origin, (key, number, *path), far)

    def names(self) -> list[str]:
        """Return the group's name and its Name tag."""
        return [name for name in (self.group_name, self.name) if name]

    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces that carry the group."""
        return [interface.id for interface in world.carriers(self.id)]

    @rule(
        "SG-1",
        says="A group only allows: what none of its rules allows is denied, and a group without rules allows nothing new.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    def filter_lines(self, traffic: Traffic, onward: Place, world: World, vpc_id: str) -> Iterator[Line]:
        """Return a line for each far side of each rule of one direction; which of them stands first does not matter."""
        for permission in self.ip_permissions if traffic is Traffic.INBOUND else self.ip_permissions_egress:
            lines = self._lines(_Side(permission, traffic, onward, vpc_id), world)
            yield from (self._perhaps_there(line, permission) for line in lines) if permission.doubt else lines

    def _perhaps_there(self, line: Line, permission: Permission) -> Line:
        """Return a line of a rule of which nobody knows whether it is there."""
        if not isinstance(line.action, Send):
            return line
        doubt = unknown(f"{self.id}: whether it has the rule `{line.title}` is not known: {permission.doubt}", self.id, "LIM-12")
        return Line(line.title, line.match, perhaps(line.action, doubt), "LIM-12", self.id)

    def _lines(self, side: _Side, world: World) -> Iterator[Line]:
        permission = side.permission
        cidrs = [one.cidr_ip for one in permission.ip_ranges] + [one.cidr_ipv6 for one in permission.ipv6_ranges]
        for cidr in cidrs:
            yield self._plain(side, cidr, prefix(cidr), world)
        for one in permission.prefix_list_ids:
            yield self._from_prefix_list(side, one.prefix_list_id, world)
        for pair in permission.user_id_group_pairs:
            yield from self._from_group(side, pair, world)
        if permission.perhaps:
            yield self._perhaps_chosen(side, cidrs or [one.prefix_list_id for one in permission.prefix_list_ids], world)
        if permission.unknown_fields:
            fields = ", ".join(permission.unknown_fields)
            doubt = unknown(f"{self.id}: a rule names its far side by `{fields}`, which is not modelled", self.id, "LIM-12")
            yield self._doubtful(side, fields, Match(services=permission.services), doubt, world)

    @rule(
        "SG-19",
        says="IPv4 and IPv6 ranges are separate lists: 0.0.0.0/0 says nothing about IPv6.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    def _plain(self, side: _Side, far: str, addresses: IntervalSet, world: World) -> Line:
        return Line(self._title(side, far, world), side.match(addresses), Send(side.onward), "SG-19", self.id)

    def _perhaps_chosen(self, side: _Side, far: list[str], world: World) -> Line:
        """Return the line for public addresses that AWS has yet to choose: they may lie in a far side of the rule."""
        text = f"{self.id}: whether AWS chooses an address in {', '.join(far)} is known after it is made only"
        match = side.match(union(prefix(one) for one in side.permission.perhaps))
        return self._doubtful(side, ", ".join(far), match, unknown(text, self.id, "LIM-7"), world)

    def _doubtful(self, side: _Side, far: str, match: Match, doubt: Doubt, world: World) -> Line:
        code = "UNKNOWN_PEERED_SGS" if doubt.rule == "SG-17" else ""
        return Line(self._title(side, far, world), match, perhaps(side.onward, doubt, code), doubt.rule, self.id)

    def _title(self, side: _Side, far: str, world: World) -> str:
        """Return the rule in words, with its own id where the snapshot has it."""
        permission = side.permission
        low, high = (None if port == -1 else port for port in (permission.from_port, permission.to_port))
        line = (self.id, side.traffic is Traffic.OUTBOUND, permission.ip_protocol, low, high, far)
        cited = next((f" ({one.id})" for one in world.where("security_group_rule", "line", line)), "")
        return f"{side.traffic} {permission.service} {'from' if side.traffic is Traffic.INBOUND else 'to'} {far}{cited}"

    @rule(
        "SG-18",
        says="A prefix list stands for all its current entries; lists may belong to another account or to AWS.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    def _from_prefix_list(self, side: _Side, list_id: str, world: World) -> Line:
        addresses = world.prefixes(list_id)
        if addresses is not None:
            return Line(self._title(side, list_id, world), side.match(addresses), Send(side.onward), "SG-18", self.id)
        doubt = unknown(f"the entries of prefix list {list_id} are not in the snapshot", list_id, "LIM-7")
        return self._doubtful(side, list_id, Match(services=side.permission.services), doubt, world)

    @rule(
        "SG-7",
        says="A group as far side means the private addresses of all interfaces that carry it now: never their public addresses, "
        "and none of that group's rules.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    @rule(
        "SHR-3",
        says="In a shared VPC a rule may name the group of another participant.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html",
    )
    def _from_group(self, side: _Side, pair: GroupPair, world: World) -> Iterator[Line]:
        title = self._title(side, pair.group_id, world)
        for realm, members in world.members(pair.group_id).items():
            if not self._counts(pair, realm, side, world):
                if _may_be_joined(side.vpc_id, world):
                    doubt = unknown(f"how {realm} is joined with {side.vpc_id} is not in the snapshot", self.id, "LIM-7")
                    yield self._doubtful(side, pair.group_id, side.match(members.sure | members.perhaps, realm), doubt, world)
                else:
                    yield from self._void(side, members, realm, title, world)
                continue
            if members.sure:
                yield Line(title, side.match(members.sure, realm), Send(side.onward), "SG-7", self.id)
            if members.perhaps:
                yield self._perhaps_covered(side, pair, members.perhaps, realm, world)
        yield from self._kept(side, pair, title, world)
        if self._may_have_more(pair, side, world):
            doubt = unknown("a part of the snapshot could not be read; it may hold members of the group", pair.group_id, "LIM-7")
            yield self._doubtful(side, pair.group_id, Match(services=side.permission.services), doubt, world)
        if self._abroad(pair, world):
            doubt = unknown(
                f"the interfaces of {pair.group_id} in account {pair.user_id} are not in the snapshot", self.id, "SG-17"
            )
            yield self._doubtful(side, pair.group_id, side.match(PRIVATE_V4 | SHARED_V4 | EVERY_V6, ""), doubt, world)

    def _may_have_more(self, pair: GroupPair, side: _Side, world: World) -> bool:
        """Return whether the group may have members in a part of the snapshot that could not be read, or was not collected."""
        group, vpc = world.find("security_group", pair.group_id), world.keeper(side.vpc_id)
        unread = group is None and world.is_broken(self.kind, self)
        return unread or world.is_broken("network_interface", group or vpc) or world.is_broken("vpc_peering", vpc)

    @rule(
        "SG-15",
        says="What a network load balancer with groups passes on counts as coming from its groups, though it has the client's address.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
    )
    def _kept(self, side: _Side, pair: GroupPair, title: str, world: World) -> Iterator[Line]:
        if side.traffic is Traffic.INBOUND:
            nodes = [one.id for one in world.carriers(pair.group_id) if one.interface_type == "network_load_balancer"]
            for node in nodes:
                match = Match(services=side.permission.services, realms=frozenset((f"by {node}",)))
                yield Line(title, match, Send(side.onward), "SG-15", self.id)

    @rule(
        "SG-9",
        says="A reference means private IP addresses; whether those are IPv6 addresses and delegated prefixes too AWS does not say.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    def _perhaps_covered(self, side: _Side, pair: GroupPair, addresses: IntervalSet, realm: str, world: World) -> Line:
        text = f"whether {pair.group_id} covers IPv6 addresses and delegated prefixes is not documented"
        return self._doubtful(side, pair.group_id, side.match(addresses, realm), conditional(text, self.id, "SG-9"), world)

    @rule(
        "SG-10",
        says="A reference counts for members in a VPC that the referenced group is in or associated with, and in VPCs peered with it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    def _counts(self, pair: GroupPair, realm: str, side: _Side, world: World) -> bool:
        if realm == side.vpc_id or _spans(pair.group_id, side.vpc_id, world):
            return True
        return any(one.carries_references(side.vpc_id, realm, side.traffic, world) for one in world.gateways(side.vpc_id))

    def _void(self, side: _Side, members: Members, realm: str, title: str, world: World) -> Iterator[Line]:
        """Yield a line that matches nothing, for a reference that would count if the transit gateway between carried it."""
        gateways = world.gateways(side.vpc_id) if side.traffic is Traffic.INBOUND else ()
        if members.sure and any(one.kind == "transit_gateway" and realm in one.routed_from(world) for one in gateways):
            yield Line(title, side.match(members.sure, VOID), Send(side.onward), "SG-12", self.id)

    @rule(
        "SG-17",
        says="A reference to a group of another account needs that account's interfaces; without them the answer is unknown.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
    )
    @rule(
        "SG-16",
        says="A reference to a group that is gone, or over a peering connection that is gone, stays in the list and matches nothing.",
        source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
    )
    def _abroad(self, pair: GroupPair, world: World) -> bool:
        """Return whether the group may have members that the snapshot does not hold."""
        gone = pair.peering_status in ("deleted", "rejected", "expired", "failed")
        if gone or not pair.user_id or world.find("security_group", pair.group_id) or world.members(pair.group_id):
            return False
        return pair.user_id not in (self.owner_id, self.account)


VOID = "nowhere"


class _Side(msgspec.Struct, frozen=True):
    """One rule, as a filter of one direction on the interfaces of one VPC."""

    permission: Permission
    traffic: Traffic
    onward: Place
    vpc_id: str

    def match(self, far: IntervalSet, realm: str | None = None) -> Match:
        """Return the match of a far side; `realm` is the VPC whose private addresses it is."""
        services = self.permission.services
        if self.traffic is Traffic.OUTBOUND:
            return Match(targets=far, services=services)
        realms = None if realm is None else frozenset((realm,) if realm != VOID else ())
        return Match(sources=far, services=services, realms=realms)


def _may_be_joined(vpc_id: str, world: World) -> bool:
    """Return whether a VPC may be joined with others by what is not in the snapshot: a gateway that is no longer shared works on."""
    attachments = world.where("transit_gateway_vpc_attachment", "vpc_id", vpc_id)
    unseen = any(world.find("transit_gateway", one.transit_gateway_id) is None for one in attachments)
    return unseen or world.loses_sight or not world.collected("vpc_peering", world.keeper(vpc_id))


@rule(
    "SG-27",
    says="A group may be associated with further VPCs of its Region: its members and rules span them, and routing is still needed.",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html",
)
def _spans(group_id: str, vpc_id: str, world: World) -> bool:
    group = world.find("security_group", group_id)
    associations = world.where("security_group_vpc_association", "group_id", group_id)
    if group is None:
        return False
    found = {one.vpc_id for one in associations if one.state == "associated"}
    if not world.collected("security_group_vpc_association", group):
        # An interface elsewhere that carries the group proves an association.
        found = {one.vpc_id for one in world.carriers(group_id) if one.vpc_id != group.vpc_id}
    return bool(found or associations) and vpc_id in (group.vpc_id, *found)


class SecurityGroupVpcAssociation(Component, kw_only=True):
    """The association of a group with a further VPC: DescribeSecurityGroupVpcAssociations."""

    kind: ClassVar[str] = "security_group_vpc_association"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("SecurityGroupVpcAssociations", "ec2", "DescribeSecurityGroupVpcAssociations"),
    )

    group_id: str
    vpc_id: str
    state: str = "associated"

    @property
    def id(self) -> str:
        """The group and the VPC."""
        return f"{self.group_id}/{self.vpc_id}"
