"""The values of a planned resource: what is known, ids in place of what is known after it is made only, and what remains unknown."""

from __future__ import annotations

import re
from typing import Any, Protocol

import msgspec

from ..declared.resource import BY_AWS, LATER, Later
from .blocks import WRITTEN
from .references import IDS, Found, Module, Named, find

# Attributes that hold ids though their names do not say so.
HOLDERS = re.compile(
    r".*(security_groups|subnets|target_id|instances?|network_interface|gateways?|elb|identifier|_name|name|cluster|propagating_vgws|endpoint_id)"
)
# What stands for a resource in others' attributes.
SELF = ("id", "arn", "allocation_id", "self_link", "service_name", "")
NAMES = ("name", "identifier", "cluster_identifier")
# Attributes that can hold ids of one sort of resource only, and the types that have such ids.
NOUN = re.compile(r"(?:.*_)?(security_group|subnet|vpc)(?:s|_id|_ids)?")
TYPES = {
    "security_group": ("aws_security_group", "aws_default_security_group"),
    "subnet": ("aws_subnet", "aws_default_subnet"),
    "vpc": ("aws_vpc", "aws_default_vpc"),
}
# By elimination: whose id an attribute can only be.
MEANT = {
    "vpc_id": TYPES["vpc"],
    "security_group_id": TYPES["security_group"],
    "internet_gateway_id": ("aws_internet_gateway",),
    "transit_gateway_id": ("aws_ec2_transit_gateway",),
    "load_balancer_arn": ("aws_lb", "aws_alb"),
}


class Instance(msgspec.Struct, frozen=True):
    """One resource of the plan as others may name it: its module (one of several), type, name, key and id; and its provider."""

    module: str
    name: str
    key: str
    id: str
    number: int
    provider: str

    @property
    def type(self) -> str:
        """Its type."""
        return self.name.partition(".")[0]


class Around(Protocol):
    """The plan, as expressions ask it. `defers` says that data is read while the plan is applied only."""

    defers: bool

    def instances(self, module: str, name: str) -> list[Instance]:
        """Return the instances of a resource of a module."""

    def value(self, one: Instance, attribute: str) -> Any:
        """Return an attribute of another resource, as far as it is known; None where it has none."""


class Scope(msgspec.Struct, frozen=True):
    """Where an expression stands: its module, whose it is, the expression that keys come from, and the plan."""

    module: Module | None
    own: Instance
    each: Any
    plan: Around


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
    # Blocks that old versions of the provider take for attributes have one expression for all that stands in any of them.
    whole = {**expression, "together": True} if isinstance(expression, dict) and "references" in expression else None
    made = {}
    for name in dict.fromkeys((*known, *doubts)):
        part = parts.get(name) if whole is None else whole
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
    if len(fitting) == 1 and len(expression) == count:
        return fitting[0]
    alike = len(expression) == count and expression[at] in fitting and all(one == fitting[0] for one in fitting)
    return expression[at] if alike else {"references": [], "undecided": True} if fitting else None


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
        return LATER if name in WRITTEN.get(scope.own.type, ()) else BY_AWS
    found = find(expression, scope.module, scope.each)
    plural = count is not None or _is_plural(name)
    together = isinstance(expression, dict) and "together" in expression
    picked = _picked(_of_noun(found, name) if together else found, scope, name, plural)
    if picked is None or (together and len(picked) != 1):
        alone = None if together else _by_elimination(found, scope, name)
        return LATER if alone is None else [alone] if plural else alone
    if plural:
        return picked if count in (None, len(picked)) else LATER
    return picked[0] if len(picked) == 1 else LATER


def _is_plural(name: str) -> bool:
    return name.endswith(("ids", "groups", "subnets", "arns", "instances", "vgws", "identifiers"))


def _noun(name: str) -> str:
    match = NOUN.fullmatch(name)
    return match[1] if match else ""


def _of_noun(found: Found, name: str) -> Found:
    """Return what is found, without what cannot be meant by an attribute of this name."""
    fitting = [one for one in found.named if _noun(name) and _is_id(one, name)]
    return msgspec.structs.replace(found, named=fitting)


def _picked(found: Found, scope: Scope, name: str, plural: bool) -> list[str] | None:
    """Return the ids that an expression gives; None where that is not certain."""
    several = len({one.address for one in found.named}) > 1
    if found.opaque or (found.choosing and several):
        return None
    ids: list[str] = []
    for named in found.named:
        own = _of(named, found, scope, name, plural)
        if own is None:
            return None
        ids.extend(own)
    if found.part and len(ids) > 1:
        return None
    if plural:
        ids.extend(found.texts)
    elif found.texts and found.named:
        # Text around an id, or instead of it.
        return ids if not several and not found.choosing else None
    return list(dict.fromkeys(ids)) or None


def _of(named: Named, found: Found, scope: Scope, name: str, plural: bool) -> list[str] | None:
    """Return the ids of the instances that a reference names."""
    if not _is_id(named, name):
        return None
    instances = scope.plan.instances(named.module, named.name)
    if named.key is not None:
        instances = [one for one in instances if one.key == named.key]
    elif len(instances) > 1 and found.by_key:
        instances = [one for one in instances if one.key == scope.own.key]
    if not instances or (len(instances) > 1 and (not plural or found.choosing)):
        return None
    ids: list[str] = []
    for one in instances:
        called = _called(one, named.attribute.rpartition(".")[2], scope.plan)
        if called is None:
            return None
        ids.extend(called)
    return ids


def _is_id(named: Named, name: str) -> bool:
    """Return whether an attribute of a resource, given for one of a name, is its id or leads to one."""
    last = named.attribute.rpartition(".")[2]
    noun = _noun(name)
    if noun:
        return named.type in TYPES[noun] if last in ("", "id", "arn") else _noun(last) == noun
    if last:
        return last in SELF or last in NAMES or IDS.fullmatch(last) is not None
    return IDS.fullmatch(name) is not None or HOLDERS.fullmatch(name) is not None


def _called(one: Instance, attribute: str, plan: Around) -> list[str] | None:
    """Return the ids that an attribute of a resource holds; None where nobody knows them."""
    if attribute in SELF:
        return [one.id]
    value = plan.value(one, attribute)
    if isinstance(value, str) and value:
        return [value]
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return value
    if isinstance(value, Later) and not value.by_aws:
        return None
    return [one.id] if attribute in NAMES else [f"{one.id}.{attribute}"]


def _by_elimination(found: Found, scope: Scope, name: str) -> str | None:
    """Return the id that an attribute can only be where a `local` hides it: that of the module's only resource of the type.

    A value that is not known before something is made comes from what is made: from the module itself, or from what its
    arguments name. Data that is read while the plan is applied may bring any other.
    """
    types = MEANT.get(name)
    if types is None or scope.module is None or not found.opaque or scope.plan.defers:
        return None
    module = scope.module
    names = [stem for stem in module.resources if stem.partition(".")[0] in types]
    mine = {one.id for stem in names for one in _with_provider(module.address, stem, scope)}
    given = module.call.get("expressions", {}) if module.caller is not None else {}
    outer = find(given, module.caller) if module.caller is not None else Found([], [])
    if outer.opaque:
        return None
    mine |= {each.id for one in outer.named if one.type in types for each in _with_provider(one.module, one.name, scope)}
    return mine.pop() if len(mine) == 1 else None


def _with_provider(module: str, name: str, scope: Scope) -> list[Instance]:
    """Return the instances of a resource that have the own provider: no other's are in the same account and Region."""
    return [one for one in scope.plan.instances(module, name) if one.provider == scope.own.provider]
