"""Commands of the AWS command line, as text for bash or zsh. Nothing runs them; every word of the snapshot is quoted."""

from __future__ import annotations

import shlex

import msgspec


class Shell(msgspec.Struct, frozen=True):
    """A word that the shell is to read as it stands: a variable, or what another command prints."""

    text: str


Word = str | Shell


def aws(region: str, *words: Word) -> str:
    """Return one command, in a Region where one is known."""
    return " ".join(["aws", *(quoted(one) for one in words), *(("--region", quoted(region)) if region else ())])


def kept(name: str, command: str) -> str:
    """Return the assignment of what a command prints to a variable."""
    return f"{name}=$({command})"


def variable(name: str) -> Shell:
    """Return the value of a variable."""
    return Shell(f'"${name}"')


def printed(command: str) -> Shell:
    """Return what a command prints, as one word."""
    return Shell(f'"$({command})"')


def listed(command: str) -> Shell:
    """Return what a command prints, as a word for each."""
    return Shell(f"$({command})")


def quoted(word: Word) -> str:
    """Return a word quoted; what cannot be seen is written as an escape, so that no terminal acts on it."""
    if isinstance(word, Shell):
        return word.text
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(map(_escaped, word))}'"


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
