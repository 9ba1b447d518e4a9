"""What an edited snapshot shares with the one before is what a snapshot of the same components finds out by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analyzer import load
from analyzer.edit import edited
from analyzer.edit.file import Edit
from analyzer.models.errors import ReachError
from analyzer.models.found import QUESTIONS
from analyzer.models.layer import Layer
from analyzer.models.snapshot import Snapshot
from analyzer.network import Network
from analyzer.read.compiled import Compiled, compiled
from tests.semantics import build


def anew(world: Snapshot) -> Snapshot:
    """The same components, nothing known about them."""
    return Snapshot(
        (one for one in world.everything() if one.documents),
        kinds=world.kinds,
        collected=world.documented,
        not_modelled=world.not_modelled,
        unmodelled_ways=world.unmodelled_ways,
        unmodelled_entries=world.unmodelled_entries,
    )


def facts(world: Snapshot) -> dict[str, Any]:
    names = ("owners", "carried", "routers", "public", "has_relays", "has_ways_out", "accounts")
    found = {name: getattr(world, name) for name in names}
    found |= {question: [(one.kind, one.id) for one in world.doing(question)] for question in QUESTIONS}
    found["members"] = {one.id: world.members(one.id) for one in world.all("security_group")}
    found["classes"] = {one.id: world.guarded_alike(one.id) for one in world.all("subnet")}
    found["delivered"] = {
        one.id: [world.owner_of(one.vpc_id, number) for number, _ in one.private_addresses]
        for one in world.all("network_interface")
    }
    found["by subnet"] = {one.id: world.where("network_interface", "subnet_id", one.id) for one in world.all("subnet")}
    found["tables"] = {one.id: world.where("route_table", "vpc_id", one.id) for one in world.all("vpc")}
    return found


def edits_of(world: Snapshot) -> Iterator[dict[str, Any]]:
    """Every kind of edit, as often as the network has something for it."""
    for group in world.all("security_group"):
        yield {"add": {"rule": {"group": group.id, "inbound": "tcp/9", "from": "10.0.0.0/8"}}}
        yield {"add": {"rule": {"group": group.id, "outbound": "udp", "to": group.id}}}
    for interface in world.all("network_interface"):
        yield {"isolate": interface.id}
        yield {"add": {"address": {"interface": interface.id, "public": "198.51.100.77"}}}
        yield {"remove": {"address": {"interface": interface.id}}}
        for group in world.all("security_group"):
            yield {"add": {"association": {"interface": interface.id, "group": group.id}}}
    for table in world.all("route_table"):
        yield {"add": {"route": {"table": table.id, "to": "198.18.0.0/15", "via": "local"}}}
        yield from ({"remove": {"route": {"table": table.id, "to": one.destination}}} for one in table.routes)
        yield from ({"add": {"association": {"subnet": one.id, "table": table.id}}} for one in world.all("subnet"))
        yield from ({"remove": {"association": {"subnet": one, "table": table.id}}} for one in table.subnet_ids)
    for acl in world.all("network_acl"):
        yield {"add": {"entry": {"acl": acl.id, "inbound": 7, "action": "deny", "from": "10.0.0.0/8"}}}
        yield from ({"add": {"association": {"subnet": one.id, "acl": acl.id}}} for one in world.all("subnet"))
    for kind in ("internet_gateway", "egress_only_internet_gateway", "vpn_gateway"):
        for gateway in world.all(kind):
            yield {"remove": {"attachment": {"gateway": gateway.id, "vpc": gateway.vpc_id}}}
    yield from between_vpcs(world)
    yield from behind(world)


def between_vpcs(world: Snapshot) -> Iterator[dict[str, Any]]:
    """Edits of what stands between VPCs."""
    vpcs = [one.id for one in world.all("vpc")]
    for one in world.all("vpc_peering"):
        yield {"remove": {"peering": {"id": one.id}}}
    yield from ({"add": {"peering": {"vpcs": [vpcs[0], other]}}} for other in vpcs[1:])
    for one in world.all("transit_gateway_vpc_attachment"):
        named = {"gateway": one.transit_gateway_id, "vpc": one.vpc_id}
        yield {"remove": {"attachment": named}}
        yield {"replace": {"attachment": named}, "with": {"attachment": {**named, "subnets": one.subnet_ids}}}
        for table in world.all("transit_gateway_route_table"):
            tied = {"attachment": one.id, "table": table.id}
            yield from ({verb: {thing: tied}} for verb in ("add", "remove") for thing in ("association", "propagation"))
            yield {"add": {"route": {"table": table.id, "to": "198.18.0.0/15", "via": one.id}}}
    for one in world.all("vpn_connection"):
        yield {"remove": {"attachment": {"gateway": one.vpn_gateway_id, "connection": one.id}}}


def behind(world: Snapshot) -> Iterator[dict[str, Any]]:
    """Edits of what rules and load balancers name."""
    for one in world.all("prefix_list_entries"):
        yield {"add": {"entry": {"list": one.id, "block": "198.18.0.0/15"}}}
        yield from ({"remove": {"entry": {"list": one.id, "block": block}}} for block in one.cidrs)
    for one in world.all("target_group"):
        yield from ({"add": {"target": {"group": one.id, "id": each.id, "port": 9}}} for each in world.all("instance"))
        described = world.find("target_health", one.id).target_health_descriptions
        yield from ({"remove": {"target": {"group": one.id, "id": each.target.id}}} for each in described)


def stored(world: Snapshot) -> Snapshot:
    """The snapshot as the cache gives it back."""
    return Compiled({name: memoryview(data) for name, data in compiled(world)})


NETWORKS = {
    "demo": lambda: load("demo").snapshot,
    "balanced": lambda: build.network(build.balanced(), build.behind_nat()).snapshot,
    "network balancer": lambda: build.network(build.balanced("network"), build.site()).snapshot,
    "transit": lambda: build.network(build.transit(), build.rds()).snapshot,
    "peered": lambda: build.network(build.peered(), build.FIREWALL, build.gateway_endpoint()).snapshot,
}


@pytest.mark.parametrize("form", ["read", "stored"])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_fact_after_an_edit_is_the_one_of_the_same_components(name: str, form: str):
    world = NETWORKS[name]()
    world = stored(world) if form == "stored" else world
    facts(world)  # so that there is something to share
    tried = 0
    for edit in edits_of(world):
        try:
            twin = edited(world, [Edit.model_validate(edit)])
        except ReachError:
            continue
        tried += 1
        mine, fresh = facts(twin), facts(anew(twin))
        assert {key: value for key, value in mine.items() if value != fresh[key]} == {}, edit
    assert tried > 20


@pytest.mark.parametrize("form", ["read", "stored"])
def test_answers_after_an_edit_are_those_of_the_same_components(form: str):
    world = load("demo").snapshot
    world = stored(world) if form == "stored" else world
    questions = [("internet", "rds"), ("sg:app", "rds"), ("ec2", "internet"), ("name:bastion", "ec2")]
    for one in questions:
        Network(world).reach(*one)
    differ = 0
    for edit in list(edits_of(world))[::7]:
        try:
            twin = edited(world, [Edit.model_validate(edit)])
        except ReachError:
            continue
        for one in questions:
            answer = Network(twin).reach(*one).to_dict()
            assert json.dumps(answer) == json.dumps(Network(anew(twin)).reach(*one).to_dict() | {"snapshot": answer["snapshot"]})
            differ += answer["services"] != Network(world).reach(*one).services
    assert differ > 5


def test_what_did_not_change_is_shared():
    world = load("demo").snapshot
    facts(world)
    group = world.all("security_group")[0].id
    twin = edited(world, [Edit.model_validate({"add": {"rule": {"group": group, "inbound": "tcp/9", "from": "10.0.0.0/8"}}})])
    assert twin.owners is world.owners
    assert twin.find("network_interface", next(iter(world.owners))) is world.find("network_interface", next(iter(world.owners)))
    assert twin.find("security_group", group) is not world.find("security_group", group)


def test_a_layer_replaces_removes_and_adds_and_lies_on_no_other_layer():
    below = {"a": 1, "c": 3}
    layer = Layer(Layer(below, {"a": None, "b": 2}), {"c": 4, "d": None})
    assert dict(layer) == {"b": 2, "c": 4}
    assert list(layer.values()) == [2, 4]
    assert ("a" in layer, "d" in layer, layer.get("a"), len(layer), bool(layer)) == (False, False, None, 2, True)
    assert bool(Layer({"a": 1}, {"a": None})) is False
    assert below == {"a": 1, "c": 3}


def test_a_file_of_edits_changes_no_file(tmp_path: Path):
    path = tmp_path / "c.yaml"
    path.write_text("edits: [{isolate: 'name:bastion'}]")
    assert load("demo").whatif(path).reach("internet", "name:bastion").verdict.value == "blocked"
    assert not any(note.startswith("without") for note in load("demo").reach("internet", "name:bastion").notes)
