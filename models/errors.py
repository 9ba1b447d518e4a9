"""Every error that the project raises on purpose, in one tree; only the command line prints them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial


class ReachError(Exception):
    """What is wrong, where, and one action that helps.

    `str()` of it is the message of the command line without the leading `reach: `: one line that says what is wrong and
    where, and a second line `  try: <one action>`.
    """

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), hint=self.hint), (self.what,)

    def __str__(self) -> str:
        return f"{self.what}\n  try: {self.hint}"


class InputError(ReachError):
    """The snapshot, or a part of it, cannot be read."""


class QuestionError(ReachError):
    """The question cannot be answered as it was asked: a selector, a service or an option."""


def near(word: str, candidates: Iterable[str], limit: int = 5) -> list[str]:
    """Return up to `limit` candidates that look like `word`, the nearest first; empty when none does."""
    return get_close_matches(word, sorted(set(candidates)), n=limit, cutoff=0.5)


def quoted(words: Iterable[str]) -> str:
    """Return the words in backticks, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)
