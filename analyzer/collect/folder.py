"""The folder that a collection writes: whole files or none, for the eyes of the user alone. It alone writes snapshots."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from ..models.collection import KEY, Manifest
from ..models.errors import InputError, ReachError
from ..read.words import path_shown
from .answers import Form

MANIFEST = "manifest.json"
STATE = ".collecting"
DRAFT = ".draft"


class Finished(msgspec.Struct, omit_defaults=True):
    """A part of a call that was asked and answered: which, its rows, and what other calls are to be asked for."""

    part: str
    asked: str
    rows: int
    feeds: dict[str, list[dict[str, Any]]] = {}


class Folder:
    """A snapshot folder while it is written."""

    def __init__(self, path: str) -> None:
        self._root = Path(path)

    def open(self) -> Manifest | None:
        """Make the folder, or find out what an earlier run left; None in a new one.

        Raises InputError for a folder that holds something else, symbolic links, or a collection that is complete.
        """
        shown = path_shown(str(self._root))
        with _written(shown):
            made = not self._root.exists()
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if made or not any(self._root.iterdir()):
                return None
            manifest = self._manifest()
            link = next((one for one in self._root.rglob("*") if one.is_symlink()), None)
        if link is not None:
            # It may lead out of the folder, to files of which nothing is to be written over.
            text = f"cannot collect into `{shown}`: `{path_shown(str(link.relative_to(self._root)))}` in it is a symbolic link"
            raise InputError(text, hint="name a folder that is new or empty")
        if manifest is None:
            raise InputError(f"cannot collect into `{shown}`: it holds other files", hint="name a folder that is new or empty")
        if manifest.complete:
            raise InputError(
                f"cannot collect into `{shown}`: it holds a complete snapshot", hint="name a folder that is new or empty"
            )
        return manifest

    def _manifest(self) -> Manifest | None:
        try:
            found = msgspec.json.decode((self._root / MANIFEST).read_bytes(), type=dict[str, Manifest])
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return found.get(KEY)

    def put_manifest(self, manifest: Manifest) -> None:
        """Write what became of every call so far."""
        with _written(path_shown(str(self._root))), whole_file(self._root / MANIFEST) as file:
            file.write(msgspec.json.format(msgspec.json.encode({KEY: manifest}), indent=1) + b"\n")

    # ------------------------------------------------------------------ rows
    def put_rows(self, place: tuple[str, str], part: str, key: str, how: Form, found: Iterable[Any]) -> int:
        """Write rows as they come, and return how many; the file stands there when the last one is written, and only then.

        Without any row there is no file: the manifest says that the call was answered.
        """
        rows = iter(found)
        first = next(rows, None)
        if first is None:
            return 0
        head, tail = (b"[", b"]\n") if how is Form.OBJECT else (b'{"%s":[' % key.encode(), b"]}\n")
        encode, count = msgspec.json.Encoder().encode, 1
        with _written(path_shown(str(self._root))), whole_file(self._file(place, part)) as file:
            file.write(head + encode(first))
            for row in rows:
                file.write(b",\n" + encode(row))
                count += 1
            file.write(tail)
        return count

    def drop(self, place: tuple[str, str], part: str) -> None:
        """Remove the rows of a part of a call that was cut in other parts since."""
        self._file(place, part).unlink(missing_ok=True)

    def _file(self, place: tuple[str, str], part: str) -> Path:
        return self._root / place[0] / place[1] / f"{part}.json"

    # ------------------------------------------------------------------ what is finished
    def finished(self, place: tuple[str, str]) -> dict[str, Finished]:
        """Return the parts of calls that an earlier run finished in one account and Region; a line that it tore is none.

        Nor is a part whose rows somebody removed since.
        """
        try:
            lines = self._state(place).read_bytes().splitlines()
        except FileNotFoundError:
            return {}
        found = {}
        for line in lines:
            with suppress(msgspec.DecodeError):
                one = msgspec.json.decode(line, type=Finished)
                found[one.part] = one
        return {part: one for part, one in found.items() if not one.rows or self._file(place, part).exists()}

    def finish(self, place: tuple[str, str], one: Finished) -> None:
        """Remember that a part of a call is finished; its rows are on disk by then."""
        path = self._state(place)
        with _written(path_shown(str(self._root))):
            _own_folder(path.parent)
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with open(handle, "ab") as file:
                # A line that an earlier run tore must not swallow this one.
                file.write(b"\n" + msgspec.json.encode(one) + b"\n")

    def forget(self) -> None:
        """Remove what only a further run needs, and what a killed one left half written."""
        import shutil

        shutil.rmtree(self._root / STATE, ignore_errors=True)
        for draft in self._root.rglob(f".*{DRAFT}"):
            draft.unlink(missing_ok=True)

    def _state(self, place: tuple[str, str]) -> Path:
        return self._root / STATE / place[0] / f"{place[1]}.jsonl"


@contextmanager
def _written(shown: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise ReachError(f"cannot write into `{shown}`: {reason}", hint="make room, or name another folder") from error


def _own_folder(path: Path) -> None:
    """Make a folder, and those that hold it, for the user alone: what stands there already stays as it is."""
    if not path.exists():
        _own_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file to write that stands at its path once it is whole and on disk, whatever happens before."""
    _own_folder(path.parent)
    draft = path.with_name(f".{path.name}{DRAFT}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
