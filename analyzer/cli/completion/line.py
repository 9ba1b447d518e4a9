"""A line of a shell as far as it was typed: the words before the cursor, and the one that it stands in."""

from __future__ import annotations

import shlex
from os.path import basename
from typing import NamedTuple

PROGRAMS = ("reach", "vpc-reach")


class Typed(NamedTuple):
    """The words after the program's name, and the beginning of the next one."""

    words: list[str]
    current: str


def typed(line: str) -> Typed | None:
    """Return what was typed of a command of ours, quotes taken off, an open one too; None where it is no such command."""
    for closing in ("", '"', "'"):
        try:
            words = shlex.split(line + closing)
        except ValueError:
            continue
        if not closing and (not line or line[-1].isspace()):
            words.append("")
        at = next((at for at, word in enumerate(words) if basename(word) in PROGRAMS), len(words))
        after = words[at + 1 :]
        return Typed(after[:-1], after[-1]) if after else None
    return None
