"""DMS: replication instances, which read one database and write another."""

from __future__ import annotations

from itertools import zip_longest
from typing import ClassVar

import msgspec

from ..component import Document, World
from ..managed import Held, ManagedShape


class ReplicationGroup(msgspec.Struct, rename="pascal", frozen=True):
    """A group of a replication instance; it filters while it is `active`."""

    vpc_security_group_id: str
    status: str = "active"


class GroupSubnet(msgspec.Struct, rename="pascal", frozen=True):
    """A subnet of a subnet group."""

    subnet_identifier: str


class ReplicationSubnetGroup(msgspec.Struct, rename="pascal", frozen=True):
    """The subnets that may hold the instance."""

    vpc_id: str = ""
    subnets: list[GroupSubnet] = []


class ReplicationInstance(ManagedShape, kw_only=True):
    """A replication instance: DescribeReplicationInstances."""

    kind: ClassVar[str] = "replication_instance"
    endpoint_kind: ClassVar[str] = "dms"
    signs: ClassVar[tuple[str, ...]] = ("dms",)
    documents: ClassVar[tuple[Document, ...]] = (Document("ReplicationInstances", "dms", "DescribeReplicationInstances"),)

    replication_instance_identifier: str
    replication_instance_arn: str = ""
    vpc_security_groups: list[ReplicationGroup] = []
    replication_subnet_group: ReplicationSubnetGroup | None = None
    private: list[str] = msgspec.field(name="ReplicationInstancePrivateIpAddresses", default_factory=list)
    public: list[str] = msgspec.field(name="ReplicationInstancePublicIpAddresses", default_factory=list)
    publicly_accessible: bool = False

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.replication_instance_arn or self.replication_instance_identifier

    def names(self) -> list[str]:
        """Return its identifier and its Name tag."""
        return [name for name in (self.replication_instance_identifier, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(one.vpc_security_group_id for one in self.vpc_security_groups if one.status == "active")

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its subnet group."""
        group = self.replication_subnet_group
        return [one.subnet_identifier for one in group.subnets] if group else []

    @property
    def perhaps_public(self) -> bool:
        """Whether it has public addresses, be they in the snapshot or not."""
        return self.publicly_accessible

    def held(self, world: World) -> list[Held]:
        """Return its addresses; of several, private and public ones stand in the same order."""
        public = [one for one in self.public if one] if self.publicly_accessible else []
        private = [one for one in self.private if one]
        pairs = zip_longest(private, public[: len(private)], fillvalue="")
        return [Held(one, other) for one, other in pairs]
