"""A resource as code declares it: its attributes, with ids in place of references, and what is not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec


class Later(msgspec.Struct, frozen=True):
    """In place of a value that nobody knows before the resource is there.

    `by_aws` says that the code leaves the value to AWS; else the code names something that cannot be resolved.
    """

    by_aws: bool = False


LATER = Later()
BY_AWS = Later(by_aws=True)


class NotKnownError(Exception):
    """A value that a row cannot do without is not known yet."""

    def __init__(self, attribute: str) -> None:
        super().__init__(attribute)
        self.attribute = attribute


class Declared(msgspec.Struct, frozen=True):
    """One resource: how people call it, its type, its id (its own, or one that is made up and stable), its attributes.

    `where` is the place in its file, as evidence names it; `line` the line, 0 where the format has none. `new` says that it is
    not there yet.
    """

    address: str
    type: str
    id: str
    values: dict[str, Any]
    new: bool = True
    line: int = 0

    def get(self, path: str, default: Any = None) -> Any:
        """Return what stands at a path (`vpc_config.subnet_ids`; a list of one counts as what it holds), or the default.

        Raises NotKnownError for what is not known yet; what is left to AWS is absent.
        """
        return taken(self.values, path, default)

    def inside(self, path: str) -> Iterator[Declared]:
        """Yield the blocks of a path, each as a resource with the attributes of the block."""
        found = self.get(path) or []
        for block in found if isinstance(found, list) else [found]:
            if isinstance(block, Later):
                raise NotKnownError(path)
            if isinstance(block, dict):
                yield msgspec.structs.replace(self, values=block)
            elif block is not None:
                # What should be a block and is none, somebody took for something else.
                raise NotKnownError(path)


def taken(values: Any, path: str, default: Any = None) -> Any:
    """Return what stands at a path inside values; see `Declared.get`."""
    found: Any = values
    for name in path.split("."):
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, Later):
            break
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, Later):
        if found.by_aws:
            return default
        raise NotKnownError(path)
    return default if found is None else found


def texts(value: Any, path: str) -> list[str]:
    """Return the texts of a list, or of one text; raises NotKnownError where one of them is not known yet."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    if any(isinstance(one, Later) for one in listed):
        raise NotKnownError(path)
    return [one for one in listed if isinstance(one, str) and one]
