"""Snapshots from files. Nothing else in the project reads files.

`files` makes bytes of a folder, a file or an archive, `parse` makes JSON documents of them, `rows` one row a resource, `convert`
components. `embedded` adds interfaces that only instances show, `merge` makes one of several copies of a resource, and
`references` refuses what names resources that must be there and are not.
"""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..models.aws import COMPONENTS
from ..models.errors import InputError
from ..models.snapshot import Snapshot
from . import budget
from .archives import File, is_yaml_template
from .aws_config import is_config
from .by_hand import left_out
from .catalogue import Catalogue, Shelf
from .cloudformation.documents import is_about_stacks
from .code import with_code
from .convert import converted, settle_rest
from .embedded import embedded_rows
from .files import every_file
from .manifest import Collections
from .merge import united
from .parse import documents
from .references import consistent
from .rows import Row, Shelves
from .terraform import is_terraform
from .troubles import Troubles
from .words import path_shown

if TYPE_CHECKING:
    from .cloudformation.assembly import Assembly
    from .code import Code

__all__ = ["load"]

FIRST_KEY = re.compile(rb'[^"\w]*"([A-Za-z]+)"\s*:')


def load(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    keep_going: bool = False,
    report: Callable[[str], None] | None = None,
    named: str = "",
    over: Sequence[str] = (),
) -> Snapshot:
    """Return the snapshot that a folder, a file or an archive holds, or several of them together.

    A folder may be of any depth and hold archives (zip, tar, gzip, zstd); file names carry no meaning, the top-level keys of
    the JSON do. With `keep_going` what cannot be read is handed to `report`, a sentence each, and stands in `broken` of the
    snapshot; without it the first such thing ends the call. Raises InputError for it, for a source that does not exist or
    holds no AWS document at all, and, `keep_going` or not, for archives that unpack to more than a snapshot may hold.
    Evidence calls the source `named`, or by its own path when that is empty.

    A plan of Terraform beside AWS's own answers is laid over them: it stands for what it changes. Where the source is nothing but
    a plan, and `over` holds AWS's own answers, it is laid over these.

    >>> from analyzer.read import load
    >>> load("no/such/folder")
    Traceback (most recent call last):
    analyzer.models.errors.InputError: cannot read `no/such/folder`: no such file or folder
      try: name the snapshot with --snapshot PATH, or try the embedded one with `--snapshot demo`
    """
    with _without_garbage_collection():
        sources = [os.fspath(one) for one in ([source] if isinstance(source, str | os.PathLike) else source)]
        return _read(sources, over, Troubles(keep_going, report), named)


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


def _read(sources: Sequence[str], over: Sequence[str], troubles: Troubles, named: str) -> Snapshot:
    catalogue = Catalogue(COMPONENTS)
    shelves = Shelves(catalogue, troubles)
    code: list[Code] = []
    rows = [row for one in sources for row in _rows(one, shelves, catalogue, troubles, named or one, code)]
    if over and code and not rows and all(one.is_plan for one in code):
        # Code is compared as it is: a plan is laid over AWS's own answers only.
        rows = [row for one in over for row in _rows(one, shelves, catalogue, troubles, one, [])]
    code = list(filter(None, code))
    if not shelves.recognised and not code and not troubles.broken:
        shown = path_shown(sources[0])
        raise InputError(
            f"cannot read `{shown}`: it holds no AWS document",
            hint="name a folder with the JSON of `aws ec2 describe-…` calls, or try the embedded one with `--snapshot demo`",
        )
    seen = list(converted(rows, troubles))
    seen.extend(list(converted(embedded_rows(rows, catalogue), troubles)))
    rows.clear()
    settle_rest(seen)
    seen = list(united(seen, troubles))
    if code:
        seen = with_code(seen, code, catalogue, shelves, troubles)
    collections = Collections(shelves.manifests, COMPONENTS, shelves.collected)
    collected = shelves.collected | collections.brought
    seen = list(consistent(seen, collected, collections.brought, troubles))
    return Snapshot(
        [one.component for one in seen],
        kinds=COMPONENTS,
        collected=shelves.kinds_collected | {kind for _, kind in collections.brought},
        broken=troubles.broken,
        not_modelled=[*shelves.not_modelled.sentences(), *shelves.told, *collections.sentences],
        collected_at=min(filter(None, (shelves.collected_at, collections.collected_at)), default=""),
        unmodelled_ways=[*shelves.not_modelled.ways, *shelves.ways, *collections.ways],
        unmodelled_entries=[*shelves.not_modelled.entries, *sorted(shelves.entries)],
        seen=collections.seen,
        left_out=left_out(seen, shelves.collected, collections.places),
    )


def _rows(source: str, shelves: Shelves, catalogue: Catalogue, troubles: Troubles, named: str, code: list[Code]) -> Iterator[Row]:
    """Yield the rows of a source; what is code is put into a list instead."""
    for file in every_file(source, budget.Budget(budget.LIMITS), troubles):
        place = named + file.path.removeprefix(source)
        try:
            if is_yaml_template(file.data):
                _stacks(code).read(file, place)
                continue
            found = documents(file, budget.LIMITS.depth, shelves.shelf)
        except InputError as error:
            shelf = _guessed(file, catalogue)
            troubles.meet(error, shelf.kinds[0] if shelf else "")
            continue
        for number, document in enumerate(found):
            if is_terraform(document):
                from .terraform.documents import code as declared_in

                try:
                    code.append(declared_in(document, place))
                except InputError as error:
                    troubles.meet(error)
            elif is_config(document):
                from .aws_config import config_rows

                yield from config_rows(document, place, shelves, troubles)
            elif is_about_stacks(document):
                _stacks(code).take(document, place, file.data)
            else:
                yield from shelves.rows(document, place, f"[{number}]" if len(found) > 1 else "")


def _stacks(code: list[Code]) -> Assembly:
    """Return the stacks among the code, which are one assembly: they name each other."""
    from .cloudformation.assembly import Assembly

    found = next((one for one in code if isinstance(one, Assembly)), None)
    if found is None:
        found = Assembly()
        code.append(found)
    return found


def _guessed(file: File, catalogue: Catalogue) -> Shelf | None:
    """Return what a document that is no JSON seems to hold: what stands under its first key; None where nobody can tell."""
    match = FIRST_KEY.match(file.data)
    return catalogue.shelf(match[1].decode()) if match else None
