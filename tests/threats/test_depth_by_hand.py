"""How many mistakes lie between an actor and an asset of the reference networks, counted by hand before the code was asked.

Each row says the edits, and why there are no fewer. What may be edited is a rule, an entry, a route, a public address, an association
or an attachment (docs/decisions/0013-one-mistake.md); what makes a resource, like a listener or a peering, is no edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest

from analyzer.depth import Depth, depth
from analyzer.depth.families import again
from analyzer.edit import Edit, edited
from analyzer.models.service import parse_services
from analyzer.models.verdict import Verdict
from analyzer.reach import Flows
from analyzer.select import select

from .reference import demo

# Of pairs that no number of edits opens it is told that it takes so many at least.
BELOW = 9


class Row(NamedTuple):
    """A pair, the fewest edits by hand, whether the code finds that number of edits that do it, and why it is this number."""

    network: str
    source: str
    target: str
    on: str
    edits: int
    exact: bool
    why: str


ROWS = [
    # ------------------------------------------------------------------ nothing is between them
    Row("shop", "internet", "alb:storefront", "https", 0, True, "The front door: group `alb` admits everybody."),
    Row("shop", "internet", "web-1", "tcp/8080", 0, True, "The load balancer passes on what it takes on 443."),
    Row("hub", "payments-1", "rds:ledger", "postgres", 0, True, "A contract, and the firewall's third rule."),
    Row("shop-flawed", "internet", "orders", "postgres", 0, True, "Three flaws together: rule, address and route, default ACL."),
    Row("hub-flawed", "172.20.5.9", "rds:ledger", "postgres", 0, True, "The flaw opens group, firewall and way back."),
    # ------------------------------------------------------------------ one
    Row(
        *("shop", "ec2:bastion", "app-1", "tcp/8443", 1, True),
        "The bastion joins `web`, which may ask 8443 of `app` and which `app` admits: one association opens both groups. The ACLs of "
        "both subnets are open, and one VPC needs no route.",
    ),
    Row(
        *("platform", "node-a", "accounts-db-1", "postgres", 1, True),
        "The database's group admits the nodes: a rule. What nodes send is open, and the data tier's ACL lets their subnets in, for "
        "pods with groups of their own live there.",
    ),
    Row(
        *("shop-flawed", "web-1", "orders", "postgres", 1, True),
        "Group and ACL of the database are open to all in this variant; `web` lacks the outbound rule alone.",
    ),
    Row(
        *("shop-flawed", "ec2:bastion", "sessions-001", "redis", 1, True),
        "In the sound variant 2: the ACL is the default one here, so that joining `app` is all.",
    ),
    Row(
        *("hub", "dev-1", "payments-1", "tcp/8443", 1, False),
        "The group of payments admits 10.0.0.0/8, all trust is in the firewall: one rule of its, or one route to the transit gateway in "
        "the inspection VPC's table, past both endpoints' door. The code's own is the firewall's rule, which `whatif` cannot write.",
    ),
    Row(
        *("platform", "192.0.2.77", "arn:aws:eks:eu-west-1:444400004444:cluster/accounts", "https", 1, False),
        "One list of CIDRs guards the public endpoint. It is no edit that `whatif` knows, so that 1 is a bound from below.",
    ),
    # ------------------------------------------------------------------ two
    Row(
        *("shop", "web-1", "orders", "postgres", 2, True),
        "web-1 joins `app`, which opens its own way out and the database's way in; the subnet of the data tier uses the default ACL, "
        "which opens request and reply. Groups and ACLs never open each other, so that one edit is not enough.",
    ),
    Row(
        *("shop", "ec2:bastion", "sessions-001", "redis", 2, True),
        "As from the web tier: an association of the bastion with `app`, one of the data subnet with the default ACL.",
    ),
    Row(
        *("hub-flawed", "internet", "dev-1", "ssh", 2, True),
        "The gateway is there and the group is open; dev-1 needs a public address, and its subnet the public table for the replies.",
    ),
    Row(
        *("hub-flawed", "dev-1", "rds:ledger", "postgres", 2, True),
        "The peering goes past the firewall. The database's group must admit development, and the data subnets' table lead back: one "
        "is a group, the other a table.",
    ),
    Row(
        *("platform", "lab-1", "accounts-api-1", "tcp/8443", 2, False),
        "The provider accepts the endpoint, which changes what both sides see of it; the group of the load balancer, enforced on "
        "PrivateLink, admits the lab. Acceptance of an endpoint is no edit that `whatif` knows: a bound from below.",
    ),
    Row(
        *("platform-flawed", "internet", "accounts-api-2", "tcp/8443", 2, True),
        "Nodes of zone b, whose subnet these pods share, have the public table: an address and a rule are left.",
    ),
    # ------------------------------------------------------------------ three and more
    Row(
        *("shop", "app-1", "sessions-001", "ssh", 3, True),
        "A rule out of `app`, an entry of the ACL (replies to the app tier pass it already), a rule into `sessions`. No rule on 22 names "
        "a group that could be joined for two of them: 954 pairs of edits at these places were tried, none opens it.",
    ),
    Row(
        *("shop", "orders", "internet", "https", 3, True),
        "A rule out of `orders-db`, the default ACL, the private table with its NAT gateway. No public address, for the gateway has one.",
    ),
    Row(
        *("shop", "internet", "ec2:bastion", "ssh", 3, True),
        "A public address, a rule, and the public table: by the private one replies leave through the NAT gateway and are lost.",
    ),
    Row(
        *("hub", "dev-1", "rds:ledger", "postgres", 3, False),
        "One route in the inspection VPC, past the firewall both ways; a rule of the database's group; a route back in the data table, "
        "which knows payments alone. The search ends at its bound of states with the right number, and without edits.",
    ),
    Row(
        *("shop", "internet", "orders", "postgres", 4, True),
        "A public address, a rule, a route to the internet gateway, the default ACL: four kinds of lines, each edit opens one of them.",
    ),
    Row(
        *("platform", "internet", "accounts-db-1", "postgres", 4, True),
        "As in the shop: address, rule, route, default ACL. The endpoint service leads to the pods and no further.",
    ),
    Row(
        *("hub", "internet", "ci-1", "https", 5, True),
        "The VPC has no internet gateway: one of the account's own is detached and attached (2), a public address, a rule, a route.",
    ),
    Row(
        *("hub", "internet", "rds:ledger", "postgres", BELOW, False),
        "Never: the account of production has no internet gateway, and those of another account cannot be attached to its VPC.",
    ),
    Row(
        *("platform", "partner-1", "node-a", "ssh", BELOW, False),
        "Never: nothing but the service joins the networks, and it leads to what listens on 443. A listener is a resource.",
    ),
]


def counted(row: Row) -> Depth:
    world = demo(row.network).snapshot
    source, target = select(row.source, world)[0], select(row.target, world)[0]
    return depth(world, source, target, parse_services(row.on), BELOW)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.network}: {row.source} to {row.target} on {row.on}")
def test_the_code_counts_what_a_hand_counts(row: Row):
    found = counted(row)
    assert (found.least, found.exact) == (row.edits, row.exact), row.why


@pytest.mark.parametrize("row", [row for row in ROWS if row.exact and row.edits], ids=lambda row: f"{row.source} to {row.target}")
def test_the_edits_open_it_and_none_can_be_left_out(row: Row):
    edits = counted(row).edits
    assert len(edits) == row.edits
    assert passes(row, edits)
    for number, edit in enumerate(edits):
        if "attachment" not in edit.model_dump_json(exclude_none=True):  # a gateway is attached only where it was detached before
            assert not passes(row, (*edits[:number], *edits[number + 1 :])), edit


def passes(row: Row, edits: Sequence[Edit]) -> bool:
    world = demo(row.network).snapshot
    twin = edited(world, edits)
    source, target = (again(select(one, world)[0], twin) for one in (row.source, row.target))
    judged = Flows(twin, [source], [target], parse_services(row.on), there_only=True).of(source, target)
    return judged.verdict is not Verdict.BLOCKED


@pytest.mark.parametrize("row", [row for row in ROWS if not row.network.endswith("-flawed")], ids=lambda row: row.target)
def test_a_flawed_variant_is_never_farther(row: Row):
    assert counted(row._replace(network=f"{row.network}-flawed")).least <= row.edits
