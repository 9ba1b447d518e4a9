"""An answer about an edited snapshot, beside the one without the edits."""

from __future__ import annotations

import msgspec

from ..ask import ask
from ..models.answer import Answer
from ..models.errors import QuestionError
from ..models.snapshot import Snapshot


def compared(answer: Answer, before: Snapshot) -> Answer:
    """Return the answer with a note about what it is without the edits."""
    query = answer.query
    try:
        old = ask(before, query.source, query.target, query.on, limit=1)
    except QuestionError:
        # A selector may mean something after the edits alone.
        return msgspec.structs.replace(answer, notes=[*answer.notes, "without the edits the question means nothing"])
    on = f" on {', '.join(old.services)}" if old.services and old.services != answer.services else ""
    same = "the same" if (old.verdict, old.services) == (answer.verdict, answer.services) else f"`{old.verdict}`{on}"
    return msgspec.structs.replace(answer, notes=[*answer.notes, f"without the edits the answer is {same}"])
