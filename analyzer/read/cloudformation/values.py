"""What expressions of a template give: values, ids of resources, and texts in which something stands that nobody knows yet."""

from __future__ import annotations

import re
from typing import Any

from ..declared.resource import Later

# A text that grows beyond this is none that AWS takes anywhere.
LONGEST = 1 << 16
# In place of what a template leaves out by `AWS::NoValue`.
NOTHING = object()
# Properties in which a text only names or describes: that something in it is not known yet changes nothing but the name.
NAMING = re.compile(r".*(Name|Description|Identifier)|Value|Key|AvailabilityZone|ReplicationGroupId|Resource|Action|AWS|Service")


# What templates call the account and the Region of their own stacks: known to be its own, whichever that is.
ACCOUNT, REGION = "AWS::AccountId", "AWS::Region"


class Id(str):
    """The id, name or ARN by which others know a resource of the template."""


class Vague(str):
    """A text in which something stands that nobody knows yet, in words of the template; `why` says what, `ids` which ids are in it."""

    why = ""
    ids: frozenset[str] = frozenset()


def vague(text: str, why: str) -> Vague:
    """Return a text in which something is not known."""
    made = Vague(text)
    made.why = why
    return made


def later(why: str) -> Later:
    """Return the value of which nobody knows what it is."""
    return Later(why=why)


def text_of(value: Any) -> str:
    """Return a single value as templates write it in text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_plain(value: Any) -> bool:
    """Return whether a value is known in full: a text, a number, true or false."""
    return isinstance(value, str | int | float) and not isinstance(value, Id | Vague)


def joined(pieces: list[Any], between: str = "") -> Any:
    """Return texts as one; what is not known of one of them is not known of the whole."""
    for one in pieces:
        if isinstance(one, Later):
            return one
        if not isinstance(one, str | int | float):
            return later("it is made of something that is no text")
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0]
    text = between.join(text_of(one) for one in pieces)
    if len(text) > LONGEST:
        return later("its text is longer than AWS takes")
    doubtful = next((one for one in pieces if isinstance(one, Id | Vague)), None)
    if doubtful is None:
        return text
    made = vague(text, doubtful.why if isinstance(doubtful, Vague) else f"it is made of the id of {doubtful}")
    made.ids = frozenset(
        id for one in pieces if isinstance(one, Id | Vague) for id in (one.ids if isinstance(one, Vague) else [one])
    )
    return made


def settled(value: Any, name: str = "") -> Any:
    """Return what a property named so holds, in plain types; a text of which something is not known only names, or is not known."""
    if isinstance(value, dict):
        return {key: settled(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [settled(inner, name) for inner in value]
    if isinstance(value, Vague):
        own = str(value) if value in (ACCOUNT, REGION) else ""
        return str(value) if NAMING.fullmatch(name) else Later(why=value.why, of=own)
    return str(value) if isinstance(value, Id) else value
