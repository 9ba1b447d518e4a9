"""Network ACLs: numbered lines, without a memory, at the border of a subnet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import IN_VPC, Closed, Component, Document, Reference, World, perhaps, unknown
from ..packet import EVERY_SERVICE, EVERY_V4, EVERY_V6, ICMP, ICMP6, TCP, UDP, IntervalSet, prefix, services_of, union
from ..rule import rule
from ..service import service_text
from ..table import UNTOLD, Drop, Line, Match, Place, Send, Traffic


class IcmpTypeCode(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """ICMP type and code of an entry; -1 means any."""

    type: int = -1
    code: int = -1


class PortRange(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """Ports of an entry, both ends included."""

    from_: int = msgspec.field(name="From", default=0)
    to: int = 65535

    def __post_init__(self) -> None:
        if not 0 <= self.from_ <= self.to <= 65535:
            raise ValueError(f"{self.from_}-{self.to} is no range of ports")


class Entry(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One numbered line of a network ACL."""

    rule_number: int
    egress: bool
    rule_action: str
    protocol: str
    cidr_block: str = ""
    ipv6_cidr_block: str = ""
    port_range: PortRange | None = None
    icmp_type_code: IcmpTypeCode | None = None
    unknown_fields: list[str] = msgspec.field(default_factory=list, name="_Unknown")

    def __post_init__(self) -> None:
        for cidr in filter(None, (self.cidr_block, self.ipv6_cidr_block)):
            prefix(cidr)
        if self.protocol != "-1" and not (self.protocol.isdigit() and int(self.protocol) <= 255):
            raise ValueError(f"{self.protocol!r} is no protocol number")

    @property
    def traffic(self) -> Traffic:
        """Which way the entry looks."""
        return Traffic.OUTBOUND if self.egress else Traffic.INBOUND

    @property
    @rule(
        "NACL-6",
        says="An IPv4 entry never matches IPv6 and an IPv6 entry never matches IPv4.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
    )
    @rule(
        "NACL-10",
        says="An entry names a block, never a group or a list; host bits of the block do not count.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html",
    )
    def addresses(self) -> IntervalSet:
        """The far addresses that the entry is about, all of one family."""
        if self.cidr_block:
            return prefix(self.cidr_block)
        return prefix(self.ipv6_cidr_block) if self.ipv6_cidr_block else EVERY_V4 | EVERY_V6

    @property
    @rule(
        "NACL-8",
        says="The protocol is a number, -1 means all; ports count for TCP and UDP only, types for ICMP (and for ICMPv6 with an "
        "IPv6 block), and are ignored elsewhere.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAclEntry.html",
    )
    def services(self) -> IntervalSet | None:
        """The services that the entry is about; None means every one."""
        if self.protocol == "-1":
            return None
        protocol = int(self.protocol)
        if protocol in (TCP, UDP) and self.port_range:
            return services_of(protocol, self.port_range.from_, self.port_range.to)
        if (protocol == ICMP or (protocol == ICMP6 and self.ipv6_cidr_block)) and self.icmp_type_code:
            return _icmp(protocol, self.icmp_type_code)
        return services_of(protocol)

    @property
    def title(self) -> str:
        """The line as the console shows it: direction, number, action, service, far side."""
        services = self.services
        service = "all" if services is None else ",".join(service_text(services))
        far = self.cidr_block or self.ipv6_cidr_block or "any"
        return f"{self.traffic} {self.rule_number} {self.rule_action} {service} {'to' if self.egress else 'from'} {far}"


@rule(
    "NACL-9",
    says="ICMP entries match by type and code, -1 is any; a ping needs type 8 one way and type 0 the other.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IcmpTypeCode.html",
)
def _icmp(protocol: int, match: IcmpTypeCode) -> IntervalSet:
    if match.type == -1:
        return services_of(protocol)
    low = match.type * 256
    return (
        services_of(protocol, low, low + 255) if match.code == -1 else services_of(protocol, low + match.code, low + match.code)
    )


class AclAssociation(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The association of a network ACL with a subnet."""

    subnet_id: str = ""


class NetworkAcl(Component, kw_only=True):
    """A network ACL: DescribeNetworkAcls."""

    kind: ClassVar[str] = "network_acl"
    documents: ClassVar[tuple[Document, ...]] = (Document("NetworkAcls", "ec2", "DescribeNetworkAcls"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC,)
    closes: ClassVar[Closed] = (("Entries", Entry),)

    network_acl_id: str
    vpc_id: str
    is_default: bool = False
    entries: list[Entry] = []
    associations: list[AclAssociation] = []

    @property
    def id(self) -> str:
        """The ACL id."""
        return self.network_acl_id

    @property
    def subnet_ids(self) -> frozenset[str]:
        """The subnets that are associated with it by name."""
        return frozenset(association.subnet_id for association in self.associations)

    @rule(
        "NACL-2",
        says="Entries are tried from the lowest number up; the first match decides the packet.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html",
    )
    @rule(
        "NACL-12",
        says="The default ACL allows all until it is edited, a custom one denies all until it has entries: its entries say so.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    )
    def filter_lines(self, traffic: Traffic, onward: Place, world: World) -> Iterator[Line]:
        """Return the entries of one direction as lines, lowest number first, and the `*` line at the end."""
        mine = sorted((entry for entry in self.entries if entry.traffic is traffic), key=lambda entry: entry.rule_number)
        if traffic is Traffic.INBOUND:
            yield from self._from_untold(mine, onward)
        for entry in mine:
            yield self._line(entry, onward)
        yield self._last(traffic, onward)

    def _from_untold(self, entries: list[Entry], onward: Place) -> Iterator[Line]:
        """Yield the line for packets whose source may have been translated on the way, unless entries judge every source alike."""
        admitted = [entry for entry in entries if entry.rule_action == "allow"]
        if not admitted or all(
            entry.cidr_block in ("0.0.0.0/0", "") and entry.ipv6_cidr_block in ("::/0", "") for entry in entries
        ):
            return
        services = union(EVERY_SERVICE if entry.services is None else entry.services for entry in admitted)
        doubt = unknown("what the packet came through is not modelled, nor what its source is by now", self.id, "LIM-7")
        match = Match(services=services, realms=frozenset((UNTOLD,)))
        yield Line("may be admitted by some entry", match, perhaps(onward, doubt), "LIM-7", self.id)

    def _line(self, entry: Entry, onward: Place) -> Line:
        far = entry.addresses
        match = Match(targets=far, services=entry.services) if entry.egress else Match(sources=far, services=entry.services)
        if entry.unknown_fields or entry.rule_action not in ("allow", "deny"):
            doubt = unknown(f"{self.id}: `{entry.title}` has parts that are not modelled", self.id, "LIM-12")
            return Line(entry.title, match, perhaps(onward, doubt), "LIM-12", self.id)
        action = Send(onward) if entry.rule_action == "allow" else self._denial(f"{self.id} denies it", onward)
        return Line(entry.title, match, action, "NACL-2", self.id)

    @rule(
        "NACL-3",
        says="What no entry matches is denied; the API shows this as entry 32767 (IPv4) and 32768 (IPv6), or not at all.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html",
    )
    def _last(self, traffic: Traffic, onward: Place) -> Line:
        return Line(f"{traffic} * deny all", Match(), self._denial(f"no entry of {self.id} admits it", onward), "NACL-3", self.id)

    def _denial(self, text: str, onward: Place) -> Drop:
        return Drop("SUBNET_ACL_RESTRICTION", text, otherwise=Send(onward))
