"""A matrix of any size as one JSON object `reach/matrix/1`, a pair and verdict on each line of `pairs`."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

import msgspec

from ...models.matrix import VERDICTS

if TYPE_CHECKING:
    from ...models.matrix import Batch, Heading
    from . import Sink, Writer


class _Json:
    def __init__(self, heading: Heading, file: Sink) -> None:
        self._heading = heading
        self._file = file
        self._groups = [dumps({"id": one.id, "name": one.name, "vpc": one.vpc}) for one in heading.groups]
        self._services: list[str] = []
        self._before = "\n"
        query = {"by": heading.by, "from": heading.source, "to": heading.target, "on": heading.on}
        self._put(f'{{\n  "schema": "reach/matrix/1",\n  "query": {dumps(query)},\n  "pairs": [')

    def write(self, batch: Batch) -> None:
        self._services.extend(dumps(one) for one in batch.new_services)
        groups, services = self._groups, self._services
        columns = (batch.sources, batch.targets, batch.verdicts, batch.services)
        rows = [
            f'    {{"from": {groups[source]}, "to": {groups[target]}, '
            f'"verdict": "{VERDICTS[verdict].value}", "services": {services[number]}}}'
            for source, target, verdict, number in zip(*columns, strict=True)
        ]
        if rows:
            self._put(self._before + ",\n".join(rows))
            self._before = ",\n"

    def close(self) -> None:
        rest = {"not_modelled": list(self._heading.not_modelled), "snapshot": msgspec.to_builtins(self._heading.snapshot)}
        lines = ",\n".join(f'  "{key}": {dumps(value)}' for key, value in rest.items())
        self._put(f"\n  ],\n{lines}\n}}\n")

    def _put(self, text: str) -> None:
        self._file.write(text.encode("ascii"))


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the JSON."""
    return _Json(heading, file)
