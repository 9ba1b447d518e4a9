"""ElastiCache: node-based clusters and serverless caches, and the subnet groups that say where the nodes stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional
from ..door import Door, doorstep
from ..managed import ManagedShape
from ..packet import TCP, services_of
from ..rule import rule
from ..table import INTERNET, Direction, Place, Table


class CacheSecurityGroup(msgspec.Struct, rename="pascal", frozen=True):
    """A group of a cluster; it filters while it is `active`."""

    security_group_id: str
    status: str = "active"


class GroupSubnet(msgspec.Struct, rename="pascal", frozen=True):
    """A subnet of a subnet group."""

    subnet_identifier: str


class CacheEndpoint(msgspec.Struct, rename="pascal", frozen=True):
    """Where a serverless cache listens."""

    port: int = 6379


class CacheSubnetGroup(Component, kw_only=True):
    """A subnet group of ElastiCache: DescribeCacheSubnetGroups."""

    kind: ClassVar[str] = "cache_subnet_group"
    documents: ClassVar[tuple[Document, ...]] = (Document("CacheSubnetGroups", "elasticache", "DescribeCacheSubnetGroups"),)

    cache_subnet_group_name: str
    arn: str = msgspec.field(name="ARN", default="")
    vpc_id: str = ""
    subnets: list[GroupSubnet] = []

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.arn or self.cache_subnet_group_name


class CacheCluster(ManagedShape, kw_only=True):
    """A node-based cluster of ElastiCache: DescribeCacheClusters with ShowCacheNodeInfo."""

    kind: ClassVar[str] = "cache_cluster"
    endpoint_kind: ClassVar[str] = "elasticache"
    signs: ClassVar[tuple[str, ...]] = ("elasticache",)
    documents: ClassVar[tuple[Document, ...]] = (
        Document("CacheClusters", "elasticache", "DescribeCacheClusters", fixed=(("ShowCacheNodeInfo", True),)),
    )

    cache_cluster_id: str
    arn: str = msgspec.field(name="ARN", default="")
    replication_group_id: str = ""
    cache_subnet_group_name: str = ""
    security_groups: list[CacheSecurityGroup] = []
    engine: str = ""
    transit_encryption_enabled: bool | None = None
    transit_encryption_mode: str = ""
    at_rest_encryption_enabled: bool | None = None

    @property
    def id(self) -> str:
        """The ARN, or the identifier where the answer has no ARN."""
        return self.arn or self.cache_cluster_id

    def names(self) -> list[str]:
        """Return the identifiers of the cluster and its replication group, and the Name tag."""
        return [name for name in (self.cache_cluster_id, self.replication_group_id, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(one.security_group_id for one in self.security_groups if one.status == "active")

    @rule(
        "SVC-4",
        says="The nodes of ElastiCache and the caches of type vpc have no public address; a serverless cache of type public has one, "
        "which no group filters.",
        source="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/accessing-elasticache.html",
    )
    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its subnet group; none where the snapshot does not hold it."""
        group = self._subnet_group(world)
        return [one.subnet_identifier for one in group.subnets] if group is not None else []

    def own_vpc(self, world: World) -> str:
        """Return the VPC of its subnet group; "" where the snapshot does not hold it."""
        group = self._subnet_group(world)
        return str(group.vpc_id) if group is not None else ""

    def _subnet_group(self, world: World) -> Any:
        """Return the subnet group of its name in its account and Region."""
        alike = world.where("cache_subnet_group", "cache_subnet_group_name", self.cache_subnet_group_name)
        here = [one for one in alike if (one.account, one.region) == (self.account, self.region)]
        return next(iter(here or alike), None) if self.cache_subnet_group_name else None


class ServerlessCache(ManagedShape, kw_only=True):
    """A serverless cache of ElastiCache: DescribeServerlessCaches. In a VPC it is reached through an endpoint of its own."""

    kind: ClassVar[str] = "serverless_cache"
    endpoint_kind: ClassVar[str] = "elasticache"
    signs: ClassVar[tuple[str, ...]] = ("elasticache",)
    documents: ClassVar[tuple[Document, ...]] = (Document("ServerlessCaches", "elasticache", "DescribeServerlessCaches"),)

    serverless_cache_name: str
    arn: str = msgspec.field(name="ARN", default="")
    subnet_ids: list[str] = []
    security_group_ids: list[str] = []
    connection_type: str = "vpc"
    endpoint: CacheEndpoint = CacheEndpoint()

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.arn or self.serverless_cache_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.serverless_cache_name, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it; none for a public cache."""
        return frozenset(self.security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets; none for a public cache."""
        return [] if self.connection_type == "public" else self.subnet_ids

    def named(self, world: World) -> list[str]:
        """Return the interfaces of the endpoint that ElastiCache made for it, if just one endpoint can be that."""
        fitting = [one for one in world.all("vpc_endpoint") if "elasticache" in one.service_name and self._fits(one)]
        return list(fitting[0].network_interface_ids) if len(fitting) == 1 else []

    def _fits(self, endpoint: Any) -> bool:
        groups = {one.group_id for one in endpoint.groups}
        return groups == self.group_ids and set(endpoint.subnet_ids) == set(self.subnet_ids)

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the endpoint of a public cache, whose address no configuration says."""
        if self.connection_type == "public":
            yield Door(Place(self.id, "public"), services=services_of(TCP, self.endpoint.port, self.endpoint.port))

    def answers_from(self, world: World) -> Place:
        """Return the internet, where a public cache answers."""
        return INTERNET

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `public`: users and their passwords decide at a public cache, and no group."""
        doubt = conditional(f"users of {self.serverless_cache_name} and their passwords decide, and no group", self.id, "SVC-4")
        return Table("elasticache", doorstep(self.id, "public endpoint", doubt, ""))
