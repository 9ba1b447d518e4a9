"""The network as a picture: VPCs, their subnets and what stands in them, and where routes lead; as much as people can read."""

from __future__ import annotations

from ..models.answer import SnapshotFacts
from ..models.picture import Picture
from ..models.snapshot import Snapshot
from .bundles import bundled
from .ground import Ground, ground
from .spots import boxes
from .ways import ways

__all__ = ["MOST_NODES", "picture"]

# Subnets, and lines in them, that somebody can take in on one page.
MOST_NODES = 150
PUBLIC = "public: a route to an internet gateway; private: another way out of the VPC; isolated: none"
MORE = "--of SELECTOR draws a part of it, --nodes N more at once"


def picture(world: Snapshot, of: str | None = None, nodes: int = MOST_NODES) -> Picture:
    """Return the picture of a network, or of the interfaces that the selector `of` names, in their subnets and VPCs.

    It shows the finest of GRAINS that needs at most `nodes` nodes, and the coarsest where none does. Raises QuestionError for
    a selector that matches nothing, or nothing that stands in a subnet.
    """
    here = ground(world, of, nodes)
    found, told = bundled(here, ways(here))
    return Picture(
        of=of,
        grain=here.grain,
        title=_title(here),
        legend=_legend(here, bool(told)),
        boxes=boxes(here, found, told),
        spots=found.outside,
        links=found.links,
        snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
    )


def _title(here: Ground) -> str:
    counts = (counted(len(here.vpcs), "VPC"), counted(len(here.parts), "subnet"), _interfaces(here))
    return ("" if here.of is None else f"{here.of}: ") + ", ".join(counts)


def _interfaces(here: Ground) -> str:
    every = len(here.world.all("network_interface"))
    return counted(here.interfaces, "interface") if here.of is None else f"{here.interfaces:,} of {counted(every, 'interface')}"


def _legend(here: Ground, bundled: bool) -> list[str]:
    """Return what the picture does not show one by one, and what its words mean."""
    lines = [PUBLIC] if here.fine else []
    folded = {
        "group": "interfaces of one kind with the same security groups are one line",
        "subnet": f"{counted(here.interfaces, 'interface')} are not drawn, only their subnets",
        "vpc": f"{counted(len(here.parts), 'subnet')} and {counted(here.interfaces, 'interface')} are not drawn, only their VPCs",
        "context": f"{counted(len(here.vpcs), 'VPC')} and all in them are not drawn, only their contexts, or accounts where no tag "
        "declares one",
    }
    if here.grain in folded:
        lines.append(folded[here.grain])
    if bundled:
        lines.append("too many routes to draw one by one: they are in words, and one arrow for each box")
    if here.grain in folded:
        lines.append(MORE)
    if here.left_out:
        lines.append(f"{counted(here.left_out, 'more of the smallest')} left out")
    left_out = len(here.world.not_modelled)
    return lines + ([f"{counted(left_out, 'kind')} of resources not modelled, and not drawn"] if left_out else [])


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 subnet`, `2 subnets`."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")
