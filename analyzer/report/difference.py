"""What changed between two snapshots, as text, JSON, SARIF, Markdown and CSV."""

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
    from ..models.location import Locations
    from ..models.matrix import Group
    from .sarif import Result

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


def render(found: Difference, format: str, locations: Locations | None = None) -> str:
    """Return the difference in one of FORMATS, ending in a line break; raises QuestionError for an unknown format.

    `locations` are where `found.written` is on either side, for `sarif` (see `Network.locations`); without them it names no file.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    return _sarif(found, locations or {}) if format == "sarif" else _RENDERERS[format](found)


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
        yield f"{'+' if one.change == 'opened' else '-'} {_sentence(one)}"
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


def _sentence(one: Change) -> str:
    return f"{names(one.sources)} {_verb(one)} {names(one.targets)} on {clean(in_words(one.services))}"


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


def _sarif(found: Difference, locations: Locations) -> str:
    from . import sarif

    more, less = (f"{word} can be reached, or {word} surely, than before" for word in ("more", "less"))
    rules = [
        sarif.Rule(id="diff/opened", name="opened", title=f"opened: {more}", text=more, level="warning"),
        sarif.Rule(id="diff/closed", name="closed", title=f"closed: {less}", text=less, level="note"),
    ]
    return sarif.log("diff", rules, [_result(one) for one in found.changes], locations)


def _result(one: Change) -> Result:
    """Return a change at the lines that did it, those that are there now first."""
    from . import sarif

    told = [f"{_sentence(one)}: {one.was} -> {one.now}", *map(cause_in_words, one.causes)]
    causes = sorted(one.causes, key=lambda cause: cause.side != "new")
    return sarif.Result(
        rule=f"diff/{one.change}",
        message="\n".join(map(sarif.plain, told)),
        places=[sarif.Place(cause.written, f"{'+' if cause.side == 'new' else '-'} {cause.line}") for cause in causes],
        fingerprint=sarif.fingerprint(one.change, one.grain, _joined(one.sources, "id"), _joined(one.targets, "id")),
        properties={"was": one.was.value, "now": one.now.value, "services": [clean(text) for text in one.services]},
    )


_RENDERERS: dict[str, Callable[[Difference], str]] = {"text": _text, "json": _json, "markdown": _markdown, "csv": _csv}
FORMATS = ("text", "json", "sarif", "markdown", "csv")
