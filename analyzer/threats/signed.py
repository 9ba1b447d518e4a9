"""Risks that configuration itself shows, without a packet: signs, scored as all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..models.snapshot import Snapshot
from ..models.trust import Asset, EntryPoint
from ..models.verdict import Verdict
from .knowledge import Knowledge
from .scoring import LEAST, Draft, base, worst
from .signs import Sign, sign_kinds, signs


def signed(world: Snapshot, assets: Mapping[str, Asset], entries: Sequence[EntryPoint], known: Knowledge) -> Iterator[Draft]:
    """Yield the signs of a snapshot, by kind and resource; `assets` by id."""
    for one in signs(world, list(assets.values()), entries):
        yield _draft(one, [assets[id] for id in one.assets if id in assets], known)


def _draft(one: Sign, assets: Sequence[Asset], known: Knowledge) -> Draft:
    kind = sign_kinds()[one.kind]
    impact = kind.impact_on([each.data_class for each in assets], known.risks.impacts)
    why = f"{worst(assets).value} data" if kind.impact is None else "what it makes easier"
    if one.confidence is Verdict.UNKNOWN:
        # Something to ask, and no finding: it fails no build, and stands behind all that is known.
        impact, why = LEAST, "whether it is so is not in the snapshot"
    contexts = {each.context for each in assets}
    return Draft(
        kind=one.kind,
        key=(one.resource,),
        text=one.text,
        likelihood=base("likelihood", kind.likelihood, "a defence lacks, and nobody is shown to come through"),
        impact=base("impact", impact, why),
        assets=one.assets,
        context=contexts.pop() if len(contexts) == 1 else "",
        techniques=tuple(kind.techniques),
        confidence=one.confidence,
        evidence=one.evidence,
    )
