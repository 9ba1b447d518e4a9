"""Lambda functions: in a VPC they send through interfaces that nothing connects to. Their environment is never read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from ..component import Component, Document, World
from ..managed import ManagedShape
from ..rule import rule
from ..table import Arrive, Direction, Drop, Line, Match, Place, Table


class FunctionVpc(msgspec.Struct, rename="pascal", frozen=True):
    """Where a function stands in a VPC; empty for one that does not."""

    vpc_id: str = ""
    subnet_ids: list[str] = []
    security_group_ids: list[str] = []


class LambdaFunction(ManagedShape, kw_only=True):
    """A function: ListFunctions. Functions with the same subnets and groups share their interfaces."""

    kind: ClassVar[str] = "lambda_function"
    endpoint_kind: ClassVar[str] = "lambda"
    signs: ClassVar[tuple[str, ...]] = ("lambda",)
    documents: ClassVar[tuple[Document, ...]] = (Document("Functions", "lambda", "ListFunctions"),)

    function_name: str
    function_arn: str = ""
    vpc_config: FunctionVpc | None = None

    @property
    def id(self) -> str:
        """The ARN, or the name where the answer has no ARN."""
        return self.function_arn or self.function_name

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.function_name, self.name) if name]

    @property
    def vpc_id(self) -> str:
        """Its VPC; "" for a function that is in none."""
        return self.vpc_config.vpc_id if self.vpc_config else ""

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter what it sends."""
        return frozenset(self.vpc_config.security_group_ids) if self.vpc_config else frozenset()

    @rule(
        "SVC-10",
        says="A function in a VPC has no public address, not even in a public subnet: it needs a NAT gateway for the internet. One "
        "that is in no VPC reaches the internet, and no VPC.",
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
    )
    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets; none for a function that is in no VPC."""
        return self.vpc_config.subnet_ids if self.vpc_config else []

    def takes(self, interface_id: str, world: World) -> Place | None:
        """Return the place that refuses what comes to its interface, where the interface's own type does not say so."""
        interface = world.find("network_interface", interface_id)
        return None if interface is None or interface.type == "lambda" else Place(self.id, "contacted", interface_id)

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the one line of stage `contacted`: nothing connects to a function, and its answers come home."""
        drop = Drop("", f"nothing connects to {self.function_name} by its interface")
        action = Arrive(place.via) if direction is Direction.REPLY else drop
        return Table("lambda", [Line("a function only sends", Match(), action, "SVC-9", self.id)])

    def filters(self, world: World) -> dict[str, object]:
        """Return its groups as an interface names them, and the type of its interfaces."""
        return {**super().filters(world), "InterfaceType": "lambda"}

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: a function that is in no VPC."""
        yield from Component.caveats(self, world)
        if not self.subnets_of(world):
            yield f"{self.function_name}: it is in no VPC; it reaches the internet from addresses of AWS, and no VPC"
        elif not any(not one.stand_in for one in self.found(world)):
            yield f"{self.function_name}: its interfaces are not in the snapshot; those of its subnets and groups stand for them"
