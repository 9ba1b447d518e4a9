"""Entries of network ACLs, added and removed by their number; those of prefix lists are told apart here."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.aws.network_acl import Entry as AclEntry
from ..models.aws.network_acl import IcmpTypeCode, PortRange
from ..models.errors import QuestionError, quoted
from ..models.packet import ICMP, ICMP6, TCP, UDP, prefix
from ..models.service import parse_services
from ..models.snapshot import Snapshot
from .file import Entry
from .find import Changes, found
from .lists import listed, unlisted
from .services import parts

ACL = "network_acl"


def entered(entry: Entry, world: Snapshot) -> Changes:
    """Return the ACL, or prefix list, with one more entry; raises QuestionError where the number is taken, or one entry cannot say it."""
    if entry.acl is None:
        return listed(entry, world)
    acl = found(entry.acl, "network ACL", world, ACL)
    if any(_is(one, entry) for one in acl.entries):
        raise QuestionError(f"{acl.id} has an entry {_words(entry)} already", hint="take another number, or `replace` it")
    if entry.action is None or entry.far is None:
        raise QuestionError(
            "an entry that is added needs `action` and a block", hint="`action: allow`, and `from: BLOCK` or `to: BLOCK`"
        )
    new = parts(parse_services(entry.service))
    if len(new) != 1:
        raise QuestionError(f"one entry cannot say `{entry.service[:60]}`", hint="write an edit for each protocol and range")
    return _with(acl, [*acl.entries, _made(entry, entry.far, new[0])])


def withdrawn(entry: Entry, world: Snapshot) -> Changes:
    """Return the ACL, or prefix list, without an entry; raises QuestionError where it has none of this number."""
    if entry.acl is None:
        return unlisted(entry, world)
    acl = found(entry.acl, "network ACL", world, ACL)
    kept = [one for one in acl.entries if not _is(one, entry)]
    if len(kept) == len(acl.entries):
        numbers = [str(one.rule_number) for one in acl.entries if one.egress == (entry.outbound is not None)]
        raise QuestionError(f"{acl.id} has no entry {_words(entry)}", hint=f"it has {quoted(numbers[:5]) or 'none'}")
    return _with(acl, kept)


def _is(one: AclEntry, entry: Entry) -> bool:
    return one.rule_number == entry.number and one.egress == (entry.outbound is not None)


def _with(acl: Any, entries: list[AclEntry]) -> Changes:
    return {(ACL, acl.id): msgspec.structs.replace(acl, entries=entries)}


def _made(entry: Entry, block: str, part: Any) -> AclEntry:
    try:
        prefix(block)
    except ValueError as error:
        raise QuestionError(f"`{block[:60]}` is no block of addresses", hint="an ACL takes blocks like `10.0.0.0/8`") from error
    fields: dict[str, Any] = {"ipv6_cidr_block" if ":" in block else "cidr_block": block}
    if part.protocol in (TCP, UDP):
        fields["port_range"] = PortRange(part.low, part.high)
    if part.protocol in (ICMP, ICMP6):
        fields["icmp_type_code"] = IcmpTypeCode(part.low, part.high)
    protocol = "-1" if part.protocol is None else str(part.protocol)
    return AclEntry(
        rule_number=entry.number, egress=entry.outbound is not None, rule_action=entry.action or "", protocol=protocol, **fields
    )


def _words(entry: Entry) -> str:
    return f"`{'outbound' if entry.outbound is not None else 'inbound'} {entry.number}`"
