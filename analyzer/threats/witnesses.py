"""The packets that show risks: where no way of an actor does, a way of one hop."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..models.attack import Actor, AttackPath
from ..models.table import INTERNET
from ..models.threat import Risk
from ..models.trust import ZoneKind
from .derive import Derived
from .ways import Way

# The worst risks have a packet that shows them; of more it takes too long.
MOST = 200


def witnessed(found: Derived, risks: Sequence[Risk], told: Sequence[AttackPath]) -> tuple[list[Risk], list[AttackPath]]:
    """Return the risks, each with the way that shows it, and the ways: those that are told, and those that are made for this."""
    paths = {one.id: one for one in told}
    shown: list[Risk] = []
    for number, risk in enumerate(risks):
        step = found.steps.get(risk.id)
        if step is not None and not risk.path and number < MOST:
            way = Way(risk.actor or risk.source, found.attacks.asset_of(step.target), (step,))
            path = found.hops.path(_actor(found, risk, step.source), way)
            paths.setdefault(path.id, path)
            risk = msgspec.structs.replace(risk, path=path.id)
        shown.append(risk)
    return shown, list(paths.values())


def _actor(found: Derived, risk: Risk, source: str) -> Actor:
    """Return the actor of a risk; of one between groups whoever is in the one that reaches the other."""
    known = next((one.actor for one in found.attackers if one.actor.id == risk.actor), None)
    if known is not None:
        return known
    zone = ZoneKind.INTERNET if source == INTERNET.resource else ZoneKind.VPC
    return Actor(id=risk.source, name=risk.source, zone=zone, starts=[source], assumptions=[], likelihood=1)
