"""RDS instances and Aurora clusters, joined to the interfaces through which they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World
from ..rule import rule


class Endpoint(msgspec.Struct, rename="pascal", frozen=True):
    """Where a database listens."""

    address: str = ""
    port: int = 0


class VpcSecurityGroup(msgspec.Struct, rename="pascal", frozen=True):
    """A group of a database; it filters while it is `active`."""

    vpc_security_group_id: str
    status: str = "active"


class GroupSubnet(msgspec.Struct, rename="pascal", frozen=True):
    """A subnet of a DB subnet group."""

    subnet_identifier: str


class DbSubnetGroup(msgspec.Struct, rename="pascal", frozen=True):
    """The subnets that may hold the database's interface."""

    vpc_id: str = ""
    subnets: list[GroupSubnet] = []


class DbInstance(Component, kw_only=True):
    """An RDS instance: DescribeDBInstances."""

    kind: ClassVar[str] = "db_instance"
    endpoint_kind: ClassVar[str] = "rds"
    documents: ClassVar[tuple[Document, ...]] = (Document("DBInstances", "rds", "DescribeDBInstances"),)

    db_instance_identifier: str = msgspec.field(name="DBInstanceIdentifier")
    db_instance_arn: str = msgspec.field(name="DBInstanceArn", default="")
    db_instance_status: str = msgspec.field(name="DBInstanceStatus", default="available")
    db_cluster_identifier: str = msgspec.field(name="DBClusterIdentifier", default="")
    db_subnet_group: DbSubnetGroup | None = msgspec.field(name="DBSubnetGroup", default=None)
    endpoint: Endpoint | None = None
    publicly_accessible: bool = False
    vpc_security_groups: list[VpcSecurityGroup] = []
    availability_zone: str = ""
    tag_list: list[Any] = []

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return {**row, "Tags": row["TagList"]} if row.get("TagList") and not row.get("Tags") else row

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.db_instance_arn or self.db_instance_identifier

    def names(self) -> list[str]:
        """Return the identifiers of the instance and its cluster, and the Name tag."""
        return [name for name in (self.db_instance_identifier, self.db_cluster_identifier, self.name) if name]

    @rule(
        "SVC-2",
        says="PubliclyAccessible gives a database a public address, and nothing more: routes, ACLs and groups still decide.",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    )
    def halted(self, world: World) -> str:
        """Return that the database is stopped, where it is."""
        return f"{self.db_instance_identifier} is stopped" if self.db_instance_status == "stopped" else ""

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(one.vpc_security_group_id for one in self.vpc_security_groups if one.status == "active")

    @property
    def subnet_ids(self) -> list[str]:
        """The subnets that may hold its interface."""
        return [one.subnet_identifier for one in self.db_subnet_group.subnets] if self.db_subnet_group else []

    @rule(
        "SVC-1",
        says="An RDS instance has an interface in one subnet of its subnet group; after a failover any of them may hold it.",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    )
    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces: RDS's own in its subnets with its groups; else one that must be in each subnet of the group."""
        return [one.id for one in self._found(world)] or [self._implied_id(subnet_id) for subnet_id in self.subnet_ids]

    @rule(
        "SVC-18",
        says="RDS names no interface: they are joined by requester, subnet and groups, which is a convention and no contract.",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    )
    def _found(self, world: World) -> list[Any]:
        candidates = [
            one
            for subnet_id in self.subnet_ids
            for one in world.where("network_interface", "subnet_id", subnet_id)
            if _is_rds(one)
            and frozenset(one.group_ids) == self.group_ids
            and bool(one.public_addresses) == self.publicly_accessible
        ]
        mine = [one for one in candidates if one.availability_zone and one.availability_zone == self.availability_zone]
        return mine or candidates

    def _implied_id(self, subnet_id: str) -> str:
        return f"{self.db_instance_identifier}@{subnet_id}"

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield an interface in each subnet of the group for databases whose own interface is not in the snapshot."""
        for database in world.all(cls.kind):
            if not database._found(world):
                for subnet_id in database.subnet_ids:
                    subnet = world.find("subnet", subnet_id)
                    if subnet is not None:
                        yield "NetworkInterfaces", database._stand_in(subnet)

    def _stand_in(self, subnet: Any) -> dict[str, Any]:
        """Return an interface that may hold any address of the subnet."""
        return {
            "NetworkInterfaceId": self._implied_id(subnet.id),
            "SubnetId": subnet.id,
            "VpcId": subnet.vpc_id,
            "Ipv4Prefixes": [{"Ipv4Prefix": cidr} for cidr in subnet.cidrs if ":" not in cidr],
            "Groups": [{"GroupId": group} for group in sorted(self.group_ids)],
            "Description": f"stands for the interface of {self.db_instance_identifier}, which is not in the snapshot",
            "RequesterId": "amazon-rds",
            "_StandIn": True,
        }

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled, and how the database was joined to interfaces."""
        yield from super().caveats(world)
        found = self._found(world)
        if not found:
            yield f"{self.db_instance_identifier}: its interface is not in the snapshot; every subnet of its group was tried"
        elif len(found) > 1:
            yield f"{self.db_instance_identifier}: {len(found)} interfaces fit its subnets and groups; all were taken"


def _is_rds(interface: Any) -> bool:
    return "rds" in f"{interface.requester_id} {interface.description}".lower()


class ClusterMember(msgspec.Struct, rename="pascal", frozen=True):
    """One instance of a cluster."""

    db_instance_identifier: str = msgspec.field(name="DBInstanceIdentifier")


class DbCluster(Component, kw_only=True):
    """An Aurora or Multi-AZ cluster: DescribeDBClusters. It is reached through the interfaces of its instances."""

    kind: ClassVar[str] = "db_cluster"
    endpoint_kind: ClassVar[str] = "rds"
    documents: ClassVar[tuple[Document, ...]] = (Document("DBClusters", "rds", "DescribeDBClusters"),)

    db_cluster_identifier: str = msgspec.field(name="DBClusterIdentifier")
    db_cluster_arn: str = msgspec.field(name="DBClusterArn", default="")
    db_cluster_members: list[ClusterMember] = msgspec.field(name="DBClusterMembers", default_factory=list)
    http_endpoint_enabled: bool = False

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.db_cluster_arn or self.db_cluster_identifier

    def names(self) -> list[str]:
        """Return the identifier and the Name tag."""
        return [name for name in (self.db_cluster_identifier, self.name) if name]

    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces of its instances."""
        members = {one.db_instance_identifier for one in self.db_cluster_members}
        return [
            interface_id
            for database in world.all("db_instance")
            if database.db_instance_identifier in members or database.db_cluster_identifier == self.db_cluster_identifier
            for interface_id in database.interface_ids(world)
        ]

    @rule(
        "SVC-3",
        says="The RDS Data API is a way to the database that IAM alone guards, past every group and ACL.",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html",
    )
    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: the Data API, where it is on."""
        yield from super().caveats(world)
        if self.http_endpoint_enabled:
            yield f"{self.db_cluster_identifier}: the Data API is on; IAM alone decides who calls it"
