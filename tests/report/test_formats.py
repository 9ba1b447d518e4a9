"""What holds for every format, and what each does with hostile names."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import msgspec
import pytest

from analyzer.models.answer import Blocker
from analyzer.models.errors import QuestionError
from analyzer.report import FORMATS, render

from .answers import EVERY, EVIL, hostile

WRITTEN = [one for one in FORMATS if one != "svg"]


@pytest.mark.parametrize("format", WRITTEN)
@pytest.mark.parametrize("name", EVERY)
def test_every_answer_has_every_format_and_the_same_bytes_twice(format: str, name: str):
    for explain in (False, True):
        first = render(EVERY[name], format, explain=explain)
        assert first.endswith("\n")
        assert first == render(EVERY[name], format, explain=explain)


def test_an_unknown_format_is_refused():
    with pytest.raises(QuestionError) as caught:
        render(EVERY["reachable"], "xml")
    formats = "`text`, `json`, `dot`, `svg`, `html`, `markdown`"
    assert str(caught.value) == f"no such format: `xml`\n  try: take one of {formats}"


# ---------------------------------------------------------------------- json
def test_json_is_the_contracts_object_and_nothing_but_ascii():
    told = render(hostile(), "json")
    assert json.loads(told) == hostile().to_dict()
    assert told.isascii()
    assert told.replace("\n", "").isprintable()


# ---------------------------------------------------------------------- html
class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("name", EVERY)
def test_html_is_well_formed_and_fetches_nothing(name: str):
    tags = read(render(EVERY[name], "html"))
    assert not {"script", "img", "link", "iframe", "a", "object"} & set(tags.tags)
    assert tags.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "open"}


def test_hostile_names_are_text_in_html():
    tags = read(render(hostile(), "html", explain=True))
    assert tags.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class", "open"}
    assert "script" not in tags.tags
    assert "<script>alert(1)</script>" in tags.text
    assert "\x1b" not in tags.text


def test_html_unfolds_one_pair_and_with_explain_all():
    assert render(EVERY["many"], "html").count("<details open>") == 1
    assert render(EVERY["many"], "html", explain=True).count("<details open>") == 3


# ---------------------------------------------------------------------- markdown
def test_markdown():
    assert render(EVERY["blocked"], "markdown") == (
        "### eni-web **CANNOT** reach eni-db on tcp/5432\n"
        "\n"
        "For example `tcp 10.0.1.4 -> 10.0.1.9:5432`\n"
        "\n"
        "| place | line | rule |\n"
        "| --- | --- | --- |\n"
        "| `eni-web` | `sg-a outbound all to 0.0.0.0/0` | `SG-1` |\n"
        "| `subnet-1` | `same subnet: no route table, no ACL` | `RT-16` |\n"
        "| `eni-db` | `sg-b no inbound rule admits it` **stops here** | `SG-1` |\n"
        "\n"
        "**To let it through, change these 2 lines, all of them:**\n"
        "\n"
        "1. `sg-b or sg-c: no inbound rule admits it` (SG-1, ENI&#95;SG&#95;RULES&#95;MISMATCH)\n"
        "   - do: add an inbound rule to sg-b or sg-c&#58; tcp/5432 from 10.0.1.4\n"
        "2. `acl-1: outbound 32767 deny all to 0.0.0.0/0` (reply, NACL-2, SUBNET&#95;ACL&#95;RESTRICTION)\n"
        "   - do: add an outbound entry to acl-1 with a number below 32767&#58; allow tcp/1024-65535 to 10.0.1.4\n"
    )


def test_hostile_names_are_no_markup_links_or_mentions_in_markdown():
    for line in render(hostile(), "markdown", explain=True).splitlines():
        assert line.isprintable()
        if line.startswith("|") and "---" not in line:
            assert line.count("|") in (4, 5), "no name opens another cell"
        bare = re.sub(r"`[^`]*`", "", line)
        for sign in ("`", "<script", "http:", "www.", "[", "@", "\\"):
            assert sign not in bare, line


@pytest.mark.parametrize("start", ["# ", "- ", "* ", "> ", "1. ", "2) ", "   ", "+ ", "=", "| "])
def test_a_sentence_opens_no_block_in_markdown(start: str):
    one = msgspec.structs.replace(EVERY["unknown"], not_modelled=[f"{start}x"])
    [line] = [line for line in render(one, "markdown").splitlines() if line.endswith("x")]
    assert re.fullmatch(r"- (&#\d+;|\d+&#\d+;).*x", line)


# ---------------------------------------------------------------------- dot
PASSES = 'color="#1a7f37", fontcolor="#1a7f37", style=solid, penwidth=2'


def test_dot():
    assert render(EVERY["translated"], "dot") == (
        "digraph reach {\n"
        "  graph [newrank=true, rankdir=TB, labelloc=t, labeljust=l, "
        'label="eni-web CAN reach internet on tcp/443\\l", fontname=Helvetica, fontsize=12,\n'
        '    bgcolor="#ffffff", ranksep=0.35];\n'
        '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname=Helvetica, fontsize=10];\n'
        "  edge [fontname=Helvetica, fontsize=9];\n"
        "  subgraph cluster_1 {\n"
        '    graph [label="vpc-1", style=rounded, color="#57606a", fontsize=11];\n'
        '      n0 [label="eni-web\\nec2\\n10.0.1.4", penwidth=2, fillcolor="#eef4fb"];\n'
        '      n1 [label="rtb-1\\n0.0.0.0/0 -> igw-1\\nRT-5"];\n'
        "  }\n"
        '      n2 [label="igw-1\\neni-web has a public address, from here 203.0.113.7 -> 8.8.8.8:443\\nIGW-2"];\n'
        '      n3 [label="the internet\\nIGW-1"];\n'
        '      n4 [label="internet", penwidth=2, fillcolor="#eef4fb"];\n'
        f"  n0 -> n1 [{PASSES}];\n"
        f"  n1 -> n2 [{PASSES}];\n"
        f"  n2 -> n3 [{PASSES}];\n"
        f'  n3 -> n4 [{PASSES}, label="tcp/443"];\n'
        "}\n"
    )


def arrows(dot: str) -> list[tuple[str, str, str, str]]:
    """Return style, colour, words and head of each arrow."""
    lines = [line for line in dot.splitlines() if re.match(r"  n\d+ -> n\d+ ", line)]
    wanted = (r"style=(\w+)", r' color="([^"]+)"', r'label="([^"]*)"', r"arrowhead=(\w+)")
    return [tuple((re.search(one, line.replace("[", "[ ")) or ["", ""])[1] for one in wanted) for line in lines]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "style", "colour", "words", "head"),
    [
        ("reachable", "solid", "#1a7f37", "tcp/5432", ""),
        ("blocked", "dashed", "#a40e26", "blocked", "tee"),
        ("conditional", "dotted", "#9a6700", "it depends", ""),
        ("unknown", "dotted", "#57606a", "not known", ""),
    ],
)
def test_each_verdict_has_its_own_arrows_words_and_colour(name: str, style: str, colour: str, words: str, head: str):
    told = arrows(render(EVERY[name], "dot"))
    assert {one[:2] for one in told} == {(style, colour)}
    assert told[-1][2:] == (words, head)


def test_a_lost_reply_is_drawn_back_from_a_request_that_passes():
    told = arrows(render(EVERY["reply lost"], "dot"))
    assert [one[0] for one in told] == ["solid", "solid", "solid", "dashed", "dashed", "dashed"]
    assert [one[2] for one in told if one[2]] == ["reply: blocked", "reply: blocked"]
    assert told[-1][3] == "tee"


def test_a_reply_that_passes_is_drawn_only_when_everything_is_to_be_explained():
    assert "reply" not in render(EVERY["reachable"], "dot")
    assert render(EVERY["reachable"], "dot", explain=True).count('label="reply"') == 2


def test_the_hop_that_blocks_is_marked_in_dot_and_no_other():
    told = render(EVERY["blocked"], "dot")
    marked = [line.strip() for line in told.splitlines() if "stops here" in line]
    look = 'color="#a40e26", fontcolor="#a40e26", fillcolor="#fdecee", penwidth=3, style=filled'
    assert marked == [f'n3 [label="sg-b no inbound rule admits it\\nSG-1\\n✕ stops here", {look}];']
    assert "stops here" not in render(EVERY["reachable"], "dot")


def test_what_is_to_change_beyond_the_hop_that_blocks_is_noted_before_the_target():
    told = render(EVERY["blocked"], "dot")
    [note] = [line for line in told.splitlines() if "shape=note" in line]
    assert 'label="to change as well:\\nacl-1: outbound 32767 deny all to 0.0.0.0/0"' in note
    assert "shape=note" not in render(EVERY["reply lost"], "dot")


def test_the_line_that_it_depends_on_is_marked():
    doubt = Blocker(resource="sg-b", line="inbound tcp/5432 from sg-a", rule="SG-7")
    pair = msgspec.structs.replace(EVERY["conditional"].pairs[0], doubts=[doubt])
    told = render(msgspec.structs.replace(EVERY["conditional"], pairs=[pair]), "dot")
    [marked] = [line for line in told.splitlines() if "it depends on this" in line]
    assert 'label="sg-b inbound tcp/5432 from sg-a\\nSG-7\\n? it depends on this"' in marked
    assert "it depends on this" not in render(EVERY["conditional"], "dot")


def test_interfaces_stand_in_the_subnet_of_the_acl_beside_them():
    told = render(EVERY["reachable"], "dot")
    assert re.findall(r'label="(vpc-\d|subnet-\d)"', told) == ["vpc-1", "subnet-1"]
    assert told.index('"subnet-1"') < told.index('label="eni-web\\n')


def test_hostile_names_stay_in_their_strings_in_dot():
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', render(hostile(), "dot", explain=True))
    assert re.fullmatch(r'[\w\s{}\[\];=,.>"-]*', bare)
    assert "script" not in bare


# ---------------------------------------------------------------------- svg
@pytest.mark.parametrize("name", [*EVERY, "hostile"])
def test_svg_is_a_picture_without_script_or_link(name: str):
    told = render(hostile() if name == "hostile" else EVERY[name], "svg", explain=True)
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(told).iter()}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "polyline", "ellipse"}
    assert EVIL not in told


# ---------------------------------------------------------------------- what it costs
def test_rendering_needs_only_the_models():
    import subprocess
    import sys

    code = "import sys, analyzer.report; print(*sorted(one for one in sys.modules if one.startswith(('pydantic', 'graphviz', 'msgspec'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
