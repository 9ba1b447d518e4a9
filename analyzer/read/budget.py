"""What reading a snapshot may cost. Nothing else bounds the size of input, so every byte that is unpacked is counted here."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from ..models.errors import InputError
from .words import counted, path_shown

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """The most that one snapshot may cost.

    `unpacked` bytes in all come out of archives; more than `ratio` of them for each byte stored is a bomb once
    `ratio_from` bytes are out. `entries` counts the members of archives, `layers` how deep archives stand in each other,
    and `depth` how deep JSON values do.
    """

    unpacked: int = 4096 * MIB
    ratio: int = 200
    ratio_from: int = 256 * MIB
    entries: int = 1_000_000
    layers: int = 4
    depth: int = 100


LIMITS = Limits()


class TooMuchError(InputError):
    """Input that costs more than a snapshot may; `--keep-going` does not go on after it."""

    def __init__(self, path: str, text: str) -> None:
        what = f"cannot read `{path_shown(path)}`: {text}"
        super().__init__(what, hint="unpack it yourself and name the folder, if you trust it")


class Budget:
    """What has been spent of the limits so far."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._stored = 0
        self._unpacked = 0
        self._entries = 0

    def store(self, size: int) -> None:
        """Count the bytes of one file as it lies on disk."""
        self._stored += size

    def pass_on(self, size: int) -> None:
        """Count nothing: the bytes were counted where they came from."""

    def unpack(self, size: int, path: str) -> None:
        """Count bytes that came out of an archive; raises TooMuchError when a limit is passed."""
        self._unpacked += size
        if self._unpacked > self.limits.unpacked:
            raise TooMuchError(path, f"the archives hold more than {self.limits.unpacked // MIB:,} MiB")
        if self._unpacked > self.limits.ratio_from and self._unpacked > self.limits.ratio * self._stored:
            raise TooMuchError(path, f"it grows to more than {self.limits.ratio} times its size when it is unpacked")

    def enter(self, path: str) -> None:
        """Count one member of an archive; raises TooMuchError when there are too many."""
        self._entries += 1
        if self._entries > self.limits.entries:
            raise TooMuchError(path, f"the archives hold more than {counted(self.limits.entries, 'member')}")

    def descend(self, layer: int, path: str) -> None:
        """Refuse archives that stand too deep in each other; raises TooMuchError."""
        if layer > self.limits.layers:
            raise TooMuchError(path, f"archives stand in each other more than {self.limits.layers} deep")


class Metered(io.RawIOBase):
    """A stream that cannot be wound back, counts what is read, and fills every request unless it ends."""

    def __init__(self, source: BinaryIO, spend: Callable[[int], None]) -> None:
        super().__init__()
        self._source = source
        self._spend = spend

    def readable(self) -> bool:
        """Return that the stream can be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer and return how many bytes came, fewer than asked at the end only."""
        view = memoryview(buffer)
        filled = 0
        while filled < len(view):
            piece = self._source.read(len(view) - filled)
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        self._spend(filled)
        return filled
