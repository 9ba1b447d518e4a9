"""Network interfaces: the spine. Where packets start and arrive, with their groups and the source/destination check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from .. import lost_instance
from ..component import IN_SUBNET, IN_VPC, Document, Reference, World, lost_sight, perhaps, unknown
from ..door import Door
from ..interface import InterfaceShape
from ..interface_types import TYPES, InterfaceType
from ..local_services import local_service_lines
from ..middlebox import forwarding
from ..packet import EVERY_SERVICE, PRIVATE_V4, union
from ..rule import rule
from ..table import (
    UNTOLD,
    Action,
    Arrive,
    Choose,
    Direction,
    Drop,
    Line,
    Match,
    Place,
    Send,
    Share,
    Table,
    Traffic,
    anywhere,
)


class NetworkInterface(InterfaceShape, kw_only=True):
    """A network interface: DescribeNetworkInterfaces."""

    kind: ClassVar[str] = "network_interface"
    documents: ClassVar[tuple[Document, ...]] = (Document("NetworkInterfaces", "ec2", "DescribeNetworkInterfaces"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC, IN_SUBNET)

    def interface_ids(self, world: World) -> list[str]:
        """Return the interface itself."""
        return [self.id]

    def answers_from(self, world: World) -> Place:
        """Return the place where what it sends starts."""
        return Place(self.id, "sends")

    @property
    @rule(
        "SVC-9",
        says="A function in a VPC only sends: nothing connects to it by its interface.",
        source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    )
    def behaviour(self) -> InterfaceType | None:
        """What interfaces of this type do; None for a type that is not modelled."""
        return TYPES.get(self.type)

    @rule(
        "SDC-7",
        says="An interface that is not in use, or whose instance does not run, neither sends nor answers.",
        source="https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html",
    )
    def halted(self, world: World) -> str:
        """Return why nothing can start or arrive here now; "" when the interface works."""
        if world.all_started:
            return ""
        if self.status and self.status not in ("in-use", "associated"):
            return f"{self.id} is {self.status}, not in use"
        owner = world.owner(self.id)
        return owner.halted(world) if owner is not None and owner is not self else ""

    def caveats(self, world: World) -> Iterator[str]:
        """Return what of the interface is not modelled."""
        yield from super().caveats(world)
        if self.chosen:
            yield f"{self.id}: AWS chooses addresses of it when it is made; those in this answer stand for them"
        if self.behaviour is None:
            yield f"{self.id}: interfaces of type `{self.type}` are not modelled"

    @rule(
        "M-2",
        says="Leaving an interface a packet meets its groups, then, beyond the subnet, ACL and route table; entering: ACL, then groups.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/infrastructure-security.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `sends`, `groups out`, `groups in`, `receives`, `routed`, `takes`, `forwards` or `hands over`."""
        if place.stage == "sends":
            return Table("network_interface", list(self._sending(direction, world)))
        if place.stage == "groups out":
            return self._groups(Traffic.OUTBOUND, Place(self.subnet_id, "leaves"), direction, world)
        if place.stage == "groups in":
            return self._groups(Traffic.INBOUND, Place(self.id, "receives"), direction, world)
        if place.stage == "takes":
            return self._groups(Traffic.INBOUND, Place(self.id, "forwards"), direction, world)
        if place.stage == "takes back":
            return Table("network_interface", [self._line("reply to a connection that it passed on", Arrive(self.id), "M-2")])
        if place.stage == "routed":
            return Table("network_interface", list(self._routed(place.via, world)))
        if place.stage == "brings":
            doubt = unknown(
                f"what made {self.id} ({self.type}), and whom it brings to whom, is not in the snapshot", self.id, "LIM-7"
            )
            action = Choose((anywhere(self.vpc_id), Drop("", doubt.text)), doubt)
            return Table("network_interface", [self._line("a service at the edge", action, "LIM-7")])
        if place.stage == "forwards":
            return Table("network_interface", list(forwarding(self, direction, world)))
        if place.stage == "hands over":
            return Table("network_interface", [self._hand_over(direction, world)])
        return Table("network_interface", list(self._receiving(direction, world)))

    def _line(self, title: str, action: Action, rule_id: str, match: Match | None = None) -> Line:
        return Line(title, match or Match(), action, rule_id, self.id)

    def _sending(self, direction: Direction, world: World) -> Iterator[Line]:
        owner = world.owner(self.id)
        speaker = owner.speaks(self.id, world) if owner is not None and direction is Direction.REQUEST else None
        onward = Send(speaker or Place(self.id, "groups out"))
        if direction is Direction.REQUEST:
            yield from self._working(onward, world, starts=True)
            vpc = world.find("vpc", self.vpc_id)
            said = world.find("vpc_dns_support", f"{self.vpc_id}/dns-support")
            answers = said is None or said.value
            for line in local_service_lines(self.id, vpc.resolver if vpc is not None else None, answers=answers):
                yield lost_instance.if_started(line, self, world)
            yield from lost_instance.pods(self, onward, world)
            yield from lost_instance.if_it_has(self._line("sends", onward, "M-2"), self, world, "sources")
            return
        yield self._line("sends", onward, "M-2")

    @rule(
        "TGW-8",
        says="The interfaces of an attachment carry no group and are nobody's host: they filter nothing, start nothing and take nothing.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    )
    def _working(self, onward: Send, world: World, *, starts: bool) -> Iterator[Line]:
        halted = self.halted(world)
        if halted:
            yield self._line("not working now", Drop("BAD_STATE", halted, otherwise=onward), "SDC-7")
        behaviour = self.behaviour
        if behaviour is None:
            doubt = unknown(f"interfaces of type `{self.type}` are not modelled", self.id, "LIM-12")
            yield self._line(f"type {self.type}", perhaps(onward, doubt, "UNSUPPORTED_COMPONENT"), "LIM-12")
        elif reason := behaviour.starts if starts else behaviour.takes:
            does = "starts" if starts else "takes"
            # AWS's code for an endpoint that is to start something; for other interfaces it has none.
            drop = Drop("VPCE_INTRA_VPC_TRAFFIC" if reason == "EP-6" else "", f"{self.id} is a {self.type} interface")
            yield self._line(f"a {self.type} interface never {does} a connection", drop, reason)

    @rule(
        "SG-2",
        says="All groups of an interface are united: the most permissive rule wins, and neither order nor count matters.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    @rule(
        "SG-3",
        says="Both ends filter: the sender's groups what goes out, the receiver's groups what comes in.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    )
    @rule(
        "SG-5",
        says="The default group admits its own members and lets everything out; what is made without a group carries it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    )
    @rule(
        "SG-6",
        says="Sharing a group gives no access: a rule must name the group.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    )
    @rule(
        "SDC-3",
        says="Groups hang on the interface, not on an address: every secondary address and delegated prefix is filtered by them.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/MultipleIP.html",
    )
    def _groups(self, traffic: Traffic, onward: Place, direction: Direction, world: World) -> Table:
        if direction is Direction.REPLY:
            return Table("security_group", [self._stateful(onward)])
        behaviour = self.behaviour
        if not self.group_ids:
            return Table("security_group", [self._without_groups(onward, bool(behaviour and behaviour.filtered))])
        lines: list[Line] = []
        for group_id in self.group_ids:
            lines.extend(self._group_lines(group_id, traffic, onward, world))
        # INVARIANT: what surely admits stands before what perhaps admits, so that the first match is the strongest.
        lines.sort(key=lambda line: isinstance(line.action, Choose))
        if traffic is Traffic.INBOUND and lines:
            lines.append(self._from_untold(lines, onward))
        code = "SG_HAS_NO_RULES" if not lines else "ENI_SG_RULES_MISMATCH"
        nothing = Drop(code, f"no {traffic} rule of {', '.join(self.group_ids)} admits it", otherwise=Send(onward))
        lines.append(Line(f"no {traffic} rule admits it", Match(), nothing, "SG-1", self.group_ids[0], self.group_ids[1:]))
        return Table("security_group", lines)

    def _from_untold(self, lines: list[Line], onward: Place) -> Line:
        """Return the line for packets whose source may have been translated on the way: any rule of the service may admit them."""
        every = [EVERY_SERVICE if line.match.services is None else line.match.services for line in lines]
        doubt = unknown("what the packet came through is not modelled, nor what its source is by now", self.id, "LIM-7")
        match = Match(services=union(every), realms=frozenset((UNTOLD,)))
        code = "UNKNOWN_PEERED_SGS" if any(line.rule == "SG-17" for line in lines) else ""
        return Line("may be admitted by some rule", match, perhaps(onward, doubt, code), "LIM-7", self.group_ids[0])

    @rule(
        "SG-28",
        says="Groups shared by the VPC's owner filter the participants' interfaces that carry them.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-sharing.html",
    )
    def _group_lines(self, group_id: str, traffic: Traffic, onward: Place, world: World) -> Iterator[Line]:
        group = world.find("security_group", group_id)
        if group is not None:
            yield from group.filter_lines(traffic, onward, world, self.vpc_id)
            return
        doubt = unknown(f"security group {group_id} is not in the snapshot", group_id, "LIM-7")
        yield Line("security group not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", group_id)

    @rule(
        "SG-4",
        says="Security groups remember: the reply to an admitted flow passes whatever the rules of the other direction say.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
    )
    def _stateful(self, onward: Place) -> Line:
        groups = ", ".join(self.group_ids) or "no group"
        return Line(f"stateful: {groups}", Match(), Send(onward), "SG-4", self.group_ids[0] if self.group_ids else self.id)

    @rule(
        "SG-29",
        says="NAT gateways, gateway endpoints, Gateway Load Balancers and transit gateway attachments carry no group.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    )
    def _without_groups(self, onward: Place, filtered: bool) -> Line:
        if not filtered:
            return self._line("carries no security group", Send(onward), "SG-29")
        doubt = unknown(f"the security groups of {self.id} are not in the snapshot", self.id, "LIM-7")
        return self._line("security groups not in the snapshot", perhaps(onward, doubt), "LIM-7")

    def _receiving(self, direction: Direction, world: World) -> Iterator[Line]:
        if direction is Direction.REQUEST:
            yield from self._working(Send(Place(self.id, "hands over")), world, starts=False)
            yield from lost_instance.if_it_has(self._hand_over(direction, world), self, world, "targets")
            return
        yield self._hand_over(direction, world)

    def passes_on(self, world: World) -> bool:
        """Return whether it is one of a load balancer or endpoint that the snapshot does not hold."""
        behaviour = self.behaviour
        return bool(behaviour is not None and behaviour.relays and world.owner(self.id) is None) or any(self.doors(world))

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the way in by a service at the edge that made the interface, and that the snapshot does not hold."""
        behaviour = self.behaviour
        if behaviour is not None and behaviour.brings and not world.collected(behaviour.brings, self):
            yield Door(Place(self.id, "brings"))

    def _hand_over(self, direction: Direction, world: World) -> Line:
        owner = world.owner(self.id)
        if direction is Direction.REQUEST and owner is None and self.passes_on(world):
            text = f"what {self.id} ({self.type}) belongs to is not in the snapshot, nor where it leads"
            doubt = unknown(text, self.id, "LIM-7")
            return self._line("owner not in the snapshot", Share((Arrive(self.id), lost_sight(doubt))), "LIM-7")
        taker = owner.takes(self.id, world) if owner is not None and owner is not self else None
        return (
            self._line(f"taken by {owner.id}", Send(taker), "M-2")
            if owner and taker
            else self._line("arrives", Arrive(self.id), "M-2")
        )

    @rule(
        "SDC-1",
        says="With the source/destination check on, an interface drops packets that are not to or from its own addresses.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
    )
    @rule(
        "SDC-6",
        says="An appliance in the sender's own subnet sends by the same route table again: no packet gets past it.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html",
    )
    def _routed(self, via: str, world: World) -> Iterator[Line]:
        onward = Send(Place(self.id, "takes") if via == self.subnet_id else Place(self.subnet_id, "enters", self.id))
        own = Send(Place(self.subnet_id, "enters") if via != self.subnet_id else Place(self.subnet_id, "delivers"))
        halted = self.halted(world)
        if halted:
            yield self._line("not working now", Drop("BAD_STATE", halted, otherwise=onward), "RT-17")
        yield self._line("its own address", own, "SDC-1", Match(targets=self.private_addresses))
        if self.source_dest_check and not self.perhaps_unchecked:
            text = f"the source/destination check of {self.id} is on"
            drop = Drop("ENI_SOURCE_DEST_CHECK_RESTRICTION", text, otherwise=onward)
            yield self._line("source/destination check", drop, "SDC-1")
        yield from self._from_gateway(via, onward, world)
        doubt = unknown(f"whether the source/destination check of {self.id} is on is not known", self.id, "LIM-7")
        passes = perhaps(onward, doubt) if self.perhaps_unchecked else onward
        yield lost_instance.if_started(self._line("source/destination check is off", passes, "SDC-5"), self, world)

    @rule(
        "RT-21",
        says="An interface to which an internet gateway's route table leads must have a public address.",
        source="https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    )
    def _from_gateway(self, via: str, onward: Send, world: World) -> Iterator[Line]:
        if world.find("internet_gateway", via) is not None and not self.public_addresses:
            drop = Drop("INGRESS_RTB_NO_PUBLIC_IP", f"{self.id} has no public address", otherwise=onward)
            yield self._line("no public address", drop, "RT-21", Match(targets=PRIVATE_V4))
