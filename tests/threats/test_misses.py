"""What a threat model must not miss, nor say of the wrong thing: rows on small networks, each with its twin."""

from __future__ import annotations

from datetime import date

from tests.threats.small import ANYBODY, group, host, interface, network, store

TODAY = date(2026, 11, 25)
OFFICE = "198.51.100.7/32"


def told(model, kind):
    return [one for one in model.risks if one.kind == kind]


def test_a_mistake_that_was_not_made_has_no_remedy_among_edits_of_other_lines(tmp_path):
    web = host("web", interface("eni-web", "10.0.1.4", ["sg-web"], "203.0.113.4"))
    data = store("data", "10.0.1.5", ["sg-data"], "203.0.113.5")
    parts = group("sg-web", (443, ANYBODY), (22, ANYBODY)), group("sg-data", (5432, "sg-web")), web, data
    model = network(tmp_path, *parts).threats(today=TODAY)
    (mistake,) = told(model, "one-mistake")
    assert mistake.remedies == []
    assert all(one.remedies for one in told(model, "attack-path"))


def test_each_interface_of_a_host_is_looked_at(tmp_path):
    near = interface("eni-1", "10.0.1.4", ["sg-office"], "203.0.113.4")
    far = interface("eni-2", "10.0.1.5", ["sg-open"], "203.0.113.5")
    parts = group("sg-office", (22, OFFICE)), group("sg-open", (3389, ANYBODY)), host("jump", near, far)
    model = network(tmp_path, *parts).threats(today=TODAY, actors=["internet"])
    found = {(one.text.rpartition(" on ")[2], one.likelihood) for one in told(model, "admin-exposed")}
    assert found == {("SSH", 2), ("RDP", 4)}
