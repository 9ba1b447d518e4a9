"""The answer as a Graphviz graph: the way of each pair through VPCs and subnets, in the look of its verdict, and where it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

import msgspec

from .drawing import GREY, RED, VERDICTS, paragraph, quote
from .words import changes, cleaned, headline, rows, services

if TYPE_CHECKING:
    from ..models.answer import Answer, End, Pair

MOST_PAIRS = 20
MOST_CHANGES = 4
LONGEST_LABEL = 70
# Places between VPCs: what comes before the first belongs to the source's VPC, what comes after the last to the target's.
BETWEEN = ("internet", "internet_gateway", "egress_only_internet_gateway", "vpc_peering", "unmodelled", "unknown")
# Kinds whose place is a subnet.
IN_SUBNET = ("network_acl", "subnet")
STOPS = "✕ stops here"
PERHAPS = "? it depends on this"


class Node(msgspec.Struct, frozen=True):
    """One end or hop, as it is drawn.

    `rest` is the way from here on: hops of several pairs are one node only where that is the same too, so that the arrows
    lead from every source along its own way and no other.
    """

    label: str
    vpc: str = ""
    subnet: str = ""
    look: str = ""
    rest: str = ""


class Edge(msgspec.Struct, frozen=True):
    """An arrow between two nodes."""

    tail: Node
    head: Node
    look: str


def render(answer: Answer, *, explain: bool, colour: bool) -> str:
    """Return the answer as DOT; with `explain` all pairs are drawn, and the way of every reply, else the first twenty pairs.

    The way of a reply is drawn where it is not as the request's, else with `explain` only.
    """
    told = cleaned(answer)
    pairs = told.pairs if explain else told.pairs[:MOST_PAIRS]
    standing = _subnets(pairs)
    edges = list(dict.fromkeys(edge for pair in pairs for edge in _edges(pair, explain, standing)))
    query = told.query
    title = [str(headline(query.source, query.target, told, query.on))]
    if len(pairs) < len(told.pairs):
        title.append(f"{len(pairs)} of {len(told.pairs)} pairs are drawn")
    return "\n".join(_lines(title, edges)) + "\n"


# ---------------------------------------------------------------------- the graph of one pair
def _edges(pair: Pair, explain: bool, standing: dict[str, str]) -> Iterator[Edge]:
    source, target = _end(pair.source, standing), _end(pair.target, standing)
    passes = services(pair.services) if pair.verdict.value == "reachable" else ""
    there = _way(pair, "request", standing)
    yield from _arrows(source, there, target, pair.forward.value, passes)
    if pair.reply_path and (explain or pair.reply != "reachable"):
        yield from _arrows(target, _way(pair, "reply", standing), source, pair.reply or "", "", reply=True)


def _arrows(first: Node, way: Iterable[Node], last: Node, verdict: str, passes: str, *, reply: bool = False) -> Iterator[Edge]:
    """Yield the arrows of one direction; where it is blocked, the last one does not arrive."""
    chain = [first, *_merging(way, last), last]
    style = VERDICTS.get(verdict, VERDICTS["unknown"])
    look = f'color="{style.colour}", fontcolor="{style.colour}", style={style.line}, penwidth={style.width}'
    words = ": ".join(filter(None, ("reply" if reply else "", passes or ("" if verdict == "reachable" else style.word))))
    for number, (tail, head) in enumerate(pairwise(chain), 2):
        final = number == len(chain)
        marks = [look, f"label={quote(_cut(words))}" if words and (final or (reply and number == 2)) else ""]
        marks.append("arrowhead=tee" if final and verdict == "blocked" else "")
        yield Edge(tail, head, ", ".join(filter(None, marks)))


def _way(pair: Pair, direction: str, standing: dict[str, str]) -> Iterator[Node]:
    """Yield a node for each hop of one direction, and one for the other lines that would have to change as well."""
    back = direction == "reply"
    hops, near, far = (pair.reply_path, pair.target, pair.source) if back else (pair.path, pair.source, pair.target)
    blocked = (pair.reply == "blocked") if back else pair.forward.value == "blocked"
    doubted = {(one.resource, one.line) for one in pair.doubts if one.direction == direction}
    borders = [number for number, hop in enumerate(hops) if hop.kind in BETWEEN]
    first, last = (borders[0], borders[-1]) if borders else (len(hops), len(hops))
    for number, (hop, row) in enumerate(zip(hops, rows(hops, stopped=blocked), strict=True)):
        perhaps = (hop.resource, hop.line) in doubted
        place = "" if hop.place in (near.id, far.id) or hop.kind in IN_SUBNET else row.place
        label = [place, row.line, row.rule, STOPS if row.stops else PERHAPS if perhaps else ""]
        vpc = near.vpc if number < first else far.vpc if number > last else ""
        subnet = hop.place if hop.kind in IN_SUBNET else standing.get(hop.place, "")
        yield Node(_label(label), vpc, subnet if vpc else "", "stops" if row.stops else "perhaps" if perhaps else "")
    shown = {(hop.resource, hop.line) for hop in (*pair.path, *pair.reply_path)}
    more = [one for one in changes(pair) if not any((resource, one.line) in shown for resource in one.resources)]
    if more and (direction == "reply") == (pair.forward.value != "blocked"):
        left_out = [f"and {len(more) - MOST_CHANGES} more"] if len(more) > MOST_CHANGES else []
        yield Node(_label(["to change as well:", *(one.title for one in more[:MOST_CHANGES]), *left_out]), look="note")


def _end(one: End, standing: dict[str, str]) -> Node:
    return Node(_label([one.name, one.id, one.kind, one.address]), one.vpc, standing.get(one.id, ""), "end")


def _label(lines: Iterable[str]) -> str:
    return "\n".join(part for line in dict.fromkeys(lines) for part in wrap(line, LONGEST_LABEL, max_lines=3, placeholder="…"))


def _subnets(pairs: Iterable[Pair]) -> dict[str, str]:
    """Return the subnet of each interface on a way, as far as the hop beside it is in one."""
    found: dict[str, str] = {}
    for pair in pairs:
        for hops in (pair.path, pair.reply_path):
            for one, other in (*pairwise(hops), *pairwise(hops[::-1])):
                if one.kind == "security_group" and other.kind in IN_SUBNET:
                    found.setdefault(one.place, other.place)
    return found


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
def _lines(title: Sequence[str], edges: Sequence[Edge]) -> Iterator[str]:
    nodes = list(dict.fromkeys(node for edge in edges for node in (edge.tail, edge.head)))
    names = {node: f"n{number}" for number, node in enumerate(nodes)}
    yield "digraph reach {"
    yield f"  graph [newrank=true, rankdir=TB, labelloc=t, labeljust=l, label={paragraph(title)}, fontname=Helvetica, fontsize=12,"
    yield '    bgcolor="#ffffff", ranksep=0.35];'
    yield '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname=Helvetica, fontsize=10];'
    yield "  edge [fontname=Helvetica, fontsize=9];"
    clusters = 0
    for vpc in dict.fromkeys(node.vpc for node in nodes):
        inside = [node for node in nodes if node.vpc == vpc]
        if vpc:
            yield f"  subgraph cluster_{(clusters := clusters + 1)} {{"
            yield f'    graph [label={quote(_cut(vpc))}, style=rounded, color="{GREY}", fontsize=11];'
        for subnet in dict.fromkeys(node.subnet for node in inside):
            if subnet:
                yield f"    subgraph cluster_{(clusters := clusters + 1)} {{"
                yield f"      graph [label={quote(_cut(subnet))}, {SUBNET}];"
            yield from (f"      {names[node]} [{_look(node)}];" for node in inside if node.subnet == subnet)
            yield from ("    }",) if subnet else ()
        yield from ("  }",) if vpc else ()
    yield from (f"  {names[edge.tail]} -> {names[edge.head]} [{edge.look}];" for edge in edges)
    yield "}"


SUBNET = 'style="rounded,filled", fillcolor="#f6f8fa", color="#afb8c1", fontsize=10'
LOOKS = {
    "end": ', penwidth=2, fillcolor="#eef4fb"',
    "stops": f', color="{RED}", fontcolor="{RED}", fillcolor="#fdecee", penwidth=3, style=filled',
    "perhaps": f', color="{VERDICTS["conditional"].colour}", fillcolor="#fff8e5", penwidth=3, style="dashed,filled"',
    "note": f', color="{RED}", fontcolor="{RED}", shape=note, style=""',
}


def _look(node: Node) -> str:
    return f"label={quote(node.label)}{LOOKS.get(node.look, '')}"
