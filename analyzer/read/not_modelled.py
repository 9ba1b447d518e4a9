"""What the snapshot holds and nothing models, in sentences: silence about it would be a lie."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .words import counted, shown

SHOWN = 5
# Keys whose resources carry packets between networks, and those whose resources let the internet in.
WAYS = {
    "ClientVpnEndpoints",
    "CoreNetworkAttachments",
    "CoreNetworks",
    "LocalGatewayVirtualInterfaces",
    "LocalGateways",
    "TransitGatewayAttachments",
    "TransitGatewayVpcAttachments",
    "TransitGateways",
    "VpnConnections",
    "VpnGateways",
    "directConnectGatewayAssociations",
    "virtualInterfaces",
}
ENTRIES = {"CarrierGateways", "VerifiedAccessEndpoints"}


class NotModelled:
    """The resources under keys that no component reads, by key."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, key: str, value: Any) -> None:
        """Remember the resources under a key; texts and numbers beside them are no resources."""
        rows = value if isinstance(value, list) else [value]
        resources = [row for row in rows if isinstance(row, dict) and row]
        if resources:
            self._found.setdefault(key, []).extend(_name(key, row) for row in resources)

    @property
    def ways(self) -> list[str]:
        """The keys among them whose resources carry packets between networks."""
        return sorted(key for key, names in self._found.items() if key in WAYS and names)

    @property
    def entries(self) -> list[str]:
        """The keys among them whose resources let the internet in."""
        return sorted(key for key, names in self._found.items() if key in ENTRIES and names)

    def sentences(self) -> Iterable[str]:
        """Yield a sentence for each key, with the ids of its resources as far as they have any."""
        for key, names in self._found.items():
            ids = sorted({name for name in names if name})
            listed = ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else "")
            verb = "is" if len(names) == 1 else "are"
            yield f"`{shown(key)}`: {counted(len(names), 'resource')} {verb} not modelled" + (f" ({listed})" if ids else "")


def _name(key: str, row: dict[str, Any]) -> str:
    """Return the id of a resource of unknown shape: `CarrierGatewayId` of `CarrierGateways`, else an ARN or the first id."""
    stem = key[:-3] + "y" if key.endswith("ies") else key.removesuffix("s")
    texts = {name: value for name, value in row.items() if isinstance(value, str) and value}
    own = [f"{stem}Id", f"{stem}Arn", f"{stem[:1].lower()}{stem[1:]}Arn", "Id", "Arn", "arn", "id"]
    rest = [name for name in texts if name.endswith(("Id", "Arn")) and name not in ("OwnerId", "VpcId")]
    return shown(next((texts[name] for name in own + rest if name in texts), ""), 200)
