"""EBS volumes: whether what an instance writes is encrypted. They move no packet."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Component, Document


class VolumeAttachment(msgspec.Struct, rename="pascal", frozen=True):
    """An instance that a volume is attached to."""

    instance_id: str = ""


class Volume(Component, kw_only=True):
    """An EBS volume: DescribeVolumes."""

    kind: ClassVar[str] = "volume"
    documents: ClassVar[tuple[Document, ...]] = (Document("Volumes", "ec2", "DescribeVolumes"),)

    volume_id: str
    encrypted: bool | None = None
    attachments: list[VolumeAttachment] = []

    @property
    def id(self) -> str:
        """The volume id."""
        return self.volume_id
