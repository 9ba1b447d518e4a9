"""EFS: file systems, mount targets, the interfaces through which they are reached, and their groups."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..managed import Held, ManagedShape
from ..rule import rule

MOUNT_TARGETS = Call(
    "efs",
    "DescribeMountTargets",
    each=Each("FileSystemId", Call("efs", "DescribeFileSystems"), ("FileSystems[].FileSystemId",)),
)


class FileSystem(Component, kw_only=True):
    """A file system of EFS: DescribeFileSystems. It is reached through its mount targets."""

    kind: ClassVar[str] = "file_system"
    documents: ClassVar[tuple[Document, ...]] = (Document("FileSystems", "efs", "DescribeFileSystems", shared=True),)

    file_system_id: str
    label: str = msgspec.field(name="Name", default="")
    encrypted: bool | None = None

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the row is one of EFS: FSx answers its own under the same key, with their type."""
        return "FileSystemType" not in row

    @property
    def id(self) -> str:
        """The file system's id."""
        return self.file_system_id


class MountTargetSecurityGroups(Component, kw_only=True):
    """The groups of one mount target: DescribeMountTargetSecurityGroups, wrapped with its id."""

    kind: ClassVar[str] = "mount_target_security_groups"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "MountTargetSecurityGroups",
            "efs",
            "DescribeMountTargetSecurityGroups",
            argument="MountTargetId",
            each=Each("MountTargetId", MOUNT_TARGETS, ("MountTargets[].MountTargetId",)),
        ),
    )

    mount_target_id: str
    security_groups: list[str] = []

    @property
    def id(self) -> str:
        """The id of the mount target."""
        return self.mount_target_id


class MountTarget(ManagedShape, kw_only=True):
    """A mount target: DescribeMountTargets."""

    kind: ClassVar[str] = "mount_target"
    endpoint_kind: ClassVar[str] = "efs"
    signs: ClassVar[tuple[str, ...]] = ("efs",)
    documents: ClassVar[tuple[Document, ...]] = (
        Document("MountTargets", "efs", "DescribeMountTargets", each=MOUNT_TARGETS.each),
    )

    mount_target_id: str
    file_system_id: str = ""
    subnet_id: str = ""
    vpc_id: str = ""
    ip_address: str = ""
    network_interface_id: str = ""
    life_cycle_state: str = "available"

    @property
    def id(self) -> str:
        """The id of the mount target."""
        return self.mount_target_id

    def names(self) -> list[str]:
        """Return the id of its file system and its Name tag."""
        return [name for name in (self.file_system_id, self.name) if name]

    @property
    def label(self) -> str:
        """The id: the file system's name is that of its other mount targets too."""
        return self.mount_target_id

    def halted(self, world: World) -> str:
        """Return that it serves nobody, where its state says so."""
        works = self.life_cycle_state in ("available", "updating")
        return "" if works else f"{self.mount_target_id} is {self.life_cycle_state}"

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it, as far as its own answer says them: it does not."""
        return frozenset()

    def subnets_of(self, world: World) -> list[str]:
        """Return its subnet."""
        return [self.subnet_id] if self.subnet_id else []

    @rule(
        "SVC-7",
        says="A mount target is an interface with groups, one in each zone: whoever has a way to its address and is admitted by its "
        "groups reaches the file system, on tcp/2049.",
        source="https://docs.aws.amazon.com/efs/latest/ug/network-access.html",
    )
    def named(self, world: World) -> list[str]:
        """Return its interface."""
        return [self.network_interface_id] if self.network_interface_id else []

    def held(self, world: World) -> list[Held]:
        """Return its address."""
        return [Held(self.ip_address, "", self.subnet_id)] if self.ip_address else []

    def filters(self, world: World) -> dict[str, Any]:
        """Return the groups that the snapshot holds for it, as an interface names them."""
        found = world.find("mount_target_security_groups", self.id)
        return {"Groups": [{"GroupId": group} for group in found.security_groups] if found is not None else []}
