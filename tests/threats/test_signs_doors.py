"""Doors that give evidence of a threat, each with a twin in which one fact differs: web ACLs, plaintext, TLS, who is asked."""

from __future__ import annotations

from typing import Any

import pytest

from analyzer.models.trust import DataClass
from analyzer.models.verdict import Verdict

from .scenes import ACCOUNT, LISTENER, NET, REGION, WEB, Documents, asset, door, found, told

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:thumbnails"
ACL = {"ARN": f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/shop/1", "Name": "shop"}
PASSES, REFUSES = {"DefaultAction": {"Allow": {}}}, {"DefaultAction": {"Block": {}}}
LIST = {"PrefixListId": "pl-1", "PrefixListName": "com.amazonaws.global.cloudfront.origin-facing"}


def balancers(*groups: str, type: str = "application", arn: str = WEB) -> list[dict[str, Any]]:
    return [
        {
            "LoadBalancerArn": arn,
            "LoadBalancerName": arn.split("/")[2],
            "Type": type,
            "Scheme": "internet-facing",
            "VpcId": "vpc-1",
            "SecurityGroups": list(groups),
        }
    ]


def acl(web_acl: Any = None) -> list[dict[str, Any]]:
    return [{"ResourceArn": WEB, **({"WebACL": web_acl} if web_acl else {})}]


def admits(**sources: Any) -> list[dict[str, Any]]:
    permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **sources}
    return [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "IpPermissions": [permission]}]


FROM_CLOUDFRONT = {"PrefixListIds": [{"PrefixListId": "pl-1"}]}
NO_WAF = "load balancer web takes requests from the internet, and no web ACL looks at them"


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ({"WebAclsOfResources": acl()}, [("reachable", NO_WAF)]),
        ({"WebAclsOfResources": acl(ACL)}, []),
        ({}, [("unknown", "not known whether a web ACL looks at the requests: web")]),
        ({"WebAclsOfResources": []}, [("unknown", "not known whether a web ACL looks at the requests: web")]),
        ({"WebAclsOfResources": acl(), "SecurityGroups": admits(**FROM_CLOUDFRONT), "PrefixLists": [LIST]}, []),
        (
            {
                "WebAclsOfResources": acl(),
                "SecurityGroups": admits(**FROM_CLOUDFRONT, IpRanges=[{"CidrIp": "0.0.0.0/0"}]),
                "PrefixLists": [LIST],
            },
            [("reachable", NO_WAF)],
        ),
        ({"WebAclsOfResources": acl(), "SecurityGroups": admits(**FROM_CLOUDFRONT)}, [("reachable", NO_WAF)]),
    ],
    ids=["none", "one", "not asked", "not asked of it", "CloudFront alone comes in", "others too", "a list nobody knows"],
)
def test_a_public_load_balancer_without_a_web_acl(documents: Documents, expected: list[tuple[str, str]]):
    assert told("public-without-waf", {"LoadBalancers": balancers("sg-1"), **documents}) == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([door(WEB)], ["reachable"]),
        ([door(WEB, Verdict.CONDITIONAL)], ["conditional"]),
        ([door(WEB, Verdict.CONDITIONAL), door(WEB, Verdict.UNKNOWN)], ["conditional"]),
        ([door(WEB, Verdict.BLOCKED)], []),
        ([door(WEB, zone="partner")], []),
        ([], []),
    ],
    ids=["yes", "perhaps", "two ways", "no", "partners alone", "no way in"],
)
def test_a_sign_of_a_door_is_as_sure_as_the_way_in(entries: Any, expected: list[str]):
    documents = {"LoadBalancers": balancers(), "WebAclsOfResources": acl()}
    assert [one.confidence.value for one in found("public-without-waf", documents, entries=entries)] == expected


@pytest.mark.parametrize(
    ("web_acl", "shown"),
    [
        ({**ACL, **PASSES, "Rules": []}, True),
        ({**ACL, **PASSES, "Rules": [{"Name": "common"}]}, False),
        ({**ACL, **PASSES, "Rules": [], "PreProcessFirewallManagerRuleGroups": [{"Name": "central"}]}, False),
        ({**ACL, **REFUSES, "Rules": []}, False),
        (ACL, False),
    ],
    ids=["no rule", "a rule", "a rule of Firewall Manager", "refuses all", "rules nobody knows"],
)
def test_a_web_acl_that_refuses_nothing(web_acl: Any, shown: bool):
    text = "the web ACL of load balancer web (shop) has no rule and lets every request pass"
    documents = {"LoadBalancers": balancers(), "WebAclsOfResources": acl(web_acl)}
    assert told("web-acl-without-rules", documents) == ([("reachable", text)] if shown else [])


def listener(type: str, protocol: str = "HTTP", **fields: Any) -> dict[str, Any]:
    actions = [{"Type": type, "TargetGroupArn": "tg-1"}] if type else []
    return {
        "ListenerArn": LISTENER,
        "LoadBalancerArn": WEB,
        "Port": 80,
        "Protocol": protocol,
        "DefaultActions": actions,
        **fields,
    }


def rules(type: str) -> dict[str, Any]:
    return {"ListenerRules": [{"ListenerArn": LISTENER, "Rules": [{"RuleArn": "rule-1", "Actions": [{"Type": type}]}]}]}


PLAIN = ("reachable", "load balancer web answers requests from the internet in plaintext (HTTP on port 80)")
NOBODY_KNOWS = ("unknown", f"not known whether requests in plaintext are answered: {LISTENER}")


@pytest.mark.parametrize(
    ("one", "more", "expected"),
    [
        (listener("forward"), {}, [PLAIN]),
        (listener("forward", "HTTPS"), {}, []),
        (listener("redirect"), rules("redirect"), []),
        (listener("redirect"), rules("forward"), [PLAIN]),
        (listener("redirect"), {}, [NOBODY_KNOWS]),
        (listener(""), rules("redirect"), [NOBODY_KNOWS]),
    ],
    ids=["passes on", "HTTPS", "redirects", "a rule passes on", "rules not asked", "no action told"],
)
def test_a_listener_that_answers_in_plaintext(one: Any, more: Documents, expected: list[tuple[str, str]]):
    assert told("plaintext-listener", {"LoadBalancers": balancers(), "Listeners": [one], **more}) == expected


@pytest.mark.parametrize(("protocol", "shown"), [("HTTP", True), ("HTTPS", False), ("TCP", False)])
def test_a_classic_load_balancer_that_answers_in_plaintext(protocol: str, shown: bool):
    classic = {
        "LoadBalancerName": "old",
        "VPCId": "vpc-1",
        "ListenerDescriptions": [{"Listener": {"Protocol": protocol, "LoadBalancerPort": 80, "InstancePort": 80}}],
    }
    signs = found("plaintext-listener", {"LoadBalancerDescriptions": [classic]}, entries=[door("old")])
    assert [one.resource for one in signs] == (["old"] if shown else [])


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("ELBSecurityPolicy-2016-08", ["reachable"]),
        ("ELBSecurityPolicy-TLS13-1-1-2021-06", ["reachable"]),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", []),
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", []),
        ("ELBSecurityPolicy-Of-Tomorrow", ["unknown"]),
        ("", ["unknown"]),
    ],
)
def test_a_listener_with_old_versions_of_tls(policy: str, expected: list[str]):
    one = listener("forward", "HTTPS", SslPolicy=policy, Port=443)
    assert [each for each, _ in told("old-tls", {"LoadBalancers": balancers(), "Listeners": [one]})] == expected


def test_a_tls_listener_of_a_network_load_balancer_counts_too():
    one = {"ListenerArn": "l-1", "LoadBalancerArn": NET, "Port": 443, "Protocol": "TLS", "SslPolicy": "ELBSecurityPolicy-2016-08"}
    documents = {"LoadBalancers": balancers(type="network", arn=NET), "Listeners": [one]}
    text = "load balancer edge accepts TLS 1.0 or 1.1 on port 443 (ELBSecurityPolicy-2016-08)"
    assert told("old-tls", documents) == [("reachable", text)]


# ---------------------------------------------------------------------- CloudFront
SOUND = {
    "Id": "E1",
    "DomainName": "d1.cloudfront.net",
    "Enabled": True,
    "WebACLId": "arn:acl",
    "DefaultCacheBehavior": {"ViewerProtocolPolicy": "redirect-to-https"},
    "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"},
    "Origins": {"Items": [{"DomainName": "api.example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}]},
}


def origin(domain: str, policy: str) -> dict[str, Any]:
    return {"Origins": {"Items": [{"DomainName": domain, "CustomOriginConfig": {"OriginProtocolPolicy": policy}}]}}


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({}, []),
        ({"WebACLId": ""}, ["public-without-waf"]),
        ({"WebACLId": "", "Enabled": False}, []),
        ({"DefaultCacheBehavior": {"ViewerProtocolPolicy": "allow-all"}}, ["plaintext-listener"]),
        (
            {"CacheBehaviors": {"Items": [{"PathPattern": "/img/*", "ViewerProtocolPolicy": "allow-all"}]}},
            ["plaintext-listener"],
        ),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.1_2016"}}, ["old-tls"]),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1", "CloudFrontDefaultCertificate": True}}, []),
        (origin("api.example.com", "http-only"), ["plaintext-origin"]),
        (origin("site.s3-website-eu-west-1.amazonaws.com", "http-only"), []),
    ],
    ids=[
        *("sound", "no web ACL", "switched off", "plaintext", "plaintext of some paths"),
        *("old TLS", "TLS of its own certificate", "plaintext to the origin", "website of a bucket"),
    ],
)
def test_a_distribution(fields: Documents, kinds: list[str]):
    documents = {"DistributionList": {"Items": [{**SOUND, **fields}]}}
    every = ("public-without-waf", "plaintext-listener", "plaintext-origin", "old-tls")
    assert [kind for kind in every if found(kind, documents)] == kinds


def test_what_a_distribution_does_not_say_is_not_known():
    documents = {"DistributionList": {"Items": [{"Id": "E1", "Enabled": True}]}}
    every = ("public-without-waf", "plaintext-listener", "plaintext-origin", "old-tls")
    signs = [one for kind in every for one in found(kind, documents)]
    assert [(one.kind, one.confidence, one.resource) for one in signs] == [
        ("public-without-waf", Verdict.UNKNOWN, ""),
        ("plaintext-listener", Verdict.UNKNOWN, ""),
        ("old-tls", Verdict.UNKNOWN, ""),
    ]


# ---------------------------------------------------------------------- API Gateway, functions, clusters
@pytest.mark.parametrize(
    ("endpoint", "stage", "kinds"),
    [
        ("REGIONAL", {}, ["public-without-waf", "no-access-logs"]),
        ("REGIONAL", {"webAclArn": "arn:acl"}, ["no-access-logs"]),
        ("REGIONAL", {"webAclArn": "arn:acl", "accessLogSettings": {"destinationArn": "arn:log"}}, []),
        ("PRIVATE", {}, []),
    ],
    ids=["bare", "with a web ACL", "with both", "private"],
)
def test_a_stage_of_a_rest_api(endpoint: str, stage: Documents, kinds: list[str]):
    documents = {
        "items": [{"id": "a1", "name": "shop", "endpointConfiguration": {"types": [endpoint]}}],
        "RestApiStages": [{"restApiId": "a1", "item": [{"stageName": "prod", **stage}]}],
    }
    signs = [one for kind in ("public-without-waf", "no-access-logs") for one in found(kind, documents)]
    assert [one.kind for one in signs] == kinds
    assert all(one.resource == "a1/prod" for one in signs)


def test_a_stage_whose_api_is_not_there_is_not_known():
    signs = found("public-without-waf", {"RestApiStages": [{"restApiId": "a1", "item": [{"stageName": "prod"}]}]})
    assert [one.confidence for one in signs] == [Verdict.UNKNOWN]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (
            {"GET /orders": "NONE", "POST /orders": "JWT", "OPTIONS /orders": "NONE"},
            [("reachable", "API a1: 1 of 2 routes ask nobody who calls (GET /orders)")],
        ),
        ({"GET /orders": "JWT"}, []),
        (
            {"$connect": "NONE", "$disconnect": "NONE", "send": "NONE"},
            [("reachable", "API a1: 1 of 1 routes ask nobody who calls ($connect)")],
        ),
        ({"$connect": "AWS_IAM", "$disconnect": "NONE", "send": "NONE"}, []),
        ({"$default": "NONE"}, []),
        ({"GET /orders": None}, [("unknown", "not known whether routes ask who calls: a1/r0")]),
    ],
    ids=["one of two", "all ask", "a WebSocket", "a WebSocket that asks", "one that may be a WebSocket's", "not told"],
)
def test_routes_that_ask_nobody(keys: dict[str, str | None], expected: list[tuple[str, str]]):
    items = [
        {"RouteId": f"r{number}", "RouteKey": key, **({"AuthorizationType": said} if said else {})}
        for number, (key, said) in enumerate(keys.items())
    ]
    documents = {"ApiRoutes": [{"ApiId": "a1", "Items": items}]}
    assert told("api-routes-open", documents) == expected
    assert {one.resource for one in found("api-routes-open", documents)} <= {"a1", ""}


@pytest.mark.parametrize(("auth", "shown"), [("NONE", True), ("AWS_IAM", False)])
def test_a_function_that_anybody_calls(auth: str, shown: bool):
    url = {"FunctionArn": FUNCTION, "FunctionUrl": "https://x.lambda-url", "AuthType": auth}
    signs = found("function-url-open", {"FunctionUrlConfigs": [url]}, [asset(FUNCTION, DataClass.INTERNAL)])
    assert [(one.text, one.assets) for one in signs] == (
        [("function thumbnails is called from the internet by anybody: its URL has AuthType NONE", (FUNCTION,))] if shown else []
    )


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}, True),
        ({"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}, False),
        ({"endpointPublicAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}, False),
    ],
    ids=["everybody", "an office", "private"],
)
def test_an_api_server_that_everybody_may_try(fields: Documents, shown: bool):
    documents = {"cluster": {"name": "apps", "arn": "arn:eks", "resourcesVpcConfig": {"vpcId": "vpc-1", **fields}}}
    text = "the API server of apps takes connections from every address of the internet"
    assert told("eks-api-open", documents) == ([("reachable", text)] if shown else [])
