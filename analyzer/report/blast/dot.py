"""Chains of hops as a Graphviz graph: the surest way to each resource, VPCs as boxes, dashed where it is not sure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..drawing import GREY, quote
from ..words import cleaned, services
from .words import cut, title

if TYPE_CHECKING:
    from ...models.answer import End
    from ...models.blast import BlastRadius, Step

AMBER = "#9a6700"


def render(radius: BlastRadius, *, colour: bool) -> str:
    """Return the ways to what is listed as DOT; `colour` changes nothing."""
    return "".join(f"{line}\n" for line in _lines(cleaned(radius)))


def _lines(radius: BlastRadius) -> Iterator[str]:
    steps: dict[tuple[str, str], Step] = {(each.source, each.target): each for one in radius.reached for each in one.way}
    used = {id for step in steps for id in step}
    every = {one.id: one for one in (*radius.sources, *(one.endpoint for one in radius.reached))}
    names = {id: f"n{number}" for number, id in enumerate(dict.fromkeys([*every, *sorted(used)]))}
    held = {one.endpoint.id for one in radius.reached if one.held} | {one.id for one in radius.sources}
    left_out = f" ({cut(radius)})" if cut(radius) else ""
    yield "digraph reach {"
    yield f"  graph [newrank=true, rankdir=LR, labelloc=t, label={quote(f'{title(radius)}{left_out}')}, fontname=Helvetica];"
    yield "  node [shape=box, style=rounded, fontname=Helvetica, fontsize=10];"
    yield "  edge [fontname=Helvetica, fontsize=9];"
    for number, vpc in enumerate(sorted({one.vpc for one in every.values()})):
        inside = [f"{names[id]} [{_look(one, id in held)}];" for id, one in every.items() if one.vpc == vpc]
        yield from _box(number, vpc, inside)
    yield from (f"  {names[id]} [label={quote(id)}];" for id in sorted(used - every.keys()))
    yield from (f"  {names[step.source]} -> {names[step.target]} [{_arrow(step)}];" for step in steps.values())
    yield "}"


def _box(number: int, vpc: str, inside: list[str]) -> Iterator[str]:
    if not vpc:
        yield from (f"  {line}" for line in inside)
        return
    yield f"  subgraph cluster_{number} {{"
    yield f'    graph [label={quote(vpc)}, style=rounded, color="{GREY}"];'
    yield from (f"    {line}" for line in inside)
    yield "  }"


def _look(one: End, held: bool) -> str:
    """Return how a resource is drawn: in bold what an intruder goes on from."""
    lines = dict.fromkeys(line for line in (one.name, one.id, one.kind, one.address) if line)
    return f"label={quote(chr(10).join(lines))}" + (", penwidth=2" if held else "")


def _arrow(step: Step) -> str:
    sure = step.verdict.value == "reachable"
    words = services(step.services) if sure else f"{step.verdict.value}: {services(step.services)}"
    return f"label={quote(words)}" + ("" if sure else f', style=dashed, color="{AMBER}"')
