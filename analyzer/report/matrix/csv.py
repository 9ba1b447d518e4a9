"""A matrix of any size as CSV, for spreadsheets: RFC 4180, in UTF-8, one line for each pair and verdict."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...models.matrix import VERDICTS
from ..words import clean
from .rows import COLUMNS

if TYPE_CHECKING:
    from ...models.matrix import Batch, Heading
    from . import Sink, Writer

# A cell that begins so is a formula to a spreadsheet, and whoever may name a resource could compute there.
FORMULA = ("=", "+", "-", "@")


class _Csv:
    def __init__(self, heading: Heading, file: Sink) -> None:
        self._file = file
        self._groups = [csv_line((one.id, one.name, one.vpc)) for one in heading.groups]
        self._services: list[str] = []
        file.write(f"{csv_line(COLUMNS)}\r\n".encode())

    def write(self, batch: Batch) -> None:
        self._services.extend(csv_line([", ".join(one)]) for one in batch.new_services)
        groups, services = self._groups, self._services
        columns = (batch.sources, batch.targets, batch.verdicts, batch.services)
        lines = (
            f"{groups[source]},{groups[target]},{VERDICTS[verdict].value},{services[number]}\r\n"
            for source, target, verdict, number in zip(*columns, strict=True)
        )
        self._file.write("".join(lines).encode("utf-8", "replace"))

    def close(self) -> None:
        """Every line is written already."""


def csv_line(cells: Sequence[str]) -> str:
    """Return some cells, quoted where they need it."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([_harmless(clean(cell)) for cell in cells])
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the CSV."""
    return _Csv(heading, file)
