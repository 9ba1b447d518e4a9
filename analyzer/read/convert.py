"""Rows to components: the only place where a row meets its class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from ..models.component import Component
from ..models.errors import InputError
from .complaints import STRANGE, complaint
from .rows import Row
from .troubles import Troubles
from .whose import only_ones, settle


class Seen(msgspec.Struct):
    """A row and the component that it became."""

    row: Row
    component: Component


def component_of(row: Row) -> Component:
    """Return the row as a component, its account, Region and origin set; raises InputError when the row does not fit."""
    if row.made is not None:
        return row.made
    try:
        component = msgspec.convert(row.component.prepared(row.fields), row.component)
    except msgspec.ValidationError as error:
        raise row.error(complaint(row, str(error))) from error
    except (TypeError, AttributeError, LookupError, ValueError, ArithmeticError) as error:
        raise row.error(_misfit(row)) from error
    settle(component, row.fields, row.seen_by or row.viewer)
    component.origin = row.origin
    return component


def _misfit(row: Row) -> str:
    """Return what is wrong with a row whose preparation failed: what the class itself says of it, where it says anything."""
    try:
        msgspec.convert(row.fields, row.component)
    except msgspec.ValidationError as error:
        return complaint(row, str(error))
    except (TypeError, AttributeError, LookupError, ValueError, ArithmeticError):
        pass
    return STRANGE


def converted(rows: Iterable[Row], troubles: Troubles) -> Iterator[Seen]:
    """Yield every row that fits its class as a component; the others are met by `troubles`."""
    for row in rows:
        try:
            yield Seen(row, component_of(row))
        except InputError as error:
            troubles.meet(error, row.component.kind, row.id)


def settle_rest(seen: list[Seen]) -> None:
    """Give the snapshot's only account and Region to the components for which nothing tells theirs."""
    only = only_ones([one.component for one in seen])
    for one in seen:
        component = one.component
        if one.row.seen_by is not None:
            # Code of several accounts or Regions, which does not say whose this is.
            continue
        component.account = component.account or only.account
        if not component.region and one.row.reader.regional:
            component.region = only.region
