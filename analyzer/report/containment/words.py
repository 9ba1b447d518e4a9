"""What every format says of a plan: headline, comparison, flows, what a step does. Cleaned, but not escaped for any format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..words import Headline, clean
from ..words import services as in_words

if TYPE_CHECKING:
    from ...models.containment import Broken, Containment, OpenFlow, Option, Step

# Of more flows of a step people see the first; JSON has as many as were asked for.
MOST_SHOWN = 4
OPTIONS = ("means", "leaves open", "hits besides", "live connections", "what it acts on")
LIVE = {"stay": "live connections stay", "cut": "live connections are cut"}


def headline(plan: Containment) -> Headline:
    """Return whether the plan contains it, in a sentence: nothing is done yet."""
    who, by = clean(plan.selector), {"group": "security group", "acl": "network ACL", "route": "route table"}[plan.means]
    last = max((one.number for one in plan.steps if one.edits), default=0)
    path = f"the forensic path, {clean(plan.forensics)}" if plan.forensics else ""
    if not plan.contained:
        return Headline(who, "IS NOT CONTAINED", f"by {by}: after step {last} {counted(_beside(plan), plan)} open")
    if path and not plan.forensic_passes:
        return Headline(who, "CAN BE CONTAINED", f"by {by}, but not even {path}, surely passes after step {last}")
    return Headline(who, "CAN BE CONTAINED", f"by {by}: after step {last} nothing passes" + (f" but {path}" if path else ""))


def _beside(plan: Containment) -> int:
    return plan.left_open_flows - sum(one.forensic for one in plan.left_open)


def counted(number: int, plan: Containment) -> str:
    """Return how many flows are open, in words."""
    whole = all(one.whole for one in plan.steps)
    return f"{'' if whole else 'at least '}{number:,} flow{' is' if number == 1 else 's are'}"


def before(plan: Containment) -> str:
    """Return what passes now."""
    least = "" if plan.before_whole else "at least "
    return f"now {least}{plan.before_flows:,} flow{'' if plan.before_flows == 1 else 's'} from and to it pass, or may"


def option(one: Option) -> tuple[str, ...]:
    """Return a way to contain as cells under OPTIONS."""
    if not one.possible:
        return one.means, "-", "-", "-", f"not possible: {clean(one.text)}"
    pairs = f"{one.leaves_open:,} pair{'' if one.leaves_open == 1 else 's'}"
    flows = "nothing" if one.whole and not one.leaves_open else f"{'' if one.whole else 'at least '}{pairs}"
    hits = f"{one.hits:,} interface{'' if one.hits == 1 else 's'}" if one.hits else "nobody"
    return one.means, flows, hits, one.tracked, clean(one.text)


def flow(one: OpenFlow) -> tuple[str, ...]:
    """Return a flow as cells: both ends, services, verdict and what it is."""
    return _way(one), clean(in_words(one.services)), one.verdict.value + (", the forensic path" if one.forensic else "")


def _way(one: OpenFlow | Broken) -> str:
    return f"{clean(one.source)} -> {clean(one.target)}"


def opened(step: Step) -> str:
    """Return how much is open after a step, and what becomes of live connections."""
    least = "" if step.whole else "at least "
    if not step.open_flows:
        now = "nothing passes any more"
    else:
        path = sum(one.forensic for one in step.open)
        alone = path == step.open_flows
        now = "nothing passes but the forensic path" if alone else f"{least}{step.open_flows:,} flows pass, or may"
    live = LIVE.get(step.tracked, "")
    but = f" but for {clean('; '.join(step.survive))}" if step.survive else ""
    return now + (f"; {live}{but}" if live else "")


def broken(step: Step) -> list[str]:
    """Return what a step cuts, the first of it, one a line."""
    shown = [
        f"{_way(one)} on {clean(in_words(one.services))}" + (", which is not compromised" if one.beside else "")
        for one in _worst(step.broken)[:MOST_SHOWN]
    ]
    more = step.broken_flows - len(shown)
    return [*shown, *([f"and {more:,} more"] if more > 0 else [])]


def _worst(found: Sequence[Broken]) -> list[Broken]:
    """Return what others lose first."""
    return sorted(found, key=lambda one: not one.beside)


def command(text: str) -> str:
    """Return a command whole, without anything that a terminal would act on."""
    return "".join(char if char.isprintable() else "?" for char in text)
