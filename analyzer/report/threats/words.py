"""What every format says about a threat model: names, scores, coverage, what was accepted. Clean texts, not escaped for any format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...models.threat import SEVERITIES
from ..check.words import counted, written
from ..words import services

if TYPE_CHECKING:
    from ...models.attack import AttackHop, AttackPath, ChokePoint, Cut, Depth
    from ...models.threat import Coverage, Factor, Risk, Share, ThreatModel
    from ...models.trust import Asset, EntryPoint, Zone

STRIDE = {
    "S": "spoofing",
    "T": "tampering",
    "R": "repudiation",
    "I": "information disclosure",
    "D": "denial of service",
    "E": "elevation of privilege",
}
MOST_NAMED = 2
LONGEST = 48
SURE = "reachable"


def short(text: str, most: int = LONGEST) -> str:
    """Return a text that fits into a cell."""
    return text if len(text) <= most else text[: most - 1] + "…"


# ---------------------------------------------------------------------- names
def names(model: ThreatModel) -> Mapping[str, str]:
    """Return what people call assets, their interfaces and zones, by id; what has no name goes by its id."""
    found = {one.id: zone_name(one) for one in model.zones}
    for one in model.assets:
        found |= {id: named(one.name, id) for id in (*one.interfaces, one.id)}
    return found


def plain_names(model: ThreatModel) -> Mapping[str, str]:
    """Return what people call assets, by id, in the fewest words: for tables, beside which the details tell the ids."""
    return {one.id: one.name or named("", one.id) for one in model.assets}


def named(name: str, id: str) -> str:
    """Return a name with its id, of an ARN the part that names the resource: `orders (db:orders)`."""
    told = id.split(":", 5)[-1] if id.startswith("arn:") and id.count(":") >= 5 else id
    return f"{name} ({told})" if name and name != told else told


def zone_name(one: Zone) -> str:
    """Return a zone as people call it: an account by its number, a VPC by name and id, a tier by its word."""
    kind = one.kind.value
    if kind == "account":
        return f"account {one.name or one.id}"
    return one.name or one.id if kind == "tier" else named(one.name, one.id)


def several(ids: Sequence[str], called: Mapping[str, str]) -> str:
    """Return names of some things; of very many the first ones and their number."""
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(called.get(id, id) for id in ids[:MOST_NAMED]) + more


# ---------------------------------------------------------------------- the whole
def headline(model: ThreatModel) -> str:
    """Return how many risks there are of which severity, and how many of them somebody accepted."""
    found = Counter(one.severity for one in model.counting)
    told = [f"{found[severity]} {severity.value}" for severity in reversed(SEVERITIES) if found[severity]]
    words = [f"threat model: {counted(len(model.counting), 'risk')}" + (f": {', '.join(told)}" if told else "")]
    accepted = len(model.risks) - len(model.counting)
    words += [f"{accepted} more accepted"] if accepted else []
    expired = sum(1 for one in model.risks if one.accepted is not None and one.accepted.expired)
    words += [f"{expired} accepted no longer"] if expired else []
    return "; ".join(words)


def coverage(told: Coverage) -> str:
    """Return what share of what was modelled; a share is never rounded up."""
    return f"modelled: {', '.join(map(_share, told.shares)) or 'nothing'}"


def _share(one: Share) -> str:
    if not one.of:
        return f"no {one.name} at all"
    return f"{one.modelled:,} of {one.of:,} {one.name} ({one.modelled * 100 // one.of}%)"


def rests_on(told: Coverage) -> str:
    """Return the coverage in the few words that stand beside scores."""
    parts = [f"{one.modelled * 100 // one.of}% of {one.name}" for one in told.shares if one.of]
    return f"modelled: {', '.join(parts)}" if parts else "modelled: nothing"


def data(model: ThreatModel) -> str:
    """Return which files of knowledge the model rests on, those of one day together."""
    days: dict[str, list[str]] = {}
    for one in model.data:
        days.setdefault(one.date, []).append(one.file + (f" ({one.version})" if one.version else ""))
    return "; ".join(f"{', '.join(files)} of {day}" for day, files in days.items())


def contexts(model: ThreatModel) -> str:
    """Return the bounded contexts in a line; "" where there are none."""
    told = [f"{one.name} ({counted(one.assets, 'asset')})" for one in model.contexts]
    more = f" and {len(told) - 8} more" if len(told) > 8 else ""
    alone = f"; {counted(len(model.unassigned), 'asset')} in none" if model.unassigned else ""
    return f"{', '.join(told[:8])}{more}{alone}" if told else ""


# ---------------------------------------------------------------------- zones
class Nested:
    """A zone in its place: how deep it lies, and how many assets are in it and in what it holds."""

    def __init__(self, zone: Zone, depth: int, assets: int) -> None:
        self.zone, self.depth, self.assets = zone, depth, assets


def nested(zones: Sequence[Zone], most: int | None = None) -> list[Nested]:
    """Return zones in order, each before those within it; of more than `most` the innermost are left out, then the last."""
    known = {one.id for one in zones}
    inside: dict[str, list[Zone]] = {}
    for one in zones:
        inside.setdefault(one.within if one.within in known and one.within != one.id else "", []).append(one)
    found = list(_below("", 0, inside, set()))
    if most is not None:
        while len(found) > most and (deepest := max(one.depth for one in found)) > 0:
            found = [one for one in found if one.depth < deepest]
    return found[:most]


def _below(id: str, depth: int, inside: Mapping[str, list[Zone]], seen: set[str]) -> Iterator[Nested]:
    for one in inside.get(id, ()):
        if one.id not in seen:
            seen.add(one.id)
            within = list(_below(one.id, depth + 1, inside, seen))
            direct = sum(each.assets for each in within if each.depth == depth + 1)
            yield Nested(one, depth, one.assets + direct)
            yield from within


# ---------------------------------------------------------------------- risks
def score(one: Risk) -> str:
    """Return a score with what it is made of."""
    return f"{one.likelihood}×{one.impact} = {one.score}"


def factors(one: Risk) -> list[Factor]:
    """Return what makes a score: first of its likelihood, then of its impact."""
    return sorted(one.factors, key=lambda each: each.of != "likelihood")


def state(one: Risk) -> str:
    """Return who accepted a risk and until when, and that it is not sure; "" for a sure one that nobody accepted."""
    told = [one.confidence.value] if one.confidence.value != SURE else []
    if one.accepted is not None:
        until = "acceptance ended" if one.accepted.expired else "accepted until"
        told.append(f"{until} {one.accepted.until} ({one.accepted.owner})")
    return ", ".join(told)


RISK_HEADER = ("severity", "score", "id", "from", "risk")


def risk_row(one: Risk, most: int = 90) -> tuple[str, ...]:
    """Return a risk as cells under RISK_HEADER; its id says of which kind it is, the text who reaches whom, and what is to be known."""
    told = "; ".join(filter(None, (short(one.text or one.title, most), state(one))))
    return (one.severity.value, str(one.score), one.id, short(one.actor or one.source, 24), told)


def stride(letters: str) -> str:
    """Return the words for letters of STRIDE."""
    return ", ".join(STRIDE.get(letter, letter) for letter in letters)


def techniques(ids: Iterable[str], model: ThreatModel) -> str:
    """Return techniques with their names."""
    known = {one.id: one.name for one in model.techniques}
    return ", ".join(f"{id} {known[id]}" if id in known else id for id in ids)


def limited(model: ThreatModel, limit: int) -> list[Risk]:
    """Return the risks that are told: those that count, then those that somebody accepted, either the worst first."""
    return sorted(model.risks, key=lambda one: not one.counts)[:limit]


def hidden(model: ThreatModel, limit: int) -> str:
    """Return that not all risks are told; "" where they are."""
    left = len(model.risks) - limit
    return f"and {left:,} more" if left > 0 else ""


# ---------------------------------------------------------------------- ways
def way(one: AttackPath, called: Mapping[str, str]) -> str:
    """Return a way in a sentence."""
    hops = counted(len(one.hops), "hop")
    return f"{one.actor} to {called.get(one.asset, one.asset)} in {hops}, {one.confidence.value}"


def hop(one: AttackHop, called: Mapping[str, str]) -> str:
    """Return a hop in a sentence: from whom to whom, on what, and how surely."""
    sure = "" if one.verdict.value == SURE else f", {one.verdict.value}"
    by = "" if one.kind.value == "network" else f" by {one.kind.value}"
    ends = f"{called.get(one.source, one.source)} -> {called.get(one.target, one.target)}"
    return f"{ends}{by} on {services(one.services)}{sure}"


def about_hop(one: AttackHop, model: ThreatModel) -> list[str]:
    """Return what else is to be said of a hop, a line each."""
    told = [f"shows {techniques(one.techniques, model)}"] if one.techniques else []
    told += [f"STRIDE: {stride(one.stride)}"] if one.stride else []
    told += [f"it needs: {text}" for text in one.preconditions]
    told += [f"it depends on this: {text}" for text in one.conditions if text not in one.preconditions]
    return [*told, f"contract: {one.contract}"] if one.contract else told


def mistakes(one: Depth) -> str:
    """Return how many mistakes lie between an actor and an asset."""
    if one.least == 0:
        return f"none: {one.verdict.value} now"
    return str(one.least) if one.exact else f"at least {one.least}"


def layers(one: Depth) -> str:
    """Return the layers that block alone."""
    return ", ".join(dict.fromkeys(each.name for each in one.layers))


def entry(one: EntryPoint, called: Mapping[str, str]) -> tuple[str, ...]:
    """Return an entry point as cells: from where, into what, on what, how surely, and what is behind."""
    behind = several([id for id in one.leads_to if id != one.resource], called)
    door = f"{one.kind} {one.name or named('', one.resource)}"
    return (one.zone, short(door), short(services(one.services), 30), one.verdict.value, short(behind))


ENTRY_HEADER = ("from", "door", "on", "verdict", "leads to")


# ---------------------------------------------------------------------- what to do
CHOKE_POINTS = "single edits; how many pairs of actor and restricted data lose their way, or get a longer one; what else breaks"
CHOKE_HEADER = ("", "closes", "longer", "breaks", "cuts", "edit")


def choke(number: int, one: ChokePoint) -> tuple[str, ...]:
    """Return a choke point as cells under CHOKE_HEADER."""
    counts = (f"{one.removes:,} of {one.of:,}", f"{one.weakens:,}", f"{len(one.breaks):,}", f"{one.cut_pairs:,}")
    return (f"{number}.", *counts, "; ".join(map(edit, one.edits)))


def edit(one: Mapping[str, Any]) -> str:
    """Return an edit in words: `remove rule: group sg-a, inbound tcp/22, from 0.0.0.0/0`."""
    told = []
    for verb, what in one.items():
        kind, fields = next(iter(what.items()), ("", None)) if isinstance(what, dict) and len(what) == 1 else ("", None)
        if not isinstance(fields, dict):
            return written(dict(one)).removeprefix("- ")
        told.append(f"{verb} {kind}: {', '.join(f'{name} {value}' for name, value in fields.items())}")
    return "; ".join(told)


def cutting(one: Cut) -> str:
    """Return how many edits leave an actor no way; of two that are needed it is only known that none of those tried does it alone."""
    few = ", and none that was tried does it alone" if one.least == len(one.edits) > 1 else ""
    exact = f", at least {one.least} needed" if 1 < one.least < len(one.edits) else few
    breaks = f"; they break {counted(len(one.breaks), 'contract')}" if one.breaks else ""
    return f"to leave {one.actor} no way to restricted data: {counted(len(one.edits), 'edit')}{exact}{breaks}"


def exposures(one: Asset) -> str:
    """Return from where an asset is reached in one hop."""
    return "; ".join(
        f"{each.zone} on {services(each.services)}" + ("" if each.verdict.value == SURE else f" ({each.verdict.value})")
        for each in one.exposures
    )
