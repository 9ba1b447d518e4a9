"""OpenSearch domains: in a VPC behind groups, or public behind their access policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Document, Each, World, conditional
from ..door import Door, doorstep
from ..joined import JoinedShape
from ..packet import TCP, services_of
from ..rule import rule
from ..table import INTERNET, Direction, Place, Table


class VpcOptions(msgspec.Struct, frozen=True):
    """Where a domain stands in a VPC."""

    vpc_id: str = msgspec.field(name="VPCId", default="")
    subnet_ids: list[str] = msgspec.field(name="SubnetIds", default_factory=list)
    security_group_ids: list[str] = msgspec.field(name="SecurityGroupIds", default_factory=list)


class Switch(msgspec.Struct, rename="pascal", frozen=True):
    """Something that is on or off; None where the answer does not say which."""

    enabled: bool | None = None


class EndpointOptions(msgspec.Struct, rename="pascal", frozen=True):
    """How a domain answers clients: over HTTPS alone, or over HTTP too."""

    enforce_https: bool | None = msgspec.field(name="EnforceHTTPS", default=None)


class ClusterConfig(msgspec.Struct, rename="pascal", frozen=True):
    """The nodes of a domain, and whether they stand in more than one zone."""

    zone_awareness_enabled: bool | None = None


class OpenSearchDomain(JoinedShape, kw_only=True):
    """An OpenSearch or Elasticsearch domain: DescribeDomain."""

    kind: ClassVar[str] = "opensearch_domain"
    endpoint_kind: ClassVar[str] = "opensearch"
    signs: ClassVar[tuple[str, ...]] = ("es ", "opensearch", "amazon-elasticsearch")
    documents: ClassVar[tuple[Document, ...]] = (
        Document("DomainStatus", "opensearch", "DescribeDomain", asked=False),
        Document(
            "DomainStatusList",
            "opensearch",
            "DescribeDomains",
            each=Each("DomainNames", Call("opensearch", "ListDomainNames"), ("DomainNames[].DomainName",), many=5),
        ),
    )

    domain_name: str
    arn: str = msgspec.field(name="ARN", default="")
    vpc_options: VpcOptions | None = msgspec.field(name="VPCOptions", default=None)
    encryption_at_rest_options: Switch = Switch()
    node_to_node_encryption_options: Switch = Switch()
    domain_endpoint_options: EndpointOptions = EndpointOptions()
    cluster_config: ClusterConfig = ClusterConfig()
    access_policies: Any = None

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.arn or self.domain_name

    def names(self) -> list[str]:
        """Return the domain's name and its Name tag."""
        return [name for name in (self.domain_name, self.name) if name]

    @rule(
        "SVC-6",
        says="A domain stands in a VPC behind its groups, or is public behind its access policy alone; that never changes.",
        source="https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
    )
    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its nodes; none for a public domain."""
        return self.vpc_options.subnet_ids if self.vpc_options else []

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        return frozenset(self.vpc_options.security_group_ids) if self.vpc_options else frozenset()

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the endpoint of a public domain, whose address no configuration says."""
        if self.vpc_options is None or not self.vpc_options.subnet_ids:
            yield Door(Place(self.id, "public"), services=services_of(TCP, 80, 80) | services_of(TCP, 443, 443))

    def answers_from(self, world: World) -> Place:
        """Return the internet, where a public domain answers."""
        return INTERNET

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `public`: the access policy decides at a public domain, and no group."""
        doubt = conditional(f"the access policy of {self.domain_name} decides who uses it, and no group", self.id, "SVC-6")
        return Table("opensearch", doorstep(self.id, "public endpoint", doubt, ""))
