"""What a document of Terraform is, and the resources in it: a plan (what it makes), or a state in either of its formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..declared.resource import Declared
from .references import Module
from .values import Instance, Scope, settled

Json = dict[str, Any]
PROVIDER = "aws_"
INDEX = re.compile(r"\[([^\]]*)\]\Z")


def is_terraform(document: Json) -> bool:
    """Return whether the top-level keys are those of a plan or a state."""
    if "format_version" in document:
        return bool({"planned_values", "resource_changes", "values", "terraform_version"} & document.keys())
    return "terraform_version" in document and "lineage" in document and isinstance(document.get("resources"), list)


def resources(document: Json) -> list[Declared]:
    """Return the AWS resources as they are once a plan is applied, or as a state holds them."""
    if isinstance(document.get("resource_changes"), list) or "planned_values" in document:
        return _planned(document)
    if isinstance(document.get("values"), dict):
        found = _inside(document["values"].get("root_module"))
        return [_of_state(str(one.get("address", "")), str(one.get("type", "")), one.get("values")) for one in found]
    return list(_raw(document.get("resources") or []))


def _inside(module: Any) -> Iterator[Json]:
    """Yield the managed resources of a module and of those inside it."""
    level = [module]
    while level:
        found = level.pop()
        if not isinstance(found, dict):
            continue
        listed, inner = found.get("resources"), found.get("child_modules")
        for one in listed if isinstance(listed, list) else []:
            if _is_ours(one):
                yield one
        level.extend(inner if isinstance(inner, list) else [])


def _is_ours(one: Any) -> bool:
    return isinstance(one, dict) and one.get("mode", "managed") == "managed" and str(one.get("type", "")).startswith(PROVIDER)


def _of_state(address: str, type: str, values: Any) -> Declared:
    held = values if isinstance(values, dict) else {}
    return Declared(address, type, _id(type, held) or address, held, new=False)


def _id(type: str, values: Json) -> str:
    """Return the id by which AWS's answers name a resource."""
    field = "arn" if type in BY_ARN else "id"
    found = values.get(field) or values.get("id")
    return found if isinstance(found, str) else ""


BY_ARN = frozenset(
    {"aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group", "aws_lb_listener", "aws_alb_listener", "aws_msk_cluster"}
    | {"aws_ecs_service", "aws_globalaccelerator_accelerator", "aws_networkfirewall_firewall"}
)


def _raw(listed: list[Any]) -> Iterator[Declared]:
    """Yield the resources of a raw state, version 4."""
    for one in listed:
        if not _is_ours(one):
            continue
        stem = ".".join(filter(None, (str(one.get("module") or ""), f"{one['type']}.{one.get('name')}")))
        instances = one.get("instances")
        for instance in instances if isinstance(instances, list) else []:
            if isinstance(instance, dict) and not instance.get("deposed"):
                key = instance.get("index_key")
                shown = "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"
                yield _of_state(f"{stem}{shown}", str(one["type"]), instance.get("attributes"))


# ---------------------------------------------------------------------- plans
def _planned(document: Json) -> list[Declared]:
    """Return the resources of a plan as they will be: those that it deletes are left out."""
    changes = document.get("resource_changes")
    if not isinstance(changes, list):
        planned = document.get("planned_values")
        found = _inside(planned.get("root_module") if isinstance(planned, dict) else None)
        changes = [{**one, "change": {"actions": ["create"], "after": one.get("values")}} for one in found]
    kept = [one for one in changes if _is_ours(one) and isinstance(one.get("change"), dict) and _remains(one["change"])]
    instances = [_instance(one) for one in kept]
    by_base: dict[str, list[Instance]] = {}
    for one in instances:
        by_base.setdefault(one.base, []).append(one)
    root = _root(document)
    return [_resource(one, instance, root, by_base, instances) for one, instance in zip(kept, instances, strict=True)]


def _remains(change: Json) -> bool:
    return _actions(change) not in (["delete"], ["forget"]) and isinstance(change.get("after"), dict)


def _actions(change: Json) -> list[Any]:
    found = change.get("actions")
    return found if isinstance(found, list) else []


def _root(document: Json) -> Module | None:
    configuration = document.get("configuration")
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    variables = document.get("variables")
    return Module(root, "", None, {}, variables if isinstance(variables, dict) else {}) if isinstance(root, dict) else None


def _instance(one: Json) -> Instance:
    address, change = str(one.get("address", "")), one["change"]
    match = INDEX.search(address)
    key = match[1].strip('"') if match else ""
    module = str(one.get("module_address") or "")
    base = ".".join(filter(None, (re.sub(r"\[[^\]]*\]", "", module), f"{one['type']}.{one.get('name')}")))
    after = change["after"]
    id = _id(str(one["type"]), after) or address
    names = ("arn", "name", "default_security_group_id", "default_network_acl_id", "default_route_table_id")
    known = {name: text for name in names if isinstance(text := after.get(name), str) and text and name != "arn"}
    return Instance(str(one["type"]), re.sub(r"\[[^\]]*\]", "", module), base, key, id, known)


def _resource(
    one: Json, own: Instance, root: Module | None, by_base: dict[str, list[Instance]], every: list[Instance]
) -> Declared:
    change = one["change"]
    module, written = _written(own, root)
    scope = Scope(module, own.key, written.get("for_each_expression"), partial(_named, by_base), lambda: every)
    expressions = written.get("expressions")
    unknown = change.get("after_unknown")
    values = settled(change["after"], unknown if isinstance(unknown, dict) else {}, _as_object(expressions), scope)
    return Declared(str(one.get("address", "")), own.type, own.id, values, new="create" in _actions(change))


def _named(by_base: dict[str, list[Instance]], base: str) -> list[Instance]:
    return by_base.get(base, [])


def _as_object(expressions: Any) -> Json:
    return expressions if isinstance(expressions, dict) else {}


def _written(own: Instance, root: Module | None) -> tuple[Module | None, Json]:
    """Return the module of a resource, and the resource as its configuration writes it."""
    module = root
    for name in own.module.split(".")[1::2] if own.module else []:
        module = module.inner(name) if module is not None else None
    if module is None:
        return None, {}
    stem = own.base.removeprefix(f"{own.module}.") if own.module else own.base
    return module, module.resources().get(stem, {})
