"""Calls of AWS's API as data: what is asked, with which parameters, and which other call says what to ask for."""

from __future__ import annotations

from typing import Any

import msgspec

# AWS's name for the client of boto3 in its permissions, where that is another.
PERMISSION_PREFIXES = {
    "apigatewayv2": "apigateway",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "opensearch": "es",
}
# What a call asks another one for by itself, as AWS's own policies allow both.
ASKED_WITH = {"wafv2.GetWebACLForResource": "wafv2:GetWebACL"}
# Clients whose resources live in no Region, and the Region in which their API answers.
GLOBAL_CLIENTS = {
    "cloudfront": "us-east-1",
    "globalaccelerator": "us-west-2",
    "networkmanager": "us-west-2",
    "iam": "us-east-1",
    "organizations": "us-east-1",
    "route53": "us-east-1",
}


class Each(msgspec.Struct, frozen=True):
    """That a call is asked once for each value that another call answers.

    `parameter` is the request parameter that takes a value of `source`'s answers; `paths` say where the values stand in them
    (`Clusters[].Arn`). With `many` one request takes as many of them, in a list. `only` is a member that an entry must have
    with this value, beside its value. `unless` is text that no value holds for which the call is asked. What `source` itself
    was asked with under the names `hands` is handed on. `again` says that the same operation is asked by another parameter too.
    """

    parameter: str
    source: Call
    paths: tuple[str, ...]
    many: int = 0
    only: tuple[str, str] = ("", "")
    unless: str = ""
    hands: tuple[str, ...] = ()
    again: bool = False


class Call(msgspec.Struct, frozen=True):
    """One operation of a client of boto3. `fixed` are parameters that every request has; `each` says what else it is asked for."""

    client: str
    operation: str
    fixed: tuple[tuple[str, Any], ...] = ()
    each: Each | None = None

    @property
    def name(self) -> str:
        """The call as manifests name it: `ec2.DescribeVpcs`, with its parameter where another call of the operation has another."""
        parameter = f"-by-{self.each.parameter}" if self.each is not None and self.each.again else ""
        return f"{self.client}.{self.operation}{parameter}"

    @property
    def permission(self) -> str:
        """The action that a policy must allow: `ec2:DescribeVpcs`. API Gateway has one for all that only reads."""
        prefix = PERMISSION_PREFIXES.get(self.client, self.client)
        return f"{prefix}:GET" if prefix == "apigateway" else f"{prefix}:{self.operation}"

    @property
    def permissions(self) -> tuple[str, ...]:
        """Every action that a policy must allow for it."""
        return tuple(filter(None, (self.permission, ASKED_WITH.get(self.name))))

    @property
    def sources(self) -> tuple[Call, ...]:
        """The calls that must be asked before this one, the first first."""
        return () if self.each is None else (*self.each.source.sources, self.each.source)
