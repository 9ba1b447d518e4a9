"""What people read of a threat model: the two screens, the details, the page of a design review. By exact text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest
from markdown_it import MarkdownIt

from analyzer.models.errors import QuestionError
from analyzer.models.threat import Coverage, Share, ThreatModel
from analyzer.models.trust import Zone, ZoneKind
from analyzer.report.notebook import bundle
from analyzer.report.threats import FORMATS, render
from analyzer.report.threats.mermaid import label
from analyzer.report.threats.words import coverage, nested

from .model import EVIL, MODEL, RISKS, hostile

SUMMARY = """\
threat model: 4 risks: 1 critical, 2 elevated, 1 low; 1 more accepted; 1 accepted no longer
  modelled: 229 of 230 resources (99%), 12 of 12 types (100%), no lines at all

zones
  internet
  on-prem
  account 111122223333  4 assets
    prod (vpc-1)        4 assets
      public            2 assets
      private           1 asset
      isolated          1 asset
contexts: ledger (2 assets), shop (1 asset); 1 asset in none

actors, and how likely each is met
  internet  4 of 4  sends anything from any public address; holds no credentials
  insider   1 of 4  sits in an office

ways in
  from      door                on       verdict      leads to
  internet  public address web  tcp/443  reachable    app, orders
  internet  Lambda URL fn-1     tcp/443  conditional

risks, accepted ones last; score = likelihood × impact, of 16; modelled: 99% of resources, 100% of types
  severity  score  id        from      risk
  critical  16     R-crm     internet  the internet reaches crm on tcp/3306
  elevated  8      R-orders  internet  a way from outside to restricted data, as attack-path has it; conditional
  elevated  6      R-ssh     insider   administration in reach from outside, as admin-exposed has it; acceptance ended 2026-03-31 (ann)
  low       1      R-egress  shop      hosts send anything anywhere, as open-egress has it
  medium    3      R-logs              nobody sees what reaches restricted data, as no-flow-logs has it; unknown, accepted until 2027-03-31 (bob)

choke points: single edits; how many pairs of actor and restricted data lose their way, or get a longer one; what else breaks
      closes  longer  breaks  cuts  edit
  1.  1 of 2  0       0       3     remove rule: group sg-db, inbound tcp/3306, from 0.0.0.0/0
  2.  1 of 2  1       1       0     remove rule: group sg-web, inbound tcp/443, from 0.0.0.0/0
  to leave internet no way to restricted data: 2 edits, and none that was tried does it alone
  to leave insider no way to restricted data: 1 edit; they break 1 contract

note: no partner: the snapshot holds no network of that kind
not modelled, and so in no score:
  - 1 WAF web ACL: waf-1
known of attacks: attack.yaml (ATT&CK 17.1), ports.yaml of 2026-11-25
snapshot of 2026-11-24T10:00:00Z
"""  # noqa: E501
HINT = "`--explain` tells every factor, way and line; `-o markdown=FILE` is for a design review\n"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("model", [MODEL, ThreatModel(), hostile()], ids=["shop", "empty", "hostile"])
def test_every_model_has_every_format_and_the_same_bytes_twice(model: ThreatModel, format: str):
    first = render(model, format, explain=True)
    assert first.endswith("\n")
    assert not first.endswith("\n\n")
    assert first == render(model, format, explain=True)
    assert all(char.isprintable() or char == "\n" for char in first)


def test_an_unknown_format_is_refused():
    with pytest.raises(QuestionError) as caught:
        render(MODEL, "xml")
    formats = "`text`, `json`, `markdown`, `sarif`, `otm`, `threagile`, `navigator`"
    assert str(caught.value) == f"no such format: `xml`\n  try: take one of {formats}"


# ---------------------------------------------------------------------- the terminal
def test_the_summary_is_what_an_architect_reads():
    assert render(MODEL, "text") == SUMMARY + HINT


def test_the_details_come_after_the_same_summary():
    told = render(MODEL, "text", explain=True)
    assert told.startswith(SUMMARY)
    assert HINT not in told


def test_a_risk_is_told_with_every_factor_and_its_way_hop_by_hop():
    told = render(MODEL, "text", explain=True)
    start = told.index("R-orders: elevated")
    assert told[start : told.index("\n\n", start)] == (
        """\
R-orders: elevated: a way from outside to restricted data
  a way from outside to restricted data, as attack-path has it
  score 2×4 = 8, likelihood × impact, of 16; modelled: 99% of resources, 100% of types
    likelihood  +4  the internet is always there
    likelihood  -2  two hosts must be taken on the way
    impact      +4  restricted data
  assets: orders (db:orders), arn:aws:rds:eu-west-1:111122223333:db:orders
  context: ledger
  actor: internet
  STRIDE: information disclosure, elevation of privilege
  ATT&CK: T1190 Exploit Public-Facing Application, T1210 Exploitation of Remote Services
  how sure: conditional
  it rests on
    sg-web  inbound tcp/443 from 0.0.0.0/0  snap/SecurityGroups.json:12
    sg-db   inbound tcp/5432 from sg-app
  way P-long: internet to orders (db:orders) in 3 hops, conditional
    1. internet -> web (eni-web) on tcp/443
       shows T1190 Exploit Public-Facing Application
       STRIDE: tampering, elevation of privilege
         internet  vpc-1 public addresses of vpc-1, from here 8.8.8.8 -> 10.0.1.4:443  IGW-3
         eni-web   sg-web inbound tcp/443 from 0.0.0.0/0                               SG-19
         reply     stateful: sg-web admit it                                           SG-4
    2. web (eni-web) -> app (eni-app) on tcp/8080, conditional
       shows T1210 Exploitation of Remote Services
       it depends on this: a target of tg-1 is healthy
         eni-app  sg-app inbound tcp/8080 from sg-web  SG-7
    3. app (eni-app) -> orders (eni-orders) on tcp/5432
       contract: shop -> ledger: tcp/5432
         eni-orders  sg-db inbound tcp/5432 from sg-app  SG-7"""
    )


def test_what_was_tried_who_accepted_and_what_lies_between_is_told():
    told = render(MODEL, "text", explain=True)
    for part in (
        "  to set it right: narrow the rule to those who must reach it\n"
        "    tried on the snapshot, after which it is gone or less:\n"
        "      - remove: {rule: {group: sg-db, inbound: tcp/3306, from: 0.0.0.0/0}}\n",
        "  acceptance ended: 2026-03-31 by ann: NET-7: until the VPN is there\n",
        "  accepted until: 2027-03-31 by bob: logged elsewhere\n",
        "  internet  crm (db:crm)        none: reachable now\n"
        "  internet  orders (db:orders)  1                    ingress group\n"
        "      ingress group: sg-db: no inbound rule admits it  (SG-1)\n"
        "      these edits would open it\n"
        "        - add: {rule: {group: sg-db, inbound: tcp/5432, from: 0.0.0.0/0}}\n"
        "  insider   crm (db:crm)        at least 2\n",
        "  every way crosses it: internet -> crm\n  it also cuts office to crm\n  and 2 more pairs that could talk\n",
        "  they break the contract a -> b\n",
        "  shop -> ledger  tcp/5432  threats.yaml:4\n",
    ):
        assert part in told


def test_a_way_is_told_once_and_one_that_is_missing_is_named():
    twice = [RISKS[0], msgspec.structs.replace(RISKS[0], id="R-again"), msgspec.structs.replace(RISKS[1], path="P-gone")]
    told = render(msgspec.structs.replace(MODEL, risks=twice), "text", explain=True)
    assert told.count("way P-direct: ") == 1
    assert "  its way is P-direct, told above\n" in told
    assert "  its way P-gone is not among those that are told: `--paths N` tells more\n" in told
    assert "\nway P-long: internet to orders (db:orders) in 3 hops, conditional\n" in told


def test_a_limit_leaves_out_risks_and_says_so():
    told = render(MODEL, "text", limit=2)
    assert "R-orders" in told
    assert "R-ssh" not in told
    assert "  and 3 more: `--limit N` tells more\n" in told


def test_the_largest_model_fits_on_two_screens():
    many = [msgspec.structs.replace(RISKS[0], id=f"R-{number}", actor=EVIL, title=EVIL) for number in range(300)]
    vpcs = [Zone(id=f"vpc-{number}", kind=ZoneKind.VPC, name=EVIL, within="internet") for number in range(300)]
    tiers = [Zone(id=f"vpc-{number}/public", kind=ZoneKind.TIER, within=f"vpc-{number}", assets=1) for number in range(300)]
    large = msgspec.structs.replace(
        MODEL, risks=many, zones=[*MODEL.zones, *vpcs, *tiers], actors=MODEL.actors * 50, entry_points=MODEL.entry_points * 50,
        choke_points=MODEL.choke_points * 50, cuts=MODEL.cuts * 50, notes=MODEL.notes * 50,
        coverage=Coverage(not_modelled=["something"] * 50),
    )  # fmt: skip
    assert len(render(large, "text").splitlines()) <= 100


def test_of_too_many_zones_the_innermost_go_first_and_their_assets_stay_counted():
    shown = nested(MODEL.zones, 4)
    assert [(one.zone.id, one.depth, one.assets) for one in shown] == [
        ("internet", 0, 0), ("on-prem", 0, 0), ("account:111122223333", 0, 4), ("vpc-1", 1, 4),
    ]  # fmt: skip


def test_zones_that_are_within_each_other_end():
    ring = [Zone(id="a", kind=ZoneKind.VPC, within="b"), Zone(id="b", kind=ZoneKind.VPC, within="a")]
    assert nested(ring, 5) == []


def test_a_share_is_never_rounded_up():
    assert coverage(Coverage(shares=[Share(name="lines", modelled=9_999, of=10_000)])) == "modelled: 9,999 of 10,000 lines (99%)"


# ---------------------------------------------------------------------- Markdown
class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)


def rendered(text: str) -> Tags:
    tags = Tags()
    tags.feed(MarkdownIt("commonmark").enable("table").render(text))
    return tags


def test_the_page_has_a_section_a_context_with_its_ways_as_a_picture():
    page = render(MODEL, "markdown")
    headings = re.findall(r"^## (.*)$", page, re.MULTILINE)
    assert headings == [
        "Risks", "Choke points", "Zones and actors", "Context ledger", "Context shop", "In several contexts, or in none", "Notes",
        "Not modelled, and so in no score", "Known of attacks",
    ]  # fmt: skip
    assert page.count("```mermaid\n") == 1
    picture = page.partition("```mermaid\n")[2].partition("```")[0]
    assert picture == (
        """\
flowchart LR
    n0["internet"]
  subgraph z1["prod (vpc-1) / public"]
    n1[("crm (db#58;crm)")]
    n2["web (i-web)"]
  end
  subgraph z2["prod (vpc-1) / private"]
    n3["app (i-app)"]
  end
  subgraph z3["prod (vpc-1) / isolated"]
    n4[("orders (db#58;orders)")]
  end
  n0 -->|"tcp/3306"| n1
  n0 -->|"tcp/443"| n2
  n2 -.->|"tcp/8080, conditional"| n3
  n3 -->|"tcp/5432"| n4
"""
    )


def test_every_risk_of_the_page_has_its_score_and_coverage_and_an_accepted_one_its_reason():
    page = render(MODEL, "markdown")
    assert page.count("of 16; modelled&#58; 99% of resources, 100% of types") == len(RISKS) + 1
    assert "- unknown, accepted until 2027-03-31 (bob): logged elsewhere\n" in page
    assert "- acceptance ended 2026-03-31 (ann): NET-7&#58; until the VPN is there\n" in page
    assert "| `likelihood` | `-2` |" not in page
    assert "| `likelihood` | `-2` | two hosts must be taken on the way |" in render(MODEL, "markdown", explain=True)


def test_a_risk_of_a_context_that_is_not_listed_is_still_told():
    lost = msgspec.structs.replace(MODEL, contexts=[])
    page = render(lost, "markdown")
    assert "## Assets, risks and ways\n" in page
    assert all(f"`{one.id}` **" in page for one in RISKS)


def test_no_name_is_markup():
    told = rendered(render(hostile(), "markdown", explain=True))
    plain = rendered(render(MODEL, "markdown", explain=True))
    assert told.tags <= plain.tags | {"code"}
    assert not {"script", "a", "img", "em"} & told.tags


def test_no_name_breaks_a_table_or_a_picture():
    told, plain = (render(model, "markdown").splitlines() for model in (hostile(), MODEL))
    assert [line.count("|") for line in told if line.startswith("|")] == [
        line.count("|") for line in plain if line.startswith("|")
    ]
    inside = "\n".join(told).partition("```mermaid\n")[2].partition("\n```")[0].splitlines()
    node = r'\s+n\d+(\["[^"]*"\]|\[\("[^"]*"\)\])'
    arrow = r'  n\d+ (-->|-\.->)\|"[^"]*"\| n\d+'
    assert all(re.fullmatch(rf'flowchart LR|  subgraph z\d+\["[^"]*"\]|  end|{node}|{arrow}', line) for line in inside)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-1 (eni-1)", "web-1 (eni-1)"),
        ('a"]; b', "a#34;#93;#59; b"),
        ("style x:y #1", "style x#58;y #35;1"),
        ("<b>", "#60;b#62;"),
    ],
)
def test_a_label_means_nothing_to_mermaid(text: str, shown: str):
    assert label(text) == shown


# ---------------------------------------------------------------------- JSON and notebooks
def test_json_is_the_model_and_nothing_but_ascii():
    told = render(hostile(), "json")
    assert json.loads(told) == hostile().to_dict()
    assert told.isascii()
    assert msgspec.convert(json.loads(render(MODEL, "json")), ThreatModel) == MODEL


def test_json_fits_the_schema_in_the_documents():
    import jsonschema

    page = Path(__file__).parents[2] / "docs" / "schema" / "threats-1.json"
    jsonschema.Draft202012Validator(json.loads(page.read_text("utf-8"))).validate(MODEL.to_dict())


def test_a_notebook_shows_the_risks_the_coverage_and_the_first_way():
    shown = bundle(MODEL)
    assert shown["text/plain"] == (SUMMARY + HINT).rstrip("\n")
    page = shown["text/html"]
    for part in (
        "<td>R-orders</td>",
        "229 of 230 resources (99%)",
        "<summary>P-direct: internet to crm (db:crm) in 1 hop, reachable",
    ):
        assert part in page
    assert "P-long" not in page


def test_nothing_hostile_is_in_a_notebook():
    page = bundle(hostile())["text/html"]
    tags = Tags()
    tags.feed(page)
    assert tags.tags <= {"div", "style", "h4", "p", "table", "tr", "th", "td", "details", "summary", "br", "code"}
    assert "\x1b" not in page


def test_a_frame_has_a_row_a_risk():
    assert list(MODEL.to_frame()["id"]) == [one.id for one in RISKS]
