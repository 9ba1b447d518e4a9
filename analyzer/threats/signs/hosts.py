"""What instances give away: credentials to whoever makes them ask for a page, and what stands on their volumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .scene import Scene, Told, called, listed
from .sign import Sign


def metadata_v1(scene: Scene) -> Iterator[Sign]:
    """Yield instances with a role whose metadata service hands out its credentials without a session token (IMDSv1)."""
    with_role = (one for one in scene.world.all("instance") if one.iam_instance_profile is not None and _is_there(one))
    return scene.signs("imds-v1", "the metadata service wants a token (IMDSv2)", (_of_metadata(one) for one in with_role))


def _is_there(instance: Any) -> bool:
    return instance.state.name not in ("terminated", "shutting-down")


def _of_metadata(instance: Any) -> Told:
    options = instance.metadata_options
    if options is None or (options.http_endpoint != "disabled" and not options.http_tokens):
        return Told(by=instance, text=None)
    if options.http_endpoint == "disabled" or options.http_tokens == "required":
        return Told(by=instance, text="")
    role = instance.iam_instance_profile.arn.rpartition("/")[2]
    text = f"instance {called(instance)} hands out the credentials of its role ({role}) without a session token (IMDSv1)"
    return Told(by=instance, text=text)


def unencrypted_volumes(scene: Scene) -> Iterator[Sign]:
    """Yield instances with volumes that are not encrypted."""
    return scene.signs("unencrypted-volumes", "volumes are encrypted", _volumes(scene))


def _volumes(scene: Scene) -> Iterator[Told]:
    attached: dict[str, list[Any]] = {}
    for one in scene.world.all("volume"):
        for each in one.attachments:
            attached.setdefault(each.instance_id, []).append(one)
    for instance in scene.world.all("instance"):
        volumes = attached.get(instance.id, [])
        plain = [one for one in volumes if one.encrypted is False]
        if plain:
            count = "a volume" if len(plain) == 1 else f"{len(plain):,} volumes"
            text = f"instance {called(instance)} has {count} without encryption ({listed([one.id for one in plain])})"
            yield Told(by=instance, text=text, also=plain)
        elif _is_there(instance) and (not volumes or any(one.encrypted is None for one in volumes)):
            # An instance has a volume at least to start from: without one, volumes were not told, or not those of others.
            yield Told(by=instance, text=None)
