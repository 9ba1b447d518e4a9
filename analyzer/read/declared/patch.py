"""What code changes of a row that is there: elements that it takes out of lists and puts into them, fields that it sets."""

from __future__ import annotations

from typing import Any

Fields = dict[str, Any]
# By what elements of lists are known, whatever else they say: entries of an ACL, routes.
KNOWN_BY = (
    ("RuleNumber", "Egress"),
    ("DestinationCidrBlock",),
    ("DestinationIpv6CidrBlock",),
    ("DestinationPrefixListId",),
)


def patched(row: Fields, before: Fields, after: Fields) -> Fields:
    """Return a row with what makes the one of two descriptions into the other."""
    made = dict(row)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        own = made.get(name)
        if isinstance(own, list) and isinstance(new or [], list) and isinstance(old or [], list):
            gone = [one for one in old or [] if one not in (new or [])]
            made[name] = [*without(own, gone), *(one for one in new or [] if one not in (old or []))]
        elif isinstance(own, dict) and isinstance(new, dict):
            made[name] = patched(own, old if isinstance(old, dict) else {}, new)
        elif name in after:
            made[name] = new
        else:
            del made[name]
    return made


def without(own: list[Any], gone: list[Any]) -> list[Any]:
    """Return a list without elements, which may say more than they do here: rules lose the far sides that are named."""
    left = own
    for one in gone:
        left = [rest for each in left if (rest := _less(each, one)) is not None]
    return left


def _less(own: Any, gone: Any) -> Any:
    """Return what is left of an element when another is taken out of it; None for nothing."""
    if not isinstance(own, dict) or not isinstance(gone, dict):
        return None if own == gone else own
    for names in KNOWN_BY:
        if all(name in gone for name in names):
            return None if all(own.get(name) == gone[name] for name in names) else own
    lists = [name for name, value in gone.items() if isinstance(value, list)]
    plain = ((name, value) for name, value in gone.items() if name not in lists and not _is_any_port(name, value))
    if not all(_says(own.get(name), value) for name, value in plain):
        return own
    if not lists:
        return None
    less = {**own, **{name: without(own.get(name) or [], gone[name]) for name in lists}}
    return less if any(value for value in less.values() if isinstance(value, list)) else None


def _says(own: Any, value: Any) -> bool:
    """Return whether a value is another, or says more than that."""
    if isinstance(own, dict) and isinstance(value, dict):
        return all(_says(own.get(name), inner) for name, inner in value.items())
    return bool(own == value)


def _is_any_port(name: str, value: Any) -> bool:
    """Return whether a port says nothing: rules of every protocol may name some, and AWS does not."""
    return name in ("FromPort", "ToPort") and value in (0, -1, 65535)
