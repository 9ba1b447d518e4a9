"""Words to complete with, and which of them are harmless.

INVARIANT: whoever names a resource must not be able to run anything on the machine of someone who presses TAB, and Enter after
it. Only words of letters, digits and `._:/=@%+,-` are told, and none that begins with a sign, so that no shell has anything to
act on, quoted or not. A resource whose name has other characters is found by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

MOST = 200
LONGEST = 200
LONGEST_ABOUT = 60
_HARMLESS = re.compile(rf"^[^\W_][\w.:/=@%+,-]{{0,{LONGEST - 1}}}$", re.MULTILINE)
_GRAMMAR = ("to", "on", "from", "and", "or", "not")
T = TypeVar("T")
Words = Mapping[str, str]


def is_harmless(word: str) -> bool:
    """Return whether a shell and our grammar take a word for nothing but itself."""
    return _HARMLESS.fullmatch(word) is not None and word not in _GRAMMAR


def harmless(words: Iterable[str]) -> set[str]:
    """Return those that are harmless of very many; a part of one that has a line break may be among them, the whole is not."""
    return set(_HARMLESS.findall("\n".join(words))).difference(_GRAMMAR)


def about(text: str) -> str:
    """Return what a word is, on one line, without anything that a terminal would act on, cut to 60 characters."""
    if len(text) <= LONGEST_ABOUT and text.isprintable():
        return text
    plain = "".join(char if char.isprintable() else "?" for char in text[: LONGEST_ABOUT + 1])
    return plain if len(plain) <= LONGEST_ABOUT else plain[: LONGEST_ABOUT - 1] + "…"


def beginning(words: Words, current: str) -> dict[str, str]:
    """Return the words that begin like this."""
    return {word: told for word, told in words.items() if word.startswith(current)}


def lines(words: Words) -> str:
    """Return the words for a shell, each with what it is after a tab; of very many some that are as far apart as all of them."""
    return "".join(f"{word}\t{about(words[word])}\n" for word in few(sorted(words)))


def few(listed: Sequence[T]) -> Iterable[T]:
    """Return at most MOST of what is sorted, the first and the last included: what all have in common, these have too."""
    if len(listed) <= MOST:
        return listed
    return (listed[at * (len(listed) - 1) // (MOST - 1)] for at in range(MOST))
