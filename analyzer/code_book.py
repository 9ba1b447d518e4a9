"""The explanation codes of AWS as a book: the list and our words for it, joined with the rows of the truth table that show them."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from typing import Any

from .models.code import ExplanationCode
from .rule_book import order_of_rules

CODES = "explanation_codes.toml"
ROWS = "code_rows.json"


def code_book() -> dict[str, ExplanationCode]:
    """Return every code of AWS's page, in the order of the page's subjects."""
    listed = tomllib.loads(_text(CODES))
    rows: dict[str, dict[str, str]] = json.loads(_text(ROWS))
    return {one.code: one for one in _entries(listed, rows)}


def as_of() -> str:
    """Return the day of the page that the list is from."""
    return str(tomllib.loads(_text(CODES))["as_of"])


def _entries(listed: dict[str, Any], rows: dict[str, dict[str, str]]) -> list[ExplanationCode]:
    return [
        ExplanationCode(
            code,
            group,
            one["says"],
            listed["source"],
            {rule: rows[code][rule] for rule in sorted(rows.get(code, ()), key=order_of_rules)},
            one.get("never", ""),
        )
        for group, codes in listed.items()
        if isinstance(codes, dict)
        for code, one in codes.items()
    ]


def _text(name: str) -> str:
    return (files("analyzer") / "data" / name).read_text("utf-8")
