"""The answers of one call, page by page, and what of them becomes rows of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from botocore import xform_name

from ..models.call import Each
from .calls import Planned
from .failures import CutOffError, UnknownCallError
from .kept import Shape, kept

# Where an answer says that there is more, and the parameter that asks for it. A `Marker` beside it only repeats what was asked.
TOKENS = (("NextToken", "NextToken"), ("nextToken", "nextToken"), ("NextMarker", "Marker"))
Request = dict[str, Any]
Answer = Mapping[str, Any]


class Form(Enum):
    """How the answers of a call stand in a document."""

    ROWS = "the members of a list"
    OBJECT = "a document each"
    WRAPPED = "with what they were asked with"
    WHOLE = "an answer a row"


def pages(client: Any, planned: Planned, request: Request) -> Iterator[Answer]:
    """Yield the pages of the answer to one request; raises CutOffError where AWS says that there is more and not how to get it."""
    method = xform_name(planned.call.operation)
    if not hasattr(client, method):
        raise UnknownCallError(f"this version of boto3 has no `{planned.name}`")
    if client.can_paginate(method):
        yield from _unless_cut(client.get_paginator(method).paginate(**request, PaginationConfig=_page_size(client, planned)))
        return
    ask, token, asked = getattr(client, method), None, set[str]()
    while True:
        answer = ask(**request)
        yield from _unless_cut([answer])
        token, parameter = _token(answer)
        if token is None:
            return
        if token in asked:
            raise CutOffError("AWS answers the same page again and again")
        asked.add(token)
        request = {**request, parameter: token}


def _unless_cut(found: Iterable[Answer]) -> Iterator[Answer]:
    for page in found:
        if page.get("AdditionalRoutesAvailable") and not page.get("NextToken"):
            raise CutOffError("there are more routes than this version of boto3 can ask for")
        yield page


def _token(answer: Answer) -> tuple[str | None, str]:
    """Return what asks for the next page, and its parameter; None on the last one. CloudFront says it inside its list."""
    inner = [value for value in answer.values() if isinstance(value, Mapping) and value is not answer.get("ResponseMetadata")]
    for place in (answer, *inner):
        for name, parameter in TOKENS:
            if isinstance(place.get(name), str) and place[name]:
                return place[name], parameter
    return None, ""


def _page_size(client: Any, planned: Planned) -> dict[str, int]:
    """Return the largest page that the API's model allows: without one, some answers come whole, however large."""
    paging = client.get_paginator(xform_name(planned.call.operation))._pagination_cfg
    shape = client.meta.service_model.operation_model(planned.call.operation).input_shape
    limit = shape.members.get(paging.get("limit_key")) if shape is not None else None
    most = limit.metadata.get("max") if limit is not None and limit.type_name == "integer" else None
    return {"PageSize": min(int(most), 1000)} if most else {}


# ---------------------------------------------------------------------- answers to rows
def form(client: Any, planned: Planned) -> Form:
    """Return how the answers of a call stand in its document, which the API's model tells."""
    document = planned.document
    if document is None:
        return Form.ROWS
    members = client.meta.service_model.operation_model(planned.call.operation).output_shape.members
    if document.key not in members:
        return Form.WRAPPED if document.argument else Form.WHOLE
    if members[document.key].type_name == "structure":
        return Form.OBJECT
    return Form.WRAPPED if document.argument in planned.row.members else Form.ROWS


def rows(found: Iterable[Answer], how: Form, planned: Planned, request: Request) -> Iterator[Any]:
    """Yield what is kept of the pages of one answer, row by row; documents where each answer is one."""
    document = planned.document
    if document is None:
        for _ in found:
            pass
        return
    if how is Form.WRAPPED:
        yield _wrapped(found, planned, request)
        return
    for page in found:
        if how is Form.WHOLE:
            yield kept(page, planned.row)
        elif how is Form.OBJECT:
            yield from _document(page, planned, request)
        else:
            yield from kept(page.get(document.key) or [], _entry(planned))


def _entry(planned: Planned) -> Shape:
    """Return the shape of an entry under the document's key: a row, or what holds rows."""
    document = planned.document
    if document is None or not document.rows:
        return planned.row
    owner = {name: Shape() for name in ("OwnerId", document.argument) if name}
    return Shape({**owner, document.rows: planned.row})


def _wrapped(found: Iterable[Answer], planned: Planned, request: Request) -> dict[str, Any]:
    """Return all pages of one answer as one row, with what it was asked with."""
    document = planned.document
    assert document is not None
    wrapped: dict[str, Any] = {document.argument: request[document.argument]}
    for page in found:
        for name, value in (kept(page, _entry(planned)) or {}).items():
            if isinstance(value, list):
                wrapped.setdefault(name, []).extend(value)
            else:
                wrapped.setdefault(name, value)
    return wrapped


def _document(page: Answer, planned: Planned, request: Request) -> Iterator[dict[str, Any]]:
    """Yield an answer that is one resource, if there is one: what stands under its key, and what belongs to it beside."""
    document = planned.document
    assert document is not None
    beside = {name: value for name, value in page.items() if name != document.key and name.startswith(document.key)}
    argument = {document.argument: request[document.argument]} if document.argument else {}
    found = kept(page.get(document.key) or {}, _entry(planned))
    if found:
        yield {**argument, document.key: found, **(kept(beside, planned.row) or {})}


# ---------------------------------------------------------------------- answers to what to ask next
def requests(page: Answer, each: Each, request: Request) -> Iterator[Request]:
    """Yield what another call is to be asked for, as this page of its source says."""
    handed = {name: request[name] for name in each.hands}
    for path in each.paths:
        for value in _values(page, path.split("."), each.only):
            if value and not (each.unless and each.unless in value):
                yield {**handed, each.parameter: value}


def _values(value: Any, path: list[str], only: tuple[str, str]) -> Iterator[str]:
    if not path:
        if isinstance(value, str):
            yield value
        return
    name, rest = path[0].removesuffix("[]"), path[1:]
    if not isinstance(value, Mapping) or (not rest and only[0] and value.get(only[0]) != only[1]):
        return
    inner = value.get(name)
    for one in (inner or []) if path[0].endswith("[]") else [inner]:
        yield from _values(one, rest, only)
