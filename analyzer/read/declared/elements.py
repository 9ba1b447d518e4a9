"""Rules, entries and routes while they are put together, with the doubt about what of them is not known yet.

An element that is not known in full has a field which no component knows: what it says in full is then unknown, never nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .resource import NotKnownError

Element = dict[str, Any]
# Of a route whose destination is not known: the id of a prefix list that no snapshot holds.
ANYWHERE = "a destination that is known after it is made only"


# Members of rows whose elements may be in doubt one by one.
DOUBTED_ALONE = frozenset({"IpPermissions", "IpPermissionsEgress", "Entries", "Routes"})


# Fields of ranges, which others do not have unless they are there; and of our own: those that a VPC may have, and why.
V6_RANGES, RANGES, PERHAPS_RANGES = "Ipv6CidrBlockAssociationSet", "CidrBlockAssociationSet", "PerhapsRanges"


def doubt(attribute: str, why: str = "") -> Element:
    """Return the field that makes an element doubtful, and that its doubt is told by."""
    return {f"{attribute} ({why or 'known after it is made'})": True}


def doubtful(fields: Element, why: str) -> Element | None:
    """Return a part of a row of which nobody knows whether it will be there; None where that leaves the whole row in doubt."""
    if {V6_RANGES, RANGES, PERHAPS_RANGES}.issuperset(fields):
        perhaps = [*fields.get(PERHAPS_RANGES, []), *({**one, "Why": why} for one in fields.get(RANGES, []))]
        return {V6_RANGES: fields.get(V6_RANGES, []), **({PERHAPS_RANGES: perhaps} if perhaps else {})}
    if not DOUBTED_ALONE.issuperset(fields):
        return None
    return {name: [{**one, **_perhaps(name, why)} for one in listed] for name, listed in fields.items()}


def _perhaps(name: str, why: str) -> Element:
    return {"_Doubt": why} if name.startswith("IpPermissions") else doubt("whether it is there", why)


def permission(protocol: Callable[[], str], ports: Callable[[], Element], far: Iterable[Callable[[], Element]]) -> Element:
    """Return a rule of a security group: its protocol and ports, and far sides; what is not known of them leaves it in doubt."""
    made: Element
    try:
        made = {"IpProtocol": protocol(), **ports()}
    except NotKnownError as error:
        return {"IpProtocol": "-1", **doubt(error.attribute, error.why)}
    for side in far:
        try:
            made.update(side())
        except NotKnownError as error:
            made.update(doubt(error.attribute, error.why))
    return made


def entry(number: int, egress: bool, rest: Callable[[], Element]) -> Element:
    """Return an entry of a network ACL; what is not known of it leaves all that it may be about in doubt."""
    try:
        return {"RuleNumber": number, "Egress": egress, **rest()}
    except NotKnownError as error:
        return {
            "RuleNumber": number,
            "Egress": egress,
            "RuleAction": "deny",
            "Protocol": "-1",
            **doubt(error.attribute, error.why),
        }


def route(destination: Callable[[], Element], target: Callable[[], Element]) -> Element:
    """Return a route; one whose destination is not known may be about any, one whose target is not known may lead anywhere."""
    try:
        where = destination()
    except NotKnownError:
        where = {"DestinationPrefixListId": ANYWHERE}
    try:
        onward = target()
    except NotKnownError as error:
        return {**where, **doubt(error.attribute, error.why)}
    return {**where, **onward} if onward else {**where, **doubt("target")}
