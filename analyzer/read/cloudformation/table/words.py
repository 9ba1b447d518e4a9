"""Fields that many types of resources write alike: tags, names, numbers, whether something is so; and parts that have an owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...declared.made import DEFAULT_GROUP, PERHAPS
from ...declared.resource import Declared, Later, NotKnownError, texts
from ...declared.shape import Source, Writes

NUMBERS = {"icmp": "1", "tcp": "6", "udp": "17", "icmpv6": "58", "all": "-1"}
NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}


def tags(one: Declared) -> list[dict[str, str]] | None:
    """Return the tags as AWS lists them, be they a list or a mapping; those that are not known are left out."""
    found = one.values.get("Tags")
    if isinstance(found, dict):
        found = [{"Key": key, "Value": value} for key, value in found.items()]
    listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    pairs = [(each.get("Key"), each.get("Value")) for each in listed]
    known = [(key, value) for key, value in pairs if isinstance(key, str) and isinstance(value, str | int | float)]
    return [{"Key": key, "Value": str(value)} for key, value in known] or None


def flag(path: str, default: bool | None = False) -> Callable[[Declared], bool | None]:
    """Return a field that is true or false, which templates also write as texts."""

    def found(one: Declared) -> bool | None:
        said = one.get(path)
        return default if said is None else str(said).lower() == "true"

    return found


def told(field: Callable[[Declared], Any]) -> Callable[[Declared], Any]:
    """Return a field without which a row is as good as with it: absent where it is not known yet."""

    def found(one: Declared) -> Any:
        try:
            return field(one)
        except NotKnownError:
            return None

    return found


def perhaps(path: str) -> Callable[[Declared], Any]:
    """Return a field that is true or false, or PERHAPS where that is not known; absent where it is not written."""
    said = flag(path, None)

    def found(one: Declared) -> Any:
        try:
            return said(one)
        except NotKnownError:
            return PERHAPS

    return found


def may(path: str, default: bool = False) -> Callable[[Declared], bool | None]:
    """Return a field of which true says no more than that it may be so: true where it is not known."""
    said = perhaps(path)

    def found(one: Declared) -> bool:
        return default if said(one) is None else bool(said(one))

    return found


def whole(path: str) -> Callable[[Declared], int | None]:
    """Return a field of a whole number, which templates also write as a text."""
    return lambda one: number(one.get(path))


def number(value: Any) -> int | None:
    """Return a whole number; raises ValueError for what is none."""
    return None if value is None or value == "" else int(value)


def name_of(path: str) -> Callable[[Declared], str]:
    """Return a field of a name: the one that is known, else how the template calls the resource."""

    def found(one: Declared) -> str:
        said = one.values.get(path)
        return said if isinstance(said, str) and said else one.address

    return found


def listed(*paths: str, name: str = "") -> Callable[[Declared], list[Any]]:
    """Return a field that lists texts, each in an object under `name` where there is one."""

    def found(one: Declared) -> list[Any]:
        every = [text for path in paths for text in texts(one.get(path), path)]
        return [{name: text} if name else text for text in every]

    return found


def groups_of(path: str, name: str = "") -> Callable[[Declared], list[Any]]:
    """Return a field of groups: AWS gives the default one of the VPC where none is written."""
    return lambda one: listed(path, name=name)(one) or [{name: DEFAULT_GROUP} if name else DEFAULT_GROUP]


def needed(path: str) -> Callable[[Declared], str]:
    """Return what a resource cannot be without; raises NotKnownError where it does not say it."""

    def found(one: Declared) -> str:
        said = one.get(path)
        if not isinstance(said, str) or not said:
            raise NotKnownError(path, "it is not written")
        return said

    return found


def to(
    key: str, owner: str | Callable[[Declared], str], when: Callable[[Declared], Any] | None = None, **fields: Source
) -> Writes:
    """Return the entry for what a resource adds to the row whose id its property `owner` holds, which it cannot be without."""
    return Writes(key, needed(owner) if isinstance(owner, str) else owner, fields, False, when)


def wrapped_for(key: str, argument: str, owner: str, when: Callable[[Declared], Any] | None = None, **fields: Source) -> Writes:
    """Return the entry for a part of a row that the API wraps with the id of its owner: the resource's own, or a property's."""
    id = (lambda one: one.id) if owner == "" else needed(owner)
    return Writes(key, id, {argument: id, **fields}, False, when)


def address_of(path: str) -> Callable[[Declared], str | None]:
    """Return the elastic address that a property names by its public address, as its `Ref` does."""

    def found(one: Declared) -> str | None:
        said = one.values.get(path)
        if isinstance(said, Later) and said.of:
            return said.of
        known = one.get(path)
        return known if isinstance(known, str) else None

    return found


def unless_own(path: str, own: str) -> Callable[[Declared], Any]:
    """Return a field of the account or Region of somebody else; absent where the template names its own, whichever that is."""

    def found(one: Declared) -> Any:
        said = one.values.get(path)
        return None if isinstance(said, Later) and said.of == own else one.get(path)

    return found


def protocol_number(value: Any) -> str:
    """Return a protocol as network ACLs name it, by number."""
    word = str(value).lower()
    return NUMBERS.get(word, word)


def protocol_name(value: Any) -> str:
    """Return a protocol as security groups name it."""
    word = str(value).lower()
    return NAMES.get(word, word)
