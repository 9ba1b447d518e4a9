"""`reach blast SOURCE` and `reach into TARGET`: hop after hop. 0 when answered, 1 when there are more than `--at-most`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..models.errors import QuestionError
from ..report.blast import FORMATS, render
from .console import colour, patience, put_file, say, show
from .options import Options

if TYPE_CHECKING:
    import argparse

    from ..models.blast import Verb
    from ..network import Network

ENDS = {"blast": "SOURCE", "into": "TARGET"}
ABOUT = {
    "blast": """What an intruder in SOURCE reaches, hop after hop: every host that is reached sends the next hop. SERVICE is what
arrives at each hop.""",
    "into": """Who comes to TARGET, at once or by way of hosts that are taken on the way: everything whose `reach blast` has TARGET in
it. SERVICE is what arrives at each hop.""",
}


def hops(verb: Verb, words: list[str], network: Callable[[argparse.Namespace], Network]) -> int:
    """Return the exit code of `reach blast` or `reach into`; `network` reads what the options name."""
    chosen, rest = _options(verb).read(words)
    selector, on = _asked(verb, rest)
    read = network(chosen)
    ask = read.blast_radius if verb == "blast" else read.into
    with patience("following hops"):
        found = ask(selector, on, chosen.hops, chosen.hold, chosen.by, chosen.limit, chosen.explain)
    files = [(path, render(found, format)) for format, path in chosen.o]
    text = render(found, chosen.format, colour=colour())
    for path, content in files:
        put_file(path, content)
    show(text, chosen.format)
    if chosen.at_most is None or found.reached_total <= chosen.at_most:
        return 0
    say(f"reach: not as expected: there are {found.reached_total:,}, more than {chosen.at_most:,}")
    return 1


def _options(verb: Verb) -> Options:
    options = Options(verb, f"{ENDS[verb]} [on SERVICE] [options]", ABOUT[verb])
    options.of_snapshot()
    options.number("--hops", "go no farther than N hops, and tell what would come beyond", None)
    options.one_of("--hold", ("hosts", "all"), "from what hops go on", "hosts")
    options.add_argument("--by", metavar="GRAIN", help="count by tag:KEY, context, sg, subnet, vpc or interface, too")
    options.number("--at-most", "exit 1 when there are more resources than N, sure or not", None, least=0)
    options.one_of("--format", FORMATS, "what goes to stdout", "text")
    options.outputs(FORMATS)
    options.add_argument("--explain", action="store_true", help="show each hop to what is listed line by line")
    options.number("--limit", "list at most N resources (default: 100)", 100)
    return options


def _asked(verb: Verb, words: list[str]) -> tuple[str, str | None]:
    """Return the selector and the services of the words."""
    at = words.index("on") if "on" in words else len(words)
    selector, on = words[:at], words[at + 1 :]
    missing = ENDS[verb].lower() if not selector else "service after `on`" if at < len(words) and not on else ""
    if missing:
        raise QuestionError(f"the {missing} is missing", hint=f"write `reach {verb} {ENDS[verb]} [on SERVICE]`")
    return " ".join(selector), " ".join(on) or None
