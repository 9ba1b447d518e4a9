"""`reach matrix`: one pass over the rows, into stdout and as many files as are wanted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from ..models.errors import QuestionError, ReachError
from ..report.matrix import BINARY, FORMATS, Sink, writer
from .console import Progress, is_terminal, put_bytes, reason, show, shown
from .options import Options

if TYPE_CHECKING:
    import argparse

    from ..matrix import Matrix
    from ..network import Network

ABOUT = """Who can reach whom on what, between groups of GRAIN: sg, subnet, vpc, context, tag:KEY or interface. A group
reaches another when any of its members reaches any other one. Pairs that are not listed are blocked."""
WORDS = ("from", "to", "on")


def matrix(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach matrix`, its rows written; `network` reads what the options name."""
    chosen, rest = _options().read(words)
    limits = _limits(rest)
    on = _once("on", limits.get("on"), "--on", chosen.on)
    if chosen.format in BINARY and not chosen.output and is_terminal():
        raise QuestionError(f"`{chosen.format}` is nothing that a terminal shows", hint="`--output FILE`, or a pipe")
    from ..matrix import Matrix

    made = Matrix(network(chosen).snapshot, chosen.by, on, limits.get("from"), limits.get("to"), chosen.context_key)
    with suppress(UnreadError):
        _write(made, chosen)
    return 0


def _options() -> Options:
    options = Options("matrix", "[--by GRAIN] [from SELECTOR] [to SELECTOR] [on SERVICE] [options]", ABOUT)
    options.of_snapshot()
    options.add_argument("--by", default="sg", metavar="GRAIN", help="sg (default), subnet, vpc, context, tag:KEY, interface")
    options.add_argument("--on", metavar="SERVICE", help="the same as `on SERVICE`")
    options.add_argument("--context-key", metavar="KEY", help="the tag that declares contexts (default: context)")
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.add_argument("--output", metavar="FILE", help="write it to a file instead")
    options.outputs(FORMATS)
    options.number("--workers", "processes that work at it (default: one a core)", 0)
    options.add_argument("--cluster", default="", metavar="ADDRESS", help="let the workers of a Dask scheduler do it instead")
    return options


def _limits(words: Sequence[str]) -> dict[str, str]:
    """Return what stands after each of the keywords, which may come in any order."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for word in words:
        if word in WORDS:
            if word in found:
                raise QuestionError(f"`{word}` is there twice", hint="write `reach matrix from SELECTOR to SELECTOR on SERVICE`")
            current = found[word] = []
        elif current is None:
            hint = "`--by GRAIN`, and `from SELECTOR`, `to SELECTOR`, `on SERVICE` for a part of it"
            raise QuestionError(f"`reach matrix` takes no `{shown(word)}`", hint=hint)
        else:
            current.append(word)
    for word, rest in found.items():
        if not rest:
            raise QuestionError(f"nothing follows `{word}`", hint="write `reach matrix from SELECTOR to SELECTOR on SERVICE`")
    return {word: " ".join(rest) for word, rest in found.items()}


def _once(word: str, one: str | None, option: str, other: str | None) -> str | None:
    if one is not None and other is not None:
        raise QuestionError(f"both `{word}` and `{option}` are there", hint="take one of them")
    return other if one is None else one


# ---------------------------------------------------------------------- where it goes
class UnreadError(Exception):
    """Whoever read stdout went, and nothing else is to be written."""


def _write(made: Matrix, chosen: argparse.Namespace) -> None:
    """Write the matrix everywhere in one pass; files appear when all of them are whole, or none does."""
    files: list[tuple[str, str]] = [*chosen.o, *([(chosen.format, chosen.output)] if chosen.output else [])]
    progress = Progress("computing the matrix", made.shard_count)
    with ExitStack() as opened:
        outputs: list[tuple[str, Sink]] = [(format, opened.enter_context(_File(path))) for format, path in files]
        if not chosen.output:
            outputs.append((chosen.format, _Stdout(chosen.format, alone=not files)))
        writers = [writer(format, made.heading, file) for format, file in outputs]
        # Whatever happens, the line on the terminal goes, and workers are told before files are.
        opened.callback(progress.end)
        for batch in made.batches(workers=chosen.workers, cluster=chosen.cluster):
            for one in writers:
                one.write(batch)
            progress.step()
        progress.end()
        for one in writers:
            one.close()


class _Stdout:
    """Stdout as a file of bytes."""

    def __init__(self, format: str, *, alone: bool) -> None:
        self._format = format
        self._alone = alone

    def write(self, data: bytes) -> None:
        read = put_bytes(data) if self._format in BINARY else show(data.decode("utf-8"), self._format)
        if not read and self._alone:
            raise UnreadError


class _File:
    """A file that has its name only once everything in it is written; a device or pipe has it from the start."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._part = path if os.path.exists(path) and not os.path.isfile(path) else f"{path}.part"
        with self._named():
            self._file = open(self._part, "wb")  # noqa: SIM115 - closed by __exit__

    def write(self, data: bytes) -> None:
        with self._named():
            self._file.write(data)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        with self._named():
            self._file.close()
            if self._part != self._path and kind is None:
                os.replace(self._part, self._path)
        if self._part != self._path and kind is not None:
            with suppress(OSError):
                os.unlink(self._part)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Tell which file it was that could not be written."""
        try:
            yield
        except OSError as error:
            hint = "name a file in a folder that is there"
            raise ReachError(f"cannot write `{shown(self._path)}`: {reason(error)}", hint=hint) from error
