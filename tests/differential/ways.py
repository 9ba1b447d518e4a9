"""Gateways, peerings, endpoints and route tables: where packets go between subnets, and out."""

from __future__ import annotations

import json
from typing import Any

from . import rows
from .draft import Draft, Lan, Site

FULL = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})
NARROW = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})
S3_BLOCKS = ["52.218.0.0/17", "3.5.64.0/21"]


# ---------------------------------------------------------------------- gateways
def add_gateways(draft: Draft) -> None:
    """Add the gateways of every VPC: internet, egress-only, NAT, endpoints, some of them broken or not in the snapshot."""
    for site in draft.sites:
        if draft.chance(0.85):
            state = "detaching" if draft.chance(0.05) else "available"
            id = draft.new("igw")
            draft.add("internet_gateway", rows.internet_gateway(id, "" if draft.chance(0.05) else site.id, state))
            site.gateways.append(id)
        if site.v6 and draft.chance(0.4):
            id = draft.new("eigw")
            if draft.chance(0.95):
                draft.add("egress_only_internet_gateway", rows.egress_only_gateway(id, site.id))
            site.gateways.append(id)
        if draft.chance(0.5):
            _nat(draft, site)
        if draft.chance(0.35):
            _gateway_endpoint(draft, site)
        if draft.chance(0.25):
            _interface_endpoint(draft, site)


def _nat(draft: Draft, site: Site) -> None:
    id = draft.new("nat")
    site.gateways.append(id)
    state = "failed" if draft.chance(0.05) else "available"
    lans = [lan for lan in site.lans if lan.v4]
    if not lans or draft.chance(0.2):
        own = {"PublicIp": draft.public_address(), "AvailabilityZoneId": draft.one(("euw1-az1", ""))}
        regional = {"AvailabilityMode": "regional", "SubnetId": "", "State": state}
        draft.add("nat_gateway", rows.nat_gateway(id, site.id, "", [own], **regional))
        return
    lan = draft.one(lans)
    site.nat_lans.append(lan.id)
    public = draft.chance(0.8)
    addresses = [nat_address(draft, id, site, lan, public) for _ in range(draft.one((1, 1, 2)))]
    kind = "public" if public else "private"
    fields: dict[str, Any] = {"ConnectivityType": kind, "State": state}
    if draft.chance(0.05):
        fields["AttachedAppliances"] = [{"Type": "network-firewall-proxy", "AttachmentState": "attached"}]
    draft.add("nat_gateway", rows.nat_gateway(id, site.id, lan.id, addresses, **fields))


def nat_address(draft: Draft, nat_id: str, site: Site, lan: Lan, public: bool) -> rows.Row:
    """Return one address pair of a NAT gateway, whose interface is added."""
    address = lan.next_v4()
    eni = draft.new(f"eni-{nat_id}")
    row = rows.interface(eni, lan.id, site.id, [address], [], [], InterfaceType="nat_gateway", SourceDestCheck=False)
    made = {"PrivateIp": address, "NetworkInterfaceId": eni, "Status": "failed" if draft.chance(0.03) else "succeeded"}
    if public:
        made["PublicIp"] = draft.public_address()
        row["PrivateIpAddresses"][0]["Association"] = {"PublicIp": made["PublicIp"]}
    draft.add("network_interface", row)
    return made


def _gateway_endpoint(draft: Draft, site: Site) -> None:
    id = draft.new("vpce")
    state = "pending" if draft.chance(0.05) else "available"
    draft.add("vpc_endpoint", rows.endpoint(id, "Gateway", site.id, "s3", state, draft.one(("", FULL, NARROW, "{"))))
    if not any(kind == "prefix_list_entries" and row["PrefixListId"] == "pl-s3" for kind, row in draft.rows):
        draft.add("prefix_list", rows.prefix_list("pl-s3"))
        draft.add("prefix_list_entries", rows.prefix_list_entries("pl-s3", S3_BLOCKS))
    site.gateways.append(id)


def _interface_endpoint(draft: Draft, site: Site) -> None:
    id = draft.new("vpce")
    lan = draft.one(site.lans)
    kind = "Interface" if draft.chance(0.8) else "GatewayLoadBalancer"
    if kind == "GatewayLoadBalancer":
        site.gateways.append(id)
    enis: list[str] = []
    if lan.v4 and kind == "Interface":
        enis = [draft.new("eni-vpce")]
        groups = draft.some(site.groups, 1, 1)
        own = [lan.next_v6()] if lan.v6 else []
        row = rows.interface(enis[0], lan.id, site.id, [lan.next_v4()], own, groups, InterfaceType="vpc_endpoint")
        draft.add("network_interface", row)
    state = "pending" if draft.chance(0.1) else "available"
    draft.add("vpc_endpoint", rows.endpoint(id, kind, site.id, "kms", state, FULL, NetworkInterfaceIds=enis))


# ---------------------------------------------------------------------- peerings, public access
def add_peerings(draft: Draft) -> None:
    """Add peerings between the VPCs, and perhaps one to a VPC that the snapshot does not hold."""
    pairs = [(one, other) for at, one in enumerate(draft.sites) for other in draft.sites[at + 1 :]]
    for one, other in pairs:
        if draft.chance(0.85):
            id = draft.new("pcx")
            regions = (rows.REGION, rows.OTHER_REGION if draft.chance(0.15) else rows.REGION)
            sides = [(site.id, site.cidrs, region) for site, region in zip((one, other), regions, strict=True)]
            draft.add("vpc_peering", rows.peering(id, sides, "pending-acceptance" if draft.chance(0.08) else "active"))
            for site in (one, other):
                site.gateways.append(id)
    if draft.chance(0.08):
        id = draft.new("pcx")
        near = draft.one(draft.sites)
        far = ["10.9.0.0/16"] if draft.chance(0.8) else []
        draft.add("vpc_peering", rows.peering(id, [(near.id, near.cidrs, ""), ("vpc-far", far, "")], "active"))
        near.gateways.append(id)


def add_public_access(draft: Draft) -> None:
    """Add the switch of Block Public Access, mostly off, and exclusions from it."""
    if not draft.chance(0.2):
        return
    draft.add("block_public_access", rows.public_access(draft.one(("off", "block-ingress", "block-bidirectional"))))
    things = [f"vpc/{site.id}" for site in draft.sites] + [f"subnet/{lan.id}" for site in draft.sites for lan in site.lans]
    for thing in draft.some(things, 0, 2):
        mode = draft.one(("allow-bidirectional", "allow-egress"))
        state = draft.one(("create-complete", "create-complete", "delete-complete"))
        draft.add("block_public_access_exclusion", rows.exclusion(draft.new("vpcbpa-exclude"), thing, mode, state))
