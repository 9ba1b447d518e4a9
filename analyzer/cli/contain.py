"""`reach contain X`: an ordered plan with proof. 0 when X is contained by it and the forensic path passes, 1 when it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..report.containment import FORMATS, render
from .console import colour, patience, put_file, say, show
from .options import Options

if TYPE_CHECKING:
    import argparse

    from ..models.containment import Containment
    from ..network import Network

ABOUT = """How to contain what is compromised: ordered steps with the commands to type, what each leaves open and whom it cuts off,
the way back, and the model asked after each step. Nothing is run. Exit 1 when something stays open beside the forensic path."""
MEANS = ("group", "acl", "route")


def contain(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach contain`; `network` reads what the options name."""
    options = Options("contain", "X [options]", ABOUT)
    options.of_snapshot()
    options.add_argument(
        "--forensics", metavar="PATH", help="what stays open, `SELECTOR [on SERVICE]`, like `name:bastion on ssh`"
    )
    options.one_of("--means", MEANS, "how to contain it (default: what leaves least open and hits fewest others)")
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.number("--limit", "list at most N flows in each place (default: 100)", 100)
    chosen, rest = options.read(words)
    if not rest:
        raise QuestionError("what is compromised is missing", hint="write `reach contain X`")
    read = network(chosen)
    with patience("trying the steps"):
        found = read.contain(" ".join(rest), chosen.forensics, chosen.means, chosen.limit)
    for format, path in chosen.o:
        put_file(path, render(found, format))
    show(render(found, chosen.format, colour=colour()), chosen.format)
    trouble = _trouble(found)
    if trouble:
        say(f"reach: not as expected: {trouble}")
    return 1 if trouble else 0


def _trouble(found: Containment) -> str:
    if not found.contained:
        return "something stays open after the last step, or was not looked at"
    return "" if found.forensic_passes else "the forensic path does not surely pass after the last step"
