"""What no group, ACL or route closes, and what a responder must know beside packets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models.endpoint import Endpoint
from ..models.snapshot import Snapshot
from ..select import select
from .beside import relays
from .forensics import Forensics
from .proof import Shown, named
from .suspect import Suspect

MOST_PROPOSED = 3
JUMP_HOSTS = re.compile(r"bastion|jump|forensic", re.IGNORECASE)
SESSION_SERVICES = ("ssm", "ssmmessages", "ec2messages")


def notes(suspect: Suspect, path: Forensics | None, world: Snapshot, shown: Shown) -> list[str]:
    """Return the notes in the order in which they matter."""
    found = [*_unfinished(path, shown), *_beyond_filters(suspect, world), *_alive(shown), *_credentials(suspect)]
    found += _passes_on(suspect, world)
    found += _proposed(suspect, world) if path is None else []
    return [*found, *_where(suspect)]


def _unfinished(path: Forensics | None, shown: Shown) -> Iterator[str]:
    last = shown.last
    if not shown.beside_whole:
        yield "so many are hit besides that only the first of them, with those nearest to them, are in what steps cut"
    if not last.whole:
        yield "not everybody was looked at after the last step: this is no proof"
    if path is not None and not any(one.forensic for one in last.flows):
        yield f"the forensic path `{path.text}` does not pass after the last step: something else stops it, see `reach from`"


def _beyond_filters(suspect: Suspect, world: Snapshot) -> Iterator[str]:
    """Yield what AWS serves at the interface itself: SG-23, NACL-11, DNS-1."""
    vpcs = sorted({one.end.vpc for one in suspect.parts})
    said = {vpc: world.find("vpc_dns_support", f"{vpc}/dns-support") for vpc in vpcs}
    talking = [vpc for vpc, one in said.items() if one is None or one.value]
    if talking:
        yield (
            f"no group, ACL or route closes the Amazon resolver (of {', '.join(talking)}): data can still leave as DNS queries. DNS "
            "Firewall filters their names"
        )
    yield "nor instance metadata, time sync, DHCP, ECS task metadata and Windows activation: no filter sees packets to them"


def _alive(shown: Shown) -> Iterator[str]:
    alive = list(dict.fromkeys(text for step in shown.steps for text in step.survive))
    if alive:
        yield (
            f"AWS tracks these connections whatever groups say, and they outlive both groups: {'; '.join(alive)}. An ACL cuts them "
            "at once (`--means acl`), or the host itself"
        )


def _credentials(suspect: Suspect) -> Iterator[str]:
    if any(suspect.of_kind("instance")):
        yield (
            "credentials that its role handed out work from anywhere until they expire, past every group and ACL: nothing here is about "
            "what somebody who has them does from elsewhere"
        )


def _passes_on(suspect: Suspect, world: Snapshot) -> Iterator[str]:
    if relays(suspect.ids, world):
        yield "it passes on connections of others: whoever is reached by way of it, or calls by way of it, is cut off"


def _proposed(suspect: Suspect, world: Snapshot) -> Iterator[str]:
    """Yield ways by which responders could come in, as far as the snapshot has any."""
    near = {one.end.vpc for one in suspect.parts}
    every = [one for one in select("any", world) if one.interface and one.id not in suspect.ids]
    tunnels = [one for one in every if one.kind == "eice" and one.vpc in near]
    hosts = [one for one in every if one.kind == "ec2" and JUMP_HOSTS.search(one.name)]
    sessions = [one for one in every if one.kind == "endpoint" and one.vpc in near and _of_session(one, world)]
    offers = [f"--forensics '{one.id} on ssh' (EC2 Instance Connect endpoint)" for one in tunnels[:MOST_PROPOSED]]
    offers += [f"--forensics '{one.id} on ssh' ({named(one)})" for one in hosts[:MOST_PROPOSED]]
    if sessions:
        offers.append(f"--forensics '{' or '.join(one.id for one in sessions[:9])} on https' (Systems Manager endpoints)")
    if offers:
        yield f"nothing stays open for forensics; what the snapshot has: {', '.join(offers)}"
    else:
        yield "nothing stays open for forensics, and the snapshot shows no bastion, no Instance Connect and no Systems Manager endpoint"


def _of_session(one: Endpoint, world: Snapshot) -> bool:
    owner = world.owner(one.interface)
    service = str(getattr(owner, "service_name", ""))
    return service.rpartition(".")[2] in SESSION_SERVICES


def _where(suspect: Suspect) -> Iterator[str]:
    accounts = sorted({one.account for one in suspect.parts if one.account})
    if accounts:
        yield f"the commands are for {'account' if len(accounts) == 1 else 'accounts'} {', '.join(accounts)}; nothing here runs them"


def left_out(suspect: Suspect, world: Snapshot) -> list[str]:
    """Return what the proof leaves out: kinds that nothing models, resources that could not be read, caveats of what is compromised."""
    told = {
        text for part in suspect.parts for one in (part.interface, part.owner) if one is not None for text in one.caveats(world)
    }
    return sorted({*world.not_modelled, *(one.text for one in world.broken), *told})
