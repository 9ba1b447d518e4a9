"""Pseudo parameters: what AWS says of the stack itself, as far as it is known where it will stand."""

from __future__ import annotations

from typing import Any

import msgspec

from .values import ACCOUNT, NOTHING, REGION, later, vague

PARTITIONS = {"cn-": ("aws-cn", "amazonaws.com.cn"), "us-gov-": ("aws-us-gov", "amazonaws.com")}


class Setting(msgspec.Struct, frozen=True):
    """Where a stack stands, "" where nobody knows, and its name, which is `certain` where something says it."""

    account: str = ""
    region: str = ""
    name: str = ""
    certain: bool = False


def pseudo(name: str, setting: Setting) -> Any:
    """Return the value of a pseudo parameter."""
    if name == "AWS::NoValue":
        return NOTHING
    if name == "AWS::StackName":
        return setting.name if setting.certain else vague(setting.name, "the name of the stack is not known")
    if name == REGION:
        return setting.region or vague(name, "the Region is not known")
    if name == ACCOUNT:
        return setting.account or vague(name, "the account is not known")
    if name in ("AWS::Partition", "AWS::URLSuffix"):
        found = next((pair for start, pair in PARTITIONS.items() if setting.region.startswith(start)), ("aws", "amazonaws.com"))
        text = found[name == "AWS::URLSuffix"]
        return text if setting.region else vague(text, "the Region is not known")
    if name == "AWS::StackId":
        return vague(name, "the id of the stack is known after it is made only")
    return later(f"`{name[:40]}` is known when the stack is made only")
