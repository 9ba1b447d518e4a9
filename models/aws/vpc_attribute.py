"""Attributes of a VPC that DescribeVpcs does not tell: whether the Amazon resolver answers in it."""

from __future__ import annotations

from typing import ClassVar

from ..component import Call, Component, Document, Each


class VpcDnsSupport(Component, kw_only=True):
    """Whether the resolver answers in a VPC: DescribeVpcAttribute, asked for `enableDnsSupport`."""

    kind: ClassVar[str] = "vpc_dns_support"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "EnableDnsSupport",
            "ec2",
            "DescribeVpcAttribute",
            argument="VpcId",
            fixed=(("Attribute", "enableDnsSupport"),),
            each=Each("VpcId", Call("ec2", "DescribeVpcs"), ("Vpcs[].VpcId",)),
        ),
    )

    vpc_id: str
    value: bool = True

    @property
    def id(self) -> str:
        """The VPC, marked as its attribute."""
        return f"{self.vpc_id}/dns-support"
