"""ECS: tasks with interfaces of their own, tasks on the interfaces of their hosts, and the services that they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Call, Component, Document, Each, World
from ..managed import Held, ManagedShape
from ..rule import rule

CLUSTERS = Each("cluster", Call("ecs", "ListClusters"), ("clusterArns[]",))
WITH_TAGS = (("include", ["TAGS"]),)


def listed(parameter: str, operation: str, path: str, many: int) -> Each:
    """Return that a call is asked for what an operation lists in each cluster."""
    return Each(parameter, Call("ecs", operation, each=CLUSTERS), (path,), many=many, hands=("cluster",))


class Detail(msgspec.Struct, rename="camel", frozen=True):
    """One detail of an attachment, a name and a value."""

    name: str = ""
    value: str = ""


class TaskAttachment(msgspec.Struct, rename="camel", frozen=True):
    """What is attached to a task: an interface, of which details tell the id, the subnet and the address."""

    type: str = ""
    details: list[Detail] = []

    def detail(self, name: str) -> str:
        """Return a detail's value; "" when the answer has none of that name."""
        return next((one.value for one in self.details if one.name == name), "")


class AwsVpc(msgspec.Struct, rename="camel", frozen=True):
    """Where tasks of a service stand."""

    subnets: list[str] = []
    security_groups: list[str] = []
    assign_public_ip: str = "DISABLED"


class NetworkConfiguration(msgspec.Struct, rename="camel", frozen=True):
    """The network of a service whose tasks have interfaces of their own."""

    awsvpc_configuration: AwsVpc | None = None


class ContainerInstance(Component, kw_only=True):
    """A host of a cluster: DescribeContainerInstances."""

    kind: ClassVar[str] = "container_instance"
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "containerInstances",
            "ecs",
            "DescribeContainerInstances",
            each=listed("containerInstances", "ListContainerInstances", "containerInstanceArns[]", 100),
        ),
    )

    container_instance_arn: str = msgspec.field(name="containerInstanceArn")
    ec2_instance_id: str = msgspec.field(name="ec2InstanceId", default="")

    @property
    def id(self) -> str:
        """The ARN."""
        return self.container_instance_arn


class _TaskShape(ManagedShape, kw_only=True):
    """A task as DescribeTasks answers it."""

    documents: ClassVar[tuple[Document, ...]] = (
        Document("tasks", "ecs", "DescribeTasks", fixed=WITH_TAGS, each=listed("tasks", "ListTasks", "taskArns[]", 100)),
    )
    signs: ClassVar[tuple[str, ...]] = (":ecs:",)

    task_arn: str = msgspec.field(name="taskArn")
    cluster_arn: str = msgspec.field(name="clusterArn", default="")
    group: str = msgspec.field(name="group", default="")
    last_status: str = msgspec.field(name="lastStatus", default="RUNNING")
    container_instance_arn: str = msgspec.field(name="containerInstanceArn", default="")
    attachments: list[TaskAttachment] = msgspec.field(name="attachments", default_factory=list)

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        tags = row.get("tags")
        listed = [{"Key": one.get("key", ""), "Value": one.get("value", "")} for one in tags] if isinstance(tags, list) else []
        return {**row, "Tags": listed}

    @property
    def id(self) -> str:
        """The ARN."""
        return self.task_arn

    @property
    def service(self) -> str:
        """The name of its service; "" for a task that belongs to none."""
        return self.group.removeprefix("service:") if self.group.startswith("service:") else ""

    @property
    def label(self) -> str:
        """Its own id, the last part of the ARN: other tasks of the service have the service's name too."""
        return self.task_arn.rpartition("/")[2]

    def names(self) -> list[str]:
        """Return the name of its service, its own id and its Name tag."""
        return [name for name in (self.service, self.label, self.name) if name]

    def halted(self, world: World) -> str:
        """Return that it does not run, where it has stopped."""
        return f"task {self.label} is {self.last_status.lower()}" if self.last_status in ("STOPPED", "DELETED") else ""


def _own_interface(row: dict[str, Any]) -> bool:
    """Return whether a task's row says that it has an interface of its own."""
    attachments = row.get("attachments")
    listed = attachments if isinstance(attachments, list) else []
    return any(isinstance(one, dict) and one.get("type") == "ElasticNetworkInterface" for one in listed)


class EcsTask(_TaskShape, kw_only=True):
    """A task in network mode awsvpc: it has an interface of its own."""

    kind: ClassVar[str] = "ecs_awsvpc_task"
    endpoint_kind: ClassVar[str] = "ecs"

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the task has an interface of its own."""
        return _own_interface(row)

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups that filter it, as far as its own answer says them: it does not."""
        return frozenset()

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnet of its interface."""
        return [subnet_id for one in self._own() if (subnet_id := one.detail("subnetId"))]

    def _own(self) -> list[TaskAttachment]:
        return [one for one in self.attachments if one.type == "ElasticNetworkInterface"]

    @rule(
        "SVC-11",
        says="A task in network mode awsvpc has an interface and groups of its own, and a public address only where Fargate gave it "
        "one; in the other modes it has the interfaces, groups and addresses of its host.",
        source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html",
    )
    def named(self, world: World) -> list[str]:
        """Return its interface."""
        return [interface_id for one in self._own() if (interface_id := one.detail("networkInterfaceId"))]

    def held(self, world: World) -> list[Held]:
        """Return its address."""
        found = [Held(one.detail("privateIPv4Address"), "", one.detail("subnetId")) for one in self._own()]
        return [one for one in found if one.private] if not self.halted(world) else []

    def filters(self, world: World) -> dict[str, Any]:
        """Return the groups of its service, as an interface names them; none where the snapshot does not hold the service."""
        services = [one for one in world.all("ecs_service") if one.has(self)]
        perhaps = {"_PerhapsPublic": services[0].perhaps_public if services else True}
        return {**(services[0].filters(world) if services else {"Groups": []}), **perhaps}


class EcsHostTask(_TaskShape, kw_only=True):
    """A task in network mode bridge or host: it has the interfaces of its host, which stay the host's.

    Its kind is the word `ecs`, so that it is found by that word though it owns no interface.
    """

    kind: ClassVar[str] = "ecs"

    @classmethod
    def reads(cls, row: dict[str, Any]) -> bool:
        """Return whether the task has no interface of its own."""
        return not _own_interface(row)

    @property
    def group_ids(self) -> frozenset[str]:
        """None of its own."""
        return frozenset()

    def subnets_of(self, world: World) -> list[str]:
        """Return none: the host's interfaces are known, or nobody knows them."""
        return []

    def named(self, world: World) -> list[str]:
        """Return the interfaces of its host."""
        host = world.find("container_instance", self.container_instance_arn)
        instance = world.find("instance", host.ec2_instance_id) if host is not None else None
        return list(instance.interface_ids(world)) if instance is not None else []

    def caveats(self, world: World) -> Iterator[str]:
        """Return what is not modelled: which ports of the host lead to the task."""
        yield from super().caveats(world)
        yield f"task {self.label}: it has the interfaces of its host; which of the host's ports lead to it is not modelled"


class EcsService(ManagedShape, kw_only=True):
    """A service: DescribeServices of ECS. Its interfaces are those of its tasks."""

    kind: ClassVar[str] = "ecs_service"
    endpoint_kind: ClassVar[str] = "ecs"
    signs: ClassVar[tuple[str, ...]] = (":ecs:",)
    documents: ClassVar[tuple[Document, ...]] = (
        Document(
            "services",
            "ecs",
            "DescribeServices",
            fixed=WITH_TAGS,
            each=listed("services", "ListServices", "serviceArns[]", 10),
        ),
    )

    service_arn: str = msgspec.field(name="serviceArn")
    service_name: str = msgspec.field(name="serviceName", default="")
    cluster_arn: str = msgspec.field(name="clusterArn", default="")
    running_count: int = msgspec.field(name="runningCount", default=0)
    network_configuration: NetworkConfiguration | None = msgspec.field(name="networkConfiguration", default=None)

    @classmethod
    def prepared(cls, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row with its tags where every other resource has them."""
        return _TaskShape.prepared(row)

    @property
    def id(self) -> str:
        """The ARN."""
        return self.service_arn

    def names(self) -> list[str]:
        """Return its name and its Name tag."""
        return [name for name in (self.service_name, self.name) if name]

    @property
    def network(self) -> AwsVpc:
        """Where its tasks stand; nowhere of their own in network modes other than awsvpc."""
        given = self.network_configuration.awsvpc_configuration if self.network_configuration else None
        return given or AwsVpc()

    @property
    def group_ids(self) -> frozenset[str]:
        """The groups of its tasks."""
        return frozenset(self.network.security_groups)

    @property
    def perhaps_public(self) -> bool:
        """Whether its tasks have public addresses."""
        return self.network.assign_public_ip == "ENABLED"

    def has(self, task: Any) -> bool:
        """Return whether a task is one of this service."""
        return bool(task.service == self.service_name and task.cluster_arn in ("", self.cluster_arn))

    def subnets_of(self, world: World) -> list[str]:
        """Return the subnets in which tasks may run; none where no task runs, or where the tasks themselves are known."""
        known = any(self.has(one) for one in world.all("ecs_awsvpc_task"))
        return self.network.subnets if self.running_count and not known else []

    def named(self, world: World) -> list[str]:
        """Return the interfaces of its tasks."""
        return [
            interface_id for one in world.all("ecs_awsvpc_task") if self.has(one) for interface_id in one.interface_ids(world)
        ]
