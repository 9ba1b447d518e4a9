"""Lists as text and JSON: what is in a snapshot, what is not modelled, the rule book."""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import TYPE_CHECKING, Any

import msgspec

from .tables import aligned
from .words import clean

if TYPE_CHECKING:
    from ..models.answer import End
    from ..models.code import ExplanationCode
    from ..models.rule import Rule

COLUMNS = ("kind", "id", "name", "address", "vpc")


def resources(listed: Sequence[End], format: str) -> str:
    """Return resources as a table with a head line (`text`), or as a JSON object `reach/list/1` with everything about them."""
    if format == "json":
        return _json("list", "resources", msgspec.to_builtins(listed))
    cells = [tuple(clean(getattr(one, column)) or "-" for column in COLUMNS) for one in listed]
    return "".join(f"{line}\n" for line in aligned([COLUMNS, *cells]))


def sentences(listed: Sequence[str], format: str) -> str:
    """Return what is not modelled, one sentence a line (`text`), or as a JSON object `reach/not-modelled/1`."""
    if format == "json":
        return _json("not-modelled", "not_modelled", list(listed))
    return "".join(f"{clean(one)}\n" for one in listed)


def rules(listed: Sequence[Rule], format: str) -> str:
    """Return rules with sentence, AWS page and code (`text`), or as a JSON object `reach/rules/1`."""
    if format == "json":
        return _json(
            "rules", "rules", [{"id": one.id, "says": one.says, "source": one.source, "where": one.where} for one in listed]
        )
    return "\n".join(f"{one.id}\n  {one.says}\n  AWS:  {one.source}\n  code: {one.where}\n" for one in listed)


def codes(listed: Sequence[ExplanationCode], format: str) -> str:
    """Return explanation codes with meaning, rules, rows and AWS page (`text`), or as a JSON object `reach/codes/1`."""
    if format == "json":
        return _json("codes", "codes", [msgspec.to_builtins(one) for one in listed])
    return "\n".join(_code(one) for one in listed)


def _code(one: ExplanationCode) -> str:
    given = [f"{id}: {_row(row)}" for id, row in one.rows.items()] or [f"never: {one.never}"]
    return "".join(f"{line}\n" for line in (one.code, f"  {one.says}", *(f"  {line}" for line in given), f"  AWS: {one.source}"))


def _row(test: str) -> str:
    """Return a test without the parameters of the one row."""
    return test.partition("[")[0]


def page_of_codes(listed: Sequence[ExplanationCode], as_of: str) -> str:
    """Return the page `docs/explanation_codes.md`: every code, by subject, with the rules that give it or why none does."""
    given = sum(bool(one.rows) for one in listed)
    lines = [
        "# Explanation codes",
        "",
        f"The {len(listed)} explanation codes of AWS's Reachability Analyzer ([AWS's page]({listed[0].source}), {as_of}): what each",
        "means here, the rules that give it with a row of the truth table that shows it, or why no answer has it.",
        f"{given} are given, {len(listed) - given} are not. `reach rules CODE` prints one of them. A code stands at a line that blocks",
        "(`blockers`), or at one that may block (`doubts`). Written by `make docs`.",
    ]
    for group in dict.fromkeys(one.group for one in listed):
        lines += ["", f"## {group}", "", "| code | means | rules and rows |", "| --- | --- | --- |"]
        lines += [f"| `{one.code}` | {one.says} | {_given(one)} |" for one in listed if one.group == group]
    return "".join(f"{line}\n" for line in lines)


def _given(one: ExplanationCode) -> str:
    links = [f"{id}: [{_row(row).rpartition('::')[2]}](../{row.partition('::')[0]})" for id, row in one.rows.items()]
    return "<br>".join(links) or f"Never: {one.never}"


def _json(kind: str, key: str, value: Any) -> str:
    return dumps({"schema": f"reach/{kind}/1", key: value}, indent=2) + "\n"
