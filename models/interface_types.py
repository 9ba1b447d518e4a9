"""The types of network interfaces: which start connections, which take them, and which are filtered by groups."""

from __future__ import annotations

import msgspec


class InterfaceType(msgspec.Struct, frozen=True):
    """What interfaces of one type do: whether they start connections, take them, and whether groups filter them.

    `relays` of those behind which something passes on what it takes: without its owner nobody knows to whom.
    `brings` names the kind that brings the internet in where an interface of this type is: without it nobody knows whom to.
    """

    starts: str = ""
    takes: str = ""
    filtered: bool = True
    relays: bool = False
    brings: str = ""


# Why an interface of this type never starts ("starts") or never takes ("takes") a connection: rule id, "" when it may.
TYPES = {
    "interface": InterfaceType(),
    "efa": InterfaceType(),
    "efa-only": InterfaceType(),
    "trunk": InterfaceType(),
    "branch": InterfaceType(),
    "evs": InterfaceType(),
    "efs": InterfaceType(),
    "quicksight": InterfaceType(),
    "nat_gateway": InterfaceType(starts="NAT-1", takes="NAT-1", filtered=False),
    "transit_gateway": InterfaceType(starts="TGW-8", takes="TGW-8", filtered=False),
    "vpc_endpoint": InterfaceType(starts="EP-6", relays=True),
    "lambda": InterfaceType(takes="SVC-9"),
    "ec2_instance_connect_endpoint": InterfaceType(takes="IGW-15"),
    "global_accelerator_managed": InterfaceType(brings="accelerator"),
    "api_gateway_managed": InterfaceType(brings="vpc_link"),
    "load_balancer": InterfaceType(relays=True),
    "network_load_balancer": InterfaceType(filtered=False, relays=True),
}
