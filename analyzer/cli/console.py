"""The terminal: data to stdout, everything else to stderr, and what happens when one of them is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from time import monotonic

from ..models.errors import ReachError

LONGEST = 60
# After how many seconds a terminal is told what takes so long.
PATIENCE = 1.0


def put(text: str) -> bool:
    """Print data to stdout and return whether anybody still reads it.

    A reader that has seen enough and went is no error; raises ReachError where it cannot be written.
    """
    if sys.stdout is None:
        return False
    try:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
        return False
    except OSError as error:
        _silence_stdout()
        raise ReachError(f"cannot write the answer: {reason(error)}", hint="write it elsewhere with `-o FORMAT=FILE`") from error
    return True


def show(text: str, format: str) -> bool:
    """Print data as `put` does, and what is `text` on a terminal folded and painted; return whether anybody still reads it."""
    if format == "text" and is_terminal() and os.environ.get("TERM") != "dumb":
        from .terminal import dressed

        return put(dressed(text, colour=colour()))
    return put(text)


def put_bytes(data: bytes) -> bool:
    """Print data that is no text to stdout and return whether anybody still reads it, as `put` does."""
    if sys.stdout is None:
        return False
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence_stdout()
        return False
    except OSError as error:
        _silence_stdout()
        raise ReachError(f"cannot write the answer: {reason(error)}", hint="write it elsewhere with `-o FORMAT=FILE`") from error
    return True


def put_file(path: str, text: str) -> None:
    """Write data to a file; raises ReachError where it cannot be written."""
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise ReachError(
            f"cannot write `{shown(path)}`: {reason(error)}", hint="name a file in a folder that is there"
        ) from error


def is_terminal() -> bool:
    """Return whether stdout is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _silence_stdout() -> None:
    """Lead stdout nowhere, so that what Python flushes at its end does not complain."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Print for people to stderr, without anything that a terminal would act on."""
    plain = "".join(char if char.isprintable() or char == "\n" else "?" for char in text)
    with suppress(OSError):
        print(plain, file=sys.stderr)


def shown(word: str) -> str:
    """Return what the user typed as errors show it: on one line, without backticks, cut to 60 characters."""
    plain = "".join(char if char.isprintable() and char != "`" else "?" for char in word[: LONGEST + 1])
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


def reason(error: OSError) -> str:
    """Return why the system refused something, in its own words."""
    return (error.strerror or "it failed").lower()


def colour() -> bool:
    """Return whether stdout is a terminal that wants colours."""
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Progress:
    """How far something has come, told to a terminal when it lasts over a second; without a thread, so that it can fork."""

    def __init__(self, doing: str, total: int) -> None:
        self._doing, self._total, self._done = doing, total, 0
        self._told = False
        self._start = monotonic()
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def step(self) -> None:
        """Note that one more part is done."""
        self._done += 1
        if self._shows and monotonic() - self._start > PATIENCE:
            self._told = True
            bar = "#" * (30 * self._done // self._total)
            print(f"{self._doing} [{bar:30}] {self._done}/{self._total}", end="\r", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take it off the terminal."""
        if self._told:
            print("\x1b[K", end="", file=sys.stderr, flush=True)


@contextmanager
def patience(doing: str) -> Iterator[None]:
    """Tell a terminal what lasts over a second."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    told: list[str] = []

    def tell() -> None:
        told.append(doing)
        print(f"{doing} …", end="\r", file=sys.stderr, flush=True)

    timer = Timer(PATIENCE, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        if told:
            print("\x1b[K", end="", file=sys.stderr, flush=True)


def crashed(error: Exception) -> str:
    """Return the line about a bug of ours, its details written to a file that only the user may read."""
    import tempfile
    import traceback

    what = "this is a bug of ours, not of your network"
    try:
        handle, path = tempfile.mkstemp(prefix="reach-", suffix=".txt")
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(traceback.format_exception(error))
    except OSError as trouble:
        return f"reach: {what}: {type(error).__name__}; its details could not be written: {reason(trouble)}"
    return f"reach: {what}: its details are in {path}"
