"""Caches, warehouses and search domains."""

from __future__ import annotations

from typing import Any

from ...declared.made import DEFAULT_GROUP
from ...declared.resource import Declared, texts
from ...declared.shape import Table, fixed, ids, known, row
from .words import groups_of, name_of, tags


def _domain_network(one: Declared) -> dict[str, Any] | None:
    """Return where a domain stands; a domain outside of every VPC has no such thing."""
    block = next(one.inside("vpc_options"), None)
    if block is None:
        return None
    groups = texts(block.get("security_group_ids"), "security_group_ids") or [DEFAULT_GROUP]
    return {"SubnetIds": texts(block.get("subnet_ids"), "subnet_ids"), "SecurityGroupIds": groups}


_CACHE: dict[str, Any] = {
    "Engine": "?engine",
    "TransitEncryptionEnabled": "?transit_encryption_enabled",
    "TransitEncryptionMode": "?transit_encryption_mode",
    "AtRestEncryptionEnabled": "?at_rest_encryption_enabled",
}
STORES: Table = {
    "aws_elasticache_subnet_group": (
        row(
            "CacheSubnetGroups",
            "RowId",
            CacheSubnetGroupName=name_of("name"),
            Subnets=ids("subnet_ids", "SubnetIdentifier"),
            VpcId="?vpc_id",
        ),
    ),
    "aws_elasticache_cluster": (
        row(
            "CacheClusters",
            "RowId",
            CacheClusterId=name_of("cluster_id"),
            ReplicationGroupId="?replication_group_id",
            CacheSubnetGroupName="subnet_group_name",
            SecurityGroups=groups_of("security_group_ids", "SecurityGroupId"),
            **_CACHE,
            Tags=tags,
        ),
    ),
    "aws_elasticache_replication_group": (
        row(
            "CacheClusters",
            "RowId",
            CacheClusterId=name_of("replication_group_id"),
            ReplicationGroupId=name_of("replication_group_id"),
            CacheSubnetGroupName="subnet_group_name",
            SecurityGroups=groups_of("security_group_ids", "SecurityGroupId"),
            **_CACHE,
            Tags=tags,
        ),
    ),
    "aws_elasticache_serverless_cache": (
        row(
            "ServerlessCaches",
            "RowId",
            ServerlessCacheName="name",
            SubnetIds=ids("subnet_ids"),
            SecurityGroupIds=groups_of("security_group_ids"),
            Tags=tags,
        ),
    ),
    "aws_redshift_subnet_group": (
        row(
            "ClusterSubnetGroups",
            "RowId",
            ClusterSubnetGroupName=name_of("name"),
            Subnets=ids("subnet_ids", "SubnetIdentifier"),
            VpcId="?vpc_id",
        ),
    ),
    "aws_redshift_cluster": (
        row(
            "Clusters",
            "RowId",
            ClusterIdentifier="cluster_identifier",
            ClusterStatus=fixed("available"),
            ClusterSubnetGroupName="cluster_subnet_group_name",
            VpcSecurityGroups=groups_of("vpc_security_group_ids", "VpcSecurityGroupId"),
            PubliclyAccessible=known("publicly_accessible", True),
            EnhancedVpcRouting="enhanced_vpc_routing",
            Encrypted="?encrypted",
            Tags=tags,
        ),
    ),
    "aws_redshiftserverless_workgroup": (
        row(
            "workgroups",
            "RowId",
            workgroupName="workgroup_name",
            securityGroupIds=groups_of("security_group_ids"),
            subnetIds=ids("subnet_ids"),
            publiclyAccessible=known("publicly_accessible", True),
            enhancedVpcRouting="enhanced_vpc_routing",
        ),
    ),
    **dict.fromkeys(
        ("aws_opensearch_domain", "aws_elasticsearch_domain"),
        (
            row(
                "DomainStatusList",
                "RowId",
                DomainName="domain_name",
                VPCOptions=lambda one: _domain_network(one),
                AccessPolicies="?access_policies",
                EncryptionAtRestOptions={"Enabled": "?encrypt_at_rest.enabled"},
                NodeToNodeEncryptionOptions={"Enabled": "?node_to_node_encryption.enabled"},
                DomainEndpointOptions={"EnforceHTTPS": "?domain_endpoint_options.enforce_https"},
                ClusterConfig={"ZoneAwarenessEnabled": "?cluster_config.zone_awareness_enabled"},
            ),
        ),
    ),
}
