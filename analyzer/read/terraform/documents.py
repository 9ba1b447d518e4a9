"""What a document of Terraform is, and the resources in it: a plan (what it makes), or a state in either of its formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ...models.errors import InputError
from ..declared.draft import Around, Drafts, Place
from ..declared.resource import LATER, Declared
from ..declared.shape import drafts
from ..words import path_shown
from . import is_plan
from .plan import Plan, id_of, inside, key_shown, with_paths

Json = dict[str, Any]


class Code(msgspec.Struct):
    """What a document declares: resources, and where each of them stands, by address; of a plan, what there was before it, too.

    `gone` are those resources of before that the plan changes or deletes.
    """

    file: str
    resources: list[Declared]
    places: dict[str, Place]
    is_plan: bool = False
    before: list[Declared] = []
    gone: list[Declared] = []

    def drafts(self, around: Around) -> Drafts:
        """Return the rows that the resources write; `around` is what is there besides."""
        return self._drafts(self.resources, self.gone, around)

    def drafts_before(self, around: Around) -> Drafts:
        """Return the rows that the resources wrote before the plan."""
        return self._drafts(self.before, [], around)

    def _drafts(self, resources: list[Declared], gone: list[Declared], around: Around) -> Drafts:
        from .ignored import is_quiet
        from .table import TABLE

        found = drafts(TABLE, resources, is_quiet, gone, around)
        found.places.update(self.places)
        return found


def code(document: Json, file: str) -> Code:
    """Return what a document of a file declares: what there is once a plan is applied, or what a state holds.

    Raises InputError for a plan that ended with an error: nobody knows what it would make.
    """
    if document.get("errored") is True:
        text = f"cannot read `{path_shown(file)}`: the plan ended with an error, and is not whole"
        raise InputError(text, hint="mend what `terraform plan` says, and plan again")
    if is_plan(document):
        plan = Plan(document)
        return Code(file, plan.resources(), plan.places(), True, plan.before(), plan.gone())
    found = [(one["path"], _of_state(one, one.get(one["held"]))) for one in _states(document)]
    return Code(file, [one for _, one in found], {one.address: Place(path) for path, one in found})


def _states(document: Json) -> Iterator[Json]:
    """Yield the resources of a state in either of its formats, each with its path and the member that holds its attributes."""
    if isinstance(document.get("values"), dict):
        for one in inside(document["values"].get("root_module"), "values.root_module"):
            yield {**one, "path": f"{one['path']}.values", "held": "values"}
        return
    for one in with_paths(document.get("resources"), "resources"):
        stem = ".".join(filter(None, (str(one.get("module") or ""), f"{one['type']}.{one.get('name')}")))
        instances = one.get("instances")
        for at, instance in enumerate(instances if isinstance(instances, list) else []):
            if isinstance(instance, dict):
                path, address = f"{one['path']}.instances[{at}].attributes", stem + key_shown(instance.get("index_key"))
                yield {**one, **instance, "path": path, "held": "attributes", "address": address}


def _of_state(one: Json, values: Any) -> Declared:
    """Return a resource of a state; one that waits to be deleted (`deposed`) is there as well."""
    type, address, deposed = str(one["type"]), str(one.get("address", "")), one.get("deposed_key") or one.get("deposed")
    shown = f"{address} (deposed {deposed})" if deposed else address
    if not isinstance(values, dict):
        # Attributes in a format of long ago: nobody reads them.
        return Declared(shown, type, shown, LATER, new=False)  # type: ignore[arg-type]
    return Declared(shown, type, id_of(type, values) or shown, values, new=False)
