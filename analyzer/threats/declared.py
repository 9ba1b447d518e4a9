"""What people declare beside a snapshot: contexts and their contracts, partners, actors of their own, accepted risks, tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from pydantic import Field

from ..invariants.model import Day, Selectors, Text
from ..models.attack import Actor
from ..models.errors import InputError, QuestionError, near, quoted
from ..models.packet import EVERY_SERVICE, IntervalSet
from ..models.service import parse_services
from ..models.threat import Acceptance
from ..models.trust import Contract, ZoneKind
from ..read.shape import Shape, shaped
from ..read.words import shown
from ..read.yaml import YamlFile, read_yaml
from ..select.catalogue import CONTEXT_TAGS
from .knowledge import PAGE, Knowledge

ARROW = "->"
# Contracts may name the zones outside, too.
ZONES = (ZoneKind.INTERNET.value, ZoneKind.PARTNER.value, ZoneKind.ON_PREM.value)


class ContextRow(Shape):
    """A bounded context and its assets: `{name: payments, assets: "tag:team=payments"}`."""

    name: Text
    assets: Selectors


class ActorRow(Shape):
    """An actor of one's own: `like` one that is known, who starts elsewhere, and may be assumed to know more."""

    name: Text
    like: Text
    start: Selectors = Field(alias="from")
    likelihood: int | None = Field(None, ge=1, le=4)
    assumptions: list[Text] = []


class AcceptedRow(Shape):
    """A risk that somebody answers for until a day, that day included."""

    risk: Text
    reason: Text
    owner: Text
    until: Day


class TagRows(Shape):
    """The keys of tags that say something, the first that is there counts."""

    data_class: list[Text] | None = None
    owner: list[Text] | None = None
    context: list[Text] | None = None
    environment: list[Text] | None = None


class DeclarationFile(Shape):
    """A file of declarations; every key may be left out."""

    contexts: list[ContextRow] = []
    contracts: list[Text] = []
    partners: list[Text] = []
    actors: list[ActorRow] = []
    accepted: list[AcceptedRow] = []
    tags: TagRows = TagRows()


class Agreed(msgspec.Struct, frozen=True):
    """A contract as it is compared with: who, whom, on what."""

    contract: Contract
    services: IntervalSet


class Declared(msgspec.Struct, frozen=True):
    """All declarations of some files; `tags` are the keys to look for, by what they say."""

    contexts: tuple[tuple[ContextRow, str], ...] = ()
    agreed: tuple[Agreed, ...] = ()
    partners: tuple[str, ...] = ()
    actors: tuple[tuple[ActorRow, str], ...] = ()
    accepted: tuple[AcceptedRow, ...] = ()
    tags: dict[str, tuple[str, ...]] = {}

    def acceptance(self, risk: str, today: date) -> Acceptance | None:
        """Return who accepted a risk; None where nobody did."""
        one = next((row for row in self.accepted if row.risk == risk), None)
        if one is None:
            return None
        return Acceptance(reason=one.reason, owner=one.owner, until=one.until.isoformat(), expired=one.until < today)

    def contracts_between(self, source: str, target: str) -> list[Agreed]:
        """Return the contracts of two contexts or zones, in this direction."""
        return [one for one in self.agreed if (one.contract.source, one.contract.target) == (source, target)]


def declared(paths: Sequence[str], known: Knowledge) -> Declared:
    """Return what files declare, all of them together.

    Raises InputError for a file that cannot be read, says something else, or names a context twice.
    """
    read = [read_yaml(path) for path in paths]
    rows = [(file, shaped(file, DeclarationFile, PAGE)) for file in read]
    contexts = [(one, f"{file.name}:{file.line(('contexts', n))}") for file, row in rows for n, one in enumerate(row.contexts)]
    _once([one.name for one, _ in contexts], [origin for _, origin in contexts])
    actors = [(one, f"{file.name}:{file.line(('actors', n))}") for file, row in rows for n, one in enumerate(row.actors)]
    for one, origin in actors:
        if one.like not in known.actors:
            hint = f"one of {quoted(list(known.actors))}"
            raise InputError(f"cannot read `{origin}`: no actor is called `{shown(one.like, 60)}`", hint=hint)
    tags = {"context": CONTEXT_TAGS} | {name: tuple(keys) for name, keys in known.classes.tags.items()}
    for _, row in rows:
        tags |= {name: tuple(keys) for name in TagRows.model_fields if (keys := getattr(row.tags, name)) is not None}
    return Declared(
        contexts=tuple(contexts),
        agreed=tuple(_agreed(text, file, number) for file, row in rows for number, text in enumerate(row.contracts)),
        partners=tuple(one for _, row in rows for one in row.partners),
        actors=tuple(actors),
        accepted=tuple(one for _, row in rows for one in row.accepted),
        tags=tags,
    )


def _once(names: Sequence[str], origins: Sequence[str]) -> None:
    first: dict[str, str] = {}
    for name, origin in zip(names, origins, strict=True):
        if name in first or name in ZONES:
            taken = f"is the name of a zone: {quoted(ZONES)}" if name in ZONES else f"stands at `{first[name]}`, too"
            raise InputError(f"cannot read `{origin}`: the context `{shown(name, 60)}` {taken}", hint="give it another name")
        first[name] = origin


def _agreed(text: str, file: YamlFile, number: int) -> Agreed:
    """Return a contract from `payments -> ledger: tcp/5432`."""
    origin = f"{file.name}:{file.line(('contracts', number))}"
    ends, colon, on = text.rpartition(":")
    source, arrow, target = (part.strip() for part in ends.partition(ARROW))
    if not (colon and arrow and source and target and on.strip()):
        hint = "write `payments -> ledger: tcp/5432`"
        raise InputError(f"cannot read `{origin}`: `{shown(text, 60)}` is no contract", hint=hint)
    try:
        services = EVERY_SERVICE if on.strip() in ("any", "all") else parse_services(on.strip())
    except QuestionError as error:
        raise InputError(f"cannot read `{origin}`: {error.what}", hint=error.hint) from error
    return Agreed(Contract(source=source, target=target, on=on.strip(), origin=origin), services)


def actor_named(text: str, known: Knowledge) -> tuple[str, str]:
    """Return an actor's name and the selector in its brackets, "" without one: `compromised-workload(name:web-*)`.

    Raises QuestionError for a name that there is not, or brackets that it does not take.
    """
    name, bracket, rest = text.partition("(")
    name = name.strip()
    if name not in known.actors:
        close = near(name, list(known.actors)) or list(known.actors)
        raise QuestionError(f"no actor is called `{shown(name, 60)}`", hint=f"one of {quoted(close)}")
    if bracket and known.actors[name].starts == "internet":
        what = f"`{name}` begins everywhere outside: `{shown(text, 60)}` takes no selector"
        raise QuestionError(what, hint="write `internet`, or `compromised-workload(SELECTOR)`")
    if bracket and not rest.rstrip().endswith(")"):
        raise QuestionError(f"a bracket is missing in `{shown(text, 60)}`", hint=f"write `{name}(SELECTOR)`")
    return name, rest.rstrip()[:-1].strip() if bracket else ""


def of_kind(id: str, kind: str, starts: Sequence[str], known: Knowledge, row: ActorRow | None = None, origin: str = "") -> Actor:
    """Return an actor: one of a kind that is known, with what a row changes."""
    like = known.actors[kind]
    return Actor(
        id=id,
        name=row.name if row else like.name,
        zone=ZoneKind(like.zone),
        starts=list(starts),
        assumptions=[*like.assumptions, *(row.assumptions if row else [])],
        likelihood=(row.likelihood if row and row.likelihood else like.likelihood),
        origin=origin,
    )
