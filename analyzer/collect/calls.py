"""Every call that the components declare, each once: what is asked in which order, and what is kept of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from ..models.aws import COMPONENTS
from ..models.call import GLOBAL_CLIENTS, Call, Each
from ..models.component import Component
from ..models.document import Document
from ..models.unmodelled import BYSTANDERS, Bystander
from .kept import Shape, row_shape, union_of


class Planned(msgspec.Struct, frozen=True):
    """A call, the document that its answers become, what of a row is kept, and the calls that are asked for what it answers.

    One without a document only tells others what to ask for. It is asked once every call of an earlier `wave` has ended.
    """

    call: Call
    document: Document | None
    row: Shape
    feeds: tuple[Call, ...]
    kinds: tuple[str, ...]
    wave: int = 0

    @property
    def name(self) -> str:
        """The call's name: `ec2.DescribeVpcs`."""
        return self.call.name

    @property
    def everywhere(self) -> bool:
        """Whether it is asked in every Region, and not once an account."""
        return self.call.client not in GLOBAL_CLIENTS

    @property
    def each(self) -> Each | None:
        """What it is asked for, one by one; None for a call that is asked once."""
        return self.call.each


@cache
def planned() -> dict[str, Planned]:
    """Return every call by name, sources before what they tell what to ask for; what other components name is in a later wave.

    Resources are made after what they name, and go before it: asked in this order, none names what was not there yet, and one
    that names what is not there is gone.
    """
    documents: dict[str, list[tuple[type[Component], Document]]] = {}
    calls: dict[str, Call] = {}
    for component, document in _asked():
        documents.setdefault(document.call.name, []).append((component, document))
        calls.update((call.name, call) for call in (*document.call.sources, document.call))
    fed: dict[str, list[Call]] = {name: [] for name in calls}
    for call in calls.values():
        if call.each is not None:
            fed[call.each.source.name].append(call)
    made = {name: _planned(call, documents.get(name, []), fed[name]) for name, call in calls.items()}
    return {**{one.document.call.name: _bystander(one) for one in BYSTANDERS}, **made}


def _bystander(one: Bystander) -> Planned:
    shape = Shape({name: Shape() for name in one.names})
    return Planned(one.document.call, one.document, shape, (), ())


def _asked() -> Iterator[tuple[type[Component], Document]]:
    return ((component, document) for component in COMPONENTS for document in component.documents if document.asked)


def _wave(kind: str) -> int:
    """Return the wave of a kind, which comes after every kind that names it: subnets come last but one, VPCs last."""
    by = {one.kind for one in COMPONENTS if any(reference.kind == kind for reference in one.references)}
    return max((_wave(one) + 1 for one in by), default=0)


def _planned(call: Call, answered: Sequence[tuple[type[Component], Document]], fed: Sequence[Call]) -> Planned:
    rows = union_of(row_shape(component) for component, _ in answered)
    document = answered[0][1] if answered else None
    kinds = tuple(component.kind for component, _ in answered)
    return Planned(call, document, rows, tuple(fed), kinds, max(map(_wave, kinds), default=0))
