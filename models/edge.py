"""How services at the edge of AWS's network come straight to interfaces of a VPC: past routes, past what filters the subnet inward."""

from __future__ import annotations

from typing import Any

from .component import World, lost_sight, perhaps, unknown
from .packet import only
from .rule import rule
from .table import AWAY, INTERNET, UNTOLD, Action, Choose, Doubt, Drop, Place, Send, Session


@rule(
    "NACL-17",
    says="What Global Accelerator and CloudFront bring with the client's address does not meet the inbound entries of the subnet's ACL; "
    "the replies meet the outbound ones.",
    source="https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html",
)
def entry(by: str, interface: Any, world: World, *, source: int | None = None, service: int | None = None) -> Action:
    """Return the way from a service at the edge to an interface, and of the reply back to the service, which is sent on by it.

    `by` is the service's resource, at whose stage `takes back` replies end; `source` and `service` replace the client's.
    The VPC must have an internet gateway, though no route need name it, and Block Public Access stands before it.
    """
    number = interface.primary[0]
    if number is None:
        return Drop("BAD_STATE", f"{interface.id} has no IPv4 address")
    here = interface.subnet_id
    session = Session((Place(by, "takes back", here),), INTERNET, caught=Place(here, "leaves"), led=Place(here, "hands back", by))
    member = next((one for one, addresses in world.guarded_alike(here) if only(number) <= addresses), interface.id)
    send = Send(Place(member, "groups in"), source=source, target=number, service=service, realm="", session=session)
    gateway = next((one for one in world.where("internet_gateway", "vpc_id", interface.vpc_id) if one.attached), None)
    if gateway is None:
        text = f"{interface.vpc_id} has no internet gateway, which services at the edge need"
        return (
            Drop("BAD_STATE_ATTACHMENT", text, otherwise=send)
            if world.collected("internet_gateway", world.keeper(interface.vpc_id))
            else _unsure(send, interface)
        )
    guards = [
        *gateway.public_access(here, world, inbound=True, started_inside=False, onward=send),
        gateway.line("", send, "BPA-3"),
    ]
    action: Action = gateway.unless_shut(guards, world)[0].action
    return action


def _unsure(send: Send, interface: Any) -> Choose:
    return perhaps(send, unknown(f"the internet gateway of {interface.vpc_id} is not in the snapshot", interface.vpc_id, "LIM-7"))


def entry_from_somewhere(by: str, interface: Any, world: World, *, service: int | None = None) -> Action:
    """Return that way where nobody knows with which address the service comes, nor whether an ACL stands before it."""
    way = entry(by, interface, world, service=service)
    if not isinstance(way, Send):
        return way
    untold = Send(way.place, way.source, way.target, way.service, UNTOLD, way.session)
    return perhaps(untold, unknown(f"with which address {by} comes to {interface.id} is not in the snapshot", by, "LIM-7"))


def strange(id: str, doubt: Doubt) -> Choose:
    """Return the way to an endpoint that the snapshot does not hold: a load balancer may lead on to hosts that it holds."""
    return lost_sight(doubt) if ":loadbalancer/" in id else Choose((AWAY, Drop("", doubt.text)), doubt)


def interfaces_behind(id: str, world: World) -> list[Any]:
    """Return the interfaces that an endpoint of such a service stands for; empty where the snapshot does not hold it.

    They are the nodes of a load balancer, the first interface of an instance, the one that holds an Elastic IP.
    """
    for kind in ("application_load_balancer", "network_load_balancer"):
        balancer = world.find(kind, id)
        if balancer is not None:
            found = (world.find("network_interface", one) for one in balancer.interface_ids(world))
            return [one for one in found if one is not None]
    if id.startswith("eipalloc-"):
        return [one for one in world.all("network_interface") if id in _allocations(one)]
    attached = world.where("network_interface", "instance_id", id.rpartition("/")[2]) if id else ()
    return sorted(attached, key=lambda one: (one.attachment.device_index, one.id))[:1]


def _allocations(interface: Any) -> list[str]:
    """Return the allocations of the Elastic IPs of an interface."""
    held = [one.association for one in interface.private_ip_addresses] + [interface.association]
    return [text for one in held if (text := getattr(one, "allocation_id", ""))]
