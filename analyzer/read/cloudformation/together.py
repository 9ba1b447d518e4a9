"""What resources of templates say together: rules beside their group, hosts as routes name them, endpoints of firewalls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from ..declared.resource import Declared, Later
from .hosts import INSTANCE, with_hosts

Json = dict[str, Any]


def together(resources: list[Declared]) -> tuple[list[Declared], list[str]]:
    """Return the resources, each with what others say of it; and what is to be said of that."""
    found, notes = with_hosts(resources)
    for step in (_rules_apart, _hosts_of_routes, _firewalls, _service_names, _zones):
        found = list(step(found))
    return found, notes


def _changed(found: list[Declared], type: str, change: Callable[[Declared], Json]) -> Iterator[Declared]:
    return (replace(one, values={**one.values, **change(one)}) if one.type == type else one for one in found)


def _rules_apart(found: list[Declared]) -> Iterable[Declared]:
    """Say of groups that outbound rules stand apart: whether AWS's own outbound rule then remains, its pages do not say."""
    egress = [one.values.get("GroupId") for one in found if one.type == "AWS::EC2::SecurityGroupEgress"]
    apart = {one for one in egress if isinstance(one, str)}
    anybody = any(isinstance(one, Later) for one in egress)
    return _changed(found, "AWS::EC2::SecurityGroup", lambda one: {"RulesApart": anybody or one.id in apart})


def _hosts_of_routes(found: list[Declared]) -> Iterable[Declared]:
    """Name the interface of a host where a route names the host."""
    hosts = {one.id: one.values["Interfaces"][0] for one in found if one.type == INSTANCE and one.values.get("Interfaces")}

    def change(one: Declared) -> Json:
        host = one.values.get("InstanceId")
        return {"NetworkInterfaceId": hosts[host]} if isinstance(host, str) and host in hosts else {}

    return _changed(found, "AWS::EC2::Route", change)


def _firewalls(found: list[Declared]) -> Iterator[Declared]:
    """Add the endpoints of firewalls, one for each subnet."""
    for one in found:
        yield one
        if one.type != "AWS::NetworkFirewall::Firewall":
            continue
        listed = one.values.get("SubnetMappings")
        for block in listed if isinstance(listed, list) else []:
            subnet = block.get("SubnetId") if isinstance(block, dict) else None
            if isinstance(subnet, str):
                values = {"VpcEndpointType": "GatewayLoadBalancer", "VpcId": one.values.get("VpcId"), "SubnetIds": [subnet]}
                yield replace(one, type="AWS::EC2::VPCEndpoint", id=f"{one.id}@{subnet}", values=values)


def _service_names(found: list[Declared]) -> Iterable[Declared]:
    """Name services of endpoints as those that use them do: by the id at the end."""
    named: dict[str, str] = {}
    for one in found:
        said = one.values.get("ServiceName")
        if one.type == "AWS::EC2::VPCEndpoint" and isinstance(said, str) and said.startswith("com.amazonaws.vpce."):
            named[said.split(".", 4)[-1]] = said
    return _changed(found, "AWS::EC2::VPCEndpointService", lambda one: {"ServiceName": named.get(one.id)})


def _zones(found: list[Declared]) -> Iterable[Declared]:
    """Leave zones out where some are named and some only counted: nobody knows which of them are the same."""
    said = [
        zone for one in found if one.type == "AWS::EC2::Subnet" if isinstance(zone := one.values.get("AvailabilityZone"), str)
    ]
    counted = [zone for zone in said if " zone " in f" {zone}"]
    mixed = 0 < len(counted) < len(said)
    return _changed(found, "AWS::EC2::Subnet", lambda one: {"AvailabilityZone": None} if mixed else {})
