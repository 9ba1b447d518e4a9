"""Groups and ACLs of one VPC with web, app and data tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rows import ANYWHERE, ANYWHERE_V6, Row, acl, entry, group, id_of, pair, rule

if TYPE_CHECKING:
    from .site import Rows, Site

# The organisation's own blocks, and the prefix lists that its accounts share.
ORGANISATION = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12")
CORPORATE, INTERNAL, MONITORING = (id_of("pl", name) for name in ("corporate", "internal", "monitoring"))
# The list of S3's blocks, which AWS keeps, and the blocks.
S3, S3_BLOCKS = "pl-6da54004", ["52.218.0.0/17", "52.92.16.0/20", "3.5.64.0/21"]
EPHEMERAL = (1024, 65535)


def acls(site: Site) -> Rows:
    """Yield ACLs: the default one, one for the app subnets of every second VPC, one for the data subnets of two in three."""
    v6 = bool(site.plan.v6)
    everywhere = [ANYWHERE, *([ANYWHERE_V6] if v6 else [])]
    open_ = [entry(100 + at, egress, "allow", block) for egress in (False, True) for at, block in enumerate(everywhere)]
    own = {"app": site.plan.number % 2 == 1, "data": site.plan.number % 3 != 2}
    rest = [one for tier in site.tiers if not own.get(tier) for one in site.of_tier(tier)]
    yield "NetworkAcls", acl(site.owner, f"{site.name}-default", site.name, open_, rest, default=True, v6=v6)
    if own["app"]:
        # A denied 3389 hits replies too, where clients call from any port above 1023: some do it, as in real life.
        refused = (3389, 3389) if site.plan.number % 6 == 3 else (445, 445)
        entries = [entry(80, False, "deny", "192.0.2.0/24"), entry(90, False, "deny", ANYWHERE, refused)]
        entries += [entry(100 + at, False, "allow", one, (443, 443)) for at, one in enumerate(ORGANISATION)]
        entries += [entry(110 + at, False, "allow", one, (22, 22)) for at, one in enumerate(ORGANISATION)]
        entries += [entry(120 + at, False, "allow", one, EPHEMERAL) for at, one in enumerate(everywhere)]
        entries += [entry(90, True, "deny", ANYWHERE, (25, 25)), *(one for one in open_ if one["Egress"])]
        yield "NetworkAcls", acl(site.owner, f"{site.name}-app", site.name, entries, site.of_tier("app"), v6=v6)
    if own["data"]:
        callers = [one["CidrBlock"] for tier in ("app", "pods") for one in site.of_tier(tier)]
        entries = [entry(100 + at, False, "allow", one, (3306, 6379)) for at, one in enumerate(callers)]
        entries += [entry(110 + at, False, "allow", one, (22, 22)) for at, one in enumerate(callers)]
        entries += [entry(100 + at, True, "allow", one, EPHEMERAL) for at, one in enumerate(callers)]
        yield "NetworkAcls", acl(site.owner, f"{site.name}-data", site.name, entries, site.of_tier("data"), v6=v6)


def everything(site: Site) -> list[Row]:
    """Return the outbound rules of a group that nobody restricted."""
    return [rule(None, ANYWHERE, *([ANYWHERE_V6] if site.plan.v6 else []))]


def common(site: Site) -> Rows:
    """Yield the groups that every VPC has: the default one, and that of the load balancer."""
    name = f"{site.name}-default"
    default = group(site.owner, name, site.name, [rule(None, groups=[pair(site.owner, name)])], everything(site))
    yield "SecurityGroups", default | {"GroupName": "default", "Description": "default VPC security group"}
    inbound = [rule(port, ANYWHERE, ANYWHERE_V6) for port in (80, 443)]
    outbound = [rule((8080, 8443), *site.plan.cidrs)]
    yield "SecurityGroups", group(site.owner, f"{site.name}-lb", site.name, inbound, outbound)


def groups(site: Site) -> Rows:
    """Yield the groups of the tiers; two of the five of the app tier restrict what goes out."""
    yield from common(site)
    into = {"web": _into_web, "app": _into_app, "data": into_data, "tools": _into_tools}
    for tier, names in site.groups.items():
        for at, name in enumerate(names):
            inbound = into[tier](site, at, name) if tier in into else []
            outbound = _out_of_app(site) if tier == "app" and at % 5 in (2, 4) else everything(site)
            yield "SecurityGroups", group(site.owner, name, site.name, inbound, outbound, tier=tier, **site.labels)


def some(site: Site, tier: str, number: int) -> list[Row]:
    """Return some groups of a tier as the far side of a permission."""
    return [pair(site.owner, name) for name in sorted(site.random.sample(site.groups[tier], number))]


def _into_web(site: Site, at: int, name: str) -> list[Row]:
    balanced = [rule(8080, groups=[pair(site.owner, f"{site.name}-lb")]), rule(443, lists=[INTERNAL])]
    first = balanced if at else [rule(443, ANYWHERE, ANYWHERE_V6)]
    return [*first, rule(22, groups=some(site, "tools", 1), lists=[CORPORATE])]


def _into_app(site: Site, at: int, name: str) -> list[Row]:
    made = [rule(8080, groups=[*some(site, "web", 1), pair(site.owner, f"{site.name}-lb")])]
    made += [rule(8081, groups=some(site, "app", 2)), rule(9100, groups=some(site, "tools", 1), lists=[MONITORING])]
    if at % 5 in (1, 2):
        made.append(rule(8443, lists=[INTERNAL]))
    return [*made, rule(site.random.randrange(1024, 9000), site.random.choice(site.of_tier("app"))["CidrBlock"])]


def into_data(site: Site, at: int, name: str) -> list[Row]:
    """Return the rules of a data group; the first app group may always reach the first of them."""
    first = [pair(site.owner, site.groups["app"][0])] if at == 0 else []
    callers = {one["GroupId"]: one for one in [*first, *some(site, "app", 2)]}
    made = [rule(5432, groups=callers.values()), rule(3306, site.random.choice(site.of_tier("app"))["CidrBlock"])]
    made += [rule(6379, groups=some(site, "lambda", 1))] if "lambda" in site.groups else []
    return [*made, rule(None, groups=[pair(site.owner, name)])]


def _into_tools(site: Site, at: int, name: str) -> list[Row]:
    return [rule(22, lists=[CORPORATE]), rule(443, *site.plan.cidrs) if at else rule(443, lists=[INTERNAL])]


def _out_of_app(site: Site) -> list[Row]:
    data = rule(5432, groups=some(site, "data", 2))
    web = rule(443, lists=[S3]) if site.plan.number % 4 == 0 else rule(443, ANYWHERE, ANYWHERE_V6)
    return [web, data, rule(8443, lists=[INTERNAL]), rule(53, *site.plan.cidrs, of="udp")]
