"""What a terminal is told while it waits."""

from __future__ import annotations

import io
import time

import pytest

from analyzer.cli import console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, seconds: float) -> str:
    monkeypatch.setattr(console, "PATIENCE", 0.05)
    monkeypatch.setattr("sys.stderr", stream)
    with console.patience("reading snap"):
        time.sleep(seconds)
    return stream.getvalue()


def test_a_terminal_is_told_what_takes_long_and_it_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch):
    assert told(monkeypatch, Terminal(), 0.3) == "reading snap …\r\x1b[K"


def test_what_is_quick_is_not_told(monkeypatch: pytest.MonkeyPatch):
    assert told(monkeypatch, Terminal(), 0) == ""


def test_a_file_is_told_nothing(monkeypatch: pytest.MonkeyPatch):
    assert told(monkeypatch, io.StringIO(), 0.3) == ""
