"""The forms of one selector, in the order in which they are tried: an id, a form, a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_network

from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.packet import PUBLIC, prefix, union
from ..models.snapshot import Snapshot
from .catalogue import (
    FACTS,
    GROUPS,
    INTERFACE,
    SHORT,
    Named,
    catalogue,
    interface_kind,
    is_glob,
    leads_to_interfaces,
    matcher,
    members_of,
)
from .grammar import Atom
from .refusals import ambiguous, no_interface_of, nothing_found
from .selection import Selection


def selected(atom: Atom, snapshot: Snapshot) -> Selection:
    """Return what one selector without operators stands for, never nothing; raises QuestionError when it matches nothing."""
    resources = of_id(atom.text, snapshot)
    if resources:
        return _of_resources(resources, snapshot)
    found = Selection() if atom.quoted else _of_form(atom, snapshot)
    return found or _of_name(atom, snapshot)


def of_id(text: str, snapshot: Snapshot) -> list[Component]:
    """Return the resources whose id this is, or whose ARN; those that stand for interfaces first."""
    kinds = sorted((kind for kind in snapshot.kinds if kind.documents), key=lambda kind: (not kind.endpoint_kind, kind.kind))
    found = [one for kind in kinds if (one := snapshot.find(kind.kind, text)) is not None]
    if not found and text.startswith("arn:") and text.count(":") >= 5:
        _, _, _, region, account, resource = text.split(":", 5)
        by_id = [one for kind in kinds if (one := snapshot.find(kind.kind, re.split("[/:]", resource)[-1])) is not None]
        found = [one for one in by_id if account in ("", one.owner_id, one.account) and region in ("", one.region)]
    return [one for one in found if leads_to_interfaces(type(one))] or found


def _of_resources(resources: Iterable[Component], snapshot: Snapshot) -> Selection:
    found = frozenset(member for one in resources for member in members_of(one, snapshot))
    if not found:
        raise no_interface_of(next(iter(resources)))
    return Selection(found)


# ---------------------------------------------------------------------- forms
def _of_form(atom: Atom, snapshot: Snapshot) -> Selection:
    """Return what the selector stands for as a form; empty when it is none, or finds nothing."""
    text = atom.text
    if text == "internet":
        owned = union(snapshot.public_addresses().values())
        return Selection(spaces=(Endpoint("internet", "internet", PUBLIC - owned),))
    space = _space(text)
    if space is not None:
        return Selection(spaces=(space,))
    holding = catalogue(snapshot).holding
    if text == "any":
        return Selection(holding("any").get("any", frozenset()))
    word, colon, rest = text.partition(":")
    if not colon:
        return Selection(holding("kind").get(text, frozenset()))
    literal = atom.quoted_from > len(word)
    return _by_fact(word, rest, literal, snapshot) if word in FACTS else _by_kind_and_name(word, rest, literal, snapshot)


def _space(text: str) -> Endpoint | None:
    """Return the addresses that a text names, under their shortest spelling; None when it names none."""
    if "%" in text or not text.isascii():
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    shown = str(network) if "/" in text and network.num_addresses > 1 else str(network.network_address)
    return Endpoint(shown, "address", prefix(str(network)))


def _by_fact(word: str, wanted: str, literal: bool, snapshot: Snapshot) -> Selection:
    """Return what has exactly this fact; where nothing has and it is a glob, what has one that it matches."""
    holding = catalogue(snapshot).holding(word)
    exact = holding.get(wanted)
    if exact or literal or not is_glob(wanted):
        return Selection(exact or frozenset())
    glob = matcher(wanted)
    return Selection(frozenset().union(*(ids for value, ids in holding.items() if value and glob.match(value))))


def _by_kind_and_name(word: str, pattern: str, literal: bool, snapshot: Snapshot) -> Selection:
    """Return the interfaces of the resources of a kind with this name or id; an exact name wins over a glob."""
    kinds = catalogue(snapshot).words.get(word, [])
    resources = [one for one in of_id(pattern, snapshot) if type(one) in kinds]
    named = [one.resource for one in catalogue(snapshot).called(pattern, literal=literal, kinds=kinds)]
    found = frozenset(member for one in (*resources, *named) for member in members_of(one, snapshot))
    if found:
        return Selection(found)
    if resources or named:
        raise no_interface_of((*resources, *named)[0])
    return _unclaimed(word, pattern, literal, snapshot)


def _unclaimed(word: str, pattern: str, literal: bool, snapshot: Snapshot) -> Selection:
    """Return the interfaces of a kind that no resource claims, by their own name: those of services that are not modelled."""
    glob = matcher(pattern, literal=literal)
    orphans = (one for one in snapshot.all(INTERFACE) if snapshot.owner(one.id) is None and interface_kind(one, None) == word)
    return Selection(frozenset(one.id for one in orphans if any(name == pattern or glob.match(name) for name in one.names())))


# ---------------------------------------------------------------------- names
def _of_name(atom: Atom, snapshot: Snapshot) -> Selection:
    named = catalogue(snapshot).called(atom.text, literal=atom.quoted_from >= 0)
    able = [one for one in named if leads_to_interfaces(type(one.resource))]
    if not able:
        raise no_interface_of(named[0].resource) if named else nothing_found(atom, snapshot)
    behind = {(one.word, one.resource.id): frozenset(members_of(one.resource, snapshot)) for one in able}
    rest = [one for one in able if not _is_part(one, behind)]
    if len({one.word for one in rest}) > 1:
        raise ambiguous(atom.text, rest)
    return _of_resources([one.resource for one in rest], snapshot)


def _is_part(named: Named, behind: dict[tuple[str, str], frozenset[str]]) -> bool:
    """Return whether it is an interface of another resource that has the same name: then that resource is meant."""
    groups = [SHORT.get(kind, kind) for kind in GROUPS]
    owned = (ids for (word, _), ids in behind.items() if word not in groups)
    return named.resource.kind == INTERFACE and any(named.resource.id in ids for ids in owned)
