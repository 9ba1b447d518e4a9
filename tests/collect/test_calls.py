"""The calls that components declare, held against AWS's own service models: they exist, read only, and answer what is declared."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from botocore.model import Shape
from botocore.session import Session
from botocore.stub import Stubber
from botocore.validate import ParamValidator

from analyzer.collect.answers import Form, form, pages, rows
from analyzer.collect.calls import Planned, planned
from analyzer.collect.kept import row_shape
from analyzer.collect.policy import policy
from analyzer.models.aws import COMPONENTS

from .shapes import TOKENS, answer
from .stub import model

CALLS = planned()
READS = ("Describe", "Get", "List", "Search")
# Members that say of themselves whether there is more.
MORE = {"AdditionalRoutesAvailable", "IsTruncated"}
every_call = pytest.mark.parametrize("name", CALLS)
every_document = pytest.mark.parametrize("name", [name for name, one in CALLS.items() if one.document])


def operation(one: Planned) -> Any:
    return model(one.call.client).operation_model(one.call.operation)


def request(one: Planned) -> dict[str, Any]:
    """Return a request as it is sent, with a value in the place of each that another call brings."""
    each, found = one.each, dict(one.call.fixed)
    if each is not None:
        found[each.parameter] = ["v" * 30] * each.many if each.many else "v" * 30
        found |= dict.fromkeys(each.hands, "v" * 30)
    return found


def at(shape: Shape, path: str) -> Shape:
    """Return the shape at the end of a path: `Clusters[].Arn`; fails where an answer has no such member."""
    for part in path.split("."):
        name = part.removesuffix("[]")
        assert name in shape.members, f"{shape.name} has no {name}"
        shape = shape.members[name]
        assert (shape.type_name == "list") == part.endswith("[]"), f"{name} of {path} is a {shape.type_name}"
        shape = shape.member if shape.type_name == "list" else shape
    return shape


# ---------------------------------------------------------------------- what is asked
@every_call
def test_a_call_only_reads(name: str):
    assert name.split(".")[1].startswith(READS)


@every_call
def test_a_call_is_asked_as_aws_wants_it(name: str):
    report = ParamValidator().validate(request(CALLS[name]), operation(CALLS[name]).input_shape)
    assert not report.has_errors(), report.generate_report()


@pytest.mark.parametrize("name", [name for name, one in CALLS.items() if one.each])
def test_what_a_call_is_asked_for_is_in_the_answer_of_its_source(name: str):
    each = CALLS[name].each
    assert each is not None
    source = operation(CALLS[each.source.name]).output_shape
    for path in each.paths:
        assert at(source, path).type_name == "string"
        if each.only[0]:
            assert at(source, f"{path.rpartition('.')[0]}.{each.only[0]}").enum.count(each.only[1])
    assert set(each.hands) <= set(request(CALLS[each.source.name]))


def test_the_policy_allows_every_call_and_nothing_else():
    (allowed,) = json.loads(policy())["Statement"]
    assert (allowed["Effect"], allowed["Resource"]) == ("Allow", "*")
    asked = {one.call.permission for one in CALLS.values()}
    # WAF looks at the web ACL by the rights of who asks which one a resource has.
    assert allowed["Action"] == sorted({"ec2:DescribeRegions", "wafv2:GetWebACL", *asked})
    assert all(action.partition(":")[2].startswith((*READS, "GET")) for action in allowed["Action"])


def test_the_policy_of_who_assumes_a_role_names_that_role_alone():
    _, accounts, assumed = json.loads(policy("reader"))["Statement"]
    assert (accounts["Action"], assumed["Action"]) == (["organizations:ListAccounts"], ["sts:AssumeRole"])
    assert assumed["Resource"] == "arn:aws:iam::*:role/reader"


# ---------------------------------------------------------------------- what is answered
@cache
def client(service: str) -> Any:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "not-a-secret"}
    return session().create_client(service, region_name="eu-west-1", **keys)


@cache
def session() -> Session:
    return Session()


def more(shape: Shape) -> dict[str, Any]:
    """Return what says that a page is not the last one: beside its rows, or inside their list; nothing where no answer says so."""
    for name in TOKENS:
        if name in shape.members:
            return {name: "more", **dict.fromkeys(MORE & shape.members.keys(), True)}
    for name, inner in shape.members.items():
        if inner.type_name == "structure" and (found := more(inner)) and "Items" in inner.members:
            return {name: found}
    return {}


def merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        **one,
        **{name: merged(one.get(name, {}), value) if isinstance(value, dict) else value for name, value in other.items()},
    }


@every_document
def test_every_page_of_an_answer_becomes_rows_that_components_read(name: str):
    one = CALLS[name]
    asked = client(one.call.client)
    last, token = answer(one.call.client, one.call.operation, possible=True), more(operation(one).output_shape)
    how = form(asked, one)
    with Stubber(asked) as stub:
        for page in ([merged(last, token)] if token else []) + [last]:
            # It refuses answers and parameters that are not as AWS's model has them.
            stub.add_response(method(asked, one), page)
        found = list(rows(pages(asked, one, request(one)), how, one, request(one)))
        stub.assert_no_pending_responses()
    assert len(found) == (2 if token and how is not Form.WRAPPED else 1)
    known = [set(row_shape(kind).members) for kind in COMPONENTS if kind.kind in one.kinds] or [set(one.row.members)]
    assert all(any(names_in(row) & fields for fields in known) for row in found)
    if how is Form.WRAPPED:
        assert one.document is not None
        assert found[0][one.document.argument] == request(one)[one.document.argument]
        assert all(len(value) == (2 if token else 1) for value in found[0].values() if isinstance(value, list))


def method(asked: Any, one: Planned) -> str:
    return next(name for name, api in asked.meta.method_to_api_mapping.items() if api == one.call.operation)


def names_in(value: Any) -> set[str]:
    """Return the names in a row, and in what it holds."""
    if isinstance(value, list):
        return {name for one in value for name in names_in(one)}
    return set(value) | names_in(list(value.values())) if isinstance(value, dict) else set()
