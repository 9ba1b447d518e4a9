"""The techniques of a threat model as a layer of the ATT&CK Navigator, format 4.5: the worst risk of each is its score."""

from __future__ import annotations

import re
from json import dumps
from typing import TYPE_CHECKING, Any

from ..words import cleaned
from . import words
from .words import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...models.attack import Technique
    from ...models.threat import ThreatModel
    from .view import View

# The oldest Navigator that reads the format, as its specification wants it.
VERSIONS = {"navigator": "4.9.0", "layer": "4.5"}
MOST = 16
MOST_TOLD = 20
_ATTACK = re.compile(r"T\d{4}(\.\d{3})?")
_VERSION = re.compile(r"ATT&CK v?(\d+)")


def render(model: ThreatModel, view: View) -> str:
    """Return the layer as JSON; techniques of other catalogues are not in it."""
    told = cleaned(model)
    called = names(told)
    versions = [found[1] for one in told.data if (found := _VERSION.match(one.version))]
    layer: dict[str, Any] = {
        "name": "reach threats",
        "versions": {**({"attack": versions[0]} if versions else {}), **VERSIONS},
        "domain": "enterprise-attack",
        "description": f"{words.headline(told)}; {words.coverage(told.coverage)}",
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True, "expandedSubtechniques": "annotated"},
        "techniques": [_technique(one, told, called) for one in told.techniques if _ATTACK.fullmatch(one.id)],
        "gradient": {"colors": ["#ffffff", "#ffe766", "#ff6666"], "minValue": 0, "maxValue": MOST},
        "metadata": _metadata(told),
    }
    return dumps(layer, indent=2) + "\n"


def _technique(one: Technique, model: ThreatModel, called: Mapping[str, str]) -> dict[str, Any]:
    """Return a technique; one that no risk shows which counts has no score, and so no colour."""
    risks = [each for each in words.limited(model, len(model.risks)) if one.id in each.techniques]
    hops = [(path, each) for path in model.paths for each in path.hops if one.id in each.techniques]
    told = [f"{each.id} {each.severity.value}, score {words.score(each)}: {each.title}; {words.state(each)}" for each in risks]
    told += [f"{path.id}: {words.hop(each, called)}" for path, each in hops]
    more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    comment = "\n".join(text.removesuffix("; ") for text in [*told[:MOST_TOLD], *more])
    made: dict[str, Any] = {"techniqueID": one.id, "tactic": one.tactic, "comment": comment, "enabled": True}
    scores = [each.score for each in risks if each.counts]
    return {**made, "score": max(scores)} if scores else made


def _metadata(model: ThreatModel) -> list[dict[str, str]]:
    told = {"coverage": words.coverage(model.coverage), "snapshot": model.snapshot.collected_at, "knowledge": words.data(model)}
    return [{"name": name, "value": value} for name, value in told.items() if value]
