"""The least that a role must be allowed in order to collect: a policy, written from the declarations of the components."""

from __future__ import annotations

from typing import Any

import msgspec

from .calls import planned

# What is asked before the first call: which Regions an account uses. `sts:GetCallerIdentity` needs no permission.
BEFORE = ("ec2:DescribeRegions",)


def policy(role: str = "") -> str:
    """Return the policy as JSON; with a role also what the account that assumes it in others must be allowed."""
    actions = sorted({*BEFORE, *(action for one in planned().values() for action in one.call.permissions)})
    statements: list[dict[str, Any]] = [{"Sid": "ReachCollect", "Effect": "Allow", "Action": actions, "Resource": "*"}]
    if role:
        statements += [
            {"Sid": "ReachAccounts", "Effect": "Allow", "Action": ["organizations:ListAccounts"], "Resource": "*"},
            {
                "Sid": "ReachAssume",
                "Effect": "Allow",
                "Action": ["sts:AssumeRole"],
                "Resource": f"arn:aws:iam::*:role/{role}",
            },
        ]
    text = msgspec.json.encode({"Version": "2012-10-17", "Statement": statements})
    return msgspec.json.format(text, indent=2).decode() + "\n"
