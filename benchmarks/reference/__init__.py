"""The reference networks that come along, as tables: `python -m benchmarks.reference` writes their documents.

Each is an estate of an architect (`shop`, `hub`, `platform`) and the same one after edits that people make (`shop-flawed` …): a list
of flaws, each an edit or two. Nothing here is random; a test holds the documents in analyzer/data/networks equal to what is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import hub, platform, shop
from .flaws import build

# What each network is made of, and what was done to it.
ESTATES = {"shop": shop, "hub": hub, "platform": platform}


def networks() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each network and the text of its documents by their path: the sound one, and the flawed one."""
    for name, estate in ESTATES.items():
        yield name, build(estate.sound, []).files()
        yield f"{name}-flawed", build(estate.sound, estate.FLAWS).files()
