"""The plan as GitHub-flavoured Markdown: a run book for the ticket. No name in it can become markup, a link or a mention."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..markdown import code, prose
from ..words import clean
from .words import OPTIONS, before, broken, command, flow, headline, opened, option

if TYPE_CHECKING:
    from ...models.containment import Containment, Step


def render(plan: Containment, *, colour: bool) -> str:
    """Return the plan as Markdown."""
    return "".join(f"{line}\n" for line in _lines(plan))


def _lines(plan: Containment) -> Iterator[str]:
    told = headline(plan)
    yield f"### {prose(told.before)} **{told.verb}** {prose(told.after)}"
    yield from ("", prose(before(plan)), "", f"| {' | '.join(OPTIONS)} |", f"|{' --- |' * len(OPTIONS)}")
    yield from (f"| {' | '.join(map(prose, option(one)))} |" for one in plan.options)
    for step in plan.steps:
        yield from _step(step)
    if plan.left_open:
        yield from ("", "**Open after the last step:**", "", "| flow | on | verdict |", "| --- | --- | --- |")
        yield from (f"| {' | '.join(map(code, flow(one)))} |" for one in plan.left_open)
    for title, texts in (("Notes", plan.notes), ("Not modelled, and so not in this answer", plan.not_modelled)):
        if texts:
            yield from ("", f"**{title}:**", "")
            yield from (f"- {prose(clean(one))}" for one in texts)


def _step(step: Step) -> Iterator[str]:
    yield from ("", f"#### {step.number}. {step.phase}: {prose(clean(step.title))}", "", prose(clean(step.why)))
    if step.commands:
        yield from ("", *_fenced([command(one) for one in step.commands]))
    if step.phase in ("contain", "verify"):
        yield from ("", f"Then: {prose(opened(step))}")
    lines = broken(step)
    if lines:
        yield from ("", f"Cuts {step.broken_flows:,}:", "")
        yield from (f"- {prose(one)}" for one in lines)


def _fenced(lines: list[str]) -> Iterator[str]:
    """Yield lines in a fence that is longer than any row of backticks in them."""
    longest = max((len(run) for line in lines for run in _runs(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}sh", *lines, fence)


def _runs(line: str) -> list[str]:
    return [part for part in "".join(char if char == "`" else " " for char in line).split() if part]
