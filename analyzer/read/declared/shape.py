"""The words of translator tables: which attribute of a declared resource is which field of a row of AWS's answers.

A table maps a type of resource to what it writes: `row` for a resource of AWS, `part` for what it adds to another's row. Fields
are attributes' paths (`"vpc_id"`), which begin with `?` where a row does without, and its absence says nothing; nested objects; or
functions of the resource.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from .draft import Around, Draft, Drafts, Lost
from .elements import doubtful
from .made import ANY_SUBNET
from .resource import Declared, Later, NotKnownError, texts

Source = str | Callable[[Declared], Any] | Mapping[str, Any]


class Writes(msgspec.Struct, frozen=True):
    """What resources of one type write: a row or a part of one, under a key, with an id and fields.

    `doubtful` gives the fields of a part that is not known in full.
    """

    key: str
    id: Callable[[Declared], str | list[str]]
    fields: Mapping[str, Source]
    whole: bool
    when: Callable[[Declared], Any] | None = None


Table = Mapping[str, Sequence[Writes]]


def row(key: str, id_field: str, _when: Callable[[Declared], Any] | None = None, **fields: Source) -> Writes:
    """Return the entry for a row whose id field holds the resource's own id."""
    return Writes(key, lambda one: one.id, {id_field: lambda one: one.id, **fields}, True, _when)


def beside(key: str, id: Callable[[Declared], str], id_field: str, when: Callable[[Declared], Any], **fields: Source) -> Writes:
    """Return the entry for a second row that comes with a resource, under an id of its own."""
    return Writes(key, id, {id_field: id, **fields}, True, when)


def to_each(key: str, owners: str, **fields: Source) -> Writes:
    """Return the entry for what a resource adds to every row whose id its attribute `owners` lists, in any of its blocks."""
    blocks, _, name = owners.rpartition(".")

    def listed(one: Declared) -> list[str]:
        return [text for each in (one.inside(blocks) if blocks else [one]) for text in texts(each.get(name), owners)]

    return Writes(key, listed, fields, False)


def part(key: str, owner: str, _when: Callable[[Declared], Any] | None = None, **fields: Source) -> Writes:
    """Return the entry for what a resource adds to the row whose id its attribute `owner` holds."""
    return Writes(key, lambda one: str(one.get(owner) or ""), fields, False, _when)


def wrapped(key: str, argument: str, owner: str, _when: Callable[[Declared], Any] | None = None, **fields: Source) -> Writes:
    """Return the entry for a part of a row that the API wraps with the id of its owner."""

    def owner_of(one: Declared) -> str:
        return one.id if owner == "id" else str(one.get(owner) or "")

    return Writes(key, owner_of, {argument: owner_of, **fields}, False, _when)


def fixed(value: Any) -> Callable[[Declared], Any]:
    """Return a field that is always the same."""
    return lambda one: value


def itself(one: Declared) -> str:
    """Return the resource's own id."""
    return one.id


def known(path: str, otherwise: Any) -> Callable[[Declared], Any]:
    """Return a field of what an attribute holds, and of what leaves it in doubt where nobody knows that."""

    def found(one: Declared) -> Any:
        try:
            return one.get(path)
        except NotKnownError:
            return otherwise

    return found


def undecided(*paths: str) -> Callable[[Declared], str | None]:
    """Return a field that says which of the attributes holds something that is not known, and is not there where none does."""

    def found(one: Declared) -> str | None:
        try:
            for path in paths:
                one.get(path)
        except NotKnownError as error:
            return error.sentence
        return None

    return found


def ids(path: str, name: str = "") -> Callable[[Declared], list[Any]]:
    """Return a field that lists the texts of an attribute, each in an object under `name` where there is one."""
    return lambda one: [{name: text} if name else text for text in texts(one.get(path), path)]


def every(path: str, **fields: Source) -> Callable[[Declared], list[Any]]:
    """Return a field that lists an object for each block of a path."""
    return lambda one: [filled(fields, block) for block in one.inside(path)]


def filled(fields: Mapping[str, Source], one: Declared) -> dict[str, Any]:
    """Return fields with the values of a resource; those that it does not have are left out. Raises NotKnownError."""
    made: dict[str, Any] = {}
    for name, source in fields.items():
        value = _value(source, one)
        if value is not None and value != "":
            made[name] = value
    return made


def _value(source: Source, one: Declared) -> Any:
    if isinstance(source, str):
        if not source.startswith("?"):
            return one.get(source)
        try:
            return one.get(source[1:])
        except NotKnownError:
            return None
    if isinstance(source, Mapping):
        return filled(source, one) or None
    return source(one)


def drafts(
    table: Table,
    resources: Sequence[Declared],
    is_quiet: Callable[[str], bool],
    gone: Sequence[Declared] = (),
    around: Around | None = None,
) -> Drafts:
    """Return the rows that resources write, with what cannot be told yet, and the types that the table does not know.

    `gone` are resources as they were: what they added to others' rows is taken out of these. `around` is the network that is there.
    """
    found = Drafts(around)
    parts: list[Draft] = []
    for one in resources:
        if one.type not in table:
            if not is_quiet(one.type):
                found.untold.setdefault(one.type, []).append(one.address)
                found.peopled.update(_named_subnets(one.values))
            continue
        for entry in table[one.type]:
            for made in _written(entry, one, found):
                if made.whole:
                    found.add(made)
                else:
                    parts.append(made)
    found.changed.update(one.address for one in gone)
    for one in gone:
        for entry in table.get(one.type, ()):
            for made in () if entry.whole else _written(entry, one, Drafts()):
                found.take(made)
    for made in parts:
        found.add(made)
    return found


# Keys of rows that stay though nobody knows whether they will be there: then their interfaces are in doubt, or what stands in them is.
KEPT = frozenset({"NetworkInterfaces", "Reservations", "Subnets"})
SUBNETS = re.compile(r"(?i).*subnet_?(?:id|identifier)?s?|vpc_?zone_?identifiers?")


def leaves(values: Any) -> Iterator[tuple[str, Any]]:
    """Yield what stands in values at any depth, with the name of the attribute that holds it."""
    level = [("", values)]
    while level:
        name, value = level.pop()
        if isinstance(value, dict):
            level.extend((str(inner), each) for inner, each in value.items())
        elif isinstance(value, list):
            level.extend((name, each) for each in value)
        else:
            yield name, value


def _named_subnets(values: Any) -> Iterator[str]:
    """Yield what attributes that name subnets hold, at any depth; of what is not known that it may be any."""
    for name, value in leaves(values):
        if isinstance(value, Later):
            if not value.by_aws and (not name or SUBNETS.fullmatch(name)):
                yield ANY_SUBNET
        elif isinstance(value, str) and SUBNETS.fullmatch(name):
            yield value


def _written(entry: Writes, one: Declared, found: Drafts) -> Iterator[Draft]:
    owners = [one.id] if entry.whole else []
    try:
        if entry.when is not None and not entry.when(one):
            return
        said = entry.id(one)
        owners = said if isinstance(said, list) else [said]
        if entry.whole:
            found.sources[entry.key, owners[0]] = one
        fields = filled(entry.fields, one)
        if owners == [""]:
            raise NotKnownError("its owner")
    except (NotKnownError, TypeError, ValueError, AttributeError, LookupError) as error:
        why = "it is not written as its type is"
        if isinstance(error, NotKnownError):
            why = error.sentence
        own = one.address if entry.whole else ""
        found.lost.append(Lost(entry.key, "".join(owners[:1]), f"{one.address}: {why}", own))
        return
    if one.perhaps and entry.whole and entry.key in KEPT:
        fields = {**fields, **({"_PerhapsThere": one.perhaps} if entry.key == "NetworkInterfaces" else {})}
        found.notes.append(f"{one.address}: {one.perhaps}")
    elif one.perhaps:
        doubted = None if entry.whole else doubtful(fields, one.perhaps)
        if doubted is None:
            text = f"{one.address}: {one.perhaps}"
            found.lost.append(Lost(entry.key, "".join(owners[:1]), text, one.address if entry.whole else ""))
            return
        fields = doubted
    for owner in filter(None, owners):
        yield Draft(entry.key, owner, fields, one.address, one.line, entry.whole, one.new)
