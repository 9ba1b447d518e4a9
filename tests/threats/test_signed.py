"""Signs among the risks: what is proven scores by its kind and data, what nobody knows is the least there is."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.models.trust import DataClass
from analyzer.threats.knowledge import knowledge
from analyzer.threats.signed import signed

from .scenes import asset, world


@pytest.mark.parametrize(
    ("said", "data_class", "confidence", "impact"),
    [
        ({"TransitEncryptionEnabled": False}, DataClass.RESTRICTED, "reachable", 4),
        ({"TransitEncryptionEnabled": False}, DataClass.PUBLIC, "reachable", 1),
        ({}, DataClass.RESTRICTED, "unknown", 1),
    ],
    ids=["restricted", "public", "not known"],
)
def test_what_is_not_known_of_restricted_data_is_no_grave_risk(said: Any, data_class: DataClass, confidence: str, impact: int):
    cache = {"CacheClusterId": "sessions", "Engine": "redis", **said}
    assets = {"sessions": asset("sessions", data_class)}
    drafts = signed(world(CacheClusters=[cache]), assets, [], knowledge())
    (draft,) = [one for one in drafts if one.kind == "unencrypted-in-transit"]
    assert (draft.confidence.value, draft.likelihood.points, draft.impact.points) == (confidence, 1, impact)
    assert draft.assets == ("sessions",)
