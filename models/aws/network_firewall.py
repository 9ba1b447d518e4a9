"""AWS Network Firewall: where routes lead through one of its endpoints its two engines decide, by the lines of its policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, perhaps, unknown
from ..firewall import FIREWALL, Clause, Effect, settled
from ..packet import TCP, services_of
from ..rule import rule
from ..table import Action, Choose, Direction, Drop, Line, Match, Place, Send, Session, Table

REFUSED = "FIREWALL_RULES_RESTRICTION"
WORKING = ("READY", "SCALING", "STANDBY", "")


class FirewallAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """An endpoint of a firewall in one subnet."""

    subnet_id: str = ""
    endpoint_id: str = ""
    status: str = ""


class ZoneState(msgspec.Struct, rename="pascal", frozen=True):
    """The firewall in one zone."""

    attachment: FirewallAttachment = FirewallAttachment()


class TransitState(msgspec.Struct, rename="pascal", frozen=True):
    """The attachment of a firewall to a transit gateway."""

    attachment_id: str = ""
    transit_gateway_attachment_status: str = ""


class FirewallState(msgspec.Struct, rename="pascal", frozen=True):
    """The state of a firewall and of its endpoints, by zone."""

    status: str = ""
    sync_states: dict[str, ZoneState] = {}
    transit_gateway_attachment_sync_state: TransitState | None = None


def endpoint_row(one: FirewallAttachment, vpc_id: str) -> tuple[str, dict[str, Any]]:
    """Return the endpoint of a firewall as DescribeVpcEndpoints would tell it."""
    row = {"VpcEndpointId": one.endpoint_id, "VpcEndpointType": "GatewayLoadBalancer", "VpcId": vpc_id, "State": "available"}
    return "VpcEndpoints", {**row, "SubnetIds": [one.subnet_id], "RequesterManaged": True}


class FirewallEndpointAssociation(Component, kw_only=True):
    """A further endpoint of a firewall, in another VPC: DescribeVpcEndpointAssociation."""

    kind: ClassVar[str] = "firewall_endpoint_association"
    leads: ClassVar[bool] = True
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "VpcEndpointAssociation",
            "network-firewall",
            "DescribeVpcEndpointAssociation",
            each=Each(
                "VpcEndpointAssociationArn",
                Call("network-firewall", "ListVpcEndpointAssociations"),
                ("VpcEndpointAssociations[].VpcEndpointAssociationArn",),
            ),
        ),
    )

    class State(msgspec.Struct, rename="pascal", frozen=True):
        """The state of the endpoint, by zone."""

        association_sync_state: dict[str, ZoneState] = {}

    vpc_endpoint_association_arn: str
    firewall_arn: str = ""
    vpc_id: str = ""
    vpc_endpoint_association_status: State = State()

    @property
    def id(self) -> str:
        """The ARN."""
        return self.vpc_endpoint_association_arn

    @property
    def attachments(self) -> list[FirewallAttachment]:
        """Its endpoints."""
        return [one.attachment for one in self.vpc_endpoint_association_status.association_sync_state.values()]

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the endpoints that DescribeVpcEndpoints did not tell."""
        for one in world.all(cls.kind):
            yield from (endpoint_row(found, one.vpc_id) for found in one.attachments if found.endpoint_id)


class NetworkFirewall(Component, kw_only=True):
    """A firewall: DescribeFirewall."""

    kind: ClassVar[str] = "network_firewall"
    leads: ClassVar[bool] = True
    endpoint_kind: ClassVar[str] = "firewall"
    documents: ClassVar[tuple[Document, ...]] = (
        Document("Firewall", "network-firewall", "DescribeFirewall", each=FIREWALL.each),
    )

    firewall_arn: str
    firewall_name: str = ""
    firewall_policy_arn: str = ""
    vpc_id: str = ""
    transit_gateway_id: str = ""
    firewall_status: FirewallState = FirewallState()

    @property
    def id(self) -> str:
        """The ARN."""
        return self.firewall_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.firewall_name, self.name) if name]

    @classmethod
    def implied(cls, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the endpoints that DescribeVpcEndpoints did not tell."""
        for one in world.all(cls.kind):
            own = (zone.attachment for zone in one.firewall_status.sync_states.values())
            yield from (endpoint_row(found, one.vpc_id) for found in own if found.endpoint_id and found.subnet_id)

    @property
    def attachment_id(self) -> str:
        """Its attachment to a transit gateway; "" for none."""
        state = self.firewall_status.transit_gateway_attachment_sync_state
        return state.attachment_id if state is not None else ""

    def attachments(self, world: World) -> list[FirewallAttachment]:
        """Return its endpoints, those of other VPCs too."""
        own = [one.attachment for one in self.firewall_status.sync_states.values()]
        further = world.where("firewall_endpoint_association", "firewall_arn", self.id)
        return own + [found for one in further for found in one.attachments]

    def endpoint_ids(self, world: World) -> list[str]:
        """Return the ids of its endpoints, as route tables name them."""
        return [one.endpoint_id for one in self.attachments(world) if one.endpoint_id]

    def interface_ids(self, world: World) -> list[str]:
        """Return the interfaces of its endpoints."""
        found = [world.find("vpc_endpoint", one) for one in self.endpoint_ids(world)]
        return [interface for one in found if one is not None for interface in one.network_interface_ids]

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that takes what is sent to an endpoint itself: it is no target."""
        return Place(self.id, "contacted")

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of a stage: `stateless`, `stateful` or `contacted`."""
        if place.stage == "contacted":
            drop = Drop("", f"{self.firewall_name or self.id} takes no connections of its own")
            return Table("network_firewall", [Line("contacted", Match(), drop, "NFW-1", self.id)])
        stage = self._stateless if place.stage == "stateless" else self._stateful
        return Table("network_firewall", list(stage(place.via, direction, world)))

    def _onward(self, via: str, world: World) -> Place:
        """Return where a packet goes on that came by an endpoint or an attachment: at the same one, unchanged."""
        endpoint = world.find("vpc_endpoint", via)
        return Place(endpoint.subnet_id, "leaves") if endpoint is not None else Place(via, "from site")

    @rule(
        "NFW-1",
        says="A firewall acts only where routes lead through its endpoint or attachment; addresses stay as they are.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/route-tables.html",
    )
    def _stateless(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        onward = Send(self._onward(via, world))
        yield from self._working(via, onward, world)
        policy = world.find("firewall_policy", self.firewall_policy_arn)
        if policy is None:
            doubt = unknown(f"the policy of {self.firewall_name or self.id} is not in the snapshot", self.id, "LIM-7")
            yield Line("policy not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", self.id)
            return

        def act(clause: Clause) -> Action:
            if clause.effect is Effect.ENGINE:
                return Send(Place(self.id, "stateful", via))
            return onward if clause.effect is Effect.PASS else _refused(clause, onward)

        yield from settled(policy.stateless(direction, world), act)

    def _working(self, via: str, onward: Send, world: World) -> Iterator[Line]:
        states = [one.status for one in self.attachments(world) if one.endpoint_id == via]
        transit = self.firewall_status.transit_gateway_attachment_sync_state
        if transit is not None and via.startswith(f"{transit.attachment_id}@"):
            states.append(transit.transit_gateway_attachment_status)
        for state in states:
            if state.upper() not in WORKING:
                drop = Drop("BAD_STATE", f"the firewall's endpoint is {state}", otherwise=onward)
                yield Line(f"state {state}", Match(), drop, "RT-17", self.id)

    def _stateful(self, via: str, direction: Direction, world: World) -> Iterator[Line]:
        policy = world.find("firewall_policy", self.firewall_policy_arn)
        plain = Send(self._onward(via, world))
        passed = plain
        if direction is Direction.REQUEST:
            passed = msgspec.structs.replace(plain, session=self._session(via, plain.place, world))
        else:
            yield from self._midstream(policy, plain)

        def act(clause: Clause) -> Action:
            if clause.effect is Effect.HALF:
                text = f"connections are set up, but what clients send then is dropped unless a rule passes it ({clause.title})"
                return Choose((passed, _refused(clause, passed)), conditional(text, clause.resource, "NFW-5"))
            return passed if clause.effect is Effect.PASS else _refused(clause, passed)

        yield from settled(policy.stateful(self._home(world), direction, world), act)

    def _home(self, world: World) -> str | None:
        vpc = world.find("vpc", self.vpc_id)
        return f"[{','.join(vpc.cidrs)}]" if vpc is not None else None

    @rule(
        "NFW-10",
        says="A firewall drops connections of which it saw one half: what comes back by another endpoint, or began elsewhere, unless its "
        "policy for such streams is to continue.",
        source="https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StatefulEngineOptions.html",
    )
    def _midstream(self, policy: Any, onward: Send) -> Iterator[Line]:
        """Yield what is done with answers of TCP to a request that this endpoint did not see."""
        name = self.firewall_name or self.id
        drop = Drop(REFUSED, f"{name} did not see the request that this answers", otherwise=onward)
        doubt = conditional(f"{name} judges answers to what it did not see by its rules alone", self.id, "NFW-10")
        action = Choose((onward, drop), doubt) if policy.forgets else drop
        yield Line("midstream", Match(services=services_of(TCP)), action, "NFW-10", policy.id)

    @rule(
        "NFW-2",
        says="What goes over a peering connection is not supported behind a firewall: answers come straight in, past it.",
        source="https://docs.aws.amazon.com/network-firewall/latest/developerguide/architectures.html",
    )
    @rule(
        "TGW-9",
        says="Appliance mode keeps both directions of a flow in one zone; without it a firewall may see one half only.",
        source="https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-appliance-scenario.html",
    )
    def _session(self, via: str, onward: Place, world: World) -> Session:
        """Return the memory of a request: its answer passes at the same endpoint, to which appliance mode leads it."""
        outside = [Place(self.id, "stateful", via)]
        endpoint = world.find("vpc_endpoint", via)
        vpc_id = endpoint.vpc_id if endpoint is not None else ""
        others = [world.find("vpc_endpoint", one) for one in self.endpoint_ids(world) if one != via]
        for attachment in world.where("transit_gateway_vpc_attachment", "vpc_id", vpc_id):
            if attachment.options.appliance_mode_support == "enable":
                near = [one.id for one in others if one is not None and one.vpc_id == vpc_id]
                outside += [Place(one, "routed", subnet_id) for one in near for subnet_id in attachment.subnet_ids]
        text = f"answers go past {self.firewall_name or self.id}, which then sees one half of each connection"
        return Session(tuple(outside), onward, past=conditional(text, self.id, "NFW-10"))


def _refused(clause: Clause, onward: Action) -> Drop:
    return Drop(REFUSED, f"{clause.title} ({clause.resource.rpartition('/')[2]})", otherwise=onward)
