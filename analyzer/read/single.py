"""Single files that a user names beside the snapshot: edits, invariants, baselines. What they hold is read by others."""

from __future__ import annotations

import os

from ..models.errors import InputError
from .words import path_shown


def text_of(path: str | os.PathLike[str], most: int) -> str:
    """Return the text of a file of at most so many bytes; raises InputError for one that cannot be read, or is no UTF-8."""
    try:
        return bytes_of(path, most).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"cannot read `{path_shown(os.fspath(path))}`: it is not UTF-8", hint="save it as UTF-8") from None


def bytes_of(path: str | os.PathLike[str], most: int) -> bytes:
    """Return what a file of at most so many bytes holds; raises InputError for one that cannot be read."""
    name = path_shown(os.fspath(path))
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "it is no path").lower()
        raise InputError(f"cannot read `{name}`: {why}", hint="name a file that is there") from None
    if len(data) > most:
        raise InputError(f"cannot read `{name}`: it is larger than {most >> 20:,} MiB", hint="split it into several files")
    return data
