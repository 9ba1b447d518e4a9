"""The values of a planned resource: what is known, ids in place of what is known after it is made only, and what remains unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from ..declared.resource import BY_AWS, LATER
from .references import IDS, Found, Module, Named, find

# Attributes that hold ids though their names do not say so.
HOLDERS = re.compile(
    r".*(security_groups|subnets|target_id|instances?|network_interface|gateways?|elb|identifier|_name|name|cluster|propagating_vgws|endpoint_id)"
)
# What stands for a resource in others' attributes.
SELF = ("id", "arn", "name", "allocation_id", "self_link", "identifier", "cluster_identifier", "service_name", "")
# By elimination: whose id an attribute can only be.
MEANT = {
    "vpc_id": ("aws_vpc", "aws_default_vpc"),
    "security_group_id": ("aws_security_group", "aws_default_security_group"),
    "internet_gateway_id": ("aws_internet_gateway",),
    "transit_gateway_id": ("aws_ec2_transit_gateway",),
    "load_balancer_arn": ("aws_lb", "aws_alb"),
}


class Instance(msgspec.Struct, frozen=True):
    """One resource of the plan as others may name it: its type, its module, its address without and with its key, its id."""

    type: str
    module: str
    base: str
    key: str
    id: str
    # What it is known by besides, by attribute.
    known: dict[str, str]


class Scope(msgspec.Struct, frozen=True):
    """Where an expression stands: its module, the own key, the expression that keys come from, and how instances are found."""

    module: Module | None
    key: str
    each: Any
    instances: Callable[[str], list[Instance]]
    everything: Callable[[], list[Instance]]


def settled(after: Any, unknown: Any, expression: Any, scope: Scope, name: str = "") -> Any:
    """Return a value with what is known of it; `unknown` says, of the same shape, what is not."""
    if unknown is True:
        return _meant(expression, scope, name)
    if isinstance(unknown, dict) or isinstance(after, dict):
        return _object(after, unknown, expression, scope)
    if isinstance(unknown, list):
        return _list(after, unknown, expression, scope, name)
    return after


def _object(after: Any, unknown: Any, expression: Any, scope: Scope) -> Any:
    known = after if isinstance(after, dict) else {}
    doubts = unknown if isinstance(unknown, dict) else {}
    parts = expression if isinstance(expression, dict) and "references" not in expression else {}
    whole = isinstance(expression, dict) and "references" in expression
    made = {}
    for name in dict.fromkeys((*known, *doubts)):
        part = expression if whole else parts.get(name)
        lost = expression is None and name in doubts and doubts[name] is True and scope.module is not None
        made[name] = LATER if lost else settled(known.get(name), doubts.get(name), part, scope, name)
    return made


def _list(after: Any, unknown: list[Any], expression: Any, scope: Scope, name: str) -> Any:
    known = after if isinstance(after, list) else []
    count = max(len(known), len(unknown))
    if count and all(one is True for one in unknown) and len(unknown) == count:
        found = _meant(expression, scope, name, count)
        return found if isinstance(found, list) else [found] * count
    made = []
    for at in range(count):
        value = known[at] if at < len(known) else None
        doubt = unknown[at] if at < len(unknown) else False
        made.append(settled(value, doubt, _block(expression, at, count, value), scope, name))
    return made


def _block(expression: Any, at: int, count: int, value: Any) -> Any:
    """Return the block of the configuration that a value was written by: sets are in another order than their blocks."""
    if not isinstance(expression, list):
        return expression
    fitting = [one for one in expression if _fits(one, value)]
    if len(fitting) == 1:
        return fitting[0]
    return (
        expression[at]
        if len(expression) == count and len(fitting) != 1 and not isinstance(value, dict)
        else _any_of(fitting, at, count, expression)
    )


def _any_of(fitting: list[Any], at: int, count: int, expression: list[Any]) -> Any:
    """Return, of several blocks that fit, the one whose turn it is where all stand in order; else one that names all of them."""
    if len(expression) == count and expression[at] in fitting:
        return expression[at]
    return {"references": [], "undecided": True} if fitting else None


def _fits(block: Any, value: Any) -> bool:
    if not isinstance(block, dict) or not isinstance(value, dict):
        return False
    constants = {name: one["constant_value"] for name, one in block.items() if isinstance(one, dict) and "constant_value" in one}
    return all(_alike(value.get(name), constant) for name, constant in constants.items())


def _alike(value: Any, constant: Any) -> bool:
    if isinstance(value, list) and isinstance(constant, list):
        return sorted(map(str, value)) == sorted(map(str, constant))
    return str(value).lower() == str(constant).lower()


def _meant(expression: Any, scope: Scope, name: str, count: int | None = None) -> Any:
    """Return what stands for a value that is not known yet: an id, several, or that nobody knows it."""
    if scope.module is None:
        return LATER
    if expression is None:
        return BY_AWS
    found = find(expression, scope.module, scope.each)
    plural = count is not None or _is_plural(name)
    picked = _picked(found, scope, name, plural)
    if picked is None:
        alone = _by_elimination(found, scope, name)
        return LATER if alone is None else [alone] if plural else alone
    if plural:
        return picked if count in (None, len(picked)) else LATER
    return picked[0] if len(picked) == 1 else LATER


def _is_plural(name: str) -> bool:
    return name.endswith(("ids", "groups", "subnets", "arns", "instances", "vgws", "identifiers"))


def _picked(found: Found, scope: Scope, name: str, plural: bool) -> list[str] | None:
    """Return the ids that an expression gives; None where that is not certain."""
    if found.opaque or (found.choosing and len({one.address for one in found.named}) > 1):
        return None
    ids: list[str] = []
    for named in found.named:
        own = _of(named, found, scope, name, plural)
        if own is None:
            return None
        ids.extend(own)
    if plural:
        ids.extend(found.texts)
    elif found.texts and found.named:
        # Text around an id, or instead of it.
        return ids if len(found.named) == 1 and _is_id(found.named[0].attribute, name) and not found.choosing else None
    return list(dict.fromkeys(ids)) or None


def _of(named: Named, found: Found, scope: Scope, name: str, plural: bool) -> list[str] | None:
    """Return the ids of the instances that a reference names."""
    if not _is_id(named.attribute, name):
        return None
    instances = scope.instances(named.address)
    if named.key is not None:
        instances = [one for one in instances if one.key == named.key.strip('"')]
    elif len(instances) > 1 and found.by_key:
        instances = [one for one in instances if one.key == scope.key]
    if not instances or (len(instances) > 1 and not plural):
        return None
    return [_called(one, named.attribute) for one in instances]


def _is_id(attribute: str, name: str) -> bool:
    """Return whether an attribute of a resource, given for one of a name, is its id or leads to one."""
    last = attribute.rpartition(".")[2]
    if last:
        return last in SELF or IDS.fullmatch(last) is not None
    return IDS.fullmatch(name) is not None or HOLDERS.fullmatch(name) is not None


def _called(one: Instance, attribute: str) -> str:
    last = attribute.rpartition(".")[2]
    if last in one.known:
        return one.known[last]
    return one.id if last in SELF else f"{one.id}.{last}"


def _by_elimination(found: Found, scope: Scope, name: str) -> str | None:
    """Return the id that an attribute can only be where a `local` hides it: that of the module's only resource of the type.

    A value that is not known before something is made comes from what is made: from the module itself, or from what its
    arguments name.
    """
    types = MEANT.get(name)
    if types is None or scope.module is None or not found.opaque:
        return None
    module = scope.module
    mine = {one.id for one in scope.everything() if one.type in types and one.module.split("[")[0] == module.address}
    given = module.call.get("expressions", {}) if module.caller is not None else {}
    outer = find(given, module.caller) if module.caller is not None else Found([], [])
    if outer.opaque:
        return None
    mine |= {each.id for one in outer.named if one.type in types for each in scope.instances(one.address)}
    return mine.pop() if len(mine) == 1 else None
