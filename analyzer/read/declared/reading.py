"""Declared resources among the rows of a snapshot: completed, made rows, and what they do not tell said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ...models.snapshot import Broken
from ..catalogue import Catalogue
from ..rows import Row, Shelves
from ..troubles import Troubles
from .chosen import UNDECIDED
from .draft import Drafts
from .made import complete
from .rows import broken, rows_of, sentences

# Beginnings of types that carry or filter packets and that no table translates, and the kinds of which something is not read then.
WAYS: dict[str, tuple[str, ...]] = {
    # What other languages make may be anything.
    "awscc_": ("",),
    "aws_cloudcontrolapi_resource": ("",),
    "aws_cloudformation_stack": ("",),
    "aws_servicecatalog_provisioned_product": ("",),
    "aws_ec2_transit_gateway_": ("transit_gateway_associations", "transit_gateway_propagations", "transit_gateway_static_routes"),
    "aws_ec2_client_vpn_": ("client_vpn_route",),
    "aws_vpc_route_server": ("route_table",),
    "aws_vpclattice_": ("service_network", "service_network_vpc_association", "lattice_service", "resource_configuration"),
    "aws_networkfirewall_": ("network_firewall", "firewall_policy", "firewall_rule_group", "vpc_endpoint"),
    "aws_networkmanager_": ("transit_gateway_attachment",),
    "aws_dx_": ("direct_connect_association",),
    "aws_ec2_local_gateway": (),
    "aws_verifiedaccess_": (),
    "AWS::VpcLattice::": ("service_network", "service_network_vpc_association", "lattice_service", "resource_configuration"),
    "AWS::NetworkManager::": ("transit_gateway_attachment",),
    "AWS::DirectConnect::": ("direct_connect_association",),
    "AWS::EC2::LocalGateway": (),
    "AWS::EC2::CarrierGateway": (),
    "AWS::EC2::VerifiedAccess": (),
}
# Beginnings of types that let the internet into VPCs and that no table translates.
ENTRIES = (
    "aws_api_gateway_vpc_link",
    "aws_cloudfront_vpc_origin",
    "aws_ec2_carrier_gateway",
    "aws_globalaccelerator_custom_routing_",
    "aws_verifiedaccess_endpoint",
)
# Keys of rows, and their kinds, that let the internet in, and others: of one that is lost nobody knows to whom; then such that let
# in others only.
RELAYS = {
    "InternetGateways": ("internet_gateway",),
    "LoadBalancers": ("application_load_balancer", "network_load_balancer", "gateway_load_balancer"),
    "LoadBalancerDescriptions": ("classic_load_balancer",),
    "Accelerators": ("accelerator",),
}
INNER_RELAYS = {"VpcEndpoints": ("vpc_endpoint",), "ServiceConfigurations": ("vpc_endpoint_service",)}
# Kinds of which a VPC that the code does not make may hold more than the code says.
PARTLY = (
    "vpc",
    "subnet",
    "network_interface",
    "route_table",
    "network_acl",
    "security_group",
    "internet_gateway",
    "vpc_peering",
    "flow_log",
)


def declared_rows(drafts: Drafts, catalogue: Catalogue, shelves: Shelves, troubles: Troubles, file: str) -> Iterator[Row]:
    """Yield the rows of what one source declares; kinds, sentences and what is not known yet go to the shelves and troubles."""
    complete(drafts)
    shelves.recognised = True
    rows = list(rows_of(drafts, catalogue, file))
    shelves.declared.update(component.kind for component in catalogue.components)
    shelves.told.extend(sentences(drafts))
    leave_untold(drafts.untold, shelves, troubles)
    troubles.broken.extend(broken(drafts, catalogue))
    shelves.relaying |= drafts.relaying
    _lose_relays(rows, {(one.key, one.address or one.id) for one in drafts.lost}, shelves)
    foreign = sorted({str(id) for row in rows if (id := row.fields.get("VpcId")) and drafts.find("Vpcs", str(id)) is None})
    lost = {one.id for one in drafts.lost}
    for id in foreign:
        text = f"{id} is not made by the code, which does not hold all that is in it"
        shelves.told.extend([] if id in lost else [text])
        troubles.broken.extend(Broken(kind, id, text) for kind in PARTLY)
    troubles.broken.extend(_elsewhere(rows))
    _keep_local(rows, foreign)
    yield from rows


def leave_untold(types: Iterable[str], shelves: Shelves, troubles: Troubles) -> None:
    """Let what resources of types that no table translates may do be unknown: carry packets, let the internet in, be anything."""
    untold = [type for type in types if type.startswith(tuple(WAYS))]
    shelves.ways.update(untold)
    shelves.entries.update(type for type in types if type.startswith(ENTRIES))
    for type in untold:
        kinds = next(kinds for beginning, kinds in WAYS.items() if type.startswith(beginning))
        troubles.broken.extend(Broken(kind, "", f"`{type}` is not modelled") for kind in kinds)


# By what ids begin with: gateways that let others into the VPC whose routes lead to them.
GATEWAYS = {"igw-": "internet_gateway", "vgw-": "vpn_gateway", "tgw-": "transit_gateway", "pcx-": "vpc_peering"}

GATEWAY_IDS = ("InternetGatewayId", "VpnGatewayId", "TransitGatewayId", "VpcPeeringConnectionId")


def _elsewhere(rows: list[Row]) -> Iterator[Broken]:
    """Yield the gateways that routes lead to and the code does not make: who comes in by them, it does not say."""
    made = {one.fields.get(name) for one in rows for name in GATEWAY_IDS if one.component.kind in GATEWAYS.values()}
    routes = [route for row in rows if row.component.kind == "route_table" for route in row.fields.get("Routes", [])]
    named = {value for route in routes if isinstance(route, dict) for value in route.values() if isinstance(value, str)}
    for id in sorted(named - made):
        kind = next((kind for beginning, kind in GATEWAYS.items() if id.startswith(beginning)), None)
        if kind is not None:
            yield Broken(kind, id, f"{id} is not made by the code")


def _lose_relays(rows: list[Row], lost: set[tuple[str, str]], shelves: Shelves) -> None:
    """Let it be unknown whom relays let in that are lost: whoever sends to an address that they may have, may reach anybody."""
    shelves.entries.update(address for key, address in lost if key in RELAYS)
    doubted = shelves.relaying and any(key in RELAYS or key in INNER_RELAYS for key, _ in lost)
    for row in rows if doubted else ():
        if row.component.kind == "subnet":
            row.fields["_Unsettled"] = row.fields["_Relaying"] = True


def _keep_local(rows: list[Row], vpc_ids: list[str]) -> None:
    """Give the tables of VPCs whose ranges nobody knows their local routes: for the subnets that are known, and for any others."""
    blocks: dict[str, list[str]] = {}
    for row in rows:
        if row.component.kind == "subnet" and row.fields.get("CidrBlock"):
            blocks.setdefault(str(row.fields.get("VpcId")), []).append(str(row.fields["CidrBlock"]))
    for row in rows:
        vpc_id = str(row.fields.get("VpcId"))
        if row.component.kind == "route_table" and vpc_id in vpc_ids:
            own = list(row.fields.get("Routes", []))
            listed = {route.get("DestinationCidrBlock") for route in own}
            known = [{"DestinationCidrBlock": block} for block in dict.fromkeys(blocks.get(vpc_id, [])) if block not in listed]
            local = [*known, {"DestinationPrefixListId": f"the ranges of {vpc_id}"}]
            row.fields["Routes"] = [*own, *({**route, "GatewayId": "local"} for route in local)]


def placed(rows: list[Row], nowhere: list[dict[str, Any]], shelves: Shelves, troubles: Troubles) -> list[Row]:
    """Return the rows without those of resources that have an interface `nowhere`; each is told, and counts as not read."""
    interfaces = {id(one) for one in nowhere}
    lost = {row.declared for row in rows if row.declared and id(row.content) in interfaces}
    for address in sorted(lost):
        shelves.told.append(f"{address}: its subnet is not in the snapshot, nor where it stands")
    undecided = [row for row in rows if isinstance(row.content, dict) and row.content.get(UNDECIDED)]
    troubles.broken.extend(
        Broken(row.component.kind, row.id, f"{row.declared}: it is known after it is made only") for row in undecided
    )
    out = {id(row) for row in undecided}
    kept = [row for row in rows if (row.declared not in lost or not row.declared) and id(row) not in out]
    gone = [row for row in rows if row.declared in lost]
    keys = {kind: key for key, kinds in {**RELAYS, **INNER_RELAYS}.items() for kind in kinds}
    _lose_relays(kept, {(keys.get(row.component.kind, ""), row.declared) for row in gone}, shelves)
    troubles.broken.extend(
        Broken(row.component.kind, row.id, f"{row.declared}: its subnet is not in the snapshot") for row in gone
    )
    return kept
