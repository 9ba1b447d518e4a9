"""Who can reach whom in AWS: exact answers from configuration, with proof.

>>> import analyzer
>>> network = analyzer.load("demo")
>>> print(network.reach("sg-a", "rds").verdict)
reachable
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .models.snapshot import Snapshot
    from .network import Network

__version__ = "0.1.0"


def load(
    source: str | os.PathLike[str], *, keep_going: bool = False, report: Callable[[str], None] | None = None, cache: bool = True
) -> Network:
    """Return the network of a snapshot: a folder, a file, an archive, or `demo` for the embedded one.

    With `keep_going`, what cannot be read is left out and told to `report`, and answers that it touches become `unknown`.
    A large snapshot is stored in the user's cache folder when it was read without trouble, and found there by its content the
    next time, unless `cache` is False or $REACH_CACHE is `off`.
    Raises InputError for a snapshot that cannot be read.
    """
    from .demo import demo_path
    from .network import Network
    from .read import load as load_snapshot
    from .read.cache import remembered

    embedded = demo_path(source)
    named = os.fspath(source) if embedded else ""
    path = os.fspath(embedded or source)

    def read() -> Snapshot:
        return load_snapshot(path, keep_going=keep_going, report=report, named=named)

    return Network(remembered(path, named, read) if cache else read(), source=(path, named or path))
