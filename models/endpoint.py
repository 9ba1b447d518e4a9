"""What a user can name as source or target."""

from __future__ import annotations

import msgspec

from .packet import IntervalSet


class Endpoint(msgspec.Struct, frozen=True):
    """One source or target: an interface with all its addresses, or addresses themselves, whoever owns them.

    `interface` is the id of the interface, "" for addresses (`kind` `address`), the internet (`internet`) and gateway
    endpoints (`endpoint`, which have no interface: `id` is the endpoint's). `addresses` are the private addresses of an
    interface and the public ones of it; for addresses the very ones that were named.
    """

    id: str
    kind: str
    addresses: IntervalSet
    interface: str = ""
    name: str = ""
    vpc: str = ""
    account: str = ""
