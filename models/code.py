"""Explanation codes of AWS's Reachability Analyzer: what each means here, and which rules give it."""

from __future__ import annotations

import msgspec


class ExplanationCode(msgspec.Struct, frozen=True):
    """One code: its group on AWS's page, what it means in our words, and the rules that give it, each with a row that shows it.

    `never` says why no answer has it; "" where `rows` (rule -> id of a test) has any.
    """

    code: str
    group: str
    says: str
    source: str
    rows: dict[str, str] = {}
    never: str = ""
