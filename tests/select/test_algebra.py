"""`and`, `or`, `not` and parentheses: what they mean, what binds tighter, and where they mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.models.errors import QuestionError
from analyzer.models.packet import PUBLIC, prefix
from analyzer.models.snapshot import Snapshot
from analyzer.select import select
from analyzer.select.grammar import And, Atom, Not, Or, parse

from .conftest import NETWORK, made
from .test_forms import ids

A, B, C = Atom("a"), Atom("b"), Atom("c")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a", A),
        ("a or b and c", Or((A, And((B, C), "b and c")))),
        ("(a or b) and c", And((Or((A, B)), C), "(a or b) and c")),
        ("not a and b", And((Not(A), B), "not a and b")),
        ("not (a and b)", Not(And((A, B), "a and b"))),
        ("not not a", A),
        ("not not not a", Not(A)),
        ("not(a)or(b)", Or((Not(A), B))),
        ("a or b or c", Or((A, B, C))),
        ("a b", Atom("a b")),
        ("a  b and c", And((Atom("a  b"), C), "a  b and c")),
        ("'a and b' or c", Or((Atom("a and b", 0), C))),
        ("tag:x='a b'", Atom("tag:x=a b", 6)),
        ("android", Atom("android")),
        ("'and'", Atom("and", 0)),
    ],
)
def test_not_binds_tighter_than_and_and_and_tighter_than_or(text: str, node: object):
    assert parse(text) == node


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ec2 or rds", ["eni-1", "eni-2", "eni-3", "eni-4"]),
        ("rds or ec2", ["eni-1", "eni-2", "eni-3", "eni-4"]),
        ("sg-1 and ec2", ["eni-1", "eni-2"]),
        ("sg-1 and not ec2", ["eni-6"]),
        ("not ec2 and sg-1", ["eni-6"]),
        ("sg-1 and not web", ["eni-2", "eni-6"]),
        ("not ec2", ["eni-4", "eni-5", "eni-6", "eni-7", "eni-8", "eni-9", "vpce-1"]),
        ("not (ec2 or rds or endpoint)", ["eni-5", "eni-7", "eni-8", "eni-9"]),
        ("ec2 and (web or web-2)", ["eni-1", "eni-2"]),
        ("web or web or i-1", ["eni-1"]),
        ("internet or web", ["eni-1", "internet"]),
        ("(internet or ec2) and not web", ["eni-2", "eni-3", "internet"]),
        ("(internet or ec2) and ec2", ["eni-1", "eni-2", "eni-3"]),
        ("10.0.0.0/8 and 10.0.1.0/24", ["10.0.0.0/8 and 10.0.1.0/24"]),
        ("10.0.1.0/24 and 10.0.0.0/8", ["10.0.1.0/24"]),
        ("internet and not 10.0.0.0/8", ["internet"]),
    ],
)
def test_set_algebra(network: Snapshot, text: str, found: list[str]):
    assert ids(text, network) == found


def test_addresses_are_cut(network: Snapshot):
    [cut] = select("8.8.0.0/16 and not 8.8.8.0/24", network)
    assert (cut.kind, cut.addresses) == ("address", prefix("8.8.0.0/16") - prefix("8.8.8.0/24"))
    [some] = select("internet and 8.8.8.0/24", network)
    assert (some.kind, some.addresses) == ("address", PUBLIC & prefix("8.8.8.0/24"))


def test_order_and_duplicates_do_not_depend_on_the_order_of_the_snapshot(network: Snapshot):
    twin = made(**{key: rows[::-1] for key, rows in reversed(NETWORK.items())})
    for text in ("any", "sg-1 or ec2", "internet or not rds or 10.0.0.0/8"):
        assert select(text, twin) == select(text, network)


def refusal(text: str, network: Snapshot) -> str:
    """Return what is said about a selector that is refused; for one that selects something, two lines that say so."""
    try:
        found = select(text, network)
    except QuestionError as error:
        return str(error)
    return "selected\n" if found else "nothing was selected, and nobody said so"


@given(st.text(alphabet=st.sampled_from("ab()'\" :=*?[]!-/.\x1b\n`é"), max_size=40) | st.text(max_size=40))
def test_no_text_does_anything_but_select_or_be_refused(text: str):
    network = made(NetworkInterfaces=NETWORK["NetworkInterfaces"][:2], Reservations=NETWORK["Reservations"])
    assert refusal(text, network).count("\n") == 1, "an error is two lines, whatever is in the selector"
    assert refusal(text, network).replace("\n", "").isprintable()


@given(
    st.lists(st.sampled_from(["and", "or", "not", "(", ")", "web", "ec2", "rds", "internet", "8.8.8.8", "'web'"]), max_size=12)
)
def test_no_formula_does_anything_but_select_or_be_refused(words: list[str]):
    network = made(**NETWORK)
    try:
        found = select(" ".join(words), network)
    except QuestionError:
        return
    assert len({endpoint.id for endpoint in found}) == len(found) > 0
