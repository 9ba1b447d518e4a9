"""What the parts of VPC Lattice have in common: how their answers are told apart, its addresses, and what it offers on which port.

Every list of the `vpc-lattice` client answers `items`. A snapshot may hold such an answer as it is, with rows that their own ARN
tells apart, or under a key of its own (`ServiceNetworks`, `LatticeServices` …: see the components), or one answer of a `get-…`
call, which is the resource itself. `LatticeTargets` alone are wrapped with what they were asked with, `targetGroupIdentifier`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, ClassVar

import msgspec

from .component import Call, Component, Document, Each, World, conditional, unknown
from .packet import EVERY_SERVICE, IntervalSet, prefix, union
from .rule import rule
from .table import Action, Choose, Doubt, Drop, Line, Match, Place, Share, anywhere

# The addresses at which VPCs that are associated with a service network reach it: those of services, and those of resources.
OF_SERVICES = prefix("169.254.171.0/24") | prefix("fd00:ec2:80::/64")
OF_RESOURCES = prefix("129.224.0.0/17")
LISTS = ("vpc-lattice", "ipv6.vpc-lattice")
# What `GatewayId` of the routes says that AWS writes for them.
ROUTE_TARGET = "VpcLattice"
LATTICE = "vpc-lattice"
ANSWERS = Place(LATTICE, "answers")
RESERVED = 4  # the first addresses of a subnet, which AWS keeps for itself
WORKING = ("", "ACTIVE", "UPDATE_IN_PROGRESS", "UPDATE_FAILED")
DEAD = ("CREATE_IN_PROGRESS", "CREATE_FAILED")


def each_of(parameter: str, several: str, within: Each | None = None) -> Each:
    """Return that a call is asked for each resource that a `list-…` call answers, itself asked `within` others."""
    hands = () if within is None else (*within.hands, within.parameter)
    return Each(parameter, Call(LATTICE, several, each=within), ("items[].arn",), hands=hands)


def documents_of(
    key: str, one: str, several: str, parameter: str, within: Each | None = None, handed: bool = False
) -> tuple[Document, ...]:
    """Return the documents of a component: under its own key and under `items`, as `get-…` and `list-…` calls answer them.

    The `get-…` call, which alone says everything, is asked by `parameter` for what the other lists, `within` others or not;
    only where `handed` is set it is asked with what that one was asked with, too.
    """
    each = each_of(parameter, several, within)
    return (
        Document(key, LATTICE, one, each=each if handed else msgspec.structs.replace(each, hands=())),
        Document(key, LATTICE, several, asked=False),
        Document("items", LATTICE, one, shared=True, asked=False),
        Document("items", LATTICE, several, shared=True, asked=False),
    )


# Associations are listed for one service network.
IN_NETWORK = each_of("serviceNetworkIdentifier", "ListServiceNetworks")
IN_SERVICE = each_of("serviceIdentifier", "ListServices")
IN_LISTENER = each_of("listenerIdentifier", "ListListeners", IN_SERVICE)


class LatticeShape(Component, rename="camel", kw_only=True):
    """A resource of VPC Lattice; `own_arn` is what follows the account in its ARN, as words between slashes."""

    own_arn: ClassVar[tuple[str, ...]] = ()

    lattice_id: str = msgspec.field(name="id")
    arn: str = ""
    label_of_it: str = msgspec.field(name="name", default="")
    status: str = ""

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row's own ARN says that it is one of this kind."""
        service, _, rest = str(row.get("arn", "")).partition(f":{LATTICE}:")
        return service.startswith("arn:") and tuple(rest.rpartition(":")[2].split("/")[::2]) == cls.own_arn

    @property
    def id(self) -> str:
        """The id, without what stands before it in the ARN."""
        return self.lattice_id

    def names(self) -> list[str]:
        """Return its name and its ARN."""
        return [name for name in (self.label_of_it, self.arn) if name]

    @property
    def title(self) -> str:
        """What people call it, in messages."""
        return self.label_of_it or self.id

    def part(self, word: str) -> str:
        """Return the id that follows a word in its ARN; "" for none."""
        words = self.arn.rpartition(":")[2].split("/")
        return next((after for before, after in pairwise(words) if before == word), "")

    def working(self, action: Action, rule_id: str) -> Action:
        """Return the action, dropped where the resource is not there yet, in doubt where it is in between."""
        text = f"{self.title} is {self.status}"
        if self.status in WORKING:
            return action
        if self.status in DEAD:
            return Drop("BAD_STATE", text, otherwise=action)
        return in_doubt(action, conditional(text, self.id, rule_id))


def short(identifier: str) -> str:
    """Return the id in an identifier that may be an ARN."""
    return identifier.rpartition("/")[2]


def account_in(arn: str) -> str:
    """Return the account in an ARN; "" for a text that is none."""
    return (arn.split(":") + [""] * 5)[4]


def free_address(interface: Any, world: World) -> int | None:
    """Return an address that the stand-in of an interface may have: the first of its subnet that nobody else holds."""
    subnet = world.find("subnet", interface.subnet_id)
    for low, high in subnet.addresses & interface.private_addresses if subnet is not None else ():
        for number in range(low + RESERVED, high):
            owner: Any = world.owner_of(interface.vpc_id, number)
            if owner is None or owner.stand_in:
                return number
    return None


def in_doubt(action: Action, doubt: Doubt) -> Choose:
    """Return the action that happens or not, nobody knows which."""
    return Choose((action, Drop("", doubt.text, otherwise=action)), doubt)


@rule(
    "LAT-1",
    says="A VPC that is associated with a service network reaches its services and resources at link-local addresses and at public ones "
    "that are not routed, without a route that anyone writes; the client's groups and the ACL of its subnet must let it.",
    source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#managed-prefix-list",
)
def addresses_in(vpc_id: str, world: World) -> IntervalSet:
    """Return the addresses that lead from a VPC into VPC Lattice: those of services everywhere, the others where it is associated."""
    routes = [one for table in world.where("route_table", "vpc_id", vpc_id) for one in table.routes if one.target == ROUTE_TARGET]
    blocks = [one.destination_cidr_block or one.destination_ipv6_cidr_block for one in routes]
    listed = [world.prefixes(one.destination_prefix_list_id) for one in routes if one.destination_prefix_list_id]
    associated = routes or world.where("service_network_vpc_association", "vpc_id", vpc_id)
    return union(
        [
            OF_SERVICES,
            sources(world),
            *(prefix(one) for one in blocks if one),
            *(one for one in listed if one is not None),
            *([OF_RESOURCES] if associated else []),
        ]
    )


def sources(world: World) -> IntervalSet:
    """Return the addresses from which VPC Lattice comes to targets: its prefix lists, those that everybody knows where none is at hand."""
    named = [
        one for one in world.all("prefix_list") if one.prefix_list_name.partition("com.amazonaws.")[2].partition(".")[2] in LISTS
    ]
    listed = union(found for one in named if (found := world.prefixes(one.id)) is not None)
    return listed or OF_SERVICES


def whole(kind: str, account: str, world: World) -> bool:
    """Return whether the snapshot holds all of a kind that an account has: what it does not find then does not exist."""
    accounts = {one.account for one in world.all(kind)}
    return not world.is_broken(kind) and world.collected(kind) and (not accounts or bool(accounts & {account, ""}) or not account)


def somewhere(account: str, world: World) -> tuple[Action, ...]:
    """Return the arrivals anywhere in the VPCs in which an account owns anything; anywhere at all for an account that nobody knows."""
    if not account:
        return (anywhere(),)
    found = []
    for vpc in world.all("vpc"):
        owners = {vpc.owner_id or vpc.account, *(one.owner_id for one in world.where("network_interface", "vpc_id", vpc.id))}
        if account in owners or "" in owners:
            found.append(anywhere(vpc.id))
    return tuple(found)


def unseen(text: str, resource: str, account: str, world: World, *here: Action) -> Choose:
    """Return what happens where the way on is not in the snapshot: it may come to anything of the account, or to `here`, or end."""
    doubt = unknown(text, resource, "LIM-7")
    return Choose((*here, *somewhere(account, world), Drop("", doubt.text)), doubt)


@rule(
    "LAT-6",
    says="Auth policies of a service network and of a service come on top where their auth type is AWS_IAM, and rules of a listener "
    "choose targets by the request; neither is in the packet, and neither is asked about resources.",
    source="https://docs.aws.amazon.com/vpc-lattice/latest/ug/auth-policies.html",
)
def authorized(action: Action, one: Any) -> Action:
    """Return the action as far as the auth policy of a network or service decides about it."""
    if one.auth_type == "NONE":
        return action
    if one.auth_type:
        return in_doubt(action, conditional(f"the auth policy of {one.title} decides which requests pass", one.id, "LAT-6"))
    return in_doubt(action, unknown(f"whether {one.title} has an auth policy is not in the snapshot", one.id, "LIM-7"))


class Offer(msgspec.Struct, frozen=True):
    """What is served on some services, by whom, and what becomes of the packets."""

    by: str
    services: IntervalSet
    action: Action


def lines_of(
    offers: Iterable[Offer], resource: str, rule_id: str, *here: Action, targets: IntervalSet | None = None
) -> list[Line]:
    """Return a line for each set of services that the same ones serve; packets arrive `here` too where anybody serves them.

    `targets` are the addresses at which the offers stand, None for any.
    """
    parts: list[tuple[IntervalSet, tuple[Offer, ...]]] = [(EVERY_SERVICE, ())]
    for offer in offers:
        cut: list[tuple[IntervalSet, tuple[Offer, ...]]] = []
        for services, by in parts:
            inside, outside = services & offer.services, services - offer.services
            cut.extend((part, who) for part, who in ((inside, (*by, offer)), (outside, by)) if part)
        parts = cut
    return [
        Line(
            ", ".join(dict.fromkeys(one.by for one in by)),
            Match(targets=targets, services=services),
            _shared(by, here),
            rule_id,
            resource,
        )
        for services, by in parts
        if by
    ]


def _shared(offers: tuple[Offer, ...], here: tuple[Action, ...]) -> Action:
    actions = (*here, *(one.action for one in offers))
    return actions[0] if len(actions) == 1 else Share(actions)
