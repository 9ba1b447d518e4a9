"""Route tables of subnets and internet gateways: sensible routes mostly, and every kind of strange one now and then."""

from __future__ import annotations

from . import rows
from .draft import Draft, Lan, Site
from .inspection import SITE_BLOCKS, guard_of

STRANGE_STATES = ({"State": "blackhole"}, {"State": "filtered"}, {"Origin": "Advertisement"}, {"GatewayOfTomorrow": "gw-1"})


def add_route_tables(draft: Draft) -> None:
    """Add the main route table of every VPC, tables for some of its subnets, and perhaps one for its internet gateway."""
    for site in draft.sites:
        if draft.chance(0.97):
            draft.add("route_table", rows.route_table(draft.new("rtb"), site.id, _routes(draft, site, None), main=True))
        for lan in site.lans:
            public = lan.id in site.nat_lans and draft.chance(0.8)
            inspects = any(one.lan_id == lan.id for one in site.guards)
            if public or draft.chance(0.9 if inspects else 0.4):
                table = rows.route_table(draft.new("rtb"), site.id, _routes(draft, site, lan, public), subnets=[lan.id])
                if draft.chance(0.03):
                    table["Associations"][0]["AssociationState"]["State"] = "disassociated"
                draft.add("route_table", table)
        gateway = next((one for one in site.gateways if one.startswith("igw-")), "")
        if gateway and draft.chance(0.6 if site.guards else 0.12):
            draft.add("route_table", rows.route_table(draft.new("rtb"), site.id, _edge_routes(draft, site), gateway=gateway))


def _routes(draft: Draft, site: Site, lan: Lan | None, public: bool = False) -> list[rows.Row]:
    """Return the routes of the table of a subnet, None for the main one; of a `public` one without a way to a NAT gateway."""
    made = [rows.route(cidr, "local", Origin="CreateRouteTable") for cidr in site.cidrs] if draft.chance(0.8) else []
    guarded = _guarded(draft, site, lan)
    for destination, target in [*_usual(draft, site, public), *_unusual(draft, site), *guarded]:
        told = target.startswith("vgw-") and destination in SITE_BLOCKS and draft.chance(0.4)
        one = rows.route(destination, target, **({"Origin": "EnableVgwRoutePropagation"} if told else {}))
        if draft.chance(0.04):
            one |= draft.one(STRANGE_STATES)
        made.append(one)
    return list({_destination(one): one for one in made}.values())


def _guarded(draft: Draft, site: Site, lan: Lan | None) -> list[tuple[str, str]]:
    """Return the routes that lead a subnet through an endpoint that inspects: out, and to other subnets and VPCs."""
    guard = guard_of(draft, site, lan)
    own = lan.v4 if lan is not None else ""
    return [(one, guard) for one in site.inspected if guard and one != own and draft.chance(0.9)]


def _destination(one: rows.Row) -> str:
    return next(str(value) for key, value in one.items() if key.startswith("Destination"))


def _usual(draft: Draft, site: Site, public: bool) -> list[tuple[str, str]]:
    """Return a default route of each family, a route to each peer, and one to each gateway endpoint, most of the time."""
    found: list[tuple[str, str]] = []
    nats = [] if public else [one for one in site.gateways if one.startswith("nat-")] * 2
    doors = [one for one in site.gateways if one.startswith("igw-")] + nats
    doors_v6 = [one for one in site.gateways if one.startswith(("igw-", "eigw-"))]
    if doors and draft.chance(0.85):
        found.append(("0.0.0.0/0", draft.one(doors)))
    if doors_v6 and draft.chance(0.85):
        found.append(("::/0", draft.one(doors_v6)))
    for pcx in (one for one in site.gateways if one.startswith("pcx-")):
        peers = [other for other in draft.sites if other is not site and pcx in other.gateways]
        found += [(cidr, pcx) for peer in peers for cidr in peer.cidrs if draft.chance(0.85)]
        if not peers:
            found.append(("10.9.0.0/16", pcx))
    for tgw in (one for one in site.gateways if one.startswith("tgw-")):
        others = [cidr for other in draft.sites if other is not site for cidr in other.cidrs]
        found += [(cidr, tgw) for cidr in others if draft.chance(0.6)]
    for vgw in (one for one in site.gateways if one.startswith("vgw-")):
        found += [(block, vgw) for block in SITE_BLOCKS if draft.chance(0.6)]
    return found + [("pl-s3", one) for one in site.gateways if one.startswith("vpce-") and draft.chance(0.5)]


def _unusual(draft: Draft, site: Site) -> list[tuple[str, str]]:
    """Return routes that are narrow, lead to a middlebox, name lists that overlap, or nothing that exists."""
    found: list[tuple[str, str]] = []
    boxes = [host.id for host in draft.hosts if host.site is site and host.forwards]
    narrow = [cidr for lan in site.lans for cidr in lan.cidrs]
    if boxes and draft.chance(0.5):
        wide = ["0.0.0.0/0", "::/0", "8.0.0.0/8", *(cidr for other in draft.sites for cidr in other.cidrs)]
        found += [(destination, draft.one(boxes)) for destination in draft.some([*narrow, *wide], 1, 2)]
    everything = [*site.gateways, *boxes, *(host.id for host in draft.hosts if host.site is site)]
    if draft.chance(0.12):
        targets = [one for one in everything if one.startswith(("nat-", "eni-", "vpce-"))]
        found += [(draft.one(narrow), one) for one in draft.some(targets, 1, 1)]
    if draft.chance(0.25):
        strangers = ["vgw-gone", "tgw-gone", "new-thing", "igw-gone", "nat-gone", "eni-gone"]
        lists = draft.some([*draft.lists, *(["pl-gone"] if draft.chance(0.2) else [])], 1, 2)
        found += [(one, draft.one([*everything, *everything, *strangers])) for one in lists]
    if draft.chance(0.15):
        places = ["8.8.0.0/16", "0.0.0.0/1", "2600::/12", "64:ff9b::/96", "10.0.0.0/8"]
        found += [(draft.one(places), one) for one in draft.some(everything, 1, 1)]
    return found


def _edge_routes(draft: Draft, site: Site) -> list[rows.Row]:
    """Return the routes of an internet gateway: whole subnets to middleboxes, or to where they are."""
    boxes = [host.id for host in draft.hosts if host.site is site and host.forwards] or ["local"]
    boxes = [one.id for one in site.guards] or boxes
    holding = {one.lan_id for one in site.guards}
    cidrs = [cidr for lan in site.lans if lan.id not in holding for cidr in lan.cidrs]
    return [rows.route(cidr, draft.one([*boxes, *boxes, "local"])) for cidr in draft.some(cidrs, 1, 4 if site.guards else 2)]
