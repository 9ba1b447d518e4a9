"""Code among the documents of a snapshot: a network of its own where it is alone, laid over AWS's own answers where these are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ..models.snapshot import Snapshot
from .catalogue import Catalogue
from .convert import Seen, converted, settle_rest
from .merge import united
from .references import consistent
from .rows import BESIDE_CODE, Row, Shelves
from .troubles import Troubles
from .words import path_shown

if TYPE_CHECKING:
    from .declared.draft import Around, Drafts
    from .declared.resource import Declared


class Code(Protocol):
    """What code declares: a plan of Terraform or a state, the stacks of CloudFormation. What is no plan tells only what there was."""

    file: str
    is_plan: bool
    # What it takes away, as it was.
    gone: list[Declared]

    def drafts(self, around: Around) -> Drafts:
        """Return the rows that there will be; `around` is the network that is there."""

    def drafts_before(self, around: Around) -> Drafts:
        """Return the rows that there were."""


def with_code(
    seen: Sequence[Seen], code: Sequence[Code], catalogue: Catalogue, shelves: Shelves, troubles: Troubles
) -> list[Seen]:
    """Return what there is once the code is applied, given what AWS's own answers show."""
    from .declared.chosen import choose
    from .declared.reading import placed

    there = [one for one in seen if one.component.kind not in BESIDE_CODE]
    shelves.recognised = True
    rows = _laid_over(seen, code, catalogue, shelves, troubles) if there else _alone(seen, code, catalogue, shelves, troubles)
    rows = placed(rows, choose((row.component.kind, row.fields) for row in rows), shelves, troubles)
    found = list(united(converted(rows, troubles), troubles))
    settle_rest(found)
    return _with_what_they_stand_in(found, shelves) if there else found


def _with_what_they_stand_in(found: list[Seen], shelves: Shelves) -> list[Seen]:
    """Return the resources without those that stood in a VPC or subnet which a plan deletes."""
    while True:
        quiet = Troubles(True, None)
        kept = list(consistent(found, shelves.collected, frozenset(), quiet))
        if len(kept) == len(found):
            return kept
        shelves.told.extend(one.text for one in quiet.broken)
        found = kept


def _alone(seen: Sequence[Seen], code: Sequence[Code], catalogue: Catalogue, shelves: Shelves, troubles: Troubles) -> list[Row]:
    """Return the rows of code that tells all there is, with those of AWS's own facts."""
    from .declared.overlay import Live
    from .declared.reading import declared_rows

    live = Live(seen, catalogue)
    made = (row for one in code for row in declared_rows(one.drafts(live), catalogue, shelves, troubles, one.file))
    return [*made, *live.rows.values()]


def _laid_over(
    seen: Sequence[Seen], code: Sequence[Code], catalogue: Catalogue, shelves: Shelves, troubles: Troubles
) -> list[Row]:
    """Return the rows of AWS's own answers with what plans change of them."""
    from ..models.aws import COMPONENTS
    from .declared.made import complete
    from .declared.overlay import Live, Overlay

    live = Live(seen, catalogue)
    owners = Snapshot([one.component for one in seen], kinds=COMPONENTS, collected={kind for _, kind in shelves.collected}).owners
    rows = list(live.rows.values())
    for one in code:
        if not one.is_plan:
            shelves.told.append(f"`{path_shown(one.file)}`: a state says nothing beside AWS's own answers, and is left out")
            continue
        before, after = one.drafts_before(live), one.drafts(live)
        complete(before)
        complete(after)
        rows = Overlay(live, owners, before, after, catalogue, one.file).rows(shelves, troubles)
    return rows
