"""Where invariants come from: files of the user and packs."""

from __future__ import annotations

from collections.abc import Sequence

from ..models.check import Check
from ..models.errors import InputError
from ..read.single import bytes_of
from ..read.yaml import read_yaml
from .baseline import read_baseline
from .packs import pack
from .written import Found, invariants_of

MOST_BYTES = 1 << 30


def invariants(files: Sequence[str], packs: Sequence[str]) -> list[Found]:
    """Return the invariants of files and packs, in order; raises InputError for a name that two of them have."""
    found = [one for path in files for one in invariants_of(read_yaml(path), path)]
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
    return read_baseline(bytes_of(path, MOST_BYTES), path)
