"""The forensic path: who keeps a way to what is compromised, and the lines that let him, and nobody else, through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ..edit.services import Part, parts
from ..invariants.parts import Exemption, side
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.interface_types import TYPES
from ..models.packet import ICMP, ICMP6, TCP, UDP, IntervalSet, blocks_of, services_of, union
from ..models.permission import NAMED_PROTOCOLS
from ..models.service import parse_services, service_text
from ..models.snapshot import Snapshot
from ..select import select

# Groups take 60 rules in each direction unless a quota is raised; ACLs 20.
MOST_BLOCKS = 15
REPLIES = {TCP: services_of(TCP, 1024, 65535), UDP: services_of(UDP, 1024, 65535)}
NAMES = {number: name for name, number in NAMED_PROTOCOLS.items()}


class Far(msgspec.Struct, frozen=True):
    """One side of the path: who starts connections to what is compromised, or takes them from there."""

    ends: tuple[Endpoint, ...]
    blocks: tuple[str, ...]


class Forensics(msgspec.Struct, frozen=True):
    """Who may come in, and whom what is compromised may call since it only takes connections; on which services."""

    text: str
    sources: Far
    targets: Far
    services: IntervalSet

    def exemptions(self, near: list[Endpoint]) -> list[Exemption]:
        """Return the path to, and from, what is compromised as flows that are left out."""
        mine = side(near)
        return [
            Exemption(side(self.sources.ends), mine, self.services),
            Exemption(mine, side(self.targets.ends), self.services),
        ]

    @property
    def lines(self) -> Iterator[tuple[str, str, str]]:
        """Yield the direction, as what is compromised sees it, the service and the block of each rule."""
        for word, far in (("inbound", self.sources), ("outbound", self.targets)):
            yield from ((word, text, block) for block in far.blocks for text in self._texts(self.services))

    @property
    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Yield the same for an ACL, which has no memory: each line with that of its replies."""
        replies = union(self._replies)
        for word, far in (("inbound", self.sources), ("outbound", self.targets)):
            back = "outbound" if word == "inbound" else "inbound"
            for block in far.blocks:
                yield from ((word, text, block) for text in self._texts(self.services))
                yield from ((back, text, block) for text in self._texts(replies))

    @property
    def _replies(self) -> Iterator[IntervalSet]:
        for part in parts(self.services):
            whole = self.services if part.protocol is None else services_of(part.protocol)
            yield REPLIES.get(part.protocol or 0, whole)

    @staticmethod
    def _texts(services: IntervalSet) -> list[str]:
        """Return services in words, each of one protocol and one range: what one line can say."""
        protocols = dict.fromkeys(part.protocol for part in parts(services))
        return (
            ["all"]
            if None in protocols
            else [text for one in protocols if one is not None for text in service_text(services & services_of(one))]
        )


def forensics(text: str | None, near: Sequence[Endpoint], world: Snapshot) -> Forensics | None:
    """Return the path to what is compromised that `SELECTOR [on SERVICE]` names; None for None.

    Raises QuestionError for a selector that names nothing, a service that is none, and more addresses than a few rules say.
    """
    if text is None:
        return None
    selector, on = _asked(text)
    services = parse_services(on)
    found = select(selector, world)
    calls = [one for one in found if not _only_takes(one, world)]
    takes = [one for one in found if _only_takes(one, world)]
    return Forensics(text, _far(calls, near, selector, world), _far(takes, near, selector, world), services)


def _asked(text: str) -> tuple[str, str]:
    words = text.split()
    at = len(words) - 1 - words[::-1].index("on") if "on" in words else len(words)
    if at == len(words) - 1 or at == 0:
        raise QuestionError("the forensic path is not whole", hint="write `SELECTOR [on SERVICE]`, like `name:bastion on ssh`")
    return " ".join(words[:at]), " ".join(words[at + 1 :])


def _only_takes(end: Endpoint, world: Snapshot) -> bool:
    """Return whether it never starts a connection, as interface endpoints do not."""
    interface = world.find("network_interface", end.interface) if end.interface else None
    behaviour = TYPES.get(interface.type) if interface is not None else None
    return interface is not None and bool(behaviour and behaviour.starts)


def _far(ends: list[Endpoint], near: Sequence[Endpoint], selector: str, world: Snapshot) -> Far:
    """Return a side with its addresses: of a host in the same VPC the private ones alone, by which it comes."""
    vpcs = {one.vpc for one in near}
    inside = [one for one in ends if one.interface and vpcs == {one.vpc}]
    private = [world.find("network_interface", one.interface).private_addresses for one in inside]
    addresses = union([*private, *(one.addresses for one in ends if one not in inside)])
    blocks = ("0.0.0.0/0", "::/0") if any(one.kind == "internet" for one in ends) else tuple(blocks_of(addresses, MOST_BLOCKS))
    if ends and not blocks:
        what = f"`{selector[:60]}` takes more than {MOST_BLOCKS} blocks of addresses"
        raise QuestionError(f"the forensic path is too wide: {what}", hint="name one host, like `name:bastion on ssh`")
    return Far(tuple(ends), blocks)


# ---------------------------------------------------------------------- as the API writes it
def permissions(lines: Iterator[tuple[str, str, str]], wanted: str) -> list[dict[str, Any]]:
    """Return the rules of one direction as `--ip-permissions` takes them."""
    return [
        {**_ports(part), ("Ipv6Ranges" if ":" in block else "IpRanges"): [{("CidrIpv6" if ":" in block else "CidrIp"): block}]}
        for word, text, block in lines
        if word == wanted
        for part in parts(parse_services("" if text == "all" else text))
    ]


def _ports(part: Part) -> dict[str, Any]:
    if part.protocol is None:
        return {"IpProtocol": "-1"}
    name = NAMES.get(part.protocol, str(part.protocol))
    return {"IpProtocol": name, **({"FromPort": part.low, "ToPort": part.high} if part.low is not None else {})}


def entry_words(text: str) -> list[str]:
    """Return the words of `create-network-acl-entry` that say a service."""
    (part,) = parts(parse_services("" if text == "all" else text))
    if part.protocol is None:
        return ["--protocol", "-1"]
    words = ["--protocol", str(part.protocol)]
    if part.protocol in (ICMP, ICMP6):
        return [*words, "--icmp-type-code", f"Type={part.low},Code={part.high}"]
    return [*words, *(["--port-range", f"From={part.low},To={part.high}"] if part.low is not None else [])]
