"""Networks behind a firewall: VPCs on a transit gateway that sends all they say to each other through the endpoints of another VPC."""

from __future__ import annotations

from random import Random

from . import rows
from .draft import Draft, Guard, Lan, Site
from .filters import add_acls, add_groups
from .hosts import add_hosts
from .inspection import add_firewall
from .networks import Network
from .relays import add_load_balancers
from .ways import nat_address

ZONES = "abc"


def hub(seed: int) -> Network:
    """Return a network of two or three VPCs, what goes between them inspected, mostly as AWS says how, and else in some strange way."""
    draft = Draft(Random(seed))
    zones = ZONES[: draft.one((2, 2, 3))]
    for number in range(draft.one((2, 2, 3))):
        draft.sites.append(_site(draft, f"10.{number}", draft.some(zones, 1, 2)))
    add_hosts(draft)
    add_load_balancers(draft)
    out = draft.one(zones) if draft.chance(0.5) else ""
    middle = _site(draft, "10.100", [*zones, *zones, *out])
    spokes = list(draft.sites)
    draft.sites.append(middle)
    middle.groups.append(draft.new("sg"))
    half = len(zones)
    landing, inside = middle.lans[:half], middle.lans[half : 2 * half]
    middle.guards.extend(Guard(draft.new("vpce"), lan.id) for lan in inside)
    add_firewall(draft, middle, middle.guards)
    gateway = draft.new("tgw")
    draft.add("transit_gateway", rows.transit_gateway(gateway, references=draft.chance(0.5)))
    _tables(draft, gateway, spokes, (middle, landing))
    _routes(draft, gateway, spokes, (middle, landing))
    add_groups(draft)
    if draft.chance(0.6):
        add_acls(draft)
    return Network(seed, draft.rows, ())


def _site(draft: Draft, prefix: str, zones: list[str]) -> Site:
    site = Site(draft.new("vpc"), [f"{prefix}.0.0/16"], [])
    draft.add("vpc", rows.vpc(site.id, [(site.v4[0], "associated")]))
    for at, zone in enumerate(zones):
        lan = Lan(draft.new("subnet"), site.id, f"{prefix}.{at}.0/24", "", zone)
        site.lans.append(lan)
        draft.add("subnet", rows.subnet(lan.id, site.id, lan.v4, "", zone))
    return site


def _tables(draft: Draft, gateway: str, spokes: list[Site], middle: tuple[Site, list[Lan]]) -> None:
    """Add the attachments and the two tables of the gateway: all that the VPCs send is inspected, and then led to where it goes."""
    tables = [draft.new("tgw-rtb"), draft.new("tgw-rtb")]
    attached = {}
    for site, lans in [*((one, draft.some(one.lans, 1, 2)) for one in spokes), middle]:
        id = attached[site.id] = draft.new("tgw-attach")
        row = rows.transit_attachment(id, gateway, site.id, [lan.id for lan in lans], "available", ipv6=True)
        kept = site is middle[0] and draft.chance(0.75)
        row["Options"]["ApplianceModeSupport"] = "enable" if kept else "disable"
        draft.add("transit_gateway_vpc_attachment", row)
        draft.add("transit_gateway_attachment", rows.transit_association(id, gateway, site.id, tables[site is middle[0]]))
    past = [(site.v4[0], [attached[site.id]]) for site in spokes if draft.chance(0.15)]
    after = [(site.v4[0], [attached[site.id]]) for site in spokes if draft.chance(0.95)]
    if draft.chance(0.15):
        after.append(("10.0.0.0/8", [attached[middle[0].id]]))  # round in circles
    for table, routes in zip(tables, ([("0.0.0.0/0", [attached[middle[0].id]]), *past], after), strict=True):
        draft.add("transit_gateway_route_table", {"TransitGatewayRouteTableId": table, "TransitGatewayId": gateway})
        draft.add("transit_gateway_routes", rows.transit_routes(table, routes))


def _routes(draft: Draft, gateway: str, spokes: list[Site], middle: tuple[Site, list[Lan]]) -> None:
    """Add the route tables of all VPCs: into the gateway, from where packets land to the endpoint of the zone, and from there back."""
    for site in spokes:
        _table(draft, site, [("0.0.0.0/0", gateway)])
        if draft.chance(0.4):
            door = _door(draft, site)
            _table(draft, site, [("0.0.0.0/0", door), ("10.0.0.0/8", gateway)], draft.one(site.lans))
    site, landing = middle
    out = site.lans[2 * len(landing) :]
    nat = _nat(draft, site, out[0]) if out else gateway
    _table(draft, site, [("0.0.0.0/0", nat), ("10.0.0.0/8", gateway)])
    for lan in out:
        back = draft.one([gateway, *(one.id for one in site.guards)])
        _table(draft, site, [("0.0.0.0/0", _door(draft, site)), ("10.0.0.0/8", back)], lan)
    for lan, guard in zip(landing, site.guards, strict=True):
        chosen = guard.id if draft.chance(0.9) else draft.one(site.guards).id
        _table(draft, site, [("0.0.0.0/0", chosen)] if draft.chance(0.95) else [], lan)


def _nat(draft: Draft, site: Site, lan: Lan) -> str:
    id = draft.new("nat")
    addresses = [nat_address(draft, id, site, lan, public=True) for _ in range(draft.one((1, 2)))]
    draft.add("nat_gateway", rows.nat_gateway(id, site.id, lan.id, addresses))
    return id


def _door(draft: Draft, site: Site) -> str:
    """Return the internet gateway of a VPC, made if there is none."""
    if not site.gateways:
        site.gateways.append(draft.new("igw"))
        draft.add("internet_gateway", rows.internet_gateway(site.gateways[0], site.id))
    return site.gateways[0]


def _table(draft: Draft, site: Site, routes: list[tuple[str, str]], lan: Lan | None = None) -> None:
    """Add a route table, the main one or that of a subnet."""
    made = [rows.route(site.v4[0], "local"), *(rows.route(to, by) for to, by in routes)]
    subnets = [lan.id] if lan is not None else []
    draft.add("route_table", rows.route_table(draft.new("rtb"), site.id, made, subnets=subnets, main=lan is None))


def two_sources() -> Network:
    """Return a VPC whose NAT gateway picks one of two addresses, and a public interface of another one that lets the first in alone."""
    draft = Draft(Random(0))
    inside, outside = _site(draft, "10.0", ["a", "a"]), _site(draft, "10.1", ["a"])
    draft.sites.extend((inside, outside))
    public, private = inside.lans
    _table(draft, inside, [("0.0.0.0/0", _door(draft, inside))])
    _table(draft, outside, [("0.0.0.0/0", _door(draft, outside))])
    given = [nat_address(draft, "nat-0", inside, public, public=True) for _ in range(2)]
    draft.add("nat_gateway", rows.nat_gateway("nat-0", inside.id, public.id, [{**one, "Status": "succeeded"} for one in given]))
    _table(draft, inside, [("0.0.0.0/0", "nat-0")], private)
    everything = rows.permission("-1", None, None, ["0.0.0.0/0"])
    first = rows.permission("tcp", 443, 443, [f"{given[0]['PublicIp']}/32"])
    draft.add("security_group", rows.group("sg-in", inside.id, [everything], [everything]))
    draft.add("security_group", rows.group("sg-out", outside.id, [first], [everything]))
    draft.add("network_interface", rows.interface("eni-in", private.id, inside.id, [private.next_v4()], [], ["sg-in"]))
    row = rows.interface("eni-out", outside.lans[0].id, outside.id, [outside.lans[0].next_v4()], [], ["sg-out"])
    row["PrivateIpAddresses"][0]["Association"] = {"PublicIp": draft.public_address()}
    draft.add("network_interface", row)
    for site in draft.sites:
        entries = [rows.entry(100, egress, "allow", "-1", None, None, "0.0.0.0/0") for egress in (False, True)]
        draft.add("network_acl", rows.acl(draft.new("acl"), site.id, entries, default=True))
    return Network(0, draft.rows, ())
