"""Policies of endpoints, as far as they say nothing: whether one allows everything to everybody."""

from __future__ import annotations

from typing import Any

import msgspec


def allows_everything(policy: str) -> bool:
    """Return whether a policy document adds nothing: absent, or one statement that allows all to everybody."""
    if not policy:
        return True
    try:
        statements = msgspec.json.decode(policy)["Statement"]
    except (msgspec.DecodeError, KeyError, TypeError):
        return False
    statements = statements if isinstance(statements, list) else [statements]
    return any(_is_full(one) for one in statements) and not any(
        isinstance(one, dict) and one.get("Effect") == "Deny" for one in statements
    )


def _is_full(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Allow" or statement.get("Condition"):
        return False
    principal = statement.get("Principal")
    everyone = principal == "*" or (isinstance(principal, dict) and principal.get("AWS") in ("*", ["*"]))
    return everyone and all(statement.get(part) in ("*", ["*"]) for part in ("Action", "Resource"))
