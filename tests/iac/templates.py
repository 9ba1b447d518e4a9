"""The three-tier network as a template, written as people write them; and short templates for single questions."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

THREE_TIERS = """\
AWSTemplateFormatVersion: '2010-09-09'
Description: a load balancer, an application behind it, a database, a bastion, a NAT gateway
Parameters:
  Range: {Type: String, Default: 10.0.0.0/16}
  Stage: {Type: String, Default: prod, AllowedValues: [prod, test]}
Mappings:
  Ports:
    prod: {App: 8080, Database: 5432}
    test: {App: 8081, Database: 5433}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Not [!Condition IsProd]
Resources:
  Main:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Range
      Tags: [{Key: Name, Value: main}]
  Public:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Main
      CidrBlock: !Select [0, !Cidr [!GetAtt Main.CidrBlock, 3, 8]]
      AvailabilityZone: eu-west-1a
      MapPublicIpOnLaunch: true
  App:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Main
      CidrBlock: !Select ['1', !Cidr [!GetAtt Main.CidrBlock, 3, 8]]
      AvailabilityZone: eu-west-1a
  Data:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Main
      CidrBlock: {'Fn::Select': [2, {'Fn::Cidr': [{'Fn::GetAtt': [Main, CidrBlock]}, 3, 8]}]}
      AvailabilityZone: eu-west-1a
  Gateway:
    Type: AWS::EC2::InternetGateway
  GatewayAttachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Main, InternetGatewayId: !Ref Gateway}
  NatAddress:
    Type: AWS::EC2::EIP
    Properties: {Domain: vpc}
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt NatAddress.AllocationId}
  PublicTable:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Main}
  AppTable:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Main}
  PublicRoute:
    Type: AWS::EC2::Route
    DependsOn: GatewayAttachment
    Properties: {RouteTableId: !Ref PublicTable, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  AppRoute:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref AppTable, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  PublicAssociation:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref PublicTable}
  AppAssociation:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref App, RouteTableId: !Ref AppTable}
  EdgeGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: edge
      GroupDescription: the load balancer
      VpcId: !Ref Main
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - !If [IsTest, {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}, !Ref 'AWS::NoValue']
      SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 0.0.0.0/0}]
  AppGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: app
      GroupDescription: the application
      VpcId: !Ref Main
      SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 0.0.0.0/0}]
  FromEdge:
    Type: AWS::EC2::SecurityGroupIngress
    Properties:
      GroupId: !GetAtt AppGroup.GroupId
      IpProtocol: tcp
      FromPort: !FindInMap [Ports, !Ref Stage, App]
      ToPort: !FindInMap [Ports, !Ref Stage, App]
      SourceSecurityGroupId: !Ref EdgeGroup
  FromBastion:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !Ref AppGroup, IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: !Ref BastionGroup}
  DataGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: data
      GroupDescription: the database
      VpcId: !Ref Main
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: !FindInMap [Ports, !Ref Stage, Database]
          ToPort: !FindInMap [Ports, !Ref Stage, Database]
          SourceSecurityGroupId: !Ref AppGroup
      SecurityGroupEgress: [{IpProtocol: '-1', CidrIp: 127.0.0.1/32, Description: nothing}]
  BastionGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupName: bastion
      GroupDescription: the bastion
      VpcId: !Ref Main
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}]
  Bastion:
    Type: AWS::EC2::Instance
    Properties:
      SubnetId: !Ref Public
      SecurityGroupIds: [!Ref BastionGroup]
      Tags: [{Key: Name, Value: bastion}]
  App1:
    Type: AWS::EC2::Instance
    Properties:
      SubnetId: !Ref App
      SecurityGroupIds: [!Ref AppGroup]
      Tags: [{Key: Name, Value: !Join ['-', [app, '1']]}]
  Edge:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties:
      Name: edge
      Type: application
      Subnets: [!Ref Public]
      SecurityGroups: [!Ref EdgeGroup]
  AppTargets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Name: app
      Port: !FindInMap [Ports, !Ref Stage, App]
      Protocol: HTTP
      VpcId: !Ref Main
      Targets: [{Id: !Ref App1}]
  Https:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Edge
      Port: 443
      Protocol: HTTPS
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref AppTargets}]
  DataSubnets:
    Type: AWS::RDS::DBSubnetGroup
    Properties: {DBSubnetGroupDescription: data, SubnetIds: [!Ref Data]}
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: orders
      PubliclyAccessible: false
      DBSubnetGroupName: !Ref DataSubnets
      VPCSecurityGroups: [!GetAtt DataGroup.GroupId]
  OnlyInTest:
    Type: AWS::EC2::SecurityGroupIngress
    Condition: IsTest
    Properties: {GroupId: !Ref DataGroup, IpProtocol: '-1', CidrIp: 0.0.0.0/0}
"""


def template(**resources: Json) -> Json:
    """Return a template of two hosts in two subnets of one VPC, with whatever else, or instead: a resource that is None is none."""
    subnets = {
        f"Subnet{name}": made("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock=f"10.0.{number}.0/24")
        for number, name in enumerate("AB")
    }
    groups = {f"Group{name}": made("EC2::SecurityGroup", VpcId=ref("Vpc"), GroupDescription=name) for name in "AB"}
    hosts = {
        f"Host{name}": made("EC2::Instance", SubnetId=ref(f"Subnet{name}"), SecurityGroupIds=[ref(f"Group{name}")])
        for name in "AB"
    }
    every = {"Vpc": made("EC2::VPC", CidrBlock="10.0.0.0/16"), **subnets, **groups, **hosts, **resources}
    return {"Resources": {name: one for name, one in every.items() if one is not None}}


def made(type: str, condition: str = "", /, **properties: Any) -> Json:
    """Return a resource."""
    return {"Type": f"AWS::{type}", **({"Condition": condition} if condition else {}), "Properties": properties}


def ref(name: str) -> Json:
    """Return the expression that refers to a resource or parameter."""
    return {"Ref": name}


def admits(group: str, source: Any, port: int = 22, **more: Any) -> Json:
    """Return a rule that admits a group or a range to a port of a group."""
    far = {"SourceSecurityGroupId": source} if isinstance(source, dict) else {"CidrIp": source}
    return made("EC2::SecurityGroupIngress", GroupId=ref(group), IpProtocol="tcp", FromPort=port, ToPort=port, **far, **more)


EVERYTHING = """\
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]
Parameters:
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  Unvalued: {Type: String}
Conditions:
  Perhaps: !Or [!Equals [!Ref Unvalued, x], !And [!Equals [1, 2], !Equals [!Ref AWS::Region, y]]]
Globals: {Function: {VpcConfig: {SubnetIds: [!Ref SubnetA], SecurityGroupIds: [!Ref Group]}}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Six: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}}
  SubnetA:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: 10.0.0.0/24
      Ipv6CidrBlock: !Select [0, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 4, 64]]
      AvailabilityZone: !Select [0, !GetAZs '']
      AssignIpv6AddressOnCreation: 'true'
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Subnet${Zone}: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: !Join ['', [10.0., !If [Perhaps, '3', '4'], .0/24]]}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: g}}
  Out: {Type: AWS::EC2::SecurityGroupEgress, Condition: Perhaps, Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: 0.0.0.0/0}}
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  Entry: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Acl, RuleNumber: 1, RuleAction: allow, Protocol: 6, CidrBlock: 0.0.0.0/0, PortRange: {From: 1, To: 2}}}
  AclUse: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {SubnetId: !Ref SubnetA, NetworkAclId: !Ref Acl}}
  List: {Type: AWS::EC2::PrefixList, Properties: {PrefixListName: l, AddressFamily: IPv4, MaxEntries: 1, Entries: [{Cidr: 10.0.0.0/8}]}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  ToHost: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationPrefixListId: !Ref List, InstanceId: !Ref Host}}
  ToWall: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, VpcEndpointId: !Select [1, !Split [':', !Select [0, !GetAtt Wall.EndpointIds]]]}}
  Propagation: {Type: AWS::EC2::VPNGatewayRoutePropagation, Properties: {RouteTableIds: [!Ref Table], VpnGatewayId: !Ref Vpn}}
  Vpn: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
  VpnUse: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref Vpn}}
  Site: {Type: AWS::EC2::CustomerGateway, Properties: {IpAddress: 192.0.2.1, BgpAsn: 65000, Type: ipsec.1}}
  Line: {Type: AWS::EC2::VPNConnection, Properties: {CustomerGatewayId: !Ref Site, VpnGatewayId: !Ref Vpn, StaticRoutesOnly: true, Type: ipsec.1}}
  LineRoute: {Type: AWS::EC2::VPNConnectionRoute, Properties: {DestinationCidrBlock: 192.168.0.0/16, VpnConnectionId: !Ref Line}}
  Hub: {Type: AWS::EC2::TransitGateway}
  Spoke: {Type: AWS::EC2::TransitGatewayAttachment, Properties: {TransitGatewayId: !Ref Hub, VpcId: !Ref Vpc, SubnetIds: [!Ref SubnetA]}}
  HubTable: {Type: AWS::EC2::TransitGatewayRouteTable, Properties: {TransitGatewayId: !Ref Hub}}
  HubRoute: {Type: AWS::EC2::TransitGatewayRoute, Properties: {TransitGatewayRouteTableId: !Ref HubTable, DestinationCidrBlock: 10.0.0.0/8, TransitGatewayAttachmentId: !Ref Spoke}}
  HubUse: {Type: AWS::EC2::TransitGatewayRouteTableAssociation, Properties: {TransitGatewayRouteTableId: !Ref HubTable, TransitGatewayAttachmentId: !Ref Spoke}}
  Storage: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3', RouteTableIds: [!Ref Table], PolicyDocument: {Statement: []}}}
  Secrets: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcId: !Ref Vpc, ServiceName: com.amazonaws.eu-west-1.ssm, VpcEndpointType: Interface, SubnetIds: [!Ref SubnetA]}}
  Wall: {Type: AWS::NetworkFirewall::Firewall, Properties: {FirewallName: wall, VpcId: !Ref Vpc, FirewallPolicyArn: !Ref Policy, SubnetMappings: [{SubnetId: !Ref SubnetA}]}}
  Policy: {Type: AWS::NetworkFirewall::FirewallPolicy, Properties: {FirewallPolicyName: p, FirewallPolicy: {StatelessDefaultActions: ['aws:pass'], StatelessFragmentDefaultActions: ['aws:pass'], StatefulRuleGroupReferences: [{ResourceArn: !Ref Rules}]}}}
  Rules: {Type: AWS::NetworkFirewall::RuleGroup, Properties: {RuleGroupName: r, Type: STATEFUL, Capacity: 1, RuleGroup: {RulesSource: {RulesString: 'pass tcp any any -> any any (sid:1;)'}}}}
  Launch: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {TagSpecifications: [{ResourceType: instance, Tags: [{Key: a, Value: b}]}], NetworkInterfaces: [{DeviceIndex: 0, Groups: [!Ref Group], AssociatePublicIpAddress: true}]}}}
  Fleet: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 1, MaxSize: 2, VPCZoneIdentifier: [!Ref SubnetA], Tags: [{Key: c, Value: d, PropagateAtLaunch: true}], LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: 1}, TargetGroupARNs: [!Ref Targets]}}
  Mixed: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MaxSize: 1, VPCZoneIdentifier: [!Ref SubnetA], MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: !Ref Launch, Version: 1}}}}}
  Host: {Type: AWS::EC2::Instance, Properties: {NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref SubnetA, GroupSet: [!Ref Group]}]}}
  Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Host}}
  Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, SubnetMappings: [{SubnetId: !Ref SubnetA, AllocationId: !GetAtt Address.AllocationId}]}}
  Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: TCP, VpcId: !Ref Vpc}}
  Listens: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Front, Port: '80', Protocol: TCP, DefaultActions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref Targets, Weight: 1}]}}]}}
  Old: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {Subnets: [!Ref SubnetA], SecurityGroups: [!Ref Group], Listeners: [{LoadBalancerPort: '80', InstancePort: '80', Protocol: HTTP}], Instances: [!Ref Host]}}
  Cluster: {Type: AWS::RDS::DBCluster, Properties: {DBSubnetGroupName: !Ref Subnets, VpcSecurityGroupIds: [!Ref Group]}}
  Member: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Cluster}}
  Subnets: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref SubnetA]}}
  Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {CacheSubnetGroupName: !Ref CacheSubnets, SecurityGroupIds: [!Ref Group]}}
  CacheSubnets: {Type: AWS::ElastiCache::SubnetGroup, Properties: {CacheSubnetGroupName: caches, SubnetIds: [!Ref SubnetA]}}
  Warehouse: {Type: AWS::Redshift::Cluster, Properties: {ClusterSubnetGroupName: !Ref WarehouseSubnets, VpcSecurityGroupIds: [!Ref Group]}}
  WarehouseSubnets: {Type: AWS::Redshift::ClusterSubnetGroup, Properties: {SubnetIds: [!Ref SubnetA]}}
  Search: {Type: AWS::OpenSearchService::Domain, Properties: {VPCOptions: {SubnetIds: [!Ref SubnetA], SecurityGroupIds: [!Ref Group]}, AccessPolicies: {Statement: []}}}
  Files: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: fs-1, SubnetId: !Ref SubnetA, SecurityGroups: [!Ref Group]}}
  Broker: {Type: AWS::MSK::Cluster, Properties: {ClusterName: b, BrokerNodeGroupInfo: {ClientSubnets: [!Ref SubnetA], SecurityGroups: [!Ref Group]}}}
  Handler: {Type: AWS::Serverless::Function, Properties: {FunctionName: handler}}
  Tasks: {Type: AWS::ECS::Service, Properties: {ServiceName: tasks, LaunchType: FARGATE, NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref SubnetA], SecurityGroups: [!Ref Group]}}, LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerPort: 80}]}}
  Pods: {Type: AWS::EKS::Cluster, Properties: {Name: pods, ResourcesVpcConfig: {SubnetIds: [!Ref SubnetA]}}}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./inner.yaml, Parameters: {Group: !Ref Group}}}
Outputs:
  Group: {Value: !Ref Group, Export: {Name: !Sub '${AWS::StackName}-group'}}
"""  # noqa: E501
