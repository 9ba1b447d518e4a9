"""`reach threats`: the threat model of a snapshot. 0 when answered, 1 when a risk is as bad as `--fail-on` or worse, 2 without one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..models.threat import SEVERITIES, Severity
from ..report.threats import FORMATS, MOST_RISKS, render
from .console import colour, patience, put_file, say, show, shown
from .options import Options, wants

if TYPE_CHECKING:
    import argparse

    from ..models.threat import ThreatModel
    from ..network import Network

ABOUT = """The threat model that the snapshot implies: zones of trust, actors and where they come in, their ways to data, and
risks with a score, each factor and line of which is named; and the edits that close most of them."""


def threats(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach threats`, the model written; `network` reads what the options name."""
    chosen, rest = _options().read(words)
    if rest:
        raise QuestionError(f"`reach threats` takes no `{shown(rest[0])}`", hint="`--with FILE` reads what is declared")
    read = network(chosen)
    with patience("deriving the threat model"):
        found = read.threats(*chosen.declared, actors=chosen.actor, paths=chosen.paths, today=chosen.today)
    places = read.locations(found.written) if wants(chosen, "sarif") else {}

    def told(format: str, colour: bool = False) -> str:
        return render(found, format, explain=chosen.explain, limit=chosen.limit, colour=colour, locations=places)

    files = [(path, told(format)) for format, path in chosen.o]
    text = told(chosen.format, colour())
    for path, content in files:
        put_file(path, content)
    show(text, chosen.format)
    return _expected(found, chosen.fail_on)


def _options() -> Options:
    options = Options("threats", "[--with FILE ...] [--actor ACTOR ...] [options]", ABOUT)
    options.of_snapshot()
    options.add_argument(
        "--with",
        dest="declared",
        action="append",
        default=[],
        metavar="FILE",
        help="what people declare: contexts, contracts, actors, accepted risks (docs/threats.md)",
    )
    options.add_argument(
        "--actor",
        action="append",
        default=[],
        metavar="ACTOR",
        help="only this one: `internet`, `partner`, `insider`, `compromised-workload(SELECTOR)`, `supply-chain(SELECTOR)`, one declared",
    )
    options.number("--paths", "tell at most N ways of an actor to an asset (default: 3)", 3)
    options.one_of("--fail-on", SEVERITIES, "exit 1 when a risk that nobody accepted is so bad or worse")
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.add_argument("--explain", action="store_true", help="tell every factor of a score, and every way line by line")
    options.number("--limit", f"tell people of at most N risks (default: {MOST_RISKS}); programs get all", MOST_RISKS)
    options.day("--today", "the day on which acceptances are looked at (default: this day)")
    return options


def _expected(found: ThreatModel, fail_on: str | None) -> int:
    """Return the exit code, and say why it is not 0."""
    if fail_on is None:
        return 0
    bad = SEVERITIES[SEVERITIES.index(Severity(fail_on)) :]
    count = sum(1 for one in found.counting if one.severity in bad)
    if not count:
        return 0
    worse = " or worse" if fail_on != SEVERITIES[-1] else ""
    say(f"reach: not as expected: {count:,} risk{'s are' if count != 1 else ' is'} {fail_on}{worse}")
    return 1
