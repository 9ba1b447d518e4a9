"""The network as a picture: what stands where, what is drawn together when there is too much, where routes lead."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

import analyzer
from analyzer.models.errors import QuestionError
from analyzer.models.picture import Box, Link, Picture, Spot
from analyzer.network import Network
from analyzer.report.picture import FORMATS, render
from benchmarks.generate import main as generate

EVIL = '\x1b[31m<script>alert(1)</script>"];} a -> b; \\N &lt; {x|y} \u202e\n'


@pytest.fixture(scope="module")
def demo() -> Network:
    return analyzer.load("demo")


@pytest.fixture(scope="module")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Network]:
    """Return what makes an organisation of a shape and size, once."""
    made: dict[tuple[str, int], Network] = {}

    def of(shape: str, size: int) -> Network:
        if (shape, size) not in made:
            folder = tmp_path_factory.mktemp("snap") / f"{shape}-{size}"
            generate([shape, str(size), str(folder)])
            made[shape, size] = analyzer.load(folder, cache=False)
        return made[shape, size]

    return of


def spots(picture: Picture) -> dict[str, Spot]:
    """Return what is drawn, by title; of one title, the subnet."""
    every = [*picture.spots, *(spot for box in picture.boxes for spot in box.spots)]
    return {spot.title: spot for spot in sorted(every, key=lambda spot: spot.kind == "subnet")}


def leads(picture: Picture, title: str) -> dict[str, list[str]]:
    """Return where the routes of a spot lead, each with its destinations."""
    every = [*picture.spots, *(spot for box in picture.boxes for spot in box.spots)]
    titles = {spot.id: spot.title for spot in every}
    (tail,) = [spot.id for spot in every if spot.title == title and spot.kind == "subnet"]
    return {f"{titles[link.head]}": list(link.lines) for link in picture.links if link.tail == tail}


# ---------------------------------------------------------------------- what stands where
def test_vpcs_are_boxes_and_subnets_stand_in_them(demo: Network):
    picture = demo.picture()
    assert (picture.grain, picture.title) == ("interface", "2 VPCs, 9 subnets, 15 interfaces")
    inside = {box.title.split()[0]: [spot.title for spot in box.spots if spot.kind == "subnet"] for box in picture.boxes}
    assert inside == {
        "prod": ["web-a", "app-a", "batch-a", "data-a", "web-b", "app-b", "data-b"],
        "tools": ["tools-public", "tools-private"],
    }


def test_interfaces_are_lines_in_their_subnet(demo: Network):
    drawn = spots(demo.picture())
    assert drawn["web-a"].items == ["nat-a  nat  10.0.1.200  203.0.113.10", "web-1  ec2  10.0.1.10  203.0.113.21"]
    assert drawn["data-b"].items == []


@pytest.mark.parametrize(
    ("subnet", "look"), [("web-a", "public"), ("app-a", "private"), ("data-a", "isolated"), ("tools-public", "public")]
)
def test_a_subnet_is_public_private_or_isolated_and_says_so(demo: Network, subnet: str, look: str):
    spot = spots(demo.picture())[subnet]
    assert spot.look == look
    assert f", {look}, " in spot.about


@pytest.mark.parametrize(
    ("subnet", "heads"),
    [
        ("web-a", {"prod": ["0.0.0.0/0", "::/0"], "prod-tools": ["10.1.0.0/16"]}),
        ("app-a", {"prod": ["::/0"], "prod-tools": ["10.1.0.0/16"], "s3": ["pl-6da54004"], "web-a": ["0.0.0.0/0 by nat-a"]}),
        ("data-a", {}),
        ("tools-private", {"prod-tools": ["10.0.0.0/16"]}),
    ],
)
def test_routes_lead_where_their_table_says(demo: Network, subnet: str, heads: dict[str, list[str]]):
    assert leads(demo.picture(), subnet) == heads


def test_a_route_into_a_void_is_not_drawn(demo: Network):
    # The NAT gateway of app-b was deleted.
    assert "0.0.0.0/0" not in str(leads(demo.picture(), "app-b"))


def test_the_internet_is_behind_internet_gateways_alone(demo: Network):
    picture = demo.picture()
    kinds = {spot.id: spot.kind for box in picture.boxes for spot in box.spots}
    assert {kinds[link.tail] for link in picture.links if link.head == "internet"} == {
        "internet_gateway",
        "egress_only_internet_gateway",
    }


def test_without_route_tables_no_subnet_is_called_isolated(demo: Network, tmp_path: Path):
    from analyzer.demo import demo_path

    folder = demo_path("demo")
    assert folder is not None
    for file in folder.glob("*.json"):
        if file.name != "route-tables.json":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    looks = {spot.look for box in analyzer.load(tmp_path).picture().boxes for spot in box.spots if spot.kind == "subnet"}
    assert looks == {""}


# ---------------------------------------------------------------------- a part
def test_a_selector_draws_its_interfaces_alone(demo: Network):
    picture = demo.picture(of="sg:app")
    assert picture.title == "sg:app: 1 VPC, 2 subnets, 3 of 15 interfaces"
    assert [spot.title for box in picture.boxes for spot in box.spots if spot.kind == "subnet"] == ["app-a", "app-b"]
    assert spots(picture)["app-a"].items == ["app-1  ec2  10.0.11.10"]


def test_where_the_subnet_of_a_nat_gateway_is_left_out_the_gateway_is_drawn(demo: Network):
    assert leads(demo.picture(of="sg:app"), "app-a")["nat-a"] == ["0.0.0.0/0"]


@pytest.mark.parametrize("of", ["internet", "10.0.0.0/8", "endpoint:s3"])
def test_what_has_no_interface_has_no_picture(demo: Network, of: str):
    with pytest.raises(QuestionError) as caught:
        demo.picture(of=of)
    hint = "name interfaces: `--of vpc:NAME`, `--of tag:KEY=VALUE`, `--of rds`"
    assert str(caught.value) == f"a picture is of interfaces, and `{of}` has none\n  try: {hint}"


# ---------------------------------------------------------------------- too much for one picture
@pytest.mark.parametrize(
    ("nodes", "grain"), [(24, "interface"), (23, "group"), (22, "subnet"), (9, "subnet"), (8, "vpc"), (2, "vpc"), (1, "context")]
)
def test_it_is_as_fine_as_the_budget_lets_it_be(demo: Network, nodes: int, grain: str):
    assert demo.picture(nodes=nodes).grain == grain


def test_interfaces_of_one_kind_with_the_same_groups_are_one_line(organisation: Callable[[str, int], Network]):
    network = organisation("single", 500)
    picture = network.picture()
    assert picture.grain == "group"
    lines = [item for box in picture.boxes for spot in box.spots for item in spot.items]
    assert sum(int(line.partition(" × ")[0]) for line in lines) == len(network.snapshot.all("network_interface")) == 501
    assert len(lines) == len(
        set(zip(lines, [spot.id for box in picture.boxes for spot in box.spots for _ in spot.items], strict=True))
    )


def test_vpcs_stand_in_their_contexts_and_the_legend_says_what_is_not_drawn(demo: Network):
    picture = demo.picture(nodes=2)
    assert [(box.title, [spot.title for spot in box.spots]) for box in picture.boxes] == [
        ("context platform", ["tools"]),
        ("context shop", ["prod"]),
    ]
    assert spots(picture)["prod"].items == ["7 subnets, 12 interfaces"]
    assert picture.legend[0] == "9 subnets and 15 interfaces are not drawn, only their VPCs"
    ends = {(link.tail, link.head): list(link.lines) for link in picture.links}
    prod, tools = (next(vpc.id for vpc in demo.snapshot.all("vpc") if name in vpc.names()) for name in ("prod", "tools"))
    assert ends == {
        (prod, tools): ["10.1.0.0/16 by prod-tools"],
        (tools, prod): ["10.0.0.0/16 by prod-tools"],
        (prod, "internet"): ["0.0.0.0/0 by igw", "::/0 by eigw", "::/0 by igw"],
        (tools, "internet"): ["0.0.0.0/0 by igw"],
    }


def test_of_too_many_contexts_the_largest_are_drawn_and_the_rest_counted(demo: Network):
    picture = demo.picture(nodes=1)
    assert [spot.title for box in picture.boxes for spot in box.spots] == ["context platform"]
    assert "1 more of the smallest left out" in picture.legend


def test_the_largest_context_is_the_one_with_most_vpcs(organisation: Callable[[str, int], Network]):
    picture = organisation("inspection", 500).picture(nodes=1)
    assert [(spot.title, spot.items[0]) for box in picture.boxes for spot in box.spots] == [("account 200000000000", "5 VPCs")]


def test_many_routes_are_one_arrow_for_each_vpc_and_words_in_each_subnet(organisation: Callable[[str, int], Network]):
    network = organisation("hub", 500)
    picture = network.picture()
    assert picture.grain == "subnet"
    (transit,) = network.snapshot.all("transit_gateway")
    assert sorted(link.tail for link in picture.links if link.head == transit.id) == [
        one.id for one in network.snapshot.all("vpc")
    ]
    inside = {box.id: {spot.id for spot in box.spots} for box in picture.boxes}
    assert not [link for link in picture.links if link.head in inside.get(link.tail, ())]
    subnets = [spot for box in picture.boxes for spot in box.spots if spot.kind == "subnet"]
    assert all("to transit gateway organisation" in spot.items for spot in subnets)
    assert {spot.look for spot in subnets if "to internet gateway" in spot.items} == {"public"}
    assert {spot.look for spot in subnets if "to internet gateway" not in spot.items} == {"private"}


# ---------------------------------------------------------------------- as text and drawn
@pytest.mark.parametrize("format", FORMATS)
def test_the_same_network_has_the_same_picture(format: str):
    first, second = (render(analyzer.load("demo").picture(), format) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("shape", "size", "nodes"), [("hub", 500, 150), ("inspection", 500, 150), ("single", 500, 150), ("hub", 500, 9)]
)
def test_every_spot_of_a_large_network_is_drawn(organisation: Callable[[str, int], Network], shape: str, size: int, nodes: int):
    picture = organisation(shape, size).picture(nodes=nodes)
    told = ET.fromstring(render(picture, "svg"))
    drawn = {one.text for one in told.iter() if one.tag.endswith("}title")}
    assert {spot.id for box in picture.boxes for spot in box.spots} | {spot.id for spot in picture.spots} <= drawn


def test_the_documents_show_the_network_as_it_is(demo: Network):
    def words(text: str) -> list[str]:
        return sorted("".join(one.itertext()) for one in ET.fromstring(text).iter() if one.tag.endswith("}text"))

    committed = (Path(__file__).parents[2] / "docs" / "graph.svg").read_text("utf-8")
    assert words(committed) == words(render(demo.picture(), "svg")), "run `reach graph --snapshot demo -o svg=docs/graph.svg`"


def hostile() -> Picture:
    spot = Spot(id=EVIL, kind=EVIL, title=EVIL, about=EVIL, items=[EVIL], column=EVIL)
    other = msgspec.structs.replace(spot, id=EVIL + "2", look="outside")
    box = Box(id=EVIL + "3", kind=EVIL, title=EVIL, spots=[spot])
    links = [Link(tail=EVIL, head=EVIL + "2", lines=[EVIL]), Link(tail=EVIL + "3", head=EVIL + "2", routed=False)]
    return Picture(grain="interface", title=EVIL, legend=[EVIL], boxes=[box], spots=[other], links=links)


def test_hostile_names_stay_in_their_strings():
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', render(hostile(), "dot"))
    assert re.fullmatch(r'[\w\s{}\[\];=,.>"-]*', bare)
    assert "script" not in bare
    told = render(hostile(), "svg")
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(told).iter()}
    assert tags <= {"svg", "g", "title", "polygon", "path", "text", "polyline", "ellipse"}
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_an_unknown_format_is_refused(demo: Network):
    with pytest.raises(QuestionError) as caught:
        render(demo.picture(), "png")
    assert str(caught.value) == "no such format: `png`\n  try: take one of `svg`, `dot`, `json`"
