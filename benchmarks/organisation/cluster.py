"""One VPC with an EKS cluster: nodes whose pods live on delegated prefixes, and pods with branch interfaces of their own."""

from __future__ import annotations

from typing import ClassVar

from . import filters
from .plan import dotted
from .rows import ANYWHERE, Row, group, id_of, instance, managed, pair, rule, tags
from .site import Rows, Site

# The subnets of pods: a quarter of 100.64.0.0/16 in each zone.
PODS, PODS_LENGTH = (100 << 24) + (64 << 16), 18
# What three nodes hold: a primary interface each, one with prefixes for pods each, and one of them a trunk with branches.
BRANCHES, PREFIXES = 9, 3
PODS_OF = ("web", "orders", "payments", "batch")


class Cluster(Site):
    """One VPC under way; `rows` makes all of it."""

    tiers: ClassVar[dict[str, tuple[int, int]]] = {**Site.tiers, "pods": (10, 3)}

    def group_names(self) -> dict[str, list[str]]:
        """Return the names of the groups: a cluster has few."""
        made = {"cluster": ["cluster"], "node": ["node"], "app": [f"pods-{one}" for one in PODS_OF], "data": ["data-0", "data-1"]}
        return {tier: [f"{self.name}-{one}" for one in names] for tier, names in made.items()}

    def block(self, tier: str, slot: int) -> tuple[int, int]:
        """Return the first address of a subnet, and the length of its prefix."""
        if tier != "pods":
            return super().block(tier, slot)
        return PODS + (slot - self.tiers["pods"][0] << 32 - PODS_LENGTH), PODS_LENGTH

    @property
    def full_name(self) -> str:
        """The name of the cluster."""
        return f"{self.name}-eks"

    # ------------------------------------------------------------------ groups
    def filters(self) -> Rows:
        """Yield the groups: of the cluster, of its nodes, of pods with interfaces of their own, of databases."""
        yield from filters.common(self)
        made = {"cluster": self._of_cluster(), "node": self._of_nodes()}
        for tier, names in self.groups.items():
            for at, name in enumerate(names):
                inbound = (
                    made[tier] if tier in made else self._of_pods(at) if tier == "app" else filters.into_data(self, at, name)
                )
                outbound = self._out_of_pods() if tier == "app" and at % 2 else filters.everything(self)
                yield "SecurityGroups", group(self.owner, name, self.name, inbound, outbound, tier=tier, **self.labels)

    def _pair(self, tier: str, at: int = 0) -> Row:
        return pair(self.owner, self.groups[tier][at])

    def _of_cluster(self) -> list[Row]:
        dns = [self._pair("app", at) for at in (0, 1, 3)]
        return [rule(None, groups=[self._pair("cluster")]), rule(53, groups=dns, of="udp"), rule(53, groups=dns)]

    def _of_nodes(self) -> list[Row]:
        balancer = pair(self.owner, f"{self.name}-lb")
        return [rule((30000, 32767), groups=[balancer]), rule(8080, groups=[balancer]), rule(22, lists=[filters.CORPORATE])]

    def _of_pods(self, at: int) -> list[Row]:
        """Return the rules of the pods: probes of the kubelet, the load balancer, and pods of the kind before."""
        made = [rule((8080, 8443), groups=[self._pair("app", at - 1)])]
        if at < 3:
            made.append(rule(8080, groups=[self._pair("cluster"), pair(self.owner, f"{self.name}-lb")]))
        return [*made, rule(9100, lists=[filters.MONITORING])]

    def _out_of_pods(self) -> list[Row]:
        dns = [rule(53, groups=[self._pair("cluster")], of=one) for one in ("udp", "tcp")]
        data = [self._pair("data"), self._pair("data", 1)]
        return [*dns, rule(443, ANYWHERE), rule((8080, 8443), *self.plan.cidrs), rule(5432, groups=data)]

    # ------------------------------------------------------------------ nodes and pods
    def hosts(self, number: int) -> Rows:
        """Yield the control plane's interfaces, and nodes with their pods until so many interfaces are made."""
        end = self.made + number
        for zone in range(2):
            held = self.interface(
                f"eks-{zone}", f"inner-{zone}", self.groups["cluster"], **managed("740773000000", self._described)
            )
            yield "NetworkInterfaces", held
        at = 0
        while self.made < end:
            yield from self._node(at, end)
            at += 1

    @property
    def _described(self) -> str:
        return f"Amazon EKS {self.full_name}"

    def _node(self, at: int, end: int) -> Rows:
        zone, name = at % 3, f"node-{at:04}"
        groups = [self.groups["cluster"][0], *(self.groups["node"] if at % 4 else [])]
        full, id = f"{self.name}-{name}", id_of("i", f"{self.name}-{name}")
        held = [self.interface(name, f"app-{zone}", groups)]
        labels = {f"kubernetes.io/cluster/{self.full_name}": "owned", **self.labels, "tier": "node"}
        if self.made < end:
            more: Row = {"Description": f"aws-K8S-{id}", "TagSet": tags(full, **{"node.k8s.amazonaws.com/instance_id": id})}
            held.append(self.interface(f"{name}-pods", f"pods-{zone}", groups, **more))
            held[-1]["Ipv4Prefixes"] = [{"Ipv4Prefix": self._prefix(f"pods-{zone}")} for _ in range(PREFIXES)]
        if at % 3 == 0 and self.made < end:
            held.append(self.interface(f"{name}-trunk", f"app-{zone}", groups, InterfaceType="trunk"))
        yield "Reservations", instance(full, held, **labels)
        yield from (("NetworkInterfaces", one) for one in held)
        self.targets["instance"].append(held[0])
        for branch in range(min(BRANCHES, end - self.made) if at % 3 == 0 else 0):
            yield "NetworkInterfaces", self._branch(f"{name}-{branch}", zone, at * BRANCHES // 3 + branch)

    def _prefix(self, place: str) -> str:
        return f"{dotted(self.bases[place] + self.take(place, 16, aligned=16))}/28"

    def _branch(self, name: str, zone: int, at: int) -> Row:
        kind = at % len(PODS_OF)
        labels = {"tier": "pods", "classification": "pii" if PODS_OF[kind] == "payments" else "internal"}
        more: Row = {
            "InterfaceType": "branch",
            "Description": "aws-k8s-branch-eni",
            "TagSet": tags(f"{self.name}-{name}", **labels),
        }
        held = self.interface(name, f"pods-{zone}", [self.groups["app"][kind]], **more)
        del held["Attachment"]
        if kind == 0:
            self.targets["ip"].append(held)
        return held

    # ------------------------------------------------------------------ the cluster
    def description(self) -> Row:
        """Return the answer of DescribeCluster of EKS."""
        vpc_config = {
            "vpcId": id_of("vpc", self.name),
            "subnetIds": [one["SubnetId"] for one in self.of_tier("inner")],
            "securityGroupIds": [],
            "clusterSecurityGroupId": id_of("sg", self.groups["cluster"][0]),
            "endpointPublicAccess": self.plan.number % 2 == 0,
            "endpointPrivateAccess": True,
            "publicAccessCidrs": ["203.0.113.0/24", "198.51.100.0/25"],
        }
        arn = self.owner.arn("eks", f"cluster/{self.full_name}")
        row: Row = {"name": self.full_name, "arn": arn, "status": "ACTIVE", "version": "1.33", "resourcesVpcConfig": vpc_config}
        return {"cluster": row | {"tags": {"Name": self.full_name, **self.labels}}}
