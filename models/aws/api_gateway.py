"""API Gateway: VPC links, which lead from public APIs to private load balancers, and what their integrations name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World, conditional, lost_sight, unknown
from ..door import Door, Remark
from ..managed import ManagedShape, tag_list
from ..packet import TCP, services_of
from ..rule import rule
from ..table import INTERNET, Action, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Session, Share, Table


class ApiIntegration(Component, kw_only=True):
    """An integration of an HTTP API: GetIntegrations of apigatewayv2, wrapped with the API's id."""

    kind: ClassVar[str] = "api_integration"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ApiIntegrations",
            "apigatewayv2",
            "GetIntegrations",
            rows="Items",
            argument="ApiId",
            each=Each("ApiId", Call("apigatewayv2", "GetApis"), ("Items[].ApiId",)),
        ),
    )

    integration_id: str
    api_id: str = ""
    connection_type: str = ""
    connection_id: str = ""
    integration_uri: str = ""

    @property
    def id(self) -> str:
        """The API's id with its own."""
        return f"{self.api_id}/{self.integration_id}"


class VpcLink(ManagedShape, kw_only=True):
    """A VPC link of HTTP APIs: GetVpcLinks of apigatewayv2, interfaces with groups that call what integrations name."""

    kind: ClassVar[str] = "vpc_link"
    endpoint_kind: ClassVar[str] = "apigw"
    relays: ClassVar[bool] = True
    signs: ClassVar[tuple[str, ...]] = ("apigateway", "api gateway", "vpclink", "vpc link")
    documents: ClassVar[tuple[Document, ...]] = (Document("Items", "apigatewayv2", "GetVpcLinks", shared=True),)

    vpc_link_id: str
    label_of_it: str = msgspec.field(name="Name", default="")
    subnet_ids: list[str] = []
    security_group_ids: list[str] = []
    vpc_link_status: str = "AVAILABLE"

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is a VPC link: many services answer `Items`."""
        return "VpcLinkId" in row

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return {**row, "Tags": tag_list(row.get("Tags") or [])}

    @property
    def id(self) -> str:
        """The link's id."""
        return self.vpc_link_id

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.label_of_it, self.name) if name]

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter what it calls."""
        return frozenset(self.security_group_ids)

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnets."""
        return self.subnet_ids

    def signed(self, interface: Any) -> bool:
        """Return whether an interface is of the type that API Gateway makes, or bears its sign."""
        return interface.type == "api_gateway_managed" or super().signed(interface)

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that refuses what comes to its interface: a link only calls."""
        return Place(self.id, "contacted", interface_id)

    def _integrations(self, world: World) -> list[Any]:
        return [one for one in world.where("api_integration", "connection_id", self.id) if one.connection_type == "VPC_LINK"]

    def doors(self, world: World) -> Iterator[Door]:
        """Yield the public endpoints of the APIs whose integrations lead through it."""
        if self._integrations(world) or not world.collected("api_integration", self):
            yield Door(Place(self.id, "links"), services=services_of(TCP, 443, 443))

    @rule(
        "SVC-17",
        says="A VPC link is interfaces with groups in your subnets, through which APIs, public ones too, call private load balancers.",
        source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of stage `links` (requests to APIs) or `contacted` (packets to its interfaces)."""
        if place.stage == "contacted":
            drop = Drop("", f"{self.label_of_it or self.id} only calls, and takes no packets")
            action: Action = Arrive(place.via) if direction is Direction.REPLY else drop
            return Table("vpc_link", [Line("a VPC link only calls", Match(), action, "SVC-17", self.id)])
        ways = Share(tuple(self._ways(world)))
        text = f"APIs decide by their routes and authorizers which requests pass {self.label_of_it or self.id}"
        action = Choose((ways, Drop("", text, otherwise=ways)), conditional(text, self.id, "SVC-17"))
        return Table("vpc_link", [Line("integrations through the link", Match(), action, "SVC-17", self.id)])

    def _ways(self, world: World) -> Iterator[Action]:
        if not world.collected("api_integration", self):
            yield lost_sight(unknown(f"what APIs call by {self.label_of_it or self.id} is not in the snapshot", self.id, "LIM-7"))
        interfaces = [one for id in self.interface_ids(world) if (one := world.find("network_interface", id)) is not None]
        for integration in self._integrations(world):
            listener = world.find("listener", integration.integration_uri)
            balancer = _balancer(listener, world)
            known = balancer.interface_ids(world) if balancer is not None else []
            nodes = [
                one for id in known if (one := world.find("network_interface", id)) is not None and one.primary[0] is not None
            ]
            for node in nodes:
                yield from (self._call(one, node, listener.port) for one in interfaces if one.primary[0] is not None)
            if not nodes:
                text = f"{integration.integration_uri}, to which {self.label_of_it or self.id} leads, is not in the snapshot"
                yield lost_sight(unknown(text, self.id, "LIM-7"))

    def _call(self, own: Any, node: Any, port: int) -> Action:
        session = Session((Place(self.id, "contacted", own.id),), INTERNET, remaps_ports=True)
        return Send(
            Place(own.id, "groups out"),
            source=own.primary[0],
            target=node.primary[0],
            service=(TCP << 16) + port,
            realm=own.vpc_id,
            session=session,
        )

    def remarks(self, world: World) -> Iterator[Remark]:
        """Yield that APIs may lead into the VPC where the snapshot does not hold their integrations."""
        if not self._integrations(world):
            text = f"VPC link {self.label_of_it or self.id}: which APIs lead through it, and to what, is not in the snapshot"
            yield Remark(self.own_vpc(world), text, "SVC-17", entry=True)


def _balancer(listener: Any, world: World) -> Any:
    """Return the load balancer of a listener; None where the snapshot holds neither."""
    if listener is None:
        return None
    kinds = ("application_load_balancer", "network_load_balancer")
    return next((found for kind in kinds if (found := world.find(kind, listener.load_balancer_arn))), None)
