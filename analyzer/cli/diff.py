"""`reach diff OLD NEW`: which flows opened and closed, and the lines that did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..models.location import Location, Written
from ..report.difference import FORMATS, render
from .console import patience, put_file, say, show
from .options import Options, wants

if TYPE_CHECKING:
    import argparse

    from ..models.difference import Difference
    from ..network import Network

GRAMMAR = "`reach diff OLD NEW [on SERVICE]`"
ABOUT = """Which flows opened and which closed between two snapshots, at the coarsest grain at which it shows (VPCs, security groups,
subnets, interfaces), each with the lines that did it."""


def diff(words: list[str], network: Callable[[str, argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach diff`; `network` reads a snapshot as the options say."""
    options = Options("diff", "OLD NEW [on SERVICE] [options]", ABOUT)
    options.of_reading()
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.one_of("--fail-on", ("opened", "closed", "any"), "exit 1 when there is such a change")
    chosen, rest = options.read(words)
    old, new, on = _asked(rest)
    before, after = network(old, chosen), network(new, chosen)
    with patience("comparing"):
        found = before.diff(after, on)
    places = dict[Written, Location]()
    if wants(chosen, "sarif"):
        places = {**before.locations(found.written("old")), **after.locations(found.written("new"))}
    for format, path in chosen.o:
        put_file(path, render(found, format, places))
    show(render(found, chosen.format, places), chosen.format)
    counts = {"opened": len(found.opened), "closed": len(found.closed), "any": len(found.changes)}
    if not chosen.fail_on or not counts[chosen.fail_on]:
        return 0
    say(f"reach: not as expected: {_told(found)}")
    return 1


def _asked(rest: list[str]) -> tuple[str, str, str | None]:
    """Return OLD, NEW and SERVICE of the words."""
    if len(rest) < 2 or (len(rest) > 2 and (rest[2] != "on" or len(rest) == 3)):
        raise QuestionError("two snapshots are to be named, and nothing else but `on SERVICE`", hint=f"write {GRAMMAR}")
    return rest[0], rest[1], " ".join(rest[3:]) or None


def _told(found: Difference) -> str:
    return f"{len(found.opened)} opened, {len(found.closed)} closed"
