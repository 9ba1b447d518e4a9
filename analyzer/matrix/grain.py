"""Grains: which groups an endpoint belongs to, by security group, subnet, VPC, context, tag, or each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..models.errors import QuestionError, quoted
from ..models.matrix import Group
from ..models.snapshot import Snapshot
from ..select.catalogue import CONTEXT_TAGS, INTERFACE, Subject, context_of, name_of, tags_of
from ..sources import OUTSIDE

GRAINS = ("sg", "subnet", "vpc", "context", "tag:KEY", "interface")
INTERNET = Group("internet", "internet")

GroupsOf = Callable[[Subject, Snapshot], Iterable[Group]]


def grain(by: str, context_key: str | None = None) -> GroupsOf:
    """Return what tells the groups of an endpoint, never none; `context_key` is the tag that declares contexts.

    Raises QuestionError for a grain that there is not.
    """
    key = by.removeprefix("tag:")
    if key != by and key:
        return lambda subject, world: _by_tag(subject, key)
    if by == "context":
        keys = (context_key,) if context_key else CONTEXT_TAGS
        return lambda subject, world: [_named(context_of(subject, world, keys), "no context")]
    if by in _GRAINS:
        return _GRAINS[by]
    raise QuestionError(f"`--by` cannot be `{by[:60]}`", hint=f"one of {quoted(GRAINS)}")


def groups_of(id: str, world: Snapshot, of: GroupsOf) -> list[Group]:
    """Return the groups of one endpoint by its id: an interface, one without; the internet and networks outside are their own."""
    if id in (INTERNET.id, OUTSIDE):
        return [Group(id, id)]
    interface = world.find(INTERFACE, id)
    owner = world.owner(id) if interface is not None else world.at(id)
    return list(dict.fromkeys(of(Subject(id, interface, owner), world)))


def _named(id: str, nothing: str, vpc: str = "") -> Group:
    return Group(id, id, vpc) if id else Group("", nothing, vpc)


def _by_tag(subject: Subject, key: str) -> list[Group]:
    """Return one group for each value: like the selector, an interface goes by its own tags and by those of its owner."""
    values = [value for one, value in tags_of(subject) if one == key]
    return [Group(value, value) for value in values] or [Group("", f"no tag {key}")]


def _by_security_group(subject: Subject, world: Snapshot) -> list[Group]:
    carried = getattr(subject.interface, "group_ids", ())
    return [_of("security_group", id, world) for id in carried] or [Group("", "no security group", _vpc(subject))]


def _by_subnet(subject: Subject, world: Snapshot) -> list[Group]:
    id = getattr(subject.nearest, "subnet_id", "")
    return [_of("subnet", id, world, _vpc(subject))] if id else [Group("", "no subnet", _vpc(subject))]


def _by_vpc(subject: Subject, world: Snapshot) -> list[Group]:
    id = _vpc(subject)
    return [_of("vpc", id, world, id)] if id else [Group("", "no VPC")]


def _by_interface(subject: Subject, world: Snapshot) -> list[Group]:
    name = next((name for one in reversed(subject.resources) if (name := name_of(one))), "")
    return [Group(subject.id, name, _vpc(subject))]


def _of(kind: str, id: str, world: Snapshot, vpc: str = "") -> Group:
    """Return the group of a resource, under its id alone where the snapshot does not hold it."""
    found = world.find(kind, id)
    return Group(id, name_of(found) if found is not None else "", vpc or str(getattr(found, "vpc_id", "")))


def _vpc(subject: Subject) -> str:
    return str(getattr(subject.nearest, "vpc_id", ""))


_GRAINS: dict[str, GroupsOf] = {
    "sg": _by_security_group,
    "subnet": _by_subnet,
    "vpc": _by_vpc,
    "interface": _by_interface,
}
