"""Edits of a snapshot, as values: what `reach whatif` asks about. A snapshot is never changed; its edited twin shares the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..models.errors import QuestionError, ReachError
from ..models.snapshot import Snapshot
from .addresses import exposed, hidden
from .associations import associated, dissociated
from .attachments import attached, detached
from .entries import entered, withdrawn
from .file import Edit, Thing, edits_of
from .find import Changes
from .isolation import isolated
from .made import made_acl, made_group, made_table, unmade_acl, unmade_group, unmade_table
from .peerings import parted, peered
from .routes import led, unled
from .rules import admitted, revoked
from .targets import deregistered, registered
from .transit import emptied, filled

__all__ = ["Edit", "EditError", "edited", "edits_of"]


class EditError(QuestionError):
    """An edit that does not fit the snapshot."""


_ADD: dict[str, Callable[..., Changes]] = {
    "rule": admitted,
    "route": led,
    "entry": entered,
    "attachment": attached,
    "association": associated,
    "propagation": filled,
    "peering": peered,
    "address": exposed,
    "target": registered,
    "group": made_group,
    "acl": made_acl,
    "table": made_table,
}
_REMOVE: dict[str, Callable[..., Changes]] = {
    "rule": revoked,
    "route": unled,
    "entry": withdrawn,
    "attachment": detached,
    "association": dissociated,
    "propagation": emptied,
    "peering": parted,
    "address": hidden,
    "target": deregistered,
    "group": unmade_group,
    "acl": unmade_acl,
    "table": unmade_table,
}


def edited(world: Snapshot, edits: Sequence[Edit], named: str = "the edits") -> Snapshot:
    """Return the snapshot as it would be after some edits, one after the other; the given one stays as it is.

    Raises EditError for an edit that does not fit: a resource that is not there, a line that is not there or there already.
    """
    for number, edit in enumerate(edits, 1):
        try:
            world = _one(world, edit)
        except ReachError as error:
            raise EditError(f"cannot apply edit {number} of `{named}`: {error.what}", hint=error.hint) from error
    return world


def _one(world: Snapshot, edit: Edit) -> Snapshot:
    if edit.isolate is not None:
        return world.edited(isolated(edit.isolate, world))
    if edit.replace is not None and edit.with_ is not None:
        return _replaced(world, edit.replace, edit.with_)
    if edit.remove is not None:
        return world.edited(_of(edit.remove, world, _REMOVE))
    return world if edit.add is None else world.edited(_of(edit.add, world, _ADD))


def _replaced(world: Snapshot, old: Thing, new: Thing) -> Snapshot:
    if old.route is not None and new.route is not None and (old.route.table, old.route.to) == (new.route.table, new.route.to):
        world = world.edited(unled(old.route, world, hiding=False))
    else:
        world = world.edited(_of(old, world, _REMOVE))
    return world.edited(_of(new, world, _ADD))


def _of(thing: Thing, world: Snapshot, verbs: dict[str, Callable[..., Changes]]) -> Changes:
    name, what = thing.named()
    return verbs[name](what, world)
