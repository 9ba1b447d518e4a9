"""The kinds of signs: what each means for whoever defends the system, as `analyzer/data/threats/kinds.yaml` says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ...models.trust import DataClass
from ...read.shape import Shape, shaped
from ...read.yaml import parse_yaml

PAGE = "docs/threat-signs.md"
FILE = "kinds.yaml"
Level = Annotated[int, Field(ge=1, le=4)]


class SignKind(Shape):
    """A kind of sign. `likelihood` and `impact` are from 1 to 4; in the place of the impact may be what it goes by."""

    kind: str
    title: str
    stride: Annotated[str, Field(pattern=r"^S?T?R?I?D?E?$", min_length=1)]
    techniques: list[Annotated[str, Field(pattern=r"^T[0-9]{4}(\.[0-9]{3})?$")]]
    likelihood: Level
    impact: Level | None = None
    impact_by: Literal["data class"] | None = None
    remedy: str
    reference: Annotated[str, Field(pattern=r"^https://docs\.aws\.amazon\.com/")]

    @model_validator(mode="after")
    def _has_one_impact(self) -> Self:
        if (self.impact is None) == (self.impact_by is None):
            raise ValueError(f"`{self.kind}` needs either `impact` or `impact_by`")
        return self

    def impact_on(self, classes: Iterable[DataClass], impacts: Mapping[str, int]) -> int:
        """Return the impact on assets of some classes, with what each class is worth; that of internal data for none."""
        if self.impact is not None:
            return self.impact
        return max((impacts[one.value] for one in classes), default=impacts[DataClass.INTERNAL.value])


class Kinds(Shape):
    """The file: of what day it is, where it comes from, what it knows, and what no sign is made of."""

    date: str
    sources: list[str]
    kinds: list[SignKind]
    not_modelled: list[str]


@cache
def kinds_file() -> Kinds:
    """Return the file; read once."""
    text = (files("analyzer") / "data" / "threats" / FILE).read_text("utf-8")
    return shaped(parse_yaml(text, FILE), Kinds, PAGE)


@cache
def sign_kinds() -> dict[str, SignKind]:
    """Return the kinds of signs by name, in order of the file."""
    return {one.kind: one for one in kinds_file().kinds}
