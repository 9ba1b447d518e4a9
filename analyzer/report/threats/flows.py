"""Who talks to whom in a threat model, as the formats of other tools want it: assets, those outside, and flows between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from ...models.verdict import SURENESS, Verdict

if TYPE_CHECKING:
    from ...models.attack import AttackHop, AttackPath
    from ...models.threat import ThreatModel

_PLAIN = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
LONGEST_ID = 60


class Outside(msgspec.Struct, frozen=True):
    """Somebody whom no asset is: the internet, a network behind a VPN; `zone` is where he stands, "" where that is not known."""

    id: str
    zone: str


class Flow(msgspec.Struct, frozen=True):
    """What passes from one asset or outsider to another, and how surely; `contract` is "" where none declares it."""

    source: str
    target: str
    verdict: Verdict
    services: tuple[str, ...]
    contract: str = ""


class Flows:
    """The flows of a model: the hops of its ways, and what zones outside reach at once; each pair once, as sure as its surest."""

    def __init__(self, model: ThreatModel) -> None:
        self._asset = {id: one.id for one in model.assets for id in (*one.interfaces, one.id)}
        self._zones = {one.id for one in model.zones}
        self._zone_of = {start: one.zone.value for one in model.actors for start in one.starts}
        found: dict[tuple[str, str], list[Flow]] = {}
        for flow in self._every(model):
            if flow.source != flow.target and flow.verdict is not Verdict.BLOCKED:
                found.setdefault((flow.source, flow.target), []).append(flow)
        self.flows = [_one(found[key]) for key in sorted(found)]
        ends = dict.fromkeys(end for one in self.flows for end in (one.source, one.target))
        known = {one.id for one in model.assets}
        self.outside = [Outside(id, self._zone(id)) for id in ends if id not in known]

    def _every(self, model: ThreatModel) -> Iterator[Flow]:
        for path in model.paths:
            yield from self.of_path(path)
        for one in model.assets:
            yield from (Flow(each.zone, one.id, each.verdict, tuple(each.services)) for each in one.exposures)

    def of_path(self, path: AttackPath) -> list[Flow]:
        """Return the hops of a way as flows between assets and outsiders."""
        return [self._hop(one) for one in path.hops]

    def _hop(self, one: AttackHop) -> Flow:
        source, target = (self._asset.get(id, id) for id in (one.source, one.target))
        return Flow(source, target, one.verdict, tuple(one.services), one.contract)

    def _zone(self, id: str) -> str:
        zone = self._zone_of.get(id, "")
        return id if id in self._zones else zone if zone in self._zones else ""


def _one(flows: Sequence[Flow]) -> Flow:
    surest = min((one.verdict for one in flows), key=SURENESS.index)
    services = dict.fromkeys(word for one in flows if one.verdict is surest for word in one.services)
    contract = next((one.contract for one in flows if one.contract), "")
    return Flow(flows[0].source, flows[0].target, surest, tuple(services), contract)


def identifier(text: str) -> str:
    """Return an id of letters, digits and hyphens; with a hash where that says less than the text, so that it stays unlike others."""
    if _PLAIN.fullmatch(text) and len(text) <= LONGEST_ID:
        return text
    short = re.sub(r"[^A-Za-z0-9]+", "-", text)[:LONGEST_ID].strip("-")
    return "-".join(filter(None, (short, sha256(text.encode("utf-8", "replace")).hexdigest()[:8])))
