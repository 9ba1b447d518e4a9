"""Stateful rules, in Suricata's language, as clauses about the packets that start a connection."""

from __future__ import annotations

from collections.abc import Iterator

from .component import conditional, unknown
from .firewall import Clause, Effect
from .packet import EVERY_ADDRESS, EVERY_SERVICE, EVERY_V4, EVERY_V6, ICMP, ICMP6, TCP, UDP, IntervalSet, services_of, union
from .rule import rule
from .suricata import EVERY_PORT, Header, Names, addresses, ports
from .table import Direction, Doubt, Match

SCTP = 132
CLIENT_PORTS = IntervalSet([(1024, 65535)])
EFFECTS = {"pass": Effect.PASS, **dict.fromkeys(("drop", "reject", "rejectsrc", "rejectdst", "rejectboth"), Effect.DROP)}
SILENT = ("alert", "config")
# Options that say nothing about which packets a rule matches.
HARMLESS = frozenset(("sid", "rev", "msg", "gid", "priority", "classtype", "metadata", "reference", "noalert", "flow"))
PORTED = {"tcp": (TCP,), "tcp-pkt": (TCP,), "tcp-stream": (TCP,), "udp": (UDP,), "sctp": (SCTP,)}
WHOLE = ("ip", "any", "pkthdr", "ipv4", "ip4", "ipv6", "ip6")


def unreadable(title: str, doubt: Doubt, effects: tuple[Effect, ...]) -> Iterator[Clause]:
    """Yield a clause for each thing that rules which nobody can read may do."""
    for effect in effects:
        yield Clause(title, Match(), effect, doubt.rule, doubt.resource, doubt)


@rule(
    "NFW-9",
    says="Of Suricata's rules the header decides; what options ask beyond identity and direction depends on the payload. Managed groups "
    "show no rules, and an override may turn their drops into alerts.",
    source="https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html",
)
def clauses_of(header: Header, names: Names, resource: str, direction: Direction) -> Iterator[Clause]:
    """Yield the clauses of one rule, nothing for one that only alerts.

    `direction` says whether packets ask or answer: of those that answer nobody knows the port that they come from.
    """
    if header.action in SILENT:
        return
    if header.action not in EFFECTS:
        doubt = unknown(f"{resource}: action `{header.action}` is not modelled", resource, "LIM-12")
        yield from unreadable(header.text, doubt, (Effect.DROP, Effect.PASS))
        return
    flow = _flow(header)
    ways = [header] if not header.both_ways else [header, _turned(header)]
    if flow & {"to_client", "from_server"}:
        ways = [_turned(one) for one in ways]
    for way in ways:
        yield from _one_way(header, way, flow, names, resource, direction)


def _flow(header: Header) -> set[str]:
    """Return the words of the `flow` option."""
    return {word.strip().lower() for keyword, value in header.options if keyword == "flow" for word in value.split(",")}


def _turned(one: Header) -> Header:
    return Header(one.action, one.protocol, one.target, one.target_port, one.both_ways, one.source, one.source_port, one.options)


def _one_way(header: Header, way: Header, flow: set[str], names: Names, resource: str, direction: Direction) -> Iterator[Clause]:
    effect = EFFECTS[header.action]
    sources, targets = addresses(way.source, names), addresses(way.target, names)
    near, far = ports(way.source_port, names), ports(way.target_port, names)
    doubt = _unknown_names(header, (sources, targets, near, far), resource)
    if doubt is None:
        doubt = _asks_more(header, flow, near or EVERY_PORT, resource, direction)
    family = {"ipv4": EVERY_V4, "ip4": EVERY_V4, "ipv6": EVERY_V6, "ip6": EVERY_V6}.get(header.protocol, EVERY_ADDRESS)
    match = Match(
        sources=(EVERY_ADDRESS if sources is None else sources) & family,
        targets=(EVERY_ADDRESS if targets is None else targets) & family,
        services=_services(header.protocol, EVERY_PORT if far is None else far),
    )
    late = "established" in flow and doubt is None
    if flow & {"to_client", "from_server"}:
        if effect is Effect.PASS:
            return
        doubt = doubt or conditional(f"{resource}: `{header.text}` looks at replies", resource, "NFW-9")
        match = Match(match.sources, match.targets, _services(header.protocol, EVERY_PORT))
    elif late and effect is Effect.DROP:
        effect = Effect.HALF
    elif late:
        doubt = conditional(f"{resource}: `{header.text}` passes no handshake", resource, "NFW-5")
    yield Clause(header.text, match, effect, doubt.rule if doubt else "NFW-9", resource, doubt, late and effect is Effect.PASS)


def _unknown_names(header: Header, parts: tuple[IntervalSet | None, ...], resource: str) -> Doubt | None:
    if all(part is not None for part in parts):
        return None
    return unknown(f"{resource}: `{header.text}` names what is not in the snapshot", resource, "NFW-8")


def _asks_more(header: Header, flow: set[str], near: IntervalSet, resource: str, direction: Direction) -> Doubt | None:
    """Return why the rule may not match a packet that its addresses and ports describe; None when it surely does."""
    options = sorted({keyword for keyword, _ in header.options} - HARMLESS)
    if options:
        return conditional(f"{resource}: `{header.text}` asks for {', '.join(options)}", resource, "NFW-9")
    if "not_established" in flow and header.action == "pass":
        return conditional(f"{resource}: `{header.text}` passes handshakes, and no data", resource, "NFW-5")
    if flow - {"to_server", "from_client", "to_client", "from_server", "established", "stateless", "not_established", ""}:
        return conditional(f"{resource}: `{header.text}` asks for a state of the flow", resource, "NFW-9")
    if header.protocol not in PORTED and header.protocol not in (*WHOLE, "icmp", "icmpv6"):
        return conditional(f"{resource}: `{header.text}` looks for {header.protocol} in the payload", resource, "NFW-9")
    sure = CLIENT_PORTS if direction is Direction.REQUEST else EVERY_PORT
    if header.protocol in (*PORTED, *WHOLE) and not sure <= near:
        return conditional(f"{resource}: `{header.text}` asks for source ports", resource, "NFW-9")
    return None


def _services(protocol: str, far: IntervalSet) -> IntervalSet:
    """Return the services that a rule of a protocol is about, the target's ports given."""
    if protocol in ("icmp", "icmpv6"):
        return services_of(ICMP) | services_of(ICMP6)
    if protocol in WHOLE and far == EVERY_PORT:
        return EVERY_SERVICE
    carriers = PORTED.get(protocol, (TCP, UDP))
    return union(services_of(carrier, low, high) for carrier in carriers for low, high in far)
