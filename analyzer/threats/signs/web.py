"""Doors for the web: those that no web ACL looks at, that take plaintext, or protocols that are broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...models.verdict import Verdict
from .scene import Scene, Told, called
from .sign import Sign

CLOUDFRONT = "com.amazonaws.global.cloudfront.origin-facing"
# Policies of load balancers with TLS 1.0 or 1.1, and those without; what is named otherwise is not known.
OLD = re.compile(r"ELBSecurityPolicy-(20\d\d-\d\d|FS-2018-06|(TLS|FS|TLS13)-1-[01]-.+)")
NEW = re.compile(r"ELBSecurityPolicy-(TLS|FS|TLS13)-1-[23]-.+")
OLD_OF_VIEWERS = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016")
ENDS_HERE = ("redirect", "fixed-response")


def _doors(scene: Scene, *kinds: str) -> Iterator[tuple[Any, Verdict]]:
    """Yield the load balancers of some kinds that the internet comes in at, and how surely."""
    for kind in kinds:
        for one in scene.world.all(kind):
            if (door := scene.door(one)) is not None:
                yield one, door


def _distributions(scene: Scene) -> list[Any]:
    return [one for one in scene.world.all("distribution") if one.enabled]


# ---------------------------------------------------------------------- web ACLs
def without_web_acl(scene: Scene) -> Iterator[Sign]:
    """Yield public doors whose requests no web ACL looks at."""
    found = (*_balancers_without(scene), *_distributions_without(scene), *_stages_without(scene))
    return scene.signs("public-without-waf", "a web ACL looks at the requests", found)


def _balancers_without(scene: Scene) -> Iterator[Told]:
    for one, door in _doors(scene, "application_load_balancer"):
        acl = scene.world.find("web_acl_association", f"{one.id}/web-acl")
        text: str | None = f"load balancer {called(one)} takes requests from the internet, and no web ACL looks at them"
        if acl is None:
            text = None
        elif acl.web_acl is not None or _only_cloudfront(one, scene):
            text = ""
        yield Told(by=one, text=text, also=[acl] if text else (), confidence=door)


def _only_cloudfront(balancer: Any, scene: Scene) -> bool:
    """Return whether CloudFront alone gets in: then the distribution is the door whose requests are to be looked at."""
    groups = [scene.world.find("security_group", id) for id in balancer.security_groups]
    if not groups or None in groups:
        return False
    rules = [one for group in groups for one in group.ip_permissions]
    named = [each.prefix_list_id for one in rules for each in one.prefix_list_ids]
    lists = [scene.world.find("prefix_list", id) for id in named]
    other = any(one.ip_ranges or one.ipv6_ranges or one.user_id_group_pairs for one in rules)
    return bool(lists) and not other and all(one is not None and one.prefix_list_name == CLOUDFRONT for one in lists)


def _distributions_without(scene: Scene) -> Iterator[Told]:
    for one in _distributions(scene):
        said = one.web_acl_id
        text = f"distribution {called(one)} takes requests from the internet, and no web ACL looks at them"
        yield Told(by=one, text=None if said is None else "" if said else text)


def _stages_without(scene: Scene) -> Iterator[Told]:
    for stage in scene.world.all("rest_api_stage"):
        api = scene.world.find("rest_api", stage.api_id)
        if api is None:
            yield Told(by=stage, text="" if stage.web_acl_arn else None)
        elif api.is_public:
            text = f"no web ACL looks at the requests to stage {stage.stage_name} of REST API {api.label or api.id}"
            yield Told(by=stage, text="" if stage.web_acl_arn else text, also=[api])


def idle_web_acl(scene: Scene) -> Iterator[Sign]:
    """Yield public load balancers whose web ACL has no rule and lets every request pass."""
    found = []
    for one, door in _doors(scene, "application_load_balancer"):
        acl = scene.world.find("web_acl_association", f"{one.id}/web-acl")
        if acl is not None and acl.web_acl is not None and acl.web_acl.refuses_nothing:
            text = f"the web ACL of load balancer {called(one)} ({acl.web_acl.name}) has no rule and lets every request pass"
            found.append(Told(by=one, text=text, also=[acl], confidence=door))
    return scene.signs("web-acl-without-rules", "the web ACL refuses anything", found)


# ---------------------------------------------------------------------- plaintext
def plaintext_doors(scene: Scene) -> Iterator[Sign]:
    """Yield public doors that answer requests in plaintext; those that redirect them to HTTPS do not."""
    found = (*_plain_listeners(scene), *_plain_classics(scene), *_plain_distributions(scene))
    return scene.signs("plaintext-listener", "requests in plaintext are answered", found)


def _plain_listeners(scene: Scene) -> Iterator[Told]:
    for one, door in _doors(scene, "application_load_balancer"):
        for listener in scene.world.where("listener", "load_balancer_arn", one.id):
            if listener.protocol == "HTTP":
                text = (
                    f"load balancer {called(one)} answers requests from the internet in plaintext (HTTP on port {listener.port})"
                )
                answers = _answers(listener, scene)
                about = scene.assets_of(one)
                yield Told(by=listener, text=None if answers is None else text if answers else "", assets=about, confidence=door)


def _answers(listener: Any, scene: Scene) -> bool | None:
    """Return whether a listener passes requests on, or asks who they are from; None where its actions are not known."""
    rules = scene.world.where("listener_rule", "listener_arn", listener.id)
    actions = [*listener.default_actions, *(action for one in rules for action in one.actions)]
    if any(one.type not in ENDS_HERE for one in actions):
        return True
    return None if not listener.default_actions or not scene.world.collected("listener_rule", listener) else False


def _plain_classics(scene: Scene) -> Iterator[Told]:
    for one, door in _doors(scene, "classic_load_balancer"):
        ports = [
            each.listener.load_balancer_port for each in one.listener_descriptions if each.listener.protocol.upper() == "HTTP"
        ]
        if ports:
            on = ", ".join(map(str, sorted(ports)))
            text = f"load balancer {called(one)} answers requests from the internet in plaintext (HTTP on port {on})"
            yield Told(by=one, text=text, confidence=door)


def _plain_distributions(scene: Scene) -> Iterator[Told]:
    for one in _distributions(scene):
        policies = {each.viewer_protocol_policy for each in one.behaviors}
        text = f"distribution {called(one)} answers requests in plaintext (ViewerProtocolPolicy allow-all)"
        yield Told(by=one, text=text if "allow-all" in policies else None if "" in policies else "")


def plaintext_origins(scene: Scene) -> Iterator[Sign]:
    """Yield distributions that call an origin in plaintext; websites of S3 buckets know no other way."""
    found = []
    for one in _distributions(scene):
        plain = [
            each.domain_name
            for each in one.origins.items
            if each.custom_origin_config is not None
            and each.custom_origin_config.origin_protocol_policy == "http-only"
            and ".s3-website" not in each.domain_name
        ]
        if plain:
            text = f"distribution {called(one)} calls its origin {', '.join(sorted(plain))} in plaintext (http-only)"
            found.append(Told(by=one, text=text))
    return scene.signs("plaintext-origin", "origins are called over HTTPS", found)


# ---------------------------------------------------------------------- broken protocols
def old_protocols(scene: Scene) -> Iterator[Sign]:
    """Yield public doors that accept TLS 1.0 or 1.1."""
    return scene.signs("old-tls", "TLS 1.0 and 1.1 are refused", (*_old_listeners(scene), *_old_distributions(scene)))


def _old_listeners(scene: Scene) -> Iterator[Told]:
    for one, door in _doors(scene, "application_load_balancer", "network_load_balancer"):
        for listener in scene.world.where("listener", "load_balancer_arn", one.id):
            if listener.protocol not in ("HTTPS", "TLS"):
                continue
            policy = listener.ssl_policy
            text = f"load balancer {called(one)} accepts TLS 1.0 or 1.1 on port {listener.port} ({policy})"
            known = text if OLD.fullmatch(policy) else "" if NEW.fullmatch(policy) else None
            yield Told(by=listener, text=known, assets=scene.assets_of(one), confidence=door)


def _old_distributions(scene: Scene) -> Iterator[Told]:
    for one in _distributions(scene):
        certificate = one.viewer_certificate
        # With CloudFront's own certificate nobody can choose.
        if not certificate.cloud_front_default_certificate:
            oldest = certificate.minimum_protocol_version
            text = f"distribution {called(one)} accepts old versions of TLS ({oldest})"
            yield Told(by=one, text=text if oldest in OLD_OF_VIEWERS else "" if oldest else None)
