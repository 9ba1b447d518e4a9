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
