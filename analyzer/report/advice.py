"""What to do about a line that blocks: one action for each explanation code, as narrow as the packet allows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..models.answer import Blocker, PacketText

CLIENT_PORTS = "1024-65535"
ACTIONS = {
    "BAD_STATE": "start it, or bring it back to work",
    "BAD_STATE_ATTACHMENT": "attach an internet gateway to the VPC",
    "BAD_STATE_ROUTE": "point the route of {resource} at something that exists",
    "ENI_SOURCE_DEST_CHECK_RESTRICTION": "turn the source/destination check of {resource} off if it is to forward packets",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS": "give the target a public address, or take a way that is not the internet",
    "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS": "give the target a public address, or take a way that is not the internet",
    "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS": "give {resource} a public address, or take a way that is not the internet",
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS": "give {source} a public address, or route {target} to a NAT gateway",
    "INGRESS_RTB_NO_PUBLIC_IP": "give {resource} a public address",
    "NO_POSSIBLE_DESTINATION": "check the address: no interface in the snapshot has {target}",
    "NO_ROUTE_TO_DESTINATION": "add a route for {target} to {resource}",
    "NO_SOURCE_OR_DESTINATION": "name a source that the snapshot holds",
    "NGW_REQUIRES_SOURCE_IN_VPC": "use a NAT gateway of the source's own VPC",
    "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR": "connect the two networks directly: peering leads no further than its two VPCs",
    "PROTOCOL_RESTRICTION": "use a protocol that {resource} carries",
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED": "turn Block Public Access off, or exclude the subnet or VPC from it",
    "VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION": "use an endpoint of the source's own VPC",
    "VPCE_GATEWAY_PROTOCOL_RESTRICTION": "use TCP, or an interface endpoint",
}
GROUP_CODES = ("ENI_SG_RULES_MISMATCH", "SG_HAS_NO_RULES")
# Of a reply these say that the request had no public address, which has an action of its own.
NO_WAY_BACK = ("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS")
ACL_CODE = "SUBNET_ACL_RESTRICTION"
_ENTRY = re.compile(r"(?:in|out)bound (\d+) deny")


def advice(blocker: Blocker, resource: str, packet: PacketText) -> str:
    """Return what lets the packet pass this line; "" where no change of the line does."""
    service = _service(blocker, packet)
    inbound = "inbound" in blocker.line
    peer = f"from {packet.source}" if inbound else f"to {packet.target}"
    traffic = "inbound" if inbound else "outbound"
    if blocker.code in GROUP_CODES:
        return f"add an {traffic} rule to {resource}: {service} {peer}"
    if blocker.code == ACL_CODE:
        entry = _ENTRY.match(blocker.line)
        before = f" with a number below {entry[1]}" if entry else ""
        return f"add an {traffic} entry to {resource}{before}: allow {service} {peer}"
    if blocker.direction == "reply" and blocker.code in NO_WAY_BACK:
        return ""
    if blocker.line.endswith("pendingAcceptance"):
        return "have the provider of the service accept the endpoint"
    return ACTIONS.get(blocker.code, "").format(resource=resource, source=packet.source, target=packet.target)


def _service(blocker: Blocker, packet: PacketText) -> str:
    """Return the service to admit: replies go to any of the ports from which clients call."""
    protocol = packet.service.partition("/")[0]
    return f"{protocol}/{CLIENT_PORTS}" if blocker.direction == "reply" and protocol in ("tcp", "udp") else packet.service
