"""The embedded networks: `demo`, and `demo:NAME` for others."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from .models.errors import InputError, near, quoted

DEFAULT = "three-tier"


def demo_path(source: str | os.PathLike[str]) -> Path | None:
    """Return the folder of an embedded network; None for a source that names none. Raises InputError for an unknown one."""
    word = os.fspath(source)
    if word != "demo" and not word.startswith("demo:"):
        return None
    root = Path(str(files("analyzer"))) / "data" / "networks"
    name = word.partition(":")[2] or DEFAULT
    names = sorted(folder.name for folder in root.iterdir() if folder.is_dir())
    if name not in names:
        close = near(name, names) or names
        raise InputError(f"no embedded network is called `{name[:60]}`", hint=f"did you mean {quoted(close)}?")
    return root / name
