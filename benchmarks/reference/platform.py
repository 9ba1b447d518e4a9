"""`platform`: a cluster of EKS with its databases, and an API that a partner asks by PrivateLink from a network of its own."""

from __future__ import annotations

from ..organisation.rows import Owner, Row
from .balancers import Behind, balancer, listen
from .cluster import allowed_principal, aurora, cluster, node, opensearch, pod, service, service_name
from .estate import Estate, Site
from .flaws import Flaw, public, rule, uses_table
from .rows import doors, endpoint, flow_log, s3

PROVIDER, PARTNER = Owner("444400004444"), Owner("555500005555", shift=1)
CIDR, PARTNER_CIDR, LAB_CIDR = "10.80.0.0/16", "172.30.0.0/16", "172.31.0.0/16"
LABELS = {"env": "prod", "context": "accounts", "owner": "team-platform", "classification": "internal"}
OF_PARTNER = {"env": "prod", "context": "consumer", "owner": "consumer", "classification": "public"}
OFFICE = "198.51.100.0/24"
# An endpoint of another partner, whose network nobody here has seen.
FAR = ("666600006666", "vpce-0f1e2d3c4b5a69788")

SUBNETS = [  # name, block, zone
    ("public-a", "10.80.0.0/24", 0),
    ("public-b", "10.80.1.0/24", 1),
    ("nodes-a", "10.80.16.0/20", 0),
    ("nodes-b", "10.80.32.0/20", 1),
    ("inner-a", "10.80.8.0/24", 0),
    ("inner-b", "10.80.9.0/24", 1),
    ("data-a", "10.80.48.0/24", 0),
    ("data-b", "10.80.49.0/24", 1),
]
TABLES = {  # subnets, routes beside the local one
    "main": (["inner-a", "inner-b"], []),
    "public": (["public-a", "public-b"], ["0.0.0.0/0 -> igw:platform"]),
    "nodes-a": (["nodes-a"], ["0.0.0.0/0 -> nat:nat-a", "pl-6da54004 -> vpce:s3"]),
    "nodes-b": (["nodes-b"], ["0.0.0.0/0 -> nat:nat-b", "pl-6da54004 -> vpce:s3"]),
    "data": (["data-a", "data-b"], []),
}
ACLS = {  # subnets, inbound, outbound
    "data": (
        ["data-a", "data-b"],
        [
            "100 allow tcp/5432 from 10.80.16.0/20",
            "110 allow tcp/5432 from 10.80.32.0/20",
            "120 allow tcp/443 from 10.80.16.0/20",
            "130 allow tcp/443 from 10.80.32.0/20",
        ],
        ["100 allow tcp/1024-65535 to 10.80.16.0/20", "110 allow tcp/1024-65535 to 10.80.32.0/20"],
    ),
}
GROUPS = {  # inbound, outbound
    "cluster": (["all from cluster", "tcp/443 from accounts-pods", "udp/53 from accounts-pods"], ["all to 0.0.0.0/0"]),
    "accounts-pods": (
        ["tcp/8443 from partner-nlb", "tcp/8080 from cluster  # probes of the kubelet"],
        [
            "tcp/5432 to accounts-db",
            "tcp/443 to search-domain",
            "udp/53 to cluster",
            "tcp/443 to cluster",
            "tcp/443 to aws-services",
        ],
    ),
    "partner-nlb": ([f"tcp/443 from {PARTNER_CIDR}", "tcp/443 from 172.29.0.0/16"], ["all to 10.80.0.0/16"]),
    "accounts-db": (["tcp/5432 from accounts-pods"], []),
    "search-domain": (["tcp/443 from accounts-pods"], []),
    "aws-services": (["tcp/443 from 10.80.16.0/20", "tcp/443 from 10.80.32.0/20"], []),
}
PODS = [  # name, subnet, address: those that have a group of their own
    ("accounts-api-1", "nodes-a", "10.80.20.11"),
    ("accounts-api-2", "nodes-b", "10.80.36.11"),
]


def sound() -> Estate:
    """Return the platform and its partner as their architects meant them."""
    estate = Estate()
    site = Site.new(estate, PROVIDER, "platform", CIDR, LABELS)
    site.subnets(SUBNETS)
    site.tables(TABLES, "main")
    site.acls(ACLS)
    site.groups(GROUPS)
    doors(site, {"nat-a": ("public-a", "10.80.0.5", "203.0.113.165"), "nat-b": ("public-b", "10.80.1.5", "203.0.113.166")})
    cluster(site, "accounts", {"inner-a": "10.80.8.10", "inner-b": "10.80.9.10"}, "cluster", [OFFICE])
    node(site, "accounts", "node-a", "nodes-a", ("10.80.16.10", "10.80.16.20"), "cluster")
    node(site, "accounts", "node-b", "nodes-b", ("10.80.32.10", "10.80.32.20"), "cluster")
    for name, place, address in PODS:
        pod(site, name, place, address, "accounts-pods", tier="pods", namespace="accounts")
    members = {"accounts-db-1": ("data-a", "10.80.48.50"), "accounts-db-2": ("data-b", "10.80.49.50")}
    aurora(site, "accounts-db", members, ["data-a", "data-b"], "accounts-db", tier="data", classification="pii")
    opensearch(site, "search", [("data-a", "10.80.48.60"), ("data-b", "10.80.49.60")], "search-domain")
    for number, name in enumerate(("ecr.api", "ecr.dkr")):
        at = [("inner-a", f"10.80.8.{20 + number}"), ("inner-b", f"10.80.9.{20 + number}")]
        endpoint(site, name, f"com.amazonaws.{PROVIDER.region}.{name}", at, "aws-services")
    s3(site, "s3", ["nodes-a", "nodes-b"], "accounts-*/*")
    behind = [Behind(443, "TCP", "accounts-api", ("TCP", 8443), tuple(one[0] for one in PODS), "ip")]
    nodes = [("inner-a", "10.80.8.30", ""), ("inner-b", "10.80.9.30", "")]
    arn = balancer(site, "accounts-nlb", "network", nodes, "partner-nlb", behind)
    connections = _consumers(estate, site)
    service(site, "accounts-api", arn, [f"arn:aws:iam::{one}:root" for one in (PARTNER.account, FAR[0])], connections)
    flow_log(site)
    return estate


def _consumers(estate: Estate, provider: Site) -> dict[str, tuple[str, str]]:
    """Add the partner's networks and return the endpoints that ask for the service: one waits, one is in nobody's snapshot."""
    name = service_name(provider, "accounts-api")
    ids = {}
    for vpc, cidr, state in (("partner", PARTNER_CIDR, "available"), ("lab", LAB_CIDR, "pendingAcceptance")):
        site = Site.new(estate, PARTNER, vpc, cidr, {**OF_PARTNER, "env": "prod" if vpc == "partner" else "dev"})
        net = cidr.removesuffix(".0.0/16")
        # Zones have other names in this account: its zone 0 is the provider's.
        site.subnets([(f"{vpc}-a", f"{net}.0.0/24", 0), (f"{vpc}-b", f"{net}.1.0/24", 1)])
        site.tables({f"{vpc}-main": ([], [])}, f"{vpc}-main")
        site.acls({})
        site.groups(
            {
                f"{vpc}-hosts": ([], ["all to 0.0.0.0/0"]),
                f"{vpc}-link": ([f"all from {vpc}-hosts"], []),
            }
        )
        site.host(f"{vpc}-1", f"{vpc}-a", f"{net}.0.11", f"{vpc}-hosts")
        at = [(f"{vpc}-a", f"{net}.0.20"), (f"{vpc}-b", f"{net}.1.20")]
        ids[endpoint(site, f"{vpc}-accounts", name, at, f"{vpc}-link", state=state)] = (PARTNER.account, state)
    return ids | {FAR[1]: (FAR[0], "available")}


# ---------------------------------------------------------------------- what people do
def _open_service(estate: Estate) -> None:
    (row,) = estate.rows("ServiceConfigurations")
    row["AcceptanceRequired"] = False
    (allowed,) = estate.rows("VpcEndpointServicePermissions")
    allowed["AllowedPrincipals"] = [allowed_principal(row["ServiceId"], "*")]
    for one in estate.rows("VpcEndpointConnections"):
        one["VpcEndpointState"] = "available"
    for endpoint_ in estate.rows("VpcEndpoints"):
        if endpoint_["State"] == "pendingAcceptance":
            endpoint_["State"] = "available"


def _kubelet(estate: Estate) -> None:
    site = Site(estate, PROVIDER, "platform", CIDR, LABELS)
    (row,) = estate.rows("LoadBalancers")
    listen(site, row["LoadBalancerArn"], Behind(10250, "TCP", "kubelet", ("TCP", 10250), ("node-a", "node-b"), "ip"))


def _open_api(estate: Estate) -> None:
    (document,) = [one for one in estate.documents.values() if "cluster" in one]
    config: Row = document["cluster"]["resourcesVpcConfig"]
    config["publicAccessCidrs"] = ["0.0.0.0/0"]


def _public_nodes(estate: Estate) -> None:
    estate.row("subnet", "nodes-b")["MapPublicIpOnLaunch"] = True
    uses_table("nodes-b", "public")(estate)
    public("node-b", "203.0.113.180")(estate)


OWNERS = (PROVIDER, PARTNER)
FLAWS = [
    Flaw(
        "a service for everybody",
        "Partners waited for approval too long: the endpoint service takes every account, and nobody accepts any more.",
        (_open_service, rule("partner-nlb", "tcp/443 from 0.0.0.0/0  # any partner")),
        *("lab-1", "accounts-api-1", "tcp/8443"),
    ),
    Flaw(
        "the kubelet behind the balancer",
        "For the partner's monitoring the load balancer got a listener for the kubelets, and the nodes' group admits it.",
        (
            _kubelet,
            rule("cluster", "tcp/10250 from partner-nlb  # monitoring"),
            rule("partner-nlb", f"tcp/10250 from {PARTNER_CIDR}  # monitoring"),
        ),
        *("partner-1", "node-a", "tcp/10250"),
    ),
    Flaw(
        "nodes in public",
        "For a demo the nodes of one zone moved to the public route table, with public addresses, and NodePorts are open.",
        (_public_nodes, rule("cluster", "tcp/30000-32767 from 0.0.0.0/0  # demo")),
        *("internet", "node-b", "tcp/30080"),
    ),
    Flaw(
        "an API for everybody",
        "From home the cluster's public endpoint was out of reach: it takes everybody's connections now.",
        (_open_api,),
        *("192.0.2.77", "eks:accounts", "https"),
    ),
    Flaw(
        "every namespace at the database",
        "A batch job without a group of its own had to read accounts: the database admits the group of the nodes.",
        (rule("accounts-db", "tcp/5432 from cluster  # batch"),),
        *("node-a", "accounts-db-1", "tcp/5432"),
    ),
]
