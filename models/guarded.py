"""Groups that filter at something other than a network interface of their own: a list of groups, as lines."""

from __future__ import annotations

from collections.abc import Iterable

from .component import World, perhaps, unknown
from .table import Choose, Drop, Line, Match, Place, Send, Traffic


def admitted(group_ids: Iterable[str], traffic: Traffic, onward: Place, vpc_id: str, world: World) -> list[Line]:
    """Return the lines of groups in a VPC, all united, the surest first; the last one drops what no rule admits."""
    ids = tuple(sorted(set(group_ids)))
    lines: list[Line] = []
    for id in ids:
        group = world.find("security_group", id)
        if group is not None:
            lines.extend(group.filter_lines(traffic, onward, world, vpc_id))
            continue
        doubt = unknown(f"security group {id} is not in the snapshot", id, "LIM-7")
        lines.append(Line("security group not in the snapshot", Match(), perhaps(onward, doubt), "LIM-7", id))
    lines.sort(key=lambda line: isinstance(line.action, Choose))
    code = "ENI_SG_RULES_MISMATCH" if lines else "SG_HAS_NO_RULES"
    nothing = Drop(code, f"no {traffic} rule of {', '.join(ids)} admits it", otherwise=Send(onward))
    return [*lines, Line(f"no {traffic} rule admits it", Match(), nothing, "SG-1", ids[0] if ids else "", ids[1:])]
