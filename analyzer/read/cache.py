"""Snapshots that were read before: compiled, in a folder of the user's cache, found by the content of the files.

Nothing is believed by a file's date: the name of an entry is a hash of every byte that was read, of the paths as they were
written, and of the program itself. An entry is for its own name only, has a checksum, and is ignored where anything is odd;
the snapshot is read again then. The folder may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ..cache_folder import folder_of_cache
from ..models.errors import InputError
from ..models.snapshot import Snapshot
from . import budget
from .compiled import Compiled, compiled
from .files import paths_of
from .troubles import Troubles

FORMAT = b"reach snapshot 1"
MIB = 1 << 20
# Below this many bytes reading is as fast as remembering.
WORTH = 1 * MIB
LARGEST = 4096 * MIB
ENDING = ".reach"
_DIGEST = hashlib.sha256().digest_size
_ROOT = Path(__file__).resolve().parents[1]


def remembered(source: str, named: str, read: Callable[[], Snapshot]) -> Snapshot:
    """Return the snapshot of a source: as it was stored when the same was read before, else what `read` returns, which is stored.

    A snapshot of which something could not be read is never stored: what was left out is to be reported each time.
    """
    folder = folder_of_cache()
    before = None if folder is None else _files(source)
    if folder is None or before is None:
        return read()
    key = _key(source, named, before)
    known = fetched(folder, key)
    if known is not None:
        return known
    snapshot = read()
    # What was read is what was hashed only if no file was touched meanwhile.
    if not snapshot.broken and _files(source) == before:
        keep(folder, key, compiled(snapshot))
    return snapshot


def known(source: str, named: str) -> Snapshot | None:
    """Return the snapshot of a source as it was stored when the same was read before; None where it was not."""
    folder = folder_of_cache()
    before = None if folder is None else _files(source)
    return None if folder is None or before is None else fetched(folder, _key(source, named, before))


# ---------------------------------------------------------------------- what was read
class Read(msgspec.Struct, frozen=True):
    """One file: its path, what the system says of it, and the hash of its content."""

    path: str
    facts: tuple[int, ...]
    digest: bytes


def _files(source: str) -> list[Read] | None:
    """Return the files of a source; None where they are too small to be worth it, or not all plain files that can be read."""
    try:
        paths = sorted(paths_of(source, Troubles(False, None)))
        if not sum(os.stat(path).st_size for path in paths) >= WORTH:
            return None
        from concurrent.futures import ThreadPoolExecutor

        # Hashing lets other threads run.
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(_hashed, paths))
    except (OSError, ValueError, InputError):
        return None


def _hashed(path: str) -> Read:
    """Return a file with its hash; raises OSError where it cannot be read, and ValueError where it is no plain file."""
    digest = hashlib.sha256()
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError
        while piece := file.read(MIB):
            digest.update(piece)
    said = (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    return Read(path, said, digest.digest())


def _key(source: str, named: str, files: list[Read]) -> str:
    """Return the name of what these files hold, for this program; paths tell accounts, and stand in evidence."""
    found = hashlib.sha256()
    content = [(one.path, one.digest) for one in files]
    found.update(msgspec.msgpack.encode((FORMAT, _program(), source, named, content)))
    return found.hexdigest()


def _program() -> bytes:
    """Return a hash of what makes a snapshot of files, and of what it is made for."""
    found = hashlib.sha256(f"{sys.version} {msgspec.__version__} {budget.LIMITS}".encode())
    for folder in (_ROOT / "read", _ROOT / "models"):
        for path in sorted(folder.rglob("*.py")):
            found.update(msgspec.msgpack.encode((path.relative_to(_ROOT).as_posix(), path.read_bytes())))
    return found.digest()


# ---------------------------------------------------------------------- what is stored
def fetched(folder: Path, key: str) -> Snapshot | None:
    """Return what is stored under a key; None where there is nothing, or anything is odd about it."""
    path = folder / (key + ENDING)
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb", buffering=0) as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
                return None
            data = memoryview(file.readall())
        os.utime(path)
    except OSError:
        return None
    start = len(FORMAT) + _DIGEST
    if bytes(data[: len(FORMAT)]) != FORMAT or bytes(data[len(FORMAT) : start]) != _checksum(key, data[start:]):
        return None
    try:
        end = len(data) - int.from_bytes(data[-8:], "big")
        sections = msgspec.msgpack.decode(data[end:-8], type=dict[str, tuple[int, int]])
        return Compiled({name: data[at : at + size] for name, (at, size) in sections.items()})
    except (msgspec.DecodeError, LookupError, ValueError):
        return None


def _checksum(key: str, body: memoryview) -> bytes:
    digest = hashlib.sha256(key.encode())
    digest.update(body)
    return digest.digest()


def keep(folder: Path, key: str, sections: Iterable[tuple[str, bytes]]) -> None:
    """Store sections under a key, all or nothing, and make room for them; what cannot be stored is left.

    That is what the system refuses, and values that MessagePack has no form for, as numbers of more than 64 bits.
    A file is the format, a checksum of the key and all that follows, the sections, where they stand, and how long that is.
    """
    temporary = folder / f"{key}.{os.urandom(8).hex()}{ENDING}"
    with contextlib.suppress(OSError, OverflowError, ValueError, TypeError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _write(file, key, sections)
                size = file.tell()
            _make_room(folder, LARGEST - size, temporary)
            os.replace(temporary, folder / (key + ENDING))
        finally:
            temporary.unlink(missing_ok=True)


def _write(file: BinaryIO, key: str, sections: Iterable[tuple[str, bytes]]) -> None:
    digest = hashlib.sha256(key.encode())
    file.write(FORMAT + bytes(_DIGEST))
    places: dict[str, tuple[int, int]] = {}
    for name, data in sections:
        places[name] = (file.tell(), len(data))
        digest.update(data)
        file.write(data)
    table = msgspec.msgpack.encode(places)
    end = table + (len(table) + 8).to_bytes(8, "big")
    digest.update(end)
    file.write(end)
    end_of_file = file.tell()
    file.seek(len(FORMAT))
    file.write(digest.digest())
    file.seek(end_of_file)


def _make_room(folder: Path, size: int, but: Path) -> None:
    """Delete what was not used for longest until the rest is no larger than that; raises OSError where it cannot be."""
    if size < 0:
        raise OSError
    found = sorted((one for one in _stored(folder) if one[1] != but), key=lambda one: one[0], reverse=True)
    for _, path, bytes_ in found:
        size -= bytes_
        if size < 0:
            path.unlink(missing_ok=True)


def _stored(folder: Path) -> Iterator[tuple[int, Path, int]]:
    """Yield what is stored: when it was last used, where it is, and how large it is."""
    for path in folder.glob(f"*{ENDING}"):
        with contextlib.suppress(OSError):
            facts = path.lstat()
            yield facts.st_mtime_ns, path, facts.st_size
