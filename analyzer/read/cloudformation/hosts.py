"""Hosts that templates make: instances with their interfaces, and those that groups of hosts start, one for each subnet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ..declared.made import PERHAPS_SUBNET_PUBLIC, SUBNET_PUBLIC
from ..declared.resource import Declared, Later, as_known
from .values import later

Json = dict[str, Any]
INSTANCE, INTERFACE, TARGETS = "AWS::EC2::Instance", "AWS::EC2::NetworkInterface", "registered targets"
SERVICE = "AWS::ECS::Service"
ELSEWHERE = "its launch template is not in the code"
# How instances, launch templates and launch configurations name the same.
ALIKE = {"Groups": "GroupSet", "SecurityGroups": "SecurityGroupIds"}


def with_hosts(resources: list[Declared]) -> tuple[list[Declared], list[str]]:
    """Return the resources with the hosts that groups start, and every instance with its interfaces; and what is to be said of it."""
    by_id = {one.id: one for one in resources}
    found: list[Declared] = []
    notes: list[str] = []
    for one in resources:
        if one.type == "AWS::AutoScaling::AutoScalingGroup":
            started = list(_started(one, by_id))
            if started:
                notes.append(f"{one.address}: its hosts are shown as one in each of its subnets")
            for host in started:
                found.extend(_with_interfaces(host))
            found.extend(_registered(one, [host.id for host in started]))
        elif one.type == SERVICE:
            found.extend(_tasks(one))
        elif one.type == INSTANCE:
            found.extend(_with_interfaces(replace(one, values=_launched(one.values, by_id))))
        else:
            found.append(one)
    return found, notes


# ---------------------------------------------------------------------- what is launched
def _launched(values: Json, by_id: Mapping[str, Declared]) -> Json:
    """Return an instance's properties with those of its launch template where it does not say them itself."""
    said = values.get("LaunchTemplate")
    if not said:
        return values
    held = _template(said, by_id)
    if held is None:
        own = values.get("NetworkInterfaces") or (values.get("SecurityGroupIds") and values.get("SubnetId"))
        return values if own else {**values, "NetworkInterfaces": later(ELSEWHERE)}
    return {**held, **values}


def _template(said: Any, by_id: Mapping[str, Declared]) -> Json | None:
    """Return what a launch template holds, as instances name it; None where it is not in the code."""
    if not isinstance(said, dict):
        return None
    name = as_known(said, "LaunchTemplateName")
    one = by_id.get(str(as_known(said, "LaunchTemplateId") or name))
    named = (each for each in by_id.values() if each.type.endswith("::LaunchTemplate"))
    if one is None and isinstance(name, str):
        one = next((each for each in named if each.values.get("LaunchTemplateName") == name), None)
    held = one.values.get("LaunchTemplateData") if one is not None else None
    return _alike(held) if isinstance(held, dict) else None


def _alike(held: Json) -> Json:
    made = {ALIKE.get(name, name): value for name, value in held.items() if name != "TagSpecifications"}
    for each in _mappings(held.get("TagSpecifications")):
        if each.get("ResourceType") == "instance":
            made["Tags"] = each.get("Tags")
    listed = made.get("NetworkInterfaces")
    if isinstance(listed, list):
        made["NetworkInterfaces"] = [_alike(one) if isinstance(one, dict) else one for one in listed]
    return made


def _mappings(said: Any) -> list[Json]:
    """Return the mappings that a list which only names and tells holds; what of it is not known is left out."""
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _told(subnets: Any) -> list[str]:
    """Return the subnets of a list; none where one of them is not known."""
    listed = subnets if isinstance(subnets, list) else []
    texts = [one for one in listed if isinstance(one, str)]
    return texts if len(texts) == len(listed) else []


def _started(group: Declared, by_id: Mapping[str, Declared]) -> Iterator[Declared]:
    """Yield an instance for each subnet of a group of hosts; where its subnets are not known, one that stands nowhere."""
    values = group.values
    if str(values.get("MaxSize")) == "0":
        return
    held = _configuration(values, by_id)
    subnets = values.get("VPCZoneIdentifier")
    told = _told(subnets)
    nowhere: list[str | Later] = [later("its subnets are not known, or those of the default VPC")]
    for subnet in told or nowhere:
        inside = held.get("NetworkInterfaces")
        interfaces = (
            [{**one, "SubnetId": subnet} if isinstance(one, dict) else one for one in inside]
            if isinstance(inside, list)
            else inside
        )
        own = {
            **held,
            "SubnetId": subnet,
            "Tags": [*_mappings(held.get("Tags")), *_mappings(values.get("Tags"))],
            **({"NetworkInterfaces": interfaces} if inside else {}),
        }
        yield replace(group, type=INSTANCE, id=f"{group.id}@{subnet}" if told else group.id, values=own)


def _configuration(values: Json, by_id: Mapping[str, Declared]) -> Json:
    """Return what a group of hosts launches, as instances name it."""
    template = as_known(values, "LaunchTemplate") or as_known(
        values, "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"
    )
    if template:
        return _template(template, by_id) or {"NetworkInterfaces": later(ELSEWHERE)}
    named = by_id.get(str(values.get("LaunchConfigurationName")))
    if named is None:
        return {"NetworkInterfaces": later("its launch configuration is not in the code")}
    return _alike(named.values)


def _registered(group: Declared, hosts: list[str]) -> Iterator[Declared]:
    """Yield the registrations of a group's hosts as targets of load balancers."""
    for name in ("TargetGroupARNs", "LoadBalancerNames"):
        listed = group.values.get(name)
        for owner in listed if isinstance(listed, list) else [listed] if isinstance(listed, Later) else []:
            values = {"Owner": owner, "Classic": name == "LoadBalancerNames", "Targets": [{"Id": host} for host in hosts]}
            yield replace(group, type=TARGETS, values=values)


# ---------------------------------------------------------------------- tasks
def _tasks(service: Declared) -> Iterator[Declared]:
    """Yield a service, and where its tasks have interfaces one of them for each of its subnets, and as a target.

    A service without tasks has none yet, and one whose tasks use their hosts' interfaces none of its own: what registers is not known.
    """
    network = as_known(service.values, "NetworkConfiguration.AwsvpcConfiguration")
    subnets = network.get("Subnets") if isinstance(network, dict) else None
    told = _told(subnets)
    if not isinstance(network, dict) or not told or str(service.values.get("DesiredCount")) == "0":
        yield service
        return
    ids, named = [f"{service.id}@{subnet}" for subnet in told], service.values.get("ServiceName")
    for id, subnet in zip(ids, told, strict=True):
        values = {
            "SubnetId": subnet,
            "GroupSet": network.get("SecurityGroups"),
            "Public": said if isinstance(said := network.get("AssignPublicIp"), Later) else said == "ENABLED",
            # As Amazon ECS describes them; by it, and by their name, services know their own.
            "Description": f"arn:aws:ecs:::attachment/{named if isinstance(named, str) else service.address}",
        }
        yield replace(service, type=INTERFACE, id=id, values=values)
    balancers = service.values.get("LoadBalancers")
    for block in balancers if isinstance(balancers, list) else [balancers] if isinstance(balancers, Later) else []:
        held = block if isinstance(block, dict) else {"TargetGroupArn": block, "ContainerPort": None}
        if held.get("TargetGroupArn") is not None:
            targets = [{"Id": id, "Port": held.get("ContainerPort"), "OfInterface": True} for id in ids]
            yield replace(service, type=TARGETS, values={"Owner": held["TargetGroupArn"], "Targets": targets})
    yield replace(service, values={**service.values, "Placed": True})


# ---------------------------------------------------------------------- interfaces
def _with_interfaces(one: Declared) -> Iterator[Declared]:
    """Yield an instance, and the interfaces of its own making as resources of their own."""
    listed = one.values.get("NetworkInterfaces")
    blocks: list[Any] = (
        listed if isinstance(listed, list) and listed else [listed] if isinstance(listed, Later) else [_primary(one)]
    )
    ids: list[str] = []
    for number, block in enumerate(blocks):
        held = (
            block
            if isinstance(block, dict)
            else dict.fromkeys(("SubnetId", "GroupSet"), block if isinstance(block, Later) else later("it is no mapping"))
        )
        given = held.get("NetworkInterfaceId")
        if isinstance(given, Later):
            # One of those that are there, or not: it may carry any group, and stand in any subnet.
            held, given = {"SubnetId": given, "GroupSet": given}, None
        device = held.get("DeviceIndex", number)
        id = given if given is not None else f"{one.id}.NetworkInterface{number or ''}"
        ids.append(id)
        holder = {"InstanceId": one.id, "NetworkInterfaceId": id, "DeviceIndex": device}
        if given is not None:
            yield replace(one, type="AWS::EC2::NetworkInterfaceAttachment", values=holder)
            continue
        public = held.get("AssociatePublicIpAddress")
        if public is None:
            public = _as_its_subnet_says(device, len(blocks))
        values = {
            **held,
            "GroupSet": held.get("GroupSet") or one.values.get("SecurityGroupIds"),
            "SubnetId": held.get("SubnetId") or one.values.get("SubnetId") or later("it stands in the default VPC"),
            "SourceDestCheck": one.values.get("SourceDestCheck", True),
            "Public": public,
            "Holder": holder,
        }
        yield replace(one, type=INTERFACE, id=id, values=values)
    yield replace(one, values={**one.values, "Interfaces": ids})


def _as_its_subnet_says(device: Any, count: int) -> Any:
    """Return whether an interface gets a public address by its subnet: a first one alone does, of several perhaps the first one."""
    if isinstance(device, Later):
        return PERHAPS_SUBNET_PUBLIC
    if str(device) != "0":
        return False
    return SUBNET_PUBLIC if count == 1 else PERHAPS_SUBNET_PUBLIC


def _primary(one: Declared) -> Json:
    names = ("SubnetId", "PrivateIpAddress", "Ipv6AddressCount", "Ipv6Addresses", "AssociatePublicIpAddress")
    held = {name: one.values[name] for name in names if name in one.values}
    groups = one.values.get("SecurityGroupIds") or one.values.get("SecurityGroups")
    return {**held, "GroupSet": groups}
