"""The short way from bytes to components: the rows of one key of a document are decoded straight into their class.

What this way takes means the same on the careful one (dictionaries first); whatever it cannot take, one bad row be it, it
leaves to that one, which alone words errors. So nothing is decided here but speed and memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec

from ..models.component import Component
from .catalogue import Shelf
from .whose import facts_of

# Of a number too large for a float Python makes infinity: only a field that nothing reads can hold one here.
_PLAIN = msgspec.json.Decoder(float_hook=float)
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_REFUSALS = (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError)


class Batch:
    """The rows of one key of a document: their components, and of each what tells whose it is.

    `paths` says where inside the key each row stands, where its number alone does not.
    """

    def __init__(self, key: str, part: msgspec.Raw, shelf: Shelf, again: Callable[[], bytes]) -> None:
        """Decode the rows; raises one of _REFUSALS where any of them has to be read with care."""
        self._key = key
        self._again = again
        self._member = shelf.member
        decode, facts = _decoders(shelf.readers[0].component, shelf.member)
        self.components: list[Any] = decode(part)
        self.facts: list[Any] = facts(part)
        self.paths: list[str] | None = None
        if shelf.member:
            self._flatten()

    def _flatten(self) -> None:
        """Take the rows out of their entries, which hand down their owner as `setdefault` would."""
        entries = list(zip(self.components, self.facts, strict=True))
        self.components, self.facts, self.paths = [], [], []
        for number, (entry, told) in enumerate(entries):
            if not isinstance(entry.OwnerId, str | None):
                raise TypeError
            for index, (component, facts) in enumerate(zip(entry.rows, told.rows, strict=True)):
                if entry.OwnerId is not None and facts.OwnerId is None:
                    component.owner_id = entry.OwnerId
                    facts = msgspec.structs.replace(facts, OwnerId=entry.OwnerId)
                self.components.append(component)
                self.facts.append(facts)
                self.paths.append(f"[{number}].{self._member}[{index}]")

    @cached_property
    def fields(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, for what must compare them; the document is read again for them."""
        entries: list[dict[str, Any]] = _PLAIN.decode(_PARTS.decode(self._again())[self._key])
        if not self._member:
            return entries
        owners = [{"OwnerId": entry["OwnerId"]} if "OwnerId" in entry else {} for entry in entries]
        pairs = zip(owners, entries, strict=True)
        return [{**owner, **row} for owner, entry in pairs for row in entry.get(self._member, [])]


_made: dict[tuple[type[Component], str], tuple[Callable[[msgspec.Raw], list[Any]], Callable[[msgspec.Raw], list[Any]]]] = {}


def _decoders(
    component: type[Component], member: str
) -> tuple[Callable[[msgspec.Raw], list[Any]], Callable[[msgspec.Raw], list[Any]]]:
    """Return what decodes the entries of a key: into the class, and into what tells whose each of them is."""
    found = _made.get((component, member))
    if found is None:
        shapes = [_entry(one, member) if member else one for one in (component, facts_of(component))]
        one, other = (msgspec.json.Decoder(list[shape]).decode for shape in shapes)  # type: ignore[valid-type]
        found = _made[component, member] = (one, other)
    return found


def _entry(shape: type[Any], member: str) -> type[Any]:
    rows: tuple[str, Any, Any] = ("rows", list[shape], msgspec.field(default_factory=list, name=member))  # type: ignore[valid-type]
    return msgspec.defstruct("Entry", [("OwnerId", Any, None), rows])


def split(data: bytes, shelf: Callable[[str], Shelf | None], again: Callable[[], bytes]) -> dict[str, Any] | None:
    """Return a document with the rows of every key as a batch where that can be; None for what has to be read with care.

    That is what is no single object, or holds `null`, names that only the loader may set, or text that is no UTF-8. `again`
    gives the same bytes once more, which are not kept.
    """
    if b"null" in data or _has_private_names(data) or (b"\\" in data and b"\\u" in data):
        return None
    try:
        if not data.isascii():
            data.decode()
        return {key: _value(key, part, shelf(key), again) for key, part in _PARTS.decode(data).items()}
    except _REFUSALS:
        return None


def _has_private_names(data: bytes) -> bool:
    """Return whether a text begins with `_`; where the sign is rare, looking for it alone is several times faster."""
    at = -1
    for _ in range(len(data) >> 10):
        at = data.find(b"_", at + 1)
        if at < 0 or data[at - 1 : at] == b'"':
            return at >= 0
    return b'"_' in data


def _value(key: str, part: msgspec.Raw, shelf: Shelf | None, again: Callable[[], bytes]) -> Any:
    """Return the rows of a key as a batch, or else what stands under it as it is."""
    if shelf is not None and shelf.quick:
        try:
            return Batch(key, part, shelf, again)
        except _REFUSALS:
            pass
    return msgspec.json.decode(part)
