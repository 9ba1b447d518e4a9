"""A plan: its resources as they will be, and what its configuration says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeGuard

from ..declared.draft import Place
from ..declared.resource import LATER, Declared, Later
from ..whose import UNTOLD
from .providers import Providers
from .references import KEY, Module, key_of
from .values import Instance, Scope, settled

Json = dict[str, Any]
PROVIDERS = ("aws_", "awscc_")
# Types whose ARN is the id by which AWS's answers name them.
BY_ARN = frozenset(
    {"aws_lb", "aws_alb", "aws_lb_target_group", "aws_alb_target_group", "aws_lb_listener", "aws_alb_listener", "aws_msk_cluster"}
    | {"aws_ecs_service", "aws_globalaccelerator_accelerator", "aws_networkfirewall_firewall"}
)
DEEPEST = 24


def is_ours(one: Any) -> TypeGuard[Json]:
    """Return whether a resource is a managed one of AWS."""
    return isinstance(one, dict) and one.get("mode", "managed") == "managed" and str(one.get("type", "")).startswith(PROVIDERS)


def id_of(type: str, values: Json) -> str:
    """Return the id by which AWS's answers name a resource; "" where it is not known."""
    found = (values.get("arn") if type in BY_ARN else None) or values.get("id")
    return found if isinstance(found, str) else ""


def key_shown(key: Any) -> str:
    """Return the key of one of several as addresses show it."""
    return "" if key is None else f'["{key}"]' if isinstance(key, str) else f"[{key}]"


def stem_of(address: str) -> str:
    """Return the address of a resource without its own key."""
    return re.sub(rf"{KEY}\Z", "", address)


def change_of(one: Json) -> Json:
    """Return what a plan does to a resource."""
    found = one.get("change")
    return found if isinstance(found, dict) else {}


def actions_of(one: Json) -> list[Any]:
    """Return the actions of a plan on a resource."""
    found = change_of(one).get("actions")
    return found if isinstance(found, list) else []


def inside(module: Any, path: str) -> Iterator[Json]:
    """Yield the managed resources of a module and of those inside it, each with its own path; `path` is that of the module."""
    level = [(module, path)]
    while level:
        found, path = level.pop()
        if not isinstance(found, dict):
            continue
        yield from with_paths(found.get("resources"), f"{path}.resources")
        inner = found.get("child_modules")
        level.extend((one, f"{path}.child_modules[{at}]") for at, one in enumerate(inner if isinstance(inner, list) else []))


def with_paths(listed: Any, path: str) -> list[Json]:
    """Return the managed resources of a list, each with its own path; `path` is that of the list."""
    ones = enumerate(listed if isinstance(listed, list) else [])
    return [{**one, "path": f"{path}[{at}]"} for at, one in ones if is_ours(one)]


class Plan:
    """The resources of a plan, each with the place in the configuration where it is written."""

    def __init__(self, document: Json) -> None:
        configuration, variables = document.get("configuration"), document.get("variables")
        root = configuration.get("root_module") if isinstance(configuration, dict) else None
        values = variables if isinstance(variables, dict) else {}
        self._root = Module(root, "", None, {}, values) if isinstance(root, dict) else None
        self._providers = Providers(document, self._root)
        self.changes = _after(document)
        changes = document.get("resource_changes")
        listed = changes if isinstance(changes, list) else []
        ours = with_paths(listed, "resource_changes")
        self._deleted = [one for one in ours if not _remains(one)]
        # Data that is read while the plan is applied only; and what it does not decide yet.
        self.defers = any(isinstance(one, dict) and one.get("mode") == "data" for one in listed)
        deferred = document.get("deferred_changes")
        undecided = deferred if isinstance(deferred, list) else []
        found = [one.get("resource_change") for one in undecided if isinstance(one, dict)]
        self._deferred: list[Json] = [one for one in found if is_ours(one)]
        self._instances = [self._instance(one, at) for at, one in enumerate(self.changes)]
        self._by_name: dict[tuple[str, str], list[Instance]] = {}
        for one in self._instances:
            self._by_name.setdefault((one.module, one.name), []).append(one)
        self._known: dict[tuple[int, str], Any] = {}
        self._depth = 0

    def resources(self) -> list[Declared]:
        """Return the resources as they will be: those that are deleted are left out, those of which nothing is decided unknown."""
        found = [self._resource(one, own) for one, own in zip(self.changes, self._instances, strict=True)]
        for one in self._deferred:
            address = str(one.get("address", ""))
            found.append(Declared(address, str(one["type"]), address, LATER))  # type: ignore[arg-type]
        return found

    def before(self) -> list[Declared]:
        """Return the resources as they were before the plan."""
        return [_as_it_was(one) for one in (*self.changes, *self._deleted) if isinstance(change_of(one).get("before"), dict)]

    def gone(self) -> list[Declared]:
        """Return those that the plan changes or deletes, as they were."""
        return [_as_it_was(one) for one in (*self.changes, *self._deleted) if _is_changed(one)]

    def places(self) -> dict[str, Place]:
        """Return where each resource stands, and in which account and Region it is made as far as that is told, by address."""
        found = {}
        several = len({one.provider for one in self._instances}) > 1
        for change, own in zip(self.changes, self._instances, strict=True):
            viewer = self._providers.viewer(own.provider, change_of(change)["after"])
            address = str(change.get("address", ""))
            path = change["path"] if own.id == address else f"{change['path']}.change.after"
            found[address] = Place(path, viewer if several or viewer != UNTOLD else None)
        return found

    def instances(self, module: str, name: str) -> list[Instance]:
        """Return the instances of a resource of a module."""
        return self._by_name.get((module, name), [])

    def value(self, one: Instance, attribute: str) -> Any:
        """Return an attribute of a resource, as far as it is known; None where it has none."""
        known = (one.number, attribute)
        if known not in self._known:
            if self._depth > DEEPEST:
                return LATER
            change = change_of(self.changes[one.number])
            after, unknown = change.get("after"), change.get("after_unknown")
            held = after.get(attribute) if isinstance(after, dict) else None
            doubt = unknown.get(attribute) if isinstance(unknown, dict) else None
            scope, expressions = self._written(one)
            self._depth += 1
            self._known[known] = settled(held, doubt, expressions.get(attribute), scope, attribute)
            self._depth -= 1
        return self._known[known]

    def _resource(self, one: Json, own: Instance) -> Declared:
        change = change_of(one)
        unknown = change.get("after_unknown")
        scope, expressions = self._written(own)
        values = settled(change["after"], unknown if isinstance(unknown, dict) else {}, expressions, scope)
        hidden = _hidden(change["after"], change.get("after_sensitive"), values)
        return Declared(str(one.get("address", "")), own.type, own.id, {**values, **hidden}, new="create" in actions_of(one))

    def _written(self, own: Instance) -> tuple[Scope, Json]:
        """Return where the expressions of a resource stand, and the expressions."""
        module, written = self._configured(own.module, own.name)
        expressions = written.get("expressions")
        scope = Scope(module if written else None, own, written.get("for_each_expression"), self)
        return scope, expressions if isinstance(expressions, dict) else {}

    def _configured(self, module: str, name: str) -> tuple[Module | None, Json]:
        """Return a module, and a resource of it as the configuration writes it."""
        found = self._root.at(module) if self._root is not None else None
        return found, found.resources.get(name, {}) if found is not None else {}

    def _instance(self, one: Json, number: int) -> Instance:
        address, module, name = (
            str(one.get("address", "")),
            str(one.get("module_address") or ""),
            f"{one['type']}.{one.get('name')}",
        )
        index = one.get("index")
        if index is None:
            match = re.search(rf"{KEY}\Z", address)
            index = key_of(match[0]) if match else ""
        id = id_of(str(one["type"]), change_of(one)["after"]) or address
        _, written = self._configured(module, name)
        return Instance(module, name, str(index), id, number, str(written.get("provider_config_key", "")))


def _hidden(after: Json, sensitive: Any, values: Json) -> Json:
    """Return the attributes that somebody took out of the plan, as they are secret."""
    secret = [name for name, said in sensitive.items() if said is True] if isinstance(sensitive, dict) else []
    return {name: LATER for name in secret if after.get(name) is None and not isinstance(values.get(name), Later)}


def _remains(one: Json) -> bool:
    """Return whether a resource is there once the plan is applied; what Terraform forgets it does not delete."""
    return isinstance(change_of(one).get("after"), dict) or "forget" in actions_of(one)


def _is_changed(one: Json) -> bool:
    return isinstance(change_of(one).get("before"), dict) and bool({"update", "delete"} & {str(each) for each in actions_of(one)})


def _as_it_was(one: Json) -> Declared:
    type, address, values = str(one["type"]), str(one.get("address", "")), change_of(one)["before"]
    return Declared(address, type, id_of(type, values) or address, values, new=False)


# ---------------------------------------------------------------------- what there is once it is applied
def _after(document: Json) -> list[Json]:
    """Return what there is once the plan is applied: what it makes, changes and keeps, and what it forgets or does not look at."""
    listed = document.get("resource_changes")
    if not isinstance(listed, list):
        planned = document.get("planned_values")
        found = inside(planned.get("root_module") if isinstance(planned, dict) else None, "planned_values.root_module")
        return [_made(one, _configured(one, document)) for one in found]
    changes = with_paths(listed, "resource_changes")
    kept = [one for one in changes if isinstance(change_of(one).get("after"), dict)]
    # What Terraform forgets it does not delete.
    forgotten = [one for one in changes if "forget" in actions_of(one) and isinstance(change_of(one).get("before"), dict)]
    kept += [_as_it_is(one, change_of(one)["before"]) for one in forgotten]
    addresses = {str(name) for one in changes for name in (one.get("address"), one.get("previous_address"))}
    prior = document.get("prior_state")
    values = prior.get("values") if isinstance(prior, dict) else None
    others = inside(values.get("root_module") if isinstance(values, dict) else None, "prior_state.values.root_module")
    # A plan for some targets is silent about everything else.
    untouched = [one for one in others if str(one.get("address")) not in addresses and isinstance(one.get("values"), dict)]
    return kept + [_as_it_is({**one, "module_address": _module(one)}, one["values"]) for one in untouched]


def _module(one: Json) -> str:
    stem = stem_of(str(one.get("address", "")))
    return stem.removesuffix(f"{one.get('type')}.{one.get('name')}").rstrip(".")


def _as_it_is(one: Json, values: Json) -> Json:
    return {**one, "change": {"actions": ["no-op"], "before": values, "after": values, "after_unknown": {}}}


def _made(one: Json, expressions: Json) -> Json:
    """Return a resource of `planned_values`: what its configuration writes and the plan does not show is not known."""
    values = one.get("values") if isinstance(one.get("values"), dict) else {}
    assert isinstance(values, dict)
    change = {"actions": ["create"], "after": values, "after_unknown": _missing(values, expressions)}
    return {**one, "module_address": _module(one), "change": change}


def _configured(one: Json, document: Json) -> Json:
    configuration = document.get("configuration")
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    module = Module(root, "", None, {}, {}).at(_module(one)) if isinstance(root, dict) else None
    written = module.resources.get(f"{one['type']}.{one.get('name')}", {}) if module is not None else {}
    expressions = written.get("expressions")
    return expressions if isinstance(expressions, dict) else {}


def _missing(values: Any, expressions: Any) -> Any:
    """Return, as plans say it, what of a value is not known, by the expressions that it was written with."""
    if isinstance(expressions, list):
        listed = values if isinstance(values, list) else []
        return len(listed) != len(expressions) or [_missing(one, block) for one, block in zip(listed, expressions, strict=True)]
    if not isinstance(expressions, dict) or not isinstance(values, dict):
        return False
    unknown: Json = {}
    for name, expression in expressions.items():
        if isinstance(expression, dict) and "constant_value" in expression:
            continue
        value = values.get(name)
        objects = isinstance(value, list) and any(isinstance(one, dict) for one in value)
        referring = isinstance(expression, dict) and "references" in expression
        # Blocks with one expression for all: which of their attributes are not known the plan does not show.
        unknown[name] = True if value is None or (objects and referring) else _missing(value, expression)
    return unknown
