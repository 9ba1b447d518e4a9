"""Public addresses of interfaces, given and taken away: that of the primary private IPv4 address, and IPv6 ones given."""

from __future__ import annotations

from typing import Any

import msgspec

from ..models.errors import QuestionError
from ..models.interface import Ipv6Address, PrivateAddress, PublicAssociation
from ..models.packet import PUBLIC, address, address_text
from ..models.snapshot import Snapshot
from .file import Address
from .find import Changes, found

INTERFACE = "network_interface"


def exposed(one: Address, world: Snapshot) -> Changes:
    """Return the interface with a public address; raises QuestionError where it has one, or the address is none or taken."""
    interface = found(one.interface, "interface", world, INTERFACE)
    if one.public is not None and ":" in one.public:
        return _exposed_v6(interface, one.public, world)
    primary = _primary(interface)
    if primary.association is not None and primary.association.public_ip:
        raise QuestionError(f"{interface.id} has a public address already", hint="leave the edit out, or remove that one before")
    text = one.public or ""
    try:
        number = address(text)
    except ValueError:
        number = -1
    if number not in PUBLIC:
        raise QuestionError(f"`{text[:60]}` is no public address", hint="write `public: ADDRESS`")
    if any(number in taken for taken in world.public_addresses().values()):
        raise QuestionError(f"`{text}` belongs to another interface", hint="take another address")
    return _with(interface, primary, PublicAssociation(public_ip=text))


def _exposed_v6(interface: Any, text: str, world: Snapshot) -> Changes:
    """Return the interface with one more IPv6 address, which is of its subnet and nobody's yet."""
    subnet = world.find("subnet", interface.subnet_id)
    try:
        number = address(text)
    except ValueError:
        number = -1
    if subnet is None or number not in subnet.addresses:
        raise QuestionError(f"`{text[:60]}` is no address of {interface.subnet_id}", hint="take one of the subnet's IPv6 block")
    if world.owner_of(interface.vpc_id, number) is not None:
        raise QuestionError(f"`{text}` belongs to another interface", hint="take another address")
    listed = [*interface.ipv6_addresses, Ipv6Address(text)]
    return {(INTERFACE, interface.id): msgspec.structs.replace(interface, ipv6_addresses=listed)}


def hidden(one: Address, world: Snapshot) -> Changes:
    """Return the interface without the public address; raises QuestionError where it has none, or not this one."""
    interface = found(one.interface, "interface", world, INTERFACE)
    held = {address_text(public): private for private, public in interface.public_addresses.items()}
    if not held or (one.public is not None and one.public not in held):
        what = f"{interface.id} has no public address" + (f" `{one.public[:60]}`" if one.public else "")
        raise QuestionError(what, hint="leave the edit out")
    private = address_text(held[one.public or next(iter(held))])
    of_private = next((each for each in _listed(interface) if each.private_ip_address == private), _primary(interface))
    return _with(interface, of_private, None)


def _listed(interface: Any) -> list[PrivateAddress]:
    if interface.private_ip_addresses or not interface.private_ip_address:
        return list(interface.private_ip_addresses)
    return [PrivateAddress(interface.private_ip_address, primary=True, association=interface.association)]


def _primary(interface: Any) -> PrivateAddress:
    listed = _listed(interface)
    if not listed:
        raise QuestionError(f"{interface.id} has no private IPv4 address", hint="name an interface that has one")
    return next((one for one in listed if one.primary), listed[0])


def _with(interface: Any, of_private: PrivateAddress, association: PublicAssociation | None) -> Changes:
    """Return the interface with another association at one of its private addresses."""
    changed = [msgspec.structs.replace(one, association=association) if one == of_private else one for one in _listed(interface)]
    fields: dict[str, Any] = {"private_ip_addresses": changed}
    if of_private.primary or len(changed) == 1:
        fields["association"] = association
    return {(INTERFACE, interface.id): msgspec.structs.replace(interface, **fields)}
