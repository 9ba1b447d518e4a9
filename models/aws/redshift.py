"""Redshift: provisioned clusters, joined by the addresses of their nodes, and serverless workgroups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World
from ..managed import Held, ManagedShape
from ..rule import rule


class ClusterGroup(msgspec.Struct, rename="pascal", frozen=True):
    """A group of a cluster; it filters while it is `active`."""

    vpc_security_group_id: str
    status: str = "active"


class ClusterNode(msgspec.Struct, frozen=True):
    """One node, with its private address and, of a public cluster, its public one."""

    node_role: str = msgspec.field(name="NodeRole", default="")
    private: str = msgspec.field(name="PrivateIPAddress", default="")
    public: str = msgspec.field(name="PublicIPAddress", default="")


class GroupSubnet(msgspec.Struct, rename="pascal", frozen=True):
    """A subnet of a subnet group."""

    subnet_identifier: str


class ClusterSubnetGroup(Component, kw_only=True):
    """A subnet group of Redshift: DescribeClusterSubnetGroups."""

    kind: ClassVar[str] = "cluster_subnet_group"
    documents: ClassVar[tuple[Document, ...]] = (Document("ClusterSubnetGroups", "redshift", "DescribeClusterSubnetGroups"),)

    cluster_subnet_group_name: str
    vpc_id: str = ""
    subnets: list[GroupSubnet] = []

    @property
    def id(self) -> str:
        """The name with the VPC: names are unique in one account and Region only."""
        return f"{self.vpc_id}/{self.cluster_subnet_group_name}"


class RedshiftCluster(ManagedShape, kw_only=True):
    """A provisioned cluster: DescribeClusters of Redshift."""

    kind: ClassVar[str] = "redshift_cluster"
    endpoint_kind: ClassVar[str] = "redshift"
    signs: ClassVar[tuple[str, ...]] = ("redshift",)
    documents: ClassVar[tuple[Document, ...]] = (Document("Clusters", "redshift", "DescribeClusters", shared=True),)

    cluster_identifier: str
    cluster_namespace_arn: str = ""
    cluster_status: str = "available"
    cluster_subnet_group_name: str = ""
    vpc_id: str = ""
    vpc_security_groups: list[ClusterGroup] = []
    cluster_nodes: list[ClusterNode] = []
    publicly_accessible: bool = False
    enhanced_vpc_routing: bool = False
    encrypted: bool | None = None

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is a cluster of Redshift: other services answer `Clusters` too."""
        return "ClusterIdentifier" in row

    @property
    def id(self) -> str:
        """The ARN of its namespace, or the identifier where the answer has no ARN."""
        return self.cluster_namespace_arn or self.cluster_identifier

    def names(self) -> list[str]:
        """Return its identifier and its Name tag."""
        return [name for name in (self.cluster_identifier, self.name) if name]

    def halted(self, world: World) -> str:
        """Return that the cluster is paused, where it is."""
        return f"{self.cluster_identifier} is paused" if self.cluster_status == "paused" else ""

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(one.vpc_security_group_id for one in self.vpc_security_groups if one.status == "active")

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its subnet group; none where the snapshot does not hold it."""
        group = world.find("cluster_subnet_group", f"{self.vpc_id}/{self.cluster_subnet_group_name}")
        return [one.subnet_identifier for one in group.subnets] if group is not None else []

    @rule(
        "SVC-5",
        says="A cluster that is publicly accessible has public addresses, and its groups still decide; without enhanced VPC routing "
        "what it copies and unloads passes outside of the VPC.",
        source="https://docs.aws.amazon.com/redshift/latest/mgmt/enhanced-vpc-routing.html",
    )
    def held(self, world: World) -> list[Held]:
        """Return the addresses of its nodes."""
        return [Held(one.private, one.public if self.publicly_accessible else "") for one in self.cluster_nodes if one.private]

    @property
    def perhaps_public(self) -> bool:
        """Whether it has public addresses, be they in the snapshot or not."""
        return self.publicly_accessible

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: what the cluster copies past the VPC."""
        yield from super().caveats(world)
        if not self.enhanced_vpc_routing:
            yield f"{self.cluster_identifier}: what it copies and unloads does not pass the VPC; enhanced VPC routing is off"


class ServerlessInterface(msgspec.Struct, rename="camel", frozen=True):
    """An interface of a workgroup's endpoint."""

    network_interface_id: str = ""
    private_ip_address: str = ""
    subnet_id: str = ""


class ServerlessVpcEndpoint(msgspec.Struct, rename="camel", frozen=True):
    """An endpoint through which a workgroup is reached."""

    vpc_endpoint_id: str = ""
    vpc_id: str = ""
    network_interfaces: list[ServerlessInterface] = []


class WorkgroupEndpoint(msgspec.Struct, rename="camel", frozen=True):
    """Where a workgroup listens."""

    address: str = ""
    port: int = 5439
    vpc_endpoints: list[ServerlessVpcEndpoint] = []


class RedshiftWorkgroup(ManagedShape, kw_only=True):
    """A workgroup of Redshift Serverless: ListWorkgroups."""

    kind: ClassVar[str] = "redshift_workgroup"
    endpoint_kind: ClassVar[str] = "redshift"
    signs: ClassVar[tuple[str, ...]] = ("redshift",)
    documents: ClassVar[tuple[Document, ...]] = (Document("workgroups", "redshift-serverless", "ListWorkgroups"),)

    workgroup_arn: str = msgspec.field(name="workgroupArn", default="")
    workgroup_name: str = msgspec.field(name="workgroupName")
    security_group_ids: list[str] = msgspec.field(name="securityGroupIds", default_factory=list)
    subnet_ids: list[str] = msgspec.field(name="subnetIds", default_factory=list)
    endpoint: WorkgroupEndpoint = msgspec.field(name="endpoint", default=WorkgroupEndpoint())
    publicly_accessible: bool = msgspec.field(name="publiclyAccessible", default=False)
    enhanced_vpc_routing: bool = msgspec.field(name="enhancedVpcRouting", default=False)

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.workgroup_arn or self.workgroup_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.workgroup_name, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(self.security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets."""
        return self.subnet_ids

    def _interfaces(self) -> list[ServerlessInterface]:
        return [one for endpoint in self.endpoint.vpc_endpoints for one in endpoint.network_interfaces]

    def named(self, world: World) -> list[str]:
        """Return the interfaces that its endpoints name."""
        return [one.network_interface_id for one in self._interfaces() if one.network_interface_id]

    def held(self, world: World) -> list[Held]:
        """Return the addresses that its endpoints name."""
        return [Held(one.private_ip_address, "", one.subnet_id) for one in self._interfaces() if one.private_ip_address]

    @property
    def perhaps_public(self) -> bool:
        """Whether it has public addresses, be they in the snapshot or not."""
        return self.publicly_accessible

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: a public address that nothing in the snapshot holds, and what passes outside of the VPC."""
        yield from super().caveats(world)
        if self.publicly_accessible and not any(one.public_addresses for one in self.found(world)):
            yield f"{self.workgroup_name}: it is publicly accessible, and its public address is not in the snapshot"
        if not self.enhanced_vpc_routing:
            yield f"{self.workgroup_name}: what it copies and unloads does not pass the VPC; enhanced VPC routing is off"
