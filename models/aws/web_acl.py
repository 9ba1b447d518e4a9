"""Web ACLs of AWS WAF: which one looks at the requests to a resource, and whether it refuses any. They move no packet."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Call, Component, Document, Each


class WebAclRule(msgspec.Struct, rename="pascal", frozen=True):
    """One rule of a web ACL, by its name; what it looks for is not modelled."""

    name: str = ""


class InsertedHeader(msgspec.Struct, rename="pascal", frozen=True):
    """A header that a web ACL adds to requests; what it holds may be a secret between the ACL and the application."""

    name: str = ""


class RequestHandling(msgspec.Struct, rename="pascal", frozen=True):
    """What a web ACL adds to a request that it lets pass."""

    insert_headers: list[InsertedHeader] = []


class LetPass(msgspec.Struct, rename="pascal", frozen=True):
    """The default action that lets pass what no rule refused."""

    custom_request_handling: RequestHandling | None = None


class DefaultAction(msgspec.Struct, rename="pascal", frozen=True):
    """What becomes of a request that no rule takes: with `allow` it passes, without it is refused."""

    allow: LetPass | None = None


class WebAcl(msgspec.Struct, rename="pascal", frozen=True):
    """A web ACL as the answer about a resource tells it."""

    arn: str = msgspec.field(name="ARN", default="")
    name: str = ""
    default_action: DefaultAction | None = None
    rules: list[WebAclRule] | None = None
    pre_process_firewall_manager_rule_groups: list[WebAclRule] = []
    post_process_firewall_manager_rule_groups: list[WebAclRule] = []

    @property
    def refuses_nothing(self) -> bool:
        """Whether it surely lets every request pass: no rule, of Firewall Manager neither, and `Allow` as its default action."""
        managed = self.pre_process_firewall_manager_rule_groups or self.post_process_firewall_manager_rule_groups
        passes = self.default_action is not None and self.default_action.allow is not None
        return self.rules == [] and not managed and passes


class WebAclAssociation(Component, kw_only=True):
    """The web ACL of one resource, or that it has none: GetWebACLForResource, wrapped with the resource's ARN."""

    kind: ClassVar[str] = "web_acl_association"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "WebAclsOfResources",
            "wafv2",
            "GetWebACLForResource",
            argument="ResourceArn",
            each=Each(
                "ResourceArn",
                Call("elbv2", "DescribeLoadBalancers"),
                ("LoadBalancers[].LoadBalancerArn",),
                only=("Type", "application"),
            ),
        ),
    )

    resource_arn: str
    web_acl: WebAcl | None = msgspec.field(name="WebACL", default=None)

    @property
    def id(self) -> str:
        """The ARN of the resource, marked as its web ACL."""
        return f"{self.resource_arn}/web-acl"
