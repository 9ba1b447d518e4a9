"""Signs: what of STRIDE the configuration gives evidence of, one fact each. What it does not tell is said as not known, never as well.

No sign is made of what is usual, or of what might be: each names resources that say it. `sign_kinds` says what a sign means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...models.snapshot import Snapshot
from ...models.trust import Asset, EntryPoint
from .callers import open_api_server, open_function, open_routes, unauthenticated_clients
from .hosts import metadata_v1, unencrypted_volumes
from .kinds import SignKind, kinds_file, sign_kinds
from .records import no_access_logs, no_flow_logs, refused_only
from .scene import Scene
from .sign import Sign
from .standby import deletable, no_backups, single_zone
from .stores import public_address, unencrypted_at_rest, unencrypted_in_transit
from .web import idle_web_acl, old_protocols, plaintext_doors, plaintext_origins, without_web_acl

__all__ = ["Sign", "SignKind", "kinds_file", "sign_kinds", "signs"]

LOOKS: tuple[Callable[[Scene], Iterator[Sign]], ...] = (
    *(without_web_acl, idle_web_acl, plaintext_doors, plaintext_origins, old_protocols),
    *(open_function, open_routes, open_api_server, unauthenticated_clients),
    *(unencrypted_at_rest, unencrypted_in_transit, public_address),
    *(no_flow_logs, refused_only, no_access_logs),
    *(single_zone, no_backups, deletable),
    *(metadata_v1, unencrypted_volumes),
)


def signs(world: Snapshot, assets: Sequence[Asset], entries: Sequence[EntryPoint]) -> list[Sign]:
    """Return the signs of a snapshot, by kind and resource; those of what is not known come first in their kind.

    `assets` and `entries` are those that were found in it: what is restricted, and at what the internet comes in.
    """
    scene = Scene(world, assets, entries)
    return sorted((one for look in LOOKS for one in look(scene)), key=lambda one: (one.kind, one.resource))
