"""VPCs, subnets, and the interfaces and instances that stand in them."""

from __future__ import annotations

from typing import Any

from . import rows
from .draft import Draft, Host, Lan, Site, part_of

V4_RANGES = ("10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16", "172.16.0.0/20", "100.64.0.0/18")
TYPES = ("lambda", "vpc_endpoint", "branch", "efa", "network_load_balancer", "wavelength_of_tomorrow")
PLATFORMS = ("Linux/UNIX", "Windows", "")


def add_vpcs(draft: Draft) -> None:
    """Add one to three VPCs, some with ranges that overlap, and their subnets."""
    for number in range(draft.one((1, 1, 2, 2, 3))):
        site = _site(draft, number)
        draft.sites.append(site)
        wide = draft.chance(0.04)
        for at in range(18 if wide else draft.random.randint(1, 3)):
            site.lans.append(_lan(draft, site, at, wide=wide))


def _site(draft: Draft, number: int) -> Site:
    id = draft.new("vpc")
    overlapping = bool(draft.sites) and draft.chance(0.2)
    primary = draft.sites[0].v4[0] if overlapping else V4_RANGES[number * 2 % 5]
    ranges = [(primary, "associated")]
    if draft.chance(0.3):
        ranges.append((f"192.168.{number * 16}.0/20", draft.one(("associated", "associated", "disassociated"))))
    private: list[str] = []
    if draft.chance(0.7):
        ranges.append((f"2600:1f00:0:{number}00::/56", "associated"))
    if draft.chance(0.2):
        ranges.append((f"fd00:{number}::/56", "associated"))
        private.append(f"fd00:{number}::/56")
    draft.add("vpc", rows.vpc(id, ranges, private))
    there = [cidr for cidr, state in ranges if state == "associated"]
    return Site(id, [one for one in there if ":" not in one], [one for one in there if ":" in one])


def _lan(draft: Draft, site: Site, at: int, *, wide: bool) -> Lan:
    """Return the subnet of a VPC with this number, its ranges cut from one of the VPC's of each family."""
    base = site.v4[-1] if len(site.v4) > 1 and draft.chance(0.3) else site.v4[0]
    v4 = part_of(base, 26, at + 1)
    v6 = part_of(draft.one(site.v6), 64, at) if site.v6 and draft.chance(0.8) else ""
    only_v6 = bool(v6) and not wide and draft.chance(0.1)
    lan = Lan(draft.new("subnet"), site.id, "" if only_v6 else v4, v6, draft.one("aab"))
    draft.add("subnet", rows.subnet(lan.id, lan.vpc_id, lan.v4, lan.v6, lan.zone))
    return lan


def add_hosts(draft: Draft) -> None:
    """Add the interfaces of every subnet, and the instances behind some of them."""
    for site in draft.sites:
        for _ in range(draft.random.randint(2, 4)):
            site.groups.append(draft.new("sg"))
        for lan in site.lans:
            few = len(site.lans) > 3
            crowd = not few and lan.v4 and draft.chance(0.02)
            lan.delegated = 2 if crowd else 0
            for number in range(18 if crowd else draft.random.randint(0, 1) if few else draft.random.randint(1, 3)):
                _host(draft, site, lan, forwards=number == 0 and draft.chance(0.15))


def _host(draft: Draft, site: Site, lan: Lan, *, forwards: bool) -> None:
    v4 = [lan.next_v4() for _ in range(draft.one((1, 1, 1, 2)))] if lan.v4 else []
    v6 = [lan.next_v6()] if lan.v6 and (not v4 or draft.chance(0.7)) else []
    host = Host(draft.new("eni"), site, lan, v4, v6, [], forwards)
    fields: dict[str, Any] = {}
    if lan.delegated < 2 and draft.chance(0.15):
        family = "4" if lan.v4 else "6"
        fields[f"Ipv{family}Prefixes"] = [{f"Ipv{family}Prefix": lan.next_prefix()}]
    if forwards:
        fields["SourceDestCheck"] = False
    elif draft.chance(0.09):
        fields["InterfaceType"] = draft.one(TYPES)
    if draft.chance(0.02):
        fields["Status"] = "available"
    if draft.chance(0.05):
        fields["DenyAllIgwTraffic"] = True
    groups = draft.some(site.groups, 1, 2) if draft.chance(0.98) else []
    if draft.chance(0.02):
        groups.append("sg-gone")
    row = rows.interface(host.id, lan.id, site.id, v4, v6, groups, **fields)
    _publish(draft, host, row)
    _attach(draft, row)
    draft.hosts.append(host)
    draft.add("network_interface", row)


def _publish(draft: Draft, host: Host, row: rows.Row) -> None:
    """Give some of the private addresses a public one."""
    for listed in row["PrivateIpAddresses"]:
        if draft.chance(0.45):
            public = draft.public_address()
            listed["Association"] = {"PublicIp": public}
            host.public.append(public)


def _attach(draft: Draft, row: rows.Row) -> None:
    """Attach the interface to an instance, perhaps one that does not run, or that the snapshot does not hold."""
    if draft.chance(0.6):
        id = draft.new("i")
        row["Attachment"] = {"InstanceId": id, "DeviceIndex": 0, "Status": "attached"}
        if draft.chance(0.95):
            state = "stopped" if draft.chance(0.04) else "running"
            draft.add("instance", rows.instance(id, state, draft.one(PLATFORMS)))
