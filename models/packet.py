"""Addresses, services and sets of them: the only arithmetic there is.

Addresses and services are numbers on two lines, so that one kind of set serves both:

- an IPv4 address is its own value, 0 to 2**32 - 1; an IPv6 address is its value + 2**32;
- a service is `protocol * 65536 + detail`. The detail is the destination port (TCP, UDP), `type * 256 + code` (ICMP,
  ICMPv6), and for every other protocol the whole range 0-65535, which is never cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network, summarize_address_range

import msgspec

V6 = 1 << 32
END_OF_ADDRESSES = V6 + (1 << 128) - 1
END_OF_SERVICES = (256 << 16) - 1
ICMP, TCP, UDP, ICMP6 = 1, 6, 17, 58


class IntervalSet:
    """A set of whole numbers, kept as sorted, disjoint, non-touching intervals; both ends belong to an interval."""

    __slots__ = ("intervals",)

    def __init__(self, intervals: Iterable[tuple[int, int]] = ()) -> None:
        self.intervals: tuple[tuple[int, int], ...] = _merge(intervals)

    @classmethod
    def _of(cls, intervals: Iterable[tuple[int, int]]) -> IntervalSet:
        # INVARIANT: the caller hands over sorted, disjoint, non-touching intervals.
        made = cls.__new__(cls)
        made.intervals = tuple(intervals)
        return made

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, IntervalSet) and self.intervals == other.intervals

    def __hash__(self) -> int:
        return hash(self.intervals)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self.intervals, (number, END_OF_ADDRESSES + 1))
        return at > 0 and self.intervals[at - 1][1] >= number

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.intervals)

    def __repr__(self) -> str:
        return f"IntervalSet({list(self.intervals)})"

    def __and__(self, other: IntervalSet) -> IntervalSet:
        if self.intervals == other.intervals:
            return self
        return IntervalSet._of(_intersect(self.intervals, other.intervals))

    def __or__(self, other: IntervalSet) -> IntervalSet:
        if not other.intervals:
            return self
        return IntervalSet(self.intervals + other.intervals) if self.intervals else other

    def __sub__(self, other: IntervalSet) -> IntervalSet:
        if not other.intervals or not self.intervals:
            return self
        return IntervalSet._of(_subtract(self.intervals, other.intervals))

    def __le__(self, other: IntervalSet) -> bool:
        return not self - other

    def smallest(self) -> int:
        """Return the smallest member; raises IndexError when there is none."""
        return self.intervals[0][0]

    def count(self) -> int:
        """Return how many members there are."""
        return sum(high - low + 1 for low, high in self.intervals)


def _merge(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if low > high:
            continue
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return tuple(merged)


def _intersect(left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    if len(left) > len(right):
        left, right = right, left
    for low, high in left:
        at = max(bisect_right(right, (low, END_OF_ADDRESSES + 1)) - 1, 0)
        while at < len(right) and right[at][0] <= high:
            if right[at][1] >= low:
                yield max(low, right[at][0]), min(high, right[at][1])
            at += 1


def _subtract(left: tuple[tuple[int, int], ...], right: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    for low, high in left:
        at = max(bisect_right(right, (low, END_OF_ADDRESSES + 1)) - 1, 0)
        while at < len(right) and right[at][0] <= high and low <= high:
            if right[at][1] >= low:
                if right[at][0] > low:
                    yield low, right[at][0] - 1
                low = right[at][1] + 1
            at += 1
        if low <= high:
            yield low, high


NOTHING = IntervalSet()
EVERY_ADDRESS = IntervalSet([(0, END_OF_ADDRESSES)])
EVERY_V4 = IntervalSet([(0, V6 - 1)])
EVERY_V6 = IntervalSet([(V6, END_OF_ADDRESSES)])
EVERY_SERVICE = IntervalSet([(0, END_OF_SERVICES)])


def only(number: int) -> IntervalSet:
    """Return the set whose one member is `number`."""
    return IntervalSet._of(((number, number),))


def union(sets: Iterable[IntervalSet]) -> IntervalSet:
    """Return the members of all the sets; empty for no sets."""
    return IntervalSet(interval for one in sets for interval in one.intervals)


# The texts of an octet and of an IPv4 prefix's length as the library reads them: without leading zeros, in ASCII.
_OCTETS = {str(number): number for number in range(256)}
_LENGTHS = {str(number): number for number in range(33)}


def _v4(text: str) -> int | None:
    """Return the number of an IPv4 address, seven times faster than the library; None for what the library must judge."""
    octet = _OCTETS
    try:
        a, b, c, d = text.split(".")
        return octet[a] << 24 | octet[b] << 16 | octet[c] << 8 | octet[d]
    except (KeyError, ValueError):
        return None


def address(text: str) -> int:
    """Return the number of an IPv4 or IPv6 address; raises ValueError when the text is none."""
    number = _v4(text)
    return _by_library(text) if number is None else number


@lru_cache(maxsize=1 << 14)
def _by_library(text: str) -> int:
    try:
        return int(IPv6Address(text)) + V6
    except ValueError:
        pass
    parsed = ip_address(text)
    return int(parsed) + (V6 if parsed.version == 6 else 0)


def address_text(number: int) -> str:
    """Return an address as people write it."""
    return str(ip_address(number) if number < V6 else ip_address((number - V6).to_bytes(16, "big")))


def blocks_of(addresses: IntervalSet, most: int) -> list[str]:
    """Return the CIDR blocks that make up a set of addresses; empty where it takes more than `most`, or it has none."""
    found: list[str] = []
    for low, high in addresses:
        ends = (ip_address(address_text(number)) for number in (low, high))
        for block in summarize_address_range(*ends):
            if len(found) == most:
                return []
            found.append(str(block))
    return found


@lru_cache(maxsize=1 << 14)
def prefix(text: str) -> IntervalSet:
    """Return the addresses of a CIDR block; host bits may be set, and a bare address is itself.

    Raises ValueError when the text is no block of either family.
    """
    before, _, after = text.partition("/")
    number, length = _v4(before), _LENGTHS.get(after)
    if number is not None and length is not None:
        hosts = (1 << 32 - length) - 1
        return IntervalSet._of(((number & ~hosts, number | hosts),))
    network = ip_network(text, strict=False)
    base = int(network.network_address) + (V6 if network.version == 6 else 0)
    return IntervalSet._of(((base, base + network.num_addresses - 1),))


@lru_cache(maxsize=1 << 14)
def prefix_length(text: str) -> int:
    """Return the length of a CIDR block's prefix, 0 to 32 or 0 to 128."""
    return ip_network(text, strict=False).prefixlen


PRIVATE_V4 = union(map(prefix, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
SHARED_V4 = prefix("100.64.0.0/10")
# Where IPv6-only hosts send what is for the IPv4 internet (NAT-11).
NAT64 = prefix("64:ff9b::/96")
LINK_LOCAL = union(map(prefix, ("169.254.0.0/16", "fe80::/10")))
PUBLIC = (
    EVERY_V4 - PRIVATE_V4 - SHARED_V4 - LINK_LOCAL - union(map(prefix, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3")))
) | prefix("2000::/3")


def services_of(protocol: int, low: int = 0, high: int = 65535) -> IntervalSet:
    """Return the services of one protocol whose detail lies in low to high, both included."""
    return IntervalSet._of((((protocol << 16) + low, (protocol << 16) + high),))


class Packet(msgspec.Struct, frozen=True):
    """One header, in one direction: where it says that it comes from and goes to, and its service."""

    source: int
    target: int
    service: int

    @property
    def protocol(self) -> int:
        """The IP protocol number, 0 to 255."""
        return self.service >> 16
