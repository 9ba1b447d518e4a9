"""The reference networks for the tests on them: as they come along, and with flaws chosen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import analyzer
from analyzer.network import Network
from benchmarks.reference import ESTATES
from benchmarks.reference.flaws import Flaw, build

NAMES = [f"{name}{flawed}" for name in ESTATES for flawed in ("", "-flawed")]
FLAWS: list[tuple[str, Flaw]] = [(name, flaw) for name, estate in ESTATES.items() for flaw in estate.FLAWS]


@cache
def demo(name: str) -> Network:
    """Return a reference network that comes along."""
    return analyzer.load(f"demo:{name}")


def with_flaws(name: str, flaws: Iterable[Flaw]) -> Network:
    """Return a sound network with some flaws put in."""
    with TemporaryDirectory() as folder:
        for path, text in build(ESTATES[name].sound, flaws).files().items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return analyzer.load(folder)
