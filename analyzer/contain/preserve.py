"""What comes before containment and after it: evidence that is kept, what would replace or feed the host, what to look at, the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..models.snapshot import Snapshot
from .alive import registrations
from .commands import Shell, aws, kept, printed, quoted, variable
from .draft import Draft
from .suspect import Part, Suspect

SCALING_TAG = "aws:autoscaling:groupName"
TAG = "Key=containment,Value=compromised"
WHAT_FOR = "containment"
SCALED = ": its Auto Scaling group would terminate it. Detached, another one takes its place."
BEFORE_NOW = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":'
    '{"DateLessThan":{"aws:TokenIssueTime":"'
)
REVOKED = "RevokeOlderSessions"


def preserved(suspect: Suspect, world: Snapshot) -> Iterator[Draft]:
    """Yield the steps that keep evidence and keep the host, in order: what is gone first is kept first."""
    yield from _evidence(suspect)
    yield from _kept_running(suspect)
    yield from _out_of_balancers(suspect, world)
    yield from _functions(suspect)


def _evidence(suspect: Suspect) -> Iterator[Draft]:
    hosts = list(suspect.of_kind("instance"))
    commands = [one for part in hosts for one in _of_host(part)]
    commands += [one for part in suspect.owners for one in _of_service(part)]
    if not commands:
        return
    memory = "Take the memory of the host first, with your own tool: every step after this one changes it. " if hosts else ""
    yield Draft(
        phase="preserve",
        title=("Memory, then disks" if hosts else "Copies") + ": keep the evidence before anything is touched",
        why=f"{memory}What the API says of it, and copies of what it stores, are kept as they are now; the tag tells others why.",
        commands=tuple(commands),
        undo=tuple(aws(one.region, "ec2", "delete-tags", "--resources", one.resource, "--tags", TAG) for one in hosts),
    )


def _of_host(one: Part) -> Iterator[str]:
    id = one.resource
    yield aws(one.region, "ec2", "describe-instances", "--instance-ids", id) + f" > {quoted(id + '.json')}"
    volumes = ("--instance-specification", f"InstanceId={id}", "--copy-tags-from-source", "volume", "--description", WHAT_FOR)
    yield aws(one.region, "ec2", "create-snapshots", *volumes)
    yield aws(one.region, "ec2", "create-tags", "--resources", id, "--tags", TAG)


def _of_service(one: Part) -> Iterator[str]:
    owner: Any = one.owner
    kind = owner.kind if owner is not None else ""
    if kind == "db_instance" and not owner.db_cluster_identifier:
        named = ("--db-instance-identifier", owner.db_instance_identifier)
        copy = ("--db-snapshot-identifier", f"containment-{owner.db_instance_identifier}")
        yield aws(one.region, "rds", "create-db-snapshot", *named, *copy)
    elif kind in ("db_instance", "db_cluster"):
        named = ("--db-cluster-identifier", owner.db_cluster_identifier)
        copy = ("--db-cluster-snapshot-identifier", f"containment-{owner.db_cluster_identifier}")
        yield aws(one.region, "rds", "create-db-cluster-snapshot", *named, *copy)
    elif kind == "redshift_cluster":
        named = ("--cluster-identifier", owner.cluster_identifier)
        copy = ("--snapshot-identifier", f"containment-{owner.cluster_identifier}")
        yield aws(one.region, "redshift", "create-cluster-snapshot", *named, *copy)
    elif kind == "lambda_function":
        yield (
            aws(one.region, "lambda", "get-function", "--function-name", owner.id) + f" > {quoted(owner.function_name + '.json')}"
        )


def _kept_running(suspect: Suspect) -> Iterator[Draft]:
    hosts = list(suspect.of_kind("instance"))
    if not hosts:
        return
    commands, undo = list[str](), list[str]()
    for one in hosts:
        protect = ("ec2", "modify-instance-attribute", "--instance-id", one.resource)
        commands.append(aws(one.region, *protect, "--disable-api-termination"))
        undo.append(aws(one.region, *protect, "--no-disable-api-termination"))
        group = next((tag.value for tag in one.owner.tags if tag.key == SCALING_TAG), "") if one.owner is not None else ""
        if group:
            named = ("--instance-ids", one.resource, "--auto-scaling-group-name", group)
            commands.append(aws(one.region, "autoscaling", "detach-instances", *named, "--no-should-decrement-desired-capacity"))
            undo.append(aws(one.region, "autoscaling", "attach-instances", *named))
    scaled = len(commands) > len(hosts)
    yield Draft(
        phase="preserve",
        title="Keep it from being terminated" + (" and replaced" if scaled else ""),
        why="A host that is cut off fails its health checks"
        + (SCALED if scaled else ", and somebody may terminate it.")
        + " The way back takes the protection away: leave that out where it was protected before.",
        commands=tuple(commands),
        undo=tuple(undo),
    )


def _out_of_balancers(suspect: Suspect, world: Snapshot) -> Iterator[Draft]:
    commands, undo, edits = list[str](), list[str](), list[dict[str, Any]]()
    region = suspect.parts[0].region
    for group, target in registrations(suspect, world):
        named = f"Id={target.id}" + (f",Port={target.port}" if target.port else "")
        words = ("--target-group-arn", group.id, "--targets", named)
        commands.append(aws(region, "elbv2", "deregister-targets", *words))
        undo.append(aws(region, "elbv2", "register-targets", *words))
        edits.append(
            {"remove": {"target": {"group": group.id, "id": target.id, **({"port": target.port} if target.port else {})}}}
        )
    ids = {one.resource for one in suspect.of_kind("instance")}
    for balancer in world.all("classic_load_balancer"):
        for id in sorted(ids & {one.instance_id for one in balancer.instances}):
            words = ("--load-balancer-name", balancer.load_balancer_name, "--instances", id)
            commands.append(aws(region, "elb", "deregister-instances-from-load-balancer", *words))
            undo.append(aws(region, "elb", "register-instances-with-load-balancer", *words))
    if commands:
        yield Draft(
            phase="contain",
            title="Take it out of its load balancers",
            why="They go on sending to it, and report it unhealthy, until it is deregistered. What is connected by them is drained: it "
            "may live on for the group's delay.",
            commands=tuple(commands),
            undo=tuple(undo),
            edits=tuple(edits),
            tracked="stay",
        )


def _functions(suspect: Suspect) -> Iterator[Draft]:
    parts = list(suspect.of_kind("lambda_function"))
    functions = list({each.id: (one.region, each.id) for one in parts for each in one.sharing}.values())
    if functions:
        told = "the function" if len(functions) == 1 else "every function that sends by these interfaces"
        call, named = ("lambda", "put-function-concurrency"), "--function-name"
        yield Draft(
            phase="contain",
            title=f"Let {told} run no more",
            why="A function with no concurrency left starts no run. Those that run now go on to their end, fifteen minutes at most.",
            commands=tuple(aws(region, *call, named, id, "--reserved-concurrent-executions", "0") for region, id in functions),
            undo=tuple(aws(region, "lambda", "delete-function-concurrency", named, id) for region, id in functions),
        )


def credentials(suspect: Suspect) -> Iterator[Draft]:
    """Yield the step against credentials, which no filter stops: no more of them, and those that were handed out revoked."""
    commands, undo = list[str](), list[str]()
    hosts = [(one, _profile(one)) for one in suspect.of_kind("instance")]
    for one, name in hosts:
        if name:
            words = ("ec2", "modify-instance-metadata-options", "--instance-id", one.resource, "--http-endpoint")
            commands.append(aws(one.region, *words, "disabled"))
            undo.append(aws(one.region, *words, "enabled"))
    for name in dict.fromkeys(name for _, name in hosts if name):
        asked = ("iam", "get-instance-profile", "--instance-profile-name", name, "--query", "InstanceProfile.Roles[0].RoleName")
        role = aws("", *asked, "--output", "text")
        until_now = Shell(f"""{quoted(BEFORE_NOW)}"$(date -u +%FT%TZ)"{quoted('"}}}]}')}""")
        policy = ("--policy-name", REVOKED)
        commands.append(kept("ROLE", role))
        commands.append(
            aws("", "iam", "put-role-policy", "--role-name", variable("ROLE"), *policy, "--policy-document", until_now)
        )
        undo.append(aws("", "iam", "delete-role-policy", "--role-name", printed(role), *policy))
    if commands:
        yield Draft(
            phase="contain",
            title="Revoke the credentials of its role",
            why="Whoever was on the host may have taken them along. Instance metadata hands out no more, and what was issued until now "
            "is denied everything: to every other host with this role too, until it has new ones.",
            commands=tuple(commands),
            undo=tuple(undo),
        )


def _profile(one: Part) -> str:
    profile = getattr(one.owner, "iam_instance_profile", None)
    return str(profile.arn).rpartition("/")[2] if profile is not None else ""


# ---------------------------------------------------------------------- afterwards
def verified(suspect: Suspect, selector: str) -> Draft:
    """Return the step that looks whether AWS is as the model: what is attached, and a new snapshot asked again."""
    commands = []
    for region in sorted({one.region for one in suspect.parts}):
        ids = [one.end.id for one in suspect.parts if one.region == region and not one.interface.stand_in]
        query = "NetworkInterfaces[].[NetworkInterfaceId,SubnetId,Groups[].GroupId]"
        words = ("ec2", "describe-network-interfaces", "--network-interface-ids", *ids, "--query", query)
        commands += [aws(region, *words)] if ids else []
    commands.append("reach collect after")
    for question in (("from", selector, "to", "internet"), ("from", "internet", "to", selector)):
        commands.append(" ".join(["reach", *(quoted(one) for one in question), "--snapshot", "after", "--expect", "blocked"]))
    return Draft(
        phase="verify",
        title="Look whether it is as planned",
        why="The proof below is the model's, of new connections. Flow logs show live ones: whatever is accepted from now on is open.",
        commands=tuple(commands),
    )


def recovered(drafts: Sequence[Draft]) -> Draft:
    """Return the way back: every step undone, the last one first; what two steps undo alike once."""
    return Draft(
        phase="recover",
        title="The way back, once the host is clean or gone",
        why="Everything that was changed is as it was before, the last step first. Snapshots of disks stay.",
        commands=tuple(dict.fromkeys(one for draft in reversed(drafts) for one in draft.undo)),
    )
