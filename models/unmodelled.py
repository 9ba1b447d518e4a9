"""Documents that no component reads, and that are asked for all the same: answers must say that there is something not modelled."""

from __future__ import annotations

import msgspec

from .document import Document

# What stands for all kinds that let the internet in unseen, modelled or not, where a collection says what it did not see.
ENTRY = "unmodelled_entry"


class Bystander(msgspec.Struct, frozen=True):
    """Resources that nothing models: the document that lists them, and the members that name one."""

    document: Document
    names: tuple[str, ...]


BYSTANDERS = (
    Bystander(Document("CarrierGateways", "ec2", "DescribeCarrierGateways"), ("CarrierGatewayId", "VpcId", "OwnerId")),
    Bystander(Document("LocalGateways", "ec2", "DescribeLocalGateways"), ("LocalGatewayId", "OwnerId")),
    Bystander(Document("SecondaryInterfaces", "ec2", "DescribeSecondaryInterfaces"), ("SecondaryInterfaceId", "OwnerId")),
    Bystander(
        Document("VerifiedAccessEndpoints", "ec2", "DescribeVerifiedAccessEndpoints"), ("VerifiedAccessEndpointId", "OwnerId")
    ),
    Bystander(
        Document("CoreNetworks", "networkmanager", "ListCoreNetworks"), ("CoreNetworkId", "CoreNetworkArn", "OwnerAccountId")
    ),
    Bystander(
        Document("virtualInterfaces", "directconnect", "DescribeVirtualInterfaces"),
        ("virtualInterfaceId", "ownerAccount", "virtualInterfaceType", "virtualInterfaceState"),
    ),
)
