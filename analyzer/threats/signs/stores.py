"""What stores keep and send in plaintext, and databases that have a public address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ...models.component import Component
from .scene import Scene, Told, called
from .sign import Sign


def _databases(scene: Scene) -> Iterator[Component]:
    """Yield clusters, and instances that stand alone: what stores of a cluster say is said by the cluster."""
    clusters = scene.world.all("db_cluster")
    yield from clusters
    known = {one.db_cluster_identifier for one in clusters}
    yield from (one for one in scene.world.all("db_instance") if one.db_cluster_identifier not in known)


def _said(one: Component, on: bool | None, text: str) -> Told:
    """Return what a switch says: its sentence where it is off."""
    return Told(by=one, text=None if on is None else "" if on else text)


# ---------------------------------------------------------------------- at rest
AT_REST: dict[str, Callable[[Any], bool | None]] = {
    "cache_cluster": lambda one: one.at_rest_encryption_enabled,
    "opensearch_domain": lambda one: one.encryption_at_rest_options.enabled,
    "redshift_cluster": lambda one: one.encrypted,
}


def unencrypted_at_rest(scene: Scene) -> Iterator[Sign]:
    """Yield stores that do not encrypt what they keep."""
    return scene.signs("unencrypted-at-rest", "what is stored is encrypted", _at_rest(scene))


def _at_rest(scene: Scene) -> Iterator[Told]:
    for one in _databases(scene):
        yield _said(one, getattr(one, "storage_encrypted", None), _in_clear(one))
    for kind, encrypted in AT_REST.items():
        # Memcached keeps nothing.
        stores = (one for one in scene.world.all(kind) if getattr(one, "engine", "") != "memcached")
        yield from (_said(one, encrypted(one), _in_clear(one)) for one in stores)
    for system in scene.world.all("file_system"):
        targets = scene.world.where("mount_target", "file_system_id", system.id)
        about = [id for target in targets for id in scene.assets_of(target)]
        text = None if system.encrypted is None else "" if system.encrypted else _in_clear(system)
        yield Told(by=system, text=text, assets=about)


def _in_clear(one: Component) -> str:
    return f"{called(one)} does not encrypt what it stores"


# ---------------------------------------------------------------------- in transit
def unencrypted_in_transit(scene: Scene) -> Iterator[Sign]:
    """Yield stores that take clients without TLS."""
    return scene.signs("unencrypted-in-transit", "clients must use TLS", _in_transit(scene))


def _in_transit(scene: Scene) -> Iterator[Told]:
    for cache in scene.world.all("cache_cluster"):
        on = cache.transit_encryption_enabled
        if on and cache.transit_encryption_mode == "preferred":
            yield Told(by=cache, text=f"{called(cache)} takes clients without TLS too (mode `preferred`)")
        else:
            yield _said(cache, on, f"{called(cache)} talks to its clients without TLS")
    for domain in scene.world.all("opensearch_domain"):
        yield Told(by=domain, text=_of_domain(domain))
    for cluster in scene.world.all("msk_cluster"):
        # A serverless cluster takes TLS alone.
        if cluster.provisioned is not None:
            yield Told(by=cluster, text=_of_brokers(cluster))


def _of_domain(domain: Any) -> str | None:
    https, nodes = domain.domain_endpoint_options.enforce_https, domain.node_to_node_encryption_options.enabled
    plain = [
        text for on, text in ((https, "takes HTTP beside HTTPS"), (nodes, "sends plaintext between its nodes")) if on is False
    ]
    return f"{called(domain)} {' and '.join(plain)}" if plain else None if None in (https, nodes) else ""


def _of_brokers(cluster: Any) -> str | None:
    said = cluster.provisioned.encryption_info.encryption_in_transit.client_broker
    plain = {"PLAINTEXT": "talks to its clients in plaintext", "TLS_PLAINTEXT": "takes clients in plaintext beside TLS"}
    return f"{called(cluster)} {plain[said]}" if said in plain else "" if said == "TLS" else None


# ---------------------------------------------------------------------- addresses
def public_address(scene: Scene) -> Iterator[Sign]:
    """Yield stores with a public address that nobody outside reaches yet; those that somebody reaches are told by the way in."""
    return scene.signs("store-has-public-address", "it has a public address", _public(scene))


def _public(scene: Scene) -> Iterator[Told]:
    for kind in ("db_instance", "redshift_cluster"):
        for one in scene.world.all(kind):
            if one.publicly_accessible and scene.door(one) is None:
                yield Told(by=one, text=f"{called(one)} has a public address; only routes, ACLs and groups keep the internet out")
