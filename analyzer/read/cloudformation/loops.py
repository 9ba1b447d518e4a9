"""`Fn::ForEach` written out: a mapping repeated for each member of a collection, as AWS::LanguageExtensions does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

FOR_EACH = "Fn::ForEach::"
# A template that grows beyond so many values is none that AWS takes.
MOST = 200_000
DEEPEST = 60


class Loops:
    """Writes loops out; `collection` gives the members of one, None where nobody knows them."""

    def __init__(self, collection: Callable[[Any], list[str] | None]) -> None:
        self._collection = collection
        self._left = MOST
        # Why a loop could not be written out.
        self.untold: list[str] = []

    def written_out(self, value: Any, depth: int = 0) -> Any:
        """Return a value in which no loop is left, but for those that are `untold`, which are left out."""
        if isinstance(value, list):
            return [self.written_out(one, depth + 1) for one in value]
        if not isinstance(value, dict):
            return value
        made: dict[str, Any] = {}
        for key, inner in value.items():
            if key.startswith(FOR_EACH):
                made.update(self._loop(key.removeprefix(FOR_EACH), inner, depth))
            else:
                made[key] = self.written_out(inner, depth + 1)
        return made

    def _loop(self, name: str, inner: Any, depth: int) -> dict[str, Any]:
        shaped = isinstance(inner, list) and len(inner) == 3 and isinstance(inner[0], str) and isinstance(inner[2], dict)
        members = self._collection(inner[1]) if shaped else None
        if members is None or depth > DEEPEST:
            self.untold.append(f"the loop `{name[:80]}` is not read: what it runs over is not known")
            return {}
        made: dict[str, Any] = {}
        for member in members:
            body = self._with(inner[2], inner[0], member)
            if self._left <= 0:
                self.untold.append(f"the loop `{name[:80]}` is not read: it is too large")
                return {}
            made.update(self.written_out(body, depth + 1))
        return made

    def _with(self, value: Any, name: str, member: str) -> Any:
        """Return a copy of a value with a member in place of the loop's variable."""
        self._left -= 1
        if self._left <= 0:
            return None
        if isinstance(value, list):
            return [self._with(one, name, member) for one in value]
        if isinstance(value, dict):
            if value == {"Ref": name}:
                return member
            return {_put(key, name, member): self._with(inner, name, member) for key, inner in value.items()}
        return _put(value, name, member) if isinstance(value, str) else value


def _put(text: str, name: str, member: str) -> str:
    plain = "".join(one for one in member if one.isalnum())
    return text.replace(f"${{{name}}}", member).replace(f"&{{{name}}}", plain)
