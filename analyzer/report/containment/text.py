"""The plan for a terminal: the verdict, the ways compared, the steps with their commands, what is left open."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from ..tables import aligned
from ..text import Paint
from ..words import clean
from .words import MOST_SHOWN, OPTIONS, before, broken, command, flow, headline, opened, option

if TYPE_CHECKING:
    from ...models.containment import Containment, OpenFlow, Step

WIDTH = 110


def render(plan: Containment, *, colour: bool) -> str:
    """Return the plan as text."""
    return "".join(f"{line}\n" for line in _lines(plan, Paint(colour)))


def _lines(plan: Containment, paint: Paint) -> Iterator[str]:
    told = headline(plan)
    good = plan.contained and plan.forensic_passes
    yield f"{told.before} {paint(told.verb, '1;32' if good else '1;31')} {told.after}"
    yield f"  {before(plan)}"
    yield from aligned([OPTIONS, *(option(one) for one in plan.options)], indent="  ")
    for step in plan.steps:
        yield ""
        yield from _step(step, paint)
    yield ""
    yield "open after the last step" if plan.left_open else "nothing is open after the last step"
    yield from _flows(plan.left_open, plan.left_open_flows, 4 * MOST_SHOWN)
    for note in plan.notes:
        yield from wrap(f"note: {clean(note)}", WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    if plan.not_modelled:
        yield "not modelled, and so not in this answer:"
        yield from (f"  - {clean(one)}" for one in plan.not_modelled)
    if plan.snapshot.collected_at:
        yield f"snapshot of {clean(plan.snapshot.collected_at)}"


def _step(step: Step, paint: Paint) -> Iterator[str]:
    yield f"{step.number}. {step.phase}: {paint(clean(step.title), '1')}"
    yield from wrap(clean(step.why), WIDTH, initial_indent="   ", subsequent_indent="   ")
    yield from (f"     $ {command(one)}" for one in step.commands)
    if step.phase in ("contain", "verify"):
        yield f"   then: {opened(step)}"
    lines = broken(step)
    if lines:
        yield f"   cuts {step.broken_flows:,}:"
        yield from (f"     {one}" for one in lines)


def _flows(flows: list[OpenFlow], total: int, most: int) -> Iterator[str]:
    yield from aligned([flow(one) for one in flows[:most]], indent="  ")
    if total > min(len(flows), most):
        yield f"  and {total - min(len(flows), most):,} more: `--format json` with `--limit`"
