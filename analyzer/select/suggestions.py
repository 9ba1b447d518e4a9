"""The words that select something in a snapshot, for whoever types one: ids, names, tags, kinds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..models.component import Component
from ..models.snapshot import Snapshot
from .catalogue import FACTS, Subject, is_part, leads_to_interfaces, subjects, word_of

# What a word is made of, in steps that one chooses one after the other: `tag:`, `tier=`, `web`.
Steps = tuple[str, ...]
ALWAYS: dict[Steps, str] = {("internet",): "every public address that nobody here owns", ("any",): "every interface here"}
EVERY = "every interface of this kind"
# Facts that are asked of each subject are asked here as its resources tell them: a hundred thousand times.
TOLD_HERE = ("tag", "name")


def suggestions(snapshot: Snapshot) -> dict[Steps, str]:
    """Return the words in their steps, and what each of them is; names that several resources have are there once."""
    found: dict[Steps, str] = dict(ALWAYS)
    _add_subjects(found, snapshot)
    for kind in sorted(snapshot.kinds, key=lambda kind: kind.kind):
        if _tells(kind):
            _add_resources(found, word_of(kind), snapshot.all(kind.kind))
    return found


def at_once(snapshot: Snapshot, current: str) -> dict[Steps, str] | None:
    """Return words that begin like this without a look at any resource: their first steps, or ids; None where that says too little.

    It is for the first question about very many resources: names that begin like an id are left out, and what the words are.
    """
    kinds = [kind for kind in snapshot.kinds if _tells(kind) and snapshot.ids(kind.kind)]
    ids = [id for kind in kinds for id in snapshot.ids(kind.kind) if id.startswith(current)]
    if current:
        return {_id(id): "" for id in ids} if "-" in current and ids else None
    found: dict[Steps, str] = dict(ALWAYS)
    found.update({_id(id)[:1]: "" for id in ids if len(_id(id)) > 1})
    found.update({(f"{word}:",): "" for word in (*FACTS, *map(word_of, kinds))})
    found.update({(kind.endpoint_kind,): EVERY for kind in kinds if kind.endpoint_kind})
    return found


def _tells(kind: type[Component]) -> bool:
    """Return whether words of resources of a kind select something."""
    return bool(kind.documents) and leads_to_interfaces(kind) and not is_part(kind)


def _add_subjects(found: dict[Steps, str], snapshot: Snapshot) -> None:
    alike: set[object] = set()
    for subject in subjects(snapshot):
        kind, resources, last = subject.kind, subject.resources, ""
        found.setdefault((kind,), EVERY)
        for one in resources:
            for tag in one.tags:
                found.setdefault(("tag:", f"{tag.key}=", tag.value), "")
            names = one.names()
            for name in names:
                found.setdefault(("name:", name), "")
            last = next(iter(names), "") or last
        found.setdefault(_id(subject.id), f"{kind} {last}".strip())
        likeness = _likeness(subject, resources)
        if likeness not in alike:
            alike.add(likeness)
            for steps in _facts(subject, snapshot):
                found.setdefault(steps, "")


def _likeness(subject: Subject, resources: list[Any]) -> object:
    """Return what facts other than names and tags follow from: subjects that are alike in it have the same."""
    near = subject.nearest
    around = [getattr(near, name, "") for name in ("subnet_id", "vpc_id", "availability_zone")]
    own = [(one.account, one.owner_id, one.region) for one in resources]
    return (*around, *own, *[tag for one in resources for tag in one.tags if tag.key != "Name"])


def _facts(subject: Subject, snapshot: Snapshot) -> Iterator[Steps]:
    for word, told in FACTS.items():
        if word not in TOLD_HERE:
            yield from ((f"{word}:", fact) for fact in told(subject, snapshot) if fact)


def _add_resources(found: dict[Steps, str], word: str, resources: Sequence[Component]) -> None:
    """Add the ids and names of resources of one kind."""
    for one in resources:
        id, names = one.id, one.names()
        found.setdefault(_id(id), f"{word} {next(iter(names), '')}".strip())
        for name in names:
            found.setdefault((name,), f"{word} {id}")
            found.setdefault((f"{word}:", name), id)


def _id(id: str) -> Steps:
    head, dash, rest = id.partition("-")
    return (head + dash, rest) if dash and head.isalnum() else (id,)
