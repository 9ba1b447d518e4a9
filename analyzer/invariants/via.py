"""Where packets pass what an invariant says that they must pass."""

from __future__ import annotations

from collections.abc import Iterable

from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..select import select
from ..select.catalogue import catalogue


def places(text: str, world: Snapshot) -> frozenset[str]:
    """Return the resources at which packets pass what a text names: an id, a kind (`firewall`, `igw`), `KIND:NAME`, a selector.

    Raises QuestionError as `select` does for a text that names nothing.
    """
    named = _components(text, world)
    try:
        ids = {one.id for one in select(text, world)}
    except QuestionError:
        if not named:
            raise
        ids = set()
    return frozenset({*named, *_of_interfaces(ids, world)})


def _components(text: str, world: Snapshot) -> set[str]:
    """Return the ids of the resources themselves, which may have no interface."""
    if world.at(text) is not None:
        return {text} - {one.id for one in world.all("network_interface")}
    word, colon, name = text.partition(":")
    kinds = [kind for kind in catalogue(world).words.get(word, []) if kind.kind != "network_interface"]
    if colon:
        return {one.resource.id for one in catalogue(world).called(name, literal=False, kinds=kinds)} if kinds else set()
    return {one.id for kind in kinds for one in world.all(kind.kind)}


def _of_interfaces(ids: Iterable[str], world: Snapshot) -> set[str]:
    """Return where packets pass interfaces: at what they belong to, or at themselves.

    Interfaces that no line tells apart share one place; where others stand at it, passing it proves nothing.
    """
    wanted = set(ids)
    alike: dict[str, set[str]] = {}
    for one in world.all("network_interface"):
        alike.setdefault(world.class_of(one.id), set()).add(one.id)
    found = {name for name, members in alike.items() if members <= wanted}
    for id in wanted:
        owner = world.owner(id) if world.find("network_interface", id) is not None else world.at(id)
        if owner is not None and set(owner.interface_ids(world)) <= wanted:
            found.add(owner.id)
    return found
