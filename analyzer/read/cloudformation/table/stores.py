"""Databases, caches, warehouses, search domains, file systems, brokers."""

from __future__ import annotations

import json
from typing import Any

from ...declared.made import DEFAULT_GROUP, ROLE
from ...declared.resource import Declared, texts
from ...declared.shape import Table, fixed, known, row
from .words import flag, groups_of, listed, may, name_of, needed, tags, told, whole, wrapped_for

PUBLIC_ACCESS = "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type"


def _subnet_group(service: str, name: str, subnets: str) -> Any:
    """Return the entry for a subnet group, which other rows refer to by its name."""
    return row(
        ROLE,
        "Id",
        Service=fixed(service),
        Name=name_of(name),
        Subnets=listed(subnets, name="SubnetIdentifier"),
        VpcId=fixed(None),
    )


def _domain_network(one: Declared) -> dict[str, Any] | None:
    """Return where a domain stands; a domain outside of every VPC has no such thing."""
    block = next(one.inside("VPCOptions"), None)
    if block is None:
        return None
    groups = texts(block.get("SecurityGroupIds"), "SecurityGroupIds") or [DEFAULT_GROUP]
    return {"SubnetIds": texts(block.get("SubnetIds"), "SubnetIds"), "SecurityGroupIds": groups}


def _policies(one: Declared) -> str | None:
    found = one.values.get("AccessPolicies")
    return json.dumps(found, default=lambda later: "not known") if isinstance(found, dict) else None


def _public(one: Declared) -> bool | None:
    """Return whether a database may be public; one of RDS that does not say so is, where its VPC has an internet gateway."""
    return may("PubliclyAccessible", one.type.startswith("AWS::RDS::"))(one)


_DATABASE: dict[str, Any] = {
    "DBInstanceIdentifier": name_of("DBInstanceIdentifier"),
    "DBInstanceStatus": fixed("available"),
    "PubliclyAccessible": _public,
    "AvailabilityZone": "?AvailabilityZone",
    "Tags": tags,
}
_CACHE: dict[str, Any] = {
    "CacheSubnetGroupName": "CacheSubnetGroupName",
    "Engine": "?Engine",
    "TransitEncryptionEnabled": told(flag("TransitEncryptionEnabled", None)),
    "AtRestEncryptionEnabled": told(flag("AtRestEncryptionEnabled", None)),
    "Tags": tags,
}


def _in_cluster(one: Declared) -> bool:
    return one.values.get("DBClusterIdentifier") is not None


_SUBNETS = (_subnet_group("rds", "DBSubnetGroupName", "SubnetIds"),)
_INSTANCE = (
    row(
        "DBInstances",
        "RowId",
        lambda one: not _in_cluster(one),
        **_DATABASE,
        SubnetGroup="DBSubnetGroupName",
        VpcSecurityGroups=groups_of("VPCSecurityGroups", "VpcSecurityGroupId"),
        MultiAZ=told(flag("MultiAZ")),
        StorageEncrypted=told(flag("StorageEncrypted", None)),
        BackupRetentionPeriod=told(whole("BackupRetentionPeriod")),
        DeletionProtection=told(flag("DeletionProtection", None)),
        ReadReplicaSourceDBInstanceIdentifier="?SourceDBInstanceIdentifier",
    ),
    row("DBInstances", "RowId", _in_cluster, **_DATABASE, Cluster="DBClusterIdentifier", SubnetGroup="DBSubnetGroupName"),
)
_CLUSTER = (
    row(
        "DBClusters",
        "RowId",
        DBClusterIdentifier=name_of("DBClusterIdentifier"),
        HttpEndpointEnabled=flag("EnableHttpEndpoint"),
        StorageEncrypted=told(flag("StorageEncrypted", None)),
        DeletionProtection=told(flag("DeletionProtection", None)),
        SubnetGroup="DBSubnetGroupName",
        VpcSecurityGroups=groups_of("VpcSecurityGroupIds", "VpcSecurityGroupId"),
        Tags=tags,
    ),
)

STORES: Table = {
    **{
        f"AWS::{service}::{type}": entries
        for service in ("RDS", "DocDB", "Neptune")
        for type, entries in {"DBSubnetGroup": _SUBNETS, "DBInstance": _INSTANCE, "DBCluster": _CLUSTER}.items()
    },
    "AWS::RDS::DBProxy": (
        row(
            "DBProxies",
            "RowId",
            DBProxyName=name_of("DBProxyName"),
            Status=fixed("available"),
            VpcSecurityGroupIds=groups_of("VpcSecurityGroupIds"),
            VpcSubnetIds=listed("VpcSubnetIds"),
            Tags=tags,
        ),
    ),
    "AWS::RDS::DBProxyTargetGroup": (),
    "AWS::DMS::ReplicationSubnetGroup": (_subnet_group("dms", "ReplicationSubnetGroupIdentifier", "SubnetIds"),),
    "AWS::DMS::ReplicationInstance": (
        row(
            "ReplicationInstances",
            "RowId",
            ReplicationInstanceIdentifier=name_of("ReplicationInstanceIdentifier"),
            VpcSecurityGroups=groups_of("VpcSecurityGroupIds", "VpcSecurityGroupId"),
            SubnetGroup="ReplicationSubnetGroupIdentifier",
            PubliclyAccessible=may("PubliclyAccessible", True),
        ),
    ),
    "AWS::ElastiCache::SubnetGroup": (
        row(
            "CacheSubnetGroups",
            "RowId",
            CacheSubnetGroupName=name_of("CacheSubnetGroupName"),
            Subnets=listed("SubnetIds", name="SubnetIdentifier"),
        ),
    ),
    "AWS::ElastiCache::CacheCluster": (
        row(
            "CacheClusters",
            "RowId",
            CacheClusterId=name_of("ClusterName"),
            SecurityGroups=groups_of("VpcSecurityGroupIds", "SecurityGroupId"),
            **_CACHE,
        ),
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        row(
            "CacheClusters",
            "RowId",
            CacheClusterId=name_of("ReplicationGroupId"),
            ReplicationGroupId=name_of("ReplicationGroupId"),
            SecurityGroups=groups_of("SecurityGroupIds", "SecurityGroupId"),
            **_CACHE,
        ),
    ),
    "AWS::ElastiCache::ServerlessCache": (
        row(
            "ServerlessCaches",
            "RowId",
            ServerlessCacheName=name_of("ServerlessCacheName"),
            SubnetIds=listed("SubnetIds"),
            SecurityGroupIds=groups_of("SecurityGroupIds"),
            Tags=tags,
        ),
    ),
    "AWS::Redshift::ClusterSubnetGroup": (
        row(
            "ClusterSubnetGroups",
            "RowId",
            ClusterSubnetGroupName=lambda one: one.id,
            Subnets=listed("SubnetIds", name="SubnetIdentifier"),
        ),
    ),
    "AWS::Redshift::Cluster": (
        row(
            "Clusters",
            "RowId",
            ClusterIdentifier=name_of("ClusterIdentifier"),
            ClusterStatus=fixed("available"),
            ClusterSubnetGroupName="ClusterSubnetGroupName",
            VpcSecurityGroups=groups_of("VpcSecurityGroupIds", "VpcSecurityGroupId"),
            PubliclyAccessible=may("PubliclyAccessible"),
            EnhancedVpcRouting=flag("EnhancedVpcRouting"),
            Encrypted=told(flag("Encrypted", None)),
            Tags=tags,
        ),
    ),
    "AWS::RedshiftServerless::Workgroup": (
        row(
            "workgroups",
            "RowId",
            workgroupName=name_of("WorkgroupName"),
            securityGroupIds=groups_of("SecurityGroupIds"),
            subnetIds=listed("SubnetIds"),
            publiclyAccessible=may("PubliclyAccessible"),
            enhancedVpcRouting=flag("EnhancedVpcRouting"),
        ),
    ),
    **dict.fromkeys(
        ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain"),
        (
            row(
                "DomainStatusList",
                "RowId",
                DomainName=name_of("DomainName"),
                VPCOptions=_domain_network,
                AccessPolicies=_policies,
                EncryptionAtRestOptions={"Enabled": told(flag("EncryptionAtRestOptions.Enabled", None))},
                NodeToNodeEncryptionOptions={"Enabled": told(flag("NodeToNodeEncryptionOptions.Enabled", None))},
                DomainEndpointOptions={"EnforceHTTPS": told(flag("DomainEndpointOptions.EnforceHTTPS", None))},
            ),
        ),
    ),
    "AWS::EFS::FileSystem": (row("FileSystems", "FileSystemId", Encrypted=told(flag("Encrypted", None))),),
    "AWS::EFS::MountTarget": (
        row(
            "MountTargets",
            "MountTargetId",
            FileSystemId="?FileSystemId",
            SubnetId=needed("SubnetId"),
            IpAddress="?IpAddress",
            NetworkInterfaceId=lambda one: f"{one.id}.NetworkInterface",
        ),
        wrapped_for("MountTargetSecurityGroups", "MountTargetId", "", SecurityGroups=groups_of("SecurityGroups")),
    ),
    "AWS::MSK::Cluster": (
        row(
            "ClusterInfoList",
            "ClusterArn",
            ClusterName=name_of("ClusterName"),
            Provisioned={
                "BrokerNodeGroupInfo": {
                    "ClientSubnets": listed("BrokerNodeGroupInfo.ClientSubnets"),
                    "SecurityGroups": groups_of("BrokerNodeGroupInfo.SecurityGroups"),
                    "ConnectivityInfo": {"PublicAccess": {"Type": known(PUBLIC_ACCESS, "not known")}},
                },
                "EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": "?EncryptionInfo.EncryptionInTransit.ClientBroker"}},
                "ClientAuthentication": {
                    "Unauthenticated": {"Enabled": told(flag("ClientAuthentication.Unauthenticated.Enabled", None))}
                },
            },
        ),
    ),
    "AWS::MSK::ServerlessCluster": (
        row(
            "ClusterInfoList",
            "ClusterArn",
            ClusterName=name_of("ClusterName"),
            Serverless={
                "VpcConfigs": lambda one: [
                    {"SubnetIds": listed("SubnetIds")(each), "SecurityGroupIds": groups_of("SecurityGroups")(each)}
                    for each in one.inside("VpcConfigs")
                ]
            },
        ),
    ),
}
