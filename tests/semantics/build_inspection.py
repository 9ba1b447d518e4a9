"""Networks with something that inspects packets on their way: Gateway Load Balancer endpoints and AWS Network Firewall."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .build import ACCOUNT, B4, REGION, V4, Row, eni_b, interface_endpoint, route_table, subnet

FIREWALL_ARN = f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:firewall/main"
POLICY_ARN = f"arn:aws:network-firewall:{REGION}:{ACCOUNT}:firewall-policy/main"
STRANGER = "198.51.100.7"


def group_arn(name: str) -> str:
    """The ARN of a rule group; `managed/…` is one of AWS's own."""
    account = "aws-managed" if name.startswith("managed") else ACCOUNT
    return f"arn:aws:network-firewall:{REGION}:{account}:stateful-rulegroup/{name}"


def gwlb_endpoint(id: str = "vpce-fw", subnet: str = "subnet-fw", **fields: Any) -> Row:
    """A Gateway Load Balancer endpoint."""
    return interface_endpoint(id, type="GatewayLoadBalancer", SubnetIds=[subnet], **fields)


def inspected(*, fw: Iterable[tuple[str, str]] = ((V4, "igw-1"),)) -> list[Row]:
    """Routes that lead what `subnet-a` has to do with the internet through `vpce-fw` in `subnet-fw`, both ways."""
    return [
        subnet("subnet-fw", "10.0.8.0/24"),
        route_table("rtb-a", (V4, "vpce-fw"), subnets=["subnet-a"]),
        route_table("rtb-fw", *fw, subnets=["subnet-fw"]),
        route_table("rtb-edge", ("10.0.1.0/24", "vpce-fw"), gateway="igw-1"),
    ]


def between(*, back: str = "vpce-fw") -> list[Row]:
    """Routes that lead what `subnet-a` and `subnet-b` have to do with each other through `vpce-fw`, the way back by `back`."""
    return [
        subnet("subnet-fw", "10.0.8.0/24"),
        subnet("subnet-fw2", "10.0.18.0/24", zone="b"),
        route_table("rtb-a", ("10.0.2.0/24", "vpce-fw"), subnets=["subnet-a"]),
        route_table("rtb-b", *([("10.0.1.0/24", back)] if back else []), subnets=["subnet-b"]),
        private_b(),
    ]


def private_b(**fields: Any) -> Row:
    """`eni-b` with its private IPv4 address alone."""
    return eni_b(public="", addresses=(B4,), **fields)


def firewall(*endpoints: tuple[str, str], status: str = "READY", **fields: Any) -> Row:
    """A firewall with these endpoints, each with its subnet; `vpce-fw` in `subnet-fw` without any."""
    states = {
        f"{REGION}{chr(ord('a') + number)}": {"Attachment": {"EndpointId": id, "SubnetId": where, "Status": status}}
        for number, (id, where) in enumerate(endpoints or (("vpce-fw", "subnet-fw"),))
    }
    made = {
        "FirewallArn": FIREWALL_ARN,
        "FirewallName": "main",
        "FirewallPolicyArn": POLICY_ARN,
        "VpcId": "vpc-1",
        "FirewallStatus": {"Status": "READY", "SyncStates": states},
    }
    return Row("Firewall", FIREWALL_ARN, {**made, **fields})


def policy(
    *stateful: str,
    stateless: Iterable[str] = (),
    default: str = "aws:forward_to_sfe",
    strict: bool = False,
    actions: Iterable[str] = (),
    streams: str = "",
    override: str = "",
    **fields: Any,
) -> Row:
    """A policy of these rule groups, in this order; `actions` are the stateful default actions."""
    how = {"Override": {"Action": override}} if override else {}
    options = {"RuleOrder": "STRICT_ORDER" if strict else "DEFAULT_ACTION_ORDER"}
    made = {
        "FirewallPolicyResponse": {"FirewallPolicyArn": POLICY_ARN, "FirewallPolicyName": "main"},
        "StatelessRuleGroupReferences": [
            {"ResourceArn": group_arn(one), "Priority": number} for number, one in enumerate(stateless, 1)
        ],
        "StatelessDefaultActions": [default],
        "StatelessFragmentDefaultActions": [default],
        "StatefulRuleGroupReferences": [
            {"ResourceArn": group_arn(one), "Priority": number, **how} for number, one in enumerate(stateful, 1)
        ],
        "StatefulDefaultActions": list(actions),
        "StatefulEngineOptions": {**options, **({"StreamExceptionPolicy": streams} if streams else {})},
    }
    return Row("FirewallPolicy", POLICY_ARN, {**made, **fields})


def rules(name: str, **source: Any) -> Row:
    """A rule group of the member of RulesSource that is given; `variables` and `references` are its sets."""
    sets = source.pop("variables", {})
    references = source.pop("references", {})
    fields = {
        "RuleGroupResponse": {"RuleGroupArn": group_arn(name), "RuleGroupName": name},
        "RulesSource": source,
        "RuleVariables": {"IPSets": {key: {"Definition": list(value)} for key, value in sets.items()}},
        "ReferenceSets": {"IPSetReferences": {key: {"ReferenceArn": value} for key, value in references.items()}},
    }
    return Row("RuleGroup", group_arn(name), fields)


def suricata(*lines: str, name: str = "rules", **how: Any) -> Row:
    """A stateful rule group in Suricata's language."""
    return rules(name, RulesString="\n".join(lines), **how)


def five(action: str, protocol: str, source: str, target: str, port: str = "ANY", **how: Any) -> dict[str, Any]:
    """A stateful rule of five parts."""
    header = {
        "Protocol": protocol,
        "Source": source,
        "SourcePort": how.get("source_port", "ANY"),
        "Direction": how.get("direction", "FORWARD"),
        "Destination": target,
        "DestinationPort": port,
    }
    options = [{"Keyword": "sid:1"}, *how.get("options", [])]
    return {"Action": action, "Header": header, "RuleOptions": options}


def stateless(*rows: tuple[int, str, dict[str, Any]], name: str = "stateless") -> Row:
    """A stateless rule group of rows of priority, action and match attributes."""
    made = [
        {"Priority": number, "RuleDefinition": {"MatchAttributes": match, "Actions": [f"aws:{action}"]}}
        for number, action, match in rows
    ]
    return rules(name, StatelessRulesAndCustomActions={"StatelessRules": made})


def attributes(
    source: str = "", target: str = "", port: tuple[int, int] | None = None, protocol: int | None = 6, **more: Any
) -> dict[str, Any]:
    """What a stateless rule is about."""
    made: dict[str, Any] = {"Protocols": [] if protocol is None else [protocol]}
    made |= {"Sources": [{"AddressDefinition": source}]} if source else {}
    made |= {"Destinations": [{"AddressDefinition": target}]} if target else {}
    made |= {"DestinationPorts": [{"FromPort": port[0], "ToPort": port[1]}]} if port else {}
    return {**made, **more}
