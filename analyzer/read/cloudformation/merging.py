"""What SAM makes of `Globals` and a resource's own properties: maps are merged at any depth, lists are joined, single values replaced."""

from __future__ import annotations

from typing import Any


def merged(shared: Any, own: Any) -> Any:
    """Return a value of the globals with the resource's own over it; an expression is a single value."""
    if isinstance(shared, list) and isinstance(own, list):
        return [*shared, *own]
    if _is_map(shared) and _is_map(own):
        return {**shared, **{name: merged(shared[name], value) if name in shared else value for name, value in own.items()}}
    return own


def _is_map(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    name = str(next(iter(value), ""))
    return len(value) != 1 or not (name in ("Ref", "Condition") or name.startswith("Fn::"))
