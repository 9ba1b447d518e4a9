"""`reach graph`: the network as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..report.picture import FORMATS, render
from .console import is_terminal, patience, put, put_file, shown
from .options import Options

if TYPE_CHECKING:
    import argparse

    from ..network import Network

ABOUT = """The network as a picture: VPCs, their subnets and what stands in them, and where routes lead. What is too much for one
picture is drawn together: interfaces that carry the same security groups, then subnets, VPCs, contexts; a legend says so."""


def graph(words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach graph`, the picture written; `network` reads what the options name."""
    from ..picture import MOST_NODES

    options = Options("graph", "[--of SELECTOR] [options]", ABOUT)
    options.of_snapshot()
    options.add_argument("--of", metavar="SELECTOR", help="only these interfaces, in their subnets and VPCs")
    options.number("--nodes", f"draw at most N subnets and lines in them (default: {MOST_NODES})", MOST_NODES)
    options.one_of("--format", FORMATS, "what goes to stdout (default: svg, or nothing with -o)")
    options.outputs(FORMATS)
    chosen, rest = options.read(words)
    if rest:
        raise QuestionError(f"`reach graph` takes no `{shown(rest[0])}`", hint="`reach graph --of SELECTOR` for a part of it")
    format = chosen.format or ("" if chosen.o else "svg")
    if format == "svg" and is_terminal():
        raise QuestionError(
            "`svg` is nothing that a terminal shows", hint="`reach graph -o svg=network.svg`, and open it in a browser"
        )
    read = network(chosen)
    with patience("drawing"):
        picture = read.picture(chosen.of, chosen.nodes)
        files = [(path, render(picture, each)) for each, path in chosen.o]
        text = render(picture, format) if format else ""
    for path, content in files:
        put_file(path, content)
    put(text)
    return 0
