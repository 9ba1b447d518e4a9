"""The options of the verbs, read with argparse; their errors are worded as all others are."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from typing import NoReturn

from ..models.errors import QuestionError, quoted
from ..report import FORMATS
from .console import shown


class Options(argparse.ArgumentParser):
    """Options of one verb, whose errors are those of the project; what is no option is a word of the question."""

    def __init__(self, verb: str, usage: str, about: str) -> None:
        super().__init__(prog=f"reach {verb}", usage=f"reach {verb} {usage}", description=about, allow_abbrev=False)
        self.words = usage
        self.choices: dict[str, tuple[str, ...]] = {}

    def error(self, message: str) -> NoReturn:
        option, colon, what = message.removeprefix("argument ").partition(": ")
        raise QuestionError(f"option `{option}`: {what}" if colon else message, hint=f"`{self.prog} --help`")

    def read(self, words: list[str]) -> tuple[argparse.Namespace, list[str]]:
        """Return the options and the words between them; what follows `--` is words."""
        if isinstance(words, _Nothing):
            raise _ReadError(self)
        at = words.index("--") if "--" in words else len(words)
        options, rest = self.parse_known_args(words[:at])
        for word in rest:
            if word.startswith("-"):
                raise QuestionError(f"no such option: `{shown(word)}`", hint=f"`{self.prog} --help`")
        return options, [*rest, *words[at + 1 :]]

    def one_of(self, name: str, choices: Sequence[str], help: str, default: str | None = None) -> None:
        """Add an option that takes one of some words."""

        def chosen(word: str) -> str:
            if word in choices:
                return word
            raise QuestionError(f"`{name}` cannot be `{shown(word)}`", hint=f"one of {quoted(choices)}")

        self.choices[name] = tuple(choices)
        self.add_argument(
            name, type=chosen, default=default, metavar=name.strip("-").upper(), help=f"{help}: {', '.join(choices)}"
        )

    def of_snapshot(self) -> None:
        """Add the options that say what to read, and how."""
        self.add_argument(
            "--snapshot",
            action="append",
            metavar="PATH",
            help="folder, file, archive or `demo`; several are one network (default: $REACH_SNAPSHOT, ./snapshot)",
        )
        self.of_reading()

    def of_reading(self) -> None:
        """Add the options that say how snapshots are read."""
        self.add_argument("--no-cache", action="store_true", help="read the files again, and store nothing in the cache folder")
        self.add_argument("--keep-going", action="store_true", help="leave out what cannot be read; where it matters, `unknown`")

    def of_answer(self) -> None:
        """Add the options that say how an answer is shown, and what it must be."""
        self.one_of("--format", FORMATS, "what goes to stdout", "text")
        self.outputs(FORMATS)
        self.one_of("--expect", ("reachable", "blocked"), "exit 1 unless the verdict is")
        self.add_argument("--explain", action="store_true", help="tell every pair and every reply hop by hop")
        self.number("--limit", "list at most N pairs (default: 100)", 100)

    def number(self, name: str, help: str, default: int | None, least: int = 1) -> None:
        """Add an option that takes a whole number from `least` on."""

        def chosen(word: str) -> int:
            if word.isascii() and word.isdigit() and int(word[:9]) >= least and len(word) < 9:
                return int(word)
            raise QuestionError(f"`{name}` cannot be `{shown(word)}`", hint=f"a whole number from {least} on")

        self.add_argument(name, type=chosen, default=default, metavar="N", help=help)

    def day(self, name: str, help: str) -> None:
        """Add an option that takes a day."""

        def chosen(word: str) -> date:
            try:
                return date.fromisoformat(word)
            except ValueError:
                raise QuestionError(f"`{name}` cannot be `{shown(word)}`", hint="a day like `2027-03-31`") from None

        self.add_argument(name, type=chosen, metavar="DAY", help=help)

    def outputs(self, formats: Sequence[str]) -> None:
        """Add the option that writes the answer to a file as well, in one of some formats."""

        def chosen(word: str) -> tuple[str, str]:
            format, equals, path = word.partition("=")
            if format in formats and path:
                return format, path
            what = f"no such format: `{shown(format)}`" if equals and path else f"`-o` cannot be `{shown(word)}`"
            raise QuestionError(what, hint=f"`-o FORMAT=FILE` with one of {quoted(formats)}")

        self.choices["-o"] = tuple(f"{format}=" for format in formats)
        self.add_argument("-o", type=chosen, action="append", default=[], metavar="FORMAT=FILE", help="write it to a file, too")


def wants(chosen: argparse.Namespace, format: str) -> bool:
    """Return whether a format is asked for, on stdout or in a file."""
    return chosen.format == format or any(each == format for each, _ in chosen.o)


# ---------------------------------------------------------------------- what options there are
class _Nothing(list[str]):
    """Words of a command that is not to be run."""


class _ReadError(Exception):
    """Options that were about to be read."""

    def __init__(self, options: Options) -> None:
        super().__init__(options.prog)
        self.options = options


def options_of(verb: Callable[[list[str]], int]) -> Options:
    """Return the options of a verb, which makes and reads them before it does anything else."""
    try:
        verb(_Nothing())
    except _ReadError as found:
        return found.options
    raise AssertionError("a verb reads its options first")
