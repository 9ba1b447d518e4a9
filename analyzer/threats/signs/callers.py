"""Doors that ask nobody who he is: functions' URLs, routes of APIs, brokers; and API servers that everybody may try."""

from __future__ import annotations

from collections.abc import Iterator

from .scene import Scene, Told, called, listed
from .sign import Sign

EVERYBODY = ("0.0.0.0/0", "::/0")


def open_function(scene: Scene) -> Iterator[Sign]:
    """Yield functions that anybody calls by their URL."""
    found = (
        Told(by=one, text=_open(one.function_arn), assets=[id for id in (one.function_arn,) if id in scene.assets])
        for one in scene.world.all("function_url")
        if one.auth_type == "NONE"
    )
    return scene.signs("function-url-open", "its URL asks who calls", found)


def _open(arn: str) -> str:
    return f"function {arn.rpartition(':')[2]} is called from the internet by anybody: its URL has AuthType NONE"


def open_routes(scene: Scene) -> Iterator[Sign]:
    """Yield HTTP APIs of which routes are called without authorization; what answers preflights of browsers is left out."""
    return scene.signs("api-routes-open", "routes ask who calls", _routes(scene))


def _routes(scene: Scene) -> Iterator[Told]:
    by_api: dict[str, list[Told]] = {}
    for one in scene.world.all("api_route"):
        method, _, path = one.route_key.partition(" ")
        # Of a key without a path nobody knows whether it is one of an HTTP API: those of WebSockets ask at `$connect` alone.
        if (path and method != "OPTIONS") or one.route_key == "$connect":
            said = one.authorization_type
            text = None if said is None else f"{one.route_key}" if said == "NONE" else ""
            by_api.setdefault(one.api_id, []).append(Told(by=one, text=text))
    for api, routes in by_api.items():
        yield from (one for one in routes if one.text is None)
        plain = [one for one in routes if one.text]
        if plain:
            keys = listed(sorted(str(one.text) for one in plain))
            text = f"API {api}: {len(plain):,} of {len(routes):,} routes ask nobody who calls ({keys})"
            yield Told(by=plain[0].by, text=text, also=[one.by for one in plain[1:]], assets=(), named=api)


def open_api_server(scene: Scene) -> Iterator[Sign]:
    """Yield clusters whose public API server takes connections from every address."""
    found = (
        Told(by=one, text=f"the API server of {called(one)} takes connections from every address of the internet")
        for one in scene.world.all("eks_cluster")
        if one.vpc_config.endpoint_public_access
        and any(cidr in EVERYBODY for cidr in one.vpc_config.public_access_cidrs or EVERYBODY)
    )
    return scene.signs("eks-api-open", "its API server is public", found)


def unauthenticated_clients(scene: Scene) -> Iterator[Sign]:
    """Yield brokers that take clients which do not say who they are."""
    found = []
    for one in scene.world.all("msk_cluster"):
        # A serverless cluster asks IAM.
        if one.provisioned is not None:
            on = one.provisioned.client_authentication.unauthenticated.enabled
            text = None if on is None else f"{called(one)} takes clients that do not say who they are" if on else ""
            found.append(Told(by=one, text=text))
    return scene.signs("clients-not-authenticated", "clients must say who they are", found)
