"""Tables of clean text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], classes: Sequence[str] = ()) -> Iterator[str]:
    """Yield a table; `classes` has the class of each cell that is one of its words."""
    yield "<table>\n<tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"
    for row in rows:
        yield "<tr>" + "".join(_cell(text, classes) for text in row) + "</tr>"
    yield "</table>"


def _cell(text: str, classes: Sequence[str]) -> str:
    marked = f' class="{text}"' if text in classes else ""
    return f"<td{marked}>{'<br>'.join(escape(line) for line in text.splitlines())}</td>"
