"""What one failure, or one mistaken command, takes away: stores in a single zone, without backups, that anybody may delete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .scene import Scene, Told, called
from .sign import Sign

DELETION_PROTECTION = "deletion_protection.enabled"


def _alone(scene: Scene) -> Iterator[Any]:
    """Yield the database instances of worth that are no member of a cluster and no replica of another."""
    for one in scene.world.all("db_instance"):
        if not one.db_cluster_identifier and not one.read_replica_source_db_instance_identifier and scene.holds(one):
            yield one


def _clusters(scene: Scene) -> Iterator[Any]:
    return (one for one in scene.world.all("db_cluster") if scene.holds(one))


# ---------------------------------------------------------------------- zones
def single_zone(scene: Scene) -> Iterator[Sign]:
    """Yield stores of worth, and load balancers on the internet, that stand in one zone."""
    return scene.signs("single-zone", "it stands in several zones", _in_one_zone(scene))


def _in_one_zone(scene: Scene) -> Iterator[Told]:
    for one in (*_clusters(scene), *_alone(scene)):
        text = f"database {called(one)} has no standby in another Availability Zone"
        yield Told(by=one, text=None if one.multi_az is None else "" if one.multi_az else text)
    for domain in scene.world.all("opensearch_domain"):
        if scene.holds(domain):
            spread = domain.cluster_config.zone_awareness_enabled
            text = f"search domain {called(domain)} stands in one Availability Zone"
            yield Told(by=domain, text=None if spread is None else "" if spread else text)
    for one in scene.world.all("network_load_balancer"):
        door = scene.door(one)
        if door is not None and len(one.availability_zones) == 1:
            text = f"load balancer {called(one)} takes requests from the internet in one Availability Zone alone"
            yield Told(by=one, text=text, confidence=door)


# ---------------------------------------------------------------------- losing it
def no_backups(scene: Scene) -> Iterator[Sign]:
    """Yield databases of worth that AWS makes no backups of."""
    found = (
        Told(by=one, text=None if (days := one.backup_retention_period) is None else "" if days else _not_kept(one))
        for one in _alone(scene)
    )
    return scene.signs("no-backups", "backups are made", found)


def _not_kept(one: Any) -> str:
    return f"database {called(one)} has no automated backups (BackupRetentionPeriod 0)"


def deletable(scene: Scene) -> Iterator[Sign]:
    """Yield databases of worth, and load balancers on the internet, that one call deletes."""
    return scene.signs("deletion-unprotected", "it is protected from deletion", _deletable(scene))


def _deletable(scene: Scene) -> Iterator[Told]:
    for one in (*_clusters(scene), *_alone(scene)):
        said = one.deletion_protection
        yield Told(by=one, text=None if said is None else "" if said else f"one call deletes database {called(one)}")
    for kind in ("application_load_balancer", "network_load_balancer"):
        for one in scene.world.all(kind):
            door = scene.door(one)
            if door is None:
                continue
            attributes = scene.world.find("load_balancer_attributes", one.id)
            said = attributes.value(DELETION_PROTECTION) if attributes is not None else ""
            text = {"true": "", "false": f"one call deletes load balancer {called(one)}"}.get(said)
            yield Told(by=one, text=text, also=[attributes] if text else (), confidence=door)
