"""A network to ask questions of: what `analyzer.load` returns."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from .models.shown import Shown, shows_with
from .models.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import networkx

    from .edit import Edit
    from .engine.factored import Factored
    from .engine.relation import Relation
    from .matrix import Matrix
    from .models.answer import Answer
    from .models.blast import BlastQuery, BlastRadius, Hold
    from .models.check import Violations
    from .models.containment import Containment, Means
    from .models.difference import Difference
    from .models.finding import Findings
    from .models.location import Locations, Written
    from .models.picture import Picture
    from .models.threat import ThreatModel


def _drawn(value: Shown) -> Mapping[str, str]:
    """Return what notebooks show of a value; what draws it is imported when the first one is shown."""
    from .report.notebook import bundle

    return bundle(value)


shows_with(_drawn)


class Network:
    """One snapshot, and the questions that can be asked of it."""

    def __init__(self, snapshot: Snapshot, before: Snapshot | None = None, sources: Sequence[tuple[str, str]] = ()) -> None:
        """Hold a snapshot; `before` is the one that it is an edited twin of, `sources` where it was read, and as what each is named."""
        self.snapshot = snapshot
        self._before = before
        self._sources = sources

    def reach(self, source: str, target: str, on: str | None = None, limit: int = 100) -> Answer:
        """Return whether packets from `source` reach `target`, on which services, by which way, or what stops them.

        `source` and `target` are selectors, `on` services like `tcp/443` (None: any protocol), `limit` the most pairs that
        are listed. Raises QuestionError for a selector that matches nothing or a service that is none.

        >>> import analyzer
        >>> analyzer.load("demo").reach("sg-a", "rds", on="tcp/5432").verdict.value
        'reachable'
        """
        from .ask import ask

        answer = ask(self.snapshot, source, target, on, limit)
        if self._before is None:
            return answer
        from .edit.comparison import compared

        return compared(answer, self._before)

    def blast_radius(
        self,
        source: str,
        on: str | None = None,
        hops: int | None = None,
        hold: Hold = "hosts",
        by: str | None = None,
        limit: int | None = None,
        explain: bool = False,
    ) -> BlastRadius:
        """Return what an intruder in `source` reaches, hop after hop, each hop from the hosts that he holds by then.

        `on` are services, `hops` the most hops, `hold` is `all` where every interface counts as held, `by` a grain to count by
        (`tag:KEY`, as of `matrix`), `limit` the most resources that are listed; None is no limit. With `explain` each hop that is
        listed is shown. Raises QuestionError for a selector, service or grain that is none.

        >>> import analyzer
        >>> [one.hop for one in analyzer.load("demo").blast_radius("name:bastion", hops=1).hops]
        [1]
        """
        from .models.blast import BlastQuery

        return self._hops(BlastQuery(verb="blast", selector=source, on=on, hops=hops, hold=hold, by=by), limit, explain)

    def into(
        self,
        target: str,
        on: str | None = None,
        hops: int | None = None,
        hold: Hold = "hosts",
        by: str | None = None,
        limit: int | None = None,
        explain: bool = False,
    ) -> BlastRadius:
        """Return who reaches `target`, hop after hop: everybody whose blast radius holds it. The rest is as of `blast_radius`.

        >>> import analyzer
        >>> analyzer.load("demo").into("rds:orders", hops=1).reached[0].services
        ['tcp/5432']
        """
        from .models.blast import BlastQuery

        return self._hops(BlastQuery(verb="into", selector=target, on=on, hops=hops, hold=hold, by=by), limit, explain)

    def _hops(self, query: BlastQuery, limit: int | None, explain: bool) -> BlastRadius:
        from .blast import blast

        return blast(self.snapshot, lambda: self.factored, query, limit, explain=explain)

    def whatif(self, edits: str | os.PathLike[str] | Sequence[Edit]) -> Network:
        """Return the network as it would be after edits: those of a YAML file, or values; this one stays as it is.

        Its answers have a note about what they are without the edits. Raises InputError for a file that cannot be read, and
        QuestionError for an edit that does not fit the snapshot.
        """
        from .edit import edited, edits_of

        named = os.fspath(edits) if isinstance(edits, str | os.PathLike) else "the edits"
        listed = edits_of(edits) if isinstance(edits, str | os.PathLike) else edits
        return Network(edited(self.snapshot, listed, named), before=self.snapshot)

    def contain(
        self, selector: str, forensics: str | None = None, means: Means | None = None, limit: int | None = 100
    ) -> Containment:
        """Return the plan that contains something compromised: steps with commands, what each leaves open and cuts, and the proof.

        `forensics` is what is to stay open, `SELECTOR [on SERVICE]`; `means` is `group`, `acl` or `route`, None for the one that leaves
        least open and hits fewest others; `limit` the most flows that are listed in each place (None: all). Raises QuestionError for
        a selector or service that is none, for what has no interface, and for means that do not contain it.

        >>> import analyzer
        >>> plan = analyzer.load("demo").contain("web-1", forensics="name:bastion on ssh")
        >>> (plan.contained, plan.means, [(one.source.split()[0], one.services) for one in plan.left_open])
        (True, 'group', [('bastion', ['tcp/22'])])
        """
        from .contain import contain

        return contain(self.snapshot, selector, forensics, means, limit)

    def diff(self, after: Network, on: str | None = None) -> Difference:
        """Return which flows are open in `after` and not here, or the other way round, and the lines that did it.

        `on` are services. Raises QuestionError for a service that is none.

        >>> import analyzer
        >>> network = analyzer.load("demo")
        >>> network.diff(network).changes
        []
        """
        from .diff import difference

        return difference(self.snapshot, after.snapshot, on, (self.relation, after.relation))

    def lint(self) -> Findings:
        """Return lines and resources that do nothing, or not what they seem to do, by kind, resource and line.

        >>> import analyzer
        >>> [one.kind for one in analyzer.load("demo").lint()]
        ['gone', 'no-reply']
        """
        from .lint import lint
        from .models.finding import Findings

        return Findings(lint(self.snapshot))

    def matrix(self, by: str = "sg", source: str | None = None, target: str | None = None, on: str | None = None) -> Matrix:
        """Return who can reach whom at a grain: `sg`, `subnet`, `vpc`, `context`, `tag:KEY` or `interface`.

        `source` and `target` are selectors that limit who counts, `on` services. Nothing is computed before its `rows()` are
        asked for. Raises QuestionError for a grain, selector or service that is none.

        >>> import analyzer
        >>> row = next(analyzer.load("demo").matrix("vpc", source="internet").rows())
        >>> (row.source.name, row.target.name, list(row.services))
        ('internet', 'tools', ['tcp/22'])
        """
        from .matrix import Matrix

        return Matrix(self.snapshot, by, on, source, target, made=self.relation)

    @cached_property
    def relation(self) -> Relation:
        """Who can reach whom, for the whole snapshot at once; compiled when it is first asked for."""
        from .engine.relation import relation

        return relation(self.snapshot)

    @cached_property
    def factored(self) -> Factored:
        """Who can reach whom, kept by those who send: what questions about hops are asked of."""
        from .engine.factored import Factored

        return Factored(self.relation)

    def check(self, *files: str | os.PathLike[str], packs: Sequence[str] = (), today: date | None = None) -> Violations:
        """Return the violations of the invariants in files and packs, in order: a list, empty when all of them hold.

        In a notebook it shows the whole outcome; `.check` is it, `.to_frame()` the violations.

        `today` is the day on which ignores are looked at (None: this day). Raises InputError for a file that cannot be read,
        QuestionError for a selector or service that is none.

        >>> import analyzer
        >>> [violation.target.name for violation in analyzer.load("demo").check(packs=["zero-trust"])][0]
        'crm'
        """
        from datetime import date

        from .invariants import check
        from .invariants.sources import invariants
        from .models.check import Violations

        found = invariants([os.fspath(one) for one in files], packs)
        outcome = check(self.snapshot, found, today or date.today(), relation=lambda: self.factored)
        return Violations(outcome.violations, outcome)

    def threats(
        self, *files: str | os.PathLike[str], actors: Sequence[str] = (), paths: int = 3, today: date | None = None
    ) -> ThreatModel:
        """Return the threat model that the snapshot implies: assets, actors and their ways, and risks, the worst first.

        `files` hold what people declare (contexts, contracts, actors, accepted risks), `actors` are those that are wanted (none:
        all that are known), `paths` is the most ways that are told of each actor and asset, `today` the day on which acceptances
        are looked at (None: this day). Raises InputError for a file that cannot be read, QuestionError for an actor or a selector
        that there is not.

        >>> import analyzer
        >>> analyzer.load("demo").threats(actors=["internet"]).risks[0].kind
        'asset-exposed'
        """
        from datetime import date

        from .threats import threats

        named = [os.fspath(one) for one in files]
        return threats(self.snapshot, lambda: self.factored, named, actors, paths, today or date.today())

    def locations(self, written: Iterable[Written]) -> Locations:
        """Return where lines are written, file, line and column, as far as the files still tell; empty for an edited network.

        >>> import analyzer
        >>> network = analyzer.load("demo")
        >>> found = network.lint()
        >>> place = network.locations(found.written)[found[0].written]
        >>> (place.uri, place.line)
        ('demo/route-tables.json', 212)
        """
        from .read.locations import locations

        return locations(self._sources, self.snapshot, written)

    @cached_property
    def graph(self) -> networkx.MultiDiGraph[str]:
        """The topology as a networkx graph: resources, and where packets can go next; see `graph.topology`."""
        from .graph import topology

        return topology(self.snapshot)

    def picture(self, of: str | None = None, nodes: int = 150) -> Picture:
        """Return the network as a picture, or the interfaces that the selector `of` names, in their subnets and VPCs.

        It shows as much as fits into `nodes` nodes. Raises QuestionError for a selector that matches nothing, or nothing that
        stands in a subnet.

        >>> import analyzer
        >>> [box.title.split()[0] for box in analyzer.load("demo").picture().boxes]
        ['prod', 'tools']
        """
        from .picture import picture

        return picture(self.snapshot, of, nodes)
