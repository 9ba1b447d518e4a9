"""Where evidence is written: file, line and column, looked for in the files when somebody asks; nothing is kept for it before.

INVARIANT: what cannot be told for sure has no line. A place counts only where the text there says the id, or the value, that it must:
a file may have changed since, and a row may be made of several.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from ..models.aws import COMPONENTS
from ..models.component import Component
from ..models.errors import InputError
from ..models.location import SNAPSHOT, Location, Spot, Written
from ..models.snapshot import Snapshot
from .archives import File
from .budget import LIMITS, Budget
from .catalogue import Catalogue
from .files import opened, paths_of
from .parse import utf8
from .rows import shelf_of
from .spans import LostError, Member, Span, Text
from .troubles import Troubles
from .words import path_shown

_LINE = re.compile(r"(?P<file>.+):(?P<line>\d+)", re.DOTALL)
_ORIGIN = re.compile(r"`(?P<file>[^`]+)` resource (?P<number>\d+)(?: \(`(?P<path>[^`]*)`\))?(?: `[^`]*`)?")
# Of a template's resource the reader knows the line.
_TEMPLATE = re.compile(r"`(?P<file>[^`]+):(?P<line>\d+)` `[^`]*`", re.DOTALL)
_STEP = re.compile(r"\[(\d+)\]|\.?([A-Za-z_-]+)")


class Row(msgspec.Struct, frozen=True):
    """Where evidence says that a row is: the file as it is shown, the number, and the path inside its document; or the `line`."""

    file: str
    number: int = 0
    path: str = ""
    line: int = 0


class Wanted(msgspec.Struct, frozen=True):
    """What is to be found: a row, and the member in it, if any, that says the line. `spots` are tried in order."""

    written: Written
    id: str
    row: Row
    spots: tuple[Spot, ...] = ()


def locations(sources: Iterable[tuple[str, str]], world: Snapshot, asked: Iterable[Written]) -> dict[Written, Location]:
    """Return where what is asked for is written, as far as it is found in the files of sources, each with what evidence calls it.

    Of what is found, but not for sure at which line, the file alone is told; so it is of packed files, whose lines nobody sees.
    """
    found: dict[Written, Location] = {}
    every = list(dict.fromkeys(asked))
    for source, named in sources:
        found.update(_in_source(source, named, world, [one for one in every if one not in found]))
    return found


def _in_source(source: str, named: str, world: Snapshot, asked: Sequence[Written]) -> dict[Written, Location]:
    wanted = [one for each in asked if (one := _wanted(each, world)) is not None]
    found = {each: place for each in asked if not each.resource and (place := _of_file(each, source, named)) is not None}
    for path, ones in _by_path(source, named, wanted).items():
        whole = Location(uri=_uri(path, source, named), embedded=named != source)
        found.update((one.written, whole) for one in ones)
        try:
            found.update(_in_files(path, ones, whole, named + path.removeprefix(source)))
        except InputError:
            continue  # it was there when the snapshot was read: the file is true still, its lines are not known
    return found


def _wanted(written: Written, world: Snapshot) -> Wanted | None:
    """Return what to look for; the resource's own row where evidence does not say where its line is."""
    component = world.at(written.resource)
    spots = tuple(component.spots(written.line, world)) if component is not None and written.line else ()
    origin = spots[0].origin if spots else written.origin or _origin(component)
    if (match := _TEMPLATE.fullmatch(origin)) is not None:
        row = Row(match["file"], line=int(match["line"]))
    elif (match := _ORIGIN.fullmatch(origin)) is not None:
        row = Row(match["file"], int(match["number"]), match["path"] or "")
    else:
        return None
    return Wanted(written, written.resource, row, tuple(one for one in spots if one.origin == origin))


def _of_file(written: Written, source: str, named: str) -> Location | None:
    """Return where a line of a file is, or the snapshot; None for what is in no file, as the invariants of packs."""
    if written == SNAPSHOT:
        return Location(uri=_uri(source, source, named), embedded=named != source)
    match = _LINE.fullmatch(written.origin)
    if match is None or not os.path.isfile(match["file"]):
        return None
    return Location(uri=_uri(match["file"], "", ""), line=int(match["line"]))


def _origin(component: Component | None) -> str:
    return "" if component is None else component.origin


def _by_path(source: str, named: str, wanted: Sequence[Wanted]) -> dict[str, list[Wanted]]:
    """Return the files on disk, each with what is in it; a name that several of them could have is none's."""
    shown: dict[str, list[str]] = {}
    for path in paths_of(source, Troubles(True, lambda _: None)) if wanted else ():
        if not os.path.isfile(path):
            continue  # what came through a pipe is not there a second time
        shown.setdefault(path_shown(named + path.removeprefix(source)), []).append(path)
    found: dict[str, list[Wanted]] = {}
    for one in wanted:
        parts = one.row.file.split("/")
        names = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]  # that of an archive is a beginning
        paths = next((shown[name] for name in names if name in shown), [])
        if len(paths) == 1:
            found.setdefault(paths[0], []).append(one)
    return found


def _uri(path: str, source: str, named: str) -> str:
    """Return a file's URI: links resolved, relative to where the program runs if it is below; that of an embedded one as it is named."""
    if named != source:
        return quote(f"{named}{path.removeprefix(source)}".replace(":", "/"))
    real, here = Path(os.path.realpath(path)), Path(os.path.realpath("."))
    return quote(real.relative_to(here).as_posix()) if real.is_relative_to(here) else real.as_uri()


# ---------------------------------------------------------------------- in one file
def _in_files(path: str, wanted: Sequence[Wanted], whole: Location, named: str) -> Iterator[tuple[Written, Location]]:
    """Yield where things are in a file, or in the members of the archive that it is."""
    yield from ((one.written, msgspec.structs.replace(whole, line=one.row.line)) for one in wanted if one.row.line)
    by_file: dict[str, list[Wanted]] = {}
    for one in wanted:
        if not one.row.line:
            by_file.setdefault(one.row.file, []).append(one)
    for file in opened(path, Budget(LIMITS)):
        inside = named + file.path.removeprefix(path)
        ones = by_file.get(path_shown(inside), [])
        search = _Search(file) if ones else None
        for one in ones if search is not None else ():
            assert search is not None
            yield one.written, search.location(one, whole, inside if file.packed else "")


class _Search:
    """One file, and where things are in it."""

    def __init__(self, file: File) -> None:
        self._text = Text(utf8(file))
        self._catalogue = Catalogue(COMPONENTS)

    def location(self, one: Wanted, whole: Location, inside: str) -> Location:
        """Return where something is: at the member that says its line, else at the one that says its id, else in the file."""
        whole = msgspec.structs.replace(whole, inside=inside)
        try:
            above = self._row(one.row)
            own = self._saying(one.id, above)
        except LostError:
            return whole
        line = next((found for spot in one.spots if (found := self._at(spot, above[-1])) is not None), None)
        return self._placed(whole, line or own, exact=line is not None)

    def _placed(self, whole: Location, told: Member, *, exact: bool) -> Location:
        line, column = self._text.position(told.name_start)
        end_line, end_column = self._text.position(told.value.end)
        return msgspec.structs.replace(whole, line=line, column=column, end_line=end_line, end_column=end_column, exact=exact)

    def _saying(self, id: str, above: Sequence[Span]) -> Member:
        """Return the member that says the id: of the row itself, or of what the row is wrapped in; raises LostError for none."""
        for span in reversed(above):
            for member in () if self._text.is_list(span) else self._text.members(span).values():
                if self._text.says(member.value, id):
                    return member
        raise LostError

    def _at(self, spot: Spot, row: Span) -> Member | None:
        """Return the member of a spot; None where the text does not say there what it must."""
        try:
            span = self._down(row, spot.path[:-1])[-1]
            member = self._text.members(span).get(str(spot.path[-1]))
        except LostError:
            return None
        return member if member is not None and self._text.value(member.value) == spot.value else None

    # ------------------------------------------------------------------ from the top down
    def _row(self, row: Row) -> list[Span]:
        """Return the row, and before it everything that it is in; raises LostError where it is not to be found."""
        steps: list[str | int] = [int(number) if number else name for number, name in _STEP.findall(row.path)]
        documents = self._text.values
        if len(documents) == 1 and self._text.is_list(documents[0]):
            documents = self._text.items(documents[0])
        if len(documents) > 1:
            number = steps.pop(0) if steps else ""
            if not isinstance(number, int) or number >= len(documents):
                raise LostError
            documents = [documents[number]]
        if not documents:
            raise LostError
        return self._in_document(documents[0], row, steps)

    def _in_document(self, document: Span, row: Row, steps: list[str | int]) -> list[Span]:
        members = self._text.members(document)
        if steps and steps[0] in members:
            return self._down(document, steps)
        known = [name for name in members if shelf_of(name, self._catalogue) is not None]
        if len(known) != 1:
            # The document of a resource that is alone in it, read as a list of one.
            return [document]
        rows = members[known[0]].value
        return [document, *self._down(self._item(rows, row.number) if self._text.is_list(rows) else rows, steps)]

    def _down(self, span: Span, steps: Sequence[str | int]) -> list[Span]:
        """Return what stands at each step of a path, the beginning first; raises LostError where it does not lead on."""
        found = [span]
        for step in steps:
            if isinstance(step, int):
                found.append(self._item(found[-1], step))
            else:
                member = self._text.members(found[-1]).get(step)
                if member is None:
                    raise LostError
                found.append(member.value)
        return found

    def _item(self, span: Span, number: int) -> Span:
        items = self._text.items(span)
        if number >= len(items):
            raise LostError
        return items[number]
