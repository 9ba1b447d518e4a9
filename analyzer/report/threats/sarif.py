"""The risks as SARIF: a kind of risk is a rule, a risk a result at the lines that it rests on, an accepted one has a suppression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import sarif
from ..words import cleaned
from . import words
from .words import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...models.threat import Risk, ThreatModel
    from .view import View

LEVELS: dict[str, sarif.Level] = {
    "critical": "error",
    "high": "error",
    "elevated": "warning",
    "medium": "warning",
    "low": "note",
}


def render(model: ThreatModel, view: View) -> str:
    """Return all risks as SARIF, those that count first."""
    told = cleaned(model)
    kinds: dict[str, list[Risk]] = {}
    for one in told.risks:
        kinds.setdefault(one.kind, []).append(one)
    rules = [_rule(kind, kinds[kind]) for kind in sorted(kinds)]
    called, ids = names(told), {kind: rule.id for kind, rule in zip(sorted(kinds), rules, strict=True)}
    # Evidence is looked up as it was written, not as it is shown.
    evidence = {id(clean): one for clean, one in zip(told.risks, model.risks, strict=True)}
    every = words.limited(told, len(told.risks))
    return sarif.log(
        "threats", rules, [_result(one, evidence[id(one)], ids[one.kind], told, called) for one in every], view.locations
    )


def _rule(kind: str, ones: Sequence[Risk]) -> sarif.Rule:
    worst = max(ones, key=lambda one: one.score)
    title = kind.replace("-", " ")
    letters = "".join(dict.fromkeys(letter for one in ones for letter in one.stride))
    told = [f"A risk of the kind `{kind}`"] + ([f"STRIDE: {words.stride(letters)}"] if letters else [])
    text = ". ".join([*told, *([f"To set it right: {worst.remedy}"] if worst.remedy else [])])
    return sarif.Rule(id=sarif.identifier("threat", title), name=kind, title=title, text=text, level=LEVELS[worst.severity.value])


def _result(one: Risk, asked: Risk, rule: str, model: ThreatModel, called: Mapping[str, str]) -> sarif.Result:
    accepted = one.accepted
    properties = {
        "severity": one.severity.value,
        "score": one.score,
        "likelihood": one.likelihood,
        "impact": one.impact,
        "verdict": one.confidence.value,
        "techniques": list(one.techniques),
        "modelled": {each.name: [each.modelled, each.of] for each in model.coverage.shares},
    }
    return sarif.Result(
        rule=rule,
        message="\n".join(map(sarif.plain, _message(one, model, called))),
        places=[sarif.Place(each, each.line or each.resource) for each in asked.evidence],
        fingerprint=sarif.fingerprint(asked.id),
        level=LEVELS[one.severity.value],
        ignored=f"{accepted.reason} ({accepted.owner}, until {accepted.until})"
        if accepted is not None and not one.counts
        else "",
        properties=properties,
    )


def _message(one: Risk, model: ThreatModel, called: Mapping[str, str]) -> list[str]:
    told = [f"{one.title}: {one.text}" if one.text != one.title else one.title]
    told += [f"{one.id}, {one.severity.value}: score {words.score(one)} of 16; {words.rests_on(model.coverage)}"]
    told += [f"{label}: {text}" for label, text in (("actor", one.actor), ("from", one.source)) if text]
    told += [f"assets: {', '.join(called.get(id, id) for id in one.assets)}"] if one.assets else []
    told += [words.state(one)] if words.state(one) else []
    told += [f"- {each.of} {each.points:+}: {each.text}" for each in words.factors(one)]
    path = next((path for path in model.paths if path.id == one.path), None)
    told += [f"- hop: {words.hop(each, called)}" for each in path.hops] if path is not None else []
    return [*told, f"to set it right: {one.remedy}"] if one.remedy else told
