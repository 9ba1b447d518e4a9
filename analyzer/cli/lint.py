"""`reach lint`: lines and resources that do nothing, or not what they seem to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..models.finding import KINDS
from ..report.findings import FORMATS, render
from .console import put_file, say, show, shown
from .options import Options, wants

if TYPE_CHECKING:
    import argparse

    from ..network import Network

ABOUT = """Lines that other lines shadow, groups and ACLs attached to nothing, references to what is gone, private blocks that
nobody has, entries whose replies nothing lets back. Each with the resource, the line and the file."""


def lint(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach lint`; `network` reads what the options name."""
    options = Options("lint", "[options]", ABOUT)
    options.of_snapshot()
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.one_of("--fail-on", ("any", *KINDS), "exit 1 when there is such a finding")
    chosen, rest = options.read(words)
    if rest:
        raise QuestionError(f"`reach lint` takes no `{shown(rest[0])}`", hint="`reach lint` alone")
    read = network(chosen)
    found = read.lint()
    places = read.locations(found.written) if wants(chosen, "sarif") else {}
    for format, path in chosen.o:
        put_file(path, render(found, format, places))
    show(render(found, chosen.format, places), chosen.format)
    count = sum(1 for one in found if chosen.fail_on in ("any", one.kind))
    if not count:
        return 0
    say(f"reach: not as expected: {count} finding{'s' if count != 1 else ''}")
    return 1
