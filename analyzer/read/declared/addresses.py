"""Which addresses the interfaces of code get: elastic ones, public ones, IPv6 ones; and what of that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .draft import Draft, Drafts
from .made import ADDRESSES, CHOSEN, INTERFACES, PERHAPS, PERHAPS_SUBNET_PUBLIC, SUBNET_PUBLIC

Fields = dict[str, Any]


def subnet(drafts: Drafts, id: Any) -> Fields:
    """Return the fields of a subnet; empty where neither the code nor the snapshot around it holds it."""
    return drafts.find("Subnets", str(id)) or {}


def give_addresses(drafts: Drafts) -> None:
    """Say of each interface which addresses it gets: elastic ones, public ones, IPv6 ones; `CHOSEN` where AWS chooses."""
    for address in list(drafts.of(ADDRESSES)):
        given = {"Public": address.fields.get("PublicIp") or CHOSEN, "Private": address.fields.get("PrivateIpAddress", "")}
        holders = list(_holders(address.fields, drafts))
        for one in holders:
            one.fields["Elastic"] = [*one.fields.get("Elastic", []), given]
        if not holders and (id := _existing_holder(address.fields, drafts)):
            drafts.add(Draft(INTERFACES, id, {"Elastic": [given]}, address.address, address.line, False, address.new))
    lost = any(one.key == ADDRESSES for one in drafts.lost) or any(one.fields.get("Somebodys") for one in drafts.of(ADDRESSES))
    for one in drafts.of(INTERFACES):
        if not one.whole:
            continue
        fields, there = one.fields, subnet(drafts, one.fields.get("SubnetId"))
        public, wants = _public(one, there), fields.pop("WantsIpv6", False)
        has = fields.get("PublicIp") or any(_is_primary(each["Private"], fields) for each in fields.get("Elastic", []))
        if public and public != PERHAPS and not has:
            fields["PublicIp"] = CHOSEN
        if (lost or public == PERHAPS) and not has:
            fields["_PerhapsPublic"] = True
        assigns = there.get("AssignIpv6AddressOnCreation")
        if (wants or assigns) and not fields.get("Ipv6Addresses"):
            fields["Ipv6Addresses"] = [{"Ipv6Address": CHOSEN}]
            if assigns == PERHAPS and not wants:
                fields["_PerhapsV6"] = "whether its subnet assigns one is not known"


def _public(one: Draft, there: Fields) -> Any:
    """Return whether an interface gets a public address of its own; PERHAPS where nobody knows."""
    said = one.fields.pop("Public", False)
    if said not in (SUBNET_PUBLIC, PERHAPS_SUBNET_PUBLIC):
        return said
    gives = there.get("MapPublicIpOnLaunch", PERHAPS if not there else False) if one.new else False
    return PERHAPS if gives and said == PERHAPS_SUBNET_PUBLIC else gives


def _is_primary(private: Any, fields: Fields) -> bool:
    """Return whether an elastic address is surely that of the primary private address."""
    listed = [one.get("PrivateIpAddress") for one in fields.get("PrivateIpAddresses") or []]
    return private == "" or (len(listed) < 2 and private == PERHAPS) or private in listed[:1]


def _existing_holder(address: Fields, drafts: Drafts) -> str:
    """Return the interface to which an elastic address is given, where it is there already; "" for none."""
    instance = drafts.find("Reservations", str(address.get("InstanceId"))) or {}
    first = next((str(one.get("NetworkInterfaceId")) for one in instance.get("NetworkInterfaces") or []), "")
    return str(address.get("NetworkInterfaceId") or first)


def _holders(address: Fields, drafts: Drafts) -> Iterator[Draft]:
    """Yield the interface that an elastic address is given to: the one that is named, or the first of an instance."""
    for one in drafts.of(INTERFACES):
        attachment = one.fields.get("Attachment") or {}
        named = address.get("NetworkInterfaceId") == one.id
        first = attachment.get("InstanceId") == address.get("InstanceId") and not attachment.get("DeviceIndex")
        if named or (not address.get("NetworkInterfaceId") and address.get("InstanceId") and first):
            yield one
