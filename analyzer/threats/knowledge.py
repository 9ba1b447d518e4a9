"""What is known about attacks and data before any network is looked at: the files of `analyzer/data/threats`. Nothing else reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, TypeVar

import msgspec

from ..models.attack import Technique
from ..models.packet import EVERY_SERVICE, IntervalSet, union
from ..models.service import parse_services
from ..models.threat import Data, Factor, Severity
from ..models.trust import DataClass, ZoneKind
from ..read.shape import Shape, shaped
from ..read.yaml import parse_yaml
from .signs.kinds import kinds_file

PAGE = "docs/threats.md"
S = TypeVar("S", bound="Dated")
Use = Literal["admin", "data", "application"]
# From and to what is worth telling apart: a host that was taken before, and one that can be.
HOST = "host"


class Dated(Shape):
    """A file of knowledge: of what day it is, and where it comes from."""

    date: str
    sources: list[str]


class HopRule(Shape):
    """Which techniques a hop shows: what is left out is any."""

    from_: list[str] | None = None
    to: list[str] | None = None
    use: Use | None = None
    techniques: list[str]
    stride: str

    model_config = Shape.model_config | {"alias_generator": lambda name: name.rstrip("_")}


class TechniqueRow(Shape):
    """A technique of the catalogue."""

    id: str
    name: str
    tactic: str


class Attack(Dated):
    """`attack.yaml`."""

    attack_version: str
    techniques: list[TechniqueRow]
    hops: list[HopRule]
    preconditions: dict[str, str]


class Port(Shape):
    """What a service is for."""

    on: str
    name: str
    use: Use
    technique: str = ""
    plaintext: bool = False


class Ports(Dated):
    """`ports.yaml`."""

    ports: list[Port]


class Classes(Dated):
    """`classes.yaml`."""

    tags: dict[str, list[str]]
    values: dict[str, list[str]]
    kinds: dict[str, list[str]]
    production: list[str]
    not_production: list[str]


class ActorKind(Shape):
    """A kind of actor; `takes` a selector where one can be named in brackets."""

    name: str
    zone: str
    starts: Literal["internet", "partners", "on-prem", "entry-hosts", "egress-hosts"]
    likelihood: int
    takes: Literal["", "selector"] = ""
    assumptions: list[str]


class Actors(Dated):
    """`actors.yaml`."""

    actors: list[ActorKind]


class RiskKind(Shape):
    """A kind of risk that packets show."""

    name: str
    title: str
    stride: str
    remedy: str


class FactorKind(Shape):
    """What adds to a likelihood or an impact."""

    of: Literal["likelihood", "impact"]
    points: int
    text: str


class Risks(Dated):
    """`risks.yaml`."""

    bands: dict[str, int]
    impacts: dict[str, int]
    kinds: list[RiskKind]
    factors: dict[str, FactorKind]


class Named(msgspec.Struct, frozen=True):
    """Services with what they are for."""

    port: Port
    services: IntervalSet


class Knowledge:
    """All files, and the questions that are asked of them."""

    def __init__(self) -> None:
        self.attack = _read("attack", Attack)
        self.classes = _read("classes", Classes)
        self.actors = {one.name: one for one in _read("actors", Actors).actors}
        self.risks = _read("risks", Risks)
        signs = (RiskKind(name=one.kind, title=one.title, stride=one.stride, remedy=one.remedy) for one in kinds_file().kinds)
        self._kinds = {one.name: one for one in (*self.risks.kinds, *signs)}

    @cached_property
    def ports(self) -> list[Named]:
        """What services are for, in order of the file."""
        return [Named(one, parse_services(one.on)) for one in _read("ports", Ports).ports]

    def files(self) -> list[Data]:
        """Return the files with their days."""
        versions = {"attack": f"ATT&CK {self.attack.attack_version}"}
        dated = {name: _read(name, shape).date for name, shape in FILES.items()}
        dated["kinds"] = kinds_file().date
        return [Data(file=f"{name}.yaml", date=date, version=versions.get(name, "")) for name, date in dated.items()]

    # ------------------------------------------------------------------ assets
    def class_of(self, kind: str, tags: Mapping[str, str], keys: Sequence[str]) -> tuple[DataClass, str]:
        """Return how much harm it does when strangers have the data of an asset, and what says so."""
        for key in keys:
            for found, values in self.classes.values.items():
                if tags.get(key, "").strip().lower() in values:
                    return DataClass(found), f"tag {key}={tags[key]}"
        for found, kinds in self.classes.kinds.items():
            if kind in kinds:
                return DataClass(found), f"usual for {kind}"
        return DataClass.INTERNAL, "nothing says otherwise"

    # ------------------------------------------------------------------ services
    def uses(self, services: IntervalSet) -> list[Port]:
        """Return the services that are known by name among some, in order of the file; none where all of them are meant."""
        return [] if services == EVERY_SERVICE else [one.port for one in self.ports if one.services & services]

    def use_of(self, services: IntervalSet) -> Use:
        """Return what services are for: administration if any of them is, everything included."""
        found = {one.port.use for one in self.ports if one.services & services}
        return "admin" if "admin" in found else "data" if found == {"data"} else "application"

    def of_use(self, use: Use, services: IntervalSet) -> IntervalSet:
        """Return those of some services that are for a use."""
        return union(one.services for one in self.ports if one.port.use == use) & services

    # ------------------------------------------------------------------ hops
    def hop(self, zone: ZoneKind | None, kind: str, services: IntervalSet) -> HopRule:
        """Return what a hop shows: from a zone (None: from a taken host) to a kind of endpoint, by what arrives."""
        start, use = zone.value if zone is not None else HOST, self.use_of(services)
        for one in self.attack.hops:
            if start in (one.from_ or [start]) and kind in (one.to or [kind]) and one.use in (None, use):
                known = [port.technique for port in self.uses(services) if port.use == "admin" and port.technique]
                techniques = known if use == "admin" and one.techniques == ["T1021"] and known else one.techniques
                return one.model_copy(update={"techniques": list(dict.fromkeys(techniques))})
        raise AssertionError("the last row of attack.yaml fits every hop")

    def kind(self, name: str) -> RiskKind:
        """Return a kind of risk: one that packets show, or a sign."""
        return self._kinds[name]

    def technique(self, ids: Iterable[str]) -> list[Technique]:
        """Return techniques by id, in order of id."""
        wanted = set(ids)
        rows = sorted((one for one in self.attack.techniques if one.id in wanted), key=lambda one: one.id)
        return [Technique(id=one.id, name=one.name, tactic=one.tactic) for one in rows]

    # ------------------------------------------------------------------ scores
    def factor(self, name: str) -> Factor:
        """Return a factor by name."""
        one = self.risks.factors[name]
        return Factor(of=one.of, points=one.points, text=one.text)

    def impact(self, data_class: DataClass) -> int:
        """Return the impact of losing data of a class, 1 to 4."""
        return self.risks.impacts[data_class.value]

    def severity(self, score: int) -> Severity:
        """Return the band of a product of likelihood and impact, 1 to 16."""
        return next(Severity(name) for name, most in self.risks.bands.items() if score <= most)


FILES: dict[str, type[Dated]] = {"attack": Attack, "ports": Ports, "classes": Classes, "actors": Actors, "risks": Risks}


def _read(name: str, shape: type[S]) -> S:
    text = (files("analyzer") / "data" / "threats" / f"{name}.yaml").read_text("utf-8")
    return shaped(parse_yaml(text, f"{name}.yaml"), shape, PAGE)


@cache
def knowledge() -> Knowledge:
    """Return what is known; read once."""
    return Knowledge()
