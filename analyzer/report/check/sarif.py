"""The outcome as SARIF: an invariant is a rule, a violation a result at the lines that let it through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import to_builtins

from .. import sarif
from ..words import clean, example
from .words import besides, call, edits, lines, suggested

if TYPE_CHECKING:
    from ...models.check import Check, Checked, Violation
    from ...models.location import Locations

KINDS = {
    "deny": "nothing may pass from any of the sources to any of the targets",
    "allow": "every source must reach every target",
    "allow_only": "nobody else may reach the targets, nor on other services",
    "isolate": "nothing may pass between any two of these groups",
    "through": "every request, and every reply that a flow needs, must pass what it names",
    "blast_radius": "an intruder may come no farther than this",
    "min_depth": "it must take so many mistakes until anything passes",
    "scope": "a scope of AWS Network Access Analyzer must find nothing",
    "lint": "there must be no such line or resource",
}


def render(check: Check, locations: Locations) -> str:
    """Return the outcome as SARIF; what a baseline holds already is `unchanged`, what is ignored has a suppression."""
    ids = {one.name: sarif.identifier("invariant", one.name) for one in check.invariants}
    written = {one.name: sarif.Place(one.written, "the invariant") for one in check.invariants}
    compared = not all(one.new for one in check.violations)
    found = [*check.counting, *(one for one in check.violations if not one.new), *check.ignored]
    results = [_result(one, ids[one.invariant], written[one.invariant], compared=compared) for one in found]
    return sarif.log("check", [_rule(one, ids[one.name]) for one in check.invariants], results, locations)


def _rule(one: Checked, id: str) -> sarif.Rule:
    text = f"{one.name}. It is an invariant of the kind `{one.kind}`, written in {one.origin}"
    meaning = KINDS.get(one.kind)
    return sarif.Rule(id=id, name=one.name, title=one.name, text=f"{text}: {meaning}" if meaning else text, level="error")


def _result(one: Violation, rule: str, invariant: sarif.Place, *, compared: bool) -> sarif.Result:
    told = [sarif.Place(each, each.line or each.resource) for each in one.written]
    sides = [sarif.Place(each, each.resource) for each in dict.fromkeys(one.sides)]
    properties = {
        "verdict": one.verdict.value,
        "services": [clean(text) for text in one.services],
        "doubtful": [clean(text) for text in one.doubtful],
    }
    if one.suggestion is not None:
        # A `fix` replaces text of a file: the snapshot is an answer of AWS, in which nobody mends anything.
        properties["suggestion"] = to_builtins(one.suggestion)
    return sarif.Result(
        rule=rule,
        message=_message(one),
        places=[*told, invariant, *sides],
        fingerprint=one.fingerprint,
        state=("new" if one.new else "unchanged") if compared else "",
        ignored=one.ignored,
        properties=properties,
    )


def _message(one: Violation) -> str:
    packet = example(one)
    told = [one.text + (f", for example {packet}" if packet else "")]
    table = lines(one)
    told += [f"{call(one)}:"] if table else []
    told += [f"- {place}: {line} ({rule})" for place, line, rule in table]
    told += ["these edits would open it:", *edits(one)] if edits(one) else []
    told += ["to set it right:", *suggested(one), *besides(one)] if suggested(one) else []
    return "\n".join(map(sarif.plain, told))
