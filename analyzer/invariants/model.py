"""The invariants file as people write it: every key that it may hold, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from ..models.finding import KINDS as FINDINGS
from ..read.shape import Shape
from .scope import Scope

KINDS = ("deny", "allow", "allow_only", "isolate", "blast_radius", "through", "min_depth", "scope", "lint")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("write a day like 2027-03-31") from None


Text = Annotated[str, Field(min_length=1)]
# One selector, or several that mean all of what they name.
Selectors = Annotated[list[Text], BeforeValidator(_listed), Field(min_length=1)]
Day = Annotated[date, BeforeValidator(_day)]


class Ends(Shape):
    """From whom to whom, on which services."""

    source: Selectors = Field(alias="from")
    target: Selectors = Field(alias="to")
    on: Text | None = None


class Part(Shape):
    """A part of the flows: what is left out is any."""

    source: Selectors | None = Field(None, alias="from")
    target: Selectors | None = Field(None, alias="to")
    on: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.source is None and self.target is None:
            raise ValueError("`from` or `to` is missing")
        return self


class Ignore(Shape):
    """Flows that do not count until a day, that day included, and why."""

    flow: Part
    until: Day
    reason: Text


class Through(Ends):
    """Flows that must pass something on their way."""

    via: Selectors


class Radius(Shape):
    """How far an intruder may come from each of the sources."""

    source: Selectors = Field(alias="from")
    at_most: int | None = Field(None, ge=0)
    never: Selectors | None = None
    on: Text | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.at_most is None and self.never is None:
            raise ValueError("`at_most` or `never` is missing")
        return self


class Depth(Ends):
    """How many mistakes it must take at least until something passes: single edits, as `analyzer.depth` counts them."""

    at_least: int = Field(ge=1)


class Invariant(Shape):
    """One sentence about the network that must hold."""

    name: Text
    deny: Ends | None = None
    allow: Ends | None = None
    allow_only: Ends | None = None
    isolate: Annotated[list[Selectors], Field(min_length=2)] | None = None
    blast_radius: Radius | None = None
    through: Through | None = None
    min_depth: Depth | None = None
    scope: Scope | None = None
    lint: Annotated[list[Literal[tuple(FINDINGS)]], Field(min_length=1)] | None = None  # type: ignore[valid-type]
    exceptions: list[Part] = Field([], alias="except")
    ignore: list[Ignore] = []

    @model_validator(mode="after")
    def _demands_one_thing(self) -> Self:
        there = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(there) != 1:
            raise ValueError(f"it needs exactly one of {', '.join(f'`{kind}`' for kind in KINDS)}")
        if self.lint is not None and (self.exceptions or self.ignore):
            raise ValueError("`lint` takes no `except` and no `ignore`: they are about flows; keep a baseline")
        return self

    @property
    def kind(self) -> str:
        """Which of KINDS it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)


class InvariantsFile(Shape):
    """A whole file."""

    invariants: Annotated[list[Invariant], Field(min_length=1)]
