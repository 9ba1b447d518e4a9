"""What a picture is about: interfaces in their subnets and VPCs, and how much of them is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from ..models.component import Component
from ..models.errors import QuestionError
from ..models.picture import GRAINS
from ..models.snapshot import Snapshot
from ..select import select
from ..select.catalogue import CONTEXT_TAGS, INTERFACE, interface_kind, members_of, name_of

# Kind of the interfaces of a line, and their security groups.
Alike = tuple[str, tuple[str, ...]]


class Ground:
    """The interfaces that are drawn, by subnet, and the grain at which they are; everything in order of id."""

    def __init__(self, world: Snapshot, of: str | None, parts: Mapping[str, Sequence[Any]], nodes: int) -> None:
        """Take the interfaces of each subnet; the grain is the finest that needs at most `nodes` nodes."""
        self.world = world
        self.of = of
        self.parts = dict(sorted(parts.items()))
        self.interfaces = sum(map(len, self.parts.values()))
        self.vpc_of = {subnet: _vpc_of(world, subnet, inside) for subnet, inside in self.parts.items()}
        self.vpcs = sorted({*self.vpc_of.values(), *(() if of is not None else (one.id for one in world.all("vpc")))})
        self.grain = next((grain for grain in GRAINS if self._count(grain) <= nodes), GRAINS[-1])
        self.drawn = self._largest(nodes)
        self.left_out = len(set(map(self.home_of, self.vpcs))) - len(self.drawn) if self.grain == "context" else 0

    @property
    def fine(self) -> bool:
        """Whether subnets are drawn."""
        return self.grain not in ("vpc", "context")

    def _count(self, grain: str) -> int:
        """Return how many nodes a grain needs: spots, and the lines about interfaces in them."""
        if grain == "interface":
            return len(self.parts) + self.interfaces
        if grain == "group":
            return len(self.parts) + sum(map(len, self.alike.values()))
        if grain == "subnet":
            return max(len(self.parts), len(self.vpcs))
        return len(self.vpcs)

    def _largest(self, nodes: int) -> frozenset[str]:
        """Return the contexts that are drawn where there are more than can be: those with most VPCs."""
        sizes: dict[str, int] = {}
        for vpc in self.vpcs:
            sizes[self.home_of(vpc)] = sizes.get(self.home_of(vpc), 0) + 1
        return frozenset(sorted(sizes, key=lambda home: (-sizes[home], home))[:nodes])

    @cached_property
    def subnets_of(self) -> dict[str, list[str]]:
        """The subnets of each VPC."""
        found: dict[str, list[str]] = {}
        for subnet, vpc in self.vpc_of.items():
            found.setdefault(vpc, []).append(subnet)
        return found

    @cached_property
    def alike(self) -> dict[str, dict[Alike, list[Any]]]:
        """The interfaces of each subnet, those of one kind with the same security groups together."""
        found: dict[str, dict[Alike, list[Any]]] = {}
        for subnet, inside in self.parts.items():
            lines: dict[Alike, list[Any]] = {}
            for one in inside:
                lines.setdefault((self.kind_of(one), tuple(sorted(group.group_id for group in one.groups))), []).append(one)
            found[subnet] = dict(sorted(lines.items()))
        return found

    def kind_of(self, interface: Any) -> str:
        """Return the kind of an interface as selectors name it."""
        return interface_kind(interface, self.world.owner(interface.id))

    def spot_of(self, subnet: str) -> str:
        """Return the id of what is drawn for a subnet; "" where nothing is."""
        if subnet not in self.parts:
            return ""
        return subnet if self.fine else self.spot_of_vpc(self.vpc_of[subnet])

    def spot_of_vpc(self, vpc: str) -> str:
        """Return the id of what is drawn for a VPC as a whole; "" where nothing is, or its subnets are."""
        if self.fine or vpc not in self.vpcs:
            return ""
        home = self.home_of(vpc)
        return vpc if self.grain == "vpc" else home if home in self.drawn else ""

    def spots_of(self, resource: Component) -> list[str]:
        """Return the ids of what is drawn where a resource has its interfaces; empty for what has none in the picture."""
        found = (self.world.find(INTERFACE, member) for member in members_of(resource, self.world))
        return list(dict.fromkeys(filter(None, (self.spot_of(one.subnet_id) for one in found if one is not None))))

    def home_of(self, vpc: str) -> str:
        """Return what a VPC belongs to: `context:NAME` where a tag of it declares one, else `account:ID`."""
        found = self.world.find("vpc", vpc)
        tags = {tag.key: tag.value for tag in found.tags} if found is not None else {}
        context = next((tags[key] for key in CONTEXT_TAGS if tags.get(key)), "")
        owner = (found.owner_id or found.account) if found is not None else ""
        return f"context:{context}" if context else f"account:{owner or 'unknown'}"

    def name(self, id: str) -> str:
        """Return the name of a resource, or its id where it has none."""
        found = self.world.at(id)
        return (name_of(found) if found is not None else "") or id


def ground(world: Snapshot, of: str | None, nodes: int) -> Ground:
    """Return what a picture of a snapshot shows; see `picture`."""
    if of is None:
        interfaces = world.all(INTERFACE)
        parts: dict[str, list[Any]] = {subnet.id: [] for subnet in world.all("subnet")}
    else:
        named = (world.find(INTERFACE, one.interface) for one in select(of, world))
        interfaces, parts = [one for one in named if one is not None], {}
        if not interfaces:
            hint = "name interfaces: `--of vpc:NAME`, `--of tag:KEY=VALUE`, `--of rds`"
            raise QuestionError(f"a picture is of interfaces, and `{of[:60]}` has none", hint=hint)
    for one in interfaces:
        parts.setdefault(one.subnet_id, []).append(one)
    return Ground(world, of, parts, nodes)


def _vpc_of(world: Snapshot, subnet: str, inside: Sequence[Any]) -> str:
    """Return the VPC of a subnet; where the snapshot does not hold it, as its interfaces say."""
    found = world.find("subnet", subnet)
    return str(found.vpc_id if found is not None else inside[0].vpc_id)
