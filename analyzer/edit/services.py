"""Services as AWS's lines write them: a protocol, and ports, or an ICMP type and code."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..models.packet import EVERY_SERVICE, ICMP, ICMP6, TCP, UDP, IntervalSet, services_of


class Part(msgspec.Struct, frozen=True):
    """What one line can say: `protocol` None for every one; `low` and `high` are ports, or type and code with -1 for any."""

    protocol: int | None
    low: int | None = None
    high: int | None = None


def parts(services: IntervalSet) -> list[Part]:
    """Return the lines that it takes to say a set of services."""
    if services == EVERY_SERVICE:
        return [Part(None)]
    protocols = sorted({number for low, high in services for number in range(low >> 16, (high >> 16) + 1)})
    return [part for protocol in protocols for part in _of(protocol, services & services_of(protocol))]


def _of(protocol: int, services: IntervalSet) -> Iterator[Part]:
    base = protocol << 16
    if protocol in (TCP, UDP):
        yield from (Part(protocol, low - base, high - base) for low, high in services)
    elif protocol in (ICMP, ICMP6) and services != services_of(protocol):
        for low, high in services:
            yield from _icmp(protocol, low - base, high - base)
    else:
        yield Part(protocol, *((-1, -1) if protocol in (ICMP, ICMP6) else ()))


def _icmp(protocol: int, low: int, high: int) -> Iterator[Part]:
    while low <= high:
        whole = low % 256 == 0 and high - low >= 255
        yield Part(protocol, low // 256, -1 if whole else low % 256)
        low += 256 if whole else 1
