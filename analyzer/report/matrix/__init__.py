"""Matrices as text, JSON, CSV, Markdown, HTML and Parquet, written batch by batch into a file that somebody else opened."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from ...models.errors import QuestionError, ReachError, quoted

if TYPE_CHECKING:
    from ...models.matrix import Batch, Heading

__all__ = ["BINARY", "FORMATS", "Sink", "Writer", "writer"]

FORMATS = ("text", "json", "csv", "markdown", "html", "parquet")
# What no terminal can show.
BINARY = ("parquet",)


class Sink(Protocol):
    """An open file, or what takes bytes like one."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class Writer(Protocol):
    """What writes one matrix in one format."""

    def write(self, batch: Batch) -> None:
        """Take the next rows."""

    def close(self) -> None:
        """Write what is left; the file stays open. Raises QuestionError for more rows than the format can show."""


class _Module(Protocol):
    def writer(self, heading: Heading, file: Sink) -> Writer: ...


def writer(format: str, heading: Heading, file: Sink) -> Writer:
    """Return what writes a matrix in one of FORMATS.

    What AWS or users wrote is shown without control characters and escaped as the format needs it; JSON and Parquet hold it as
    it is. Raises QuestionError for an unknown format, ReachError where `parquet` needs packages that are not there.
    """
    if format not in FORMATS:
        raise QuestionError(f"no such format: `{format[:40]}`", hint=f"take one of {quoted(FORMATS)}")
    missing = [name for name in ("numpy", "pyarrow") if find_spec(name) is None] if format == "parquet" else []
    if missing:
        raise ReachError(f"`parquet` needs {quoted(missing)}", hint="`pip install 'vpc-reach[matrix]'`")
    return cast(_Module, import_module(f".{format}", __name__)).writer(heading, file)
