"""The table of signs on `docs/threat-signs.md` is what the data file says: `REACH_WRITE_DOCS=1 pytest tests/docs` writes it anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from analyzer.threats.signs import kinds_file, sign_kinds

PAGE = Path(__file__).parents[2] / "docs" / "threat-signs.md"
TABLE, LEFT_OUT = "<!-- kinds -->", "<!-- not modelled -->"
END = "<!-- end -->"
STRIDE = {
    "S": "spoofing",
    "T": "tampering",
    "R": "repudiation",
    "I": "information disclosure",
    "D": "denial of service",
    "E": "elevation of privilege",
}


def table() -> Iterator[str]:
    yield "| kind | what it is | STRIDE | ATT&CK | likelihood × impact | remedy |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for one in sign_kinds().values():
        stride, known = ", ".join(STRIDE[letter] for letter in one.stride), ", ".join(one.techniques) or "–"
        cells = [
            f"`{one.kind}`",
            one.title,
            stride,
            known,
            f"{one.likelihood} × {one.impact or one.impact_by}",
            f"{one.remedy} ([AWS]({one.reference}))",
        ]
        yield f"| {' | '.join(cells)} |"


def between(text: str, mark: str, lines: list[str]) -> str:
    """Return the page with these lines between a mark and the end of its part."""
    before, _, rest = text.partition(f"{mark}\n")
    _, _, after = rest.partition(END)
    return f"{before}{mark}\n" + "".join(f"{line}\n" for line in lines) + END + after


def test_the_page_shows_what_the_data_file_says() -> None:
    text = PAGE.read_text("utf-8")
    assert text.count(END) == 2, "the page has lost a mark"
    fresh = between(between(text, TABLE, list(table())), LEFT_OUT, [f"- {one}" for one in kinds_file().not_modelled])
    if os.environ.get("REACH_WRITE_DOCS"):
        PAGE.write_text(fresh, "utf-8")
    assert PAGE.read_text("utf-8") == fresh, "run `make docs` and look at the difference"
