"""VPC Lattice: service networks, services, resources, and the endpoints that lead to them."""

from __future__ import annotations

from typing import Any

import pytest

from .build import (
    ACCOUNT,
    B4,
    BLOCKED,
    CONDITIONAL,
    OTHER_ACCOUNT,
    P4,
    RANGES,
    REACHABLE,
    REGION,
    TO_VPC_1,
    TO_VPC_2,
    UNKNOWN,
    V4,
    Row,
    acl,
    ask,
    balanced,
    blockers,
    bug,
    eni_a,
    group,
    hops,
    instance,
    interface,
    interface_endpoint,
    main_table,
    network,
    peered,
    prefix_list,
    rds,
    rds_interface,
    route,
    route_table,
    rule,
    second_vpc,
    subnet,
    tgw_table,
    transit,
    verdict,
)

ENDPOINT, GATEWAY, LIST = "10.0.2.99", "10.2.5.5", "169.254.171.0/24"
NETWORK_ARN = f"arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:servicenetwork/sn-1"
CONFIGURATION_ARN = f"arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:resourceconfiguration/rcfg-1"


def part(document: str, path: str, **fields: Any) -> Row:
    """A resource of VPC Lattice, known by its ARN."""
    id = path.rpartition("/")[2]
    arn = f"arn:aws:vpc-lattice:{REGION}:{fields.pop('account', ACCOUNT)}:{path}"
    return Row(document, id, {"id": id, "arn": arn, **fields})


def service_network(auth: str = "NONE") -> Row:
    return part("ServiceNetworks", "servicenetwork/sn-1", name="net", **({"authType": auth} if auth else {}))


def vpc_association(groups: list[str] | None = None, vpc: str = "vpc-1", status: str = "ACTIVE") -> Row:
    said = {"securityGroupIds": [] if groups is None else groups}
    path = "servicenetworkvpcassociation/snva-1"
    return part("ServiceNetworkVpcAssociations", path, vpcId=vpc, serviceNetworkId="sn-1", status=status, **said)


def service(auth: str = "NONE", **fields: Any) -> list[Row]:
    """Service `orders` in the network."""
    path = "servicenetworkserviceassociation/snsa-1"
    return [
        part("LatticeServices", "service/svc-1", name="orders", **({"authType": auth} if auth else {}), **fields),
        part(
            "ServiceNetworkServiceAssociations",
            path,
            serviceNetworkId="sn-1",
            serviceId="svc-1",
            status="ACTIVE",
            serviceArn=f"arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:service/svc-1",
        ),
    ]


def the_list(*blocks: str) -> list[Row]:
    """The prefix list of VPC Lattice in the Region, with these blocks."""
    listed, entries = prefix_list("pl-lattice", *blocks)
    return [listed._replace(fields={**listed.fields, "PrefixListName": f"com.amazonaws.{REGION}.vpc-lattice"}), entries]


def forward(*groups: str) -> dict[str, Any]:
    return {"forward": {"targetGroups": [{"targetGroupIdentifier": one, "weight": 1} for one in groups]}}


def lattice_listener(action: dict[str, Any], port: int = 443) -> Row:
    path = "service/svc-1/listener/listener-1"
    return part("LatticeListeners", path, port=port, protocol="HTTPS", serviceId="svc-1", defaultAction=action)


def lattice_rule(action: dict[str, Any], *, default: bool = False) -> Row:
    return part("LatticeRules", f"service/svc-1/listener/listener-1/rule/rule-{default}", isDefault=default, action=action)


def lattice_targets(
    *ids: str, type: str = "INSTANCE", id: str = "tg-1", status: str = "HEALTHY", vpc: str = "vpc-2", port: int = 8080
) -> list[Row]:
    items = [{"id": one, "port": port, "status": status} for one in ids]
    return [
        part("LatticeTargetGroups", f"targetgroup/{id}", name=id, type=type, port=port, vpcIdentifier=vpc),
        Row("LatticeTargets", id, {"targetGroupIdentifier": id, "items": items}),
    ]


def provider(far: str = V4) -> list[Row]:
    """`vpc-2` with `eni-p` on `i-p`, connected with nothing, whose group admits tcp/8080 from `far`."""
    return [*second_vpc(instance="i-p"), instance("i-p"), group("sg-p", [rule("tcp", far)], vpc="vpc-2")]


def lattice(far: str = V4) -> list[Row]:
    """`vpc-1` associated with a network, whose service `orders` forwards port 443 to `i-p` in `vpc-2` on 8080."""
    return [
        *provider(far),
        service_network(),
        vpc_association(),
        *service(),
        lattice_listener(forward("tg-1")),
        lattice_rule(forward("tg-1"), default=True),
        *lattice_targets("i-p"),
        Row("ServiceNetworkResourceAssociations", "none", {"id": "none"}),
    ]


def to_host(*rows: Any, without: Any = (), source: str = "eni-a", on: str = "tcp/8080") -> str:
    return verdict(network(lattice(), *rows, without=without), source, "eni-p", on)


# ---------------------------------------------------------------------- clients
@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(("vpc", "expected"), [("vpc-1", REACHABLE), ("vpc-2", BLOCKED)])
def test_an_associated_vpc_reaches_services_without_a_route(vpc: str, expected: str) -> None:
    world = network(lattice(), vpc_association(vpc=vpc), main_table())
    answer = ask(world, "eni-a", "eni-p", "tcp/8080")
    assert answer.verdict == expected
    assert verdict(world, "eni-a", "lattice:orders", "tcp/443") == expected
    assert verdict(world, "eni-a", "169.254.171.7", "tcp/443") == expected
    assert verdict(world, "eni-a", "lattice:orders", "tcp/80") == BLOCKED
    if expected == REACHABLE:
        assert ("rtb-main", "LAT-1") in hops(answer)
        assert answer.pairs[0].path[0].packet.service == "tcp/443"


@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(
    ("target", "expected"),
    [("169.254.171.7", UNKNOWN), ("fd00:ec2:80::7", UNKNOWN), ("169.254.170.7", BLOCKED), ("fd00:ec2:81::7", BLOCKED)],
)
def test_without_its_documents_its_addresses_are_unknown(target: str, expected: str) -> None:
    assert verdict(network(), "eni-a", target, "tcp/443") == expected


@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(
    ("far", "expected"), [(LIST, REACHABLE), ("pl-lattice", REACHABLE), (RANGES["vpc-1"][0], BLOCKED), (P4 + "/32", BLOCKED)]
)
def test_the_clients_group_must_let_it_out_to_the_list(far: str, expected: str) -> None:
    listed = the_list(LIST)
    assert to_host(eni_a(groups=["sg-a"]), group("sg-a", [], [rule("tcp/443", far)]), listed) == expected


@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"outbound": [(1, "allow", "tcp/443", LIST)]}, REACHABLE),
        ({"outbound": [(1, "deny", "all", LIST), (2, "allow", "all", V4)]}, BLOCKED),
        ({"inbound": [(1, "allow", "tcp/1024-65535", LIST)]}, REACHABLE),
        ({"inbound": [(1, "deny", "all", LIST), (2, "allow", "all", V4)]}, BLOCKED),
    ],
)
def test_the_acl_of_the_clients_subnet_is_asked_both_ways(how: dict[str, Any], expected: str) -> None:
    assert to_host(acl("acl-a", "subnet-a", **how)) == expected
    answer = ask(network(lattice(), acl("acl-a", "subnet-a", **how)), "eni-a", "lattice:orders", "tcp/443")
    assert answer.verdict == expected


@pytest.mark.rule("LAT-1")
@pytest.mark.parametrize(("documents", "expected"), [((), UNKNOWN), (("RouteTables",), BLOCKED)])
def test_the_routes_that_aws_writes_are_a_trace_of_an_association(documents: tuple[str, ...], expected: str) -> None:
    written = [] if documents else [main_table(route("pl-strange", "VpcLattice"))]
    world = network(provider(), written, main_table() if documents else [])
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == REACHABLE


@pytest.mark.rule("LAT-2")
@pytest.mark.parametrize(
    ("ingress", "expected"),
    [
        ([rule("tcp/443", "10.0.1.0/24")], REACHABLE),
        ([rule("tcp/443", "sg-open")], REACHABLE),
        ([rule("tcp/443", "10.0.2.0/24")], BLOCKED),
        ([rule("tcp/80", V4)], BLOCKED),
    ],
)
def test_groups_of_the_association_decide_who_gets_in(ingress: list[Any], expected: str) -> None:
    assert to_host(vpc_association(["sg-n"]), group("sg-n", ingress)) == expected


@pytest.mark.rule("LAT-2")
@pytest.mark.parametrize(("said", "expected"), [(True, REACHABLE), (False, UNKNOWN)])
def test_an_association_without_groups_lets_everybody_in(said: bool, expected: str) -> None:
    fields = dict(vpc_association().fields)
    if not said:
        del fields["securityGroupIds"]
    assert to_host(vpc_association()._replace(fields=fields)) == expected


@pytest.mark.parametrize(
    ("status", "expected"), [("ACTIVE", REACHABLE), ("CREATE_FAILED", BLOCKED), ("DELETE_IN_PROGRESS", CONDITIONAL)]
)
def test_an_association_must_work(status: str, expected: str) -> None:
    assert to_host(vpc_association(status=status)) == expected


# ---------------------------------------------------------------------- targets
@pytest.mark.rule("LAT-3")
@pytest.mark.parametrize(
    ("far", "expected"), [(LIST, REACHABLE), ("pl-lattice", REACHABLE), ("sg-open", BLOCKED), (RANGES["vpc-1"][0], BLOCKED)]
)
def test_targets_see_the_list_and_never_the_client(far: str, expected: str) -> None:
    listed = the_list(LIST)
    assert verdict(network(lattice(far), listed), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("LAT-3")
@pytest.mark.parametrize(("blocks", "expected"), [((LIST,), REACHABLE), ((LIST, "129.224.0.0/17"), CONDITIONAL)])
def test_from_which_block_it_comes_nobody_knows(blocks: tuple[str, ...], expected: str) -> None:
    listed = the_list(*blocks)
    assert verdict(network(lattice(LIST), listed), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("LAT-3")
@pytest.mark.parametrize(("block", "expected"), [("10.0.0.0/8", REACHABLE), (LIST, BLOCKED)])
def test_the_acl_of_the_targets_subnet_is_asked(block: str, expected: str) -> None:
    entries = [(1, "deny", "all", block), (2, "allow", "all", V4)]
    shut = acl("acl-p", "subnet-p", vpc="vpc-2", inbound=entries)
    assert to_host(shut) == expected
    assert to_host(acl("acl-p", "subnet-p", vpc="vpc-2", outbound=entries)) == expected


@pytest.mark.rule("LAT-5")
@pytest.mark.parametrize(("source", "target", "expected"), [("eni-a", "eni-p", REACHABLE), ("eni-p", "eni-b", BLOCKED)])
def test_the_vpc_of_targets_need_not_be_associated_and_its_hosts_are_no_clients(source: str, target: str, expected: str) -> None:
    rows = [lattice(), lattice_targets("i-p"), lattice_targets("i-b", id="tg-2", vpc="vpc-1")]
    both = lattice_listener(forward("tg-1", "tg-2"))
    assert verdict(network(*rows, both), source, target, "tcp/8080") == expected


@pytest.mark.rule("LAT-5")
@pytest.mark.parametrize(
    ("targets", "on", "target", "expected"),
    [
        (lattice_targets(P4, type="IP"), "tcp/8080", "eni-p", REACHABLE),
        (lattice_targets("10.2.1.99", type="IP"), "tcp/8080", "eni-p", BLOCKED),
        (lattice_targets("i-p", port=9090), "tcp/8080", "eni-p", BLOCKED),
        (lattice_targets("arn:aws:lambda:f", type="LAMBDA"), "tcp/8080", "eni-p", BLOCKED),
        (lattice_targets("i-gone"), "tcp/8080", "eni-p", UNKNOWN),
        (lattice_targets("i-p", status="UNHEALTHY"), "tcp/8080", "eni-p", CONDITIONAL),
    ],
    ids=["address", "another address", "another port", "function", "not in the snapshot", "unhealthy"],
)
def test_targets_of_every_type(targets: list[Row], on: str, target: str, expected: str) -> None:
    assert verdict(network(lattice(), targets), "eni-a", target, on) == expected


@pytest.mark.parametrize(("far", "expected"), [(LIST, REACHABLE), ("10.0.6.0/24", BLOCKED)])
def test_a_load_balancer_as_target_goes_on_to_its_own(far: str, expected: str) -> None:
    """`eni-b` sees the load balancer, whose group must admit VPC Lattice; the client itself is shut out of both."""
    lb = balanced()
    arn = next(row.id for row in lb if row.document == "LoadBalancers")
    rows = [lattice(), lb, group("sg-lb", [rule("tcp/443", far)]), group("sg-open", [rule("tcp", "10.0.6.0/24")])]
    world = network(*rows, lattice_targets(arn, type="ALB", port=443, vpc="vpc-1"))
    assert verdict(world, "eni-a", "eni-b", "tcp/8080") == expected


# ---------------------------------------------------------------------- who may
@pytest.mark.rule("LAT-4")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)])
def test_an_association_serves_clients_inside_the_vpc_only(source: str, expected: str) -> None:
    """`eni-p` is peered with the associated VPC; `eni-b` admits nobody but VPC Lattice."""
    shut = [interface("eni-b", B4, subnet="subnet-b", instance="i-b", groups=["sg-b"]), group("sg-b", [rule("tcp", LIST)])]
    world = network(lattice(), peered(), shut, lattice_targets("i-b", vpc="vpc-1"))
    assert verdict(world, source, "eni-b", "tcp/8080") == expected


@pytest.mark.rule("LAT-4")
@pytest.mark.parametrize(("source", "expected"), [("eni-a", REACHABLE), ("eni-p", BLOCKED)])
def test_not_even_one_who_is_routed_into_the_vpc(source: str, expected: str) -> None:
    """Addresses of resources are no link-local ones: routes can bring them over a transit gateway to the associated VPC."""
    tied = part(
        "ServiceNetworkResourceAssociations",
        "servicenetworkresourceassociation/snra-1",
        serviceNetworkId="sn-1",
        resourceConfigurationId="rcfg-1",
        status="ACTIVE",
    )
    resources = "129.224.0.0/17"
    spoke = [
        route_table("rtb-p", (resources, "tgw-1"), ("10.0.0.0/16", "tgw-1"), main=True, vpc="vpc-2"),
        *tgw_table("tgw-rtb-1", *TO_VPC_1, *TO_VPC_2, (resources, "tgw-attach-1")),
    ]
    what = configuration(resourceConfigurationDefinition={"ipResource": {"ipAddress": B4}}, resourceGatewayId="rgw-2")
    own = [
        part(
            "ResourceGateways", "resourcegateway/rgw-2", vpcIdentifier="vpc-1", subnetIds=["subnet-a"], securityGroupIds=["sg-g"]
        ),
        interface("eni-g", "10.0.1.77", subnet="subnet-a", groups=["sg-g"], Description="VPC Lattice resource gateway"),
        group("sg-g", []),
        interface("eni-b", B4, subnet="subnet-b", instance="i-b", groups=["sg-b"]),
        group("sg-b", [rule("tcp", "sg-g")]),
    ]
    network_ = [service_network(), vpc_association(), *service(), lattice_listener(forward())]
    answer = ask(network(transit(), spoke, network_, tied, what, own), source, "eni-b", "tcp/5432")
    assert (answer.verdict, answer.forward) == (expected, expected)


def endpoint(type_: str = "ServiceNetwork", **fields: Any) -> list[Row]:
    """An endpoint of a type in `subnet-b`, whose group admits the peered VPC."""
    return [
        interface_endpoint("vpce-x", "eni-e", type=type_, **fields),
        interface("eni-e", ENDPOINT, subnet="subnet-b", type="vpc_endpoint", groups=["sg-e"]),
        group("sg-e", [rule("all", V4)]),
    ]


@pytest.mark.rule("LAT-4")
@pytest.mark.parametrize(
    ("far", "on", "expected"), [(V4, "tcp/443", REACHABLE), ("10.0.0.0/16", "tcp/443", BLOCKED), (V4, "tcp/80", BLOCKED)]
)
def test_an_endpoint_of_the_network_serves_clients_from_elsewhere(far: str, on: str, expected: str) -> None:
    own = [*endpoint(ServiceNetworkArn=NETWORK_ARN), group("sg-e", [rule("tcp", far)])]
    world = network(lattice(), vpc_association(vpc="vpc-9"), peered(), own, lattice_targets("i-b", vpc="vpc-1"))
    assert verdict(world, "eni-p", "eni-e", on) == expected


@pytest.mark.rule("LAT-4")
@pytest.mark.parametrize(("arn", "expected"), [(NETWORK_ARN, REACHABLE), ("", UNKNOWN)])
def test_through_the_endpoint_to_a_target(arn: str, expected: str) -> None:
    world = network(lattice(), endpoint(ServiceNetworkArn=arn), vpc_association(vpc="vpc-9"))
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("LAT-6")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], REACHABLE),
        ([service_network("AWS_IAM")], CONDITIONAL),
        (service("AWS_IAM"), CONDITIONAL),
        ([service_network("")], UNKNOWN),
        (service(""), UNKNOWN),
    ],
)
def test_auth_policies_come_on_top(rows: list[Row], expected: str) -> None:
    assert to_host(rows) == expected


@pytest.mark.rule("LAT-6")
@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([lattice_listener({"fixedResponse": {"statusCode": 404}}), lattice_rule({"fixedResponse": {}}, default=True)], BLOCKED),
        ([lattice_listener({"fixedResponse": {"statusCode": 404}}), lattice_rule(forward("tg-1"))], CONDITIONAL),
        ([lattice_listener(forward("tg-1")), lattice_rule({"fixedResponse": {}})], REACHABLE),
    ],
    ids=["answered at the listener", "by a rule", "by default"],
)
def test_rules_choose_by_the_request(rows: list[Row], expected: str) -> None:
    world = network(lattice(), rows, without=["rule-True"])
    assert verdict(world, "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.parametrize(
    "missing",
    [
        *("ServiceNetworks", "ServiceNetworkVpcAssociations", "ServiceNetworkServiceAssociations"),
        *("LatticeServices", "LatticeListeners", "LatticeTargetGroups", "LatticeTargets"),
    ],
)
def test_without_one_of_its_documents_it_is_unknown_and_never_blocked(missing: str) -> None:
    assert to_host(without=[missing]) == UNKNOWN


@pytest.mark.parametrize(("account", "expected"), [(OTHER_ACCOUNT, BLOCKED), (ACCOUNT, UNKNOWN)])
def test_a_service_that_is_not_in_the_snapshot_leads_to_what_its_account_owns(account: str, expected: str) -> None:
    arn = f"arn:aws:vpc-lattice:{REGION}:{account}:service/svc-9"
    strange = part("ServiceNetworkServiceAssociations", "servicenetworkserviceassociation/snsa-1", serviceNetworkId="sn-1")
    strange.fields.update({"serviceId": "svc-9", "serviceArn": arn, "status": "ACTIVE"})
    assert to_host(strange) == expected


def test_answers_are_read_as_they_are(tmp_path: Any) -> None:
    """Lists under `items`, told apart by their ARNs, and a `get-…` answer that is the resource itself."""
    rows = lattice()
    moved = [row._replace(document="items") if ":vpc-lattice:" in str(row.fields.get("arn")) else row for row in rows]
    assert verdict(network(moved), "eni-a", "eni-p", "tcp/8080") == REACHABLE


# ---------------------------------------------------------------------- resources
def configuration(id: str = "rcfg-1", ports: str = "5432", **fields: Any) -> Row:
    made = {
        "name": "db",
        "type": "SINGLE",
        "protocol": "TCP",
        "portRanges": [ports],
        "resourceGatewayId": "rgw-1",
        "status": "ACTIVE",
    }
    what = {"resourceConfigurationDefinition": {"ipResource": {"ipAddress": P4}}}
    return part("ResourceConfigurations", f"resourceconfiguration/{id}", **{**made, **what, **fields})


def gateway(*, seen: bool = True, zone: str = "a", out: Any = None) -> list[Row]:
    """Resource gateway `rgw-1` in `vpc-2`."""
    made = {
        "name": "way-in",
        "vpcIdentifier": "vpc-2",
        "subnetIds": ["subnet-g"],
        "securityGroupIds": ["sg-g"],
        "status": "ACTIVE",
    }
    own = interface(
        "eni-g", GATEWAY, subnet="subnet-g", vpc="vpc-2", groups=["sg-g"], Description="VPC Lattice resource gateway rgw-1"
    )
    return [
        part("ResourceGateways", "resourcegateway/rgw-1", **made),
        subnet("subnet-g", "10.2.5.0/24", vpc="vpc-2", zone=zone),
        group("sg-g", [], out, vpc="vpc-2"),
        *([own] if seen else []),
    ]


def resource(far: str = V4, type_: str = "Resource", arn: str = CONFIGURATION_ARN, **how: Any) -> list[Row]:
    """`vpc-1` with an endpoint in `subnet-b` (zone b), a gateway in `vpc-2`, and `eni-p` behind it."""
    own = endpoint(type_, ResourceConfigurationArn=arn)
    return [*provider(far), *own, configuration(), *gateway(**{"zone": "b", **how})]


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(
    ("far", "on", "expected"),
    [
        ("10.2.5.0/24", "tcp/5432", REACHABLE),
        ("sg-g", "tcp/5432", REACHABLE),
        ("10.2.5.0/24", "tcp/5433", BLOCKED),
        ("10.2.5.0/24", "udp/5432", BLOCKED),
        ("10.0.0.0/16", "tcp/5432", BLOCKED),
    ],
)
def test_the_resource_sees_the_gateway_on_the_ports_of_its_configuration(far: str, on: str, expected: str) -> None:
    answer = ask(network(resource(far)), "eni-a", "eni-p", on)
    assert answer.verdict == expected
    if expected == REACHABLE:
        assert ("rcfg-1", "EP-14") in hops(answer)


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({"out": [rule("tcp/5432", "10.2.1.0/24")]}, REACHABLE),
        ({"out": [rule("tcp/3306", V4)]}, BLOCKED),
        ({"zone": "a"}, BLOCKED),
        ({"seen": False}, REACHABLE),
    ],
    ids=["let out", "not let out", "another zone", "an interface that nobody saw"],
)
def test_the_gateways_groups_and_zones_decide(how: dict[str, Any], expected: str) -> None:
    assert verdict(network(resource(**how)), "eni-a", "eni-p", "tcp/5432") == expected


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(("far", "expected"), [(V4, REACHABLE), ("10.9.0.0/16", BLOCKED)])
def test_the_endpoint_itself_has_groups_and_serves_the_configured_ports(far: str, expected: str) -> None:
    world = network(resource(), group("sg-e", [rule("tcp", far)]))
    assert verdict(world, "eni-a", "eni-e", "tcp/5432") == expected
    assert verdict(world, "eni-a", "eni-p", "tcp/5432") == expected
    assert verdict(world, "eni-a", "eni-e", "tcp/80") == BLOCKED


DATABASE = {"Address": "orders.example.rds.amazonaws.com", "Port": 5432}


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ({"dnsResource": {"domainName": "Orders.example.rds.amazonaws.com."}}, REACHABLE),
        ({"arnResource": {"arn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders"}}, REACHABLE),
        ({"ipResource": {"ipAddress": "10.2.1.50"}}, REACHABLE),
        ({"ipResource": {"ipAddress": "10.2.1.51"}}, BLOCKED),
        ({"dnsResource": {"domainName": "somewhere.example.com"}}, UNKNOWN),
        ({"arnResource": {"arn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db:others"}}, UNKNOWN),
        ({}, UNKNOWN),
    ],
    ids=["name", "ARN", "address", "another address", "a strange name", "a strange ARN", "not in the answer"],
)
def test_a_resource_by_name_arn_or_address(what: dict[str, Any], expected: str) -> None:
    db = rds("orders", "subnet-p", groups=["sg-p"], Endpoint=DATABASE, DBSubnetGroup=DB_SUBNETS)
    own = rds_interface("eni-db", "10.2.1.50", subnet="subnet-p", vpc="vpc-2", groups=["sg-p"])
    world = network(resource(), configuration(resourceConfigurationDefinition=what), db, own)
    assert verdict(world, "eni-a", "rds:orders", "tcp/5432") == expected


DB_SUBNETS = {"VpcId": "vpc-2", "Subnets": [{"SubnetIdentifier": "subnet-p"}]}


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(("protocol", "expected"), [("TCP", BLOCKED), ("TCP_UDP", REACHABLE)])
def test_a_configuration_may_serve_both_protocols(protocol: str, expected: str) -> None:
    rows = [resource(), configuration(protocol=protocol), group("sg-p", [rule("all", V4)], vpc="vpc-2")]
    assert verdict(network(*rows), "eni-a", "eni-p", "udp/5432") == expected


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(("parent", "expected"), [("rcfg-1", REACHABLE), ("rcfg-2", BLOCKED)])
def test_a_group_serves_its_children(parent: str, expected: str) -> None:
    whole = configuration(type="GROUP", portRanges=[], resourceConfigurationDefinition=None)
    del whole.fields["resourceConfigurationDefinition"]
    child = configuration("rcfg-9", type="CHILD", resourceConfigurationGroupId=parent)
    assert verdict(network(resource(), whole, child), "eni-a", "eni-p", "tcp/5432") == expected


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize("missing", ["ResourceConfigurations", "ResourceGateways"])
def test_a_missing_document_is_unknown_and_never_blocked(missing: str) -> None:
    assert verdict(network(resource(), without=[missing]), "eni-a", "eni-p", "tcp/5432") == UNKNOWN
    assert verdict(network(resource()), "eni-a", "eni-p", "tcp/5432") == REACHABLE


@pytest.mark.rule("EP-14")
@pytest.mark.parametrize(("vpc", "expected"), [("vpc-1", REACHABLE), ("vpc-9", BLOCKED)])
def test_a_service_network_leads_to_resources_too_and_asks_no_auth_policy(vpc: str, expected: str) -> None:
    tied = part(
        "ServiceNetworkResourceAssociations",
        "servicenetworkresourceassociation/snra-1",
        serviceNetworkId="sn-1",
        resourceConfigurationId="rcfg-1",
        status="ACTIVE",
    )
    of_network = [service_network("AWS_IAM"), vpc_association(vpc=vpc), *service(), lattice_listener(forward())]
    rows = [provider(), configuration(), gateway(), tied, of_network]
    assert verdict(network(*rows), "eni-a", "eni-p", "tcp/5432") == expected


# ---------------------------------------------------------------------- tunnels
@pytest.mark.rule("EP-15")
@pytest.mark.parametrize(("on", "expected"), [("udp/6081", CONDITIONAL), ("udp/6082", BLOCKED), ("tcp/443", BLOCKED)])
def test_a_tunnel_endpoint_takes_geneve(on: str, expected: str) -> None:
    assert verdict(network(tunnel()), "eni-a", "eni-e", on) == expected


@pytest.mark.rule("EP-15")
@pytest.mark.parametrize(
    ("source", "target", "cidr", "expected"),
    [
        ("eni-a", "eni-p", "10.2.0.0/16", CONDITIONAL),
        ("eni-a", "eni-p", "10.3.0.0/16", BLOCKED),
        ("eni-p", "eni-a", "10.2.0.0/16", BLOCKED),
    ],
    ids=["in the range", "beside it", "the other way"],
)
def test_it_opens_a_whole_range_one_way(source: str, target: str, cidr: str, expected: str) -> None:
    assert verdict(network(tunnel(cidr)), source, target, "tcp/8080") == expected


def tunnel(cidr: str = "10.2.0.0/16") -> list[Row]:
    what = {"cidrResource": {"cidrRanges": [cidr]}}
    return [*resource(type_="Tunnel"), configuration(type="CIDR", portRanges=[], resourceConfigurationDefinition=what)]


@pytest.mark.rule("EP-15")
@pytest.mark.parametrize(("without", "expected"), [((), CONDITIONAL), (("ResourceConfigurations",), UNKNOWN)])
def test_a_tunnel_into_nobody_knows_what_is_unknown(without: tuple[str, ...], expected: str) -> None:
    assert verdict(network(tunnel(), without=without), "eni-a", "eni-p", "tcp/8080") == expected


@pytest.mark.rule("EP-15")
@pytest.mark.parametrize(
    "far", ["10.2.5.0/24", pytest.param(RANGES["vpc-1"][0], marks=bug("EP-15: every host of the VPC is meant"))]
)
def test_hosts_in_the_range_must_admit_the_gateway(far: str) -> None:
    expected = CONDITIONAL if far == "10.2.5.0/24" else BLOCKED
    assert verdict(network(tunnel(), group("sg-p", [rule("tcp", far)], vpc="vpc-2")), "eni-a", "eni-p", "tcp/8080") == expected


def test_who_is_shut_out_is_told() -> None:
    world = network(lattice(), vpc_association(["sg-n"]), group("sg-n", [rule("tcp/80", V4)]))
    assert ("sg-n", "SG-1") in blockers(ask(world, "eni-a", "lattice:orders", "tcp/443"))
