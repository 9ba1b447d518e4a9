"""The folder for what need not be worked out twice. It may be deleted at any time."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "REACH_CACHE"
OFF = "off"


def folder_of_cache() -> Path | None:
    """Return the folder: $REACH_CACHE, or the platform's for caches; None where it is switched off, or there is no home."""
    said = os.environ.get(VARIABLE, "")
    if said == OFF:
        return None
    if said:
        return Path(said)
    try:
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "vpc-reach"
        base = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "vpc-reach"
    except RuntimeError:
        return None
