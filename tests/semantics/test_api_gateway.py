"""API Gateway: VPC links lead from public APIs to private load balancers."""

from __future__ import annotations

import pytest

from .build import (
    BLOCKED,
    CONDITIONAL,
    REACHABLE,
    UNKNOWN,
    Row,
    ask,
    balanced,
    group,
    interface,
    main_table,
    network,
    rule,
    verdict,
)
from .services import integration, vpc_link

CLOUD_MAP = "arn:aws:servicediscovery:eu-west-1:111111111111:service/srv-1"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/front/1/443"


def linked(uri: str = LISTENER, *, egress: list[object] | None = None) -> list[Row]:
    """A private load balancer, and a VPC link whose integration leads to this listener; no route to the internet anywhere."""
    own = interface("eni-vl", "10.0.1.66", type="api_gateway_managed", groups=["sg-vl"], Description="VPC link vl-1")
    return [*balanced(), main_table(), vpc_link("sg-vl"), own, group("sg-vl", [], egress), integration(uri)]


@pytest.mark.rule("SVC-17")
@pytest.mark.parametrize(
    ("uri", "egress", "expected"),
    [(LISTENER, None, CONDITIONAL), (CLOUD_MAP, None, UNKNOWN), (LISTENER, [rule("tcp/80", "0.0.0.0/0")], BLOCKED)],
    ids=["integrated", "a Cloud Map service", "the link's groups do not let it out"],
)
def test_a_public_api_fronts_a_private_load_balancer(uri: str, egress: list[object] | None, expected: str) -> None:
    world = network(linked(uri, egress=egress))
    assert verdict(world, "internet", "alb:front", "https") == expected
    assert verdict(world, "internet", "eni-b", "tcp/8080") == expected


@pytest.mark.rule("SVC-17")
def test_a_link_calls_and_takes_nothing() -> None:
    world = network(linked())
    assert verdict(world, "apigw:inward", "alb:front", "https") == REACHABLE
    assert ask(world, "eni-a", "eni-vl", "https").verdict == BLOCKED


def test_other_items_are_not_modelled_and_no_mistake() -> None:
    world = network(linked(), Row("Items", "x", {"ApiId": "a", "Name": "n"}), Row("items", "y", {"id": "z", "name": "n"}))
    assert any("`Items`: 1 resource is not modelled" in one for one in ask(world, "eni-a", "eni-b", "https").not_modelled)
