"""A matrix of any size as Parquet, for DuckDB, pandas and whatever else reads columns; every text is kept once a row group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...models.matrix import VERDICTS
from .rows import COLUMNS

if TYPE_CHECKING:
    from ...models.matrix import Batch, Heading
    from . import Sink, Writer

# Each row group has the words of its rows: larger ones repeat fewer, smaller ones need less memory.
ROWS_A_GROUP = 1_000_000
LONGEST_DICTIONARY = 64 << 20
TEXT = pa.dictionary(pa.int32(), pa.string())


class _Parquet:
    def __init__(self, heading: Heading, file: Sink) -> None:
        self._groups = [[_kept(text) for text in (one.id, one.name, one.vpc)] for one in heading.groups]
        self._verdicts = [one.value for one in VERDICTS]
        self._services: list[str] = []
        self._batches: list[Batch] = []
        self._rows = 0
        self._writer = pq.ParquetWriter(
            pa.PythonFile(_Counted(file), "w"),
            pa.schema([(name, TEXT) for name in COLUMNS]),
            compression="zstd",
            dictionary_pagesize_limit=LONGEST_DICTIONARY,
            # Rows are in order of target: its smallest and largest let a reader leave row groups out, those of the others nothing.
            write_statistics=["target"],
        )

    def write(self, batch: Batch) -> None:
        self._services.extend(", ".join(one) for one in batch.new_services)
        self._batches.append(batch)
        self._rows += len(batch.sources)
        if self._rows >= ROWS_A_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        sources = self._ends([one.sources for one in self._batches])
        targets = self._ends([one.targets for one in self._batches])
        verdicts = _in_words([one.verdicts for one in self._batches], self._verdicts)
        services = _in_words([one.services for one in self._batches], self._services)
        self._writer.write_batch(pa.record_batch([*sources, *targets, verdicts, services], names=list(COLUMNS)), self._rows)
        self._batches, self._rows = [], 0

    def _ends(self, parts: Sequence[Sequence[int]]) -> list[Any]:
        """Return id, name and VPC of the groups."""
        used, places = _used(parts, len(self._groups))
        return [_spelt(places, [self._groups[number][side] for number in used]) for side in range(3)]


def _in_words(parts: Sequence[Sequence[int]], words: Sequence[str]) -> Any:
    used, places = _used(parts, len(words))
    return _spelt(places, [words[number] for number in used])


def _used(parts: Sequence[Sequence[int]], count: int) -> tuple[list[int], Any]:
    """Return which numbers below `count` occur, and for each that is there its place among them."""
    column = np.concatenate([np.asarray(part, np.int32) for part in parts])
    occurs = np.zeros(count, np.bool_)
    occurs[column] = True
    return np.flatnonzero(occurs).tolist(), (np.cumsum(occurs, dtype=np.int32) - 1)[column]


def _spelt(places: Any, words: Sequence[str]) -> Any:
    """Return the words at these places as a column that has each different word once."""
    number = {word: at for at, word in enumerate(dict.fromkeys(words))}
    if len(number) < len(words):
        places = np.array([number[word] for word in words], np.int32)[places]
    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(list(number), pa.string()))


def _kept(text: str) -> str:
    """Return the text as it is, but for half a character, which no file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Counted:
    """A file that knows how much was written, be it a pipe."""

    closed = False

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._written = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """Leave that to whoever opened it."""

    def close(self) -> None:
        """Leave that to whoever opened it."""


def writer(heading: Heading, file: Sink) -> Writer:
    """Return what writes the Parquet file."""
    return _Parquet(heading, file)
