"""From what is wrong to a risk: whole numbers, every factor of which is told, and an id that stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

import msgspec

from ..models.blast import Step
from ..models.location import Written
from ..models.threat import Factor, Risk
from ..models.trust import DATA_CLASSES, Asset, DataClass
from ..models.verdict import Verdict
from .declared import Declared
from .knowledge import Knowledge

LEAST, MOST = 1, 4
MOST_NAMED = 3


class Draft(msgspec.Struct, frozen=True):
    """What is wrong, before it is scored. `key` is what stays the same in every run of the same cause, `step` a hop that shows it."""

    kind: str
    key: tuple[str, ...]
    text: str
    likelihood: Factor
    impact: Factor
    factors: tuple[str, ...] = ()
    actor: str = ""
    source: str = ""
    assets: tuple[str, ...] = ()
    context: str = ""
    path: str = ""
    techniques: tuple[str, ...] = ()
    confidence: Verdict = Verdict.REACHABLE
    evidence: tuple[Written, ...] = ()
    step: Step | None = None


def base(of: str, points: int, text: str) -> Factor:
    """Return the factor that a likelihood or an impact begins with."""
    return Factor(of=of, points=points, text=text)


def scored(draft: Draft, known: Knowledge, declared: Declared, today: date) -> Risk:
    """Return a draft as a risk, with all that makes its score."""
    kind = known.kind(draft.kind)
    doubt = {Verdict.CONDITIONAL: ("conditional",), Verdict.UNKNOWN: ("unknown",)}.get(draft.confidence, ())
    factors = [draft.likelihood, draft.impact, *(known.factor(name) for name in (*draft.factors, *doubt))]
    likelihood, impact = (_sum(factors, of) for of in ("likelihood", "impact"))
    id = f"{draft.kind}-{sha256(chr(0).join((draft.kind, *draft.key)).encode('utf-8', 'replace')).hexdigest()[:8]}"
    return Risk(
        id=id,
        kind=draft.kind,
        title=kind.title,
        text=draft.text,
        likelihood=likelihood,
        impact=impact,
        severity=known.severity(likelihood * impact),
        factors=factors,
        stride=kind.stride,
        techniques=list(draft.techniques),
        actor=draft.actor,
        source=draft.source,
        assets=list(draft.assets),
        context=draft.context,
        path=draft.path,
        confidence=draft.confidence,
        evidence=list(draft.evidence),
        remedy=kind.remedy,
        accepted=declared.acceptance(id, today),
    )


def _sum(factors: Sequence[Factor], of: str) -> int:
    return max(LEAST, min(MOST, sum(one.points for one in factors if one.of == of)))


def worst(assets: Sequence[Asset]) -> DataClass:
    """Return the class of the asset whose data does most harm; internal for none."""
    return max((one.data_class for one in assets), key=DATA_CLASSES.index, default=DataClass.INTERNAL)


def impact_of(assets: Sequence[Asset], known: Knowledge, least: int = LEAST, why: str = "") -> Factor:
    """Return the impact of losing some assets, `least` at least, for the reason `why`."""
    found = worst(assets)
    points = known.impact(found)
    return base("impact", max(points, least), why if points < least else f"{found.value} data")


def named(assets: Sequence[Asset]) -> str:
    """Return assets in words: the first ones by name, and how many more."""
    words = [f"{one.name or one.id} ({one.kind})" for one in assets[:MOST_NAMED]]
    return ", ".join(words) + (f" and {len(assets) - MOST_NAMED:,} more" if len(assets) > MOST_NAMED else "")


def line_key(evidence: Sequence[Written]) -> tuple[str, ...]:
    """Return lines as a part of a key."""
    return tuple(f"{one.resource} {one.line}" for one in evidence)
