"""A threat model by hand: three tiers of a shop, two actors, five risks, one accepted and one not any more; and a hostile one."""

from __future__ import annotations

from typing import Any

import msgspec

from analyzer.models.answer import Blocker, Hop, PacketText, SnapshotFacts
from analyzer.models.attack import (
    Actor,
    AttackHop,
    AttackPath,
    ChokePoint,
    Cut,
    Depth,
    HopKind,
    Layer,
    Technique,
)
from analyzer.models.location import Written
from analyzer.models.threat import Acceptance, Coverage, Data, Factor, Risk, Severity, Share, ThreatModel
from analyzer.models.trust import Asset, Context, Contract, DataClass, EntryPoint, Exposure, Zone, ZoneKind
from analyzer.models.verdict import Verdict

OPEN = Written("sg-web", "inbound tcp/443 from 0.0.0.0/0", "snap/SecurityGroups.json:12")
MYSQL = Written("sg-db", "inbound tcp/3306 from 0.0.0.0/0", "snap/SecurityGroups.json:40")
INNER = Written("sg-db", "inbound tcp/5432 from sg-app")
NARROW = {"remove": {"rule": {"group": "sg-db", "inbound": "tcp/3306", "from": "0.0.0.0/0"}}}
CLOSE = {"remove": {"rule": {"group": "sg-web", "inbound": "tcp/443", "from": "0.0.0.0/0"}}}
WIDEN = {"add": {"rule": {"group": "sg-db", "inbound": "tcp/5432", "from": "0.0.0.0/0"}}}
WEB, APP, DB, CRM = "i-web", "i-app", "arn:aws:rds:eu-west-1:111122223333:db:orders", "arn:aws:rds:eu-west-1:111122223333:db:crm"


def hop(place: str, resource: str, line: str, rule: str, source: str, target: str, service: str) -> Hop:
    packet = PacketText(source=source, target=target, service=service)
    return Hop(place=place, kind="security_group", resource=resource, line=line, rule=rule, packet=packet)


def asset(id: str, kind: str, name: str, tier: str, data: str, **fields: Any) -> Asset:
    return Asset(
        id=id, kind=kind, name=name, account="111122223333", region="eu-west-1", vpc="vpc-1", zone=f"vpc-1/{tier}",
        data_class=DataClass(data), interfaces=[f"eni-{name}"], **fields,
    )  # fmt: skip


def step(source: str, target: str, service: str, controls: list[Written], path: list[Hop], **fields: Any) -> AttackHop:
    return AttackHop(
        kind=HopKind.NETWORK, source=source, target=target, services=[service], controls=controls, path=path,
        **{"verdict": Verdict.REACHABLE, **fields},
    )  # fmt: skip


IN = [
    hop("internet", "vpc-1", "public addresses of vpc-1", "IGW-3", "8.8.8.8", "203.0.113.4", "tcp/443"),
    hop("eni-web", "sg-web", OPEN.line, "SG-19", "8.8.8.8", "10.0.1.4", "tcp/443"),
]
BACK = [hop("eni-web", "sg-web", "stateful: sg-web", "SG-4", "10.0.1.4", "8.8.8.8", "tcp/49152")]
ON = [hop("eni-app", "sg-app", "inbound tcp/8080 from sg-web", "SG-7", "10.0.1.4", "10.0.11.4", "tcp/8080")]
TO_DB = [hop("eni-orders", "sg-db", INNER.line, "SG-7", "10.0.11.4", "10.0.21.4", "tcp/5432")]
TO_CRM = [hop("eni-crm", "sg-db", MYSQL.line, "SG-19", "8.8.8.8", "10.0.2.60", "tcp/3306")]

DIRECT = AttackPath(
    id="P-direct", actor="internet", asset=CRM, confidence=Verdict.REACHABLE,
    hops=[
        step(
            "internet", "eni-crm", "tcp/3306", [MYSQL], TO_CRM, techniques=["T1213.006"], stride="I",
            preconditions=["credentials of the data store, or one that asks for none"],
        )
    ],
)  # fmt: skip
LONG = AttackPath(
    id="P-long", actor="internet", asset=DB, confidence=Verdict.CONDITIONAL,
    hops=[
        step("internet", "eni-web", "tcp/443", [OPEN], IN, techniques=["T1190"], stride="TE", reply_path=BACK),
        step(
            "eni-web", "eni-app", "tcp/8080", [], ON, techniques=["T1210"], verdict=Verdict.CONDITIONAL,
            conditions=["a target of tg-1 is healthy"],
        ),
        step("eni-app", "eni-orders", "tcp/5432", [INNER], TO_DB, contract="shop -> ledger: tcp/5432"),
    ],
)  # fmt: skip
BASE = Factor(of="likelihood", points=4, text="the internet is always there")
HARM = Factor(of="impact", points=4, text="restricted data")


def risk(id: str, kind: str, title: str, likelihood: int, impact: int, severity: str, **fields: Any) -> Risk:
    return Risk(
        id=id, kind=kind, title=title, likelihood=likelihood, impact=impact, severity=Severity(severity),
        **{"text": f"{title}, as {kind} has it", **fields},
    )  # fmt: skip


RISKS = [
    risk(
        "R-crm", "asset-exposed", "restricted data in reach from outside", 4, 4, "critical",
        text="the internet reaches crm on tcp/3306", factors=[BASE, HARM], stride="ID", techniques=["T1213.006"],
        actor="internet", assets=[CRM], context="ledger", path="P-direct", evidence=[MYSQL],
        remedy="narrow the rule to those who must reach it", remedies=[[NARROW]],
    ),
    risk(
        "R-orders", "attack-path", "a way from outside to restricted data", 2, 4, "elevated",
        factors=[BASE, Factor(of="likelihood", points=-2, text="two hosts must be taken on the way"), HARM], stride="IE",
        techniques=["T1190", "T1210"], actor="internet", assets=[DB], context="ledger", path="P-long",
        confidence=Verdict.CONDITIONAL, evidence=[OPEN, INNER],
    ),
    risk(
        "R-ssh", "admin-exposed", "administration in reach from outside", 3, 2, "elevated", actor="insider", assets=[APP],
        context="shop", evidence=[OPEN], stride="SE",
        accepted=Acceptance(reason="NET-7: until the VPN is there", owner="ann", until="2026-03-31", expired=True),
    ),
    risk(
        "R-logs", "no-flow-logs", "nobody sees what reaches restricted data", 1, 3, "medium", assets=[DB, CRM, APP], stride="R",
        confidence=Verdict.UNKNOWN, accepted=Acceptance(reason="logged elsewhere", owner="bob", until="2027-03-31"),
    ),
    risk("R-egress", "open-egress", "hosts send anything anywhere", 1, 1, "low", assets=[WEB], source="shop"),
]  # fmt: skip

MODEL = ThreatModel(
    zones=[
        Zone(id="internet", kind=ZoneKind.INTERNET),
        Zone(id="on-prem", kind=ZoneKind.ON_PREM),
        Zone(id="account:111122223333", kind=ZoneKind.ACCOUNT, name="111122223333"),
        Zone(id="vpc-1", kind=ZoneKind.VPC, name="prod", within="account:111122223333"),
        Zone(id="vpc-1/public", kind=ZoneKind.TIER, name="public", within="vpc-1", assets=2),
        Zone(id="vpc-1/private", kind=ZoneKind.TIER, name="private", within="vpc-1", assets=1),
        Zone(id="vpc-1/isolated", kind=ZoneKind.TIER, name="isolated", within="vpc-1", assets=1),
    ],
    contexts=[Context(name="ledger", declared_by="threats.yaml:2", assets=2), Context(name="shop", declared_by="tags", assets=1)],
    contracts=[Contract(source="shop", target="ledger", on="tcp/5432", origin="threats.yaml:4")],
    unassigned=[WEB],
    assets=[
        asset(
            CRM, "rds", "crm", "public", "restricted", context="ledger", data_class_from="usual for rds", held=False,
            exposures=[Exposure(zone="internet", verdict=Verdict.REACHABLE, services=["tcp/3306"])],
        ),
        asset(DB, "rds", "orders", "isolated", "restricted", context="ledger", data_class_from="tag class=pii", owner="ann"),
        asset(APP, "ec2", "app", "private", "internal", context="shop"),
        asset(
            WEB, "ec2", "web", "public", "public",
            exposures=[Exposure(zone="internet", verdict=Verdict.REACHABLE, services=["tcp/443"])],
        ),
    ],
    entry_points=[
        EntryPoint(
            id="E-web", kind="public address", resource=WEB, name="web", zone="internet", verdict=Verdict.REACHABLE,
            services=["tcp/443"], leads_to=[WEB, APP, DB],
        ),
        EntryPoint(id="E-fn", kind="Lambda URL", resource="fn-1", zone="internet", verdict=Verdict.CONDITIONAL, services=["tcp/443"]),
    ],
    actors=[
        Actor(
            id="internet", name="internet", zone=ZoneKind.INTERNET, starts=["internet"], likelihood=4,
            assumptions=["sends anything from any public address", "holds no credentials"],
        ),
        Actor(id="insider", name="insider", zone=ZoneKind.ON_PREM, starts=["on-prem"], assumptions=["sits in an office"], likelihood=1),
    ],
    techniques=[
        Technique(id="T1190", name="Exploit Public-Facing Application", tactic="initial-access"),
        Technique(id="T1210", name="Exploitation of Remote Services", tactic="lateral-movement"),
        Technique(id="T1213.006", name="Data from Information Repositories: Databases", tactic="collection"),
    ],
    paths=[DIRECT, LONG],
    depths=[
        Depth(actor="internet", asset=CRM, verdict=Verdict.REACHABLE, least=0, exact=True),
        Depth(
            actor="internet", asset=DB, verdict=Verdict.BLOCKED, least=1, exact=True, edits=[WIDEN],
            layers=[Layer(name="ingress group", blockers=[Blocker(resource="sg-db", line="no inbound rule admits it", rule="SG-1")])],
        ),
        Depth(actor="insider", asset=CRM, verdict=Verdict.BLOCKED, least=2, exact=False),
    ],
    choke_points=[
        ChokePoint(
            edits=[NARROW], line=MYSQL, text="sg-db inbound tcp/3306 from 0.0.0.0/0", removes=1, of=2,
            dominates=["internet -> crm"], cuts=["office to crm"], cut_pairs=3,
        ),
        ChokePoint(
            edits=[CLOSE], line=OPEN, text="sg-web inbound tcp/443 from 0.0.0.0/0", removes=1, of=2, weakens=1,
            breaks=["internet -> shop"],
        ),
    ],
    cuts=[Cut(actor="internet", edits=[NARROW, CLOSE], least=2), Cut(actor="insider", edits=[NARROW], least=0, breaks=["a -> b"])],
    risks=RISKS,
    coverage=Coverage(
        shares=[
            Share(name="resources", modelled=229, of=230), Share(name="types", modelled=12, of=12), Share(name="lines", modelled=0, of=0)
        ],
        not_modelled=["1 WAF web ACL: waf-1"],
    ),
    data=[Data(file="attack.yaml", date="2026-11-25", version="ATT&CK 17.1"), Data(file="ports.yaml", date="2026-11-25")],
    notes=["no partner: the snapshot holds no network of that kind"],
    snapshot=SnapshotFacts(collected_at="2026-11-24T10:00:00Z", accounts=["111122223333"]),
)  # fmt: skip

EVIL = (
    "<script>alert(1)</script> \"q\" 's' `tick` | pipe\n# head\n- item: {a: &x *y} !!python/object:os.system #9; %% end ]] --> @me "
    "\x1b[31m\u202e"
)


def hostile(value: Any = MODEL) -> Any:
    """Return the model with every text that AWS or users write made hostile: ids and names alike, so that they still meet."""
    return _evil(value)


# What the program alone writes, and refers to.
OURS = ("format", "kind", "tactic", "techniques", "severity", "stride", "date", "until", "verdict", "confidence")


def _evil(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        kept = OURS if not isinstance(value, Technique) else (*OURS, "id")
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        return type(value)(**{name: one if name in kept else _evil(one) for name, one in fields.items()})
    if isinstance(value, list):
        return [_evil(one) for one in value]
    if isinstance(value, dict):
        return {key: _evil(one) for key, one in value.items()}
    return f"{value} {EVIL}" if type(value) is str and value else value
