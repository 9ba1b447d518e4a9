"""The grammar of selectors: words, quotes, parentheses, `and`, `or`, `not`. It knows nothing of what a word means."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ..models.errors import QuestionError

LONGEST = 4_000
DEEPEST = 32
SHOWN = 80
KEYWORDS = ("and", "or", "not")
OPENS_QUOTE = ":="
HINT = "join selectors with `and`, `or`, `not` and parentheses, and quote names that hold such words"
_PLAIN = re.compile(r"""[^\s()"':=]+|[:=]|["']""")
_SPACE = re.compile(r"\s*")


class Atom(msgspec.Struct, frozen=True):
    """One selector without operators.

    What stands from `quoted_from` on was quoted, so that it is a name as it is; -1 when nothing was.
    """

    text: str
    quoted_from: int = -1

    @property
    def quoted(self) -> bool:
        """Whether it is a name through and through: neither a form nor a glob."""
        return self.quoted_from == 0


class Not(msgspec.Struct, frozen=True):
    """Everything that the operand leaves out."""

    operand: Node


class And(msgspec.Struct, frozen=True):
    """What is in all of the operands, at least two."""

    operands: tuple[Node, ...]
    text: str


class Or(msgspec.Struct, frozen=True):
    """What is in any of the operands, at least two."""

    operands: tuple[Node, ...]


Node = Atom | Not | And | Or


class Token(msgspec.Struct, frozen=True):
    """A parenthesis or a word, where it begins and ends; `quoted_from` as in Atom."""

    text: str
    start: int
    end: int
    quoted_from: int = -1

    def is_sign(self, *signs: str) -> bool:
        """Return whether it is one of these keywords or parentheses, unquoted."""
        return self.quoted_from < 0 and self.text in signs


def parse(text: str) -> Node:
    """Return what a selector says: `not` binds tighter than `and`, and `and` tighter than `or`.

    Words that stand side by side are one name with spaces. Raises QuestionError for a text that is empty, too long, nested too
    deep or not well-formed.
    """
    if len(text) > LONGEST:
        what = f"a selector has {len(text):,} characters, at most {LONGEST:,} are read"
        raise QuestionError(what, hint="tag the resources, and select them by `tag:KEY=VALUE`")
    if not text.strip():
        raise malformed(text, "it is empty")
    parser = _Parser(text, list(_tokens(text)))
    node = parser.either(0)
    parser.finish()
    return node


def shown(text: str) -> str:
    """Return what users or AWS wrote as errors show it: one line of 80 characters without backticks and terminal codes."""
    plain = "".join(char if char.isprintable() and char != "`" else "?" for char in text[: SHOWN + 1])
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def malformed(text: str, what: str) -> QuestionError:
    """Return the error of a selector that cannot be read."""
    return QuestionError(f"cannot read selector `{shown(text)}`: {what}", hint=HINT)


def _tokens(text: str) -> Iterator[Token]:
    at = _skip(text, 0)
    while at < len(text):
        token = Token(text[at], at, at + 1) if text[at] in "()" else _word(text, at)
        yield token
        at = _skip(text, token.end)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _word(text: str, start: int) -> Token:
    """Return the word at `start`. Quotes count at its beginning and after `:` and `=`; elsewhere they are apostrophes."""
    made, at, quoted_from = "", start, -1
    while at < len(text) and (match := _PLAIN.match(text, at)):
        piece = match[0]
        at = match.end()
        if piece in "\"'" and (not made or made[-1] in OPENS_QUOTE) and quoted_from < 0:
            close = text.find(piece, at)
            if close < 0:
                raise malformed(text, f"the quote at character {match.start() + 1} is never closed")
            quoted_from, piece, at = len(made), text[at:close], close + 1
        made += piece
    return Token(made, start, at, quoted_from)


class _Parser:
    """One pass over the tokens, a method for each level of precedence."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0

    def next_is(self, *signs: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].is_sign(*signs)

    def wrong(self, what: str) -> QuestionError:
        where = f" at character {self.tokens[self.at].start + 1}" if self.at < len(self.tokens) else " at its end"
        return malformed(self.text, what + where)

    def finish(self) -> None:
        if self.next_is(")"):
            raise self.wrong("nothing is open for the `)`")
        if self.at < len(self.tokens):
            raise self.wrong("`and` or `or` is missing")

    def either(self, depth: int) -> Node:
        operands = [self.both(depth)]
        while self.next_is("or"):
            self.at += 1
            operands.append(self.both(depth))
        return Or(tuple(operands)) if len(operands) > 1 else operands[0]

    def both(self, depth: int) -> Node:
        begin = self.at
        operands = [self.negated(depth)]
        while self.next_is("and"):
            self.at += 1
            operands.append(self.negated(depth))
        if len(operands) == 1:
            return operands[0]
        return And(tuple(operands), self.text[self.tokens[begin].start : self.tokens[self.at - 1].end])

    def negated(self, depth: int) -> Node:
        negated = False
        while self.next_is("not"):
            self.at += 1
            negated = not negated
        operand = self.operand(depth)
        return Not(operand) if negated else operand

    def operand(self, depth: int) -> Node:
        if self.next_is("("):
            if depth == DEEPEST:
                raise malformed(self.text, f"its parentheses are nested more than {DEEPEST} deep")
            self.at += 1
            inner = self.either(depth + 1)
            if not self.next_is(")"):
                raise self.wrong("a `)` is missing")
            self.at += 1
            return inner
        return self.phrase()

    def phrase(self) -> Atom:
        begin = self.at
        while self.at < len(self.tokens) and not self.tokens[self.at].is_sign("(", ")", *KEYWORDS):
            self.at += 1
        words = self.tokens[begin : self.at]
        if not words:
            raise self.wrong("a selector is missing")
        if len(words) == 1 or words[0].quoted_from == 0:
            if len(words) > 1:
                self.at = begin + 1
                raise self.wrong("`and` or `or` is missing")
            return Atom(words[0].text, words[0].quoted_from)
        return Atom(self.text[words[0].start : words[-1].end])
