"""How far an intruder comes, hop after hop: `blast_radius`. Everything that is reached is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..blast.chains import Chains, Sense
from ..blast.hosts import Hosts
from ..blast.senders import LEVELS, Senders
from ..models.endpoint import Endpoint
from ..models.errors import QuestionError
from ..models.packet import NOTHING, IntervalSet
from ..models.snapshot import Snapshot
from ..models.table import INTERNET
from ..models.verdict import Verdict, all_of
from ..reach import Flows
from .bans import Broken
from .model import Invariant, Radius
from .parts import Exemption, selected, services
from .relations import Related


class Far(msgspec.Struct, frozen=True):
    """What is not as an invariant demands: the last hop to it, and who is taken on the way, the source first.

    `verdict` is that of all hops together. `reached` are the ids of all resources that are reached, where their number is too high.
    """

    last: Broken
    way: tuple[str, ...]
    source: Endpoint
    verdict: Verdict
    reached: tuple[str, ...] = ()


def too_far(world: Snapshot, invariant: Invariant, exempt: Sequence[Exemption], related: Related) -> Iterator[Far]:
    """Yield what an intruder reaches that he must not, one source after the other; exemptions are about sources and targets.

    He goes on from everything that is not surely out of reach, as `reach blast --hold all` does.
    """
    demanded = invariant.blast_radius
    assert demanded is not None
    asked = services(demanded.on)
    sources, targets = _known(selected(demanded.source, world), "from", world), _targets(demanded, world)
    senders = Senders(world, related.kept, asked)
    hosts = Hosts(world, senders, "all")
    for source in sources:
        chains = Chains(senders, hosts, hosts.whole({source.id}), Sense.OUTWARD)
        depths = chains.depths(LEVELS[-1])
        for target in targets:
            if target.id in depths:
                yield from _far(world, chains, source, target, asked, exempt)
        reached = tuple(sorted(one.resource for one in chains.met if one.resource != INTERNET.resource))
        if demanded.at_most is not None and len(reached) > demanded.at_most:
            farthest = max(sorted(id for id in depths if id != INTERNET.resource), key=depths.__getitem__)
            (target,) = selected([farthest], world)
            for far in _far(world, chains, source, target, asked, exempt):
                yield msgspec.structs.replace(far, reached=reached)


def _targets(demanded: Radius, world: Snapshot) -> list[Endpoint]:
    return _known(selected(demanded.never, world), "never", world) if demanded.never is not None else []


def _known(endpoints: list[Endpoint], key: str, world: Snapshot) -> list[Endpoint]:
    for one in endpoints:
        if not one.interface and one.kind != "internet":
            what = f"hops are from interface to interface, and `{one.id[:60]}` of `{key}` is none"
            raise QuestionError(what, hint="name an interface, a resource that has one, or `internet`")
    return endpoints


def _far(
    world: Snapshot, chains: Chains, source: Endpoint, target: Endpoint, asked: IntervalSet, exempt: Sequence[Exemption]
) -> Iterator[Far]:
    """Yield the target with the last hop to it, unless an exemption is about the two."""
    covering = [one for one in exempt if one.covers(source, target) and asked <= one.services]
    if any(one.ignore is None for one in covering):
        return
    surest = next(level for level in LEVELS if target.id in chains.depths(level))
    steps = chains.way(target.id, surest)
    (last,) = selected([steps[-1].source], world)
    flows = Flows(world, [last], [target], asked, there_only=True)
    judged = flows.of(last, target)
    sure = judged.services if judged.verdict is Verdict.REACHABLE else NOTHING
    way = (steps[0].source, *(step.target for step in steps))
    verdict = all_of(step.verdict for step in steps)
    yield Far(Broken(flows, last, target, judged, sure, NOTHING if sure else asked, tuple(covering)), way, source, verdict)
