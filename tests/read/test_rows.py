"""How a document falls apart into rows: keys that several components read, answers about one resource, nested rows."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from analyzer.models.component import Component, Document
from analyzer.read.catalogue import Catalogue
from analyzer.read.rows import Row, Shelves
from analyzer.read.troubles import Troubles


class Firewall(Component, kw_only=True):
    """A component whose answer is one object with more beside it."""

    kind: ClassVar[str] = "firewall"
    documents: ClassVar[tuple[Document, ...]] = (Document("Firewall", "network-firewall", "DescribeFirewall"),)
    firewall_arn: str


class Warehouse(Component, kw_only=True):
    """One of two components under the same key."""

    kind: ClassVar[str] = "warehouse"
    documents: ClassVar[tuple[Document, ...]] = (Document("Clusters", "redshift", "DescribeClusters"),)
    cluster_identifier: str


class Cache(Component, kw_only=True):
    """The other component under the same key."""

    kind: ClassVar[str] = "cache"
    documents: ClassVar[tuple[Document, ...]] = (Document("Clusters", "memorydb", "DescribeClusters"),)
    name: str
    subnet_group_name: str


class Listener(Component, kw_only=True):
    """A component whose rows stand inside a wrapped answer."""

    kind: ClassVar[str] = "listener"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("LoadBalancerListeners", "elbv2", "DescribeListeners", rows="Listeners", argument="LoadBalancerArn"),
    )
    listener_arn: str
    load_balancer_arn: str


class Origin(Component, kw_only=True):
    """A component whose rows stand inside an answer that is one object."""

    kind: ClassVar[str] = "origin"
    documents: ClassVar[tuple[Document, ...]] = (Document("VpcOriginList", "cloudfront", "ListVpcOrigins", rows="Items"),)
    origin_id: str


def taken_apart(document: dict[str, Any]) -> tuple[list[Row], Shelves]:
    shelves = Shelves(Catalogue([Firewall, Warehouse, Cache, Listener, Origin]), Troubles(False, None))
    return list(shelves.rows(document, "snap/x.json", "")), shelves


def test_what_stands_beside_an_object_under_its_name_is_a_part_of_it():
    document = {
        "Firewall": {"FirewallArn": "arn:x"},
        "FirewallStatus": {"Status": "READY"},
        "UpdateToken": "t",
        "Other": [{"Id": "o-1"}],
    }
    (row,), shelves = taken_apart(document)
    assert row.fields == {"FirewallArn": "arn:x", "FirewallStatus": {"Status": "READY"}}
    assert list(shelves.not_modelled.sentences()) == ["`Other`: 1 resource is not modelled (o-1)"]


@pytest.mark.parametrize(
    ("row", "component"),
    [
        ({"ClusterIdentifier": "c"}, Warehouse),
        ({"Name": "c", "SubnetGroupName": "g"}, Cache),
        ({"Name": "c"}, Warehouse),
    ],
    ids=["has what the first needs", "has what the second needs", "has neither"],
)
def test_components_that_share_a_key_are_told_apart_by_what_they_require(row: dict[str, Any], component: type[Component]):
    (found,), shelves = taken_apart({"Clusters": [row]})
    assert found.component is component
    assert {kind for _, kind in shelves.collected} == {"warehouse", "cache"}


def test_nested_rows_of_a_wrapped_answer_inherit_the_argument():
    entries = [
        {
            "LoadBalancerArn": "arn:lb",
            "Listeners": [{"ListenerArn": "arn:l"}, {"ListenerArn": "arn:m", "LoadBalancerArn": "arn:own"}],
        }
    ]
    rows, _ = taken_apart({"LoadBalancerListeners": entries})
    assert [row.fields["LoadBalancerArn"] for row in rows] == ["arn:lb", "arn:own"]
    assert [row.path for row in rows] == [f"LoadBalancerListeners[0].Listeners[{index}]" for index in (0, 1)]


def test_rows_inside_one_object():
    (row,), _ = taken_apart({"VpcOriginList": {"Items": [{"OriginId": "o-1"}], "Quantity": 1}})
    assert (row.component, row.fields, row.path) == (Origin, {"OriginId": "o-1"}, "VpcOriginList.Items[0]")
    assert taken_apart({"VpcOriginList": {"Quantity": 0}})[0] == []


def test_of_an_unreadable_row_the_first_field_of_its_class_is_the_id():
    (row,), _ = taken_apart({"Clusters": [{"ClusterIdentifier": "c-1"}]})
    assert row.id == "c-1"
    row.content = {"ClusterIdentifier": 3}
    assert row.id == ""
