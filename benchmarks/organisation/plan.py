"""What is decided about each VPC before it is made."""

from __future__ import annotations

from typing import NamedTuple

from .rows import Owner, id_of

PODS = "100.64.0.0"


class Plan(NamedTuple):
    """One VPC to be made."""

    number: int
    name: str
    env: str
    owner: Owner
    base: int  # the first address of its block
    length: int  # of the prefix of its block
    interfaces: int
    transit: str = ""  # the transit gateway
    inspected: bool = False  # the internet is behind the transit gateway
    balanced: bool = False
    instances_only: bool = False
    pods: bool = False  # it holds a cluster, with a further block for pods

    @property
    def cidrs(self) -> list[str]:
        """Its blocks."""
        return [f"{dotted(self.base)}/{self.length}", *([f"{PODS}/16"] if self.pods else [])]

    @property
    def v6(self) -> str:
        """The beginning of its IPv6 block, up to the subnet's digits; "" for two VPCs of three."""
        return "" if self.number % 3 else f"2a05:d018:{self.number:x}:"

    @property
    def v6_block(self) -> str:
        """Its IPv6 block; "" for two VPCs of three."""
        return self.v6 and f"{self.v6}:/56"

    @property
    def has_gateway(self) -> bool:
        """Whether it has an internet gateway of its own: behind an inspection VPC one of four does."""
        return not self.inspected or self.number % 4 == 0

    @property
    def attachment(self) -> str:
        """Its attachment to the transit gateway."""
        return id_of("tgw-attach", self.name)


def dotted(number: int) -> str:
    """Return an IPv4 address as people write it."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
