"""What a document of Terraform is, and the resources in it: a plan (what it makes), or a state in either of its formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ...models.errors import InputError
from ..declared.draft import Place
from ..declared.resource import LATER, Declared
from .plan import Plan, id_of, inside, key_shown, with_paths

Json = dict[str, Any]


def is_terraform(document: Json) -> bool:
    """Return whether the top-level keys are those of a plan or a state."""
    if "format_version" in document:
        return bool({"planned_values", "resource_changes", "values", "terraform_version"} & document.keys())
    return "terraform_version" in document and "lineage" in document and isinstance(document.get("resources"), list)


def is_plan(document: Json) -> bool:
    """Return whether a document of Terraform is a plan."""
    return isinstance(document.get("resource_changes"), list) or "planned_values" in document


class Code(msgspec.Struct):
    """What a document declares: resources, and where each of them stands, by address."""

    resources: list[Declared]
    places: dict[str, Place]


def code(document: Json, shown: str) -> Code:
    """Return what a document declares: what there is once a plan is applied, or what a state holds.

    Raises InputError, which calls the file as it is `shown`, for a plan that ended with an error: nobody knows what it would make.
    """
    if document.get("errored") is True:
        text = f"cannot read `{shown}`: the plan ended with an error, and is not whole"
        raise InputError(text, hint="mend what `terraform plan` says, and plan again")
    if is_plan(document):
        plan = Plan(document)
        return Code(plan.resources(), plan.places())
    found = [(one["path"], _of_state(one, one.get(one["held"]))) for one in _states(document)]
    return Code([one for _, one in found], {one.address: Place(path) for path, one in found})


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
