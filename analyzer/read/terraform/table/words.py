"""Fields that many resources of the provider write alike: tags, zones, addresses, protocols."""

from __future__ import annotations

from typing import Any

from ...declared.made import ANY_SUBNET, DEFAULT_GROUP
from ...declared.resource import Declared, NotKnownError, texts

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


def said(path: str) -> Any:
    """Return a field that must be written: where it is not, AWS decides by what nobody knows before."""

    def found(one: Declared) -> Any:
        value = one.get(path)
        if value is None:
            raise NotKnownError(path)
        return value

    return found


def subnets_of(path: str) -> Any:
    """Return a field of subnets in which something stands: those that are known, or that it may be any."""

    def found(one: Declared) -> list[str]:
        try:
            return texts(one.get(path), path)
        except NotKnownError:
            return [ANY_SUBNET]

    return found


def name_of(path: str) -> Any:
    """Return a field of a name: the one that is known, else how code calls the resource."""

    def found(one: Declared) -> str:
        try:
            return str(one.get(path) or one.address)
        except NotKnownError:
            return one.address

    return found


def groups_of(path: str, name: str = "") -> Any:
    """Return a field of groups: AWS gives the default one of the VPC where none is written."""

    def found(one: Declared) -> list[Any]:
        listed = texts(one.get(path), path) or [DEFAULT_GROUP]
        return [{name: group} for group in listed] if name else list(listed)

    return found
