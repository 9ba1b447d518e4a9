"""The rule book as a whole: every module that enters a rule is imported before it is read."""

from __future__ import annotations

from importlib import import_module

from .models.rule import RULES, Rule

WHERE_RULES_STAND = ("analyzer.models.aws", "analyzer.mail", "analyzer.reach", "analyzer.walk")


def rule_book() -> dict[str, Rule]:
    """Return every rule by id, in order of section and number (`NACL-2` before `NACL-10`)."""
    for module in WHERE_RULES_STAND:
        import_module(module)
    return {id: RULES[id] for id in sorted(RULES, key=order_of_rules)}


def order_of_rules(id: str) -> tuple[str, int]:
    """Return what rules are sorted by: their section, then their number."""
    section, _, number = id.rpartition("-")
    return section, int(number)
