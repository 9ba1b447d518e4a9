"""A plan laid over the network that is there: what it changes of AWS's answers, and nothing else.

The code is read twice, as it was and as it will be. Rows that are the same in both change nothing: of what is there AWS's own answer
is the truth. The others are added, taken away, or patched (`patch`) into the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from ...models.snapshot import Broken
from ..catalogue import Catalogue
from ..convert import Seen
from ..rows import Row, Shelves
from ..troubles import Troubles
from ..whose import Viewer
from .draft import Draft, Drafts
from .made import ANY_SUBNET
from .patch import patched
from .reading import leave_untold
from .rows import declared_of, loose, loosely, row_of, sentences

Name = tuple[str, str]
Owners = Mapping[str, Name]
GROUP, INTERFACE, SUBNET = "security_group", "network_interface", "subnet"
# What transit gateways really route is in answers of their own, which code does not write.
ROUTED, WRITTEN = "transit_gateway_routes", "transit_gateway_"
# Rows that are read anew, as more may be said in them of addresses that AWS has yet to choose.
AGAIN = frozenset({GROUP, INTERFACE, SUBNET, "network_acl", "route_table", "nat_gateway", "vpc"})


class Live:
    """The rows of the network that is there, by kind and id: what code refers to."""

    def __init__(self, seen: Sequence[Seen], catalogue: Catalogue) -> None:
        self.rows: dict[Name, Row] = {}
        for one in seen:
            self.rows[one.component.kind, one.component.id] = _again(one)
        self._catalogue = catalogue

    def find(self, key: str, id: str) -> dict[str, Any] | None:
        """Return the fields of a row; None where there is none."""
        name = self.name(key, id)
        return None if name is None else self.rows[name].fields

    def name(self, key: str, id: str) -> Name | None:
        """Return the kind and id of a row of a key; None where there is none."""
        shelf = self._catalogue.shelf(key)
        return next(((kind, id) for kind in (shelf.kinds if shelf is not None else ()) if (kind, id) in self.rows), None)

    def named(self, key: str, field: str, text: str) -> str:
        """Return the id of the row whose field holds the text; "" where there is none."""
        shelf = self._catalogue.shelf(key)
        kinds = shelf.kinds if shelf is not None else ()
        return next((id for (kind, id), row in self.rows.items() if kind in kinds and row.fields.get(field) == text), "")

    def default_group(self, vpc_id: str) -> str:
        """Return the id of a VPC's default group; "" where nobody knows it."""
        wanted = ("default", vpc_id)
        groups = ((id, row.fields) for (kind, id), row in self.rows.items() if kind == GROUP)
        return next((id for id, fields in groups if (fields.get("GroupName"), fields.get("VpcId")) == wanted), "")


def _again(one: Seen) -> Row:
    """Return the row of a component, to be made again from its fields where more may be said in them."""
    row, made = one.row, one.component
    if made.kind not in AGAIN:
        return Row(row.reader, row.content, row.file, row.number, row.path, row.embedded, made)
    viewer = Viewer(made.account, made.region)
    return Row(
        row.reader, dict(row.fields), row.file, row.number, row.path, row.embedded, seen_by=viewer if any(viewer) else None
    )


class Overlay:
    """What a plan does to the network that is there."""

    def __init__(self, live: Live, owners: Owners, before: Drafts, after: Drafts, catalogue: Catalogue, file: str) -> None:
        """Prepare to lay over; `owners` says to whom each interface that is there belongs."""
        self._live, self._owners, self._catalogue = live, owners, catalogue
        self._before, self._after, self._file = before, after, file
        self._old = {(row.component.kind, draft.id): (draft, row) for draft, row in declared_of(before, catalogue, file)}
        self._new = {(row.component.kind, draft.id): (draft, row) for draft, row in declared_of(after, catalogue, file)}

    def rows(self, shelves: Shelves, troubles: Troubles) -> list[Row]:
        """Return the rows of the network once the plan is applied; what nobody knows of it goes to the shelves and troubles."""
        for name, (draft, row) in self._new.items():
            was = self._old.get(name)
            if was is None or was[1].fields != row.fields:
                self._change(name, self._by_part(draft, row), was[1].fields if was is not None else {})
        for name, (draft, row) in self._old.items():
            if (draft.key, draft.id) not in self._after.rows:
                self._remove(self._there(name, row), draft, row)
        troubles.broken.extend(self._parts())
        troubles.broken.extend(self._lost())
        self._unsettle()
        self._move()
        leave_untold(self._untold(), shelves, troubles)
        shelves.told.extend(set(sentences(self._after, self._live.name)) - set(sentences(self._before, self._live.name)))
        return list(self._live.rows.values())

    # ------------------------------------------------------------------ one row
    def _there(self, name: Name, row: Row) -> Name | None:
        """Return the name of a declared row among those that are there: by its id, or by an ARN that is its id for AWS."""
        kind, id = name
        texts = (value for value in row.fields.values() if isinstance(value, str))
        return next(((kind, text) for text in (id, *texts) if (kind, text) in self._live.rows), None)

    def _by_part(self, draft: Draft, row: Row) -> Row:
        """Return a row as declared by the first resource that newly adds to it, where there is such a one."""
        key = (draft.key, draft.id)
        new = [one for one in self._after.parts.get(key, ()) if one not in self._before.parts.get(key, ())]
        adding = structs.replace(draft, address=new[0]) if new else draft
        return row_of(adding, self._after, self._catalogue, self._file) or row

    def _change(self, name: Name, row: Row, was: dict[str, Any]) -> None:
        there = self._there(name, row)
        if there is None:
            self._live.rows[name] = row
            return
        if was:
            self._patch(there, was, row.fields, row)
        else:
            # What code takes over, it says in full.
            self._replace(there, {**self._live.rows[there].fields, **row.fields}, row)
        self._regroup(there, was, row.fields)

    def _patch(self, there: Name, was: dict[str, Any], fields: dict[str, Any], place: Row) -> None:
        self._replace(there, patched(self._live.rows[there].fields, was, fields), place)

    def _replace(self, there: Name, made: dict[str, Any], place: Row) -> None:
        row = self._live.rows[there]
        viewer = Viewer(row.made.account, row.made.region) if row.made is not None else row.seen_by
        self._live.rows[there] = Row(
            row.reader, made, place.file, place.number, place.path, declared=place.declared, line=place.line, seen_by=viewer
        )

    def _remove(self, there: Name | None, draft: Draft, row: Row) -> None:
        """Take a row away, and the interfaces that belong to it; of a node that only code names, those in its subnet."""
        if there is not None:
            del self._live.rows[there]
        owner = next(
            (
                self._there(name, other)
                for name, (one, other) in self._old.items()
                if one.address == draft.address and one is not draft
            ),
            None,
        )
        subnet_id = row.fields.get("SubnetId") if row.component.kind == INTERFACE and there is None else None
        for id, of in self._owners.items():
            interface = self._live.rows.get((INTERFACE, id))
            own = of == there or (subnet_id is not None and of == owner and interface is not None)
            if own and interface is not None and subnet_id in (None, interface.fields.get("SubnetId")):
                del self._live.rows[INTERFACE, id]

    def _regroup(self, there: Name, was: dict[str, Any], fields: dict[str, Any]) -> None:
        """Give the interfaces of a row the groups that it has now."""
        if there[0] == INTERFACE:
            return
        groups = {id for kind, id in (*self._live.rows, *self._new) if kind == GROUP}
        old, new = ([{"GroupId": text} for text in _texts(one) if text in groups] for one in (was, fields))
        for id, of in self._owners.items():
            if of == there and old != new and (INTERFACE, id) in self._live.rows:
                self._patch((INTERFACE, id), {"Groups": old}, {"Groups": new}, self._live.rows[there])

    # ------------------------------------------------------------------ parts, and what nobody knows
    def _parts(self) -> Iterator[Broken]:
        """Lay parts of rows that the code does not hold over those that are there; yield what is there of none."""
        old, new = ({(one.key, one.id): one for one in loose(drafts)} for drafts in (self._before, self._after))
        for key, id in dict.fromkeys((*old, *new)):
            was, now = old.get((key, id)), new.get((key, id))
            fields = now.fields if now is not None else {}
            there = self._live.name(key, id)
            if (was.fields if was is not None else {}) == fields:
                continue
            if there is None:
                shelf = self._catalogue.shelf(key) if now is not None else None
                yield from (Broken(kind, id, loosely(now or old[key, id])) for kind in (shelf.kinds if shelf is not None else ()))
                continue
            yield from self._rerouted(there)
            place = row_of(now, self._after, self._catalogue, self._file) if now is not None else None
            self._patch(there, was.fields if was is not None else {}, fields, place or self._live.rows[there])

    def _lost(self) -> Iterator[Broken]:
        """Take away what will be something else that nobody knows; yield it."""
        known = set(self._before.lost)
        for one in self._after.lost:
            if one in known:
                continue
            shelf = self._catalogue.shelf(one.key)
            for kind in shelf.kinds if shelf is not None else ("",):
                self._live.rows.pop((kind, one.id), None)
                yield Broken(kind, one.id, one.text)
        for name in self._new:
            if name not in self._old or self._old[name][1].fields != self._new[name][1].fields:
                yield from self._rerouted(name)

    def _rerouted(self, name: Name) -> Iterator[Broken]:
        """Take away what a transit gateway's table really routes to, where code changes what it should."""
        kind, id = name
        if kind.startswith(WRITTEN) and self._live.rows.pop((ROUTED, id), None) is not None:
            yield Broken(ROUTED, id, f"{id}: what it routes to is known after it is changed only")

    def _move(self) -> None:
        """Take subnets from the ACLs, and `main` from the tables, that had them before."""
        for kind in ("network_acl", "route_table"):
            ours = {name: row for name, row in self._live.rows.items() if name[0] == kind and row.declared}
            for name, row in list(self._live.rows.items()):
                if name[0] == kind and not row.declared:
                    taken = [one for other in ours.values() for one in _held(other) if _same_vpc(row, other)]
                    row.fields["Associations"] = [
                        one for one in row.fields.get("Associations") or [] if not _is_taken(one, taken)
                    ]

    def _untold(self) -> list[str]:
        """Return the types that no table translates of which the plan makes, changes or deletes some resource."""
        old, new = self._before.untold, self._after.untold
        types = {type: set(old.get(type, ())) ^ set(new.get(type, ())) for type in (*old, *new)}
        return [type for type, ones in types.items() if ones or self._after.changed & set(new.get(type, ()))]

    def _unsettle(self) -> None:
        """Mark the subnets in which more will have addresses than the code tells."""
        peopled = self._after.peopled - self._before.peopled
        for (kind, id), row in self._live.rows.items():
            if kind == SUBNET and (id in peopled or ANY_SUBNET in peopled):
                row.fields["_Unsettled"] = True


def _held(row: Row) -> list[dict[str, Any]]:
    listed = row.fields.get("Associations")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _same_vpc(one: Row, other: Row) -> bool:
    return bool(one.fields.get("VpcId") == other.fields.get("VpcId"))


def _is_taken(one: Any, taken: Sequence[dict[str, Any]]) -> bool:
    """Return whether an association, which is of one subnet or of all that have none, is another's now."""
    if not isinstance(one, dict):
        return False
    return any((one.get("Main") and each.get("Main")) or (each.get("SubnetId") or 0) == one.get("SubnetId") for each in taken)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value
