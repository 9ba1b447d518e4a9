"""The words of a snapshot, kept in the cache folder: a shell asks again at every press of TAB.

Unlike what answers rest on, they are found by path, size and date of the files: a word that is out of date does no harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from ...cache_folder import folder_of_cache
from ...demo import demo_path
from ...models.errors import InputError
from .words import about, few, harmless, is_harmless

FORMAT = "reach words 1"
# No word holds a sign after this one.
LAST = chr(0x10FFFF)
ENDING = ".words"
# Up to this many bytes are read for a press of TAB; of more, only what was read before is known.
QUICK = 8 << 20
MOST_FILES = 10_000
AS_IT_IS = ("utf-8", "surrogateescape")


def words_of(named: str, current: str) -> dict[str, str]:
    """Return the words of the snapshot that begin like `current`, up to their next step (`tag:`, `tag:tier=`).

    `named` is the snapshot as the command line has it, "" for the one that commands take then. Nothing for one that is not there.
    """
    try:
        named = named or os.environ.get("REACH_SNAPSHOT") or "snapshot"
        embedded = demo_path(named)
        source = os.fspath(embedded or named)
        seen = _seen(source)
    except (InputError, OSError, ValueError):
        return {}
    rows = _remembered(source, seen.facts, lambda: _rows(source, named if embedded else "", seen.size, current))
    # What is kept in a file is not believed to be as it was written.
    return {word: told for word, told in few(list(_steps(rows, current))) if is_harmless(word)}


def _steps(kept: bytes, current: str) -> Iterator[tuple[str, str]]:
    """Yield the words that begin like this and what each is; those that go on alike after the next step are one."""
    rows = kept[_first(kept, current) : _first(kept, current + LAST)].decode("utf-8").split("\n")[:-1]
    at = 0
    while at < len(rows):
        word, ends, told = rows[at].split("\t")
        end = next((end for end in map(int, ends.split()) if end > len(current)), 0) if ends else 0
        yield (word[:end], "") if end else (word, told)
        at = bisect_left(rows, word[:end] + LAST) if end else at + 1


def _first(rows: bytes, word: str) -> int:
    """Return where the first of the sorted rows begins that is not before a word; a search by halves: there may be a million."""
    wanted, low, high = word.encode("utf-8", "replace"), 0, len(rows)
    while low < high:
        begin = rows.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = rows.find(b"\n", begin)
        if rows[begin:end] < wanted:
            low = end + 1
        else:
            high = begin
    return low


# ---------------------------------------------------------------------- what is made once
class _Seen:
    """The files of a snapshot as the system tells of them."""

    def __init__(self, facts: bytes, size: int) -> None:
        self.facts = facts
        self.size = size


def _seen(source: str) -> _Seen:
    """Return what the files of a source are now; raises OSError where it is not there, ValueError for too many files."""
    digest, size = hashlib.sha256(FORMAT.encode()), 0
    paths = [source] if not os.path.isdir(source) else _below(source)
    for count, path in enumerate(paths):
        if count == MOST_FILES:
            raise ValueError
        facts = os.stat(path)
        size += facts.st_size
        digest.update(f"{path}\0{facts.st_size} {facts.st_mtime_ns} {facts.st_ino}\n".encode(*AS_IT_IS))
    return _Seen(digest.digest(), size)


def _below(folder: str) -> Iterator[str]:
    for where, folders, names in os.walk(folder):
        folders.sort()
        yield from (path for name in sorted(names) if os.path.isfile(path := os.path.join(where, name)))


def _rows(source: str, named: str, size: int, current: str) -> tuple[bytes, bool]:
    """Return words of a source, sorted, a line each with where its steps end and what it is; and whether these are all of them.

    Of very many only those that begin like `current` are told where that takes much less time; none where they are not known yet.
    """
    from ...read import load
    from ...read.cache import known
    from ...select.suggestions import at_once, suggestions

    try:
        snapshot = load(source, keep_going=True, named=named) if size <= QUICK else known(source, named)
    except InputError:
        return b"", True
    if snapshot is None:
        return b"", False
    some = at_once(snapshot, current) if size > QUICK else None
    words = suggestions(snapshot) if some is None else some
    found = {"".join(steps): (steps, told) for steps, told in words.items()}
    kept = harmless(found)
    return "".join(sorted(_row(word, *found[word]) for word in found if word in kept)).encode("utf-8"), some is None


def _row(word: str, steps: tuple[str, ...], told: str) -> str:
    ends = accumulate(map(len, steps[:-1]))
    return f"{word}\t{' '.join(map(str, ends))}\t{about(told)}\n"


# ---------------------------------------------------------------------- where it is kept
def _remembered(source: str, facts: bytes, make: Callable[[], tuple[bytes, bool]]) -> bytes:
    """Return the rows as they were kept when the files were the same, else what `make` returns, which is kept if it is all."""
    folder = folder_of_cache()
    path = None if folder is None else folder / (hashlib.sha256(os.path.abspath(source).encode(*AS_IT_IS)).hexdigest() + ENDING)
    if path is not None:
        with contextlib.suppress(OSError):
            kept = path.read_bytes()
            if kept.startswith(facts) and kept.endswith(b"\n"):
                return kept[len(facts) :]
    made, whole = make()
    if path is not None and whole:
        _keep(path, facts + made)
    return made


def _keep(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; one that cannot be written is left."""
    part = path.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
