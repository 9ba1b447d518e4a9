"""NP-Guard's collector JSON: the rows of AWS under keys of its own. Nothing else in the project knows these keys."""

from __future__ import annotations

from .catalogue import Catalogue, Shelf

KEYS = {
    "vpcs": "Vpcs",
    "subnets": "Subnets",
    "instances": "Reservations",
    "internet_gateways": "InternetGateways",
    "network_acls": "NetworkAcls",
    "security_groups": "SecurityGroups",
}


def shelf(key: str, catalogue: Catalogue) -> Shelf | None:
    """Return what stands under one of NP-Guard's keys, whose rows are never nested; None for other keys."""
    found = catalogue.shelf(KEYS.get(key, ""))
    return None if found is None else Shelf(found.key, found.readers, "")
