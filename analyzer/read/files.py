"""The files of a snapshot: a folder at any depth, one file, or an archive. Nothing else in the project opens snapshot files."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator

import msgspec

from ..models.errors import InputError
from .archives import File, claims_json, hidden, members, unreadable
from .budget import Budget, Metered
from .troubles import Troubles
from .words import path_shown


def every_file(source: str, budget: Budget, troubles: Troubles) -> Iterator[File]:
    """Return every JSON file of the source, sorted by path, archives opened; what is no JSON is skipped.

    Raises InputError when the source does not exist; what cannot be read inside it is met by `troubles`.
    """
    if not os.path.lexists(source):
        raise InputError(
            f"cannot read `{path_shown(source)}`: no such file or folder",
            hint="name the snapshot with --snapshot PATH, or try the embedded one with `--snapshot demo`",
        )
    for path in paths_of(source, troubles):
        try:
            yield from opened(path, budget)
        except InputError as error:
            troubles.meet(error)


def paths_of(source: str, troubles: Troubles) -> Iterator[str]:
    """Return the paths of the files of a source."""
    return _walk(source, set(), troubles) if os.path.isdir(source) else iter([source])


def _walk(folder: str, above: set[tuple[int, int]], troubles: Troubles) -> Iterator[str]:
    """Yield the paths of the files below a folder; links are followed, but never in a circle."""
    try:
        facts = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        troubles.meet(unreadable(folder, error))
        return
    here = (facts.st_dev, facts.st_ino)
    if here in above:
        return
    for entry in entries:
        path = f"{folder.rstrip('/')}/{entry.name}"
        if hidden(entry.name):
            continue
        if os.path.isdir(path):
            yield from _walk(path, above | {here}, troubles)
        elif os.path.isfile(path) or (entry.is_symlink() and claims_json(path)):
            yield path


def again(path: str, stamp: tuple[int, ...]) -> bytes:
    """Return the bytes of a file that was read before; raises InputError when it is not the same any more."""
    try:
        with open(path, "rb") as handle:
            if _stamp(os.fstat(handle.fileno())) == stamp:
                return handle.read()
    except OSError as error:
        raise unreadable(path, error) from error
    raise InputError(f"cannot read `{path_shown(path)}`: it changed while it was read", hint="try again when it is written")


def _stamp(facts: os.stat_result) -> tuple[int, ...]:
    return (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


def opened(path: str, budget: Budget) -> Iterator[File]:
    """Yield a file, or the JSON files of the archive that it is; raises InputError for what cannot be read."""
    try:
        handle = open(path, "rb")  # noqa: SIM115
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    with handle:
        if handle.seekable():
            facts = os.fstat(handle.fileno())
            budget.store(facts.st_size)
            for file in members(handle, path, budget):
                yield file if file.packed else msgspec.structs.replace(file, stamp=_stamp(facts))
        else:
            yield from members(io.BufferedReader(Metered(handle, budget.store)), path, budget)
