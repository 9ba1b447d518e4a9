"""How an attachment of a transit gateway finds the route table that it is associated with."""

from __future__ import annotations

from .component import World, conditional, unknown
from .rule import rule
from .table import AWAY, Choose, Drop, Line, Match, Place, Send

# Kinds that routes follow from where no answer of AWS tells them: of what is lost of these nobody knows which route it gives.
FILLING = (
    "transit_gateway_vpc_attachment", "transit_gateway_attachment", "transit_gateway_static_routes", "transit_gateway_propagations",
    "transit_gateway_route_table", "vpn_connection", "vpc",
)  # fmt: skip
ASSOCIATIONS = "transit_gateway_associations"


@rule(
    "TGW-17",
    says="Who shares a transit gateway cannot read its route tables: without the owner's account the answer is unknown.",
    source="https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-share.html",
)
def association_line(attachment_id: str, gateway_id: str, zone: str, world: World) -> Line:
    """Return the line from an attachment to the route table that it is associated with.

    `zone` is that in which the packet came to the gateway, "" where it came from no VPC (TGW-6).
    """
    seen = world.find("transit_gateway_attachment", f"{attachment_id}@{gateway_id}")
    table_id = _listed(attachment_id, gateway_id, world)
    if seen is not None and seen.association is not None and seen.association.state == "associated":
        table_id = table_id or seen.association.transit_gateway_route_table_id
        if seen.association.transit_gateway_policy_table_id and not table_id:
            doubt = unknown(f"policy table of {attachment_id} is not modelled", attachment_id, "TGW-13")
            return Line("policy table", Match(), Choose((AWAY, Drop("", doubt.text)), doubt), "TGW-13", attachment_id)
    if table_id:
        return Line(f"associated with {table_id}", Match(), Send(Place(table_id, "routes", zone)), "TGW-1", attachment_id)
    owner = world.find("transit_gateway", gateway_id) or world.keeper("")
    unread = not world.collected(ASSOCIATIONS) or world.is_broken("transit_gateway_route_table")
    # What the attachment's own account sees of it does not say its table.
    if world.is_broken(ASSOCIATIONS, owner) or (seen is None and unread):
        doubt = unknown(f"the association of {attachment_id} is not in the snapshot", attachment_id, "TGW-17")
        return Line(
            "association not in the snapshot", Match(), Choose((AWAY, Drop("", doubt.text)), doubt), "TGW-17", attachment_id
        )
    tables = world.where("transit_gateway_route_table", "transit_gateway_id", gateway_id)
    ways = tuple(Send(Place(one.id, "routes", zone)) for one in tables)
    doubt = conditional("any of these would serve", attachment_id, "TGW-2")
    otherwise = Choose(ways, doubt) if len(ways) > 1 else ways[0] if ways else None
    drop = Drop("TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION", f"{attachment_id} is associated with no route table", otherwise)
    return Line("no association", Match(), drop, "TGW-2", attachment_id)


def _listed(attachment_id: str, gateway_id: str, world: World) -> str:
    """Return the table of this gateway that lists an attachment, "" for none: both ends of a peering share an id."""
    for one in world.all(ASSOCIATIONS):
        table = world.find("transit_gateway_route_table", one.id)
        if attachment_id in one.attachment_ids and (table is None or table.transit_gateway_id in ("", gateway_id)):
            return str(one.id)
    return ""
