"""EC2 instances: names, state and platform of what stands behind interfaces."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Component, Document, World
from ..pods import pod_addresses, pod_lines
from ..rule import rule
from ..table import Direction, Place, Table


class InstanceState(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The state of an instance; an answer without one counts as running."""

    name: str = "running"


class InstanceInterface(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """An interface of the instance, by id; the rest is read as a network interface."""

    network_interface_id: str = ""


class InstanceProfile(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """The instance profile, whose credentials whoever holds the instance holds too."""

    arn: str = ""


class MetadataOptions(msgspec.Struct, rename="pascal", frozen=True, omit_defaults=True):
    """Who may ask the instance's metadata service, which hands out credentials: `required` wants a session token (IMDSv2)."""

    http_tokens: str = ""
    http_endpoint: str = ""


class Instance(Component, kw_only=True):
    """An EC2 instance: DescribeInstances."""

    kind: ClassVar[str] = "instance"
    endpoint_kind: ClassVar[str] = "ec2"
    documents: ClassVar[tuple[Document, ...]] = (Document("Reservations", "ec2", "DescribeInstances", rows="Instances"),)

    instance_id: str
    state: InstanceState = InstanceState()
    platform: str = ""
    platform_details: str = ""
    network_interfaces: list[InstanceInterface] = []
    iam_instance_profile: InstanceProfile | None = None
    metadata_options: MetadataOptions | None = None

    @property
    def id(self) -> str:
        """The instance id."""
        return self.instance_id

    @rule(
        "SDC-4",
        says="Each interface of an instance has a subnet, route table and groups of its own; one says nothing about another.",
        source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
    )
    def interface_ids(self, world: World) -> list[str]:
        """Return its interfaces: those that it names, and those that are attached to it."""
        attached = [one.id for one in world.where("network_interface", "instance_id", self.id)]
        named = [one.network_interface_id for one in self.network_interfaces if one.network_interface_id]
        return list(dict.fromkeys(named + attached))

    def speaks(self, interface_id: str, world: World) -> Place | None:
        """Return the place that decides with which address pods call; None where none of its interfaces has pods.

        The primary interface of a node with pods is asked too: it takes the replies to what pods called with its address.
        """
        has_pods = any(pod_addresses(self, one) for one in self._interfaces(world))
        return Place(self.id, "speaks", interface_id) if has_pods else None

    def _interfaces(self, world: World) -> list[Any]:
        found = (world.find("network_interface", one) for one in self.interface_ids(world))
        return [one for one in found if one is not None]

    def table(self, place: Place, direction: Direction, world: World) -> Table:
        """Return the lines of what pods and the node itself send (stage `speaks`)."""
        first = next((one for one in self._interfaces(world) if one.attachment and not one.attachment.device_index), None)
        return Table("instance", list(pod_lines(self, world.find("network_interface", place.via), first, world)))

    def halted(self, world: World) -> str:
        """Return that the instance does not run, where it does not."""
        return "" if self.state.name == "running" else f"{self.id} is {self.state.name}"

    @property
    def client_ports(self) -> tuple[int, int] | None:
        """The ports from which its system calls, both ends included; None when the platform is not known."""
        text = f"{self.platform} {self.platform_details}".lower()
        if "windows" in text:
            return 49152, 65535
        return (32768, 60999) if "linux" in text or "red hat" in text or "suse" in text or "ubuntu" in text else None
