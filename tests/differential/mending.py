"""A world in which lines that block were mended, and nothing else: what `blockers` promises would then pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import msgspec

from analyzer.models.snapshot import Snapshot
from analyzer.models.table import Action, Choose, Direction, Drop, Line, Place, Share, Table
from analyzer.walk import Step


class Mended:
    """The world with the lines of these steps replaced: by what would happen otherwise, or by the route that was missing."""

    def __init__(self, world: Snapshot, steps: Iterable[Step]) -> None:
        self._world = world
        self._steps: dict[tuple[Place, Direction], list[Step]] = {}
        for step in steps:
            self._steps.setdefault((step.place, step.direction), []).append(step)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def table(self, place: Place, direction: Direction) -> Table:
        """Return the table of the world, its blocking lines mended."""
        table = self._world.table(place, direction)
        steps = self._steps.get((place, direction), [])
        if not steps:
            return table
        lines = list(table.lines)
        for step in steps:
            at = next(number for number, line in enumerate(table.lines) if line is step.line)
            lines[at] = _mended(lines[at], step, table)
        return Table(table.kind, lines)


def mended(world: Snapshot, steps: Iterable[Step]) -> Snapshot:
    """Return the world in which exactly the lines of these steps were mended."""
    return cast(Snapshot, Mended(world, steps))


def can_be_mended(steps: Iterable[Step]) -> bool:
    """Return whether each of the lines says what would happen if it were mended."""
    return all(isinstance(step.action, Drop) and step.action.otherwise is not None for step in steps)


def _instead(step: Step, table: Table) -> Action | None:
    """Return what a mended line does: what its drop says, or, of a route that leads astray, what the table lacks a route for."""
    if _within(step.line.action, step.action):
        return step.action.otherwise if isinstance(step.action, Drop) else None
    if isinstance(step.action, Drop) and step.action.otherwise is not None:
        return step.action.otherwise
    last = table.lines[-1].action
    return last.otherwise if isinstance(last, Drop) else None


def _mended(line: Line, step: Step, table: Table) -> Line:
    instead = _instead(step, table)
    assert instead is not None
    whole = _replaced(line.action, step.action, instead) if _within(line.action, step.action) else instead
    return msgspec.structs.replace(line, action=whole)


def _within(action: Action, part: Action) -> bool:
    return action == part or (isinstance(action, Choose | Share) and any(_within(one, part) for one in action.actions))


def _replaced(action: Action, part: Action, instead: Action) -> Action:
    if action == part:
        return instead
    if isinstance(action, Choose | Share):
        return msgspec.structs.replace(action, actions=tuple(_replaced(one, part, instead) for one in action.actions))
    return action
