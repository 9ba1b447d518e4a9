"""`reach check`: invariants of files and packs, and what violates them. 0 when all hold, 1 when one does not, 2 without an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..report.check import FORMATS, render
from .console import colour, patience, put_file, show, shown
from .options import Options, wants

if TYPE_CHECKING:
    import argparse

    from ..models.check import Check
    from ..models.location import Locations
    from ..network import Network

ABOUT = """Which invariants do not hold, with a packet and every line that lets it through for each violation. Without FILE and
--pack it is every `*.reach.yaml` of this folder."""


def check(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach check`, its outcome written; `network` reads what the options name."""
    chosen, files = _options().read(words)
    if chosen.list_packs:
        return _packs(files)
    from ..invariants import check
    from ..invariants.baseline import against
    from ..invariants.sources import baseline, invariants

    found = invariants(files or ([] if chosen.pack else _here()), chosen.pack)
    before = baseline(chosen.baseline) if chosen.baseline else None
    read = network(chosen)
    world, today = read.snapshot, chosen.today or date.today()
    with patience("checking invariants"):
        outcome = check(world, found, today, chosen.limit, workers=chosen.workers, cluster=chosen.cluster)
    outcome = outcome if before is None else against(outcome, before)
    if chosen.suggest:
        from ..suggest import suggested

        with patience("trying changes"):
            outcome = suggested(world, outcome, found, today)
    return _told(outcome, chosen, read.locations(outcome.written) if wants(chosen, "sarif") else {})


def _packs(words: list[str]) -> int:
    """Print the packs, and what each says of itself."""
    from ..invariants.packs import about, names

    if words:
        raise QuestionError(f"`--list-packs` takes no `{shown(words[0])}`", hint="`reach check --list-packs` alone")
    show(
        "".join(f"{name}\n{fill(about(name), 100, initial_indent='    ', subsequent_indent='    ')}\n" for name in names()),
        "text",
    )
    return 0


def _options() -> Options:
    options = Options("check", "[FILE ...] [--pack NAME] [--baseline FILE] [options]", ABOUT)
    options.of_snapshot()
    options.add_argument(
        "--pack", action="append", default=[], metavar="NAME", help="invariants that come along; `--list-packs` names them"
    )
    options.add_argument("--list-packs", action="store_true", help="name the packs and what they are about, and end")
    options.add_argument("--baseline", metavar="FILE", help="only what this outcome (`-o json=FILE`) does not hold yet counts")
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.add_argument(
        "--suggest", action="store_true", help="name the smallest change that sets each violation right, and what else it cuts"
    )
    options.number("--limit", "show a witness of at most N violations of an invariant (default: 100)", 100)
    options.number("--workers", "processes that check the invariants, each of them one at a time (default: 1)", 1)
    options.add_argument("--cluster", default="", metavar="ADDRESS", help="let the workers of a Dask scheduler do it instead")
    options.day("--today", "the day on which ignores are looked at (default: this day)")
    return options


def _here() -> list[str]:
    found = sorted(str(path) for path in Path().glob("*.reach.yaml"))
    if not found:
        what = "no invariants are named, and there is no `*.reach.yaml` here"
        raise QuestionError(what, hint="`reach check FILE`, or `reach check --pack zero-trust`")
    return found


def _told(outcome: Check, chosen: argparse.Namespace, places: Locations) -> int:
    """Write the outcome everywhere it is wanted, and return the exit code."""
    text = render(outcome, chosen.format, colour=colour(), locations=places)
    for path, content in [(path, render(outcome, format, locations=places)) for format, path in chosen.o]:
        put_file(path, content)
    show(text, chosen.format)
    return 0 if outcome.holds else 1
