"""Edits that open several lines at once, however a packet goes: each is tried first, and what is left to do is counted after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from ..edit import Edit, edited
from ..models.component import Component
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import EVERY_V4, NOTHING, address_text
from ..models.snapshot import Snapshot
from ..select import select
from .locks import WAITING
from .packets import TooManyError

Ends = tuple[Endpoint, Endpoint]
Family = tuple[tuple[Edit, ...], Snapshot, Ends]
# Of more ties that could be made nobody waits for the answer.
MOST_TIES = 6


def families(world: Snapshot, source: Endpoint, target: Endpoint) -> Iterator[Family]:
    """Yield the snapshot as it is, and after edits that tie what is there to a VPC of the ends; each with an IPv6 address too.

    These are: a peering that waits and is accepted, an internet gateway that is attached, detached elsewhere before if it must be.
    Where an end is on the internet, the other one gets an IPv6 address where it has none. Raises TooManyError where they are too many.
    """
    ties = list(islice(_ties(world, (source, target)), MOST_TIES + 1))
    if len(ties) > MOST_TIES:
        raise TooManyError
    for given in ((), *ties):
        try:
            twin = edited(world, given)
        except QuestionError:  # routes that BGP would tell, a peering beside another: none of these is one edit
            continue
        ends = (again(source, twin), again(target, twin)) if given else (source, target)
        yield given, twin, ends
        yield from _with_v6(given, twin, ends)


def _ties(world: Snapshot, ends: Sequence[Endpoint]) -> Iterator[tuple[Edit, ...]]:
    here = sorted({one.vpc for one in ends if one.vpc})
    for one in world.all("vpc_peering"):
        if one.status.code == WAITING and set(one.vpc_ids) & set(here) and all(world.find("vpc", each) for each in one.vpc_ids):
            yield (_edit("add", "peering", id=one.id, vpcs=list(one.vpc_ids)),)
    for vpc_id in here:
        if not world.where("internet_gateway", "vpc_id", vpc_id):
            yield from islice(_gateways(world, vpc_id), 1)


def _gateways(world: Snapshot, vpc_id: str) -> Iterator[tuple[Edit, ...]]:
    """Yield the edits that bring an internet gateway of the same account and Region to a VPC: one of no VPC first, else one of another."""
    vpc = world.find("vpc", vpc_id)
    known = world.all("internet_gateway") if vpc is not None else ()
    near = [one for one in known if all(not mine or not its or mine == its for mine, its in zip(_at(vpc), _at(one), strict=True))]
    for one in sorted(near, key=lambda one: (bool(one.vpc_id), one.id)):
        away = (_edit("remove", "attachment", gateway=one.id, vpc=one.vpc_id),) if one.vpc_id else ()
        yield (*away, _edit("add", "attachment", gateway=one.id, vpc=vpc_id))


def _at(one: Component) -> tuple[str, str]:
    return one.account, one.region


def _edit(verb: str, thing: str, **fields: object) -> Edit:
    return Edit.model_validate({verb: {thing: fields}})


def _with_v6(given: tuple[Edit, ...], world: Snapshot, ends: Ends) -> Iterator[Family]:
    """Yield the snapshot with an IPv6 address for the one end that is inside, where the other is outside and it has none yet."""
    inside = [one for one in ends if one.interface]
    if len(inside) != 1 or inside[0].addresses - EVERY_V4:
        return
    subnet = world.find("subnet", world.find("network_interface", inside[0].interface).subnet_id)
    block = subnet.addresses - EVERY_V4 if subnet is not None else NOTHING
    free = (number for low, high in block for number in range(low + 16, min(high, low + 4096)))
    number = next((one for one in free if world.owner_of(inside[0].vpc, one) is None), None)
    if number is not None:
        edit = Edit.model_validate({"add": {"address": {"interface": inside[0].interface, "public": address_text(number)}}})
        twin = edited(world, [edit])
        yield (*given, edit), twin, (again(ends[0], twin), again(ends[1], twin))


def again(one: Endpoint, world: Snapshot) -> Endpoint:
    """Return an endpoint as it is after edits; an interface may have other addresses."""
    if not one.interface and one.kind != "internet":
        return one
    return next(each for each in select(one.id, world) if each.id == one.id)
