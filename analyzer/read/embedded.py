"""Interfaces that stand inside the rows of instances, for snapshots in which no other document lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .catalogue import Catalogue
from .rows import Row

HOLDERS = "Reservations"
DOCUMENT = "NetworkInterfaces"


def embedded_rows(rows: Iterable[Row], catalogue: Catalogue) -> Iterator[Row]:
    """Yield a row for every interface that only an instance shows, with what the instance adds: itself, zone and owner."""
    shelf, holders = catalogue.shelf(DOCUMENT), catalogue.shelf(HOLDERS)
    if shelf is None or holders is None:
        return
    listed: set[Any] = set()
    instances: list[Row] = []
    for row in rows:
        if row.reader in shelf.readers:
            listed.add(_text(row.fields.get("NetworkInterfaceId")) if row.made is None else row.made.id)
        elif row.reader in holders.readers:
            instances.append(row)
    for instance in instances:
        if instance.made is not None and all(one.network_interface_id in listed for one in _inside(instance.made)):
            continue
        inside = instance.fields.get("NetworkInterfaces")
        for index, fields in enumerate(inside if isinstance(inside, list) else []):
            if isinstance(fields, dict) and _text(fields.get("NetworkInterfaceId")) not in listed:
                path = instance.field(f"NetworkInterfaces[{index}]")
                completed = _completed(fields, instance.fields)
                yield Row(
                    shelf.reader(fields) or shelf.readers[0], completed, instance.file, instance.number, path, embedded=True
                )


def _inside(instance: Any) -> list[Any]:
    """Return the interfaces that an instance names."""
    return instance.network_interfaces  # type: ignore[no-any-return]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _completed(fields: dict[str, Any], instance: dict[str, Any]) -> dict[str, Any]:
    """Return the interface's fields as DescribeNetworkInterfaces gives them."""
    attachment = fields.get("Attachment")
    if attachment is None or isinstance(attachment, dict):
        attachment = {**(attachment or {}), "InstanceId": instance.get("InstanceId", "")}
    placement = instance.get("Placement")
    zone = placement.get("AvailabilityZone") if isinstance(placement, dict) else None
    added = {"OwnerId": instance.get("OwnerId"), "AvailabilityZone": zone}
    return {**{name: value for name, value in added.items() if value}, **fields, "Attachment": attachment}
