"""RDS Proxy: a way to a database with interfaces and groups of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Document, World
from ..managed import ManagedShape


class DbProxy(ManagedShape, kw_only=True):
    """An RDS proxy: DescribeDBProxies. It calls its databases from its own interfaces."""

    kind: ClassVar[str] = "db_proxy"
    endpoint_kind: ClassVar[str] = "rds"
    signs: ClassVar[tuple[str, ...]] = ("rds", "dbproxy")
    documents: ClassVar[tuple[Document, ...]] = (Document("DBProxies", "rds", "DescribeDBProxies"),)

    db_proxy_name: str = msgspec.field(name="DBProxyName")
    db_proxy_arn: str = msgspec.field(name="DBProxyArn", default="")
    status: str = "available"
    vpc_id: str = ""
    vpc_security_group_ids: list[str] = []
    vpc_subnet_ids: list[str] = []

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.db_proxy_arn or self.db_proxy_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.db_proxy_name, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(self.vpc_security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets."""
        return self.vpc_subnet_ids

    def halted(self, world: World) -> str:
        """Return that it serves nobody, where its status says so."""
        return (
            f"{self.db_proxy_name} is {self.status}" if self.status in ("suspended", "deleting", "incompatible-network") else ""
        )

    def found(self, world: World) -> list[Any]:
        """Return the interfaces that fit, those of a database with the same groups left out where any is a proxy's."""
        fitting = super().found(world)
        return [one for one in fitting if "proxy" in one.description.lower()] or fitting

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: the connections that the proxy makes for its clients."""
        yield from super().caveats(world)
        yield f"{self.db_proxy_name}: it calls its databases for its clients; that way is a question of its own"
