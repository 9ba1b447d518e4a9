"""A cluster of EKS, its nodes and pods, and what else the platform has: Aurora, OpenSearch, an endpoint service."""

from __future__ import annotations

from typing import Any

from ..organisation.rows import WHEN, Row, database, id_of, managed, tags
from .estate import Site
from .rows import KEPT_SAFE

HTTPS_ONLY = {"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"}


def cluster(site: Site, name: str, at: dict[str, str], group: str, cidrs: list[str]) -> None:
    """Add a cluster: the control plane's interfaces stand at an address in each of some subnets; `cidrs` may try the public endpoint."""
    for number, (place, address) in enumerate(at.items()):
        site.interface(f"{name}-control-{number}", place, address, group, **managed("740773000000", f"Amazon EKS {name}"))
    vpc_config = {
        "vpcId": id_of("vpc", site.name),
        "subnetIds": [id_of("subnet", place) for place in at],
        "securityGroupIds": [],
        "clusterSecurityGroupId": id_of("sg", group),
        "endpointPublicAccess": True,
        "endpointPrivateAccess": True,
        "publicAccessCidrs": cidrs,
    }
    row: Row = {"name": name, "arn": site.owner.arn("eks", f"cluster/{name}"), "status": "ACTIVE", "version": "1.33"}
    row |= {"createdAt": WHEN, "endpoint": f"https://{id_of('k', name)[3:].upper()}.gr7.{site.owner.region}.eks.amazonaws.com"}
    row |= {"roleArn": f"arn:aws:iam::{site.owner.account}:role/{name}-cluster", "resourcesVpcConfig": vpc_config}
    row |= {"accessConfig": {"authenticationMode": "API"}, "tags": {"Name": name, **site.labels}}
    site.estate.document(site.owner, f"cluster-{name}", {"cluster": row})


def node(site: Site, cluster_name: str, name: str, place: str, addresses: tuple[str, str], groups: str) -> None:
    """Add a node with two interfaces: its own, and one that holds a prefix for pods, whose first address is the second."""
    own, pods = addresses
    site.interface(name, place, own, groups)
    more: Row = {"Description": f"aws-K8S-{id_of('i', name)}"}
    held = site.interface(f"{name}-pods", place, pods, groups, **more)
    first, _, last = pods.rpartition(".")
    held["Ipv4Prefixes"] = [{"Ipv4Prefix": f"{first}.{int(last) // 16 * 16 + 16}/28"}]
    labels = {
        f"kubernetes.io/cluster/{cluster_name}": "owned",
        "eks:cluster-name": cluster_name,
        "role": "nodes",
        "tier": "nodes",
    }
    site.node(name, [name, f"{name}-pods"], **labels)


def pod(site: Site, name: str, place: str, address: str, groups: str, **labels: str) -> None:
    """Add a pod with an interface and groups of its own."""
    held = site.interface(name, place, address, groups, InterfaceType="branch", Description="aws-k8s-branch-eni")
    del held["Attachment"]
    held |= site.tagged(name, "TagSet", **labels)


def aurora(site: Site, name: str, members: dict[str, tuple[str, str]], subnets: list[str], groups: str, **labels: str) -> None:
    """Add a cluster of Aurora with its instances: the subnet and the address of each."""
    places = [site.estate.row("subnet", one) for one in subnets]
    endpoint = f"{name}.cluster-c9akciq32.{site.owner.region}.rds.amazonaws.com"
    row: Row = {"DBClusterIdentifier": name, "DBClusterArn": site.owner.arn("rds", f"cluster:{name}"), "Status": "available"}
    row |= {"Engine": "aurora-postgresql", "EngineVersion": "16.8", "Port": 5432, "DBSubnetGroup": name, "Endpoint": endpoint}
    row |= {"VpcSecurityGroups": [{"VpcSecurityGroupId": id_of("sg", one), "Status": "active"} for one in groups.split()]}
    row |= {"StorageEncrypted": True, "HttpEndpointEnabled": False, "DBClusterMembers": _members(members)}
    row |= {"MultiAZ": True, **KEPT_SAFE}
    site.estate.add(site.owner, "DBClusters", row | site.tagged(name, "TagList", **labels))
    for member, at in members.items():
        held = site.interface(member, *at, groups, **managed("amazon-rds", "RDSNetworkInterface"))
        own = database(site.owner, member, held, places) | {"DBClusterIdentifier": name, "Engine": "aurora-postgresql"}
        own |= {"MultiAZ": False, **KEPT_SAFE, **site.tagged(member, "TagList", **labels)}
        site.estate.add(site.owner, "DBInstances", own)


def _members(members: dict[str, tuple[str, str]]) -> list[Row]:
    return [
        {"DBInstanceIdentifier": one, "IsClusterWriter": number == 0, "PromotionTier": 1} for number, one in enumerate(members)
    ]


def opensearch(site: Site, name: str, nodes: list[tuple[str, str]], groups: str) -> None:
    """Add a domain of OpenSearch in the VPC: the subnet and the address of each node."""
    for number, at in enumerate(nodes):
        site.interface(f"{name}-{number}", *at, groups, **managed("amazon-elasticsearch", f"ES {name}"))
    arn, account = site.owner.arn("es", f"domain/{name}"), site.owner.account
    ids = {"SubnetIds": [id_of("subnet", place) for place, _ in nodes], "SecurityGroupIds": [id_of("sg", groups)]}
    row: Row = {"DomainId": f"{account}/{name}", "DomainName": name, "ARN": arn, "Created": True, "Deleted": False}
    row |= {
        "EngineVersion": "OpenSearch_2.19",
        "ClusterConfig": {"InstanceType": "m6g.large.search", "InstanceCount": len(nodes), "ZoneAwarenessEnabled": True},
    }
    row |= {"VPCOptions": {"VPCId": id_of("vpc", site.name), **ids}, "EncryptionAtRestOptions": {"Enabled": True}}
    site.estate.add(
        site.owner,
        "DomainStatusList",
        row | {"NodeToNodeEncryptionOptions": {"Enabled": True}, "DomainEndpointOptions": HTTPS_ONLY},
    )


def service(site: Site, name: str, balancer: str, principals: list[str], connections: dict[str, tuple[str, str]]) -> str:
    """Add an endpoint service and return its name; `connections` are endpoints: the account and the state of each."""
    id = id_of("vpce-svc", name)
    row: Row = {"ServiceId": id, "ServiceName": service_name(site, name), "ServiceType": [{"ServiceType": "Interface"}]}
    row |= {
        "ServiceState": "Available",
        "AcceptanceRequired": True,
        "ManagesVpcEndpoints": False,
        "PayerResponsibility": "ServiceOwner",
    }
    zones = [site.owner.zone(at) for at in (0, 1)]
    row |= {"AvailabilityZones": [one["AvailabilityZone"] for one in zones]}
    row |= {"AvailabilityZoneIds": [one["AvailabilityZoneId"] for one in zones]}
    row |= {"NetworkLoadBalancerArns": [balancer], "SupportedIpAddressTypes": ["ipv4"], "Tags": tags(name, **site.labels)}
    site.estate.add(site.owner, "ServiceConfigurations", row)
    for endpoint_id, (account, state) in connections.items():
        seen = {"ServiceId": id, "VpcEndpointId": endpoint_id, "VpcEndpointOwner": account, "VpcEndpointState": state}
        more = {"CreationTimestamp": WHEN, "NetworkLoadBalancerArns": [balancer], "IpAddressType": "ipv4"}
        site.estate.add(site.owner, "VpcEndpointConnections", {**seen, **more})
    allowed = [allowed_principal(id, one) for one in principals]
    site.estate.add(site.owner, "VpcEndpointServicePermissions", {"ServiceId": id, "AllowedPrincipals": allowed})
    return id


def service_name(site: Site, name: str) -> str:
    """Return the name by which consumers ask for an endpoint service."""
    return f"com.amazonaws.vpce.{site.owner.region}.{id_of('vpce-svc', name)}"


def allowed_principal(service_id: str, arn: str) -> dict[str, Any]:
    """Return one of those who may ask for connections to a service."""
    type_ = "All" if arn == "*" else "Account"
    permission = id_of("vpce-svc-perm", f"{service_id}/{arn}")
    return {"PrincipalType": type_, "Principal": arn, "ServicePermissionId": permission, "ServiceId": service_id}
