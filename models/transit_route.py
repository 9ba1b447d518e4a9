"""What the API says of the routes of transit gateways, and how it is asked for what it knows of each table."""

from __future__ import annotations

import msgspec

from .call import Call, Each
from .packet import prefix

OF_TABLE = Each(
    "TransitGatewayRouteTableId",
    Call("ec2", "DescribeTransitGatewayRouteTables"),
    ("TransitGatewayRouteTables[].TransitGatewayRouteTableId",),
)
# The call demands a filter; a route is either of these.
EVERY_ROUTE = (("Filters", [{"Name": "state", "Values": ["active", "blackhole"]}]), ("MaxResults", 1000))


class RouteAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """An attachment that a route leads to."""

    transit_gateway_attachment_id: str = ""
    resource_id: str = ""
    resource_type: str = "vpc"


class TransitRoute(msgspec.Struct, rename="pascal", frozen=True):
    """One route of a transit gateway's table."""

    destination_cidr_block: str = ""
    prefix_list_id: str = ""
    type: str = "static"
    state: str = "active"
    transit_gateway_attachments: list[RouteAttachment] = []

    def __post_init__(self) -> None:
        if self.destination_cidr_block:
            prefix(self.destination_cidr_block)


class Propagation(msgspec.Struct, rename="pascal", frozen=True):
    """An attachment that fills a table."""

    transit_gateway_attachment_id: str = ""
    resource_id: str = ""
    resource_type: str = "vpc"
    state: str = "enabled"
