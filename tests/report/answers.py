"""Answers by hand: one of each verdict, as the analyzer gives them, and one in which everything that AWS or users write is hostile."""

from __future__ import annotations

from typing import Any

import msgspec

from analyzer.models.answer import Answer, Blocker, End, Hop, PacketText, Pair, Query, SnapshotFacts
from analyzer.models.verdict import Verdict

WEB = End(id="eni-web", kind="ec2", address="10.0.1.4", vpc="vpc-1", account="111122223333")
DB = End(id="eni-db", kind="rds", address="10.0.1.9", vpc="vpc-1", account="111122223333")
NAMED = msgspec.structs.replace(DB, name="orders")
INTERNET = End(id="internet", kind="internet")

THERE = PacketText(source="10.0.1.4", target="10.0.1.9", service="tcp/5432")
BACK = PacketText(source="10.0.1.9", target="10.0.1.4", service="tcp/49152")


def hop(place: str, resource: str, line: str, rule: str, packet: PacketText = THERE, kind: str = "security_group") -> Hop:
    return Hop(place=place, kind=kind, resource=resource, line=line, rule=rule, packet=packet)


OUT = hop("eni-web", "sg-a", "outbound all to 0.0.0.0/0", "SG-1")
INSIDE = hop("subnet-1", "subnet-1", "same subnet: no route table, no ACL", "RT-16", kind="subnet")
IN = hop("eni-db", "sg-b", "inbound tcp/5432 from sg-a", "SG-7")
REFUSED = hop("eni-db", "sg-b", "no inbound rule admits it", "SG-1")
REPLY = [hop("eni-db", "sg-b", "stateful: sg-b", "SG-4", BACK), hop("eni-web", "sg-a", "stateful: sg-a", "SG-4", BACK)]
DENIED_BACK = hop("subnet-2", "acl-1", "outbound 32767 deny all to 0.0.0.0/0", "NACL-2", BACK, "network_acl")
NO_RULE = Blocker(
    resource="sg-b",
    line="no inbound rule admits it",
    rule="SG-1",
    code="ENI_SG_RULES_MISMATCH",
    text="no inbound rule of sg-b, sg-c admits it",
    origin="`snap/SecurityGroups.json` resource 1",
)
NO_RULE_EITHER = msgspec.structs.replace(NO_RULE, resource="sg-c")
ACL_BACK = Blocker(
    resource="acl-1",
    line="outbound 32767 deny all to 0.0.0.0/0",
    rule="NACL-2",
    code="SUBNET_ACL_RESTRICTION",
    direction="reply",
    text="acl-1 denies it",
)
ROUTE = Blocker(
    resource="rtb-1", line="no route", rule="RT-5", code="NO_ROUTE_TO_DESTINATION", text="rtb-1 has no route to the target"
)


def pair(source: End = WEB, target: End = DB, verdict: str = "reachable", **fields: Any) -> Pair:
    forward = fields.pop("forward", verdict)
    return Pair(source=source, target=target, verdict=Verdict(verdict), forward=Verdict(forward), **fields)


def answer(
    *pairs: Pair, verdict: str = "", on: str | None = "tcp/5432", source: str = "eni-web", target: str = "eni-db", **fields: Any
) -> Answer:
    first = pairs[0]
    whole = {"reply": first.reply, "services": first.services, "pairs_total": len(pairs)} | fields
    return Answer(
        query=Query(source=source, target=target, on=on),
        verdict=Verdict(verdict or first.verdict),
        forward=Verdict(whole.pop("forward", first.forward)),
        pairs=list(pairs),
        **whole,
    )


OPEN = pair(reply="reachable", services=["tcp/5432"], path=[OUT, INSIDE, IN], reply_path=REPLY)
SHUT = pair(verdict="blocked", path=[OUT, INSIDE, REFUSED], blockers=[NO_RULE, NO_RULE_EITHER, ACL_BACK])
LOST_REPLY = pair(
    verdict="blocked",
    forward="reachable",
    reply="blocked",
    path=[OUT, IN],
    reply_path=[REPLY[0], DENIED_BACK],
    blockers=[ACL_BACK],
)
ONE_WAY = pair(reply="blocked", services=["udp/53"], path=[OUT, IN], reply_path=[REPLY[0], DENIED_BACK], blockers=[ACL_BACK])
PERHAPS = pair(
    verdict="conditional",
    reply="reachable",
    path=[OUT, INSIDE, IN],
    reply_path=REPLY,
    conditions=["what the system behind eni-nat forwards is not in the configuration"],
)
NOT_KNOWN = pair(verdict="unknown", path=[OUT], conditions=["the route table of subnet-1 is not in the snapshot"])
STOPPED = pair(
    verdict="blocked",
    path=[hop("eni-web", "eni-web", "not working now", "SDC-7", kind="network_interface")],
    blockers=[Blocker(resource="eni-web", line="not working now", rule="SDC-7", code="BAD_STATE", text="i-1 is stopped")],
    notes=["when started: reachable"],
)
NAT_PACKETS = [
    PacketText(source="10.0.1.4", target="8.8.8.8", service="tcp/443"),
    PacketText(source="203.0.113.7", target="8.8.8.8", service="tcp/443"),
]
OUTSIDE = pair(
    WEB,
    INTERNET,
    reply="reachable",
    services=["tcp/443"],
    path=[
        hop("rtb-1", "rtb-1", "0.0.0.0/0 -> igw-1", "RT-5", NAT_PACKETS[0], "route_table"),
        hop("igw-1", "igw-1", "eni-web has a public address", "IGW-2", NAT_PACKETS[0], "internet_gateway"),
        hop("internet", "internet", "the internet", "IGW-1", NAT_PACKETS[1], "internet"),
    ],
    reply_path=[hop("acl", "acl-1", "inbound 100 allow all from 0.0.0.0/0", "NACL-2", BACK, "network_acl")],
)
EVERY = {
    "reachable": answer(OPEN),
    "blocked": answer(SHUT),
    "reply lost": answer(LOST_REPLY),
    "one way": answer(ONE_WAY, on="udp/53"),
    "conditional": answer(PERHAPS),
    "unknown": answer(NOT_KNOWN, not_modelled=["`Things`: 1 resource is not modelled"]),
    "stopped": answer(STOPPED),
    "translated": answer(OUTSIDE, target="internet", on=None),
    "many": answer(OPEN, pair(WEB, NAMED, "blocked", path=[OUT], blockers=[ROUTE]), NOT_KNOWN, source="sg-a", target="rds"),
    "nobody": answer(pair(verdict="blocked", blockers=[msgspec.structs.replace(ROUTE, code="NO_SOURCE_OR_DESTINATION")])),
}

EVIL = "\x1b[31m<script>alert(1)</script>`|\\\"'\r\n# x ]( http://evil.example www.evil.example @all \u202e\u0007"


def hostile() -> Answer:
    """Return a blocked answer in which every text is hostile."""
    end = End(id=EVIL, kind="ec2", name=EVIL + "2", address=EVIL, vpc=EVIL, account=EVIL)
    packet = PacketText(source=EVIL, target=EVIL, service=EVIL)
    hops = [Hop(place=EVIL, kind=EVIL, resource=EVIL, line=EVIL, rule=EVIL, packet=packet) for _ in range(2)]
    blocker = Blocker(resource=EVIL, line=EVIL, rule=EVIL, code=EVIL, direction="reply", text=EVIL, origin=EVIL)
    shared = {"reply": "blocked", "services": [EVIL], "conditions": [EVIL], "notes": [EVIL]}
    lost = Pair(
        source=end,
        target=end,
        verdict=Verdict.BLOCKED,
        forward=Verdict.REACHABLE,
        path=hops,
        reply_path=hops,
        blockers=[blocker],
        **shared,
    )
    return Answer(
        query=Query(source=EVIL, target=EVIL, on=EVIL),
        verdict=Verdict.BLOCKED,
        forward=Verdict.REACHABLE,
        pairs=[lost, lost],
        pairs_total=2,
        not_modelled=[EVIL],
        snapshot=SnapshotFacts(collected_at=EVIL, accounts=[EVIL]),
        **shared,
    )
