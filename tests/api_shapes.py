"""What the service models of boto3 say about answers: tests ask whether a document is one that AWS could give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import Shape
from botocore.session import Session

# What AWS answers though its model does not list it: the state of an internet gateway's attachment, interfaces of NAT gateways and of
# Instance Connect endpoints.
UNLISTED = ("available", "nat_gateway", "ec2_instance_connect_endpoint")
PYTHON: dict[str, type[Any]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "structure": dict,
    "list": list,
    "map": dict,
}


@cache
def output(service: str, operation: str) -> Shape:
    return Session().get_service_model(service).operation_model(operation).output_shape


def complaints(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Yield what of a JSON value is not as the service model says."""
    if shape.type_name == "timestamp":
        if datetime.fromisoformat(value).tzinfo is None:
            yield f"{path}: {value} is in no time zone"
    elif type(value) is not PYTHON[shape.type_name]:
        yield f"{path}: {value!r} is no {shape.type_name}"
    elif shape.type_name == "structure":
        for name, inner in value.items():
            if name in shape.members:
                yield from complaints(shape.members[name], inner, f"{path}.{name}")
            else:
                yield f"{path}: {shape.name} has no {name}"
    elif shape.type_name == "list":
        for number, inner in enumerate(value):
            yield from complaints(shape.member, inner, f"{path}[{number}]")
    elif getattr(shape, "enum", None) and value.lower() not in {word.lower() for word in (*shape.enum, *UNLISTED)}:
        yield f"{path}: {value!r} is none of {shape.enum}"
