"""A sign: one fact of the configuration that gives evidence of a threat, and the resources that say it."""

from __future__ import annotations

import msgspec

from ...models.location import Written
from ...models.verdict import Verdict


class Sign(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What configuration says, in a sentence. `kind` is a key of `kinds.yaml`, `assets` are ids of those that it is about.

    `confidence` is `reachable` for what is proven, `conditional` where the door that it is about depends on what configuration
    cannot say, and `unknown` where what would tell is not in the snapshot: then `resource` is "", as it is about many.
    """

    kind: str
    resource: str
    text: str
    evidence: tuple[Written, ...] = ()
    assets: tuple[str, ...] = ()
    confidence: Verdict = Verdict.REACHABLE
