"""A resource as code declares it: its attributes, with ids in place of references, and what is not known yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec


class Later(msgspec.Struct, frozen=True):
    """In place of a value that nobody knows before the resource is there.

    `by_aws` says that the code leaves the value to AWS; else the code names something that cannot be resolved. `why` says in a
    few words why nobody knows it, "" where it is known after the resource is made only. `of` is the resource whose value it is.
    """

    by_aws: bool = False
    why: str = ""
    of: str = ""


LATER = Later()
BY_AWS = Later(by_aws=True)


class NotKnownError(Exception):
    """A value that a row cannot do without is not known yet."""

    def __init__(self, attribute: str, why: str = "") -> None:
        super().__init__(attribute)
        self.attribute = attribute
        self.why = why

    @property
    def sentence(self) -> str:
        """What is not known, and why, in words for people."""
        return f"`{self.attribute}`: {self.why}" if self.why else f"`{self.attribute}` is known after it is made only"


class Declared(msgspec.Struct, frozen=True):
    """One resource: how people call it, its type, its id (its own, or one that is made up and stable), its attributes.

    `line` is the line in its file, 0 where the format has none. `new` says that it is not there yet, `perhaps` why nobody knows
    whether it will be at all, "" where it will.
    """

    address: str
    type: str
    id: str
    values: dict[str, Any]
    new: bool = True
    line: int = 0
    perhaps: str = ""

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
                raise NotKnownError(path, block.why)
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
        raise NotKnownError(path, found.why)
    return default if found is None else found


def as_known(values: Any, path: str) -> Any:
    """Return what stands at a path inside values, Later where nobody knows it, None where nothing stands there."""
    try:
        return taken(values, path)
    except NotKnownError as error:
        return Later(why=error.why)


def texts(value: Any, path: str) -> list[str]:
    """Return the texts of a list, or of one text; raises NotKnownError where one of them is not known yet."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    later = next((one for one in listed if isinstance(one, Later)), None)
    if later is not None:
        raise NotKnownError(path, later.why)
    return [one for one in listed if isinstance(one, str) and one]
