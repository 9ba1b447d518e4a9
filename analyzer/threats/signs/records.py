"""What leaves no record: VPCs without flow logs, doors without access logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...models.trust import Asset, DataClass
from .scene import Scene, Told, called, listed
from .sign import Sign

ACCESS_LOGS = "access_logs.s3.enabled"


# ---------------------------------------------------------------------- flow logs
def no_flow_logs(scene: Scene) -> Iterator[Sign]:
    """Yield VPCs in which no flow log records what reaches restricted assets."""
    return scene.signs("no-flow-logs", "flow logs record what reaches restricted assets", _unrecorded(scene))


def refused_only(scene: Scene) -> Iterator[Sign]:
    """Yield VPCs in which flow logs record what was refused, and nothing of what reached restricted assets."""
    return scene.signs("flow-logs-refused-only", "flow logs record what was let in", _refused(scene))


def _restricted(scene: Scene) -> Iterator[tuple[Any, list[Asset]]]:
    """Yield each VPC that holds restricted assets, with these."""
    by_vpc: dict[str, list[Asset]] = {}
    for one in scene.assets.values():
        if one.data_class is DataClass.RESTRICTED and one.vpc:
            by_vpc.setdefault(one.vpc, []).append(one)
    for id, assets in sorted(by_vpc.items()):
        if (vpc := scene.world.find("vpc", id)) is not None:
            yield vpc, assets


def _logs(scene: Scene, asset: Asset, interface: str) -> list[Any]:
    """Return the flow logs that record an interface of an asset: its own, those of its subnet and of its VPC."""
    known = scene.world.find("network_interface", interface)
    recorded = (asset.vpc, interface, known.subnet_id if known is not None else interface)
    return [one for id in dict.fromkeys(recorded) for one in scene.world.where("flow_log", "resource_id", id) if one.records]


def _told(vpc: Any, missed: Sequence[Asset], text: str, also: Sequence[Any] = ()) -> Told:
    names = listed(sorted(one.name or one.id for one in missed))
    count = "1 restricted asset" if len(missed) == 1 else f"{len(missed):,} restricted assets"
    return Told(by=vpc, text=f"{called(vpc)}: {text.format(f'{count} ({names})')}", also=also, assets=[one.id for one in missed])


def _unrecorded(scene: Scene) -> Iterator[Told]:
    for vpc, assets in _restricted(scene):
        missed = [one for one in assets if not all(_logs(scene, one, id) for id in one.interfaces or [""])]
        if missed and not scene.world.collected("flow_log", vpc):
            yield Told(by=vpc, text=None, assets=[one.id for one in missed])
        elif missed:
            yield _told(vpc, missed, "no flow log records what reaches {}")


def _refused(scene: Scene) -> Iterator[Told]:
    for vpc, assets in _restricted(scene):
        logs = {one.id: [log for id in one.interfaces for log in _logs(scene, one, id)] for one in assets}
        missed = [one for one in assets if logs[one.id] and all(log.traffic_type == "REJECT" for log in logs[one.id])]
        if missed:
            also = {log.id: log for one in missed for log in logs[one.id]}
            yield _told(vpc, missed, "flow logs record what was refused, and not what reached {}", list(also.values()))


# ---------------------------------------------------------------------- access logs
def no_access_logs(scene: Scene) -> Iterator[Sign]:
    """Yield load balancers and stages of APIs on the internet that do not record who called."""
    return scene.signs("no-access-logs", "requests are recorded", _unlogged(scene))


def _unlogged(scene: Scene) -> Iterator[Told]:
    for one in scene.world.all("application_load_balancer"):
        door = scene.door(one)
        if door is not None:
            attributes = scene.world.find("load_balancer_attributes", one.id)
            said = attributes.value(ACCESS_LOGS) if attributes is not None else ""
            text = f"load balancer {called(one)} does not record the requests that it takes from the internet"
            known = {"true": "", "false": text}.get(said)
            yield Told(by=one, text=known, also=[attributes] if known else (), confidence=door)
    for stage in scene.world.all("rest_api_stage"):
        api = scene.world.find("rest_api", stage.api_id)
        if api is not None and api.is_public and stage.access_log is None:
            yield Told(by=stage, text=f"stage {stage.stage_name} of REST API {api.label or api.id} does not record who calls it")
