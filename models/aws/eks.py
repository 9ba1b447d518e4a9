"""EKS clusters: the API server's interfaces in the VPC, and its public endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Document, Each, World, conditional
from ..door import Door, Remark, doorstep
from ..managed import ManagedShape, tag_list
from ..packet import TCP, prefix, services_of, union
from ..rule import rule
from ..table import INTERNET, Arrive, Choose, Direction, Drop, Line, Match, Place, Table


class ClusterVpc(msgspec.Struct, rename="camel", frozen=True):
    """Where a cluster stands, and who may try its API server."""

    vpc_id: str = ""
    subnet_ids: list[str] = []
    security_group_ids: list[str] = []
    cluster_security_group_id: str = ""
    endpoint_public_access: bool = True
    endpoint_private_access: bool = False
    public_access_cidrs: list[str] = []

    def __post_init__(self) -> None:
        for text in self.public_access_cidrs:
            prefix(text)


class EksCluster(ManagedShape, kw_only=True):
    """A cluster: DescribeCluster of EKS."""

    kind: ClassVar[str] = "eks_cluster"
    endpoint_kind: ClassVar[str] = "eks"
    signs: ClassVar[tuple[str, ...]] = ("amazon eks",)
    documents: ClassVar[tuple[Document, ...]] = (
        Document("cluster", "eks", "DescribeCluster", each=Each("name", Call("eks", "ListClusters"), ("clusters[]",))),
    )

    arn: str = msgspec.field(name="arn", default="")
    cluster_name: str = msgspec.field(name="name")
    vpc_config: ClusterVpc = msgspec.field(name="resourcesVpcConfig", default=ClusterVpc())

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return {**row, "Tags": tag_list(row.get("tags") or [])}

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.arn or self.cluster_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.cluster_name, self.name) if name]

    @property
    def vpc_id(self) -> str:
        """Its VPC."""
        return self.vpc_config.vpc_id

    @property
    @rule(
        "SVC-16",
        says="The cluster's own group is on the control plane's interfaces and on managed nodes, and admits all from itself; further "
        "groups are on the control plane's interfaces only.",
        source="https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html",
    )
    def group_ids(self) -> frozenset[str]:
        """The groups of the control plane's interfaces."""
        return frozenset(filter(None, (self.vpc_config.cluster_security_group_id, *self.vpc_config.security_group_ids)))

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets that hold the control plane's interfaces."""
        return self.vpc_config.subnet_ids

    def found(self, world: World) -> list[Any]:
        """Return the interfaces whose description is the cluster's, else those that fit."""
        described = world.where("network_interface", "description", f"Amazon EKS {self.cluster_name}")
        here = [one for one in described if self.vpc_id in ("", one.vpc_id)]
        return here or super().found(world)

    def takes(self, interface_id: str, world: World) -> Place | None:
        """Return the place that doubts what comes to the control plane's interfaces where private access is off."""
        return None if self.vpc_config.endpoint_private_access else Place(self.id, "contacted", interface_id)

    def answers_from(self, world: World) -> Place:
        """Return the internet, where its public endpoint answers."""
        return INTERNET

    @rule(
        "SVC-15",
        says="The public endpoint of the API server is filtered by its own list of CIDRs alone, and by no group; the private one is "
        "interfaces with the cluster's groups. Who may use it, IAM and RBAC decide.",
        source="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of stage `public` (the public endpoint) or `contacted` (interfaces without private access)."""
        if place.stage == "public":
            doubt = conditional(f"IAM and RBAC of {self.cluster_name} decide who uses its API", self.id, "SVC-15")
            cidrs = self.vpc_config.public_access_cidrs or ["0.0.0.0/0"]
            sources = union(prefix(one) for one in cidrs)
            refused = f"publicAccessCidrs of {self.cluster_name} do not hold the source"
            return Table("eks", doorstep(self.id, f"public endpoint, from {', '.join(cidrs)}", doubt, refused, sources))
        arrive = Arrive(place.via)
        if direction is Direction.REPLY:
            return Table("eks", [Line("reply", Match(), arrive, "SVC-15", self.id)])
        doubt = conditional(
            f"private access to {self.cluster_name} is off; whether its interfaces serve anybody is not said", self.id, "SVC-15"
        )
        action = Choose((arrive, Drop("", doubt.text, otherwise=arrive)), doubt)
        return Table("eks", [Line("private access is off", Match(), action, "SVC-15", self.id)])

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the public endpoint, whose address no configuration says."""
        if self.vpc_config.endpoint_public_access:
            yield Door(Place(self.id, "public"), services=services_of(TCP, 443, 443))

    def remarks(self, world: World) -> Iterator[Remark]:
        """Yield that whoever may use the API gets into pods and nodes past every packet filter."""
        text = f"who may use the API of {self.cluster_name} gets into its pods by `kubectl exec`; IAM and RBAC decide who may"
        yield Remark(self.id, text, "LIM-11", entry=True)
