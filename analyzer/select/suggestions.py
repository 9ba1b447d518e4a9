"""The words that select something in a snapshot, for whoever types one: ids, names, tags, kinds."""

from __future__ import annotations

from collections.abc import Iterator

from ..models.component import Component
from ..models.snapshot import Snapshot
from .catalogue import FACTS, Subject, is_part, leads_to_interfaces, name_of, subjects, word_of

# What a word is made of, in steps that one chooses one after the other: `tag:`, `tier=`, `web`.
Steps = tuple[str, ...]


def suggestions(snapshot: Snapshot) -> dict[Steps, str]:
    """Return the words in their steps, and what each of them is; names that several resources have are there once."""
    found: dict[Steps, str] = {("internet",): "every public address that nobody here owns", ("any",): "every interface here"}
    for subject in subjects(snapshot):
        found.setdefault((subject.kind,), "every interface of this kind")
        found.setdefault(_id(subject.id), _about(subject.kind, _name(subject)))
        for steps in _facts(subject, snapshot):
            found.setdefault(steps, "")
    for one in snapshot.everything():
        if one.documents and leads_to_interfaces(one) and not is_part(one):
            for steps, about in _of_resource(one):
                found.setdefault(steps, about)
    return found


def _of_resource(one: Component) -> Iterator[tuple[Steps, str]]:
    word = word_of(type(one))
    yield _id(one.id), _about(word, name_of(one))
    for name in one.names():
        yield (name,), _about(word, one.id)
        yield (f"{word}:", name), one.id


def _facts(subject: Subject, snapshot: Snapshot) -> Iterator[Steps]:
    for word, facts in FACTS.items():
        for fact in facts(subject, snapshot):
            if word == "tag":
                key, sign, value = fact.partition("=")
                yield f"{word}:", key + sign, value
            elif fact:
                yield f"{word}:", fact


def _name(subject: Subject) -> str:
    return next((name for one in reversed(subject.resources) if (name := name_of(one))), "")


def _id(id: str) -> Steps:
    head, dash, rest = id.partition("-")
    return (head + dash, rest) if dash and head.isalnum() else (id,)


def _about(word: str, name: str) -> str:
    return f"{word} {name}".strip()
