"""Where invariants come from: files of the user and packs. Nothing else here reads files."""

from __future__ import annotations

from collections.abc import Sequence

from ..models.check import Check
from ..models.errors import InputError
from .baseline import read_baseline
from .packs import pack
from .written import LARGEST, Found, parsed

MOST_BYTES = 1 << 30


def invariants(files: Sequence[str], packs: Sequence[str]) -> list[Found]:
    """Return the invariants of files and packs, in order; raises InputError for a name that two of them have."""
    found = [one for path in files for one in parsed(_text(path), path)]
    found += [one for name in packs for one in pack(name)]
    first: dict[str, Found] = {}
    for one in found:
        name = one.invariant.name
        if name in first:
            what = f"two invariants are called `{name[:60]}`: in {first[name].origin} and {one.origin}"
            raise InputError(what, hint="give one of them another name: baselines know violations by it")
        first[name] = one
    return found


def baseline(path: str) -> Check:
    """Return the baseline of a file; raises InputError for one that cannot be read."""
    return read_baseline(_bytes(path, MOST_BYTES), path)


def _text(path: str) -> str:
    try:
        return _bytes(path, 4 * LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"cannot read `{path}`: it is not UTF-8", hint="save it as UTF-8") from None


def _bytes(path: str, most: int) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "it is no path").lower()
        raise InputError(f"cannot read `{path}`: {why}", hint="name a file that is there") from None
    if len(data) > most:
        raise InputError(f"cannot read `{path}`: it is too large", hint="split it")
    return data
