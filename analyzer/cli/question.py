"""The words of a question: SOURCE to TARGET [on SERVICE]."""

from __future__ import annotations

from ..models.errors import QuestionError

GRAMMAR = "`reach from SOURCE to TARGET [on SERVICE]`"


def question(words: list[str], grammar: str = GRAMMAR) -> tuple[str, str, str | None]:
    """Return SOURCE, TARGET and SERVICE of the words between the keywords `to` and `on`."""
    at = words.index("to") if "to" in words else len(words)
    after = words[at + 1 :]
    end = after.index("on") if "on" in after else len(after)
    source, target, on = words[:at], after[:end], after[end + 1 :]
    missing = "source" if not source else "target" if not target else "service after `on`" if end < len(after) and not on else ""
    if missing:
        raise QuestionError(f"the {missing} is missing", hint=f"write {grammar}")
    return " ".join(source), " ".join(target), " ".join(on) or None
