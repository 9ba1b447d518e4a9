"""Lines of groups, ACLs and route tables as people say them, and the rows of AWS that they mean."""

from __future__ import annotations

from collections.abc import Iterable

from ..organisation.rows import Owner, Row, entry, id_of, pair, route

NUMBERS = {"tcp": "6", "udp": "17"}
TARGETS = {
    "igw": "GatewayId",
    "nat": "NatGatewayId",
    "tgw": "TransitGatewayId",
    "pcx": "VpcPeeringConnectionId",
    "vpce": "GatewayId",
}
# The lists of Amazon itself have the same id in every account.
S3_LIST = "pl-6da54004"


def permissions(lines: Iterable[str], owner: Owner) -> list[Row]:
    """Return what lines like `tcp/443 from 0.0.0.0/0  # everybody` permit, one row for each service as AWS does.

    The far side is a block, or the name of a group of the same account; what follows `#` is the description.
    """
    rows: dict[str, Row] = {}
    for line in lines:
        text, _, why = (part.strip() for part in line.partition("#"))
        on, _, far = text.split()
        row = rows.setdefault(
            on, {**_services(on), "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
        )
        said = {"Description": why} if why else {}
        if far.startswith("pl-"):
            row["PrefixListIds"].append({"PrefixListId": far, **said})
        elif "/" in far:
            row["IpRanges"].append({"CidrIp": far, **said})
        else:
            row["UserIdGroupPairs"].append(pair(owner, far) | said)
    return list(rows.values())


def _services(on: str) -> Row:
    if on == "all":
        return {"IpProtocol": "-1"}
    low, high = _ports(on)
    return {"IpProtocol": on.partition("/")[0], "FromPort": low, "ToPort": high}


def _ports(on: str) -> tuple[int, int]:
    low, _, high = on.partition("/")[2].partition("-")
    return int(low), int(high or low)


def entries(inbound: Iterable[str], outbound: Iterable[str]) -> list[Row]:
    """Return the entries of an ACL, written like `100 allow tcp/5432 from 10.0.0.0/16`."""
    found = []
    for egress, lines in ((False, inbound), (True, outbound)):
        for line in lines:
            number, action, on, _, cidr = line.split()
            row = entry(int(number), egress, action, cidr, None if on == "all" else _ports(on))
            found.append(row if on == "all" else row | {"Protocol": NUMBERS[on.partition("/")[0]]})
    return found


def route_of(line: str) -> Row:
    """Return the route that a line like `0.0.0.0/0 -> nat:a` means; `local`, and `s3:NAME` by a gateway endpoint, are others."""
    block, _, target = line.split()
    kind, _, name = target.partition(":")
    if kind == "local":
        return route(block, GatewayId="local") | {"Origin": "CreateRouteTable"}
    return route(block, **{TARGETS[kind]: id_of(kind, name)})
