"""The command line. It alone prints and picks exit codes: 0 answered, 1 not as expected, 2 no answer, 3 a bug of ours."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from ..models.errors import QuestionError, ReachError, near, quoted
from .console import colour, crashed, patience, put, put_file, say, show, shown
from .options import Options
from .question import GRAMMAR, question

if TYPE_CHECKING:
    import argparse

    from ..models.code import ExplanationCode
    from ..models.rule import Rule
    from ..network import Network

ANSWERED, NOT_AS_EXPECTED, NO_ANSWER, BUG, INTERRUPTED = 0, 1, 2, 3, 130
HELP = """\
reach: who can reach whom in AWS networks, and why, from a snapshot of their configuration

  reach from SOURCE to TARGET [on SERVICE]   can SOURCE reach TARGET, by which way, or what stops it
  reach blast SOURCE [on SERVICE]            what an intruder in SOURCE reaches, hop after hop
  reach into TARGET [on SERVICE]             who comes to TARGET that way
  reach whatif CHANGES.yaml from … to …      the same question after edits to the snapshot
  reach diff OLD NEW                         which flows opened, which closed, and the lines that did it
  reach check [FILE ...]                     which invariants do not hold, and by which lines; `--pack zero-trust` comes along
  reach threats                              who attacks, by which ways, what is at risk, and which edits close most of it
  reach matrix --by GRAIN                    who can reach whom on what, by security group, subnet, VPC, context or tag
  reach contain X                            how to contain a compromised X: steps, commands, what they cut, and the proof
  reach graph [--of SELECTOR]                the network as a picture, `-o svg=network.svg`
  reach lint                                 lines that do nothing, or not what they seem to do
  reach list [KIND|SELECTOR]                 what is in the snapshot; `reach list --not-modelled`
  reach rules [RULE-ID|CODE]                 the rule book: sentence, AWS page, code; what an explanation code means here
  reach collect OUT                          the snapshot of live accounts, a folder; `--policy` prints what a role needs
  reach demo                                 the first of them, on a network that comes along
  reach completion bash|zsh|fish             a script that completes commands in the shell, with ids and names of the snapshot

`reach VERB --help` tells the options of a verb. SOURCE and TARGET are an id, `internet`, an address, a kind (`ec2`, `rds`),
`sg:web`, `tag:tier=web`, a name, and `and`, `or`, `not` of these; SERVICE is like `tcp/443`, `udp/53` or `https`.
The snapshot is --snapshot PATH, else $REACH_SNAPSHOT, else ./snapshot; `--snapshot demo` is one that comes along.
Exit codes: 0 answered, 1 not as expected (--expect, --at-most, --fail-on, check, contain), 2 could not answer, 3 a bug of ours.
"""
MORE = """\
more questions:
  reach from internet to rds --snapshot demo
  reach from ec2 to internet on https --snapshot demo --explain
  reach from sg-a to rds --snapshot demo --format html > answer.html
  reach check --pack zero-trust --snapshot demo
  reach matrix --by context --snapshot demo
  reach list --snapshot demo
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit code of one command; data goes to stdout, everything else to stderr. By default it is the process's own."""
    if argv is None:
        # What a short process makes stays until it ends: looking for garbage in it only costs time.
        gc.disable()
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except ReachError as error:
        say(f"reach: {error}")
        return NO_ANSWER
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        say(crashed(error))
        return BUG


def _run(words: list[str]) -> int:
    if any("\ud800" <= char <= "\udfff" for word in words for char in word):
        raise QuestionError("cannot read the command: it is not text in the terminal's encoding", hint="write it in UTF-8")
    if not words:
        raise QuestionError("a verb is missing", hint="`reach demo` shows an answer, `reach --help` everything else")
    verb, *rest = words
    if verb in ("--help", "-h", "help"):
        put(HELP)
        return ANSWERED
    if verb == "--version":
        from .. import __version__

        put(f"reach {__version__}\n")
        return ANSWERED
    if verb.startswith("-"):
        raise QuestionError(f"the verb comes first, not `{shown(verb)}`", hint=GRAMMAR)
    if verb not in VERBS:
        raise QuestionError(f"no such verb: `{shown(verb)}`", hint=f"one of {quoted(VERBS)}")
    return VERBS[verb](rest)


# ---------------------------------------------------------------------- verbs
def _from(words: list[str]) -> int:
    options = Options(
        "from", "SOURCE to TARGET [on SERVICE] [options]", "Whether SOURCE can reach TARGET, by which way, or what stops it."
    )
    options.of_snapshot()
    options.of_answer()
    chosen, rest = options.read(words)
    source, target, on = question(rest)
    return _answer(_chosen(chosen), source, target, on, chosen)


def _demo(words: list[str]) -> int:
    options = Options("demo", "[options]", "The answer to `reach from sg-a to rds` on a network that comes along.")
    options.of_answer()
    chosen, rest = options.read(words)
    _no_words(rest, "demo")
    code = _answer(_network(["demo"], False), "sg-a", "rds", None, chosen)
    say(MORE.rstrip())
    return code


def _answer(network: Network, source: str, target: str, on: str | None, chosen: argparse.Namespace) -> int:
    from ..report import render

    with patience("looking for ways"):
        answer = network.reach(source, target, on, chosen.limit)
    files = [(path, render(answer, format, explain=chosen.explain)) for format, path in chosen.o]
    text = render(answer, chosen.format, explain=chosen.explain, colour=colour())
    for path, content in files:
        put_file(path, content)
    show(text, chosen.format)
    if chosen.expect in (None, answer.verdict.value):
        return ANSWERED
    say(f"reach: not as expected: it is `{answer.verdict.value}`, not `{chosen.expect}`")
    return NOT_AS_EXPECTED


def _list(words: list[str]) -> int:
    options = Options(
        "list", "[KIND|SELECTOR] [options]", "The resources of a kind, what a selector means, or everything in the snapshot."
    )
    options.of_snapshot()
    options.one_of("--format", ("text", "json"), "what goes to stdout", "text")
    options.add_argument("--not-modelled", action="store_true", help="what the snapshot holds and answers leave out")
    chosen, rest = options.read(words)
    if chosen.not_modelled:
        _no_words(rest, "list --not-modelled")
    snapshot = _chosen(chosen).snapshot
    from ..report.listing import resources, sentences
    from ..select.inventory import inventory, not_modelled

    if not chosen.not_modelled:
        show(resources(inventory(" ".join(rest), snapshot), chosen.format), chosen.format)
        return ANSWERED
    left_out = not_modelled(snapshot)
    if not left_out:
        say("reach: everything in the snapshot is modelled")
    show(sentences(left_out, chosen.format), chosen.format)
    return ANSWERED


def _rules(words: list[str]) -> int:
    options = Options(
        "rules",
        "[RULE-ID|CODE] [options]",
        "The rules of AWS that answers rest on, or those of one id or family (`SG`); or what an explanation code means here.",
    )
    options.one_of("--format", ("text", "json"), "what goes to stdout", "text")
    chosen, rest = options.read(words)
    from ..report.listing import codes, rules

    word = " ".join(rest)
    told = codes([_found_code(word)], chosen.format) if _names_code(word) else rules(_found_rules(word), chosen.format)
    show(told, chosen.format)
    return ANSWERED


def _names_code(word: str) -> bool:
    from ..code_book import code_book

    return "_" in word or word.upper() in code_book()


def _found_code(word: str) -> ExplanationCode:
    from ..code_book import code_book

    book = code_book()
    if word.upper() in book:
        return book[word.upper()]
    close = near(word.upper(), book)
    hint = f"did you mean {quoted(close)}?" if close else "AWS's Reachability Analyzer guide lists every code"
    raise QuestionError(f"no such explanation code: `{shown(word)}`", hint=hint)


def _found_rules(word: str) -> list[Rule]:
    from ..rule_book import rule_book

    book = rule_book()
    wanted = word.upper()
    found = [rule for id, rule in book.items() if wanted in ("", id, id.rpartition("-")[0])]
    if found:
        return found
    close = near(wanted, book)
    hint = f"did you mean {quoted(close)}?" if close else "`reach rules` lists every rule"
    raise QuestionError(f"no such rule: `{shown(word)}`", hint=hint)


def _of_network(verb: str, words: list[str]) -> int:
    """Run a verb that has a module of its own, with a function of its name, and asks one network."""
    run: Callable[[list[str], Callable[[argparse.Namespace], Network]], int] = getattr(import_module(f".{verb}", __name__), verb)
    return run(words, _chosen)


def _hops(verb: Literal["blast", "into"], words: list[str]) -> int:
    from .blast import hops

    return hops(verb, words, _chosen)


def _whatif(words: list[str]) -> int:
    from .whatif import whatif

    return whatif(words, _chosen, _answer)


def _diff(words: list[str]) -> int:
    from .diff import diff

    return diff(words, lambda paths, chosen, over: _network(paths, chosen.keep_going, not chosen.no_cache, over), _snapshot)


def _completion(words: list[str]) -> int:
    from .completion import completion

    return completion(words, VERBS, HELP)


def _collect(words: list[str]) -> int:
    from .collect import collect

    return collect(words)


VERBS: dict[str, Callable[[list[str]], int]] = {
    "from": _from,
    "blast": partial(_hops, "blast"),
    "into": partial(_hops, "into"),
    "check": partial(_of_network, "check"),
    "whatif": _whatif,
    "diff": _diff,
    "threats": partial(_of_network, "threats"),
    "matrix": partial(_of_network, "matrix"),
    "contain": partial(_of_network, "contain"),
    "graph": partial(_of_network, "graph"),
    "lint": partial(_of_network, "lint"),
    "list": _list,
    "rules": _rules,
    "collect": _collect,
    "demo": _demo,
    "completion": _completion,
}


def _no_words(words: list[str], verb: str) -> None:
    if words:
        raise QuestionError(f"`reach {verb}` takes no `{shown(words[0])}`", hint=f"`reach {verb}` alone")


# ---------------------------------------------------------------------- what is read
def _snapshot(named: Sequence[str] | None) -> Sequence[str]:
    """Return what to read: the snapshots that are named, that of the environment, or the folder `snapshot`."""
    if named:
        return named
    path = os.environ.get("REACH_SNAPSHOT") or "snapshot"
    if path == "snapshot" and not os.path.exists(path):
        hint = "`--snapshot PATH`, or `--snapshot demo` for one that comes along"
        raise QuestionError("no snapshot is named, and there is no folder `snapshot` here", hint=hint)
    return [path]


def _chosen(chosen: argparse.Namespace) -> Network:
    """Read what the options of a verb name."""
    return _network(_snapshot(chosen.snapshot), chosen.keep_going, not chosen.no_cache)


def _network(paths: Sequence[str], keep_going: bool, cache: bool = True, over: Sequence[str] = ()) -> Network:
    import analyzer

    with patience(f"reading {shown(paths[0])}"):
        return analyzer.load(
            paths, keep_going=keep_going, report=lambda text: say(f"reach: left out: {text}"), cache=cache, over=over
        )
