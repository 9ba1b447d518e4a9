"""Where lines are written: what evidence asks for, where a component says it stands, and what was found in the files."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Written(msgspec.Struct, frozen=True):
    """A line of a resource as evidence names it; `line` is "" for the resource as a whole, `origin` where nobody told.

    Without a resource it is a line of a file that people wrote, `FILE:LINE`; without anything the snapshot itself.
    """

    resource: str = ""
    line: str = ""
    origin: str = ""


class Spot(msgspec.Struct, frozen=True):
    """A member inside the row of a resource, and the value that it has there: what tells that it is the right one.

    `id` is the resource's, `origin` where its row is; `path` leads from the row to the member, by names and numbers from 0.
    """

    id: str
    origin: str
    path: tuple[str | int, ...]
    value: str | int


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A file, and the place in it where something is written.

    `uri` is relative to where the program runs, unless it begins with a scheme; that of an `embedded` network is relative to those.
    `inside` is the path of what is packed, with that of its archive. Lines and columns count from 1, columns in characters; the end
    is that of the last character, and one more. Of a file alone `line` is 0; `exact` is a place that says the very line.
    """

    uri: str
    embedded: bool = False
    inside: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    exact: bool = False


SNAPSHOT = Written()
Locations = Mapping[Written, Location]
