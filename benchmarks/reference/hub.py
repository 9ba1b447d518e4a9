"""`hub`: spokes of three accounts on a transit gateway; whatever goes from one to another, out or in passes one firewall."""

from __future__ import annotations

from collections.abc import Callable

from ..organisation.rows import WHEN, Owner, Row, id_of, internet_gateway, tags
from .balancers import Behind, balancer
from .estate import Estate, Site
from .flaws import Change, Flaw, public, route, rule, uses_table
from .lines import route_of
from .rows import doors, flow_log, rds, web_acl
from .transit import Attached, firewall, gateway, lets_pass, transit_route, vpn

NETWORK, PRODUCTION, DEVELOPMENT = Owner("111100001111"), Owner("222200002222"), Owner("333300003333")
SITE_BLOCK, OWN_PUBLIC = "172.20.0.0/16", "203.0.113.0/24"
OF_NETWORK = {"env": "shared", "context": "platform", "owner": "team-network", "classification": "internal"}


def _labels(env: str, context: str) -> dict[str, str]:
    return {"env": env, "context": context, "owner": f"team-{context}", "classification": "internal"}


SPOKES = {  # account, block, what its resources are marked as
    "payments": (PRODUCTION, "10.32.0.0/16", _labels("prod", "payments")),
    "ledger": (PRODUCTION, "10.33.0.0/16", _labels("prod", "ledger")),
    "catalog": (PRODUCTION, "10.34.0.0/16", _labels("prod", "catalog")),
    "dev": (DEVELOPMENT, "10.48.0.0/16", _labels("dev", "sandbox")),
    "shared": (NETWORK, "10.40.0.0/16", _labels("shared", "tooling")),
}
GROUPS = {  # of which VPC: groups with what they let in and out; between VPCs the firewall decides who is who
    "payments": {
        "payments-api": (
            ["tcp/8443 from 10.0.0.0/8", "tcp/22 from 10.40.0.0/16"],
            ["tcp/5432 to 10.33.0.0/16", "tcp/443 to 0.0.0.0/0"],
        ),
    },
    "ledger": {
        "ledger-app": (
            ["tcp/8443 from 10.0.0.0/8", "tcp/22 from 10.40.0.0/16"],
            ["tcp/5432 to ledger-db", "tcp/443 to 0.0.0.0/0"],
        ),
        "ledger-db": (["tcp/5432 from ledger-app", "tcp/5432 from 10.32.0.0/16  # payments, by contract"], []),
    },
    "catalog": {
        "catalog-app": (
            ["tcp/8443 from 10.0.0.0/8", "tcp/22 from 10.40.0.0/16"],
            ["tcp/8443 to 10.32.0.0/16", "tcp/5432 to 10.0.0.0/8", "tcp/443 to 0.0.0.0/0"],
        ),
    },
    "dev": {"dev-host": (["tcp/22 from 10.40.0.0/16"], ["all to 0.0.0.0/0"])},
    "shared": {
        "ci": (["tcp/443 from 10.0.0.0/8", f"tcp/443 from {SITE_BLOCK}"], ["tcp/443 to 0.0.0.0/0"]),
        "jump": ([f"tcp/22 from {SITE_BLOCK}"], ["tcp/22 to 10.0.0.0/8", "tcp/443 to 0.0.0.0/0"]),
    },
    "ingress": {"front": (["tcp/443 from 0.0.0.0/0"], ["tcp/8443 to 10.32.0.0/16"])},
    "inspection": {},
}
HOSTS = {  # of which VPC: name, subnet, address, group
    "payments": [("payments-1", "app-a", "10.32.0.11", "payments-api"), ("payments-2", "app-b", "10.32.1.11", "payments-api")],
    "ledger": [("ledger-1", "app-a", "10.33.0.11", "ledger-app"), ("ledger-2", "app-b", "10.33.1.11", "ledger-app")],
    "catalog": [("catalog-1", "app-a", "10.34.0.11", "catalog-app"), ("catalog-2", "app-b", "10.34.1.11", "catalog-app")],
    "dev": [("dev-1", "app-a", "10.48.0.11", "dev-host"), ("dev-2", "app-b", "10.48.1.11", "dev-host")],
    "shared": [("ci-1", "app-a", "10.40.0.11", "ci"), ("jump-1", "app-b", "10.40.1.11", "jump")],
}
PASSES = [  # the firewall's rules; all else is dropped
    "tcp/8443 10.61.0.0/24 -> 10.32.0.0/16  # from the load balancer to payments",
    "tcp/8443 10.34.0.0/16 -> 10.32.0.0/16  # catalog asks payments, by contract",
    "tcp/5432 10.32.0.0/16 -> 10.33.0.0/16  # payments asks the ledger, by contract",
    "tcp/22 10.40.1.0/24 -> 10.32.0.0/12  # operators, by the jump hosts",
    "tcp/22 10.40.1.0/24 -> 10.48.0.0/16  # operators, by the jump hosts",
    "tcp/443 10.0.0.0/8 -> 10.40.0.0/16  # everybody builds",
    f"tcp/443 {SITE_BLOCK} -> 10.40.0.0/16  # the office builds",
    f"tcp/22 {SITE_BLOCK} -> 10.40.1.0/24  # operators, from the office",
    f"tcp/443 10.0.0.0/8 -> ![10.0.0.0/8,{SITE_BLOCK},{OWN_PUBLIC}]  # out to the internet, not back in",
]
SPOKE = ["0.0.0.0/0 static inspection"]
BACK = ["10.0.0.0/8 static inspection", f"{SITE_BLOCK} static inspection"]
TRANSIT = {  # tables of the gateway
    "production": SPOKE,
    "development": SPOKE,
    "services": SPOKE,
    "edge": BACK,
    "inspected": [
        *(f"{block} propagated {name}" for name, (_, block, _) in SPOKES.items()),
        "10.61.0.0/24 propagated ingress",
        f"{SITE_BLOCK} static office",
    ],
}
TABLE_OF = {"payments": "production", "ledger": "production", "catalog": "production", "dev": "development", "shared": "services"}


def sound() -> Estate:
    """Return the hub as its architect meant it."""
    estate = Estate()
    sites = {name: _spoke(estate, name) for name in SPOKES}
    sites |= {"inspection": _inspection(estate), "ingress": _ingress(estate)}
    gateway(estate, NETWORK, "hub", _attached(sites), TRANSIT, OF_NETWORK)
    vpn(estate, NETWORK, "office", "hub", "198.51.100.10", OF_NETWORK)
    firewall(sites["inspection"], "inspection", ["inspection-fw-a", "inspection-fw-b"], PASSES)
    nodes = [("ingress-public-a", "10.61.0.20", "203.0.113.120"), ("ingress-public-b", "10.61.0.36", "203.0.113.121")]
    behind = [Behind(443, "HTTPS", "payments", ("HTTPS", 8443), ("payments-1", "payments-2"), "ip")]
    arn = balancer(sites["ingress"], "checkout", "application", nodes, "front", behind)
    web_acl(sites["ingress"], arn, "checkout")
    subnets = ["ledger-data-a", "ledger-data-b"]
    rds(sites["ledger"], "ledger", ("ledger-data-a", "10.33.8.50"), subnets, "ledger-db", classification="pii")
    for site in sites.values():
        flow_log(site)
    return estate


def _attached(sites: dict[str, Site]) -> list[Attached]:
    spokes = [
        Attached(name, table, sites.get(name), tuple(f"{name}-tgw-{zone}" for zone in "ab")) for name, table in TABLE_OF.items()
    ]
    inner = tuple(f"inspection-tgw-{zone}" for zone in "ab")
    outer = tuple(f"ingress-tgw-{zone}" for zone in "ab")
    return [
        *spokes,
        Attached("inspection", "inspected", sites.get("inspection"), inner, appliance=True),
        Attached("ingress", "edge", sites.get("ingress"), outer),
        Attached("office", "edge"),
    ]


def _spoke(estate: Estate, name: str) -> Site:
    owner, block, labels = SPOKES[name]
    site = Site.new(estate, owner, name, block, labels)
    net = block.removesuffix(".0.0/16")
    data = [(f"{name}-data-a", f"{net}.8.0/24", 0), (f"{name}-data-b", f"{net}.9.0/24", 1)] if name == "ledger" else []
    apps = [(f"{name}-app-a", f"{net}.0.0/24", 0), (f"{name}-app-b", f"{net}.1.0/24", 1)]
    site.subnets([*apps, *data, (f"{name}-tgw-a", f"{net}.255.0/28", 0), (f"{name}-tgw-b", f"{net}.255.16/28", 1)])
    out = ["0.0.0.0/0 -> tgw:hub"]
    routed = {f"{name}-app-a": ([apps[0][0]], out), f"{name}-app-b": ([apps[1][0]], out)}
    if data:
        routed[f"{name}-data"] = ([one[0] for one in data], ["10.32.0.0/16 -> tgw:hub"])
    site.tables({f"{name}-main": ([], []), **routed}, f"{name}-main")
    site.acls({})
    site.groups(GROUPS[name])
    for host, place, address, groups in HOSTS[name]:
        site.host(host, f"{name}-{place}", address, groups, role=host.partition("-")[0])
    return site


def _inspection(estate: Estate) -> Site:
    site = Site.new(estate, NETWORK, "inspection", "10.60.0.0/24", OF_NETWORK)
    site.subnets([(f"inspection-tgw-{zone}", f"10.60.0.{16 * at}/28", at) for at, zone in enumerate("ab")])
    site.subnets([(f"inspection-fw-{zone}", f"10.60.0.{64 + 16 * at}/28", at) for at, zone in enumerate("ab")])
    site.subnets([(f"inspection-nat-{zone}", f"10.60.0.{128 + 16 * at}/28", at) for at, zone in enumerate("ab")])
    doors(
        site,
        {
            f"egress-{zone}": (f"inspection-nat-{zone}", f"10.60.0.{133 + 16 * at}", f"203.0.113.{110 + at}")
            for at, zone in enumerate("ab")
        },
    )
    tables: dict[str, tuple[list[str], list[str]]] = {"inspection-main": ([], [])}
    inside = ["10.0.0.0/8 -> tgw:hub", f"{SITE_BLOCK} -> tgw:hub"]
    for zone in "ab":
        door = f"vpce:inspection/inspection-fw-{zone}"
        tables[f"inspection-tgw-{zone}"] = ([f"inspection-tgw-{zone}"], [f"0.0.0.0/0 -> {door}"])
        tables[f"inspection-fw-{zone}"] = ([f"inspection-fw-{zone}"], [*inside, f"0.0.0.0/0 -> nat:egress-{zone}"])
        tables[f"inspection-nat-{zone}"] = ([f"inspection-nat-{zone}"], [f"10.0.0.0/8 -> {door}", "0.0.0.0/0 -> igw:inspection"])
    site.tables(tables, "inspection-main")
    site.acls({})
    return site


def _ingress(estate: Estate) -> Site:
    site = Site.new(estate, NETWORK, "ingress", "10.61.0.0/24", {**OF_NETWORK, "context": "payments"})
    site.subnets([(f"ingress-public-{zone}", f"10.61.0.{16 + 16 * at}/28", at) for at, zone in enumerate("ab")])
    site.subnets([(f"ingress-tgw-{zone}", f"10.61.0.{128 + 16 * at}/28", at) for at, zone in enumerate("ab")])
    doors(site, {})
    places = ["ingress-public-a", "ingress-public-b"]
    public_routes = ["10.32.0.0/16 -> tgw:hub", "0.0.0.0/0 -> igw:ingress"]
    site.tables({"ingress-main": ([], []), "ingress-public": (places, public_routes)}, "ingress-main")
    site.acls({})
    site.groups(GROUPS["ingress"])
    return site


# ---------------------------------------------------------------------- what people do
def _transit(table: str, line: str) -> Change:
    def change(estate: Estate) -> None:
        sites = {name: Site(estate, *spoke) for name, spoke in _sites().items()}
        transit_route(estate, table, line, {one.name: one for one in _attached(sites)})

    return change


def _sites() -> dict[str, tuple[Owner, str, str, dict[str, str]]]:
    return {name: (owner, name, block, labels) for name, (owner, block, labels) in SPOKES.items()}


def _passes(line: str) -> Change:
    return lambda estate: lets_pass(estate, line)


def _own_gateway(estate: Estate) -> None:
    site = Site(estate, *_sites()["dev"])
    estate.add(DEVELOPMENT, "InternetGateways", internet_gateway(DEVELOPMENT, "dev") | site.tagged("dev"))
    site.tables({"dev-public": ([], ["10.0.0.0/8 -> tgw:hub", "0.0.0.0/0 -> igw:dev"])}, "")
    uses_table("dev-app-b", "dev-public")(estate)
    public("dev-2", "203.0.113.140")(estate)


def _peered(one: str, other: str) -> Callable[[Estate], None]:
    def change(estate: Estate) -> None:
        (near, near_block, _), (far, far_block, _) = SPOKES[one], SPOKES[other]
        ends = [
            {"OwnerId": owner.account, "VpcId": id_of("vpc", name), "CidrBlock": block, "Region": owner.region}
            for owner, name, block in ((near, one, near_block), (far, other, far_block))
        ]
        row: Row = {"VpcPeeringConnectionId": id_of("pcx", f"{one}-{other}"), "Status": {"Code": "active", "Message": "Active"}}
        row |= {"RequesterVpcInfo": ends[0], "AccepterVpcInfo": ends[1], "Tags": tags(f"{one}-{other}", created=WHEN[:10])}
        for owner in dict.fromkeys((near, far)):
            estate.add(owner, "VpcPeeringConnections", row)
        for table, block in ((f"{one}-app-a", far_block), (f"{other}-app-a", near_block)):
            estate.row("rtb", table)["Routes"].append(route_of(f"{block} -> pcx:{one}-{other}"))

    return change


OWNERS = (NETWORK, PRODUCTION, DEVELOPMENT)
FLAWS = [
    Flaw(
        "propagation past the firewall",
        "For a load test development and production learned each other's routes: packets no longer pass the inspection VPC.",
        (_transit("development", "10.34.0.0/16 propagated catalog"), _transit("production", "10.48.0.0/16 propagated dev")),
        *("dev-1", "catalog-1", "tcp/8443"),
    ),
    Flaw(
        "a gateway of its own",
        "A developer gave a subnet of the spoke an internet gateway, and the host there a public address.",
        (_own_gateway, rule("dev-host", "tcp/22 from 0.0.0.0/0  # from home")),
        *("internet", "dev-2", "ssh"),
    ),
    Flaw(
        "peering past the firewall",
        "To copy data for tests development and the ledger were peered, with routes on both sides.",
        (_peered("dev", "ledger"),),
        *("dev-1", "ledger-1", "tcp/8443"),
    ),
    Flaw(
        "a crossing without contract",
        "A report of the catalog reads the ledger's database, though no contract says that it may.",
        (
            rule("ledger-db", "tcp/5432 from 10.34.0.0/16  # monthly report"),
            _passes("tcp/5432 10.34.0.0/16 -> 10.33.0.0/16  # monthly report"),
            route("ledger-data", "10.34.0.0/16 -> tgw:hub"),
        ),
        *("catalog-1", "rds:ledger", "tcp/5432"),
    ),
    Flaw(
        "the office at the database",
        "An accountant's workstation asks the ledger's database directly.",
        (
            rule("ledger-db", f"tcp/5432 from {SITE_BLOCK}  # accounting"),
            _passes(f"tcp/5432 {SITE_BLOCK} -> 10.33.0.0/16  # accounting"),
            route("ledger-data", f"{SITE_BLOCK} -> tgw:hub"),
        ),
        *("172.20.5.9", "rds:ledger", "tcp/5432"),
    ),
]
