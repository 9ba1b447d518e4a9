"""What stands in the way by routes: endpoints of network firewalls with their rules, Gateway Load Balancer endpoints, and sites."""

from __future__ import annotations

from . import rows
from .draft import Draft, Guard, Lan, Site

SITE_BLOCKS = ("172.30.0.0/16", "10.8.0.0/16", "172.30.64.0/18")
PROTOCOLS = ((6,), (17,), (6, 17), (1,), (47,), ())
PORTS = ((0, 65535), (443, 443), (1024, 65535), (0, 1023), (22, 80))
STATEFUL_PROTOCOLS = ("TCP", "UDP", "ICMP", "IP", "IP")


# ---------------------------------------------------------------------- endpoints that routes lead through
def add_guards(draft: Draft) -> None:
    """Add endpoints that inspect, of firewalls or of Gateway Load Balancers, to some VPCs: in subnets that others are led through."""
    for site in draft.sites:
        lans = [lan for lan in site.lans if lan.v4]
        if len(lans) < 2 or not draft.chance(0.4):
            continue
        chosen = draft.some(lans, 1, 1 if draft.chance(0.7) else 2)
        for lan in chosen:
            site.guards.append(Guard(draft.new("vpce"), lan.id))
        holding = {one.lan_id for one in site.guards}
        near = [lan.v4 for lan in lans if lan.id not in holding] if draft.chance(0.7) else []
        far = [cidr for other in draft.sites if other is not site for cidr in other.v4] if draft.chance(0.3) else []
        site.inspected = [*(["0.0.0.0/0"] if draft.chance(0.6) else []), *near, *far]
        if draft.chance(0.65):
            add_firewall(draft, site, site.guards)
        else:
            for guard in site.guards:
                state = "pending" if draft.chance(0.05) else "available"
                endpoint = rows.endpoint(guard.id, "GatewayLoadBalancer", site.id, "gwlb", state, "", SubnetIds=[guard.lan_id])
                draft.add("vpc_endpoint", endpoint)


def add_firewall(draft: Draft, site: Site, guards: list[Guard]) -> None:
    """Add the firewall behind some endpoints, and its policy."""
    name = draft.new("fw")
    status = "CREATING" if draft.chance(0.04) else "READY"
    draft.add("network_firewall", rows.firewall(name, site.id, [(one.id, one.lan_id) for one in guards], status))
    if draft.chance(0.97):
        _policy(draft, site, name)


def _policy(draft: Draft, site: Site, name: str) -> None:
    """Add the policy of a firewall and its rule groups; whether it is mostly open follows the network's openness."""
    stateless = [draft.new("rg") for _ in range(draft.one((0, 0, 1, 1, 2)))]
    stateful = [draft.new("rg") for _ in range(draft.one((0, 1, 1, 2)))]
    for arn in stateless:
        made = [_stateless_rule(draft, site, number) for number in draft.some(range(1, 50), 1, 4)]
        draft.add("firewall_rule_group", rows.stateless_group(arn, made))
    for arn in stateful:
        draft.add(
            "firewall_rule_group", rows.stateful_group(arn, [_stateful_rule(draft, site) for _ in range(draft.one((1, 2, 3)))])
        )
    strict = draft.chance(0.5)
    ends = ([], [], ["aws:drop_strict"], ["aws:drop_established"], ["aws:alert_strict"])
    fields = {
        "stateless": [*stateless, *(["rg-gone"] if draft.chance(0.03) else [])],
        "default": draft.one(("aws:forward_to_sfe",) * 8 + ("aws:pass",) * 2 + ("aws:drop",)),
        "stateful": stateful,
        "strict": strict,
        "actions": draft.one(ends) if strict else [],
        "streams": draft.one(("", "", "CONTINUE")),
    }
    draft.add("firewall_policy", rows.firewall_policy(name, **fields))


def _stateless_rule(draft: Draft, site: Site, number: int) -> rows.Row:
    effect = draft.one(("pass", "forward_to_sfe", "forward_to_sfe", "pass" if draft.chance(draft.openness) else "drop"))
    sides = [draft.block(site, v6=False) if draft.chance(0.6) else "" for _ in range(2)]
    near = (1024, 32767) if draft.chance(0.1) else None
    return rows.stateless_rule(number, effect, sides[0], sides[1], draft.one(PROTOCOLS), draft.one(PORTS), near)


def _stateful_rule(draft: Draft, site: Site) -> rows.Row:
    action = "PASS" if draft.chance(0.4 + draft.openness / 2) else draft.one(("DROP", "DROP", "REJECT", "ALERT"))
    sides = [draft.one(("ANY", "$HOME_NET", draft.block(site, v6=False))) for _ in range(2)]
    protocol = draft.one(STATEFUL_PROTOCOLS)
    port = draft.one(("ANY", "443", "[1:1023]", "!443")) if protocol in ("TCP", "UDP") else "ANY"
    both = "ANY" if draft.chance(0.2) else "FORWARD"
    flow = [draft.one(("to_server", "established"))] if draft.chance(0.15) else []
    return rows.stateful_rule(action, protocol, sides[0], sides[1], port, both, flow)


# ---------------------------------------------------------------------- sites
def add_sites(draft: Draft) -> None:
    """Add a virtual private gateway with a VPN to some VPCs: static prefixes, or prefixes that BGP told the route tables."""
    for site in draft.sites:
        if not draft.chance(0.25):
            continue
        gateway = draft.new("vgw")
        site.gateways.append(gateway)
        state = "detached" if draft.chance(0.1) else "attached"
        draft.add("vpn_gateway", rows.vpn_gateway(gateway, site.id, state))
        for _ in range(draft.one((1, 1, 2))):
            static = draft.chance(0.7)
            known = draft.some(SITE_BLOCKS, 1, draft.one((1, 1, 2))) if static else []
            tunnels = ["UP", "DOWN"] if draft.chance(0.85) else ["DOWN", "DOWN"]
            draft.add("vpn_connection", rows.vpn_connection(draft.new("vpn"), gateway, known, tunnels, static))


def guard_of(draft: Draft, site: Site, lan: Lan | None) -> str:
    """Return the endpoint that a subnet (None: the gateway) is led through; "" for a subnet that holds one, and for none."""
    if not site.guards or any(lan is not None and one.lan_id == lan.id for one in site.guards):
        return ""
    return site.guards[0].id if draft.chance(0.85) else draft.one(site.guards).id
