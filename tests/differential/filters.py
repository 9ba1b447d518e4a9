"""Prefix lists, security groups and network ACLs: what lets packets pass, and what does not."""

from __future__ import annotations

from . import rows
from .draft import Draft, Site

# Protocol, first and last port (of ICMP: type and code) of what filters are about.
PORTS = (
    ("tcp", 22, 22),
    ("tcp", 443, 443),
    ("tcp", 0, 65535),
    ("tcp", 80, 8080),
    ("tcp", 1024, 65535),
    ("udp", 53, 53),
    ("udp", 0, 65535),
    ("icmp", 8, 0),
    ("icmp", 8, -1),
    ("icmp", -1, -1),
    ("icmpv6", -1, -1),
    ("icmpv6", 128, 0),
    ("50", None, None),
    ("47", 22, 22),
    ("-1", None, None),
)
CLIENT_PORTS = (
    ("tcp", 1024, 65535),
    ("tcp", 32768, 60999),
    ("tcp", 49152, 65535),
    ("tcp", 1024, 32767),
    ("udp", 1024, 65535),
    ("udp", 32768, 65535),
    ("icmp", 0, 0),
    ("icmp", -1, -1),
    ("icmpv6", 129, 0),
    ("-1", None, None),
)


# ---------------------------------------------------------------------- prefix lists
def add_prefix_lists(draft: Draft) -> None:
    """Add prefix lists that overlap each other and the VPCs, some of which the snapshot names without their entries."""
    blocks = ["8.0.0.0/8", "8.8.8.0/24", "10.0.0.0/8", "54.0.0.0/9", *(cidr for site in draft.sites for cidr in site.v4)]
    for _ in range(draft.random.randint(0, 3)):
        id = draft.new("pl")
        draft.lists.append(id)
        draft.add("prefix_list", rows.prefix_list(id))
        if draft.chance(0.9):
            draft.add("prefix_list_entries", rows.prefix_list_entries(id, draft.some(blocks, 0, 3)))


# ---------------------------------------------------------------------- groups
def add_groups(draft: Draft) -> None:
    """Add the groups of every VPC; one in thirty that interfaces carry is not in the snapshot."""
    for site in draft.sites:
        for id in site.groups:
            if draft.chance(0.97):
                ingress = [_permission(draft, site) for _ in range(draft.random.randint(0, 3))]
                egress = [_permission(draft, site) for _ in range(draft.random.randint(0, 2))]
                if draft.chance(0.45 + draft.openness / 2):
                    egress.append(rows.permission("-1", None, None, ["0.0.0.0/0", "::/0"]))
                if draft.chance(0.2 + draft.openness * 0.6):
                    ingress.append(rows.permission("-1", None, None, ["0.0.0.0/0", "::/0"]))
                draft.add("security_group", rows.group(id, site.id, ingress, egress))


def _permission(draft: Draft, site: Site) -> rows.Row:
    protocol, low, high = draft.one(PORTS)
    made = rows.permission(protocol, low, high, _far_sides(draft, site))
    for pair in made["UserIdGroupPairs"]:
        if draft.chance(0.1):
            pair["UserId"] = rows.OTHER_ACCOUNT
        if draft.chance(0.05):
            pair["PeeringStatus"] = "deleted"
    if draft.chance(0.015):
        made["FarSideOfTomorrow"] = "anything"
    return made


def _far_sides(draft: Draft, site: Site) -> list[str]:
    every = [group for other in draft.sites for group in other.groups]
    sides = [draft.block(site, v6=False), draft.block(site, v6=True)]
    lists = [*draft.lists, "pl-gone"] if draft.chance(0.1) else draft.lists
    sides += [draft.one(site.groups), draft.one([*every, "sg-gone"]), *draft.some(lists, 0, 1)]
    return draft.some(sides, 1, 3)


# ---------------------------------------------------------------------- ACLs
def add_acls(draft: Draft) -> None:
    """Add the default ACL of every VPC, edited or not, and custom ones for some of its subnets."""
    for site in draft.sites:
        entries = _mostly_open_entries(draft) if draft.chance(0.55 + draft.openness / 2) else _entries(draft, site)
        if draft.chance(0.97):
            draft.add("network_acl", rows.acl(draft.new("acl"), site.id, entries, default=True))
        for lan in site.lans:
            own = 0.7 if lan.id in site.nat_lans else 0.4
            if draft.chance(own):
                made = _client_entries(draft) if draft.chance(own) else _entries(draft, site)
                draft.add("network_acl", rows.acl(draft.new("acl"), site.id, made, [lan.id]))


def _open_entries() -> list[rows.Row]:
    return [
        rows.entry(number, egress, "allow", "-1", None, None, cidr)
        for egress in (False, True)
        for number, cidr in ((100, "0.0.0.0/0"), (101, "::/0"))
    ]


def _mostly_open_entries(draft: Draft) -> list[rows.Row]:
    """Return entries that let everything pass, or all but one service."""
    if draft.chance(0.75):
        return _open_entries()
    protocol, low, high = draft.one(PORTS[:8])
    denials = [rows.entry(50 + v6, False, "deny", protocol, low, high, "::/0" if v6 else "0.0.0.0/0") for v6 in (False, True)]
    return [*denials, *_open_entries()]


def _client_entries(draft: Draft) -> list[rows.Row]:
    """Return entries that are open in one direction, and in the other to the ports that clients call from, or to a part of them."""
    narrow = draft.chance(0.5)
    made = [one for one in _open_entries() if one["Egress"] is not narrow]
    for number, (protocol, low, high) in enumerate((draft.one(CLIENT_PORTS[:4]), draft.one(CLIENT_PORTS[4:6]), ("icmp", -1, -1))):
        for cidr in ("0.0.0.0/0", "::/0"):
            made.append(rows.entry(100 + 10 * number + len(cidr), narrow, "allow", protocol, low, high, cidr))
    return made


def _entries(draft: Draft, site: Site) -> list[rows.Row]:
    """Return random entries: a few of either action in each direction, and perhaps wide ones behind them."""
    made: list[rows.Row] = []
    for egress in (False, True):
        for number in draft.some(range(1, 200), 1, 4):
            made.append(_entry(draft, site, number, egress))
        if draft.chance(0.4 + draft.openness / 2):
            protocol, low, high = draft.one((*CLIENT_PORTS, ("-1", None, None)))
            made += [
                rows.entry(300 + v6, egress, "allow", protocol, low, high, "::/0" if v6 else "0.0.0.0/0") for v6 in (False, True)
            ]
        if draft.chance(0.6):
            made += [
                rows.entry(310 + v6, egress, "allow", "-1", None, None, "::/0" if v6 else "0.0.0.0/0") for v6 in (False, True)
            ]
    return draft.random.sample(made, len(made))


def _entry(draft: Draft, site: Site, number: int, egress: bool) -> rows.Row:
    protocol, low, high = draft.one((*PORTS, *CLIENT_PORTS))
    action = "allow" if draft.chance(0.3 + draft.openness / 2) else "deny"
    if draft.chance(0.02):
        action = "allow-of-tomorrow"
    made = rows.entry(number, egress, action, protocol, low, high, draft.block(site, v6=draft.chance(0.4)))
    if draft.chance(0.01):
        made["PartOfTomorrow"] = True
    return made
