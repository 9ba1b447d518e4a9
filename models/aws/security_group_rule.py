"""Security group rules one by one: they bring the rule id that a line is cited by."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Component, Document


class ReferencedGroup(msgspec.Struct, rename="pascal", frozen=True):
    """The group that a rule names as far side."""

    group_id: str = ""


class SecurityGroupRule(Component, kw_only=True):
    """One rule of a group: DescribeSecurityGroupRules. The group's permissions decide; this names the line."""

    kind: ClassVar[str] = "security_group_rule"
    documents: ClassVar[tuple[Document, ...]] = (Document("SecurityGroupRules", "ec2", "DescribeSecurityGroupRules"),)

    security_group_rule_id: str
    group_id: str
    is_egress: bool
    ip_protocol: str = "-1"
    from_port: int | None = None
    to_port: int | None = None
    cidr_ipv4: str = ""
    cidr_ipv6: str = ""
    prefix_list_id: str = ""
    referenced_group_info: ReferencedGroup | None = None

    @property
    def id(self) -> str:
        """The rule id."""
        return self.security_group_rule_id

    @property
    def line(self) -> tuple[str, bool, str, int | None, int | None, str]:
        """What tells a rule from all others of its group: group, direction, protocol, ports, far side; -1 ports read as none."""
        far = self.cidr_ipv4 or self.cidr_ipv6 or self.prefix_list_id
        if self.referenced_group_info is not None:
            far = far or self.referenced_group_info.group_id
        low, high = (None if port == -1 else port for port in (self.from_port, self.to_port))
        return self.group_id, self.is_egress, self.ip_protocol, low, high, far
