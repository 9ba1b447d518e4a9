"""The registration list: every component that the project models. Its order means nothing."""

from __future__ import annotations

from ..component import Component
from .block_public_access import BlockPublicAccess, BlockPublicAccessExclusion
from .database import DbCluster, DbInstance
from .instance import Instance
from .internet import Internet, Unmodelled
from .internet_gateway import EgressOnlyInternetGateway, InternetGateway
from .nat_gateway import NatGateway
from .network_acl import NetworkAcl
from .network_interface import NetworkInterface
from .prefix_list import PrefixList, PrefixListEntries
from .route_table import RouteTable
from .security_group import SecurityGroup, SecurityGroupVpcAssociation
from .security_group_rule import SecurityGroupRule
from .subnet import Subnet
from .vpc import Vpc
from .vpc_endpoint import VpcEndpoint
from .vpc_peering import VpcPeering

COMPONENTS: tuple[type[Component], ...] = (
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    DbCluster,
    DbInstance,
    EgressOnlyInternetGateway,
    Instance,
    Internet,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    PrefixListEntries,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    SecurityGroupVpcAssociation,
    Subnet,
    Unmodelled,
    Vpc,
    VpcEndpoint,
    VpcPeering,
)
