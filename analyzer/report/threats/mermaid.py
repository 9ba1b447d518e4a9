"""Ways as a Mermaid flowchart: zones as boxes, hops as arrows, dashed where they are not sure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..words import services
from .words import SURE, named, short, zone_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.attack import AttackPath
    from ...models.threat import ThreatModel
    from .flows import Flow, Flows

# Whatever else stands in a label is written as its number: a colon would let Mermaid take a label for a style, `#` for a number.
HARMLESS = frozenset(" ,/-.()_")
MOST_ARROWS = 40


def flowchart(paths: Sequence[AttackPath], model: ThreatModel, flows: Flows) -> Iterator[str]:
    """Yield a fenced flowchart of some ways, whose texts are clean; of very many hops the first."""
    arrows: dict[tuple[str, str], Flow] = {}
    for path in paths:
        for one in flows.of_path(path):
            if len(arrows) < MOST_ARROWS:
                arrows.setdefault((one.source, one.target), one)
    numbers = {id: f"n{number}" for number, id in enumerate(dict.fromkeys(id for pair in arrows for id in pair))}
    goals = {path.asset for path in paths}
    yield from ("```mermaid", "flowchart LR")
    yield from _nodes(numbers, goals, model)
    for pair, one in arrows.items():
        arrow = "-->" if one.verdict.value == SURE else "-.->"
        sure = "" if one.verdict.value == SURE else f", {one.verdict.value}"
        yield f'  {numbers[pair[0]]} {arrow}|"{label(services(one.services) + sure)}"| {numbers[pair[1]]}'
    yield "```"


def label(text: str) -> str:
    """Return a text that means nothing to Mermaid, and shows as it is."""
    return "".join(char if char.isalnum() or char in HARMLESS else f"#{ord(char)};" for char in short(text, 80))


def _nodes(numbers: Mapping[str, str], goals: set[str], model: ThreatModel) -> Iterator[str]:
    """Yield the ends of arrows, those of a zone in a box; what somebody is after has a shape of its own."""
    assets = {one.id: one for one in model.assets}
    zones = {one.id: one for one in model.zones}
    boxes: dict[str, list[str]] = {}
    for id in numbers:
        boxes.setdefault(assets[id].zone if id in assets else "", []).append(id)
    for number, (zone, inside) in enumerate(boxes.items()):
        if zone:
            around = zones.get(zones[zone].within) if zone in zones else None
            name = zone_name(zones[zone]) if zone in zones else zone
            yield f'  subgraph z{number}["{label(f"{zone_name(around)} / {name}" if around else name)}"]'
        for id in inside:
            text = label(named(assets[id].name, id) if id in assets else id)
            yield f'    {numbers[id]}[("{text}")]' if id in goals else f'    {numbers[id]}["{text}"]'
        if zone:
            yield "  end"
