"""A containment plan in a notebook: the verdict, the ways compared, the steps folded, what is left open."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from ..containment import render
from ..containment.words import OPTIONS, before, broken, command, flow, headline, opened, option
from ..words import clean
from .tables import table

if TYPE_CHECKING:
    from ...models.containment import Containment, Step

VERDICTS = ("reachable", "conditional", "unknown")


def media(value: Containment) -> dict[str, str]:
    """Return what the terminal shows, and the same as HTML."""
    return {"text/plain": render(value, "text"), "text/html": "\n".join(_html(value))}


def _html(plan: Containment) -> Iterator[str]:
    told = headline(plan)
    tone = "reachable" if plan.contained and plan.forensic_passes else "blocked"
    yield f'<h4 class="{tone}">{escape(told.before)} <strong>{told.verb}</strong> {escape(told.after)}</h4>'
    yield f"<p>{escape(before(plan))}</p>"
    yield from table(OPTIONS, [option(one) for one in plan.options])
    for step in plan.steps:
        yield from _step(step)
    if plan.left_open:
        yield "<p>Open after the last step:</p>"
        yield from table(("flow", "on", "verdict"), [flow(one) for one in plan.left_open], VERDICTS)
    for title, texts in (("Notes", plan.notes), ("Not modelled, and so not in this answer", plan.not_modelled)):
        if texts:
            yield f"<p>{title}:</p>\n<ul>"
            yield from (f"<li>{escape(clean(one))}</li>" for one in texts)
            yield "</ul>"


def _step(step: Step) -> Iterator[str]:
    shown = " open" if step.phase == "contain" else ""
    yield f"<details{shown}><summary>{step.number}. {step.phase}: {escape(clean(step.title))}</summary>"
    yield f"<p>{escape(clean(step.why))}</p>"
    if step.commands:
        yield f"<pre>{escape(chr(10).join(command(one) for one in step.commands))}</pre>"
    if step.phase in ("contain", "verify"):
        yield f"<p>Then: {escape(opened(step))}</p>"
    lines = broken(step)
    if lines:
        yield f"<p>Cuts {step.broken_flows:,}:</p>\n<ul>"
        yield from (f"<li>{escape(one)}</li>" for one in lines)
        yield "</ul>"
    yield "</details>"
