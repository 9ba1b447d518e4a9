"""Each form of a selector, with a twin that differs in one fact and means something else."""

from __future__ import annotations

import pytest

from analyzer.models.endpoint import Endpoint
from analyzer.models.errors import QuestionError
from analyzer.models.packet import PUBLIC, address, only, prefix
from analyzer.models.snapshot import Snapshot
from analyzer.select import select

from .conftest import ACCOUNT, NETWORK, OTHER, eni, made, tagged

ALL = ["eni-1", "eni-2", "eni-3", "eni-4", "eni-5", "eni-6", "eni-7", "eni-8", "eni-9"]


def ids(text: str, network: Snapshot) -> list[str]:
    return [endpoint.id for endpoint in select(text, network)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # ids
        ("eni-1", ["eni-1"]),
        ("i-1", ["eni-1"]),
        ("sg-1", ["eni-1", "eni-2", "eni-6"]),
        ("sg-2", ["eni-2"]),
        ("subnet-2", ["eni-4"]),
        ("subnet-3", ["eni-7"]),
        ("vpc-1", ALL),
        ("nat-1", ["eni-5"]),
        ("vpce-2", ["eni-6"]),
        ("vpce-1", ["vpce-1"]),
        (f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:orders", ["eni-4"]),
        (f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1", ["eni-1"]),
        # kinds
        ("ec2", ["eni-1", "eni-2", "eni-3"]),
        ("rds", ["eni-4"]),
        ("nat", ["eni-5"]),
        ("endpoint", ["eni-6", "vpce-1"]),
        ("lambda", ["eni-7"]),
        ("alb", ["eni-8"]),
        ("interface", ["eni-9"]),
        # kind and name
        ("ec2:web", ["eni-1"]),
        ("ec2:web*", ["eni-1", "eni-2"]),
        ("ec2:web-?", ["eni-2"]),
        ("ec2:i-1", ["eni-1"]),
        ("instance:web", ["eni-1"]),
        ("rds:orders", ["eni-4"]),
        ("endpoint:s3", ["vpce-1"]),
        ("endpoint:kms", ["eni-6"]),
        ("lambda:thumb*", ["eni-7"]),
        ("sg:app", ["eni-1", "eni-2", "eni-6"]),
        ("sg:bastion", ["eni-3"]),
        ("vpc:prod", ALL),
        ("subnet:data-*", ["eni-4", "eni-7"]),
        ("subnet:data-a", ["eni-4"]),
        ("eni:spare", ["eni-9"]),
        ("name:web", ["eni-1"]),
        ("name:web-*", ["eni-2"]),
        ("name:bastion", ["eni-3"]),
        # tags and other facts
        ("tag:tier=web", ["eni-1", "eni-2"]),
        ("tag:tier=w*", ["eni-1", "eni-2"]),
        ("tag:OwnerIs=me", ["eni-3"]),
        (f"account:{OTHER}", ["eni-3"]),
        ("region:eu-west-1", [*ALL, "vpce-1"]),
        ("context:shop", ["eni-1"]),
        ("context:catalog", ["eni-2"]),
        ("context:payments", ["eni-4"]),
        ("any", [*ALL, "vpce-1"]),
        # names
        ("web", ["eni-1"]),
        ("web-2", ["eni-2"]),
        ("web*", ["eni-1", "eni-2"]),
        ("sg-a", ["eni-2"]),
        ("orders", ["eni-4"]),
        ("app", ["eni-1", "eni-2", "eni-6"]),
        ("data-b", ["eni-7"]),
        # quotes
        ("'web'", ["eni-1"]),
        ('sg:"app"', ["eni-1", "eni-2", "eni-6"]),
        ("tag:tier='web'", ["eni-1", "eni-2"]),
    ],
)
def test_a_form_selects(network: Snapshot, text: str, found: list[str]):
    assert ids(text, network) == found


@pytest.mark.parametrize(
    ("text", "kind", "addresses"),
    [
        ("10.0.1.4", "address", only(address("10.0.1.4"))),
        ("10.0.1.4/32", "address", only(address("10.0.1.4"))),
        ("10.0.0.0/8", "address", prefix("10.0.0.0/8")),
        ("2001:db8::/32", "address", prefix("2001:db8::/32")),
        ("internet", "internet", PUBLIC - only(address("203.0.113.7")) - only(address("203.0.113.8"))),
        ("203.0.113.7", "address", only(address("203.0.113.7"))),
    ],
)
def test_addresses_are_themselves_and_the_internet_is_what_nobody_here_owns(
    network: Snapshot, text: str, kind: str, addresses: object
):
    [endpoint] = select(text, network)
    assert (endpoint.kind, endpoint.addresses, endpoint.interface) == (kind, addresses, "")


@pytest.mark.parametrize(
    ("one", "other"), [("10.0.1.4", "10.0.1.4/32"), ("10.0.0.1/8", "10.0.0.0/8"), ("2001:DB8::/32", "2001:db8:0::/32")]
)
def test_one_range_in_two_spellings_is_one_endpoint(network: Snapshot, one: str, other: str):
    assert len(select(f"{one} or {other}", network)) == 1


def test_an_interface_has_all_its_addresses_and_the_name_of_its_owner(network: Snapshot):
    [endpoint] = select("i-1", network)
    addresses = only(address("10.0.1.4")) | only(address("203.0.113.7"))
    assert endpoint == Endpoint("eni-1", "ec2", addresses, interface="eni-1", name="web", vpc="vpc-1", account=ACCOUNT)


def test_a_gateway_endpoint_has_no_interface(network: Snapshot):
    [endpoint] = select("vpce-1", network)
    assert endpoint.interface == ""
    assert (endpoint.kind, endpoint.vpc, bool(endpoint.addresses)) == ("endpoint", "vpc-1", False)


# ---------------------------------------------------------------------- order of forms
@pytest.mark.parametrize(
    ("id", "without"),
    [
        ("web", ["eni-1"]),
        ("ec2", ["eni-1", "eni-2", "eni-3", "eni-99"]),
        ("any", [*ALL, "eni-99", "vpce-1"]),
        ("10.0.0.0/8", ["10.0.0.0/8"]),
    ],
)
def test_an_id_wins_over_every_form(id: str, without: list[str]):
    rows = NETWORK["NetworkInterfaces"]
    twin = made(**(NETWORK | {"NetworkInterfaces": [*rows, eni(99, "10.0.1.99", instance="i-3")]}))
    assert sorted(ids(id, twin)) == sorted(without)
    named = made(**(NETWORK | {"NetworkInterfaces": [*rows, eni(99, "10.0.1.99", NetworkInterfaceId=id)]}))
    assert ids(id, named) == [id]


@pytest.mark.parametrize("id", ["InstanceId:18", "NetworkInterfaceId:9", "a and b", "sg:web", "(", "'", "not"])
def test_an_id_may_be_anything(id: str):
    assert ids(id, made(NetworkInterfaces=[eni(1, "10.0.0.1", NetworkInterfaceId=id)])) == [id]


@pytest.mark.parametrize("name", ["ecs", "sg:gone", "tag:a=b", "account:prod", "name:x", "arn:aws:ec2", "10.0.0.300"])
def test_a_form_that_finds_nothing_falls_through_to_names(name: str):
    twin = made(NetworkInterfaces=[eni(1, "10.0.0.1", TagSet=tagged(name)), eni(2, "10.0.0.2")])
    if name.startswith("name:"):
        assert ids(f"'{name}'", twin) == ["eni-1"]
    assert ids(name, twin) == ["eni-1"]


@pytest.mark.parametrize("name", ["internet", "any", "10.0.0.0/8", "interface", "web (blue)", "a and b", "web*", "my web server"])
def test_quotes_make_a_name_of_anything(name: str):
    twin = made(NetworkInterfaces=[eni(1, "10.0.0.1", TagSet=tagged(name)), eni(2, "10.0.0.2", TagSet=tagged("web-1"))])
    assert ids(f'"{name}"', twin) == ["eni-1"]
    assert ids(f"eni:'{name}'", twin) == ["eni-1"]


def test_an_exact_name_wins_over_a_glob():
    rows = [eni(1, "10.0.0.1", TagSet=tagged("web-*")), eni(2, "10.0.0.2", TagSet=tagged("web-2"))]
    assert ids("web-*", made(NetworkInterfaces=rows)) == ["eni-1"]
    assert ids("eni:web-*", made(NetworkInterfaces=rows)) == ["eni-1"]
    assert ids("web-*", made(NetworkInterfaces=rows[1:])) == ["eni-2"]


def test_a_name_is_no_prefix(network: Snapshot):
    with pytest.raises(QuestionError):
        select("we", network)


def test_a_name_with_spaces_needs_no_quotes_and_apostrophes_are_no_quotes():
    rows = [eni(1, "10.0.0.1", TagSet=tagged("bob's web server")), eni(2, "10.0.0.2", TagSet=tagged("web"))]
    network = made(NetworkInterfaces=rows)
    assert ids("bob's web server", network) == ["eni-1"]
    assert ids("tag:Name=bob's web server and not web", network) == ["eni-1"]


def test_an_interface_with_the_name_of_its_owner_is_not_another_kind():
    rows = {
        "NetworkInterfaces": [eni(1, "10.0.0.1", instance="i-1", TagSet=tagged("web"))],
        "Reservations": [{"InstanceId": "i-1", "Tags": tagged("web")}],
    }
    assert ids("web", made(**rows)) == ["eni-1"]
    apart = [*rows["NetworkInterfaces"], eni(2, "10.0.0.2", TagSet=tagged("web"))]
    with pytest.raises(QuestionError, match="is the name of several kinds"):
        select("web", made(**(rows | {"NetworkInterfaces": apart})))


def test_an_interface_that_nothing_claims_has_the_kind_that_its_service_describes():
    network = made(
        NetworkInterfaces=[eni(1, "10.0.0.1", Description="RDSNetworkInterface"), eni(2, "10.0.0.2", Description="mine")]
    )
    assert [endpoint.kind for endpoint in select("any", network)] == ["rds", "interface"]


def test_a_database_without_an_interface_stands_in_every_subnet_of_its_group():
    network = made(**{key: rows for key, rows in NETWORK.items() if key != "NetworkInterfaces"})
    assert ids("rds", network) == ["orders@subnet-2"]


def test_the_nearest_context_counts(network: Snapshot):
    assert ids("context:shop or context:payments", network) == ["eni-1", "eni-4"]
    rows = [eni(1, "10.2.0.1", VpcId="vpc-2"), eni(2, "10.2.0.2", VpcId="vpc-2", TagSet=tagged(context="shop"))]
    twin = made(**(NETWORK | {"NetworkInterfaces": rows}))
    assert (ids("context:catalog", twin), ids("context:shop", twin)) == (["eni-1"], ["eni-2"])


@pytest.mark.parametrize("text", ["tag:tier='w*'", 'tag:"tier=w*"', "name:'we?'"])
def test_in_quotes_a_fact_is_no_glob(text: str, network: Snapshot):
    with pytest.raises(QuestionError):
        select(text, network)
    assert select(text.replace("'", "").replace('"', ""), network)
