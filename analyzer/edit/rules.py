"""Rules of security groups, added and removed: one service and one far side each."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.errors import QuestionError, quoted
from ..models.packet import EVERY_SERVICE, prefix
from ..models.permission import NAMED_PROTOCOLS, GroupPair, IpRange, Ipv6Range, Permission, PrefixListId
from ..models.service import parse_services, service_text
from ..models.snapshot import Snapshot
from .file import Rule
from .find import PREFIX_LISTS, Changes, found
from .services import Part, parts

GROUP = "security_group"
PROTOCOLS = {number: name for name, number in NAMED_PROTOCOLS.items()}
# Where each kind of far side stands in a permission, and how it is written there.
FAR = {"ip_ranges": "cidr_ip", "ipv6_ranges": "cidr_ipv6", "prefix_list_ids": "prefix_list_id", "user_id_group_pairs": "group_id"}


def admitted(rule: Rule, world: Snapshot) -> Changes:
    """Return the group with one more rule; raises QuestionError for a far side that is none, and a rule that is there."""
    group = found(rule.group, "security group", world, GROUP)
    side = _side(rule)
    member, far = _far(rule.far or "", world)
    services = parse_services(rule.service)
    if any(_says(one, services, member, far) for one in getattr(group, side)):
        raise QuestionError(f"{group.id} has the rule already: {_words(rule, far)}", hint="leave the edit out")
    new = [_permission(part, member, far) for part in parts(services)]
    return _with(group, side, [*getattr(group, side), *new])


def revoked(rule: Rule, world: Snapshot) -> Changes:
    """Return the group without a rule; raises QuestionError where it has none of this service and far side."""
    group = found(rule.group, "security group", world, GROUP)
    side = _side(rule)
    member, far = _held(group, side, rule.far or "") or _far(rule.far or "", world)
    services = parse_services(rule.service)
    kept, gone = list[Permission](), False
    for one in getattr(group, side):
        if not _says(one, services, member, far):
            kept.append(one)
            continue
        gone = True
        less = msgspec.structs.replace(
            one, **{member: [each for each in getattr(one, member) if _text(each, member) != far.text]}
        )
        if any(getattr(less, name) for name in FAR) or less.unknown_fields:
            kept.append(less)
    if not gone:
        raise QuestionError(f"{group.id} has no rule {_words(rule, far)}", hint=_has(group, side))
    return _with(group, side, kept)


def _side(rule: Rule) -> str:
    return "ip_permissions" if rule.inbound is not None else "ip_permissions_egress"


def _with(group: Any, side: str, permissions: list[Permission]) -> Changes:
    return {(GROUP, group.id): msgspec.structs.replace(group, **{side: permissions})}


class _FarSide(msgspec.Struct, frozen=True):
    """A far side as lines write it, and as the API does."""

    text: str
    shape: Any


def _far(text: str, world: Snapshot) -> tuple[str, _FarSide]:
    """Return where a far side stands in a permission, and what stands there: a block, a prefix list, a group by id or name."""
    try:
        prefix(text)
    except ValueError:
        one = found(text, "block, prefix list or security group", world, *PREFIX_LISTS, GROUP)
        if one.kind in PREFIX_LISTS:
            return "prefix_list_ids", _FarSide(one.id, PrefixListId(one.id))
        owner = one.owner_id or one.account
        return "user_id_group_pairs", _FarSide(one.id, GroupPair(group_id=one.id, user_id=owner))
    if ":" in text:
        return "ipv6_ranges", _FarSide(text, Ipv6Range(text))
    return "ip_ranges", _FarSide(text, IpRange(text))


def _held(group: Any, side: str, text: str) -> tuple[str, _FarSide] | None:
    """Return a far side that rules name by this very id; what it is may be gone, or not in the snapshot."""
    shapes = ((member, each) for one in getattr(group, side) for member in FAR for each in getattr(one, member))
    return next(((member, _FarSide(text, each)) for member, each in shapes if _text(each, member) == text), None)


def _text(one: Any, member: str) -> str:
    return str(getattr(one, FAR[member]))


def _says(one: Permission, services: Any, member: str, far: _FarSide) -> bool:
    """Return whether a permission is of exactly these services, and has the far side."""
    same = (EVERY_SERVICE if one.services is None else one.services) == services
    return same and not one.doubt and any(_text(each, member) == far.text for each in getattr(one, member))


def _permission(part: Part, member: str, far: _FarSide) -> Permission:
    protocol = "-1" if part.protocol is None else PROTOCOLS.get(part.protocol, str(part.protocol))
    sides: dict[str, Any] = {member: [far.shape]}
    return Permission(ip_protocol=protocol, from_port=part.low, to_port=part.high, **sides)


def _words(rule: Rule, far: _FarSide) -> str:
    word, where = ("inbound", "from") if rule.inbound is not None else ("outbound", "to")
    return f"`{word} {','.join(service_text(parse_services(rule.service)))} {where} {far.text}`"


def _has(group: Any, side: str) -> str:
    where = "from" if side == "ip_permissions" else "to"
    lines = [
        f"{one.service} {where} {_text(each, member)}"
        for one in getattr(group, side)
        for member in FAR
        for each in getattr(one, member)
    ]
    return f"it has {quoted(lines[:5])}" if lines else "it has no rule in that direction"
