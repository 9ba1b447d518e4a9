"""RDS instances and Aurora clusters, joined to the interfaces through which they are reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World
from ..joined import JoinedShape
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


class DbInstance(JoinedShape, kw_only=True):
    """An RDS instance: DescribeDBInstances."""

    kind: ClassVar[str] = "db_instance"
    endpoint_kind: ClassVar[str] = "rds"
    signs: ClassVar[tuple[str, ...]] = ("rds",)
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
    multi_az: bool | None = msgspec.field(name="MultiAZ", default=None)
    storage_encrypted: bool | None = None
    backup_retention_period: int | None = None
    deletion_protection: bool | None = None
    read_replica_source_db_instance_identifier: str = msgspec.field(name="ReadReplicaSourceDBInstanceIdentifier", default="")
    tag_list: list[Any] = []

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return _tagged(row)

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.db_instance_arn or self.db_instance_identifier

    def names(self) -> list[str]:
        """Return the identifiers of the instance and its cluster, and the Name tag."""
        return [name for name in (self.db_instance_identifier, self.db_cluster_identifier, self.name) if name]

    def dns_names(self) -> list[str]:
        """Return the name of its endpoint."""
        return [self.endpoint.address.lower()] if self.endpoint and self.endpoint.address else []

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
    def perhaps_public(self) -> bool:
        """Whether it has a public address somewhere."""
        return self.publicly_accessible

    @property
    def alone(self) -> bool:
        """Whether it has one interface."""
        return True

    @rule(
        "SVC-1",
        says="An RDS instance has an interface in one subnet of its subnet group; after a failover any of them may hold it.",
        source="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
    )
    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its subnet group."""
        return [one.subnet_identifier for one in self.db_subnet_group.subnets] if self.db_subnet_group else []

    def found(self, world: World) -> list[Any]:
        """Return the interfaces that fit, of which those in its zone and as public as it is come first."""
        fitting = super().found(world)
        public = [one for one in fitting if bool(one.public_addresses) == self.publicly_accessible] or fitting
        return [one for one in public if one.availability_zone and one.availability_zone == self.availability_zone] or public

    def elsewhere(self, world: World) -> list[Any]:
        """Return the subnets of its group to which a failover may take it: of a database with a standby those of other zones."""
        held = {one.subnet_id for one in self.found(world)}
        here = {subnet.zone for one in held if (subnet := world.find("subnet", one)) is not None}
        subnets = [subnet for one in self.subnets_of(world) if (subnet := world.find("subnet", one)) is not None]
        return [one for one in subnets if one.zone not in here] if self.multi_az and held else []

    def interface_ids(self, world: World) -> list[str]:
        """Return its interface, and those that stand for it where a failover may take it."""
        return super().interface_ids(world) + [f"{self.label}@{one.id}" for one in self.elsewhere(world)]

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield an interface for each subnet that holds it, or may after a failover, and where none is in the snapshot."""
        yield from super().implied(world)
        for one in world.all(cls.kind):
            yield from (("NetworkInterfaces", one.stand_in(subnet)) for subnet in one.elsewhere(world))

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled, and where a failover may take it."""
        yield from super().caveats(world)
        if subnets := self.elsewhere(world):
            yield f"{self.label}: a failover may take it to {', '.join(one.id for one in subnets)}; these were tried too"


def _tagged(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of RDS, which says `TagList`, with its tags under the name that every other service has for them."""
    return {**row, "Tags": row["TagList"]} if row.get("TagList") and not row.get("Tags") else row


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
    endpoint_name: str = msgspec.field(name="Endpoint", default="")
    reader_endpoint: str = ""
    multi_az: bool | None = msgspec.field(name="MultiAZ", default=None)
    storage_encrypted: bool | None = None
    backup_retention_period: int | None = None
    deletion_protection: bool | None = None

    def dns_names(self) -> list[str]:
        """Return the names of its endpoints, for writing and for reading."""
        return [one.lower() for one in (self.endpoint_name, self.reader_endpoint) if one]

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.db_cluster_arn or self.db_cluster_identifier

    def names(self) -> list[str]:
        """Return the identifier and the Name tag."""
        return [name for name in (self.db_cluster_identifier, self.name) if name]

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return _tagged(row)

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
