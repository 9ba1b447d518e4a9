"""Who can reach whom on what, at any grain: `reach matrix`. Streamed: no more of it is in memory than some shards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from ..models.answer import SnapshotFacts
from ..models.errors import QuestionError
from ..models.matrix import VERDICTS, Batch, Heading, MatrixRow
from ..models.packet import IntervalSet
from ..models.service import parse_services, service_text
from ..models.shown import Framed
from ..models.snapshot import Snapshot
from ..related import Related
from ..select import select
from ..select.inventory import not_modelled
from ..shards import Job, mapped
from .grain import GRAINS, grain
from .pairs import Folded, Reached, arithmetic, fold, laid_out, merged
from .plan import Limits, Plan

__all__ = ["GRAINS", "Matrix"]

# How many of the endpoints that are left out are named.
MOST_NAMED = 5


class Matrix(Framed):
    """Which groups reach which, on what services and how surely; pairs that are not listed are blocked.

    A group reaches another when any of its members reaches any other one, and the services of the pair are those of all its
    members together, each under the surest verdict that it has between any two. Nobody is a source for himself, so a group of
    one member does not reach itself.
    """

    shown_as: ClassVar[str] = "matrix"

    def __init__(
        self,
        world: Snapshot,
        by: str,
        on: str | None = None,
        source: str | None = None,
        target: str | None = None,
        context_key: str | None = None,
        made: Related | None = None,
    ) -> None:
        """Plan the matrix of a snapshot; nothing is computed yet.

        `by` is one of GRAINS, `on` services, `source` and `target` selectors that limit who counts; `context_key` is the tag
        that declares contexts; `made` is the relation where it is there already. Raises QuestionError for any of them that
        cannot be read or matches nothing.
        """
        grain(by, context_key)
        services = parse_services(on or "")
        sources, targets = (None if text is None else _ids(text, world) for text in (source, target))
        self._plan = Plan(world, Limits(by, services, sources, targets, context_key, sites=True), made)
        missing = self._plan.missing()
        for text, ids in ((source, sources), (target, targets)):
            if text is not None and ids is not None and ids <= set(missing):
                raise _no_interface(text)
        self._shards = tuple(self._plan.shards())
        self.shard_count = len(self._shards)
        self.heading = Heading(
            by=by,
            on=on,
            source=source,
            target=target,
            groups=self._plan.groups,
            pairs=self._plan.pairs,
            not_modelled=[*not_modelled(world), *_told(missing)],
            snapshot=SnapshotFacts(collected_at=world.collected_at, accounts=world.accounts),
        )

    def batches(self, *, workers: int = 0, cluster: str = "") -> Iterator[Batch]:
        """Yield the rows in order of target and source, one batch for each shard; see `shards.mapped` for who computes them."""
        known: dict[IntervalSet, int] = {}
        parts: list[Reached] = []
        for folded in mapped(Job(fold, self._plan), self._shards, workers=workers, cluster=cluster):
            if folded.reached is not None:
                parts.append(folded.reached)
                if folded.shard.last:
                    (group,) = folded.shard.groups
                    folded = laid_out(self._plan, folded.shard, {group: merged(parts)})
                    parts = []
            yield self._batch(folded, known)

    def rows(self, *, workers: int = 0, cluster: str = "") -> Iterator[MatrixRow]:
        """Yield the rows one by one, in order of target and source; for many millions of them take `batches`."""
        words: list[Sequence[str]] = []
        groups = self.heading.groups
        for batch in self.batches(workers=workers, cluster=cluster):
            words.extend(batch.new_services)
            columns = zip(batch.sources, batch.targets, batch.verdicts, batch.services, strict=True)
            yield from (
                MatrixRow(groups[source], groups[target], VERDICTS[verdict], words[on]) for source, target, verdict, on in columns
            )

    def columns(self) -> dict[str, Sequence[object]]:
        """Return all rows as columns: computed here and now, and all of them in memory."""
        rows = list(self.rows())
        names = (("", "id"), ("_name", "name"), ("_vpc", "vpc"))
        return {
            **{f"from{suffix}": [getattr(row.source, field) for row in rows] for suffix, field in names},
            **{f"to{suffix}": [getattr(row.target, field) for row in rows] for suffix, field in names},
            "verdict": [row.verdict.value for row in rows],
            "services": [", ".join(row.services) for row in rows],
        }

    def _batch(self, folded: Folded, known: dict[IntervalSet, int]) -> Batch:
        """Return what a shard came to, its services numbered among those that are known already."""
        if folded.columns is None:
            return Batch((), (), (), ())
        sources, targets, verdicts, services = folded.columns
        new = [one for one in folded.sets if one not in known]
        for one in new:
            known[one] = len(known)
        numbered = arithmetic(self._plan).renumbered(services, [known[one] for one in folded.sets])
        return Batch(sources, targets, verdicts, numbered, [service_text(one) for one in new])


def _ids(text: str, world: Snapshot) -> frozenset[str]:
    """Return the ids of the endpoints that a selector names."""
    found = select(text, world)
    for one in found:
        if one.kind == "address":
            raise _no_address(text)
    return frozenset(one.id for one in found)


def _told(missing: list[str]) -> list[str]:
    """Return what the matrix leaves out; it is no sentence about what is blocked."""
    if not missing:
        return []
    more = f" and {len(missing) - MOST_NAMED:,} more" if len(missing) > MOST_NAMED else ""
    return [f"endpoints without an interface are in no matrix: {', '.join(missing[:MOST_NAMED])}{more}"]


def _no_interface(text: str) -> QuestionError:
    hint = "`reach from SOURCE to TARGET` answers for endpoints without an interface"
    return QuestionError(f"a matrix is of interfaces and the internet, and `{text[:60]}` has none", hint=hint)


def _no_address(text: str) -> QuestionError:
    hint = "`reach from SOURCE to TARGET` answers for addresses"
    return QuestionError(f"a matrix is of interfaces and the internet, not of addresses: `{text[:60]}`", hint=hint)
