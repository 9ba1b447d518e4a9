"""Words of messages: what users wrote, made safe to print, and the hints that several errors share."""

from __future__ import annotations

from functools import lru_cache

LEAVE_FILE_OUT = "collect the snapshot again, or remove the file to leave it out"
LEAVE_RESOURCE_OUT = "collect the snapshot again, or remove the resource to leave it out"
LONGEST = 80


def shown(text: object, longest: int = LONGEST) -> str:
    """Return the text without control characters and backticks, cut to `longest` characters."""
    cut = str(text)[: longest + 1]
    plain = "".join(char if char.isprintable() and char != "`" else "?" for char in cut)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


@lru_cache(maxsize=4096)
def path_shown(path: str) -> str:
    """Return a path to print, its end kept when it is longer than anyone reads."""
    plain = shown(path, 4096)
    return plain if len(plain) <= 240 else "…" + plain[-239:]


def counted(number: int, noun: str) -> str:
    """Return the number with its noun: `1 resource`, `2 resources`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
