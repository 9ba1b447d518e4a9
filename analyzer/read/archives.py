"""Members of archives, read as streams: nothing is ever unpacked to disk, and no member's name is trusted."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, Self, cast

import msgspec

from ..models.errors import InputError
from .budget import Budget, Metered
from .words import LEAVE_FILE_OUT, path_shown, shown

HEAD = 512
GZIP, ZSTD, ZIP, ZIP_EMPTY = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PK\x05\x06"
ENCRYPTED = 0x1
UNPACK_YOURSELF = "unpack the archive yourself and name the folder"
PACKED = re.compile(r"\.(gz|gzip|zst|zstd)$", re.IGNORECASE)
CLAIMS_YAML = re.compile(r"\.(ya?ml|template)$", re.IGNORECASE)
# How CloudFormation's templates begin in YAML, after whatever else: no other YAML is part of a snapshot.
TEMPLATE = re.compile(rb"^(?:AWSTemplateFormatVersion|Resources)[\"']?[ \t]*:", re.MULTILINE)
LARGEST_TEMPLATE = 1 << 20
CLAIMS_JSON = re.compile(r"\.(json|jsonl|ndjson)$", re.IGNORECASE)
JSON_BEGINS = re.compile(r"\s*(\{\s*[\"}]|\[\s*\{\s*[\"}])")
HIDDEN = re.compile(r"(^|/)(\.[^/.][^/]*|\.\.[^/]+|__MACOSX|asset\.[0-9a-f]{64}(\.[^/]*)?)(/|$)")
ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")


class File(msgspec.Struct, frozen=True):
    """One file of the snapshot: its path as the user would write it, and its bytes.

    `packed` files came out of an archive. Of others `stamp` is what the system says, so that they can be read again (`files.again`).
    """

    path: str
    data: bytes
    packed: bool = False
    stamp: tuple[int, ...] = ()


def claims_json(path: str) -> bool:
    """Return whether the file's name says that it is JSON."""
    return CLAIMS_JSON.search(PACKED.sub("", path)) is not None


def hidden(path: str) -> bool:
    """Return whether a path inside the snapshot is hidden: `.git/…`, `._Subnets.json`, `__MACOSX/…`, what CDK uploads of programs."""
    return HIDDEN.search(path) is not None


def members(stream: io.BufferedReader, path: str, budget: Budget, layer: int = 0) -> Iterator[File]:
    """Return the JSON files that a stream holds: itself, or the members of the archive that it is; empty for anything else.

    Whether it is an archive is told by its first bytes, as names carry no meaning. Raises InputError for what is damaged.
    """
    budget.descend(layer, path)
    head = stream.peek(HEAD)[:HEAD]
    if head.startswith(GZIP):
        yield from _unzipped(stream, path, budget, layer)
    elif head.startswith(ZSTD):
        yield from _unzstd(stream, path, budget, layer)
    elif head.startswith((ZIP, ZIP_EMPTY)):
        yield from _in_zip(stream, path, budget, layer)
    elif head[257:262] == b"ustar":
        yield from _in_tar(stream, path, budget, layer)
    elif claims_json(path) or begins_like_json(head):
        yield File(path, _whole(stream, path), packed=layer > 0)
    elif CLAIMS_YAML.search(path) or TEMPLATE.search(head):
        data = _whole(stream, path, LARGEST_TEMPLATE + 1)
        if TEMPLATE.search(data):
            yield File(path, data, packed=layer > 0)


def is_yaml_template(data: bytes) -> bool:
    """Return whether the bytes of a file are those of a template in YAML."""
    return not begins_like_json(data[:HEAD]) and TEMPLATE.search(data[:LARGEST_TEMPLATE]) is not None


def begins_like_json(head: bytes) -> bool:
    """Return whether a JSON object, or a list of them, begins here: in UTF-8, or in the UTF-16 that PowerShell writes."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head[: len(head) & ~1].decode("utf-16", "replace") if wide else head.decode("utf-8-sig", "replace")
    return JSON_BEGINS.match(text) is not None


def _whole(stream: io.BufferedReader, path: str, most: int = -1) -> bytes:
    try:
        return stream.read(most)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: str, error: Exception) -> InputError:
    """Return the error about a file that the system does not let us read."""
    reason = (getattr(error, "strerror", None) or "it cannot be opened").lower()
    return InputError(f"cannot read `{path_shown(path)}`: {reason}", hint="check the path and its permissions")


@contextmanager
def _damaged(path: str, what: str) -> Iterator[None]:
    """Turn what unpacking raises into an InputError: the libraries raise a dozen types for damaged archives."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"cannot read `{path_shown(path)}`: the {what} is damaged", hint=LEAVE_FILE_OUT) from error


def _metered(source: object, path: str, budget: Budget) -> io.BufferedReader:
    """Return what comes out of an unpacker as a stream, every byte counted."""
    return io.BufferedReader(Metered(cast(BinaryIO, source), partial(budget.unpack, path=path)), 1 << 16)


def _unzipped(stream: io.BufferedReader, path: str, budget: Budget, layer: int) -> Iterator[File]:
    import gzip

    with _damaged(path, "gzip file"):
        yield from members(_metered(gzip.GzipFile(fileobj=stream), path, budget), path, budget, layer + 1)


def _unzstd(stream: io.BufferedReader, path: str, budget: Budget, layer: int) -> Iterator[File]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd

    with _damaged(path, "zstd file"):
        yield from members(_metered(zstd.ZstdFile(stream), path, budget), path, budget, layer + 1)


def _in_zip(stream: io.BufferedReader, path: str, budget: Budget, layer: int) -> Iterator[File]:
    import stat
    import zipfile

    with _damaged(path, "zip archive"):
        seekable = stream if stream.seekable() else io.BytesIO(stream.read())
        with zipfile.ZipFile(seekable) as archive:
            for member in archive.infolist():
                budget.enter(path)
                name = _safe(member.orig_filename, path)
                inside = f"{path}/{name}"
                if member.is_dir() or hidden(name):
                    continue
                if stat.S_ISLNK(member.external_attr >> 16):
                    _refuse_link(inside)
                    continue
                if member.flag_bits & ENCRYPTED:
                    raise InputError(f"cannot read `{path_shown(inside)}`: it is encrypted", hint=UNPACK_YOURSELF)
                with archive.open(member) as opened:
                    yield from members(_metered(opened, inside, budget), inside, budget, layer + 1)


def _in_tar(stream: io.BufferedReader, path: str, budget: Budget, layer: int) -> Iterator[File]:
    import tarfile

    class Header(tarfile.TarInfo):
        """A header that ends the reading with an error when it is damaged: tarfile takes it for the archive's end."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            try:
                return super().frombuf(buf, encoding, errors)
            except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
                raise
            except tarfile.HeaderError as error:
                raise tarfile.ReadError(str(error)) from error

    with _damaged(path, "tar archive"), tarfile.open(fileobj=stream, mode="r|", tarinfo=Header) as archive:
        for member in archive:
            budget.enter(path)
            name = _safe(member.name, path)
            inside = f"{path}/{name}"
            if hidden(name) or member.isdir():
                continue
            opened = archive.extractfile(member) if member.isfile() else None
            if opened is None:
                _refuse_link(inside)
                continue
            # A sparse member is longer than what the archive stores for it, so that its bytes count as unpacked.
            spend = partial(budget.unpack, path=inside) if member.issparse() else budget.pass_on
            yield from members(io.BufferedReader(Metered(cast(BinaryIO, opened), spend)), inside, budget, layer + 1)


def _safe(name: str, path: str) -> str:
    """Return a member's name without `.` parts; raises InputError when it leads out of the archive."""
    parts = re.split(r"[/\\]", name)
    if ABSOLUTE.match(name) or ".." in parts or "\0" in name:
        raise InputError(
            f"cannot read `{path_shown(path)}`: its member `{shown(name)}` leads out of the archive",
            hint="make the archive again with names relative to the snapshot folder",
        )
    return "/".join(part for part in parts if part not in ("", "."))


def _refuse_link(path: str) -> None:
    """Raise InputError for a link that claims to be JSON: what it points to would be missing in silence."""
    if claims_json(path):
        hint = "make the archive again with links followed"
        raise InputError(f"cannot read `{path_shown(path)}`: it is a link inside an archive", hint=hint)
