"""What every format says about an answer: headline, example, hops, lines to change. Cleaned, but not escaped for any format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from .advice import ACL_CODE, GROUP_CODES, advice

if TYPE_CHECKING:
    from ..models.answer import Answer, Blocker, End, Hop, PacketText, Pair
    from ..models.check import Violation

Told = TypeVar("Told", bound=msgspec.Struct)
LONGEST_TEXT = 400
MOST_SERVICES = 8
MOST_RESOURCES = 6
STATEFUL = "stateful: "
SAME_SUBNET = "RT-16"
REMEMBERED = "SG-4"


# ---------------------------------------------------------------------- hostile text
def clean(text: str) -> str:
    """Return the text on one line, `?` for every character that is not to be seen, cut to 400 characters."""
    if text.isprintable() and len(text) <= LONGEST_TEXT:
        return text
    plain = "".join(char if char.isprintable() else "?" for char in text[: LONGEST_TEXT + 1])
    return plain if len(plain) <= LONGEST_TEXT else plain[: LONGEST_TEXT - 1] + "…"


def cleaned(answer: Told) -> Told:
    """Return the answer, or whatever else is told, with every text in it clean."""
    return cast("Told", _cleaned(answer))


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else clean(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, msgspec.Struct):
        fields = value.__struct_fields__
        return msgspec.structs.replace(value, **{field: _cleaned(getattr(value, field)) for field in fields})
    return value


# ---------------------------------------------------------------------- the verdict
class Headline(msgspec.Struct, frozen=True):
    """The verdict in one sentence, with its verb apart: what a format may make stand out."""

    before: str
    verb: str
    after: str

    def __str__(self) -> str:
        return f"{self.before} {self.verb} {self.after}".strip()


def headline(source: str, target: str, told: Answer | Pair, on: str | None) -> Headline:
    """Return the verdict of an answer or a pair as a sentence about source and target; `on` are the services asked for."""
    verdict = told.verdict.value
    if verdict == "reachable":
        way = ", one way only: its replies are blocked" if told.reply == "blocked" else ""
        return Headline(source, "CAN", f"reach {target} on {services(told.services)}{way}")
    where = f" on {on}" if on else ""
    if verdict == "blocked":
        why = ": the request arrives, the reply does not" if told.forward.value != "blocked" else ""
        return Headline(source, "CANNOT", f"reach {target}{where or ' on any protocol'}{why}")
    if verdict == "conditional":
        return Headline(source, "MAY", f"reach {target}{where}: it depends")
    return Headline("", "UNKNOWN", f"whether {source} can reach {target}{where}")


def services(listed: Sequence[str]) -> str:
    """Return services in words; of very many the first ones and their number."""
    if list(listed) == ["all"]:
        return "every protocol"
    more = f" and {len(listed) - MOST_SERVICES} more" if len(listed) > MOST_SERVICES else ""
    return ", ".join(listed[:MOST_SERVICES]) + more


def tally(pairs: Iterable[Pair]) -> str:
    """Return how many pairs have which verdict: `2 reachable, 4 blocked`."""
    words = [pair.verdict.value for pair in pairs]
    return ", ".join(
        f"{words.count(word)} {word}" for word in ("reachable", "conditional", "unknown", "blocked") if word in words
    )


def listed(answer: Answer) -> str:
    """Return how many pairs were found and what came of them, and that some are left out where they are."""
    shown, every = len(answer.pairs), answer.pairs_total
    cut = f"; {shown:,} of {every:,} are listed" if shown < every else ""
    return f"{every:,} pairs: {tally(answer.pairs)}{cut}" if shown >= every else f"{tally(answer.pairs)}{cut}"


def between(pair: Pair, answer: Answer) -> str:
    """Return `from SOURCE to TARGET`; "" where it says nothing beyond the question."""
    ends = (end(pair.source), end(pair.target))
    return f"from {ends[0]} to {ends[1]}" if ends != (answer.query.source, answer.query.target) else ""


def telling(answer: Answer) -> Pair:
    """Return the pair that shows best why the answer is what it is: the first that came out as the whole did."""
    alike = (pair for pair in answer.pairs if (pair.verdict, pair.forward) == (answer.verdict, answer.forward))
    return next(alike, answer.pairs[0])


def notes(answer: Answer) -> list[str]:
    """Return what is to be said on the answer as a whole: its notes without those that its pairs told."""
    told = {note for pair in answer.pairs for note in pair.notes}
    return [one for one in answer.notes if not any(one == note or one.endswith(f": {note}") for note in told)]


def end(one: End) -> str:
    """Return one end of a pair: its name and id, or the id alone."""
    return f"{one.name} ({one.id})" if one.name and one.name != one.id else one.id


# ---------------------------------------------------------------------- packets
def host(address: str, port: str) -> str:
    """Return an address with a port, as people write it; without one the address alone."""
    if not port:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def port_of(service: str) -> str:
    """Return the port of a TCP or UDP service, "" for everything else."""
    protocol, _, detail = service.partition("/")
    return detail if protocol in ("tcp", "udp") else ""


def flight(packet: PacketText, client_port: str = "") -> str:
    """Return where a packet comes from and goes to, ports included."""
    return f"{host(packet.source, client_port)} -> {host(packet.target, port_of(packet.service))}"


def example(pair: Pair | Violation) -> str:
    """Return one packet of the pair, its client's port included where the reply shows it; "" where no packet is known."""
    hops = pair.path or pair.reply_path
    if not hops:
        return ""
    packet = hops[0].packet
    back = pair.reply_path[-1].packet if pair.path and pair.reply_path else None
    port = port_of(back.service) if back and back.target == packet.source else ""
    protocol = packet.service.partition("/")[0] if port_of(packet.service) else packet.service
    return f"{protocol} {flight(packet, port)}"


# ---------------------------------------------------------------------- hops
class Row(msgspec.Struct, frozen=True):
    """One hop: where, which line and rule, and whether the packet ends here."""

    place: str
    line: str
    rule: str
    stops: bool = False


def rows(hops: Sequence[Hop], *, stopped: bool) -> list[Row]:
    """Return the hops as rows, each with what became of the packet's header there; with `stopped` the last one ends it."""
    made = [_row(hop, after) for hop, after in pairwise(hops)]
    return [*made, Row(hops[-1].place, hop_line(hops[-1]), hops[-1].rule, stopped)] if hops else []


def _row(hop: Hop, after: Hop) -> Row:
    changed = (hop.packet.source, hop.packet.target, hop.packet.service) != (
        after.packet.source,
        after.packet.target,
        after.packet.service,
    )
    return Row(hop.place, hop_line(hop) + (f", from here {flight(after.packet)}" if changed else ""), hop.rule)


def hop_line(hop: Hop) -> str:
    """Return the line of a hop, with its resource where that is not the place."""
    return hop.line if hop.resource in ("", hop.place) else f"{hop.resource} {hop.line}"


def reply(pair: Pair) -> Row | None:
    """Return what becomes of the reply, in one row; None where the request does not arrive."""
    if pair.reply is None:
        return None
    if pair.reply == "not_applicable":
        return Row("reply", "nothing answers this protocol", "")
    if pair.reply != "reachable":
        words = {"blocked": "is blocked", "conditional": "may pass: it depends", "unknown": "may pass: it is not known"}
        return Row("reply", words[pair.reply], "", stops=pair.reply == "blocked")
    return returning(pair.reply_path) or Row("reply", "comes back", "")


def returning(hops: Sequence[Hop]) -> Row | None:
    """Return the way of a reply that passes, in one row; None where it is not told."""
    if hops and all(hop.rule in (REMEMBERED, SAME_SUBNET) for hop in hops):
        groups = [group for hop in hops if hop.rule == REMEMBERED for group in hop.line.removeprefix(STATEFUL).split(", ")]
        return Row("reply", f"{STATEFUL}{', '.join(dict.fromkeys(groups))} admit it", REMEMBERED)
    ways = list(dict.fromkeys(hop.resource for hop in hops))
    more = f" and {len(ways) - MOST_RESOURCES} more" if len(ways) > MOST_RESOURCES else ""
    return Row("reply", f"passes {', '.join(ways[:MOST_RESOURCES])}{more}", "") if ways else None


# ---------------------------------------------------------------------- what to change
class Change(msgspec.Struct, frozen=True):
    """One line that must change, or one of several resources where it could: what it is, where it stands, what to do."""

    resources: tuple[str, ...]
    line: str
    rule: str
    code: str
    direction: str
    text: str
    origins: tuple[str, ...]
    todo: str

    @property
    def title(self) -> str:
        """The line, and the resources that hold it, or any of which could."""
        return f"{' or '.join(self.resources)}: {self.line}"

    @property
    def why(self) -> str:
        """The rule of AWS behind it and AWS's own code, with the direction where it is the reply that stops."""
        return ", ".join(filter(None, ("reply" if self.direction == "reply" else "", self.rule, self.code)))

    @property
    def more(self) -> str:
        """What the text says beyond title and action; "" for groups and ACLs, whose titles say it all."""
        return "" if self.code in (*GROUP_CODES, ACL_CODE) else self.text


def call_to_change(pair: Pair) -> str:
    """Return the sentence above the lines to change."""
    whose = "its reply" if pair.verdict.value == "reachable" else "it"
    number = len(changes(pair))
    return f"to let {whose} through, change " + ("this line" if number == 1 else f"these {number} lines, all of them")


def call_to_depend(pair: Pair) -> str:
    """Return the sentence above the conditions."""
    return "not known" if pair.verdict.value == "unknown" else "it depends on this"


def changes(pair: Pair) -> list[Change]:
    """Return the lines that stop the pair, in the order of the way; resources of which any could let it pass are one."""
    groups: dict[tuple[str, ...], list[Blocker]] = {}
    for one in pair.blockers:
        groups.setdefault((one.line, one.rule, one.code, one.direction, one.text), []).append(one)
    return [_change(pair, blockers) for blockers in groups.values()]


def _change(pair: Pair, blockers: Sequence[Blocker]) -> Change:
    first = blockers[0]
    resources = tuple(dict.fromkeys(one.resource for one in blockers))
    packet = _packet_at(pair, first)
    return Change(
        resources=resources,
        line=first.line,
        rule=first.rule,
        code=first.code,
        direction=first.direction,
        text=first.text,
        origins=tuple(dict.fromkeys(one.origin for one in blockers if one.origin)),
        todo=advice(first, " or ".join(resources), _widened(pair, packet)) if packet else "",
    )


def _packet_at(pair: Pair, blocker: Blocker) -> PacketText | None:
    """Return the packet as it comes to the line that stops it; beyond the path, the packet as the path knows it last."""
    hops = pair.reply_path if blocker.direction == "reply" else pair.path
    for hop in hops:
        if hop.line == blocker.line and hop.rule == blocker.rule:
            return hop.packet
    if hops or not pair.path:
        return hops[-1].packet if hops else None
    there = pair.path[-1].packet
    return type(there)(source=there.target, target=there.source, service=there.service.partition("/")[0])


def _widened(pair: Pair, packet: PacketText) -> PacketText:
    """Return the packet with the internet, or the range that was asked about, in the place of the one address that stands for it."""
    if not pair.path:
        return packet
    first = pair.path[0].packet
    wide = {}
    for address, one in ((first.source, pair.source), (first.target, pair.target)):
        if one.kind in ("internet", "address"):
            wide[address] = "the internet" if one.kind == "internet" else one.id
    source, target = (wide.get(address, address) for address in (packet.source, packet.target))
    return msgspec.structs.replace(packet, source=source, target=target)
