"""MSK: Kafka clusters, provisioned and serverless, and the nodes that name their interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..managed import Held, ManagedShape, tag_list
from ..rule import rule


class ConnectivityType(msgspec.Struct, rename="pascal", frozen=True):
    """Whether the brokers have public addresses: `DISABLED` or `SERVICE_PROVIDED_EIPS`."""

    type: str = "DISABLED"


class ConnectivityInfo(msgspec.Struct, rename="pascal", frozen=True):
    """Who else may connect than interfaces of the VPC and of networks connected with it."""

    public_access: ConnectivityType = ConnectivityType()
    vpc_connectivity: dict[str, Any] | None = None


class BrokerNodes(msgspec.Struct, rename="pascal", frozen=True):
    """Where the brokers stand."""

    client_subnets: list[str] = []
    security_groups: list[str] = []
    connectivity_info: ConnectivityInfo = ConnectivityInfo()


class InTransit(msgspec.Struct, rename="pascal", frozen=True):
    """How clients and brokers talk: `TLS`, `TLS_PLAINTEXT` or `PLAINTEXT`; "" where the answer does not say it."""

    client_broker: str = ""


class EncryptionInfo(msgspec.Struct, rename="pascal", frozen=True):
    """What of a cluster is encrypted; what it stores always is."""

    encryption_in_transit: InTransit = InTransit()


class Unauthenticated(msgspec.Struct, rename="pascal", frozen=True):
    """Whether clients need say who they are."""

    enabled: bool | None = None


class ClientAuthentication(msgspec.Struct, rename="pascal", frozen=True):
    """How clients say who they are, as far as it is modelled: whether they need not."""

    unauthenticated: Unauthenticated = Unauthenticated()


class Provisioned(msgspec.Struct, rename="pascal", frozen=True):
    """A provisioned cluster."""

    broker_node_group_info: BrokerNodes = BrokerNodes()
    encryption_info: EncryptionInfo = EncryptionInfo()
    client_authentication: ClientAuthentication = ClientAuthentication()


class ServerlessVpc(msgspec.Struct, rename="pascal", frozen=True):
    """One VPC of a serverless cluster."""

    subnet_ids: list[str] = []
    security_group_ids: list[str] = []


class Serverless(msgspec.Struct, rename="pascal", frozen=True):
    """A serverless cluster."""

    vpc_configs: list[ServerlessVpc] = []


class NodeInfo(msgspec.Struct, rename="pascal", frozen=True):
    """Where one broker or ZooKeeper node is reached."""

    attached_eni_id: str = msgspec.field(name="AttachedENIId", default="")
    client_subnet: str = ""
    client_vpc_ip_address: str = ""


class Node(msgspec.Struct, rename="pascal", frozen=True):
    """One node of a cluster."""

    node_arn: str = msgspec.field(name="NodeARN", default="")
    broker_node_info: NodeInfo | None = None
    zookeeper_node_info: NodeInfo | None = None

    @property
    def infos(self) -> list[NodeInfo]:
        """Where the node is reached."""
        return [one for one in (self.broker_node_info, self.zookeeper_node_info) if one is not None]


class MskNodes(Component, kw_only=True):
    """The nodes of one cluster: ListNodes, wrapped with the cluster's ARN; or one node, of which only its own ARN is known."""

    kind: ClassVar[str] = "msk_nodes"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "ClusterNodes",
            "kafka",
            "ListNodes",
            argument="ClusterArn",
            each=Each(
                "ClusterArn",
                Call("kafka", "ListClustersV2"),
                ("ClusterInfoList[].ClusterArn",),
                only=("ClusterType", "PROVISIONED"),
            ),
        ),
        Document("NodeInfoList", "kafka", "ListNodes", argument="ClusterArn", asked=False),
    )

    cluster_arn: str = ""
    node_info_list: list[Node] = []

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row as the nodes of a cluster, be it one of them."""
        return row if "NodeInfoList" in row else {"NodeInfoList": [row], **row}

    @property
    def id(self) -> str:
        """The ARN of the cluster, or of the only node."""
        return self.cluster_arn or next((one.node_arn for one in self.node_info_list), "")

    def of(self, cluster_arn: str) -> bool:
        """Return whether the nodes are those of a cluster: by its ARN, or by the name and id in the ARN of the node."""
        return self.cluster_arn == cluster_arn if self.cluster_arn else f"/{cluster_arn.partition('/')[2]}/" in f"{self.id}/"


class MskCluster(ManagedShape, kw_only=True):
    """A Kafka cluster: ListClustersV2, and ListClusters, which knows provisioned ones only."""

    kind: ClassVar[str] = "msk_cluster"
    endpoint_kind: ClassVar[str] = "msk"
    signs: ClassVar[tuple[str, ...]] = ("kafka", "msk")
    documents: ClassVar[tuple[Document, ...]] = (
        Document("ClusterInfoList", "kafka", "ListClustersV2"),
        Document("ClusterInfo", "kafka", "DescribeClusterV2", asked=False),
    )

    cluster_arn: str
    cluster_name: str = ""
    provisioned: Provisioned | None = None
    serverless: Serverless | None = None

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with tags as elsewhere, and what the first version of the API says where the second says it."""
        made = {**row, "Tags": tag_list(row.get("Tags") or [])}
        group = row.get("BrokerNodeGroupInfo")
        return {**made, "Provisioned": {"BrokerNodeGroupInfo": group}} if group and "Provisioned" not in row else made

    @property
    def id(self) -> str:
        """The ARN."""
        return self.cluster_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.cluster_name, self.name) if name]

    @property
    def brokers(self) -> BrokerNodes:
        """Where the brokers stand; nowhere for a serverless cluster."""
        return self.provisioned.broker_node_group_info if self.provisioned else BrokerNodes()

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it."""
        serverless = self.serverless.vpc_configs if self.serverless else []
        return frozenset((*self.brokers.security_groups, *(group for one in serverless for group in one.security_group_ids)))

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets of its brokers or endpoints."""
        serverless = self.serverless.vpc_configs if self.serverless else []
        return [*self.brokers.client_subnets, *(subnet for one in serverless for subnet in one.subnet_ids)]

    def _nodes(self, world: World) -> list[NodeInfo]:
        lists = [one for one in world.all("msk_nodes") if one.of(self.id)]
        return [info for one in lists for node in one.node_info_list for info in node.infos]

    @rule(
        "SVC-8",
        says="Brokers are interfaces with groups in the client subnets; they have public addresses only where public access is on, "
        "and then the groups still decide.",
        source="https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html",
    )
    def named(self, world: World) -> list[str]:
        """Return the interfaces that its nodes name."""
        return [one.attached_eni_id for one in self._nodes(world) if one.attached_eni_id]

    def held(self, world: World) -> list[Held]:
        """Return the addresses that its nodes name."""
        nodes = self._nodes(world)
        return [Held(one.client_vpc_ip_address, "", one.client_subnet) for one in nodes if one.client_vpc_ip_address]

    @property
    def perhaps_public(self) -> bool:
        """Whether its brokers have public addresses, be they in the snapshot or not."""
        return self.brokers.connectivity_info.public_access.type not in ("DISABLED", "")

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: public addresses that nothing holds, and clients that come by PrivateLink."""
        yield from super().caveats(world)
        connectivity = self.brokers.connectivity_info
        if self.perhaps_public and not any(one.public_addresses for one in self.found(world)):
            yield f"{self.cluster_name}: public access is on, and the public addresses of its brokers are not in the snapshot"
        if "true" in str(connectivity.vpc_connectivity or "").lower():
            yield f"{self.cluster_name}: clients of other VPCs may come by PrivateLink, which is not modelled for it"
