"""From steps over the tables to what people read: hops, blockers, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .flow import Flow, Step
from .models.answer import Blocker, End, Hop, PacketText, Pair
from .models.endpoint import Endpoint
from .models.packet import Packet, address_text, only
from .models.service import service_text
from .models.snapshot import Snapshot
from .models.table import Action, Choose, Direction, Drop, Send, Share


def end(endpoint: Endpoint) -> End:
    """Return an endpoint as an end of a pair."""
    first = "" if endpoint.kind == "internet" or not endpoint.addresses else address_text(endpoint.addresses.smallest())
    return End(id=endpoint.id, kind=endpoint.kind, name=endpoint.name, address=first, vpc=endpoint.vpc, account=endpoint.account)


def tells(step: Step) -> bool:
    """Return whether a step is worth a line to people: a filter, a route, a gateway, and not mere plumbing."""
    plumbing = step.line.rule == "M-2" or (step.kind in ("subnet", "local") and step.line.rule == "RT-26")
    return not (plumbing and isinstance(step.action, Send)) and not (
        step.line.rule == "M-2" and not isinstance(step.action, Drop)
    )


def _packet(packet: Packet) -> PacketText:
    return PacketText(
        source=address_text(packet.source), target=address_text(packet.target), service=service_text(only(packet.service))[0]
    )


def hop(world: Snapshot, step: Step) -> Hop:
    """Return a step as a hop of a path."""
    return Hop(
        place=_place(world, step),
        kind=step.kind,
        resource=step.line.resource,
        line=step.line.title,
        rule=step.line.rule,
        packet=_packet(step.packet),
        origin=_origin(world, step.line.resource),
    )


def _place(world: Snapshot, step: Step) -> str:
    """Return where the step is: of interfaces that no line tells apart, the one whose address the packet carries."""
    here: Any = world.at(step.place.resource)
    if here is None or here.kind != "network_interface":
        return step.place.resource
    address = step.packet.source if step.place.stage in ("sends", "groups out") else step.packet.target
    actual = world.owner_of(here.vpc_id, address)
    if actual is None or world.class_of(actual.id) != world.class_of(here.id):
        return step.place.resource
    return str(actual.id)


def _origin(world: Snapshot, resource: str) -> str:
    component = world.at(resource)
    return component.origin if component is not None else ""


def blockers_of(world: Snapshot, step: Step, asked: Sequence[Endpoint]) -> Iterator[Blocker]:
    """Yield the line, once for each resource that could have let the packet pass."""
    action = step.action
    assert isinstance(action, Drop)
    for resource in (step.line.resource, *step.line.refused):
        actual = _holder(world, step, asked) if step.line.holder else resource
        yield Blocker(
            resource=_place(world, step) if resource == step.place.resource else actual,
            line=step.line.title,
            rule=step.line.rule,
            code=action.code,
            direction="reply" if step.direction is Direction.REPLY else "request",
            text=action.text,
            origin=_origin(world, actual),
        )


def doubts_of(world: Snapshot, flow: Flow) -> list[Blocker]:
    """Return the lines on the way of which nobody knows whether they pass the packet or its reply, as the lines that may block."""
    found = []
    for step in (*flow.steps, *flow.reply_steps):
        for choice in _choices_on_the_way(step.line.action, step.action):
            drops = [one for one in choice.actions if isinstance(one, Drop)]
            found.append(
                Blocker(
                    resource=choice.doubt.resource or step.line.resource,
                    line=step.line.title,
                    rule=choice.doubt.rule,
                    code=next((one.code for one in drops if one.code), ""),
                    direction="reply" if step.direction is Direction.REPLY else "request",
                    text=choice.doubt.text,
                    origin=_origin(world, choice.doubt.resource or step.line.resource),
                )
            )
    return distinct(found)


def _choices_on_the_way(action: Action, taken: Action) -> list[Choose]:
    """Return the choices that nobody knows the outcome of, from what a line does down to what was followed.

    Where what was followed stands in several places, the surest of them counts.
    """
    return min(_choices(action, taken), key=len, default=[])


def _choices(action: Action, taken: Action) -> Iterator[list[Choose]]:
    if action == taken:
        yield []
    elif isinstance(action, Choose | Share):
        own = [action] if isinstance(action, Choose) else []
        yield from ([*own, *inner] for one in action.actions for inner in _choices(one, taken))


def _holder(world: Snapshot, step: Step, asked: Sequence[Endpoint]) -> str:
    """Return the interface that a line is about by the packet's address: one that was asked about, else whoever holds it."""
    address = step.packet.source if step.line.holder == "source" else step.packet.target
    named = next((one.interface for one in asked if one.interface and address in one.addresses), "")
    owner = world.owner_of(step.line.resource, address)
    return named or (owner.id if owner is not None else step.line.resource)


def distinct(blockers: Iterable[Blocker]) -> list[Blocker]:
    """Return the blockers, each line of a resource once, be it met by the request and by the reply."""
    return list({(one.resource, one.line): one for one in reversed(list(blockers))}.values())[::-1]


def from_nowhere(source: Endpoint) -> Blocker:
    """Return the blocker of a source that has no place in the snapshot."""
    if not source.addresses:
        text = f"{source.id} only answers; it starts no connection"
        return Blocker(
            resource=source.id,
            line="a gateway endpoint never starts a connection",
            rule="EP-6",
            code="VPCE_INTRA_VPC_TRAFFIC",
            text=text,
        )
    text = "no interface in the snapshot owns the source, and no VPN, Direct Connect or transit gateway knows its prefix"
    return Blocker(resource=source.id, line="nobody's address", rule="RT-26", code="NO_SOURCE_OR_DESTINATION", text=text)


def not_modelled(world: Snapshot, pairs: Sequence[Pair]) -> list[str]:
    """Return what the answer leaves out: documents that nothing models, broken resources, caveats of what it touches."""
    touched = {hop.resource for pair in pairs for hop in (*pair.path, *pair.reply_path)}
    touched |= {hop.place for pair in pairs for hop in (*pair.path, *pair.reply_path)}
    touched |= {end.vpc for pair in pairs for end in (pair.source, pair.target)}
    touched |= {end.id for pair in pairs for end in (pair.source, pair.target)}
    components = [world.at(one) for one in sorted(touched)]
    owners = [world.owner(one) for one in sorted(touched)]
    told = {caveat for one in (*components, *owners) if one is not None for caveat in one.caveats(world)}
    return sorted({*world.not_modelled, *(one.text for one in world.broken), *told})


def remarks(world: Snapshot, pairs: Sequence[Pair]) -> list[str]:
    """Return what is to be said of the targets, their owners and VPCs, and of what packets met, though no line says it."""
    touched = {one for pair in pairs for one in (pair.target.id, pair.target.vpc)}
    touched |= {hop.resource for pair in pairs for hop in pair.path}
    touched |= {owner.id for pair in pairs if (owner := world.owner(pair.target.id)) is not None}
    return sorted({one.text for component in world.doing("remarks") for one in component.remarks(world) if one.about in touched})
