"""Target groups of VPC Lattice: instances, addresses, load balancers and functions, called from the addresses of VPC Lattice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World, conditional
from ..lattice import ANSWERS, LATTICE, LatticeShape, documents_of, each_of, in_doubt, short, sources, unseen
from ..packet import EVERY_V4, EVERY_V6, TCP, V6, address
from ..rule import rule
from ..table import Action, Choose, Drop, Place, Send, Session

HEALTHY = ("", "HEALTHY", "INITIAL", "UNUSED", "UNAVAILABLE")
KINDS = {"INSTANCE": "instance", "ALB": "application_load_balancer"}


class LatticeTarget(msgspec.Struct, rename="camel", frozen=True):
    """One target: an instance id, an address, an ARN, and the port given at registration."""

    id: str
    port: int | None = None
    status: str = ""


class LatticeTargets(Component, rename="camel", kw_only=True):
    """The targets of one group: ListTargets, wrapped with the group's identifier."""

    kind: ClassVar[str] = "lattice_targets"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "LatticeTargets",
            LATTICE,
            "ListTargets",
            argument="targetGroupIdentifier",
            each=each_of("targetGroupIdentifier", "ListTargetGroups"),
        ),
    )

    target_group_identifier: str
    items: list[LatticeTarget] = []

    @property
    def id(self) -> str:
        """The id of the group, with a word before it: the group has a place of that id."""
        return f"targets of {short(self.target_group_identifier)}"


class LatticeTargetGroup(LatticeShape, kw_only=True):
    """A target group: GetTargetGroup and ListTargetGroups."""

    kind: ClassVar[str] = "lattice_target_group"
    own_arn: ClassVar[tuple[str, ...]] = ("targetgroup",)
    prepares: ClassVar[tuple[str, ...]] = ("config",)
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "LatticeTargetGroups", "GetTargetGroup", "ListTargetGroups", "targetGroupIdentifier"
    )

    type: str = ""
    port: int = 0
    vpc_identifier: str = ""

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with what `get-target-group` says in its `config` where `list-target-groups` says it."""
        config = row.get("config")
        return {**config, **row} if isinstance(config, dict) else row

    @property
    def vpc_id(self) -> str:
        """The VPC of its targets; "" for functions."""
        return short(self.vpc_identifier)

    def ways(self, world: World) -> Iterator[Action]:
        """Yield the connections that VPC Lattice makes to the targets."""
        if self.type == "LAMBDA":
            yield Drop("", f"{self.title} is a function, called by the API and not by the network")
            return
        found = world.find("lattice_targets", f"targets of {self.id}")
        if found is None:
            yield unseen(f"the targets of {self.title} are not in the snapshot", self.id, self.account, world)
            return
        for one in found.items:
            for way in self._to(one, world):
                unsure = one.status not in HEALTHY and not isinstance(way, Choose)
                yield in_doubt(way, conditional(f"target {one.id} was {one.status}", self.id, "LB-14")) if unsure else way

    def _to(self, target: LatticeTarget, world: World) -> Iterator[Action]:
        if self.type == "IP":
            yield self._called(address(target.id), self.vpc_id, target, world)
            return
        owner = world.find(KINDS.get(self.type, ""), target.id)
        interfaces = [world.find("network_interface", id) for id in owner.interface_ids(world)] if owner is not None else []
        known = [one for one in interfaces if one is not None and one.primary != (None, None)]
        if self.type == "INSTANCE":
            known = sorted(known, key=lambda one: one.attachment.device_index if one.attachment else 0)[:1]
        for one in known:
            yield self._called(next(number for number in one.primary if number is not None), one.vpc_id, target, world)
        if not known:
            yield unseen(f"target {target.id} of {self.title} is not in the snapshot", self.id, self.account, world)

    @rule(
        "LAT-3",
        says="Targets see an address of VPC Lattice's prefix lists and never the client: their groups and the ACLs of their subnets must "
        "admit the list, and a reference to the client's group does not match.",
        source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#security-groups-rules",
    )
    @rule(
        "LAT-5",
        says="Only the VPCs of clients are associated with a service network: that of a target or of a resource gateway need not be.",
        source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/how-it-works.html",
    )
    def _called(self, number: int, vpc_id: str, target: LatticeTarget, world: World) -> Action:
        """Return the connection to a target, from each block of the lists: which address it comes from no configuration says."""
        family = EVERY_V4 if number < V6 else EVERY_V6
        service = (TCP << 16) + (target.port or self.port)
        session = Session((Place(LATTICE, "asked", vpc_id),), ANSWERS, remaps_ports=True)
        sends = tuple(Send(Place(vpc_id, "delivers"), low, number, service, "", session) for low, _ in sources(world) & family)
        if not sends:
            return Drop("", f"VPC Lattice has no address of the family of {target.id}")
        doubt = conditional("from which of its addresses VPC Lattice comes is not in the configuration", self.id, "LAT-3")
        return sends[0] if len(sends) == 1 else Choose(sends, doubt)
