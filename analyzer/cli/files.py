"""Files that a command writes beside stdout."""

from __future__ import annotations

from ..models.errors import ReachError
from .console import reason, shown


def written(path: str, content: str) -> None:
    """Write an answer to a file; raises ReachError where the system refuses."""
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except OSError as error:
        raise ReachError(
            f"cannot write `{shown(path)}`: {reason(error)}", hint="name a file in a folder that is there"
        ) from error
