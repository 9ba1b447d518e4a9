"""`reach diff OLD NEW`: which flows opened and closed, and the lines that did it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

GRAMMAR = "`reach diff OLD NEW [on SERVICE]`, or `reach diff NEW --snapshot OLD`"
ABOUT = """Which flows opened and which closed between two snapshots, at the coarsest grain at which it shows (VPCs, security groups,
subnets, interfaces), each with the lines that did it. A Terraform plan as NEW is laid over OLD: what would it open?"""


def diff(
    words: list[str],
    network: Callable[[Sequence[str], argparse.Namespace, Sequence[str]], Network],
    snapshot: Callable[[Sequence[str] | None], Sequence[str]],
) -> int:
    """Return the exit code of `reach diff`; `network` reads snapshots as the options say, `snapshot` tells the one of the options."""
    options = Options("diff", "OLD NEW [on SERVICE] [options]", ABOUT)
    options.of_snapshot()
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.one_of("--fail-on", ("opened", "closed", "any"), "exit 1 when there is such a change")
    chosen, rest = options.read(words)
    named, on = _asked(rest)
    if len(named) == 2 and chosen.snapshot:
        raise QuestionError("three snapshots are named, and two are compared", hint=f"write {GRAMMAR}")
    old = named[:-1] or snapshot(chosen.snapshot)
    before, after = network(old, chosen, ()), network(named[-1:], chosen, old)
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


def _asked(rest: list[str]) -> tuple[list[str], str | None]:
    """Return OLD, where it is named, and NEW; and SERVICE."""
    at = rest.index("on") if "on" in rest[1:] else len(rest)
    if not 1 <= at <= 2 or at == len(rest) - 1:
        raise QuestionError("two snapshots are to be named, and nothing else but `on SERVICE`", hint=f"write {GRAMMAR}")
    return rest[:at], " ".join(rest[at + 1 :]) or None


def _told(found: Difference) -> str:
    return f"{len(found.opened)} opened, {len(found.closed)} closed"
