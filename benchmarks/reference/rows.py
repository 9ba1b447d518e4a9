"""Rows of what the organisations of the benchmarks do not have: caches, endpoints and their services, flow logs, web ACLs."""

from __future__ import annotations

import json
from typing import Any

from ..organisation.rows import WHEN, Row, database, id_of, internet_gateway, managed, nat_gateway
from .estate import Site
from .lines import S3_LIST

EVERYTHING = json.dumps({"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]})
# What keeps data of a database from getting lost.
KEPT_SAFE = {"BackupRetentionPeriod": 14, "DeletionProtection": True}
# What Amazon says of its own list of S3 in eu-west-1.
S3_BLOCKS = ("18.34.240.0/22", "18.34.72.0/21", "3.5.64.0/21", "3.5.72.0/23", "52.218.0.0/17", "52.92.0.0/17")


def doors(site: Site, nats: dict[str, tuple[str, str, str]]) -> None:
    """Add the internet gateway of a VPC, and NAT gateways: subnet, private and public address of each."""
    row = internet_gateway(site.owner, site.name)
    site.estate.add(site.owner, "InternetGateways", row | site.tagged(site.name))
    for name, (place, private, public) in nats.items():
        held = site.interface(name, place, private, public=public, RequesterManaged=True)
        site.estate.add(site.owner, "NatGateways", nat_gateway(name, held) | site.tagged(name))


def rds(site: Site, name: str, at: tuple[str, str], subnets: list[str], groups: str, **labels: str) -> None:
    """Add a database of RDS: its interface stands in a subnet at an address, alone: none stands by."""
    site.interface(name, *at, groups, **managed("amazon-rds", "RDSNetworkInterface"))
    places = [site.estate.row("subnet", one) for one in subnets]

    def made() -> None:
        held = site.estate.row("eni", name)
        row = database(site.owner, name, held, places) | site.tagged(name, "TagList", **labels)
        row |= {"PubliclyAccessible": "Association" in held, "EngineVersion": "17.6", "MultiAZ": False, **KEPT_SAFE}
        site.estate.add(site.owner, "DBInstances", row)

    site.estate.later(made)


def cache(site: Site, name: str, nodes: list[tuple[str, str]], groups: str, **labels: str) -> None:
    """Add a cache of ElastiCache, a cluster with one node each: subnet and address."""
    owner, group = site.owner, f"{site.name}-cache"
    places = [site.estate.row("subnet", place) for place, _ in nodes]
    row: Row = {"CacheSubnetGroupName": group, "VpcId": id_of("vpc", site.name)}
    row |= {"CacheSubnetGroupDescription": "Data tier", "ARN": owner.arn("elasticache", f"subnetgroup:{group}")}
    zones = [{"SubnetIdentifier": one["SubnetId"], "SubnetAvailabilityZone": {"Name": one["AvailabilityZone"]}} for one in places]
    site.estate.add(owner, "CacheSubnetGroups", row | {"Subnets": zones})
    for number, (place, address) in enumerate(nodes, 1):
        id = f"{name}-{number:03}"
        held = site.interface(id, place, address, groups, **managed("amazon-elasticache", f"ElastiCache {id}"))
        held |= site.tagged(id, "TagSet", **labels)
        row = {"CacheClusterId": id, "ARN": owner.arn("elasticache", f"cluster:{id}"), "ReplicationGroupId": name}
        row |= {"Engine": "valkey", "EngineVersion": "8.1", "CacheClusterStatus": "available", "NumCacheNodes": 1}
        row |= {"CacheSubnetGroupName": group, "PreferredAvailabilityZone": held["AvailabilityZone"]}
        row |= {"CacheNodeType": "cache.t4g.small", "TransitEncryptionEnabled": True, "AtRestEncryptionEnabled": True}
        row["SecurityGroups"] = [{"SecurityGroupId": id_of("sg", one), "Status": "active"} for one in groups.split()]
        site.estate.add(owner, "CacheClusters", row)


def tunnel(site: Site, name: str, place: str, address: str, groups: str) -> None:
    """Add an EC2 Instance Connect endpoint."""
    id = id_of("eice", name)
    what = managed("eice", f"EC2 Instance Connect Endpoint {id}", InterfaceType="ec2_instance_connect_endpoint")
    held = site.interface(name, place, address, groups, **what)
    row: Row = {"OwnerId": site.owner.account, "InstanceConnectEndpointId": id, "State": "create-complete", "CreatedAt": WHEN}
    row |= {"InstanceConnectEndpointArn": site.owner.arn("ec2", f"instance-connect-endpoint/{id}"), "PreserveClientIp": False}
    row |= {"NetworkInterfaceIds": [held["NetworkInterfaceId"]], "VpcId": held["VpcId"], "SubnetId": held["SubnetId"]}
    row |= {"AvailabilityZone": held["AvailabilityZone"], "SecurityGroupIds": [id_of("sg", one) for one in groups.split()]}
    site.estate.add(site.owner, "InstanceConnectEndpoints", row | site.tagged(name))


def endpoint(site: Site, name: str, service: str, nodes: list[tuple[str, str]], groups: str, *, state: str = "available") -> str:
    """Add an interface endpoint, a node in each subnet at an address, and return its id."""
    id = id_of("vpce", name)
    what: Row = {"RequesterManaged": True, "InterfaceType": "vpc_endpoint", "Description": f"VPC Endpoint Interface {id}"}
    held = [site.interface(f"{name}-{at}", *one, groups, **what) for at, one in enumerate(nodes)]
    row: Row = {"VpcEndpointId": id, "VpcEndpointType": "Interface", "VpcId": id_of("vpc", site.name), "State": state}
    row |= {"ServiceName": service, "PolicyDocument": EVERYTHING, "SubnetIds": [one["SubnetId"] for one in held]}
    row |= {"Groups": held[0]["Groups"], "NetworkInterfaceIds": [one["NetworkInterfaceId"] for one in held], "RouteTableIds": []}
    row |= {"PrivateDnsEnabled": service.startswith("com.amazonaws.eu"), "RequesterManaged": False, "IpAddressType": "ipv4"}
    row |= {"OwnerId": site.owner.account, "CreationTimestamp": WHEN, **site.tagged(name)}
    site.estate.add(site.owner, "VpcEndpoints", row)
    return id


def s3(site: Site, name: str, tables: list[str], buckets: str) -> None:
    """Add the gateway endpoint of S3 for some buckets, and Amazon's list of S3's addresses; route tables name both themselves."""
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{buckets}"]}
    row: Row = {"VpcEndpointId": id_of("vpce", name), "VpcEndpointType": "Gateway", "VpcId": id_of("vpc", site.name)}
    row |= {"ServiceName": f"com.amazonaws.{site.owner.region}.s3", "State": "available", "SubnetIds": [], "Groups": []}
    row |= {"PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [allowed]}), "PrivateDnsEnabled": False}
    row |= {"RouteTableIds": [id_of("rtb", one) for one in tables], "NetworkInterfaceIds": [], "RequesterManaged": False}
    row |= {"OwnerId": site.owner.account, "CreationTimestamp": WHEN, **site.tagged(name)}
    site.estate.add(site.owner, "VpcEndpoints", row)
    arn = f"arn:aws:ec2:{site.owner.region}:aws:prefix-list/{S3_LIST}"
    row = {"PrefixListId": S3_LIST, "AddressFamily": "IPv4", "State": "create-complete", "PrefixListArn": arn, "OwnerId": "AWS"}
    site.estate.add(site.owner, "PrefixLists", row | {"PrefixListName": f"com.amazonaws.{site.owner.region}.s3"})
    entries = [{"Cidr": one} for one in S3_BLOCKS]
    site.estate.add(site.owner, "ManagedPrefixListEntries", {"PrefixListId": S3_LIST, "Entries": entries})


def flow_log(site: Site) -> None:
    """Add a flow log of the VPC: who talked to whom, accepted or not."""
    row: Row = {"FlowLogId": id_of("fl", site.name), "ResourceId": id_of("vpc", site.name), "FlowLogStatus": "ACTIVE"}
    row |= {"TrafficType": "ALL", "DeliverLogsStatus": "SUCCESS", "LogDestinationType": "cloud-watch-logs", "CreationTime": WHEN}
    row |= {"LogGroupName": f"/vpc/{site.name}/flow", "MaxAggregationInterval": 60, **site.tagged(site.name)}
    site.estate.add(site.owner, "FlowLogs", row)


def web_acl(site: Site, resource: str, name: str) -> None:
    """Add which web ACL of AWS WAF looks at the requests to a load balancer."""
    id = "4f9d6a1c-0e6b-4d0e-9b0a-5c2f8d6b7e13"
    managed_rules: dict[str, Any] = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    rule = {"Name": "common", "Priority": 0, "Statement": {"ManagedRuleGroupStatement": managed_rules}}
    rule |= {"OverrideAction": {"None": {}}, "VisibilityConfig": seen}
    acl: Row = {"Name": name, "Id": id, "ARN": site.owner.arn("wafv2", f"regional/webacl/{name}/{id}"), "Capacity": 700}
    acl |= {"DefaultAction": {"Allow": {}}, "Rules": [rule], "VisibilityConfig": seen}
    site.estate.add(site.owner, "WebAclsOfResources", {"ResourceArn": resource, "WebACL": acl})
