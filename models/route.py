"""What the API says of routes and of what a route table is associated with."""

from __future__ import annotations

from typing import Any

import msgspec

from .packet import IntervalSet, prefix
from .rule import rule

LOCAL = "local"
PROPAGATED = ("EnableVgwRoutePropagation", "Advertisement")


class Route(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One route: a destination and a target."""

    destination_cidr_block: str = ""
    destination_ipv6_cidr_block: str = ""
    destination_prefix_list_id: str = ""
    gateway_id: str = ""
    nat_gateway_id: str = ""
    network_interface_id: str = ""
    instance_id: str = ""
    instance_owner_id: str = ""
    vpc_peering_connection_id: str = ""
    transit_gateway_id: str = ""
    egress_only_internet_gateway_id: str = ""
    carrier_gateway_id: str = ""
    local_gateway_id: str = ""
    core_network_arn: str = ""
    odb_network_arn: str = ""
    ip_address: str = ""
    state: str = "active"
    origin: str = "CreateRoute"
    igw_firewall: dict[str, Any] | None = None
    unknown_fields: list[str] = msgspec.field(default_factory=list, name="_Unknown")

    def __post_init__(self) -> None:
        for cidr in filter(None, (self.destination_cidr_block, self.destination_ipv6_cidr_block)):
            prefix(cidr)

    @property
    @rule(
        "RT-18",
        says="`GatewayId` holds `local`, an internet or virtual private gateway, or an endpoint; other targets have fields of their own.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html",
    )
    def target(self) -> str:
        """The id of the target, `local`, or "" for one that the fields which we know do not name."""
        return (
            self.gateway_id
            or self.nat_gateway_id
            or self.network_interface_id
            or self.vpc_peering_connection_id
            or self.transit_gateway_id
            or self.egress_only_internet_gateway_id
            or self.carrier_gateway_id
            or self.local_gateway_id
            or self.core_network_arn
            or self.odb_network_arn
        )

    @property
    def destination(self) -> str:
        """The destination as the route writes it: a block or a prefix list."""
        return self.destination_cidr_block or self.destination_ipv6_cidr_block or self.destination_prefix_list_id

    @property
    def destination_key(self) -> str:
        """The name of the member that says the destination."""
        family = "DestinationCidrBlock" if self.destination_cidr_block else "DestinationIpv6CidrBlock"
        return family if self.destination_cidr_block or self.destination_ipv6_cidr_block else "DestinationPrefixListId"

    @property
    @rule(
        "RT-9",
        says="Of routes to one prefix a static one comes before one by prefix list, and that before a propagated one.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html",
    )
    def rank(self) -> int:
        """Its place among routes to the same prefix, the lowest first."""
        if self.target == LOCAL:
            return 0
        if self.origin in PROPAGATED:
            return 3
        return 2 if self.destination_prefix_list_id else 1


class Association(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """What a route table is associated with: a subnet, a gateway, or the VPC (`Main`)."""

    main: bool = False
    subnet_id: str = ""
    gateway_id: str = ""
    public_ipv4_pool: str = ""
    association_state: dict[str, Any] = {}

    @property
    @rule(
        "RT-2",
        says="An association counts in the state `associated`; implicit ones are not listed.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RouteTableAssociation.html",
    )
    def counts(self) -> bool:
        """Whether it is in force."""
        return bool(self.association_state.get("State", "associated") == "associated")


class Entry(msgspec.Struct, frozen=True):
    """One block of one route."""

    cidr: str
    addresses: IntervalSet
    length: int
    route: Route
