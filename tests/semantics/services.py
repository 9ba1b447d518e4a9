"""Managed services for the truth table: rows of their APIs, each built by a word. See `build` for the network around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .build import ACCOUNT, REGION, Row, interface


def arn(service: str, resource: str, region: str = REGION) -> str:
    """An ARN of the account in which the truth table lives."""
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def service_interface(id: str, *addresses: str, description: str, subnet: str = "subnet-b", **fields: Any) -> Row:
    """An interface that a service made, as its description says."""
    return interface(id, *addresses, subnet=subnet, **{"Description": description, "RequesterManaged": True, **fields})


# ---------------------------------------------------------------------- ElastiCache
def cache(id: str = "sessions", *, groups: Iterable[str] = ("sg-open",), subnets: str = "caches", **fields: Any) -> Row:
    """A node-based cache cluster."""
    made = {
        "CacheClusterId": id,
        "ARN": arn("elasticache", f"cluster:{id}"),
        "CacheSubnetGroupName": subnets,
        "SecurityGroups": [{"SecurityGroupId": one, "Status": "active"} for one in groups],
    }
    return Row("CacheClusters", id, {**made, **fields})


def cache_subnets(name: str = "caches", *subnets: str, vpc: str = "vpc-1") -> Row:
    """A subnet group of ElastiCache."""
    listed = [{"SubnetIdentifier": one} for one in subnets or ("subnet-b",)]
    made = {"CacheSubnetGroupName": name, "ARN": arn("elasticache", f"subnetgroup:{name}"), "VpcId": vpc, "Subnets": listed}
    return Row("CacheSubnetGroups", name, made)


def serverless_cache(name: str = "hot", *, connection: str = "vpc", **fields: Any) -> Row:
    """A serverless cache."""
    where = {"SubnetIds": ["subnet-b"], "SecurityGroupIds": ["sg-open"]} if connection == "vpc" else {}
    made = {"ServerlessCacheName": name, "ARN": arn("elasticache", f"serverlesscache:{name}"), "ConnectionType": connection}
    return Row("ServerlessCaches", name, {**made, **where, "Endpoint": {"Address": f"{name}.example", "Port": 6379}, **fields})


# ---------------------------------------------------------------------- Redshift
def redshift(id: str = "dwh", *nodes: tuple[str, str], groups: Iterable[str] = ("sg-open",), **fields: Any) -> Row:
    """A Redshift cluster whose nodes have these private and public addresses."""
    listed = [
        {"NodeRole": "LEADER", "PrivateIPAddress": one, **({"PublicIPAddress": other} if other else {})} for one, other in nodes
    ]
    made = {
        "ClusterIdentifier": id,
        "ClusterNamespaceArn": arn("redshift", f"namespace:{id}"),
        "ClusterStatus": "available",
        "VpcId": "vpc-1",
        "ClusterSubnetGroupName": "warehouse",
        "VpcSecurityGroups": [{"VpcSecurityGroupId": one, "Status": "active"} for one in groups],
        "ClusterNodes": listed,
        "PubliclyAccessible": any(other for _, other in nodes),
        "EnhancedVpcRouting": True,
    }
    return Row("Clusters", id, {**made, **fields})


def workgroup(name: str = "adhoc", *enis: str, **fields: Any) -> Row:
    """A workgroup of Redshift Serverless whose endpoint names these interfaces."""
    named = [{"networkInterfaceId": one, "subnetId": "subnet-b"} for one in enis]
    made = {
        "workgroupName": name,
        "workgroupArn": arn("redshift-serverless", f"workgroup/{name}"),
        "subnetIds": ["subnet-b"],
        "securityGroupIds": ["sg-open"],
        "endpoint": {"port": 5439, "vpcEndpoints": [{"vpcEndpointId": "vpce-r", "vpcId": "vpc-1", "networkInterfaces": named}]},
    }
    return Row("workgroups", name, {**made, **fields})


# ---------------------------------------------------------------------- EFS, MSK, DMS, RDS Proxy
def mount_target(id: str = "fsmt-1", eni: str = "eni-efs", address: str = "10.0.2.49", **fields: Any) -> Row:
    """A mount target of the file system `fs-1` in `subnet-b`."""
    made = {
        "MountTargetId": id,
        "FileSystemId": "fs-1",
        "SubnetId": "subnet-b",
        "VpcId": "vpc-1",
        "IpAddress": address,
        "NetworkInterfaceId": eni,
        "LifeCycleState": "available",
        "OwnerId": ACCOUNT,
    }
    return Row("MountTargets", id, {**made, **fields})


def mount_target_groups(id: str, *groups: str) -> Row:
    """The groups of a mount target."""
    return Row("MountTargetSecurityGroups", id, {"MountTargetId": id, "SecurityGroups": list(groups)})


KAFKA = arn("kafka", "cluster/events/uuid-1")


def kafka(public: str = "DISABLED", *, groups: Iterable[str] = ("sg-open",), **fields: Any) -> Row:
    """The Kafka cluster `events` with brokers in `subnet-b`."""
    brokers = {
        "ClientSubnets": ["subnet-b"],
        "SecurityGroups": list(groups),
        "ConnectivityInfo": {"PublicAccess": {"Type": public}},
    }
    made = {"ClusterArn": KAFKA, "ClusterName": "events", "Provisioned": {"BrokerNodeGroupInfo": brokers}}
    return Row("ClusterInfoList", KAFKA, {**made, **fields})


def broker(eni: str = "eni-kafka", address: str = "10.0.2.92") -> dict[str, Any]:
    """A node as ListNodes answers it."""
    where = {"AttachedENIId": eni, "ClientSubnet": "subnet-b", "ClientVpcIpAddress": address, "BrokerId": 1.0}
    return {"NodeARN": arn("kafka", "broker/events/uuid-1/1"), "NodeType": "BROKER", "BrokerNodeInfo": where}


def replication(id: str = "mover", *private: str, public: Iterable[str] = (), **fields: Any) -> Row:
    """A DMS replication instance in `subnet-b` with these addresses."""
    made = {
        "ReplicationInstanceIdentifier": id,
        "ReplicationInstanceArn": arn("dms", f"rep:{id}"),
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-open", "Status": "active"}],
        "ReplicationSubnetGroup": {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-b"}]},
        "ReplicationInstancePrivateIpAddresses": list(private),
        "ReplicationInstancePublicIpAddresses": list(public),
        "PubliclyAccessible": bool(public),
    }
    return Row("ReplicationInstances", id, {**made, **fields})


def db_proxy(name: str = "pool", *, groups: Iterable[str] = ("sg-open",), **fields: Any) -> Row:
    """An RDS proxy in `subnet-b`."""
    made = {"DBProxyName": name, "DBProxyArn": arn("rds", f"db-proxy:{name}"), "Status": "available", "VpcId": "vpc-1"}
    where = {"VpcSecurityGroupIds": list(groups), "VpcSubnetIds": ["subnet-b"]}
    return Row("DBProxies", name, {**made, **where, **fields})


# ---------------------------------------------------------------------- Lambda, ECS
def function(name: str = "resize", *, subnets: Iterable[str] = ("subnet-a",), groups: Iterable[str] = ("sg-open",)) -> Row:
    """A function in these subnets; in no VPC where there are none."""
    where = {"VpcId": "vpc-1" if subnets else "", "SubnetIds": list(subnets), "SecurityGroupIds": list(groups) if subnets else []}
    secret = {"Environment": {"Variables": {"PASSWORD": "never-read-me"}}}
    made = {"FunctionName": name, "FunctionArn": arn("lambda", f"function:{name}"), "VpcConfig": where}
    return Row("Functions", name, {**made, **secret})


def function_interface(id: str = "eni-fn", address: str = "10.0.1.70", *, type: str = "lambda", **fields: Any) -> Row:
    """The interface of functions in `subnet-a`."""
    how = {"Description": "AWS Lambda VPC ENI-resize-uuid", "type": type, "subnet": "subnet-a"}
    return interface(id, address, **{**how, **fields})


def task(id: str = "t1", eni: str = "", *, service: str = "orders", address: str = "", host: str = "", **fields: Any) -> Row:
    """An ECS task with an interface of its own, or without one on a host."""
    details = [{"name": "subnetId", "value": "subnet-a"}, {"name": "networkInterfaceId", "value": eni}]
    details += [{"name": "privateIPv4Address", "value": address}] if address else []
    made = {
        "taskArn": arn("ecs", f"task/prod/{id}"),
        "clusterArn": arn("ecs", "cluster/prod"),
        "group": f"service:{service}",
        "lastStatus": "RUNNING",
        "attachments": [{"type": "ElasticNetworkInterface", "status": "ATTACHED", "details": details}] if eni or address else [],
    }
    on = {"containerInstanceArn": arn("ecs", f"container-instance/prod/{host}")} if host else {}
    return Row("tasks", id, {**made, **on, **fields})


def container_host(id: str, instance: str) -> Row:
    """A host of an ECS cluster."""
    made = {"containerInstanceArn": arn("ecs", f"container-instance/prod/{id}"), "ec2InstanceId": instance}
    return Row("containerInstances", id, made)


def ecs_service(name: str = "orders", *subnets: str, groups: Iterable[str] = ("sg-open",), running: int = 1) -> Row:
    """An ECS service whose tasks stand in these subnets."""
    where = {"subnets": list(subnets or ("subnet-a",)), "securityGroups": list(groups), "assignPublicIp": "DISABLED"}
    made = {
        "serviceArn": arn("ecs", f"service/prod/{name}"),
        "serviceName": name,
        "clusterArn": arn("ecs", "cluster/prod"),
        "runningCount": running,
        "networkConfiguration": {"awsvpcConfiguration": where},
    }
    return Row("services", name, made)


# ---------------------------------------------------------------------- Instance Connect, Resolver, EKS
def connect_endpoint(eni: str = "eni-eice", *, keep: bool = False, **fields: Any) -> Row:
    """An EC2 Instance Connect endpoint in `subnet-a`."""
    made = {
        "InstanceConnectEndpointId": "eice-1",
        "OwnerId": ACCOUNT,
        "State": "create-complete",
        "VpcId": "vpc-1",
        "SubnetId": "subnet-a",
        "NetworkInterfaceIds": [eni],
        "PreserveClientIp": keep,
    }
    return Row("InstanceConnectEndpoints", "eice-1", {**made, **fields})


def connect_interface(*groups: str, type: str = "ec2_instance_connect_endpoint") -> Row:
    """The interface of that endpoint."""
    return service_interface(
        "eni-eice", "10.0.1.90", description="EC2 Instance Connect Endpoint", subnet="subnet-a", groups=groups, type=type
    )


def resolver_endpoint(
    id: str = "rslvr-in-1", direction: str = "INBOUND", *, groups: Iterable[str] = ("sg-open",), **fields: Any
) -> Row:
    """A Resolver endpoint."""
    made = {"Id": id, "Arn": arn("route53resolver", f"resolver-endpoint/{id}"), "Name": "dns", "Direction": direction}
    return Row(
        "ResolverEndpoints",
        id,
        {**made, "HostVPCId": "vpc-1", "SecurityGroupIds": list(groups), "Status": "OPERATIONAL", **fields},
    )


def resolver_addresses(id: str = "rslvr-in-1", *addresses: str) -> Row:
    """The addresses of a Resolver endpoint in `subnet-b`."""
    listed = [{"Ip": one, "SubnetId": "subnet-b", "Status": "ATTACHED"} for one in addresses]
    return Row("ResolverEndpointIpAddresses", id, {"ResolverEndpointId": id, "IpAddresses": listed})


def eks(
    name: str = "prod",
    *,
    public: bool = False,
    private: bool = True,
    cidrs: Iterable[str] = ("0.0.0.0/0",),
    extra: Iterable[str] = (),
) -> Row:
    """An EKS cluster with interfaces in `subnet-b`."""
    where = {
        "vpcId": "vpc-1",
        "subnetIds": ["subnet-b"],
        "clusterSecurityGroupId": "sg-cluster",
        "securityGroupIds": list(extra),
        "endpointPublicAccess": public,
        "endpointPrivateAccess": private,
        "publicAccessCidrs": list(cidrs),
    }
    return Row(
        "cluster", name, {"name": name, "arn": arn("eks", f"cluster/{name}"), "resourcesVpcConfig": where, "tags": {"team": "x"}}
    )


def eks_interface(*groups: str) -> Row:
    """An interface of the control plane of that cluster."""
    return service_interface("eni-eks", "10.0.2.43", description="Amazon EKS prod", groups=groups or ("sg-cluster",))


# ---------------------------------------------------------------------- Global Accelerator
EDGE = "75.2.60.5"
ACCELERATOR = "arn:aws:globalaccelerator::111111111111:accelerator/a1"


def accelerator(
    *endpoints: dict[str, Any], ports: tuple[int, int] = (443, 443), overrides: dict[int, int] | None = None, **fields: Any
) -> list[Row]:
    """The accelerator `front` with one TCP listener and these endpoints."""
    listener = f"{ACCELERATOR}/listener/l1"
    group = {
        "EndpointGroupArn": f"{listener}/endpoint-group/g1",
        "EndpointGroupRegion": REGION,
        "TrafficDialPercentage": 100.0,
        "EndpointDescriptions": list(endpoints),
        "PortOverrides": [{"ListenerPort": one, "EndpointPort": other} for one, other in (overrides or {}).items()],
    }
    made = {
        "AcceleratorArn": ACCELERATOR,
        "Name": "front",
        "Enabled": True,
        "IpSets": [{"IpAddresses": [EDGE]}],
        "Status": "DEPLOYED",
    }
    listens = {"ListenerArn": listener, "Protocol": "TCP", "PortRanges": [{"FromPort": ports[0], "ToPort": ports[1]}]}
    return [
        Row("Accelerators", "front", {**made, **fields}),
        Row("AcceleratorListeners", "front", {"AcceleratorArn": ACCELERATOR, "Listeners": [listens]}),
        Row("ListenerEndpointGroups", "front", {"ListenerArn": listener, "EndpointGroups": [group]}),
    ]


def accelerated(id: str, *, keep: bool = True, **fields: Any) -> dict[str, Any]:
    """An endpoint of an accelerator."""
    return {"EndpointId": id, "Weight": 128, "HealthState": "HEALTHY", "ClientIPPreservationEnabled": keep, **fields}


# ---------------------------------------------------------------------- CloudFront, API Gateway
def vpc_origin(target: str, status: str = "Deployed", *, policy: str = "https-only") -> list[Row]:
    """A VPC origin, as ListVpcOrigins and GetVpcOrigin answer it."""
    made = {"Id": "vo-1", "Name": "shop", "Status": status, "OriginEndpointArn": target}
    config = {"Name": "shop", "Arn": target, "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": policy}
    detail = {"Id": "vo-1", "Status": status, "VpcOriginEndpointConfig": config}
    return [Row("VpcOriginList", "vo-1", {"Items": [made]}), Row("VpcOrigin", "vo-1", detail)]


def vpc_link(*groups: str) -> Row:
    """A VPC link of HTTP APIs in `subnet-a`."""
    made = {"VpcLinkId": "vl-1", "Name": "inward", "SubnetIds": ["subnet-a"], "VpcLinkStatus": "AVAILABLE", "Tags": {"team": "x"}}
    return Row("Items", "vl-1", {**made, "SecurityGroupIds": list(groups or ("sg-open",))})


def integration(uri: str, link: str = "vl-1") -> Row:
    """An integration of an HTTP API through a VPC link."""
    made = {"IntegrationId": "i1", "ConnectionType": "VPC_LINK", "ConnectionId": link, "IntegrationUri": uri}
    return Row("ApiIntegrations", "api1", {"ApiId": "api1", "Items": [made]})
