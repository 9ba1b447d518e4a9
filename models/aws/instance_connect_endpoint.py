"""EC2 Instance Connect endpoints: tunnels into a subnet, for those whom IAM lets open them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..component import IN_SUBNET, IN_VPC, Component, Document, Reference, World, conditional
from ..door import Remark
from ..rule import rule
from ..table import UNTOLD, Arrive, Choose, Direction, Drop, Line, Match, Place, Send, Table

WORKING = ("create-complete", "update-complete", "update-in-progress", "update-failed")


class InstanceConnectEndpoint(Component, kw_only=True):
    """An EC2 Instance Connect endpoint: DescribeInstanceConnectEndpoints."""

    kind: ClassVar[str] = "instance_connect_endpoint"
    endpoint_kind: ClassVar[str] = "eice"
    documents: ClassVar[tuple[Document, ...]] = (Document("InstanceConnectEndpoints", "ec2", "DescribeInstanceConnectEndpoints"),)
    references: ClassVar[tuple[Reference, ...]] = (IN_VPC, IN_SUBNET)

    instance_connect_endpoint_id: str
    state: str = "create-complete"
    vpc_id: str = ""
    subnet_id: str = ""
    network_interface_ids: list[str] = []
    preserve_client_ip: bool = False

    @property
    def id(self) -> str:
        """The endpoint id."""
        return self.instance_connect_endpoint_id

    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces."""
        return self.network_interface_ids

    def takes(self, interface_id: str, world: World) -> Place:
        """Return the place that refuses what comes to its interface as packets."""
        return Place(self.id, "contacted", interface_id)

    def speaks(self, interface_id: str, world: World) -> Place:
        """Return the place where tunnels end and connections to hosts begin."""
        return Place(self.id, "opens", interface_id)

    @rule(
        "IGW-15",
        says="An EC2 Instance Connect endpoint is a tunnel that IAM opens: inbound rules of its groups are ignored, their outbound rules "
        "and the target's groups decide; the target sees the endpoint's interface, or the client where its address is kept.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html",
    )
    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of stage `opens` (what leaves the tunnel) or `contacted` (what comes as packets)."""
        if place.stage == "opens":
            return Table("instance_connect_endpoint", list(self._opening(place.via)))
        drop = Drop("", f"{self.id} takes tunnels that IAM opens, and no packets")
        action = Arrive(place.via) if direction is Direction.REPLY else drop
        return Table("instance_connect_endpoint", [Line("takes no packets", Match(), action, "IGW-15", self.id)])

    def _opening(self, interface_id: str) -> Iterator[Line]:
        onward = Send(Place(interface_id, "groups out"), realm=UNTOLD if self.preserve_client_ip else None)
        if self.state not in WORKING:
            drop = Drop("BAD_STATE", f"{self.id} is {self.state}", otherwise=onward)
            yield Line(f"state {self.state}", Match(), drop, "IGW-15", self.id)
        doubt = conditional(f"IAM decides who opens a tunnel through {self.id}", self.id, "IGW-15")
        action = Choose((onward, Drop("", doubt.text, otherwise=onward)), doubt)
        yield Line("a tunnel that IAM opens", Match(), action, "IGW-15", self.id)

    @rule(
        "LIM-11",
        says="Session Manager, Instance Connect, the serial console and public APIs lead into a network past its packet filters: they "
        "are named as entries of another kind.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html",
    )
    def remarks(self, world: World) -> Iterator[Remark]:
        """Yield that whom IAM lets may come to hosts of the VPC from anywhere, as far as groups let the endpoint."""
        if self.state in WORKING:
            text = f"{self.id} opens tunnels into {self.vpc_id} from anywhere for those whom IAM lets; ask `from {self.id}`"
            yield Remark(self.vpc_id, text, "IGW-15", entry=True)
