"""The lines that did it: found on the way of one packet that passes on one side, and is stopped on the other."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..evidence import tells
from ..flow import Question, Step
from ..models.difference import Cause, SideName
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot
from ..models.table import Drop, Line
from ..reach import Flows
from ..select import select
from ..sources import counting
from ..walk import walk
from ..witness import witness
from .telling import Told

MOST = 3


def causes(row: Told, old: Snapshot, new: Snapshot) -> list[Cause]:
    """Return the lines that made the difference for the examples of a row, those that the other snapshot does not have first.

    On the side where it is open these are lines that let the packet pass; where that has none of its own, what stops the packet
    on the other side.
    """
    found = [one for example in row.examples for one in _between(example, row, old, new)]
    return list(dict.fromkeys(found))


def _between(example: tuple[str, str], row: Told, old: Snapshot, new: Snapshot) -> list[Cause]:
    (open_, name), (shut, other) = ((new, "new"), (old, "old")) if row.opened else ((old, "old"), (new, "new"))
    ends = [_endpoint(id, open_) for id in example]
    if ends[0] is None or ends[1] is None:
        return []
    flows = Flows(open_, [ends[0]], [ends[1]], row.services, there_only=True)
    question, flow = witness(flows, ends[0], ends[1], flows.of(ends[0], ends[1]))
    if question is None or flow is None:
        return []
    gone = [one for one in (ends[0], ends[1]) if one.interface and shut.find("network_interface", one.interface) is None]
    if gone:
        return [_presence(one, open_, name) for one in gone]
    own = _own([*flow.steps, *flow.reply_steps], shut)
    stops = _stops(question, ends[1], shut)
    found = [_cause(one, open_, name) for one in own] or [_cause(one, shut, other) for one in _own(stops, open_) or stops]
    return list(dict.fromkeys(found))[:MOST]


def _endpoint(id: str, world: Snapshot) -> Endpoint | None:
    try:
        return next((one for one in select(id, world) if one.id == id), None)
    except QuestionError:
        return None


def _presence(one: Endpoint, world: Snapshot, side: str) -> Cause:
    interface = world.find("network_interface", one.interface)
    name: SideName = "new" if side == "new" else "old"
    return Cause(side=name, resource=one.interface, line="the interface itself", rule="M-5", origin=interface.origin)


def _own(steps: Iterable[Step], other: Snapshot) -> list[Step]:
    """Return the steps whose lines the other snapshot does not have there, new titles before lines that mean something else now."""
    # That a group remembers is nothing that people edit.
    told = (step for step in steps if tells(step) and step.line.rule != "SG-4")
    unlike = [step for step in told if not any(step.line == line for line in _lines(step, other))]
    return sorted(unlike, key=lambda step: any(_title(step) == (line.resource, line.title) for line in _lines(step, other)))


def _lines(step: Step, world: Snapshot) -> list[Line]:
    return world.table(step.place, step.direction).lines


def _title(step: Step) -> tuple[str, str]:
    return step.line.resource, step.line.title


def _stops(question: Question, target: Endpoint, world: Snapshot) -> list[Step]:
    """Return the line that stops the packet, or its reply, in a snapshot."""
    flow = walk(world, msgspec.structs.replace(question, counts=counting(world, target)))
    return [step for steps in (flow.steps, flow.reply_steps) for step in steps[-1:] if isinstance(step.action, Drop)]


def _cause(step: Step, world: Snapshot, side: str) -> Cause:
    component = world.at(step.line.resource)
    name: SideName = "new" if side == "new" else "old"
    origin = component.origin if component is not None else ""
    return Cause(side=name, resource=step.line.resource, line=step.line.title, rule=step.line.rule, origin=origin)
