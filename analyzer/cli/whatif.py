"""`reach whatif CHANGES.yaml from … to …`: the same question as `reach from`, after edits to the snapshot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from .options import Options
from .question import question

if TYPE_CHECKING:
    import argparse

    from ..network import Network

GRAMMAR = "`reach whatif CHANGES.yaml from SOURCE to TARGET [on SERVICE]`"
ABOUT = """Whether SOURCE could reach TARGET after the edits of CHANGES.yaml, by which way, or what would stop it. The snapshot
stays as it is."""


def whatif(
    words: list[str],
    network: Callable[[argparse.Namespace], Network],
    answer: Callable[[Network, str, str, str | None, argparse.Namespace], int],
) -> int:
    """Return the exit code of `reach whatif`; `network` reads what the options name, `answer` asks and prints."""
    options = Options("whatif", "CHANGES.yaml from SOURCE to TARGET [on SERVICE] [options]", ABOUT)
    options.of_snapshot()
    options.of_answer()
    chosen, rest = options.read(words)
    if len(rest) < 2 or rest[1] != "from":
        raise QuestionError("the file of edits, or the question after it, is missing", hint=f"write {GRAMMAR}")
    source, target, on = question(rest[2:], GRAMMAR)
    from ..edit import edits_of

    edits_of(rest[0])  # what is wrong with it is said before a large snapshot is read
    return answer(network(chosen).whatif(rest[0]), source, target, on, chosen)
