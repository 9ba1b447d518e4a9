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
    from collections.abc import Callable, Sequence

    from .models.snapshot import Snapshot
    from .network import Network

__version__ = "0.1.0"


def load(
    source: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    keep_going: bool = False,
    report: Callable[[str], None] | None = None,
    cache: bool = True,
    over: Sequence[str | os.PathLike[str]] = (),
) -> Network:
    """Return the network of a snapshot: a folder, a file, an archive, `demo` for the embedded one, or several that are one network.

    A Terraform plan beside AWS's own answers is laid over them; so is one alone over the snapshots that it is to be put `over`.
    With `keep_going`, what cannot be read is left out and told to `report`, and answers that it touches become `unknown`.
    A large snapshot is stored in the user's cache folder when it was read without trouble, and found there by its content the
    next time, unless `cache` is False or $REACH_CACHE is `off`.
    Raises InputError for a snapshot that cannot be read.
    """
    from .demo import demo_path
    from .network import Network
    from .read import load as load_snapshot
    from .read.cache import remembered

    sources = [source] if isinstance(source, str | os.PathLike) else list(source)
    paths = [os.fspath(demo_path(one) or one) for one in sources]
    named = os.fspath(sources[0]) if len(sources) == 1 and demo_path(sources[0]) else ""
    under = [os.fspath(demo_path(one) or one) for one in over]

    def read() -> Snapshot:
        return load_snapshot(paths, keep_going=keep_going, report=report, named=named, over=under)

    # What is made of several sources is not stored.
    snapshot = remembered(paths[0], named, read) if cache and len(paths) == 1 and not under else read()
    return Network(snapshot, sources=[(path, named or path) for path in (*paths, *under)])
