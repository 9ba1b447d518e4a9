"""What people declare, and what is said about their mistakes."""

from __future__ import annotations

from datetime import date

import pytest

from analyzer.models.errors import InputError, QuestionError
from analyzer.threats.declared import actor_named, declared
from analyzer.threats.knowledge import knowledge

KNOWN = knowledge()
WHOLE = """
contexts:
  - {name: payments, assets: "tag:team=payments"}
  - {name: ledger, assets: ["rds:ledger", "vpc:ledger"]}
contracts: ["payments -> ledger: tcp/5432", "internet -> payments: https"]
partners: ["account:222233334444"]
actors: [{name: contractor, like: insider, from: "10.9.0.0/16", likelihood: 2, assumptions: [knows the network]}]
accepted: [{risk: admin-exposed-1, reason: moves next week, owner: ada, until: 2027-03-31}]
tags: {data_class: [secrecy]}
"""


def read(tmp_path, *texts):
    paths = []
    for number, text in enumerate(texts):
        path = tmp_path / f"declared-{number}.yaml"
        path.write_text(text)
        paths.append(str(path))
    return declared(paths, KNOWN)


def test_a_file_declares_contexts_contracts_actors_and_acceptances(tmp_path):
    found = read(tmp_path, WHOLE)
    assert [row.name for row, _ in found.contexts] == ["payments", "ledger"]
    assert [(one.contract.source, one.contract.target, one.contract.on) for one in found.agreed] == [
        ("payments", "ledger", "tcp/5432"),
        ("internet", "payments", "https"),
    ]
    assert found.agreed[0].contract.origin.endswith("declared-0.yaml:5")
    assert found.tags["data_class"] == ("secrecy",)
    assert "Owner" in found.tags["owner"]


@pytest.mark.parametrize(("today", "expired"), [(date(2027, 3, 31), False), (date(2027, 4, 1), True)])
def test_an_acceptance_counts_to_the_end_of_its_day(tmp_path, today, expired):
    found = read(tmp_path, WHOLE).acceptance("admin-exposed-1", today)
    assert found is not None
    assert (found.owner, found.expired) == ("ada", expired)


def test_what_nobody_accepted_is_not_accepted(tmp_path):
    assert read(tmp_path, WHOLE).acceptance("admin-exposed-2", date(2027, 1, 1)) is None


def test_several_files_are_one_declaration(tmp_path):
    found = read(tmp_path, 'contracts: ["a -> b: tcp/1"]', 'contracts: ["b -> a: tcp/2"]')
    assert [one.contract.on for one in found.agreed] == ["tcp/1", "tcp/2"]


@pytest.mark.parametrize(
    ("texts", "what", "hint"),
    [
        (
            ['contracts: ["a b: tcp/1"]'],
            "declared-0.yaml:1`: `a b: tcp/1` is no contract",
            "write `payments -> ledger: tcp/5432`",
        ),
        (['contracts: ["a -> b"]'], "declared-0.yaml:1`: `a -> b` is no contract", "write `payments -> ledger: tcp/5432`"),
        (
            ["contexts:\n- {name: a, assets: any}", "contexts:\n- {name: a, assets: any}"],
            "the context `a` stands at `",
            "give it another name",
        ),
        (["contexts:\n- {name: internet, assets: any}"], "the context `internet` is the name of a zone", "give it another name"),
        (
            ["actors: [{name: a, like: b, from: any}]"],
            "no actor is called `b`",
            "one of `internet`, `partner`, `insider`, `compromised-workload`, `supply-chain`",
        ),
        (["context: []"], "declared-0.yaml` line 1: no such key: `context`", "did you mean `contexts`"),
    ],
    ids=["no arrow", "no service", "twice", "a zone", "no such actor", "no such key"],
)
def test_a_mistake_is_told_with_its_line(tmp_path, texts, what, hint):
    with pytest.raises(InputError) as error:
        read(tmp_path, *texts)
    assert what in error.value.what
    assert hint in error.value.hint


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("internet", ("internet", "")),
        ("compromised-workload(name:web-* or (rds))", ("compromised-workload", "name:web-* or (rds)")),
    ],
)
def test_an_actor_may_have_a_selector(text, found):
    assert actor_named(text, KNOWN) == found


@pytest.mark.parametrize("text", ["internets", "insider(10.0.0.0/8"])
def test_an_actor_that_there_is_not_is_an_error(text):
    with pytest.raises(QuestionError):
        actor_named(text, KNOWN)
