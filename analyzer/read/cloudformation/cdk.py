"""What CDK writes beside its templates: which stacks they are and where, what it uploads under which name, names of constructs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from .pseudo import Setting

Json = dict[str, Any]
ENVIRONMENT = re.compile(r"aws://([^/]*)/([^/]*)")
# What constructs call the one resource that they wrap.
WRAPPED = re.compile(r"(/(Resource|Default))+\Z")
LONGEST = 500


class Made(msgspec.Struct, frozen=True):
    """A stack that a manifest names: its template, where it stands, values of its parameters, names of constructs by resource."""

    name: str
    path: str
    setting: Setting
    given: Json
    constructs: dict[str, str]


def construct(path: Any) -> str:
    """Return the path of a construct as its authors know it; "" for what is none."""
    if not isinstance(path, str) or not 0 < len(path) <= LONGEST:
        return ""
    return WRAPPED.sub("", path.removeprefix("/"))


def is_metadata(document: Json) -> bool:
    """Return whether a document is what CDK notes of the constructs of a stack, by path."""
    return bool(document) and all(key.startswith("/") and isinstance(found, list) for key, found in document.items())


def constructs(metadata: Any) -> dict[str, str]:
    """Return the paths of constructs by the names of their resources."""
    found: dict[str, str] = {}
    for path, notes in metadata.items() if isinstance(metadata, dict) else ():
        for note in notes if isinstance(notes, list) else ():
            if isinstance(note, dict) and note.get("type") == "aws:cdk:logicalId" and isinstance(note.get("data"), str):
                found.setdefault(note["data"], construct(path))
    return found


def uploads(document: Json) -> Iterator[tuple[str, str]]:
    """Yield what a list of assets uploads: the name there, and the file here."""
    files = document.get("files")
    for one in files.values() if isinstance(files, dict) else ():
        source, destinations = (one.get("source"), one.get("destinations")) if isinstance(one, dict) else (None, None)
        path = source.get("path") if isinstance(source, dict) else None
        for there in destinations.values() if isinstance(destinations, dict) else ():
            key = there.get("objectKey") if isinstance(there, dict) else None
            if isinstance(path, str) and isinstance(key, str):
                yield key, path


def stacks(folder: str, artifacts: Json, metadata: dict[str, Json]) -> Iterator[Made]:
    """Yield the stacks of a manifest in a folder; `metadata` are the documents about constructs, by their path."""
    for name, one in artifacts.items():
        if not isinstance(one, dict) or one.get("type") != "aws:cloudformation:stack":
            continue
        held = one.get("properties")
        held = held if isinstance(held, dict) else {}
        match = ENVIRONMENT.fullmatch(str(one.get("environment")))
        account, region = ("" if part.startswith("unknown-") else part for part in match.groups()) if match else ("", "")
        given = held.get("parameters")
        shown = str(held.get("stackName") or one.get("displayName") or name)
        noted = one.get("metadata") or metadata.get(posixpath.join(folder, str(one.get("additionalMetadataFile"))))
        yield Made(
            name[:80],
            posixpath.join(folder, str(held.get("templateFile"))),
            Setting(account, region, shown, certain=True),
            given if isinstance(given, dict) else {},
            constructs(noted),
        )
