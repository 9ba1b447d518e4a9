"""A random network under way: its rows so far, and what later parts must know of earlier ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from random import Random
from typing import TypeVar

import msgspec

from .rows import Row

_Thing = TypeVar("_Thing")


class Lan(msgspec.Struct):
    """A subnet under way; "" for a family that it does not have."""

    id: str
    vpc_id: str
    v4: str
    v6: str
    zone: str
    taken: int = 3
    delegated: int = 0

    @property
    def cidrs(self) -> list[str]:
        """Its ranges."""
        return [one for one in (self.v4, self.v6) if one]

    def next_prefix(self) -> str:
        """Return a /28 (an /80 where there is no IPv4) that nothing has yet; there are two."""
        self.delegated += 1
        return part_of(self.v4, 28, 4 - self.delegated) if self.v4 else part_of(self.v6, 80, 9 - self.delegated)

    def next_v4(self) -> str:
        """Return an address of the subnet that nothing has yet."""
        self.taken += 1
        return str(ip_network(self.v4)[self.taken])

    def next_v6(self) -> str:
        """Return an IPv6 address of the subnet that nothing has yet."""
        self.taken += 1
        return str(ip_network(self.v6)[self.taken])


class Guard(msgspec.Struct, frozen=True):
    """An endpoint that inspects what routes lead through it, and the subnet in which it stands."""

    id: str
    lan_id: str


class Site(msgspec.Struct):
    """A VPC under way: its ranges that are associated, subnets, groups, what its route tables may name, and where its NAT is.

    `guards` are the endpoints through which other subnets are led, on their way to the blocks `inspected`.
    """

    id: str
    v4: list[str]
    v6: list[str]
    lans: list[Lan] = []
    groups: list[str] = []
    gateways: list[str] = []
    nat_lans: list[str] = []
    guards: list[Guard] = []
    inspected: list[str] = []

    @property
    def cidrs(self) -> list[str]:
        """Its ranges of both families."""
        return self.v4 + self.v6


class Host(msgspec.Struct):
    """An interface under way: its addresses, and whether it passes on what is not for itself."""

    id: str
    site: Site
    lan: Lan
    v4: list[str]
    v6: list[str]
    public: list[str]
    forwards: bool = False


class Draft:
    """The rows of one network, and the random numbers that they are made from.

    `openness`, 0 to 1, is how much the filters of this network let pass.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.openness = random.choice((0.3, 0.6, 0.9))
        self.rows: list[tuple[str, Row]] = []
        self.sites: list[Site] = []
        self.hosts: list[Host] = []
        self.lists: list[str] = []
        self._numbers: dict[str, int] = {}

    def add(self, kind: str, row: Row) -> None:
        """Add the row of a component of this kind."""
        self.rows.append((kind, row))

    def new(self, prefix: str) -> str:
        """Return an id that nothing has yet: `sg-0`, `sg-1`."""
        number = self._numbers.get(prefix, 0)
        self._numbers[prefix] = number + 1
        return f"{prefix}-{number}"

    def public_address(self) -> str:
        """Return a public IPv4 address that nothing has yet."""
        number = int(self.new("public").rpartition("-")[2])
        return f"54.{number % 2 * 200}.{number // 200}.{number % 200 + 1}"

    def chance(self, probability: float) -> bool:
        """Return True with this probability."""
        return self.random.random() < probability

    def one(self, things: Sequence[_Thing]) -> _Thing:
        """Return one of the things."""
        return self.random.choice(things)

    def some(self, things: Sequence[_Thing], least: int, most: int) -> list[_Thing]:
        """Return `least` to `most` different ones of the things, as far as there are so many, in random order."""
        number = min(self.random.randint(least, most), len(things))
        return self.random.sample(things, number)

    def block(self, site: Site, v6: bool) -> str:
        """Return a block of one family that means something to a filter of this VPC."""
        everything = "::/0" if v6 else "0.0.0.0/0"
        if self.chance(0.3 + self.openness / 2):
            return everything
        near: list[str] = [*_family(site.cidrs, v6), *(cidr for lan in site.lans for cidr in _family(lan.cidrs, v6))]
        far = [cidr for other in self.sites for cidr in _family(other.cidrs, v6)]
        hosts = [address for host in self.hosts for address in _family([*host.v4, *host.v6, *host.public], v6)]
        wide = ["2600::/12", "2600:1f00:0:0::/60"] if v6 else ["10.0.0.0/8", "0.0.0.0/1", "8.8.8.0/24", "54.0.0.0/9"]
        pools = [pool for pool in (near, far, [f"{one}/{128 if v6 else 32}" for one in hosts], wide) if pool]
        return self.one(self.one(pools))


def part_of(cidr: str, length: int, number: int) -> str:
    """Return the part of a block with this prefix length and number, from 0."""
    whole = ip_network(cidr)
    first = int(whole.network_address) + (number << (whole.max_prefixlen - length))
    return f"{type(whole.network_address)(first)}/{length}"


def _family(texts: Iterable[str], v6: bool) -> list[str]:
    return [one for one in texts if (":" in one) is v6]
