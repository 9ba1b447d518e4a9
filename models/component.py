"""What one component may ask of the others. Components meet by AWS id, never by import."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

import msgspec

from .call import Call as Call
from .call import Each as Each
from .document import Closed as Closed
from .document import Document as Document
from .document import Reference as Reference
from .document import Tag as Tag
from .door import Door, Remark
from .location import Spot as Spot
from .packet import IntervalSet
from .rule import rule
from .table import AWAY, Action, Choose, Direction, Doubt, DoubtKind, Drop, Line, Match, Place, Send, Table, Traffic, anywhere
from .unknown_fields import closed


class Component(msgspec.Struct, rename="pascal", kw_only=True, eq=False, dict=True, omit_defaults=True):
    """One AWS resource as the API describes it. Subclasses add fields under AWS's names, and the lines that they write.

    `closes` are members whose entries may mean something else where they have a field that their shape does not know;
    `prepares` are members beyond the fields that `prepared` takes apart, shaped as the fields are.
    """

    kind: ClassVar[str] = ""
    documents: ClassVar[tuple[Document, ...]] = ()
    endpoint_kind: ClassVar[str] = ""
    relays: ClassVar[bool] = False
    references: ClassVar[tuple[Reference, ...]] = ()
    closes: ClassVar[Closed] = ()
    # Stages at which requests and replies meet the same lines.
    alike_both_ways: ClassVar[frozenset[str]] = frozenset()
    prepares: ClassVar[tuple[str, ...]] = ()
    # Whether it leads packets on: where not every one of the kind is known, they may come to anybody.
    leads: ClassVar[bool] = False
    # Whether it lets the internet into a VPC and nothing in the VPC shows that it is there.
    hidden_entry: ClassVar[bool] = False

    account: str = ""
    region: str = ""
    owner_id: str = ""
    tags: list[Tag] = []
    origin: str = msgspec.field(default="", name="_Origin")
    unknown_fields: list[str] = msgspec.field(default_factory=list, name="_Unknown")

    @property
    def id(self) -> str:
        """The AWS id, or the ARN where AWS gives no id."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The Name tag, or what the service calls the resource; "" when it has neither."""
        return next((tag.value for tag in self.tags if tag.key == "Name"), "")

    def names(self) -> Iterable[str]:
        """Return every name that a selector may use for this resource, its id left out."""
        return [self.name] if self.name else []

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether a row is one of this kind, where several kinds stand under one key and have the same fields."""
        return True

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row as it is to be read; what overrides this reads slower, as rows are then not decoded straight."""
        for member, shape in cls.closes:
            row = closed(row, member, shape)
        return row

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines that stand at a place of this component."""
        raise NotImplementedError(f"{self.kind} has no place `{place.stage}`")

    @property
    def has_places(self) -> bool:
        """Whether packets can be at places of this component."""
        return type(self).table is not Component.table

    def interface_ids(self, world: World) -> Iterable[str]:
        """Return the ids of the interfaces through which this resource can be reached or reaches others."""
        return ()

    @classmethod
    def implied(cls, world: World) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return rows that must exist though the snapshot does not hold them, each with the key of its document."""
        return ()

    def takes(self, interface_id: str, world: World) -> Place | None:
        """Return the place that takes what arrives at one of this component's interfaces; None when the interface does."""
        return None

    def speaks(self, interface_id: str, world: World) -> Place | None:
        """Return the place that judges what one of this component's interfaces sends; None when the interface itself does."""
        return None

    def doors(self, world: World) -> Iterable[Door]:
        """Return where the internet hands packets to this component at addresses that no interface of a VPC holds."""
        return ()

    def reached_at(self, world: World) -> IntervalSet:
        """Return the addresses, of no interface of its own and not public, at which clients reach it; empty when there are none."""
        return IntervalSet()

    def dns_names(self) -> Iterable[str]:
        """Return the names, in small letters, that DNS resolves to its interfaces."""
        return ()

    def remarks(self, world: World) -> Iterable[Remark]:
        """Return what is to be said on answers that touch other resources, or this one: ways in that no packet filter guards."""
        return ()

    def answers_from(self, world: World) -> Place | None:
        """Return the place where replies of what arrives here start; None when they come back whatever filters say."""
        return None

    def passes_on(self, world: World) -> bool:
        """Return whether it makes connections of its own for others, to another port or target: as load balancers do."""
        return self.relays

    def conceals(self, world: World) -> bool:
        """Return whether networks come in here that the snapshot does not hold, so that nobody knows their addresses."""
        return False

    def routed_from(self, world: World) -> Iterable[str]:
        """Return the ids of the VPCs whose route tables can name this component as target; empty when none can."""
        return ()

    def beyond(self, world: World) -> Iterable[tuple[Place, IntervalSet]]:
        """Return where packets from networks outside of AWS come in here, and the addresses of those networks."""
        return ()

    def carries_references(self, one: str, other: str, traffic: Traffic, world: World) -> bool:
        """Return whether groups of VPC `one` may name groups of VPC `other` across this component, for what goes that way."""
        return False

    def spots(self, line: str, world: World) -> Iterable[Spot]:
        """Return the members of rows that say a line with this title; empty for lines that only the resource as a whole says."""
        return ()

    def halted(self, world: World) -> str:
        """Return why this resource neither sends nor takes anything now; "" when it works."""
        return ""

    def caveats(self, world: World) -> Iterable[str]:
        """Return what of this component is not modelled, a sentence each; said on every answer that it touches."""
        return [f"{self.id}: field `{field}` is not modelled" for field in self.unknown_fields]


class InterfaceFacts(Protocol):
    """What others may know of a network interface."""

    subnet_id: str
    vpc_id: str
    interface_type: str
    source_dest_check: bool

    @property
    def id(self) -> str: ...
    @property
    def group_ids(self) -> tuple[str, ...]: ...
    @property
    def private_addresses(self) -> IntervalSet: ...
    @property
    def public_addresses(self) -> Mapping[int, int]:
        """The public IPv4 address of each private one that has one."""

    @property
    def deny_all_igw_traffic(self) -> bool: ...


class Members(msgspec.Struct, frozen=True):
    """The private addresses of a group's interfaces in one VPC: those that a reference surely covers, and those that it may."""

    sure: IntervalSet
    perhaps: IntervalSet


class World(Protocol):
    """Every component at one moment, as a component may ask for it; with `all_started`, as if everything stopped ran."""

    all_started: bool
    unmodelled_entries: tuple[str, ...]
    # Whether not everything is known that leads packets on: AWS did not say it, or it could not be read.
    loses_sight: bool

    def find(self, kind: str, id: str) -> Any: ...
    def all(self, kind: str) -> Sequence[Any]: ...
    def keeper(self, vpc_id: str) -> Component: ...
    def everything(self) -> Iterable[Component]:
        """Return every component, by kind and id."""

    def doing(self, question: str) -> Sequence[Component]:
        """Return the components that answer a question with anything: `doors`, `passes_on`, `remarks`, `beyond`, `conceals`."""

    def where(self, kind: str, attribute: str, value: object) -> Sequence[Any]: ...
    def collected(self, kind: str, near: Component | None = None) -> bool:
        """Return whether the snapshot holds the documents of this kind, be they empty; `near` a component where one is given."""

    def is_broken(self, kind: str, near: Component | None = None) -> bool:
        """Return whether something of this kind was left out: what is not found may be that.

        It could not be read, or AWS did not say it. With `near` only what the account and Region of that component would have
        said counts: pass the owner of what is looked for, as who owns a VPC sees all that is in it (SHR-2).
        """

    def carriers(self, group_id: str) -> Sequence[InterfaceFacts]:
        """Return the interfaces that carry a group."""

    def members(self, group_id: str) -> Mapping[str, Members]:
        """Return the private addresses of a group's interfaces, by VPC."""

    def owner(self, interface_id: str) -> Component | None:
        """Return the resource that the interface belongs to: an instance, a database, a gateway."""

    def gateways(self, vpc_id: str) -> Sequence[Component]:
        """Return the components that route tables of this VPC can name as target."""

    def public_addresses(self) -> Mapping[str, IntervalSet]:
        """Return the addresses of each VPC that the internet can route to; a VPC without any is left out."""

    def prefixes(self, prefix_list_id: str) -> IntervalSet | None:
        """Return the addresses of a prefix list; None when the snapshot does not hold its entries."""

    def prefix_blocks(self, prefix_list_id: str) -> list[str] | None:
        """Return the blocks of a prefix list; None when the snapshot does not hold its entries."""

    def owner_of(self, vpc_id: str, number: int) -> InterfaceFacts | None:
        """Return the interface to which the VPC delivers this address; None when none holds it."""

    def guarded_alike(self, subnet_id: str) -> Sequence[tuple[str, IntervalSet]]:
        """Return the subnet's interfaces in classes that no line tells apart: one member's id, all members' addresses."""


IN_VPC = Reference("vpc_id", "vpc", "VpcId")
IN_SUBNET = Reference("subnet_id", "subnet", "SubnetId")


def unknown(text: str, resource: str, rule: str) -> Doubt:
    """Return the doubt about configuration that the snapshot does not hold, or that is not modelled."""
    return Doubt(DoubtKind.UNKNOWN, text, resource, rule)


def conditional(text: str, resource: str, rule: str) -> Doubt:
    """Return the doubt about a fact that no configuration holds."""
    return Doubt(DoubtKind.CONDITIONAL, text, resource, rule)


def perhaps(onward: Place | Action, doubt: Doubt, code: str = "") -> Choose:
    """Return the action that passes the packet on or drops it, nobody knows which; `code` is that of the drop."""
    send = Send(onward) if isinstance(onward, Place) else onward
    return Choose((send, Drop(code, doubt.text, otherwise=send)), doubt)


def stopped(drop: Drop, onward: Action, state: str, idle: Container[str], resource: str) -> Drop | Choose:
    """Return what becomes of a packet at a resource that is not in its working state: a drop in a state known to be `idle`.

    In another state, one of change or one that is newer than the model, it may work.
    """
    if state.lower() in idle:
        return drop
    return Choose((onward, drop), unknown(f"whether {resource} works while `{state}` is not documented", resource, "LIM-12"))


def lost_sight(doubt: Doubt) -> Choose:
    """Return the action of a packet that something takes and passes on, nobody knows to whom, or whether."""
    return Choose((anywhere(), Drop("UNKNOWN_RESOURCE", doubt.text)), doubt)


def led_away(send: Send, doubt: Doubt) -> Choose:
    """Return the action of a packet that is sent on, unless a table that nobody knows leads it elsewhere."""
    return Choose((send, msgspec.structs.replace(AWAY, target=send.target)), doubt)


def absent(drop: Drop, kind: str, resource: str, vpc_id: str, world: World) -> Drop | Choose:
    """Return the drop of a packet for which nothing of a kind is found; a doubt where the snapshot does not hold all of that kind."""
    if world.collected(kind, world.keeper(vpc_id)):
        return drop
    doubt = unknown(f"the snapshot does not hold every {kind.replace('_', ' ')}", resource, "LIM-7")
    return Choose((anywhere(vpc_id), drop), doubt)


@rule(
    "LIM-7",
    says="What the snapshot does not hold, or a call that was denied, is unknown, and never counted as empty.",
    source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
)
def undecided(kind: str, title: str, doubt: Doubt) -> Table:
    """Return the table of a place that nobody knows: whatever comes may go on to anywhere, or end here."""
    return Table(
        kind, [Line(title, Match(), Choose((Drop("UNKNOWN_RESOURCE", doubt.text), AWAY), doubt), doubt.rule, doubt.resource)]
    )
