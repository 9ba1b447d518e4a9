"""What holds for every format, and what each does with hostile names."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from analyzer.models.errors import QuestionError, ReachError
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
def test_dot():
    assert render(EVERY["translated"], "dot") == (
        "digraph reach {\n"
        '  graph [newrank=true, rankdir=TB, labelloc=t, label="eni-web CAN reach internet on tcp/443", fontname=Helvetica];\n'
        "  node [shape=box, style=rounded, fontname=Helvetica, fontsize=10];\n"
        "  edge [fontname=Helvetica, fontsize=9];\n"
        "  subgraph cluster_0 {\n"
        '    graph [label="vpc-1", style=rounded, color="#57606a"];\n'
        '    n0 [label="eni-web\\nec2\\n10.0.1.4"];\n'
        '    n1 [label="rtb-1\\n0.0.0.0/0 -> igw-1\\nRT-5"];\n'
        "  }\n"
        '  n2 [label="igw-1\\neni-web has a public address, from here 203.0.113.7 -> 8.8.8.8:443\\nIGW-2"];\n'
        '  n3 [label="internet\\nthe internet\\nIGW-1"];\n'
        '  n4 [label="internet"];\n'
        "  n0 -> n1;\n"
        "  n1 -> n2;\n"
        "  n2 -> n3;\n"
        "  n3 -> n4;\n"
        "}\n"
    )


def test_the_hop_that_blocks_is_red_in_dot_and_no_other():
    told = render(EVERY["blocked"], "dot")
    assert [line.strip() for line in told.splitlines() if "penwidth" in line] == [
        'n3 [label="eni-db\\nsg-b no inbound rule admits it\\nSG-1", color="#a40e26", fontcolor="#a40e26", penwidth=2];'
    ]
    assert "penwidth" not in render(EVERY["reachable"], "dot")


def test_hostile_names_stay_in_their_strings_in_dot():
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', render(hostile(), "dot", explain=True))
    assert re.fullmatch(r'[\w\s{}\[\];=,>"-]*', bare)
    assert "script" not in bare


# ---------------------------------------------------------------------- svg
def test_without_graphviz_svg_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReachError) as caught:
        render(EVERY["reachable"], "svg")
    hint = "install Graphviz (apt-get install graphviz, brew install graphviz), or take --format dot"
    assert str(caught.value) == f"cannot draw svg: the program `dot` of Graphviz is not installed\n  try: {hint}"


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
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
