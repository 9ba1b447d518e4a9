"""What the API says of the rules of a security group."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from .packet import ICMP, ICMP6, TCP, UDP, IntervalSet, prefix, services_of
from .rule import rule
from .service import service_text

NAMED_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMP6}


class IpRange(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """An IPv4 block as far side."""

    cidr_ip: str

    def __post_init__(self) -> None:
        prefix(self.cidr_ip)


class Ipv6Range(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """An IPv6 block as far side."""

    cidr_ipv6: str

    def __post_init__(self) -> None:
        prefix(self.cidr_ipv6)


class PrefixListId(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """A prefix list as far side."""

    prefix_list_id: str


class GroupPair(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """Another group (or the same) as far side; `UserId` is missing when that group is deleted."""

    group_id: str = ""
    user_id: str = ""
    vpc_id: str = ""
    vpc_peering_connection_id: str = ""
    peering_status: str = ""


class Permission(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Rules of one service: the far sides that it may come from or go to."""

    ip_protocol: str
    from_port: int | None = None
    to_port: int | None = None
    ip_ranges: list[IpRange] = []
    ipv6_ranges: list[Ipv6Range] = []
    prefix_list_ids: list[PrefixListId] = []
    user_id_group_pairs: list[GroupPair] = []
    unknown_fields: list[str] = msgspec.field(default_factory=list, name="_Unknown")
    # Blocks in which lie what stands for addresses that nobody knows yet, and that the far side may have.
    perhaps: list[str] = msgspec.field(default_factory=list, name="_Perhaps")
    # Why nobody knows whether the rule is there, "" where it is: code may leave that to what it is given.
    doubt: str = msgspec.field(default="", name="_Doubt")

    def __post_init__(self) -> None:
        if self.protocol is not None and not 0 <= self.protocol <= 255:
            raise ValueError(f"{self.ip_protocol!r} is no protocol")
        for port in (self.from_port, self.to_port):
            if port is not None and not -1 <= port <= 65535:
                raise ValueError(f"{port} is no port")

    @property
    def protocol(self) -> int | None:
        """The protocol number; None means every one."""
        if self.ip_protocol == "-1":
            return None
        named = NAMED_PROTOCOLS.get(self.ip_protocol.lower())
        return named if named is not None else int(self.ip_protocol) if self.ip_protocol.isdigit() else -1

    @property
    @rule(
        "SG-20",
        says="The protocol is tcp, udp, icmp, icmpv6, a number, or -1 for all; with -1 and every other number all ports are meant.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
    )
    def services(self) -> IntervalSet | None:
        """The services that the permission is about; None means every one."""
        protocol = self.protocol
        if protocol is None:
            return None
        if protocol in (TCP, UDP):
            return services_of(protocol, *self._ports())
        return _icmp(protocol, self.from_port, self.to_port) if protocol in (ICMP, ICMP6) else services_of(protocol)

    @rule(
        "SG-22",
        says="Missing FromPort or ToPort means all ports.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
    )
    def _ports(self) -> tuple[int, int]:
        low = self.from_port if self.from_port is not None and self.from_port >= 0 else 0
        high = self.to_port if self.to_port is not None and self.to_port >= 0 else 65535
        return low, high

    @property
    def far_sides(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield every far side with the path that leads from the permission to the member which says it."""
        yield from ((("IpRanges", number, "CidrIp"), one.cidr_ip) for number, one in enumerate(self.ip_ranges))
        yield from ((("Ipv6Ranges", number, "CidrIpv6"), one.cidr_ipv6) for number, one in enumerate(self.ipv6_ranges))
        yield from (
            (("PrefixListIds", number, "PrefixListId"), one.prefix_list_id) for number, one in enumerate(self.prefix_list_ids)
        )
        yield from (
            (("UserIdGroupPairs", number, "GroupId"), one.group_id) for number, one in enumerate(self.user_id_group_pairs)
        )

    @property
    def service(self) -> str:
        """The service in words."""
        return _in_words(self.services)


@lru_cache(maxsize=4096)
def _in_words(services: IntervalSet | None) -> str:
    """Return services as people write them; the same few are asked for again and again."""
    return "all" if services is None else ",".join(service_text(services)) or "nothing"


@rule(
    "SG-21",
    says="For ICMP, FromPort is the type and ToPort the code, -1 is any; a pair that is absent means all types.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html",
)
def _icmp(protocol: int, type_: int | None, code: int | None) -> IntervalSet:
    if type_ is None or type_ == -1:
        return services_of(protocol)
    low = type_ * 256
    if code is None or code == -1:
        return services_of(protocol, low, low + 255)
    return services_of(protocol, low + code, low + code)
