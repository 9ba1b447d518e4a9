"""The answer as a Graphviz graph: the way of each pair, VPCs as boxes, and in red where it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from .words import cleaned, headline, rows

if TYPE_CHECKING:
    from ..models.answer import Answer, End, Hop, Pair

MOST_PAIRS = 20
LONGEST_LABEL = 80
RED = "#a40e26"
GREY = "#57606a"
# Places between VPCs: what comes before the first belongs to the source's VPC, what comes after the last to the target's.
BETWEEN = ("internet", "internet_gateway", "egress_only_internet_gateway", "vpc_peering", "unmodelled", "unknown")


class Node(msgspec.Struct, frozen=True):
    """One end or hop, as it is drawn.

    `rest` is the way from here on: hops of several pairs are one node only where that is the same too, so that the arrows
    lead from every source along its own way and no other.
    """

    label: str
    vpc: str
    ends: bool = False
    rest: str = ""


class Edge(msgspec.Struct, frozen=True):
    """An arrow between two nodes."""

    tail: Node
    head: Node
    look: str = ""


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as DOT; with `explain` all pairs are drawn, and the way of every reply, else the first twenty pairs."""
    told = cleaned(answer)
    pairs = told.pairs if explain else told.pairs[:MOST_PAIRS]
    edges = list(dict.fromkeys(edge for pair in pairs for edge in _edges(pair, explain)))
    query = told.query
    title = str(headline(query.source, query.target, told, query.on))
    left_out = f" ({len(pairs)} of {len(told.pairs)} pairs are drawn)" if len(pairs) < len(told.pairs) else ""
    return "\n".join(_lines(title + left_out, edges)) + "\n"


def quote(text: str) -> str:
    r"""Return the text as a DOT string, `\n` in it meaning the same as in the text."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# ---------------------------------------------------------------------- the graph of one pair
def _edges(pair: Pair, explain: bool) -> Iterator[Edge]:
    blocked = pair.forward.value == "blocked"
    source, target = _end(pair.source), _end(pair.target)
    chain = [source, *_merging(_hops(pair.path, pair.source.vpc, pair.target.vpc, blocked), target)]
    yield from (Edge(tail, head) for tail, head in pairwise(chain))
    if blocked:
        yield Edge(chain[-1], target, f'style=dashed, color="{RED}", arrowhead=tee')
    else:
        yield Edge(chain[-1], target)
    if pair.reply_path and (explain or pair.reply != "reachable"):
        stopped = pair.reply == "blocked"
        back = [target, *_merging(_hops(pair.reply_path, pair.target.vpc, pair.source.vpc, stopped), source)]
        look = f'style=dashed, color="{GREY}", label="reply"'
        yield from (Edge(tail, head, look) for tail, head in pairwise(back))
        yield Edge(back[-1], source, f'style=dashed, color="{RED}", arrowhead=tee' if stopped else look)


def _end(one: End) -> Node:
    lines = [one.name, one.id, one.kind, one.address]
    return Node("\n".join(_cut(line) for line in dict.fromkeys(lines) if line), one.vpc)


def _hops(hops: Sequence[Hop], near: str, far: str, blocked: bool) -> Iterator[Node]:
    """Yield a node for each hop, in the VPC that it belongs to as far as the way tells."""
    borders = [number for number, hop in enumerate(hops) if hop.kind in BETWEEN]
    first, last = (borders[0], borders[-1]) if borders else (len(hops), len(hops))
    for number, row in enumerate(rows(hops, stopped=blocked)):
        vpc = near if number < first else far if number > last else ""
        yield Node("\n".join(_cut(line) for line in (row.place, row.line, row.rule) if line), vpc, row.stops)


def _merging(hops: Iterable[Node], end: Node) -> list[Node]:
    """Return the hops, each with the way from it to the end."""
    made: list[Node] = []
    rest = end.label
    for hop in reversed(list(hops)):
        made.append(msgspec.structs.replace(hop, rest=rest))
        rest = f"{hop.label}\n{rest}"
    return made[::-1]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"


# ---------------------------------------------------------------------- the text of it
def _lines(title: str, edges: Sequence[Edge]) -> Iterator[str]:
    nodes = list(dict.fromkeys(node for edge in edges for node in (edge.tail, edge.head)))
    names = {node: f"n{number}" for number, node in enumerate(nodes)}
    yield "digraph reach {"
    yield f"  graph [newrank=true, rankdir=TB, labelloc=t, label={quote(title)}, fontname=Helvetica];"
    yield "  node [shape=box, style=rounded, fontname=Helvetica, fontsize=10];"
    yield "  edge [fontname=Helvetica, fontsize=9];"
    for number, vpc in enumerate(dict.fromkeys(node.vpc for node in nodes)):
        inside = [f"{names[node]} [{_look(node)}];" for node in nodes if node.vpc == vpc]
        if not vpc:
            yield from (f"  {line}" for line in inside)
            continue
        yield f"  subgraph cluster_{number} {{"
        yield f'    graph [label={quote(vpc)}, style=rounded, color="{GREY}"];'
        yield from (f"    {line}" for line in inside)
        yield "  }"
    yield from (f"  {names[edge.tail]} -> {names[edge.head]}{f' [{edge.look}]' if edge.look else ''};" for edge in edges)
    yield "}"


def _look(node: Node) -> str:
    return f"label={quote(node.label)}" + (f', color="{RED}", fontcolor="{RED}", penwidth=2' if node.ends else "")
