"""Selectors: "sg-a", "rds", "tag:tier=web" -> endpoints. Nothing else decides what a user's word for a resource means."""

from __future__ import annotations

from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from .forms import of_id, selected
from .grammar import And, Atom, Node, Not, Or, parse, shown
from .selection import Selection, all_joined, endpoints

__all__ = ["select"]


def select(text: str, snapshot: Snapshot) -> list[Endpoint]:
    """Return the endpoints that a selector names, never none: interfaces in order of id, then addresses as they were named.

    A text that is the id of a resource means that resource, whatever else it could mean. An interface stands for all its
    addresses; a gateway endpoint, which has no interface, for itself. Every part of a selector must match something. Raises
    QuestionError for a selector that cannot be read, matches nothing, or is the name of several kinds.

    >>> from analyzer import load
    >>> [endpoint.kind for endpoint in select("internet", load("demo").snapshot)]
    ['internet']
    """
    node: Node = Atom(text) if of_id(text, snapshot) else parse(text)
    found = _evaluated(node, text, snapshot)
    if not found:
        hint = "ask for its parts one by one with `reach list`"
        raise QuestionError(f"the parts of `{shown(text)}` have nothing in common", hint=hint)
    return endpoints(found, snapshot)


def _evaluated(node: Node, text: str, snapshot: Snapshot) -> Selection:
    if isinstance(node, Atom):
        return selected(node, snapshot)
    if isinstance(node, Or):
        return all_joined(_evaluated(one, text, snapshot) for one in node.operands)
    operands: tuple[Node, ...] = node.operands if isinstance(node, And) else (node,)
    taken = [one for one in operands if not isinstance(one, Not)]
    left_out = [one.operand for one in operands if isinstance(one, Not)]
    found = _evaluated(taken[0] if taken else Atom("any"), text, snapshot)
    name = node.text if isinstance(node, And) else text
    for one in taken[1:]:
        other = _evaluated(one, text, snapshot)
        if found and found.shares_nothing_with(other):
            raise _mixed("`and` joins interfaces with addresses", text)
        found = found.within(other, name)
    for operand in left_out:
        other = _evaluated(operand, text, snapshot)
        if found and other.goes_beyond(found):
            what = "interfaces from addresses" if other.members else "addresses from interfaces"
            raise _mixed(f"`not` takes {what}", text)
        found = found.without(other, name)
    return found


def _mixed(what: str, text: str) -> QuestionError:
    hint = "name interfaces by subnet, tag or name: an address means packets with that very address, whoever owns it"
    return QuestionError(f"cannot read selector `{shown(text)}`: {what}, which have nothing in common", hint=hint)
