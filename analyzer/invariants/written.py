"""Invariants files: what a file or pack says, each invariant with the place where it is written."""

from __future__ import annotations

import msgspec

from ..models.errors import InputError
from ..read.shape import shaped
from ..read.words import shown
from ..read.yaml import YamlFile, parse_yaml
from .model import Invariant, InvariantsFile

PAGE = "docs/check.md"


class Found(msgspec.Struct, frozen=True):
    """An invariant, and where it is written: `origin` for people, `file` and `line` for programs.

    Of a `pack` a selector that names nothing in the snapshot is no mistake: the invariant is about something that is not there.
    """

    invariant: Invariant
    file: str
    line: int
    pack: bool = False

    @property
    def origin(self) -> str:
        """The file and line, or the pack."""
        return f"pack {self.file}" if self.pack else f"{self.file}:{self.line}"


def parsed(text: str, file: str, *, pack: bool = False) -> list[Found]:
    """Return the invariants of a text, in order; `file` is its name in errors. Raises InputError as `invariants_of` does."""
    return invariants_of(parse_yaml(text, file), file, pack=pack)


def invariants_of(read: YamlFile, file: str, *, pack: bool = False) -> list[Found]:
    """Return the invariants of a file, in order; raises InputError for what is no invariants file, naming the line."""
    every = shaped(read, InvariantsFile, PAGE).invariants
    found = [Found(one, file, read.line(("invariants", number)), pack) for number, one in enumerate(every)]
    names: set[str] = set()
    for one in found:
        if one.invariant.name in names:
            what = f"cannot read `{read.name}` line {one.line}: a second invariant is called `{shown(one.invariant.name, 60)}`"
            raise InputError(what, hint="give each invariant a name of its own: baselines know violations by it")
        names.add(one.invariant.name)
    return found
