"""The registration list: every component that the project models. Its order means nothing."""

from __future__ import annotations

from ..component import Component
from .api_gateway import ApiIntegration, VpcLink
from .block_public_access import BlockPublicAccess, BlockPublicAccessExclusion
from .classic_load_balancer import ClassicLoadBalancer
from .client_vpn import ClientVpnAuthorizationRule, ClientVpnEndpoint, ClientVpnRoute, ClientVpnTargetNetwork
from .cloudfront import VpcOrigin
from .database import DbCluster, DbInstance
from .db_proxy import DbProxy
from .direct_connect import DirectConnectAssociation
from .distribution import Distribution
from .dms import ReplicationInstance
from .dns_firewall import FirewallConfig, FirewallRule, FirewallRuleGroupAssociation
from .ecs import ContainerInstance, EcsHostTask, EcsService, EcsTask
from .efs import FileSystem, MountTarget, MountTargetSecurityGroups
from .egress_only_internet_gateway import EgressOnlyInternetGateway
from .eks import EksCluster
from .elasticache import CacheCluster, CacheSubnetGroup, ServerlessCache
from .firewall_policy import FirewallPolicy
from .firewall_rule_group import FirewallRuleGroup
from .flow_log import FlowLog
from .function_url import FunctionUrl
from .gateway_load_balancer import GatewayLoadBalancer
from .global_accelerator import Accelerator, AcceleratorListener, EndpointGroup
from .instance import Instance
from .instance_connect_endpoint import InstanceConnectEndpoint
from .internet import Internet, Unmodelled
from .internet_gateway import InternetGateway
from .lambda_function import LambdaFunction
from .lattice import VpcLattice
from .lattice_service import LatticeListener, LatticeRule, LatticeService
from .lattice_target_group import LatticeTargetGroup, LatticeTargets
from .listener import Listener, ListenerRule
from .load_balancer import ApplicationLoadBalancer, LoadBalancerAttributes, NetworkLoadBalancer
from .msk import MskCluster, MskNodes
from .nat_gateway import NatGateway
from .network_acl import NetworkAcl
from .network_firewall import FirewallEndpointAssociation, NetworkFirewall
from .network_interface import NetworkInterface
from .opensearch import OpenSearchDomain
from .prefix_list import PrefixList, PrefixListEntries
from .redshift import ClusterSubnetGroup, RedshiftCluster, RedshiftWorkgroup
from .resolver_endpoint import ResolverEndpoint, ResolverEndpointAddresses
from .resource_configuration import ResourceConfiguration
from .resource_gateway import ResourceGateway
from .rest_api import ApiRoute, RestApi, RestApiStage
from .route_table import RouteTable
from .security_group import SecurityGroup, SecurityGroupVpcAssociation
from .security_group_rule import SecurityGroupRule
from .service_network import (
    ServiceNetwork,
    ServiceNetworkResourceAssociation,
    ServiceNetworkServiceAssociation,
    ServiceNetworkVpcAssociation,
)
from .subnet import Subnet
from .target_group import TargetGroup, TargetGroupAttributes, TargetHealth
from .transit_gateway import TransitGateway, TransitGatewayVpcAttachment
from .transit_gateway_attachment import TransitGatewayAttachment
from .transit_gateway_route_table import (
    TransitGatewayAssociations,
    TransitGatewayPrefixListReference,
    TransitGatewayPropagations,
    TransitGatewayRoutes,
    TransitGatewayRouteTable,
    TransitGatewayStaticRoutes,
)
from .volume import Volume
from .vpc import Vpc
from .vpc_attribute import VpcDnsSupport
from .vpc_endpoint import VpcEndpoint
from .vpc_endpoint_association import VpcEndpointAssociation
from .vpc_endpoint_service import VpcEndpointConnection, VpcEndpointService, VpcEndpointServicePermissions
from .vpc_peering import VpcPeering
from .vpn_gateway import CustomerGateway, VpnConnection, VpnGateway
from .web_acl import WebAclAssociation

COMPONENTS: tuple[type[Component], ...] = (
    Accelerator,
    AcceleratorListener,
    ApiIntegration,
    ApiRoute,
    ApplicationLoadBalancer,
    BlockPublicAccess,
    BlockPublicAccessExclusion,
    CacheCluster,
    CacheSubnetGroup,
    ClusterSubnetGroup,
    ContainerInstance,
    ClassicLoadBalancer,
    ClientVpnAuthorizationRule,
    ClientVpnEndpoint,
    ClientVpnRoute,
    ClientVpnTargetNetwork,
    DbCluster,
    DbInstance,
    DbProxy,
    DirectConnectAssociation,
    Distribution,
    EcsHostTask,
    EcsService,
    EcsTask,
    EgressOnlyInternetGateway,
    EksCluster,
    EndpointGroup,
    FileSystem,
    FirewallConfig,
    FirewallEndpointAssociation,
    FirewallPolicy,
    FirewallRule,
    FirewallRuleGroup,
    FirewallRuleGroupAssociation,
    FlowLog,
    FunctionUrl,
    GatewayLoadBalancer,
    Instance,
    InstanceConnectEndpoint,
    Internet,
    InternetGateway,
    LambdaFunction,
    LatticeListener,
    LatticeRule,
    LatticeService,
    LatticeTargetGroup,
    LatticeTargets,
    Listener,
    ListenerRule,
    LoadBalancerAttributes,
    MountTarget,
    MountTargetSecurityGroups,
    MskCluster,
    MskNodes,
    NatGateway,
    NetworkFirewall,
    NetworkLoadBalancer,
    NetworkAcl,
    NetworkInterface,
    OpenSearchDomain,
    PrefixList,
    PrefixListEntries,
    RedshiftCluster,
    RedshiftWorkgroup,
    ReplicationInstance,
    ResolverEndpoint,
    ResolverEndpointAddresses,
    ResourceConfiguration,
    ResourceGateway,
    RestApi,
    RestApiStage,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    SecurityGroupVpcAssociation,
    ServerlessCache,
    ServiceNetwork,
    ServiceNetworkResourceAssociation,
    ServiceNetworkServiceAssociation,
    ServiceNetworkVpcAssociation,
    Subnet,
    TargetGroup,
    TargetGroupAttributes,
    TargetHealth,
    TransitGateway,
    TransitGatewayAssociations,
    TransitGatewayAttachment,
    TransitGatewayPrefixListReference,
    TransitGatewayPropagations,
    TransitGatewayRouteTable,
    TransitGatewayRoutes,
    TransitGatewayStaticRoutes,
    TransitGatewayVpcAttachment,
    Unmodelled,
    Volume,
    Vpc,
    VpcDnsSupport,
    VpcEndpoint,
    VpcEndpointAssociation,
    VpcEndpointConnection,
    VpcEndpointService,
    VpcEndpointServicePermissions,
    VpcLattice,
    VpcLink,
    VpcOrigin,
    VpcPeering,
    CustomerGateway,
    VpnConnection,
    VpnGateway,
    WebAclAssociation,
)
