"""The topology as networkx sees it."""

from __future__ import annotations

import networkx

import analyzer


def test_the_demo_as_a_graph():
    network = analyzer.load("demo")
    graph = network.graph
    assert isinstance(graph, networkx.MultiDiGraph)
    (peering,) = network.snapshot.all("vpc_peering")
    assert set(graph.successors(peering.id)) == set(peering.vpc_ids)
    for interface in network.snapshot.all("network_interface"):
        assert graph.has_edge(interface.id, interface.subnet_id)
    routes = [facts for _, _, facts in graph.edges(data=True) if facts["relation"] == "route"]
    assert {"line", "table", "rule"} <= set(routes[0])
    assert networkx.has_path(graph, "eni-00e6ecdd7168b6c3f", "internet")
    assert not networkx.has_path(graph, "internet", "eni-00e6ecdd7168b6c3f")
