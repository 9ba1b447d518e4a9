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

    from .network import Network

__version__ = "0.1.0"


def load(source: str | os.PathLike[str], *, keep_going: bool = False, report: Callable[[str], None] | None = None) -> Network:
    """Return the network of a snapshot: a folder, a file, an archive, or `demo` for the embedded one.

    With `keep_going`, what cannot be read is left out and told to `report`, and answers that it touches become `unknown`.
    Raises InputError for a snapshot that cannot be read.
    """
    from .demo import demo_path
    from .network import Network
    from .read import load as load_snapshot

    embedded = demo_path(source)
    named = os.fspath(source) if embedded else ""
    return Network(load_snapshot(embedded or source, keep_going=keep_going, report=report, named=named))
