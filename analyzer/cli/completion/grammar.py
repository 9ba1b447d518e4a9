"""What a command takes at its end, read off the usage that `--help` shows: `SOURCE to TARGET [on SERVICE]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..options import Options

OPERATORS = ("and", "or", "not")
SELECTORS = ("SOURCE", "TARGET", "SELECTOR", "KIND|SELECTOR", "X")
_OPTION = re.compile(r"\[-[^]]*\]|\[options\]")
_WORD = re.compile(r"\[?[^\s\[\]]+")


class Slot(NamedTuple):
    """Something that may come next: a `word` as it is, or what stands for one: `SOURCE`, `SERVICE`, the name of an option."""

    name: str
    is_word: bool = False


class Part(NamedTuple):
    """A keyword (the first part has none) and what follows it."""

    keyword: str
    optional: bool
    slots: list[str]


def slots(options: Options, words: Sequence[str], current: str) -> list[Slot]:
    """Return what may come next after the words, the beginning of it being `current`."""
    plain, pending = _without_options(options, words)
    if pending:
        return [Slot(pending)]
    if current.startswith("-"):
        name, equals, _ = current.partition("=")
        return [Slot(name)] if equals else [Slot(name, True) for name in option_names(options)]
    return _after(_parts(options.words), plain)


def option_names(options: Options) -> dict[str, str]:
    """Return the options of a verb, each with its help."""
    return {name: one.help or "" for one in options._actions if one.help != "==SUPPRESS==" for name in one.option_strings}


def metavar(options: Options, name: str) -> str:
    """Return what an option takes as `--help` shows it; "" where it takes nothing, or there is no such option."""
    action = options._option_string_actions.get(name)
    return "" if action is None or action.nargs == 0 else str(action.metavar)


def _without_options(options: Options, words: Sequence[str]) -> tuple[list[str], str]:
    """Return the words that are neither options nor their values, and the option of which the value comes next."""
    plain: list[str] = []
    pending = ""
    for word in words:
        if pending:
            pending = ""
        elif word.startswith("-"):
            pending = word if metavar(options, word) else ""
        else:
            plain.append(word)
    return plain, pending


def _parts(usage: str) -> list[Part]:
    """Return the parts of a usage, options left out."""
    found = [Part("", False, [])]
    for word in _WORD.findall(_OPTION.sub("", usage)):
        bare = word.lstrip("[")
        if bare.isalpha() and bare.islower():
            found.append(Part(bare, word != bare, []))
        elif bare == "...":
            found[-1].slots.extend(found[-1].slots * 100)
        else:
            found[-1].slots.append(bare)
    return found


def _after(parts: list[Part], words: list[str]) -> list[Slot]:
    """Return what may come after the words of a command that has these parts."""
    keywords = {part.keyword: part for part in parts}
    at = max((at for at, word in enumerate(words) if word and word in keywords), default=-1)
    part = keywords[words[at]] if at >= 0 else parts[0]
    after = words[at + 1 :]
    in_words = bool(part.slots) and part.slots[0] in SELECTORS
    if in_words and (not after or after[-1] in OPERATORS):
        return [Slot(part.slots[0]), Slot("not", True)]
    if len(after) < len(part.slots) and not in_words:
        return [Slot(part.slots[len(after)])]
    joined = [Slot("and", True), Slot("or", True)] if in_words else []
    return [*_following(parts, part, words), *joined]


def _following(parts: list[Part], part: Part, words: list[str]) -> list[Slot]:
    """Return the keywords that are not there yet and may follow a part: up to the first that must."""
    found: list[Slot] = []
    here = parts.index(part)
    for at, one in enumerate(parts):
        if one.keyword and one.keyword not in words and (at > here or one.optional):
            found.append(Slot(one.keyword, True))
            if not one.optional:
                break
    return found
