"""`reach diff OLD NEW`: which flows opened, which closed, told at the coarsest grain at which they show, and the lines that did it."""

from __future__ import annotations

from ..matrix.grain import INTERNET, grain, groups_of
from ..models.answer import SnapshotFacts
from ..models.difference import Change, Difference
from ..models.matrix import Group
from ..models.service import parse_services, service_text
from ..models.snapshot import Snapshot
from ..related import Related
from ..select.catalogue import INTERFACE
from ..select.inventory import not_modelled
from .causes import causes
from .deltas import Delta, deltas, pairs_in
from .outside import by_outside
from .sides import Side, sides
from .telling import Told, told

__all__ = ["difference"]

# Of more changes the lines that did it are not looked for: nobody reads so many.
MOST_EXPLAINED = 200


def difference(old: Snapshot, new: Snapshot, on: str | None = None, made: tuple[Related, Related] | None = None) -> Difference:
    """Return what opened and what closed between two snapshots, on some services.

    A flow between two interfaces opened when its verdict is surer than it was (`blocked`, `unknown`, `conditional`, `reachable`), and
    closed when it is less so. Interfaces are the same when their ids are. `made` are the relations of both,
    where they are there. Raises QuestionError for a service that is none.
    """
    before, after = sides(old, new, parse_services(on or ""), made)
    found = deltas(before, after)
    outside = by_outside(before, after, parse_services(on or ""))
    rows = [*told(found, before, after), *outside.rows]
    changes = [_change(row, old, new, explained=number < MOST_EXPLAINED) for number, row in enumerate(rows)]
    left_out = [*not_modelled(new), *before.missing(), *after.missing(), *_unseen(outside.left_out)]
    return Difference(
        on=on,
        opened=[one for one in changes if one.change == "opened"],
        closed=[one for one in changes if one.change == "closed"],
        pairs=pairs_in(found) + _pairs_besides(outside.rows, found, before),
        not_modelled=list(dict.fromkeys(left_out)),
        old=SnapshotFacts(collected_at=old.collected_at, accounts=old.accounts),
        new=SnapshotFacts(collected_at=new.collected_at, accounts=new.accounts),
    )


def _pairs_besides(rows: list[Told], found: list[Delta], side: Side) -> int:
    """Return how many pairs of an interface and the internet, or networks outside, changed by some addresses alone."""
    bit = 1 << side.numbers[INTERNET.id]
    into = {(INTERNET.id, id) for one in found if one.sources & bit for id in side.listed(one.targets)}
    out = {(id, INTERNET.id) for one in found if one.targets & bit for id in side.listed(one.sources)}
    return len({(source.id, target.id) for row in rows for source in row.sources for target in row.targets} - into - out)


def _unseen(count: int) -> list[str]:
    return [f"whom outside {count:,} more interface{'s' if count > 1 else ''} may send to was not compared"] if count else []


def _named(id: str, old: Snapshot, new: Snapshot) -> Group:
    """Return an interface as a group of one, under the name that it has now."""
    world = old if new.find(INTERFACE, id) is None else new
    if id != INTERNET.id and world.find(INTERFACE, id) is None:
        return Group(id, id)  # an address of a stranger
    return groups_of(id, world, grain("interface"))[0]


def _change(row: Told, old: Snapshot, new: Snapshot, *, explained: bool) -> Change:
    return Change(
        change="opened" if row.opened else "closed",
        grain=row.grain,
        sources=sorted(row.sources),
        targets=sorted(row.targets),
        services=service_text(row.services),
        was=row.was,
        now=row.now,
        example=(_named(row.examples[0][0], old, new), _named(row.examples[0][1], old, new)),
        causes=causes(row, old, new) if explained else [],
    )
