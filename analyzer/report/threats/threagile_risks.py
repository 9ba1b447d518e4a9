"""Risks as Threagile knows them: a category a kind, and who accepted what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .flows import identifier

if TYPE_CHECKING:
    from ...models.threat import Risk, ThreatModel

LIKELIHOODS = ("unlikely", "likely", "very-likely", "frequent")
IMPACTS = ("low", "medium", "high", "very-high")
STRIDE = {
    "S": "spoofing",
    "T": "tampering",
    "R": "repudiation",
    "I": "information-disclosure",
    "D": "denial-of-service",
    "E": "elevation-of-privilege",
}
BREACHES = {"reachable": "probable", "conditional": "possible", "unknown": "possible"}


def key(text: str) -> str:
    """Return an id as Threagile takes it; small letters, for it compares some of them so."""
    return identifier(text).lower()


def categories(model: ThreatModel) -> dict[str, Any]:
    """Return the kinds of risks with the risks of each, by title."""
    found: dict[str, list[Risk]] = {}
    for category, _, one in _placed(model):
        found.setdefault(category, []).append(one)
    known = {one.id for one in model.assets}
    return {
        f"{ones[0].kind.replace('-', ' ')} [{category}]": _category(category, ones, known) for category, ones in found.items()
    }


def tracking(model: ThreatModel) -> dict[str, Any]:
    """Return who accepted which risk; an acceptance that ended says so, and accepts nothing."""
    return {
        f"{category}{asset}": {
            "status": "in-discussion" if one.counts else "accepted",
            "justification": f"{one.accepted.reason} ({'until' if not one.accepted.expired else 'ended'} {one.accepted.until})",
            "ticket": one.id,
            "date": None,
            "checked_by": one.accepted.owner,
        }
        for category, asset, one in _placed(model)
        if one.accepted is not None
    }


def _placed(model: ThreatModel) -> Iterator[tuple[str, str, Risk]]:
    """Yield each risk with its category and the asset that Threagile makes its id of.

    Two risks with the same id would be accepted together there: the second one gets a category of its own.
    """
    known, taken = {one.id for one in model.assets}, set[tuple[str, str]]()
    for one in model.risks:
        asset = next((f"@{key(id)}" for id in one.assets if id in known), "")
        category = key(one.kind)
        if (category, asset) in taken:
            category = key(f"{one.kind} {one.id}")
        taken.add((category, asset))
        yield category, asset, one


def _category(category: str, ones: Sequence[Risk], known: set[str]) -> dict[str, Any]:
    first = ones[0]
    return {
        "id": category,
        "description": first.title,
        "impact": first.text,
        "asvs": "",
        "cheat_sheet": "",
        "action": first.remedy,
        "mitigation": first.remedy,
        "check": "ask `reach threats` again after the change",
        "function": "operations",
        "stride": next((STRIDE[letter] for one in ones for letter in one.stride if letter in STRIDE), STRIDE["I"]),
        "detection_logic": "derived by reach from the configuration of the network",
        "risk_assessment": "likelihood times impact, each from 1 to 4, by the factors that each risk names",
        "false_positives": "what the configuration cannot say: see the verdict of each risk",
        "model_failure_possible_reason": False,
        "cwe": 0,
        "risks_identified": {f"{one.title} [{one.id}]": _identified(one, known) for one in ones},
    }


def _identified(one: Risk, known: set[str]) -> dict[str, Any]:
    assets = [key(id) for id in dict.fromkeys(one.assets) if id in known]
    made: dict[str, Any] = {
        "severity": one.severity.value,
        "exploitation_likelihood": LIKELIHOODS[one.likelihood - 1],
        "exploitation_impact": IMPACTS[one.impact - 1],
        "data_breach_probability": BREACHES.get(one.confidence.value, "improbable"),
        "data_breach_technical_assets": assets,
    }
    return {**made, "most_relevant_technical_asset": assets[0]} if assets else made
