"""Containment by security groups: first one that admits everything, so that connections are no longer tracked, then a closed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json import dumps
from typing import Any

from ..models.snapshot import Snapshot
from .alive import survivors
from .carriers import refusal, regrouped
from .commands import Shell, Word, aws, kept, listed, printed, variable
from .draft import Draft, Edits, Way
from .forensics import Forensics, permissions
from .suspect import Part, Suspect

OPEN, CLOSED = "open", "closed"
MANAGED = " A service takes its time to apply other groups: wait until it has."
EVERYTHING = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]


def by_groups(suspect: Suspect, forensics: Forensics | None, world: Snapshot) -> Way:
    """Return the two groups one after the other, and what they leave alive."""
    reason = refusal(suspect)
    if reason:
        return Way(means="group", impossible=reason)
    names, alive = Names(suspect), tuple(survivors(suspect, world))
    closed = Draft(
        phase="contain",
        title="Close it" + (f" but for the forensic path {forensics.text}" if forensics else ""),
        why="The closed group admits " + (f"{forensics.text} alone" if forensics else "nothing") + ". Nothing new starts, and "
        "connections that are not tracked are cut at once. AWS promises that for what never was tracked; that the group before makes "
        "others so is how its own runbook does it: look at flow logs, and where that is not sure enough take an ACL.",
        commands=tuple(regrouped(suspect, names.of(CLOSED), names.of(OPEN))),
        undo=tuple(regrouped(suspect, _own, names.of(CLOSED))),
        edits=_swapped(suspect, names, OPEN, CLOSED),
        tracked="cut",
        survive=alive,
    )
    text = "the interface alone; what is tracked whatever groups say lives on: " + "; ".join(alive)
    return Way(
        means="group", drafts=(_made(names, forensics), _opened(suspect, names, forensics), closed), tracked="cut", text=text
    )


def _made(names: Names, forensics: Forensics | None) -> Draft:
    return Draft(
        phase="contain",
        title="Make the two groups, which nothing carries yet",
        why="One admits everything both ways, the other "
        + (f"{forensics.text} alone" if forensics else "nothing")
        + ". A new group "
        "lets everything out, so that its own rule goes first.",
        commands=tuple(names.made(forensics)),
        undo=tuple(names.deleted()),
    )


def _opened(suspect: Suspect, names: Names, forensics: Forensics | None) -> Draft:
    # What the step before made changes no packet's way, and so stands among the edits of this one.
    managed = any(one.owner is not None and one.owner.kind != "instance" for one in suspect.parts)
    return Draft(
        phase="contain",
        title="Let everything through, until the next step: have that ready",
        why="AWS tracks a connection that its rules admit for some addresses only, and a tracked connection outlives its rule. Under a "
        "group that admits 0.0.0.0/0 and ::/0 both ways it is tracked no longer. Meanwhile everybody who has a way reaches every port: "
        "leave this step out where that is worse than connections that live on." + (MANAGED if managed else ""),
        commands=tuple(regrouped(suspect, names.of(OPEN), _own)),
        undo=tuple(regrouped(suspect, _own, names.of(OPEN))),
        edits=(*names.edits(forensics), *_swapped(suspect, names, _OWN, OPEN)),
        tracked="stay",
    )


def _own(one: Part) -> Sequence[Word]:
    return tuple(str(id) for id in one.interface.group_ids)


_OWN = "its own"


class Names:
    """The groups that are to be made, two in each VPC: their ids in edits, their names in AWS, the variables of commands."""

    def __init__(self, suspect: Suspect) -> None:
        self._vpcs = list({one.end.vpc: one for one in reversed(suspect.parts)}.values())[::-1]
        self._first = suspect.parts[0].end.id

    def id(self, which: str, vpc: str) -> str:
        """Return the id of a group in edits."""
        return f"contain-{which}-in-{vpc}"

    def _name(self, which: str) -> str:
        return f"reach-contain-{which}-{self._first}"

    def _variable(self, which: str, vpc: str) -> str:
        number = next(at for at, one in enumerate(self._vpcs) if one.end.vpc == vpc)
        return which.upper() + (f"_{number + 1}" if number else "")

    def of(self, which: str) -> Any:
        """Return which group a part is to carry, as words of a command."""
        return lambda one: [variable(self._variable(which, one.end.vpc))]

    def made(self, forensics: Forensics | None) -> Iterator[str]:
        """Yield the commands that make both groups in each VPC; AWS lets out everything of a new one, which goes first."""
        for one in self._vpcs:
            for which in (OPEN, CLOSED):
                name = self._variable(which, one.end.vpc)
                words = ("ec2", "create-security-group", "--group-name", self._name(which), "--description", "containment")
                ids = ("--vpc-id", one.end.vpc, "--query", "GroupId", "--output", "text")
                yield kept(name, aws(one.region, *words, *ids))
                yield self._emptied(name, one.region)
                for direction, told in (("ingress", "inbound"), ("egress", "outbound")):
                    some = EVERYTHING if which == OPEN else permissions(forensics.lines, told) if forensics else []
                    if some:
                        rules = ("--ip-permissions", dumps(some))
                        yield aws(
                            one.region, "ec2", f"authorize-security-group-{direction}", "--group-id", variable(name), *rules
                        )

    @staticmethod
    def _emptied(name: str, region: str) -> str:
        words = ("ec2", "describe-security-group-rules", "--filters", Shell(f'"Name=group-id,Values=${name}"'))
        rules = aws(region, *words, "--query", "SecurityGroupRules[?IsEgress].SecurityGroupRuleId", "--output", "text")
        return aws(
            region,
            "ec2",
            "revoke-security-group-egress",
            "--group-id",
            variable(name),
            "--security-group-rule-ids",
            listed(rules),
        )

    def deleted(self) -> Iterator[str]:
        """Yield the commands that delete the groups, found by name: by then the variables may be gone."""
        for one in self._vpcs:
            for which in (OPEN, CLOSED):
                filters = (f"Name=group-name,Values={self._name(which)}", f"Name=vpc-id,Values={one.end.vpc}")
                query = ("--query", "SecurityGroups[0].GroupId", "--output", "text")
                group = printed(aws(one.region, "ec2", "describe-security-groups", "--filters", *filters, *query))
                yield aws(one.region, "ec2", "delete-security-group", "--group-id", group)

    def edits(self, forensics: Forensics | None) -> Iterator[dict[str, Any]]:
        """Yield the edits that make them."""
        for one in self._vpcs:
            for which in (OPEN, CLOSED):
                id = self.id(which, one.end.vpc)
                yield {"add": {"group": {"id": id, "vpc": one.end.vpc}}}
                everything = [(way, "all", block) for way in ("inbound", "outbound") for block in ("0.0.0.0/0", "::/0")]
                for word, text, block in everything if which == OPEN else forensics.lines if forensics else ():
                    yield {"add": {"rule": {"group": id, word: text, ("from" if word == "inbound" else "to"): block}}}


def _swapped(suspect: Suspect, names: Names, old: str, new: str) -> Edits:
    found: list[dict[str, Any]] = []
    for one in suspect.parts:
        gone = one.interface.group_ids if old == _OWN else (names.id(old, one.end.vpc),)
        found.append({"add": {"association": {"interface": one.end.id, "group": names.id(new, one.end.vpc)}}})
        found.extend({"remove": {"association": {"interface": one.end.id, "group": group}}} for group in gone)
    return tuple(found)
