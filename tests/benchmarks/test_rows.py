"""Every document of a generated organisation is an answer that AWS could give."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.generate import SHAPES, write

from ..api_shapes import complaints, output

SERVICES = {
    **{"db": "rds", "load": "elbv2", "listeners": "elbv2", "target": "elbv2", "cluster": "eks"},
    **{"firewall": "network-firewall", "rule": "network-firewall"},
}
# Documents of calls that are made once for each resource: the member that says which resource the answer is about.
WRAPPED = {
    "search-transit-gateway-routes": ("TransitGatewayRoutes", "TransitGatewayRouteTableId"),
    "get-transit-gateway-route-table-associations": ("TransitGatewayRouteTableAssociations", "TransitGatewayRouteTableId"),
    "get-transit-gateway-route-table-propagations": ("TransitGatewayRouteTablePropagations", "TransitGatewayRouteTableId"),
    "get-managed-prefix-list-entries": ("ManagedPrefixListEntries", "PrefixListId"),
    "describe-load-balancer-attributes": ("LoadBalancerAttributes", "LoadBalancerArn"),
    "describe-target-group-attributes": ("TargetGroupAttributes", "TargetGroupArn"),
    "describe-target-health": ("LoadBalancerTargetHealth", "TargetGroupArn"),
}
ONE_EACH = re.compile(r"(describe-(?:cluster|firewall-policy|firewall|rule-group))-.*")


def call_of(name: str) -> tuple[str, str]:
    """The service and the operation of a file's name."""
    words = name.split("-")
    service = SERVICES.get("db" if words[1] == "db" else words[1], "ec2")
    operation = "".join(word.capitalize() for word in words).replace("DbInstances", "DBInstances")
    return service, operation


@pytest.mark.parametrize("shape", SHAPES)
def test_every_file_is_the_answer_of_the_call_that_it_is_named_after(shape: str, tmp_path: Path):
    write(tmp_path / "out", shape, 200)
    wrong: set[str] = set()
    for path in sorted((tmp_path / "out").rglob("*.json")):
        one = ONE_EACH.fullmatch(path.stem)
        name = one[1] if one else path.stem
        document = json.loads(path.read_text("utf-8"))
        answer = output(*call_of(name))
        if name in WRAPPED:
            key, argument = WRAPPED[name]
            assert list(document) == [key]
            for row in document[key]:
                assert row.pop(argument)
                wrong.update(complaints(answer, row, name))
        else:
            wrong.update(complaints(answer, document, name))
    assert sorted(wrong) == []
