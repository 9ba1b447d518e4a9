"""Interfaces isolated as people do it: their groups taken away, a group without any rule in their place."""

from __future__ import annotations

from ..models.errors import QuestionError
from ..models.interface import GroupId
from ..models.snapshot import Snapshot
from ..select import select
from .find import Changes

QUARANTINE = "isolated-in-"


def isolated(selector: str, world: Snapshot) -> Changes:
    """Return the selected interfaces with nothing but a group without rules, one for each VPC.

    Raises QuestionError for a selector that means anything without groups: no group can isolate it.
    """
    kind = next(kind for kind in world.kinds if kind.kind == "security_group")
    changes: Changes = {}
    for end in select(selector, world):
        interface = world.find("network_interface", end.interface) if end.interface else None
        if interface is None or not interface.group_ids:
            raise QuestionError(
                f"{end.id} carries no security group, so none can isolate it", hint="edit its routes or its ACL instead"
            )
        group_id = f"{QUARANTINE}{interface.vpc_id}"
        fields = {"group_id": group_id, "group_name": group_id, "vpc_id": interface.vpc_id}
        changes["security_group", group_id] = kind(**fields, owner_id=interface.owner_id, account=interface.account)
        changes["network_interface", interface.id] = interface.with_groups([GroupId(group_id)])
    return changes
