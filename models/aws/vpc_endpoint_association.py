"""What endpoints of VPC Lattice are associated with, as their owner sees it."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Component, Document


class VpcEndpointAssociation(Component, kw_only=True):
    """A resource or service network behind an endpoint: DescribeVpcEndpointAssociations."""

    kind: ClassVar[str] = "vpc_endpoint_association"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("VpcEndpointAssociations", "ec2", "DescribeVpcEndpointAssociations", shared=True),
    )

    association_id: str = msgspec.field(name="Id")
    vpc_endpoint_id: str = ""
    service_network_arn: str = ""
    resource_configuration_group_arn: str = ""
    associated_resource_arn: str = ""

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is about an endpoint of VPC Lattice: firewalls list theirs under the same key."""
        return "VpcEndpointId" in row and "Id" in row

    @property
    def id(self) -> str:
        """The association's id."""
        return self.association_id

    @property
    def leads_to(self) -> tuple[str, ...]:
        """What the endpoint leads to: the widest first."""
        return (self.service_network_arn, self.resource_configuration_group_arn, self.associated_resource_arn)
