"""A network to ask questions of: what `analyzer.load` returns."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from .models.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx

    from .models.answer import Answer


class Network:
    """One snapshot, and the questions that can be asked of it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def reach(self, source: str, target: str, on: str | None = None, limit: int = 100) -> Answer:
        """Return whether packets from `source` reach `target`, on which services, by which way, or what stops them.

        `source` and `target` are selectors, `on` services like `tcp/443` (None: any protocol), `limit` the most pairs that
        are listed. Raises QuestionError for a selector that matches nothing or a service that is none.

        >>> import analyzer
        >>> analyzer.load("demo").reach("sg-a", "rds", on="tcp/5432").verdict.value
        'reachable'
        """
        from .ask import ask

        return ask(self.snapshot, source, target, on, limit)

    @cached_property
    def graph(self) -> networkx.MultiDiGraph[str]:
        """The topology as a networkx graph: resources, and where packets can go next; see `graph.topology`."""
        from .graph import topology

        return topology(self.snapshot)
