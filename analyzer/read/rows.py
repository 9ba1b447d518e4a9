"""Rows of a document: one resource each, with the place where it stands for messages and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from ..models.collection import KEY, Manifest
from ..models.component import Component
from ..models.errors import InputError
from . import npguard
from .catalogue import IGNORED, Catalogue, Reader, Shelf
from .manifest import manifest_of
from .not_modelled import NotModelled
from .parse import type_of
from .quick import Batch
from .troubles import Troubles
from .whose import Viewer, settle_by, viewer_of
from .words import LEAVE_FILE_OUT, LEAVE_RESOURCE_OUT, path_shown, shown

# Kinds of AWS's own facts, which say nothing about what else an account has.
BESIDE_CODE = frozenset({"prefix_list", "prefix_list_entries"})


class Row(msgspec.Struct):
    """One resource as its document shows it.

    `number` counts the resources of one key of a document from 0. `path` says where inside the document the row stands when
    the number alone does not, like `Reservations[1].Instances[0]`. `embedded` rows are a part of another resource's row.
    `declared` is how code calls the resource that it was made of, `line` where the code does that, 0 where nobody knows; `path`
    says then where its document does. `seen_by` is the account and Region of a resource where they are known before.
    `content` are its fields, or the batch of rows that it was decoded with, and then `made` is what it became.
    """

    reader: Reader
    content: dict[str, Any] | Batch
    file: str
    number: int
    path: str
    embedded: bool = False
    made: Component | None = None
    declared: str = ""
    line: int = 0
    seen_by: Viewer | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The resource's fields."""
        return self.content if isinstance(self.content, dict) else self.content.fields[self.number]

    @property
    def component(self) -> type[Component]:
        """The class of the resource."""
        return self.reader.component

    @property
    def viewer(self) -> Viewer:
        """The account and Region that saw the resource, as the path says."""
        return viewer_of(self.file)

    @property
    def where(self) -> str:
        """The row as messages name it."""
        if self.declared:
            return f"`{shown(self.declared, 200)}` of `{path_shown(self.file)}{self._line}`"
        return f"resource {self.number} of `{path_shown(self.file)}`"

    @property
    def origin(self) -> str:
        """The row as evidence names it."""
        if self.declared:
            place = f"`{path_shown(self.file)}{self._line}`"
            if not self.path:
                return f"{place} `{shown(self.declared, 200)}`"
            number = re.findall(r"\[([0-9]+)\]", self.path)[-1]
            named = "" if self.declared == self.id else f" `{shown(self.declared, 200)}`"
            return f"{place} resource {number} (`{self.path}`){named}"
        return _origin(path_shown(self.file), self.number, self.path)

    @property
    def _line(self) -> str:
        return f":{self.line}" if self.line else ""

    def field(self, path: str) -> str:
        """Return a field as messages name it, given its path inside the row; "" names the row, and is "" where it is alone."""
        if self.declared:
            return path
        return f"{self.path}.{path}" if self.path and path else self.path or path

    def error(self, text: str, *, hint: str = LEAVE_RESOURCE_OUT) -> InputError:
        """Return the error about this row."""
        return InputError(f"cannot read {self.where}: {text}", hint=hint)

    @property
    def id(self) -> str:
        """The id as far as a row that cannot be read tells: the text of the class's first own field; "" when there is none."""
        own = self.component.__struct_encode_fields__[len(Component.__struct_fields__) :]
        text = self.fields.get(own[0]) if own else None
        return shown(text, 2048) if isinstance(text, str) else ""


def _origin(place: str, number: int, path: str) -> str:
    return f"`{place}` resource {number} (`{path}`)" if path else f"`{place}` resource {number}"


class Shelves:
    """Takes documents apart into rows, and remembers which kinds were collected, by whom, and what nothing models."""

    def __init__(self, catalogue: Catalogue, troubles: Troubles) -> None:
        self.collected: set[tuple[Viewer, str]] = set()
        self.not_modelled = NotModelled()
        self.recognised = False
        # Kinds of which code tells all there is, and sentences about what it does not tell.
        self.declared: set[str] = set()
        self.told: list[str] = []
        self.ways: set[str] = set()
        self.entries: set[str] = set()
        # Whether relays that code makes, and of which too little is known, may pass on to anybody what hosts send them.
        self.relaying = False
        self.collected_at = ""
        self.manifests: list[Manifest] = []
        self._catalogue = catalogue
        self._troubles = troubles

    def rows(self, document: dict[str, Any], file: str, label: str) -> Iterator[Row]:
        """Yield the rows of every key that a component reads. `label` tells several documents of one file apart."""
        document = _listed(document)
        self._take_manifest(document, file)
        said = document.get("collected_at")
        if isinstance(said, str) and said:
            # Of several collections the oldest: no answer is younger than the oldest of what it rests on.
            self.collected_at = min(filter(None, (self.collected_at, shown(said, 40))))
        known = {key: shelf for key in document if (shelf := self.shelf(key)) is not None}
        alone = len(known) == 1 and not label
        beside: set[str] = set()
        for key, shelf in known.items():
            value = document[key]
            if value is None:
                # An answer of AWS never says null; NP-Guard writes a list without members so.
                if self._catalogue.shelf(key) is not None:
                    continue
                value = []
            self.recognised = True
            self.collected.update((viewer_of(file), kind) for kind in shelf.kinds)
            path = f"{label}{'.' if label else ''}{shown(key)}"
            if isinstance(value, Batch):
                yield from self._batch(value, shelf, file, "" if alone and not shelf.member else path)
                continue
            if isinstance(value, dict):
                # `{"Firewall": …, "FirewallStatus": …}` is one resource: what stands beside it belongs to it.
                argument = shelf.readers[0].argument
                names = [other for other in document if other == argument or (other.startswith(key) and other not in known)]
                parts = {other: document[other] for other in names}
                beside.update(parts)
                entries = [(path, {**parts, **value})]
            elif isinstance(value, list):
                entries = [(f"{path}[{number}]", entry) for number, entry in enumerate(value)]
            else:
                text = f"cannot read `{path_shown(file)}`: field `{path}`: expected a list, got {type_of(value)}"
                self._troubles.meet(InputError(text, hint=LEAVE_FILE_OUT), shelf.kinds[0])
                continue
            yield from self._nested(entries, shelf, file) if shelf.member else self._flat(entries, shelf, file, alone)
        for key, value in document.items():
            if key not in known and key not in beside and key not in IGNORED:
                self.not_modelled.add(key, value)

    @property
    def kinds_collected(self) -> set[str]:
        """The kinds of which documents were read; code tells all there is, where nothing but lists of prefixes stands beside it."""
        found = {kind for _, kind in self.collected}
        return found if found - BESIDE_CODE else found | self.declared

    def _take_manifest(self, document: dict[str, Any], file: str) -> None:
        """Take the manifest of a collection out of a document that holds one."""
        if KEY in document:
            try:
                self.manifests.append(manifest_of(document.pop(KEY), file))
                self.recognised = True
            except InputError as error:
                self._troubles.meet(error)

    def shelf(self, key: str) -> Shelf | None:
        """Return what stands under a key of AWS or NP-Guard; None when no component reads it."""
        return shelf_of(key, self._catalogue)

    def _batch(self, batch: Batch, shelf: Shelf, file: str, path: str) -> Iterator[Row]:
        """Yield the rows of a batch; where its key stands `alone` in a file, the number of a row says where it is."""
        reader, paths, viewer, place = shelf.readers[0], batch.paths, viewer_of(file), path_shown(file)
        for number, (made, facts) in enumerate(zip(batch.components, batch.facts, strict=True)):
            at = path + paths[number] if paths is not None else f"{path}[{number}]" if path else ""
            settle_by(made, facts, viewer)
            made.origin = _origin(place, number, at)
            yield Row(reader, batch, file, number, at, made=made)

    def _flat(self, entries: list[tuple[str, Any]], shelf: Shelf, file: str, alone: bool) -> Iterator[Row]:
        """Yield the entries as rows; where one key stands alone in a file, the number of a row says where it is."""
        for number, (path, fields) in enumerate(entries):
            row = Row(shelf.readers[0], fields, file, number, "" if alone else path)
            if isinstance(fields, dict):
                if self._is_ours(row, shelf, fields):
                    yield row
            else:
                self._misshapen(row, row.path, "an object", fields)

    def _nested(self, entries: list[tuple[str, Any]], shelf: Shelf, file: str) -> Iterator[Row]:
        """Yield the rows inside entries, which inherit the entry's owner and the argument that it was asked with."""
        number = 0
        for path, entry in entries:
            row = Row(shelf.readers[0], {}, file, number, path)
            if not isinstance(entry, dict):
                self._misshapen(row, path, "an object", entry)
                continue
            inner = entry.get(shelf.member, [])
            if not isinstance(inner, list):
                self._misshapen(row, f"{path}.{shelf.member}", "a list", inner)
                continue
            for index, fields in enumerate(inner):
                row = Row(shelf.readers[0], {}, file, number, f"{path}.{shelf.member}[{index}]")
                number += 1
                if not isinstance(fields, dict):
                    self._misshapen(row, row.path, "an object", fields)
                    continue
                if not self._is_ours(row, shelf, fields):
                    continue
                for inherited in ("OwnerId", row.reader.argument):
                    if inherited and inherited in entry:
                        fields.setdefault(inherited, entry[inherited])
                yield row

    def _is_ours(self, row: Row, shelf: Shelf, fields: dict[str, Any]) -> bool:
        """Return whether a component reads the fields, which then are the row's; what none reads is not modelled."""
        reader = shelf.reader(fields)
        if reader is None:
            self.not_modelled.add(shelf.key, fields)
            return False
        row.reader, row.content = reader, _plain(fields)
        return True

    def _misshapen(self, row: Row, path: str, expected: str, found: Any) -> None:
        field = f"field `{path}`: " if path else ""
        self._troubles.meet(row.error(f"{field}expected {expected}, got {type_of(found)}"), row.component.kind)


def shelf_of(key: str, catalogue: Catalogue) -> Shelf | None:
    """Return what stands under a key of AWS or NP-Guard; None when no component reads it."""
    return catalogue.shelf(key) or npguard.shelf(key, catalogue)


def _listed(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document that is a resource itself, as `get-…` calls of VPC Lattice answer it, as a list of one."""
    arn = document.get("arn")
    return {"items": [document]} if isinstance(arn, str) and ":vpc-lattice:" in arn else document


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    """Take the names out of a row that only the loader and the components themselves may set: those that begin with `_`."""
    for name in [name for name in fields if name.startswith("_")]:
        del fields[name]
    return fields
