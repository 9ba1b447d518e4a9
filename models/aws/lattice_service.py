"""Services of VPC Lattice: listeners, rules, and the target groups that they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ..component import Document, World, conditional
from ..lattice import (
    ANSWERS,
    IN_LISTENER,
    IN_SERVICE,
    OF_RESOURCES,
    OF_SERVICES,
    LatticeShape,
    Offer,
    authorized,
    documents_of,
    in_doubt,
    short,
    sources,
    unseen,
    whole,
)
from ..packet import TCP, IntervalSet, services_of, union
from ..table import Action, Arrive, Choose, Place, Share


class Weighted(msgspec.Struct, rename="camel", frozen=True):
    """One group of a forward."""

    target_group_identifier: str = ""
    weight: int = 1


class Forward(msgspec.Struct, rename="camel", frozen=True):
    """The groups of a forward."""

    target_groups: list[Weighted] = []


class LatticeAction(msgspec.Struct, rename="camel", frozen=True):
    """What is done with a request: forward or a fixed response."""

    forward: Forward | None = None
    fixed_response: dict[str, Any] | None = None

    @property
    def groups(self) -> list[str]:
        """The ids of the groups that it forwards to."""
        return [short(one.target_group_identifier) for one in self.forward.target_groups if one.weight] if self.forward else []


class LatticeRule(LatticeShape, kw_only=True):
    """A rule of a listener: GetRule, which alone says the action, and ListRules."""

    kind: ClassVar[str] = "lattice_rule"
    own_arn: ClassVar[tuple[str, ...]] = ("service", "listener", "rule")
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "LatticeRules", "GetRule", "ListRules", "ruleIdentifier", within=IN_LISTENER, handed=True
    )

    is_default: bool = False
    action: LatticeAction | None = None

    @property
    def listener(self) -> str:
        """The id of its listener."""
        return self.part("listener")


class LatticeListener(LatticeShape, kw_only=True):
    """A listener of a service: GetListener, which alone says the default action, and ListListeners."""

    kind: ClassVar[str] = "lattice_listener"
    own_arn: ClassVar[tuple[str, ...]] = ("service", "listener")
    documents: ClassVar[tuple[Document, ...]] = documents_of(
        "LatticeListeners", "GetListener", "ListListeners", "listenerIdentifier", within=IN_SERVICE, handed=True
    )

    port: int = 0
    protocol: str = ""
    service_id: str = ""
    service_arn: str = ""
    default_action: LatticeAction | None = None

    @property
    def service(self) -> str:
        """The id of its service."""
        return self.service_id or short(self.service_arn) or self.part("service")

    @property
    def services(self) -> IntervalSet:
        """The service that it takes: HTTP, HTTPS and TLS are TCP."""
        return services_of(TCP, self.port, self.port)

    def groups(self, world: World) -> Iterator[tuple[str, bool]]:
        """Yield the id of each group that requests are forwarded to, and whether that depends on the request; "" for nobody knows."""
        rules = world.where("lattice_rule", "listener", self.id)
        mine = [one.action for one in rules if one.is_default] + [self.default_action]
        default = next((one for one in mine if one is not None), None)
        sure = default.groups if default is not None else [""]
        yield from ((id, False) for id in dict.fromkeys(sure))
        asked = [id for one in rules if not one.is_default for id in (one.action.groups if one.action is not None else [""])]
        if not rules and self.protocol != "TLS_PASSTHROUGH" and not world.collected("lattice_rule", self):
            asked.append("")
        yield from ((id, True) for id in dict.fromkeys(asked) if id not in sure)


class LatticeService(LatticeShape, kw_only=True):
    """A service: GetService, which alone says who authorizes, and ListServices."""

    kind: ClassVar[str] = "lattice_service"
    endpoint_kind: ClassVar[str] = "lattice"
    own_arn: ClassVar[tuple[str, ...]] = ("service",)
    documents: ClassVar[tuple[Document, ...]] = documents_of("LatticeServices", "GetService", "ListServices", "serviceIdentifier")

    auth_type: str = ""

    def reached_at(self, world: World) -> IntervalSet:
        """Return the addresses of the service networks that it is in."""
        associations = world.where("service_network_service_association", "service", self.id)
        networks = (world.find("service_network", one.service_network) for one in associations)
        own = OF_SERVICES | sources(world)
        return own | (union(one.reached_at(world) for one in networks if one is not None) - OF_RESOURCES)

    def answers_from(self, world: World) -> Place:
        """Return the place where replies come back out of VPC Lattice."""
        return ANSWERS

    def offers(self, world: World) -> Iterator[Offer]:
        """Yield what its listeners take, and where that goes on to."""
        listeners = world.where("lattice_listener", "service", self.id)
        for one in listeners:
            ways = (Arrive(self.id), *self._ways(one, world))
            title = f"{self.title} tcp/{one.port}"
            yield Offer(title, one.services, authorized(self.working(Share(ways), "LAT-1"), self))
        if not listeners and not whole("lattice_listener", self.account, world):
            text = f"the listeners of {self.title} are not in the snapshot"
            yield Offer(self.title, services_of(TCP), unseen(text, self.id, self.account, world, Arrive(self.id)))

    def _ways(self, listener: LatticeListener, world: World) -> Iterator[Action]:
        for id, asked in listener.groups(world):
            group = world.find("lattice_target_group", id)
            if group is None:
                text = f"target group {id or 'of a rule'} of {self.title} is not in the snapshot"
                yield unseen(text, self.id, self.account, world)
                continue
            text = f"rules of {self.title} decide by the request what {group.title} gets"
            for way in group.ways(world):
                yield in_doubt(way, conditional(text, self.id, "LAT-6")) if asked and not isinstance(way, Choose) else way
