"""The proof: the model asked before the first step and after each of them, what is open then and what the step cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from ..edit import edited
from ..edit.file import Edit
from ..models.containment import Broken, OpenFlow, Step
from ..models.endpoint import Endpoint
from ..models.packet import IntervalSet
from ..models.service import service_text
from ..models.snapshot import Snapshot
from .beside import Beside
from .draft import Draft
from .passing import Flow, Passing, lost

# Asked of a snapshot: what passes there; everything where it proves something.
Ask = Callable[..., Passing]
Cut = tuple[Endpoint, Endpoint, IntervalSet]


class Shown(msgspec.Struct, frozen=True):
    """The steps with what the model says after each, and what passed before the first and after the last.

    `beside_whole` is whether all others whom a step may hit were looked at, too.
    """

    steps: list[Step]
    before: Passing
    last: Passing
    beside_whole: bool = True


def proof(world: Snapshot, drafts: Sequence[Draft], ask: Ask, limit: int | None, beside: Beside | None = None) -> Shown:
    """Return the steps, each with what is open after it and what it cut; the last one that changes anything is asked in full."""
    before = now = ask(world)
    final = max((at for at, one in enumerate(drafts) if one.edits), default=-1)
    steps = list[Step]()
    for at, draft in enumerate(drafts):
        cut, others = list[Cut](), list[Cut]()
        if draft.edits:
            after = edited(world, [Edit.model_validate(one) for one in draft.edits])
            then = ask(after, proves=at == final)
            cut = lost(now, then)
            others = beside.lost(world, after) if beside is not None else []
            world, now = after, then
        steps.append(_step(at + 1, draft, now, (cut, others), limit))
    return Shown(steps, before, now, beside is None or beside.whole)


def _step(number: int, draft: Draft, now: Passing, cut: tuple[list[Cut], list[Cut]], limit: int | None) -> Step:
    mine, others = cut
    broken = [_broken(one, beside=False) for one in mine] + [_broken(one, beside=True) for one in others]
    undone = draft.phase == "recover"
    return Step(
        number=number,
        phase=draft.phase,
        title=draft.title,
        why=draft.why,
        commands=list(draft.commands),
        undo=list(draft.undo),
        edits=[dict[str, Any](one) for one in draft.edits],
        tracked=draft.tracked,
        survive=list(draft.survive),
        whole=now.whole,
        open=[] if undone else flows_of(now.flows, limit),
        open_flows=0 if undone else len(now.flows),
        broken=broken[:limit],
        broken_flows=len(broken),
    )


def _broken(one: Cut, *, beside: bool) -> Broken:
    source, target, services = one
    return Broken(source=named(source), target=named(target), services=service_text(services), beside=beside)


def flows_of(flows: Iterable[Flow], limit: int | None) -> list[OpenFlow]:
    """Return flows as the answer tells them, what is no forensic path first."""
    ordered = sorted(flows, key=lambda one: one.forensic)
    return [
        OpenFlow(
            source=named(one.source),
            target=named(one.target),
            verdict=one.verdict,
            services=service_text(one.services),
            forensic=one.forensic,
        )
        for one in ordered[:limit]
    ]


def named(end: Endpoint) -> str:
    """Return an end as people know it: its name and id."""
    return f"{end.name} ({end.id})" if end.name and end.name != end.id else end.id
