"""AWS Network Access Analyzer scopes as they are written: paths that are looked for, and paths that are left out of what is found.

What a scope says that is not modelled is refused by name; nothing of it is dropped.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..read.shape import Shape

Texts = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class Resources(Shape):
    """Resources by id or ARN, or by type; never both."""

    resources: Texts | None = Field(None, alias="Resources")
    types: Texts | None = Field(None, alias="ResourceTypes")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.resources is None) == (self.types is None):
            raise ValueError("write `Resources` or `ResourceTypes`, one of the two")
        return self


class Header(Shape):
    """What the header of a packet holds; what is left out is any."""

    sources: Texts | None = Field(None, alias="SourceAddresses")
    targets: Texts | None = Field(None, alias="DestinationAddresses")
    source_lists: Texts | None = Field(None, alias="SourcePrefixLists")
    target_lists: Texts | None = Field(None, alias="DestinationPrefixLists")
    source_ports: Texts | None = Field(None, alias="SourcePorts")
    target_ports: Texts | None = Field(None, alias="DestinationPorts")
    protocols: Annotated[list[Literal["tcp", "udp"]], Field(min_length=1)] | None = Field(None, alias="Protocols")


class Statement(Shape):
    """One end of a path: the resource there, and the packet as it is there."""

    resource: Resources | None = Field(None, alias="ResourceStatement")
    header: Header | None = Field(None, alias="PacketHeaderStatement")


class Passed(Shape):
    """What a path passes."""

    resource: Resources = Field(alias="ResourceStatement")


class Path(Shape):
    """A path: both ends, and what it passes; what is left out is any."""

    source: Statement | None = Field(None, alias="Source")
    target: Statement | None = Field(None, alias="Destination")
    through: list[Passed] = Field([], alias="ThroughResources")


class Scope(Shape):
    """What is looked for, and what of it is left out."""

    match: Annotated[list[Path], Field(min_length=1)] = Field(alias="MatchPaths")
    exclude: list[Path] = Field([], alias="ExcludePaths")
