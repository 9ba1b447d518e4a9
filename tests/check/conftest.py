"""Invariants against the networks of the truth table."""

from __future__ import annotations

from datetime import date

from analyzer.invariants import check
from analyzer.invariants.written import parsed
from analyzer.models.check import Check
from analyzer.network import Network

TODAY = date(2026, 7, 1)


def checked(network: Network, text: str, today: date = TODAY, limit: int = 100) -> Check:
    """Return how the invariants fare that stand in a text; a list item alone is enough."""
    whole = text if "invariants:" in text else f"invariants:\n- name: it\n  {text}"
    return check(network.snapshot, parsed(whole, "inv.yaml"), today, limit)


def pairs(outcome: Check) -> set[tuple[str, str]]:
    return {(one.source.id, one.target.id) for one in outcome.violations}
