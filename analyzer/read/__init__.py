"""Snapshots from files. Nothing else in the project reads files.

`files` makes bytes of a folder, a file or an archive, `parse` makes JSON documents of them, `rows` one row a resource, `convert`
components. `embedded` adds interfaces that only instances show, `merge` makes one of several copies of a resource, and
`references` refuses what names resources that must be there and are not.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..models.aws import COMPONENTS
from ..models.errors import InputError
from ..models.snapshot import Snapshot
from . import budget
from .archives import File
from .catalogue import Catalogue, Shelf
from .convert import converted, settle_rest
from .embedded import embedded_rows
from .files import every_file
from .manifest import Collections
from .merge import united
from .parse import documents
from .references import consistent
from .rows import Row, Shelves
from .troubles import Troubles
from .words import path_shown

__all__ = ["load"]

FIRST_KEY = re.compile(rb'[^"\w]*"([A-Za-z]+)"\s*:')


def load(
    source: str | os.PathLike[str],
    *,
    keep_going: bool = False,
    report: Callable[[str], None] | None = None,
    named: str = "",
) -> Snapshot:
    """Return the snapshot that a folder, a file or an archive holds.

    A folder may be of any depth and hold archives (zip, tar, gzip, zstd); file names carry no meaning, the top-level keys of
    the JSON do. With `keep_going` what cannot be read is handed to `report`, a sentence each, and stands in `broken` of the
    snapshot; without it the first such thing ends the call. Raises InputError for it, for a source that does not exist or
    holds no AWS document at all, and, `keep_going` or not, for archives that unpack to more than a snapshot may hold.
    Evidence calls the source `named`, or by its own path when that is empty.

    >>> from analyzer.read import load
    >>> load("no/such/folder")
    Traceback (most recent call last):
    analyzer.models.errors.InputError: cannot read `no/such/folder`: no such file or folder
      try: name the snapshot with --snapshot PATH, or try the embedded one with `--snapshot demo`
    """
    with _without_garbage_collection():
        return _read(os.fspath(source), Troubles(keep_going, report), named)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Keep Python from looking for garbage while objects are only made, and from then on in what was made.

    Both took half of the time of a large snapshot, and nothing of it is garbage before the snapshot goes, which needs no search.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.freeze()
            gc.enable()


def _read(source: str, troubles: Troubles, named: str) -> Snapshot:
    catalogue = Catalogue(COMPONENTS)
    shelves = Shelves(catalogue, troubles)
    rows = list(_rows(source, shelves, catalogue, troubles, named or source))
    if not shelves.recognised and not troubles.broken:
        raise InputError(
            f"cannot read `{path_shown(source)}`: it holds no AWS document",
            hint="name a folder with the JSON of `aws ec2 describe-…` calls, or try the embedded one with `--snapshot demo`",
        )
    seen = list(converted(rows, troubles))
    seen.extend(list(converted(embedded_rows(rows, catalogue), troubles)))
    rows.clear()
    settle_rest(seen)
    collections = Collections(shelves.manifests, COMPONENTS)
    collected = shelves.collected | collections.brought
    seen = list(consistent(list(united(seen, troubles)), collected, collections.brought, troubles))
    return Snapshot(
        [one.component for one in seen],
        kinds=COMPONENTS,
        collected={kind for _, kind in collected},
        broken=troubles.broken,
        not_modelled=[*shelves.not_modelled.sentences(), *collections.sentences],
        collected_at=min(filter(None, (shelves.collected_at, collections.collected_at)), default=""),
        unmodelled_ways=collections.ways.union(shelves.not_modelled.ways),
        unmodelled_entries=shelves.not_modelled.entries,
        seen=collections.seen,
    )


def _rows(source: str, shelves: Shelves, catalogue: Catalogue, troubles: Troubles, named: str) -> Iterator[Row]:
    for file in every_file(source, budget.Budget(budget.LIMITS), troubles):
        try:
            found = documents(file, budget.LIMITS.depth, shelves.shelf)
        except InputError as error:
            shelf = _guessed(file, catalogue)
            troubles.meet(error, shelf.kinds[0] if shelf else "")
            continue
        for number, document in enumerate(found):
            yield from shelves.rows(document, named + file.path.removeprefix(source), f"[{number}]" if len(found) > 1 else "")


def _guessed(file: File, catalogue: Catalogue) -> Shelf | None:
    """Return what a document that is no JSON seems to hold: what stands under its first key; None where nobody can tell."""
    match = FIRST_KEY.match(file.data)
    return catalogue.shelf(match[1].decode()) if match else None
