"""How resources stand in the API's answers: under which keys, what they must name, and their tags."""

from __future__ import annotations

from typing import Any

import msgspec

from .call import Call, Each


class Document(msgspec.Struct, frozen=True):
    """Where rows of a component stand in the API's answers.

    `key` is the top-level key of the answer. `rows` is the member of each entry that holds the rows, "" when the entries are
    the rows. `client` and `operation` are the boto3 client and the API operation that answer it; `argument` is the request
    parameter that an answer made once per resource is wrapped with. `shared` says that other services answer other things under
    the key, so that a row which the component's `reads` refuses is none of ours.

    `fixed` and `each` say how the operation is asked (see `Call`). A document that is not `asked` for is read where somebody
    has it: another document of the component says as much.
    """

    key: str
    client: str
    operation: str
    rows: str = ""
    argument: str = ""
    shared: bool = False
    fixed: tuple[tuple[str, Any], ...] = ()
    each: Each | None = None
    asked: bool = True

    @property
    def call(self) -> Call:
        """The call that answers it."""
        return Call(self.client, self.operation, self.fixed, self.each)


class Reference(msgspec.Struct, frozen=True):
    """An id that must be in the snapshot where its kind was collected, or the snapshot contradicts itself.

    `attribute` holds one id or several, `kind` is what they name, `field` how messages call it.
    """

    attribute: str
    kind: str
    field: str


Closed = tuple[tuple[str, type[msgspec.Struct]], ...]


class Tag(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """One tag; an empty value is a value."""

    key: str
    value: str = ""
