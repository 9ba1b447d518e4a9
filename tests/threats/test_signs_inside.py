"""What stores, hosts and records give evidence of, each with a twin in which one fact differs."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.models.trust import DataClass
from analyzer.models.verdict import Verdict

from .scenes import ASSETS, ORDERS, VPC, WEB, Documents, asset, door, found, told

ORDERS_ROW = {"DBInstanceIdentifier": "orders", "DBInstanceArn": ORDERS}
CLUSTER_ROW = {"DBClusterIdentifier": "ledger", "DBClusterArn": "arn:ledger", "StorageEncrypted": False}


def database(**fields: Any) -> Documents:
    return {"DBInstances": [{**ORDERS_ROW, **fields}]}


# ---------------------------------------------------------------------- at rest
STORES: dict[str, Any] = {
    "a database": lambda on: {"DBInstances": [{**ORDERS_ROW, **({"StorageEncrypted": on} if on is not None else {})}]},
    "a cluster": lambda on: {
        "DBClusters": [{**CLUSTER_ROW, "StorageEncrypted": on} if on is not None else {"DBClusterIdentifier": "ledger"}]
    },
    "a cache": lambda on: {
        "CacheClusters": [
            {"CacheClusterId": "c", "Engine": "redis", **({"AtRestEncryptionEnabled": on} if on is not None else {})}
        ]
    },
    "a search domain": lambda on: {
        "DomainStatus": {"DomainName": "s", **({"EncryptionAtRestOptions": {"Enabled": on}} if on is not None else {})}
    },
    "a warehouse": lambda on: {
        "Clusters": [{"ClusterIdentifier": "w", "NodeType": "ra3", **({"Encrypted": on} if on is not None else {})}]
    },
    "a file system": lambda on: {"FileSystems": [{"FileSystemId": "fs-1", **({"Encrypted": on} if on is not None else {})}]},
}


@pytest.mark.parametrize("store", STORES)
def test_a_store_that_does_not_encrypt_what_it_keeps(store: str):
    made = STORES[store]
    said = [[one.confidence for one in found("unencrypted-at-rest", made(on))] for on in (False, True, None)]
    assert said == [[Verdict.REACHABLE], [], [Verdict.UNKNOWN]]


def test_what_instances_of_a_cluster_store_is_told_by_the_cluster():
    instance = {**ORDERS_ROW, "DBClusterIdentifier": "ledger", "StorageEncrypted": False}
    both = {"DBInstances": [instance], "DBClusters": [CLUSTER_ROW]}
    assert told("unencrypted-at-rest", both) == [("reachable", "ledger does not encrypt what it stores")]
    assert told("unencrypted-at-rest", {"DBInstances": [instance]}) == [("reachable", "orders does not encrypt what it stores")]


def test_a_file_system_is_about_its_mount_targets_and_memcached_keeps_nothing():
    target = {"MountTargetId": "fsmt-1", "FileSystemId": "fs-1", "SubnetId": "subnet-1", "NetworkInterfaceId": "eni-db"}
    documents = {"FileSystems": [{"FileSystemId": "fs-1", "Encrypted": False}], "MountTargets": [target]}
    (sign,) = found("unencrypted-at-rest", documents, [asset("fsmt-1")])
    assert (sign.resource, sign.assets) == ("fs-1", ("fsmt-1",))
    cache = {"CacheClusterId": "c", "Engine": "memcached", "AtRestEncryptionEnabled": False}
    assert not found("unencrypted-at-rest", {"CacheClusters": [cache]})


def test_a_file_system_of_fsx_is_not_modelled():
    documents = {"FileSystems": [{"FileSystemId": "fs-9", "FileSystemType": "WINDOWS", "Encrypted": False}]}
    assert not found("unencrypted-at-rest", documents)


# ---------------------------------------------------------------------- in transit
def cache(**fields: Any) -> Documents:
    return {"CacheClusters": [{"CacheClusterId": "sessions", "Engine": "redis", **fields}]}


def domain(https: bool | None, nodes: bool | None) -> Documents:
    row = {
        "DomainName": "logs",
        "DomainEndpointOptions": {"EnforceHTTPS": https},
        "NodeToNodeEncryptionOptions": {"Enabled": nodes},
    }
    return {"DomainStatus": row}


def brokers(said: str, anybody: bool | None = None) -> Documents:
    provisioned: dict[str, Any] = {"EncryptionInfo": {"EncryptionInTransit": {"ClientBroker": said}}}
    if anybody is not None:
        provisioned["ClientAuthentication"] = {"Unauthenticated": {"Enabled": anybody}}
    return {"ClusterInfoList": [{"ClusterArn": "arn:kafka", "ClusterName": "events", "Provisioned": provisioned}]}


NOT_TOLD = "not known whether clients must use TLS: "


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        (cache(TransitEncryptionEnabled=False), [("reachable", "sessions talks to its clients without TLS")]),
        (cache(TransitEncryptionEnabled=True), []),
        (
            cache(TransitEncryptionEnabled=True, TransitEncryptionMode="preferred"),
            [("reachable", "sessions takes clients without TLS too (mode `preferred`)")],
        ),
        (cache(), [("unknown", NOT_TOLD + "sessions")]),
        (domain(False, False), [("reachable", "logs takes HTTP beside HTTPS and sends plaintext between its nodes")]),
        (domain(True, False), [("reachable", "logs sends plaintext between its nodes")]),
        (domain(True, True), []),
        (domain(None, True), [("unknown", NOT_TOLD + "logs")]),
        (brokers("PLAINTEXT"), [("reachable", "events talks to its clients in plaintext")]),
        (brokers("TLS_PLAINTEXT"), [("reachable", "events takes clients in plaintext beside TLS")]),
        (brokers("TLS"), []),
        (brokers("SOMETHING_NEW"), [("unknown", NOT_TOLD + "events")]),
        ({"ClusterInfoList": [{"ClusterArn": "arn:kafka", "Serverless": {"VpcConfigs": []}}]}, []),
    ],
)
def test_a_store_that_takes_clients_without_tls(documents: Documents, expected: list[tuple[str, str]]):
    assert told("unencrypted-in-transit", documents) == expected


@pytest.mark.parametrize(("anybody", "expected"), [(True, ["reachable"]), (False, []), (None, ["unknown"])])
def test_brokers_that_ask_nobody(anybody: bool | None, expected: list[str]):
    assert [one for one, _ in told("clients-not-authenticated", brokers("TLS", anybody))] == expected


@pytest.mark.parametrize(
    ("public", "entries", "shown"),
    [(True, [], True), (False, [], False), (True, [door(ORDERS)], False)],
    ids=["nobody comes in", "none", "told by the way in"],
)
def test_a_database_with_a_public_address(public: bool, entries: Any, shown: bool):
    text = "orders has a public address; only routes, ACLs and groups keep the internet out"
    signs = found("store-has-public-address", database(PubliclyAccessible=public), entries=entries)
    assert [one.text for one in signs] == ([text] if shown else [])


# ---------------------------------------------------------------------- records
def log(resource: str, **fields: Any) -> dict[str, Any]:
    return {"FlowLogId": f"fl-{resource}", "ResourceId": resource, "FlowLogStatus": "ACTIVE", "TrafficType": "ALL", **fields}


SEEN_BY_NOBODY = "prod: no flow log records what reaches 1 restricted asset (orders)"


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ([], [("reachable", SEEN_BY_NOBODY)]),
        ([log("vpc-1")], []),
        ([log("subnet-1")], []),
        ([log("eni-db")], []),
        ([log("eni-web")], [("reachable", SEEN_BY_NOBODY)]),
        ([log("vpc-2")], [("reachable", SEEN_BY_NOBODY)]),
        ([log("vpc-1", DeliverLogsStatus="FAILED")], [("reachable", SEEN_BY_NOBODY)]),
        ([log("vpc-1", FlowLogStatus="STOPPED")], [("reachable", SEEN_BY_NOBODY)]),
    ],
    ids=[
        "none",
        "of the VPC",
        "of the subnet",
        "of the interface",
        "of another",
        "of another VPC",
        "that delivers nothing",
        "that is off",
    ],
)
def test_restricted_assets_without_flow_logs(logs: list[Any], expected: list[tuple[str, str]]):
    assert told("no-flow-logs", {"FlowLogs": logs}) == expected


def test_without_the_document_nobody_knows_whether_flow_logs_are_there():
    text = "not known whether flow logs record what reaches restricted assets: prod"
    (sign,) = found("no-flow-logs", {})
    assert (sign.confidence, sign.text, sign.assets, sign.resource) == (Verdict.UNKNOWN, text, (ORDERS,), "")


def test_only_restricted_assets_need_flow_logs():
    assert not found("no-flow-logs", {"FlowLogs": []}, [asset(ORDERS, DataClass.CONFIDENTIAL)])


@pytest.mark.parametrize(
    ("logs", "shown"),
    [
        ([log("vpc-1", TrafficType="REJECT")], True),
        ([log("vpc-1", TrafficType="REJECT"), log("eni-db", TrafficType="ACCEPT")], False),
        ([log("vpc-1")], False),
        ([], False),
    ],
    ids=["refused only", "and what was let in", "all", "none"],
)
def test_flow_logs_that_record_only_what_was_refused(logs: list[Any], shown: bool):
    signs = found("flow-logs-refused-only", {"FlowLogs": logs})
    text = "prod: flow logs record what was refused, and not what reached 1 restricted asset (orders)"
    assert [(one.text, [each.resource for each in one.evidence]) for one in signs] == (
        [(text, ["vpc-1", "fl-vpc-1"])] if shown else []
    )


def balancer(*attributes: str, type: str = "application", zones: int = 2) -> Documents:
    listed = [{"Key": key, "Value": value} for key, _, value in (one.partition("=") for one in attributes)]
    row = {
        "LoadBalancerArn": WEB,
        "LoadBalancerName": "web",
        "Type": type,
        "VpcId": "vpc-1",
        "AvailabilityZones": [{"ZoneName": zone, "SubnetId": "subnet-1"} for zone in "abc"[:zones]],
    }
    return {"LoadBalancers": [row], "LoadBalancerAttributes": [{"LoadBalancerArn": WEB, "Attributes": listed}]}


@pytest.mark.parametrize(
    ("kind", "key", "text"),
    [
        (
            "no-access-logs",
            "access_logs.s3.enabled",
            "load balancer web does not record the requests that it takes from the internet",
        ),
        ("deletion-unprotected", "deletion_protection.enabled", "one call deletes load balancer web"),
    ],
)
def test_an_attribute_of_a_load_balancer(kind: str, key: str, text: str):
    signs = [told(kind, balancer(*attributes)) for attributes in ([f"{key}=false"], [f"{key}=true"], [])]
    assert [[one for one, _ in each] for each in signs] == [["reachable"], [], ["unknown"]]
    assert signs[0] == [("reachable", text)]
    assert not told(kind, balancer(f"{key}=false"), entries=[])


# ---------------------------------------------------------------------- what one failure takes away
def switch(kind: str, name: str, off: Any, on: Any, **fields: Any) -> list[list[str]]:
    """Return how surely a sign is told of a database with a field off, on, and not said."""
    made = [database(**fields, **({name: value} if value is not None else {})) for value in (off, on, None)]
    return [[one for one, _ in told(kind, each)] for each in made]


@pytest.mark.parametrize(
    ("kind", "name", "off", "on"),
    [
        ("single-zone", "MultiAZ", False, True),
        ("no-backups", "BackupRetentionPeriod", 0, 7),
        ("deletion-unprotected", "DeletionProtection", False, True),
    ],
)
def test_a_database_that_one_failure_takes_away(kind: str, name: str, off: Any, on: Any):
    assert switch(kind, name, off, on) == [["reachable"], [], ["unknown"]]
    # Replicas have their source, members their cluster, and what is internal is worth no standby.
    assert switch(kind, name, off, on, ReadReplicaSourceDBInstanceIdentifier="source") == [[], [], []]
    assert switch(kind, name, off, on, DBClusterIdentifier="ledger") == [[], [], []]
    assert not found(kind, database(**{name: off}), [asset(ORDERS, DataClass.INTERNAL)])


def test_a_cluster_is_an_asset_by_its_members():
    member = {**ORDERS_ROW, "DBClusterIdentifier": "ledger"}
    documents = {"DBInstances": [member], "DBClusters": [{**CLUSTER_ROW, "MultiAZ": False}]}
    joined = {"RequesterId": "amazon-rds", "Description": "RDSNetworkInterface", "Groups": [{"GroupId": "sg-5"}]}
    interfaces = [{**one, **joined} for one in VPC["NetworkInterfaces"] if one["NetworkInterfaceId"] == "eni-db"]
    member["VpcSecurityGroups"] = [{"VpcSecurityGroupId": "sg-5"}]
    member["DBSubnetGroup"] = {"VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}
    (sign,) = found("single-zone", {**documents, "NetworkInterfaces": interfaces})
    assert (sign.resource, sign.assets, sign.confidence) == ("arn:ledger", (ORDERS,), Verdict.REACHABLE)


@pytest.mark.parametrize(("type", "zones", "shown"), [("network", 1, True), ("network", 2, False), ("application", 1, False)])
def test_a_load_balancer_in_one_zone(type: str, zones: int, shown: bool):
    signs = found("single-zone", balancer(type=type, zones=zones))
    assert [one.resource for one in signs] == ([WEB] if shown else [])


@pytest.mark.parametrize(("spread", "expected"), [(False, ["reachable"]), (True, []), (None, ["unknown"])])
def test_a_search_domain_in_one_zone(spread: bool | None, expected: list[str]):
    config = {} if spread is None else {"ClusterConfig": {"ZoneAwarenessEnabled": spread}}
    documents = {"DomainStatus": {"DomainName": "logs", "ARN": "arn:logs", **config}}
    assert [one.confidence.value for one in found("single-zone", documents, [asset("arn:logs")])] == expected


# ---------------------------------------------------------------------- hosts
def instance(options: Any = None, role: bool = True, state: str = "running") -> Documents:
    row = {
        "InstanceId": "i-1",
        "State": {"Name": state},
        "Tags": [{"Key": "Name", "Value": "web"}],
        **({"MetadataOptions": options} if options else {}),
        **({"IamInstanceProfile": {"Arn": "arn:aws:iam::111111111111:instance-profile/web-role"}} if role else {}),
    }
    return {"Reservations": [{"Instances": [row]}]}


V1, V2 = {"HttpTokens": "optional", "HttpEndpoint": "enabled"}, {"HttpTokens": "required", "HttpEndpoint": "enabled"}
HANDS_OUT = "instance web hands out the credentials of its role (web-role) without a session token (IMDSv1)"


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        (instance(V1), [("reachable", HANDS_OUT)]),
        (instance(V1, state="stopped"), [("reachable", HANDS_OUT)]),
        (instance(V2), []),
        (instance({**V1, "HttpEndpoint": "disabled"}), []),
        (instance(V1, role=False), []),
        (instance(V1, state="terminated"), []),
        (instance(), [("unknown", "not known whether the metadata service wants a token (IMDSv2): web")]),
    ],
    ids=["optional", "stopped", "required", "switched off", "no role", "gone", "not told"],
)
def test_an_instance_that_hands_out_credentials(documents: Documents, expected: list[tuple[str, str]]):
    assert told("imds-v1", documents) == expected


def volume(number: int, encrypted: bool | None) -> dict[str, Any]:
    told = {} if encrypted is None else {"Encrypted": encrypted}
    return {"VolumeId": f"vol-{number}", "Attachments": [{"InstanceId": "i-1"}], **told}


@pytest.mark.parametrize(
    ("volumes", "expected"),
    [
        ([volume(1, False)], [("reachable", "instance web has a volume without encryption (vol-1)")]),
        ([volume(1, False), volume(2, False)], [("reachable", "instance web has 2 volumes without encryption (vol-1, vol-2)")]),
        ([volume(1, True)], []),
        ([volume(1, True), {**volume(2, False), "Attachments": []}], []),
        ([volume(1, None)], [("unknown", "not known whether volumes are encrypted: web")]),
        (None, [("unknown", "not known whether volumes are encrypted: web")]),
    ],
    ids=["plain", "two", "encrypted", "of nobody", "not told", "not asked"],
)
def test_an_instance_with_plain_volumes(volumes: Any, expected: list[tuple[str, str]]):
    assert told("unencrypted-volumes", {**instance(V2), **({} if volumes is None else {"Volumes": volumes})}) == expected


def test_a_sign_of_very_many_resources_names_some_and_counts_all():
    row = instance(V2)["Reservations"][0]["Instances"][0]
    many = {"Reservations": [{"Instances": [{**row, "InstanceId": f"i-{number:03}", "Tags": []} for number in range(100)]}]}
    (sign,) = found("unencrypted-volumes", many)
    assert sign.text == "not known whether volumes are encrypted: i-000, i-001, i-002 and 97 more"
    assert [one.resource for one in sign.evidence] == [f"i-{number:03}" for number in range(20)]
    (sign,) = found("unencrypted-volumes", {**instance(V2), "Volumes": [volume(number, False) for number in range(100)]})
    assert len(sign.evidence) == 20


def test_a_sign_names_the_resources_that_say_it():
    (sign,) = found("unencrypted-volumes", {**instance(V2), "Volumes": [volume(1, False)]}, ASSETS)
    assert [one.resource for one in sign.evidence] == ["i-1", "vol-1"]
    assert all(one.origin for one in sign.evidence)
