"""`shop`: three tiers in two zones behind a load balancer; its data tier takes nothing but what the app tier asks."""

from __future__ import annotations

from ..organisation.rows import Owner
from .balancers import Behind, balancer
from .estate import Estate, Site
from .flaws import Flaw, public, route, rule, uses_acl
from .rows import cache, doors, flow_log, rds, s3, tunnel, web_acl

OWNER, CIDR = Owner("210987654321"), "10.20.0.0/16"
LABELS = {"env": "prod", "context": "ordering", "owner": "team-shop", "classification": "internal"}

SUBNETS = [  # name, block, zone
    ("public-a", "10.20.0.0/24", 0),
    ("public-b", "10.20.1.0/24", 1),
    ("web-a", "10.20.10.0/24", 0),
    ("web-b", "10.20.11.0/24", 1),
    ("app-a", "10.20.20.0/24", 0),
    ("app-b", "10.20.21.0/24", 1),
    ("data-a", "10.20.30.0/24", 0),
    ("data-b", "10.20.31.0/24", 1),
    ("ops-a", "10.20.40.0/24", 0),
]
TABLES = {  # subnets, routes beside the local one
    "main": ([], []),
    "public": (["public-a", "public-b"], ["0.0.0.0/0 -> igw:shop"]),
    "private-a": (["web-a", "app-a", "ops-a"], ["0.0.0.0/0 -> nat:nat-a", "pl-6da54004 -> vpce:s3"]),
    "private-b": (["web-b", "app-b"], ["0.0.0.0/0 -> nat:nat-b", "pl-6da54004 -> vpce:s3"]),
    "data": (["data-a", "data-b"], ["pl-6da54004 -> vpce:s3"]),
}
ACLS = {  # subnets, inbound, outbound
    "data": (
        ["data-a", "data-b"],
        ["100 allow tcp/5432 from 10.20.20.0/23", "110 allow tcp/6379 from 10.20.20.0/23"],
        ["100 allow tcp/1024-65535 to 10.20.20.0/23"],
    ),
}
GROUPS = {  # inbound, outbound
    "alb": (["tcp/443 from 0.0.0.0/0", "tcp/80 from 0.0.0.0/0  # redirected"], ["tcp/8080 to web"]),
    "web": (["tcp/8080 from alb", "tcp/22 from ops"], ["tcp/8443 to app", "tcp/443 to 0.0.0.0/0"]),
    "app": (
        ["tcp/8443 from web", "tcp/22 from ops"],
        ["tcp/5432 to orders-db", "tcp/6379 to sessions", "tcp/443 to 0.0.0.0/0"],
    ),
    "orders-db": (["tcp/5432 from app"], []),
    "sessions": (["tcp/6379 from app"], []),
    "tunnels": ([], ["tcp/22 to ops"]),
    "ops": (["tcp/22 from tunnels"], ["tcp/22 to web", "tcp/22 to app", "tcp/443 to 0.0.0.0/0"]),
}
HOSTS = [  # name, subnet, address, groups
    ("web-1", "web-a", "10.20.10.11", "web"),
    ("web-2", "web-b", "10.20.11.11", "web"),
    ("app-1", "app-a", "10.20.20.11", "app"),
    ("app-2", "app-b", "10.20.21.11", "app"),
    ("bastion", "ops-a", "10.20.40.11", "ops"),
]


def sound() -> Estate:
    """Return the shop as its architect meant it."""
    estate = Estate()
    site = Site.new(estate, OWNER, "shop", CIDR, LABELS)
    site.subnets(SUBNETS)
    site.tables(TABLES, "main")
    site.acls(ACLS)
    site.groups(GROUPS)
    doors(site, {"nat-a": ("public-a", "10.20.0.5", "203.0.113.65"), "nat-b": ("public-b", "10.20.1.5", "203.0.113.66")})
    for name, place, address, groups in HOSTS:
        tier = name.partition("-")[0]
        site.host(name, place, address, groups, tier="ops" if tier == "bastion" else tier, role=tier)
    nodes = [("public-a", "10.20.0.20", "203.0.113.70"), ("public-b", "10.20.1.20", "203.0.113.71")]
    behind = [Behind(443, "HTTPS", "web", ("HTTP", 8080), ("web-1", "web-2")), Behind(80, "HTTP")]
    web_acl(site, balancer(site, "storefront", "application", nodes, "alb", behind), "storefront")
    rds(site, "orders", ("data-a", "10.20.30.50"), ["data-a", "data-b"], "orders-db", tier="data", classification="pii")
    cache(site, "sessions", [("data-a", "10.20.30.60"), ("data-b", "10.20.31.60")], "sessions", tier="data")
    tunnel(site, "connect", "ops-a", "10.20.40.5", "tunnels")
    s3(site, "s3", ["private-a", "private-b", "data"], "shop-*/*")
    flow_log(site)
    return estate


def _canary(estate: Estate) -> None:
    site = Site(estate, OWNER, "shop", CIDR, LABELS)
    site.groups({"launch-wizard-1": (["tcp/22 from 0.0.0.0/0"], ["all to 0.0.0.0/0"])})
    groups = "app launch-wizard-1"
    site.host("app-canary", "public-b", "10.20.1.30", groups, public="203.0.113.80", tier="app", role="app")


OWNERS = (OWNER,)
FLAWS = [
    Flaw(
        "open database",
        "The analysts have no VPN, so the group of the database admits everybody until they have.",
        (rule("orders-db", "tcp/5432 from 0.0.0.0/0  # analysts, until they have a VPN"),),
        *("internet", "orders", "tcp/5432"),
    ),
    Flaw(
        "public database",
        "`Publicly accessible` was ticked for a migration, and the data tier got a route to the internet gateway for it.",
        (public("orders", "203.0.113.90"), route("data", "0.0.0.0/0 -> igw:shop")),
        *("internet", "orders", "tcp/5432"),
    ),
    Flaw(
        "default ACL",
        "The ACL of the data tier was in the way of an upgrade: its subnets use the VPC's default one, which is open.",
        (uses_acl("data-a", "shop-default"), uses_acl("data-b", "shop-default")),
        *("bastion", "orders", "tcp/5432"),
    ),
    Flaw(
        "bastion at the database",
        "Somebody on call opened the way from the bastion to the database, and nobody closed it.",
        (rule("orders-db", "tcp/5432 from ops"), rule("ops", "tcp/5432 to orders-db")),
        *("bastion", "orders", "tcp/5432"),
    ),
    Flaw(
        "canary in public",
        "A new app host was tried out by the launch wizard: in a public subnet, with a public address and ssh for everybody.",
        (_canary,),
        *("internet", "app-canary", "ssh"),
    ),
    Flaw(
        "web tier at the sessions",
        "The web tier reads sessions directly since a release in a hurry.",
        (rule("sessions", "tcp/6379 from web"), rule("web", "tcp/6379 to sessions")),
        *("web-1", "sessions-001", "tcp/6379"),
    ),
]
