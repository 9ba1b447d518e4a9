"""What changed between two snapshots, as text, JSON, Markdown and CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from json import dumps
from typing import TYPE_CHECKING

from ..models.errors import QuestionError, quoted
from .markdown import code, prose
from .matrix.csv import csv_line
from .words import clean
from .words import services as in_words

if TYPE_CHECKING:
    from ..models.difference import Cause, Change, Difference
    from ..models.matrix import Group

COLUMNS = (
    "change",
    "grain",
    "from",
    "from_names",
    "to",
    "to_names",
    "was",
    "now",
    "services",
    "side",
    "resource",
    "line",
    "rule",
)
# Of more groups on one side the first are named, for people; JSON and CSV name them all.
MOST_NAMED = 4
WORDS = {"sg": "security groups", "vpc": "VPCs", "subnet": "subnets", "interface": "interfaces"}


def render(found: Difference, format: str) -> str:
    """Return the difference in one of FORMATS, ending in a line break; raises QuestionError for an unknown format."""
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return _RENDERERS[format](found)


def counted(found: Difference) -> str:
    """Return how much changed, in a sentence."""
    if not found.changes:
        return "nothing that anybody reaches changed"
    opened, closed = len(found.opened), len(found.closed)
    return f"{opened} opened, {closed} closed, between {found.pairs:,} pair{'s' if found.pairs != 1 else ''} of interfaces"


# ---------------------------------------------------------------------- for people
def _text(found: Difference) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Difference) -> Iterator[str]:
    yield counted(found) + (f" on {clean(found.on)}" if found.on else "")
    for one in found.changes:
        sign = "+" if one.change == "opened" else "-"
        yield f"{sign} {names(one.sources)} {_verb(one)} {names(one.targets)} on {clean(in_words(one.services))}"
        yield f"    {one.was} -> {one.now}, by {WORDS[one.grain]}; for example {' to '.join(map(_end, one.example))}"
        yield from (f"    {cause_in_words(cause)}" for cause in one.causes)
    if found.not_modelled:
        yield "not modelled, and so not in this answer:"
        yield from (f"  - {clean(one)}" for one in found.not_modelled)


def names(groups: Sequence[Group]) -> str:
    """Return groups by name, those beyond the first few as their number."""
    shown = [clean(one.name or one.id) for one in groups[:MOST_NAMED]]
    more = f" and {len(groups) - MOST_NAMED:,} more" if len(groups) > MOST_NAMED else ""
    return ", ".join(shown) + more


def _verb(one: Change) -> str:
    return {"reachable": "can now reach", "blocked": "can no longer reach"}.get(one.now.value, "may reach")


def _end(one: Group) -> str:
    return clean(f"{one.name} ({one.id})" if one.name and one.name != one.id else one.id)


def cause_in_words(one: Cause) -> str:
    """Return a line that did it, with where it is written."""
    sign = "+" if one.side == "new" else "-"
    where = f", {clean(one.origin)}" if one.origin else ""
    return f"{sign} {clean(one.resource)}: {clean(one.line)}  ({one.rule}{where})"


def _markdown(found: Difference) -> str:
    return "\n".join(_markdown_lines(found)) + "\n"


def _markdown_lines(found: Difference) -> Iterator[str]:
    yield f"### {prose(counted(found).capitalize())}"
    for title, changes in (("Opened", found.opened), ("Closed", found.closed)):
        if changes:
            yield from ("", f"**{title}**", "", "| from | to | on | was | now | for example | line |", f"|{' --- |' * 7}")
        for one in changes:
            lines = "<br>".join(code(f"{clean(cause.resource)}: {clean(cause.line)}") for cause in one.causes)
            cells = (
                code(names(one.sources)),
                code(names(one.targets)),
                code(clean(in_words(one.services))),
                one.was,
                one.now,
                code(" to ".join(map(_end, one.example))),
                lines,
            )
            yield f"| {' | '.join(cells)} |"
    if found.not_modelled:
        yield from ("", "**Not modelled, and so not in this answer:**", "")
        yield from (f"- {prose(clean(one))}" for one in found.not_modelled)


# ---------------------------------------------------------------------- for programs
def _json(found: Difference) -> str:
    return dumps(found.to_dict(), indent=2) + "\n"


def _csv(found: Difference) -> str:
    return "\r\n".join([csv_line(COLUMNS), *(csv_line(_cells(one)) for one in found.changes)]) + "\r\n"


def _cells(one: Change) -> list[str]:
    first = one.causes[0] if one.causes else None
    ends = [part for groups in (one.sources, one.targets) for part in (_joined(groups, "id"), _joined(groups, "name"))]
    told = [first.side, first.resource, first.line, first.rule] if first else [""] * 4
    return [one.change, one.grain, *ends, one.was.value, one.now.value, ", ".join(one.services), *told]


def _joined(groups: Sequence[Group], field: str) -> str:
    return "; ".join(str(getattr(one, field)) for one in groups)


_RENDERERS: dict[str, Callable[[Difference], str]] = {"text": _text, "json": _json, "markdown": _markdown, "csv": _csv}
FORMATS = tuple(_RENDERERS)
