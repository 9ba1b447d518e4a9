"""What a document of Terraform is, and the resources in it: a plan (what it makes), or a state in either of its formats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...models.errors import InputError
from ..declared.resource import LATER, Declared
from .plan import Plan, id_of, inside, is_ours, key_shown

Json = dict[str, Any]


def is_terraform(document: Json) -> bool:
    """Return whether the top-level keys are those of a plan or a state."""
    if "format_version" in document:
        return bool({"planned_values", "resource_changes", "values", "terraform_version"} & document.keys())
    return "terraform_version" in document and "lineage" in document and isinstance(document.get("resources"), list)


def is_plan(document: Json) -> bool:
    """Return whether a document of Terraform is a plan."""
    return isinstance(document.get("resource_changes"), list) or "planned_values" in document


def resources(document: Json, shown: str) -> list[Declared]:
    """Return the AWS resources as they are once a plan is applied, or as a state holds them.

    Raises InputError, which calls the file as it is `shown`, for a plan that ended with an error: nobody knows what it would make.
    """
    if document.get("errored") is True:
        text = f"cannot read `{shown}`: the plan ended with an error, and is not whole"
        raise InputError(text, hint="mend what `terraform plan` says, and plan again")
    if is_plan(document):
        return Plan(document).resources()
    if isinstance(document.get("values"), dict):
        return [_of_state(one, one.get("values")) for one in inside(document["values"].get("root_module"))]
    return list(_raw(document.get("resources") or []))


def _of_state(one: Json, values: Any) -> Declared:
    """Return a resource of a state; one that waits to be deleted (`deposed`) is there as well."""
    type, address, deposed = str(one["type"]), str(one.get("address", "")), one.get("deposed_key") or one.get("deposed")
    shown = f"{address} (deposed {deposed})" if deposed else address
    if not isinstance(values, dict):
        # Attributes in a format of long ago: nobody reads them.
        return Declared(shown, type, shown, LATER, new=False)  # type: ignore[arg-type]
    return Declared(shown, type, id_of(type, values) or shown, values, new=False)


def _raw(listed: list[Any]) -> Iterator[Declared]:
    """Yield the resources of a raw state, version 4."""
    for one in listed:
        if not is_ours(one):
            continue
        stem = ".".join(filter(None, (str(one.get("module") or ""), f"{one['type']}.{one.get('name')}")))
        instances = one.get("instances")
        for instance in instances if isinstance(instances, list) else []:
            if isinstance(instance, dict):
                named = {**one, **instance, "address": stem + key_shown(instance.get("index_key"))}
                yield _of_state(named, instance.get("attributes"))
