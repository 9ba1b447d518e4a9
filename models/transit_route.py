"""What the API says of the routes of transit gateways."""

from __future__ import annotations

import msgspec

from .packet import prefix


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
