"""The errors of selectors that match nothing, or too much: what is wrong, and names that look alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest

from ..models.component import Component
from ..models.errors import QuestionError, near, quoted
from ..models.snapshot import Snapshot
from .catalogue import FACTS, SERVICES, Named, catalogue, leads_to_interfaces, subjects
from .grammar import Atom, shown

MOST = 5
LOOK = "look at what there is with `reach list`"
# Comparing takes some microseconds a name: of very many, only those that begin and end most alike are compared.
MANY = 2_000


def nothing_found(atom: Atom, snapshot: Snapshot) -> QuestionError:
    """Return the error of a selector that matches nothing, by the form that it has."""
    text = atom.text
    word, colon, rest = text.partition(":")
    if atom.quoted:
        return _nothing_called(text, snapshot, in_quotes=True)
    if not colon and text in SERVICES:
        return _no_kind(text, snapshot)
    if word in _SENTENCES and colon:
        return _no_fact(word, rest, snapshot)
    if colon and (word in SERVICES or word in catalogue(snapshot).words):
        return _no_name_of_kind(word, rest, snapshot)
    if text == "any":
        return QuestionError("the snapshot holds no interface", hint="collect `aws ec2 describe-network-interfaces` into it")
    if _looks_like_addresses(text):
        hint = "write them like `10.0.1.4`, `10.0.0.0/8` or `2001:db8::/32`"
        return QuestionError(f"no such addresses: `{shown(text)}`", hint=hint)
    return _nothing_called(text, snapshot)


def no_interface_of(resource: Component) -> QuestionError:
    """Return the error of a resource that is there, and has no interface that packets could come from or go to."""
    name = shown(resource.id)
    reasons = {
        "security_group": "no interface in the snapshot carries it",
        "subnet": "no interface in the snapshot is in it",
        "vpc": "no interface in the snapshot is in it",
    }
    able = "none of its interfaces is in the snapshot" if leads_to_interfaces(type(resource)) else "it has no interface"
    what = f"`{name}` ({resource.kind.replace('_', ' ')}) cannot send or take packets: {reasons.get(resource.kind, able)}"
    return QuestionError(what, hint="name an interface, or a resource that has one: `reach list eni` shows them")


def ambiguous(text: str, candidates: Sequence[Named]) -> QuestionError:
    """Return the error of a name that resources of several kinds have."""
    by_word = {one.word: one for one in sorted(candidates, key=lambda one: (one.word, one.resource.id), reverse=True)}
    listed = [f"`{word}:{shown(by_word[word].name)}` ({shown(by_word[word].resource.id)})" for word in sorted(by_word)]
    more = len(candidates) - len(by_word)
    others = f" and {more} more of these kinds" if more else ""
    first = f"{min(by_word)}:{by_word[min(by_word)].name}"
    what = f"`{shown(text)}` is the name of several kinds: {', '.join(listed[:MOST])}{others}"
    return QuestionError(what, hint=f"say which kind you mean, like `{shown(first)}`")


def _nothing_called(text: str, snapshot: Snapshot, *, in_quotes: bool = False) -> QuestionError:
    words = set(catalogue(snapshot).by_name) | {one.id for one in snapshot.everything() if one.documents}
    hint = _like(text, words if in_quotes else words | set(SERVICES))
    return QuestionError(f"nothing in the snapshot is called `{shown(text)}`", hint=hint)


def _no_kind(word: str, snapshot: Snapshot) -> QuestionError:
    kinds = sorted({one.kind for one in subjects(snapshot)})
    hint = f"ask for a kind that is there: {quoted(map(shown, kinds[:MOST]))}" if kinds else LOOK
    return QuestionError(f"no interface of kind `{shown(word)}` in the snapshot", hint=hint)


def _no_name_of_kind(word: str, name: str, snapshot: Snapshot) -> QuestionError:
    kinds = catalogue(snapshot).words.get(word, [])
    names = {name for kind in kinds for one in snapshot.all(kind.kind) for name in one.names() or [one.id]}
    if not names and not any(one.kind == word for one in subjects(snapshot)):
        return _no_kind(word, snapshot)
    return QuestionError(f"no `{shown(word)}` in the snapshot is called `{shown(name)}`", hint=_like(name, names, f"{word}:"))


def _no_fact(word: str, wanted: str, snapshot: Snapshot) -> QuestionError:
    if word == "tag" and "=" not in wanted:
        hint = f"write `tag:{shown(wanted) or 'KEY'}=VALUE`, or `tag:{shown(wanted) or 'KEY'}=*` for any value"
        return QuestionError(f"a tag selector without a value: `tag:{shown(wanted)}`", hint=hint)
    there = {fact for one in subjects(snapshot) for fact in FACTS[word](one, snapshot) if fact}
    if word == "tag":
        key = wanted.partition("=")[0]
        there = {one for one in there if one.startswith(f"{key}=")} or there
    elsewhere = catalogue(snapshot).by_name.get(wanted, []) if word == "name" else []
    hint = f"did you mean `{elsewhere[0].word}:{shown(wanted)}`?" if elsewhere else _like(wanted, there, f"{word}:")
    return QuestionError(f"no interface in the snapshot {_SENTENCES[word]} `{shown(wanted)}`", hint=hint)


_SENTENCES = {
    "tag": "has the tag",
    "account": "belongs to the account",
    "region": "is in the Region",
    "context": "is in the context",
    "name": "is called",
}


def _looks_like_addresses(text: str) -> bool:
    head = text.partition("/")[0]
    return head.count(".") == 3 and head.replace(".", "").isdigit()


def _like(text: str, candidates: Iterable[str], start: str = "") -> str:
    """Return the hint: up to five names that look like the text, else all that there are when they are few, else where to look."""
    every = sorted(candidates)
    if len(every) > MANY:
        every = nlargest(MANY, every, key=lambda one: _common(one, text) + _common(one[::-1], text[::-1]))
    close = near(text[:100], every, MOST)
    if close:
        return f"did you mean {quoted(shown(start + one) for one in close)}?"
    if start and 0 < len(every) <= MOST:
        return f"there {'is' if len(every) == 1 else 'are'} {quoted(shown(start + one) for one in every)}"
    return LOOK


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    return next((at for at, (mine, its) in enumerate(zip(one, other, strict=False)) if mine != its), min(len(one), len(other)))
