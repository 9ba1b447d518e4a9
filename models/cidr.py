"""Shapes that several EC2 answers share: address ranges with their state, and the public-access states."""

from __future__ import annotations

import msgspec

from .packet import prefix


class CidrState(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The state of an association: `associated` counts, and an answer without one counts too."""

    state: str = "associated"


class CidrBlock(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """One IPv4 range."""

    cidr_block: str
    cidr_block_state: CidrState = CidrState()

    def __post_init__(self) -> None:
        prefix(self.cidr_block)


class Ipv6CidrBlock(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """One IPv6 range; `private` space is never advertised to the internet."""

    ipv6_cidr_block: str
    ipv6_cidr_block_state: CidrState = CidrState()
    ipv6_address_attribute: str = "public"

    def __post_init__(self) -> None:
        prefix(self.ipv6_cidr_block)

    @property
    def associated(self) -> bool:
        """Whether the range is in use."""
        return self.ipv6_cidr_block_state.state == "associated"


class PublicAccessStates(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The mode of VPC Block Public Access that is in force here; "" when the answer does not say."""

    internet_gateway_block_mode: str = ""
