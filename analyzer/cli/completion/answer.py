"""The words that may come next in a line, one a line, each with what it is; `<files>` where the shell is to list files."""

from __future__ import annotations

import re
from itertools import pairwise

from ...models.service import NAMES, PROTOCOLS
from ..options import Options, options_of
from . import SHELLS, Verbs
from .grammar import SELECTORS, Slot, metavar, option_names, slots
from .line import Typed, typed
from .words import Words, beginning, lines

FILES = "<files>\n"
TAKES_FILES = ("FILE", "PATH", "FORMAT=FILE", "OLD", "NEW", "OUT", "CHANGES.yaml")
_VERB = re.compile(r"^  reach (\w+)\b.*?  +(\S.*)$", re.MULTILINE)


def told(line: str, verbs: Verbs, help: str) -> str:
    """Return what may come next in a line; `help` says what each of the verbs does. Nothing where that is not known."""
    asked = typed(line)
    if asked is None:
        return ""
    if not asked.words:
        says = dict(_VERB.findall(help))
        first = {**{verb: says.get(verb, "") for verb in verbs}, "--help": "all verbs", "--version": ""}
        return lines(beginning(first, asked.current))
    if asked.words[0] not in verbs:
        return ""
    return _of_verb(options_of(verbs[asked.words[0]]), Typed(asked.words[1:], asked.current))


def _of_verb(options: Options, asked: Typed) -> str:
    found: dict[str, str] = {}
    for slot in slots(options, asked.words, asked.current):
        if slot.is_word:
            found |= beginning({slot.name: option_names(options).get(slot.name, "")}, asked.current)
            continue
        takes = metavar(options, slot.name) or slot.name
        start = _start(takes, asked.current)
        inside = takes == "ACTOR" and "(" in asked.current
        words = _words(slot, SELECTORS[0] if inside else takes, options, asked, asked.current[start:])
        if words is None:
            return FILES
        found |= {asked.current[:start] + word: about for word, about in words.items()}
    return lines(found)


def _start(takes: str, current: str) -> int:
    """Return where in the word that is typed its last part begins: after `--on=`, the comma of `tcp/22,`, and an actor's bracket."""
    comma = current.rfind(",") + 1 if takes == "SERVICE" else 0
    bracket = current.find("(") + 1 if takes == "ACTOR" else 0
    return max(comma, bracket, current.find("=") + 1 if current.startswith("--") else 0)


def _words(slot: Slot, takes: str, options: Options, asked: Typed, current: str) -> Words | None:
    """Return the words that a slot takes and that begin like the current one; None for the names of files."""
    if slot.name in options.choices and not (slot.name == "-o" and "=" in current):
        return beginning(dict.fromkeys(options.choices[slot.name], ""), current)
    if slot.name == "--snapshot" and current and "demo".startswith(current):
        return {"demo": "the embedded network"}
    if takes in TAKES_FILES:
        return None
    if takes in SELECTORS:
        from .snapshot import words_of

        return words_of(_snapshot(asked.words), current)
    lists = {
        "SERVICE": _services,
        "GRAIN": _grains,
        "ACTOR": _actors,
        "RULE-ID|CODE": _rules,
        "bash|zsh|fish": lambda: dict.fromkeys(SHELLS, ""),
    }
    made = _packs if slot.name == "--pack" else lists.get(takes)
    return beginning(made(), current) if made else {}


def _snapshot(words: list[str]) -> str:
    """Return the snapshot that the words before the cursor name; "" where they name none."""
    named = ""
    for word, after in pairwise([*words, ""]):
        if word == "--snapshot":
            named = after
        elif word.startswith("--snapshot="):
            named = word.partition("=")[2]
    return named


# ---------------------------------------------------------------------- what there is in every snapshot
def _services() -> Words:
    return {**dict.fromkeys(PROTOCOLS, ""), **NAMES, "tcp/": "a port or a range of ports", "udp/": "a port or a range of ports"}


def _grains() -> Words:
    from ...matrix.grain import GRAINS

    return {one.removesuffix("KEY"): "" for one in GRAINS}


def _packs() -> Words:
    from ...invariants.packs import names

    return dict.fromkeys(names(), "")


def _actors() -> Words:
    from ...threats.knowledge import knowledge

    kinds = knowledge().actors.values()
    return {one.name: f"or {one.name}(SELECTOR)" if one.takes else "; ".join(one.assumptions) for one in kinds}


def _rules() -> Words:
    from ...code_book import code_book
    from ...rule_book import rule_book

    return {id: one.says for book in (rule_book(), code_book()) for id, one in book.items()}
