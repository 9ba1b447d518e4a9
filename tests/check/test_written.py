"""Invariants files: what they may hold, and what is said about a mistake in them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.invariants.packs import about, names, pack
from analyzer.invariants.written import parsed
from analyzer.models.errors import ReachError

CONTRACT = """
invariants:
  - name: the internet never reaches a database
    deny: {from: internet, to: rds}
  - name: only the app tier talks to the database, and only postgres
    allow_only: {from: "sg:app", to: rds, on: tcp/5432}
  - name: contexts are isolated
    isolate: [context:payments, context:catalog]
    except: [{from: context:catalog, to: "alb:payments-api", on: https}]
  - name: the bastion can still get in
    allow: {from: "name:bastion", to: "tag:tier=app", on: ssh}
  - name: one stolen web host stays small
    blast_radius: {from: "tag:tier=web", at_most: 5, never: "tag:classification=pii"}
  - name: internet ingress is inspected
    through: {from: internet, to: ec2, via: firewall}
  - name: two mistakes at least between the internet and personal data
    min_depth: {from: internet, to: "tag:classification=pii", at_least: 2}
    ignore: [{flow: {from: internet, to: "name:legacy"}, until: 2027-03-31, reason: "TICKET-12"}]
"""


def test_the_contract_is_read() -> None:
    found = parsed(CONTRACT, "c.yaml")
    kinds = ["deny", "allow_only", "isolate", "allow", "blast_radius", "through", "min_depth"]
    assert [(one.invariant.kind, one.line) for one in found] == list(zip(kinds, [3, 5, 7, 10, 12, 14, 16], strict=True))
    assert found[1].invariant.allow_only is not None
    assert found[1].invariant.allow_only.on == "tcp/5432", "`on` is a key, not YAML's true"


def one(body: str) -> str:
    return f"invariants:\n  - name: x\n    {body}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: expected keys and values\n  try: docs/check.md shows a file"),
        ("invariants: []", "line 1: `invariants`: expected a list of 1 or more\n  try: docs/check.md shows a file"),
        ("invariant: []", "line 1: no such key: `invariant`\n  try: did you mean `invariants`?"),
        (one("deny: {form: a, to: b}"), "line 3: no such key: `form`\n  try: did you mean `from`?"),
        (one("deny: {to: b}"), "line 3: the key `from` is missing\n  try: add `from`"),
        (one("deny: {from: a, to: b, onn: ssh}"), "line 3: no such key: `onn`\n  try: did you mean `on`?"),
        (one("denny: {from: a, to: b}"), "line 3: no such key: `denny`\n  try: did you mean `deny`?"),
        (one("deny: {from: a, to: b, on: 443}"), "line 3: no such service: `443`\n  try: did you mean `tcp/443`?"),
        (one("deny: {from: a, to: 7}"), "line 3: `to`: expected a list\n  try: docs/check.md shows a file"),
        (one("deny: [a"), "line 4: expected ',' or ']', but got '<stream end>'\n  try: mend the YAML there: indent with spaces"),
        (one("deny: {from: a, to: b}\n    deny: {from: a, to: b}"), "line 4: the key `deny` is there twice"),
        (one("deny: &x {from: a, to: b}"), "line 3: anchors and aliases are not read"),
        (one("deny: !!python/object/apply:os.system [ls]"), "line 3: tags are not read"),
        (one("isolate: [a]"), "line 3: `isolate`: expected a list of 2 or more"),
        (one("blast_radius: {from: a}"), "line 3: `blast_radius`: `at_most` or `never` is missing"),
        (one("deny: {from: a, to: b}\n    allow: {from: a, to: b}"), "line 2: it needs exactly one of `deny`, `allow`"),
        (one("lint: [wide, narrow]"), "line 3: `lint`: expected 'duplicate', 'shadowed'"),
        (one("lint: [wide]\n    except: [{to: a}]"), "line 2: `lint` takes no `except` and no `ignore`: they are about flows"),
        (one("except: []"), "line 2: it needs exactly one of `deny`, `allow`"),
        (one("deny: {from: a, to: b}\n    except: [{on: ssh}]"), "line 4: `except`: `from` or `to` is missing"),
        (
            one("deny: {from: a, to: b}\n    ignore: [{flow: {from: a}, until: 2027-02-30, reason: x}]"),
            "line 4: `until`: write a day like 2027-03-31",
        ),
        (
            one("deny: {from: a, to: b}\n    ignore: [{flow: {from: a}, until: 2027-02-28}]"),
            "line 4: the key `reason` is missing",
        ),
        (
            one("deny: {from: a, to: b}") + "  - name: x\n    allow: {from: a, to: b}\n",
            "line 4: a second invariant is called `x`",
        ),
    ],
)
def test_mistakes(text: str, message: str) -> None:
    with pytest.raises(ReachError) as error:
        parsed(text, "i.yaml")
    assert str(error.value).startswith(f"cannot read `i.yaml` {message}")


def test_deep_nesting_is_refused() -> None:
    for depth in (50, 100_000):
        with pytest.raises(ReachError):
            parsed("[" * depth + "]" * depth, "i.yaml")


@given(st.text(st.sampled_from("invariants: -name{}[]'\"&*!#\n\t|>%@,0deny")) | st.text())
def test_no_text_is_a_bug(text: str) -> None:
    with suppress(ReachError):
        parsed(text, "i.yaml")


def test_packs_are_read() -> None:
    amazon = ["aws-igw-egress", "aws-igw-ingress", "aws-vpc-egress", "aws-vpc-ingress"]
    assert names() == [*amazon, "inspection", "microsegmentation", "zero-trust"]
    assert all(about(name) for name in names())
    assert all(pack(name) for name in names())
    with pytest.raises(ReachError) as error:
        pack("zero_trust")
    assert str(error.value) == "no pack is called `zero_trust`\n  try: did you mean `zero-trust`?"
