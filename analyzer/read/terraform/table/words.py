"""Fields that many resources of the provider write alike: tags, zones, addresses, protocols."""

from __future__ import annotations

from typing import Any

from ...declared.resource import Declared, NotKnownError

NUMBERS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "all": "-1", "esp": "50", "ah": "51", "gre": "47"}
NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def tags(one: Declared) -> list[dict[str, str]] | None:
    """Return the tags as AWS lists them, those of the provider's defaults among them; None where they are not known."""
    try:
        found = one.get("tags_all") or one.get("tags") or {}
    except NotKnownError:
        found = one.values.get("tags")
    if not isinstance(found, dict):
        return None
    return [{"Key": str(key), "Value": value} for key, value in found.items() if isinstance(value, str)] or None


def protocol_number(text: Any) -> str:
    """Return a protocol as network ACLs name it, by number."""
    word = str(text).lower()
    return NUMBERS.get(word, word)


def protocol_name(text: Any) -> str:
    """Return a protocol as security groups name it."""
    word = str(text).lower()
    return NAMES.get(word, word)


def port(value: Any) -> int | None:
    """Return a port, which plans write as a number and old states as a text."""
    return None if value is None or value == "" else int(value)
