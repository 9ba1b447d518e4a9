"""Services joined with the groups of subnets and the clusters that their rows name."""

from __future__ import annotations

import ipaddress
from typing import Any

from .draft import Draft, Drafts, Lost
from .made import ROLE

# Keys of rows that name a group of subnets, the field of that group in AWS's answer, and the service of the group.
GROUPED = (("DBInstances", "DBSubnetGroup", "rds"), ("ReplicationInstances", "ReplicationSubnetGroup", "dms"))
REGISTERED = "targets that something else registers"


def join_services(drafts: Drafts) -> None:
    """Give databases their cluster's groups and their subnets, and take the targets from groups that others fill, too."""
    _join_clusters(drafts)
    for key, field, service in GROUPED:
        for one in list(drafts.of(key)):
            name = one.fields.pop("SubnetGroup", None)
            group = _group(name, service, drafts)
            if group is not None:
                one.fields[field] = {"Subnets": group.fields.get("Subnets", []), "VpcId": group.fields.get("VpcId", "")}
            elif field not in one.fields:
                _lose(one, f"{one.address}: the subnets of its group `{name or 'default'}` are not in the code", drafts)
    for one in list(drafts.of("TargetGroups")):
        health = drafts.rows.get(("LoadBalancerTargetHealth", one.id))
        if health is not None and one.fields.get("TargetType") == "ip" and not all(_is_address(each) for each in _ids_in(health)):
            _lose(health, f"{one.address}: the addresses of its targets are known after they are made only", drafts)
    for one in list(drafts.of(ROLE)):
        if one.fields.get("Registered"):
            drafts.rows.pop(("LoadBalancerTargetHealth", one.id), None)


def _ids_in(health: Draft) -> list[str]:
    """Return what targets are called by; those that stand for interfaces get their addresses later (`chosen`)."""
    listed = health.fields.get("TargetHealthDescriptions", [])
    return [str(each.get("Target", {}).get("Id")) for each in listed if not each.get("OfInterface")]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _group(name: Any, service: str, drafts: Drafts) -> Draft | None:
    for one in drafts.of(ROLE):
        if one.fields.get("Service") == service and name in (one.id, one.fields.get("Name")):
            return one
    return None


def _lose(one: Draft, text: str, drafts: Drafts) -> None:
    drafts.rows.pop((one.key, one.id), None)
    drafts.lost.append(Lost(one.key, one.id, text, one.address))


def _join_clusters(drafts: Drafts) -> None:
    clusters = list(drafts.of("DBClusters"))
    for one in list(drafts.of("DBInstances")):
        named = one.fields.pop("Cluster", None)
        cluster = next((each for each in clusters if named in (each.id, each.fields.get("DBClusterIdentifier"))), None)
        if cluster is not None:
            one.fields["DBClusterIdentifier"] = cluster.fields["DBClusterIdentifier"]
            one.fields["VpcSecurityGroups"] = list(cluster.fields.get("VpcSecurityGroups", []))
            one.fields.setdefault("SubnetGroup", cluster.fields.get("SubnetGroup"))
            member = {"DBInstanceIdentifier": one.fields.get("DBInstanceIdentifier", "")}
            cluster.fields["DBClusterMembers"] = [*cluster.fields.get("DBClusterMembers", []), member]
        elif named is not None:
            _lose(one, f"{one.address}: its cluster `{named}` is not in the code", drafts)
    for cluster in clusters:
        cluster.fields.pop("SubnetGroup", None)
        cluster.fields.pop("VpcSecurityGroups", None)
