"""Services with interfaces in subnets: databases, caches, functions, containers, file systems, firewalls, Lattice."""

from __future__ import annotations

from typing import Any

from ...declared.made import DEFAULT_GROUP, ROLE
from ...declared.resource import Declared, NotKnownError, texts
from ...declared.shape import Table, Writes, fixed, ids, itself, known, row, to_each, wrapped
from .stores import STORES
from .words import groups_of, name_of, tags

PUBLIC_IP = "network_configuration.assign_public_ip"
PUBLIC_ACCESS = "broker_node_group_info.connectivity_info.public_access.type"


def _subnet_group(service: str) -> Writes:
    """Return the entry for a subnet group, which other rows refer to by its name."""
    return row(
        ROLE,
        "Id",
        Service=fixed(service),
        Name=name_of("name"),
        Subnets=ids("subnet_ids", "SubnetIdentifier"),
        VpcId="?vpc_id",
    )


_DATABASE: dict[str, Any] = {
    "DBInstanceIdentifier": name_of("identifier"),
    "DBInstanceStatus": fixed("available"),
    "PubliclyAccessible": known("publicly_accessible", True),
    "AvailabilityZone": "?availability_zone",
}

SERVICES: Table = {
    **STORES,
    "aws_db_subnet_group": (_subnet_group("rds"),),
    "aws_db_instance": (
        row(
            "DBInstances",
            "RowId",
            **_DATABASE,
            DBInstanceArn="?arn",
            SubnetGroup="?db_subnet_group_name",
            VpcSecurityGroups=groups_of("vpc_security_group_ids", "VpcSecurityGroupId"),
            MultiAZ="?multi_az",
            StorageEncrypted="?storage_encrypted",
            BackupRetentionPeriod="?backup_retention_period",
            DeletionProtection="?deletion_protection",
            ReadReplicaSourceDBInstanceIdentifier="?replicate_source_db",
            Tags=tags,
        ),
    ),
    "aws_rds_cluster": (
        row(
            "DBClusters",
            "RowId",
            DBClusterArn="?arn",
            DBClusterIdentifier=name_of("cluster_identifier"),
            HttpEndpointEnabled="enable_http_endpoint",
            StorageEncrypted="?storage_encrypted",
            DeletionProtection="?deletion_protection",
            SubnetGroup="?db_subnet_group_name",
            VpcSecurityGroups=groups_of("vpc_security_group_ids", "VpcSecurityGroupId"),
            Tags=tags,
        ),
    ),
    "aws_rds_cluster_instance": (
        row(
            "DBInstances",
            "RowId",
            **_DATABASE,
            DBInstanceArn="?arn",
            Cluster="cluster_identifier",
            SubnetGroup="?db_subnet_group_name",
            Tags=tags,
        ),
    ),
    "aws_db_proxy": (
        row(
            "DBProxies",
            "RowId",
            DBProxyName="name",
            Status=fixed("available"),
            VpcSecurityGroupIds=groups_of("vpc_security_group_ids"),
            VpcSubnetIds=ids("vpc_subnet_ids"),
            Tags=tags,
        ),
    ),
    "aws_msk_cluster": (
        row(
            "ClusterInfoList",
            "ClusterArn",
            ClusterName="cluster_name",
            Provisioned={
                "BrokerNodeGroupInfo": {
                    "ClientSubnets": ids("broker_node_group_info.client_subnets"),
                    "SecurityGroups": ids("broker_node_group_info.security_groups"),
                    "ConnectivityInfo": {
                        "PublicAccess": {"Type": known(PUBLIC_ACCESS, "not known")},
                    },
                },
                "EncryptionInfo": {
                    "EncryptionInTransit": {"ClientBroker": "?encryption_info.encryption_in_transit.client_broker"},
                },
                "ClientAuthentication": {"Unauthenticated": {"Enabled": "?client_authentication.unauthenticated"}},
            },
        ),
    ),
    "aws_msk_serverless_cluster": (
        row(
            "ClusterInfoList",
            "ClusterArn",
            ClusterName="cluster_name",
            Serverless={
                "VpcConfigs": lambda one: [
                    {"SubnetIds": ids("subnet_ids")(each), "SecurityGroupIds": ids("security_group_ids")(each)}
                    for each in one.inside("vpc_config")
                ]
            },
        ),
    ),
    "aws_lambda_function": (
        row(
            "Functions",
            "RowId",
            FunctionArn="?arn",
            FunctionName="function_name",
            VpcConfig={
                "SubnetIds": ids("vpc_config.subnet_ids"),
                "SecurityGroupIds": ids("vpc_config.security_group_ids"),
                "VpcId": "?vpc_config.vpc_id",
            },
        ),
    ),
    "aws_ecs_service": (
        row(
            "services",
            "serviceArn",
            serviceName="name",
            clusterArn="?cluster",
            runningCount=lambda one: 1 if one.get("scheduling_strategy") == "DAEMON" else _count(one),
            networkConfiguration={
                "awsvpcConfiguration": {
                    "subnets": ids("network_configuration.subnets"),
                    "securityGroups": lambda one: _task_groups(one),
                    "assignPublicIp": lambda one: "ENABLED" if known(PUBLIC_IP, True)(one) else "DISABLED",
                }
            },
        ),
        to_each(ROLE, "load_balancer.target_group_arn", Registered=itself),
    ),
    "aws_eks_cluster": (
        row(
            "cluster",
            "RowId",
            name="name",
            resourcesVpcConfig={
                "vpcId": "?vpc_config.vpc_id",
                "subnetIds": ids("vpc_config.subnet_ids"),
                "securityGroupIds": ids("vpc_config.security_group_ids"),
                "endpointPublicAccess": lambda one: one.get("vpc_config.endpoint_public_access", True),
                "endpointPrivateAccess": lambda one: one.get("vpc_config.endpoint_private_access", False),
                "publicAccessCidrs": "?vpc_config.public_access_cidrs",
            },
        ),
    ),
    "aws_efs_file_system": (row("FileSystems", "FileSystemId", Encrypted="?encrypted", Tags=tags),),
    "aws_efs_mount_target": (
        row(
            "MountTargets",
            "MountTargetId",
            FileSystemId="?file_system_id",
            SubnetId="subnet_id",
            IpAddress="?ip_address",
            NetworkInterfaceId="?network_interface_id",
        ),
        wrapped("MountTargetSecurityGroups", "MountTargetId", "id", SecurityGroups=groups_of("security_groups")),
    ),
    "aws_dms_replication_subnet_group": (
        row(
            ROLE,
            "Id",
            Service=fixed("dms"),
            Name=name_of("replication_subnet_group_id"),
            Subnets=ids("subnet_ids", "SubnetIdentifier"),
            VpcId="?vpc_id",
        ),
    ),
    "aws_dms_replication_instance": (
        row(
            "ReplicationInstances",
            "RowId",
            ReplicationInstanceIdentifier="replication_instance_id",
            VpcSecurityGroups=groups_of("vpc_security_group_ids", "VpcSecurityGroupId"),
            SubnetGroup="?replication_subnet_group_id",
            PubliclyAccessible=known("publicly_accessible", True),
        ),
    ),
    "aws_route53_resolver_endpoint": (
        row(
            "ResolverEndpoints",
            "Id",
            Name="?name",
            Direction="direction",
            SecurityGroupIds=ids("security_group_ids"),
            Status=fixed("OPERATIONAL"),
        ),
        wrapped(
            "ResolverEndpointIpAddresses",
            "ResolverEndpointId",
            "id",
            IpAddresses=lambda one: [
                {"SubnetId": block.get("subnet_id"), **_known_ip(block), "Status": "ATTACHED"}
                for block in one.inside("ip_address")
            ],
        ),
    ),
}


def _known_ip(one: Declared) -> dict[str, str]:
    try:
        return {"Ip": one.get("ip")} if one.get("ip") else {}
    except NotKnownError:
        return {}


def _task_groups(one: Declared) -> list[str] | None:
    """Return the groups of a service's tasks; None where the tasks have no interfaces of their own."""
    if next(one.inside("network_configuration"), None) is None:
        return None
    return texts(one.get("network_configuration.security_groups"), "security_groups") or [DEFAULT_GROUP]


def _count(one: Declared) -> int:
    """Return how many tasks run, as far as it is told: a number that is scaled is one at least."""
    try:
        return int(one.get("desired_count", 1))
    except NotKnownError:
        return 1
