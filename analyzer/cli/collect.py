"""`reach collect`: the snapshot of live accounts."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..models.collection import Manifest, Outcome
from ..models.errors import QuestionError
from ..read.words import path_shown
from ..read.words import shown as printable
from .console import Progress, put, say, shown
from .options import Options

if TYPE_CHECKING:
    from argparse import Namespace

ABOUT = """The configuration of live accounts as a snapshot folder, read with boto3; nothing is changed in AWS, and secrets are not
kept. Run again after an interruption, it asks only for what is missing. What AWS denies is said here and in manifest.json, and
answers that would need it are `unknown`."""
USAGE = "OUT [--profile P] [--regions all|r1,r2] [--accounts org|ID,…] [--role NAME] [options]"
ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z0-9-]{3,40}")
ROLE = re.compile(r"[\w+=,.@/-]{1,512}", re.ASCII)
# Outcomes that may be others the next time.
UNSTEADY = (Outcome.THROTTLED, Outcome.FAILED, Outcome.PENDING)


def collect(words: list[str]) -> int:
    """Return the exit code of `reach collect`: 2 where something did not end that may the next time."""
    options = Options("collect", USAGE, ABOUT)
    options.add_argument("--profile", metavar="P", default="", help="the profile of ~/.aws/config that calls")
    options.add_argument(
        "--regions", metavar="R", default="all", help="Regions, comma-separated, or all that are enabled (default)"
    )
    options.add_argument("--accounts", metavar="A", default="", help="ids, comma-separated, or `org`; default: the caller's own")
    options.add_argument("--role", metavar="NAME", default="", help="the role to assume in every account but the caller's")
    options.number("--concurrency", "ask N calls at a time (default: 16)", 16)
    options.add_argument("--endpoint-url", metavar="URL", default="", help="where AWS's APIs answer, if not at AWS's own names")
    options.add_argument("--policy", action="store_true", help="print the policy that the role needs, and collect nothing")
    chosen, rest = options.read(words)
    if chosen.role and not ROLE.fullmatch(chosen.role):
        raise QuestionError(f"`--role` cannot be `{shown(chosen.role)}`", hint="the name of the role, without its ARN")
    if chosen.policy:
        if rest:
            raise QuestionError(f"`reach collect --policy` takes no `{shown(rest[0])}`", hint="`reach collect --policy` alone")
        from ..collect.policy import policy

        put(policy(chosen.role))
        return 0
    if len(rest) != 1:
        what = "a folder is missing" if not rest else f"one folder is written, not `{shown(' '.join(rest))}`"
        raise QuestionError(what, hint="`reach collect OUT`, a folder that is new or empty")
    return _collected(rest[0], chosen)


def _collected(out: str, chosen: Namespace) -> int:
    from ..collect import Wanted, collect

    # It lasts, and clients of boto3 hold themselves: without it, those of every account and Region would stay.
    gc.enable()
    bars: list[Progress] = []

    def bar(total: int) -> Callable[[], None]:
        bars.append(Progress("collecting", max(total, 1)))
        return bars[0].step

    wanted = Wanted(
        regions=_several("--regions", chosen.regions, REGION, "all", "names like `eu-west-1`, or `all`"),
        accounts=_several("--accounts", chosen.accounts, ACCOUNT, "org", "ids of twelve digits, or `org`"),
        role=chosen.role,
        profile=chosen.profile,
        endpoint_url=chosen.endpoint_url,
        concurrency=chosen.concurrency,
    )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    try:
        manifest = collect(out, wanted, now, bar)
    except KeyboardInterrupt:
        say("reach: interrupted: run the same command again, and it goes on where it was")
        raise
    finally:
        for one in bars:
            one.end()
    return _told(out, manifest)


def _several(name: str, text: str, pattern: re.Pattern[str], word: str, hint: str) -> tuple[str, ...]:
    """Return the words of an option that takes several, or one that means all; none where it is not given."""
    words = tuple(one for one in (part.strip() for part in text.split(",")) if one)
    for one in words:
        if one != word and not pattern.fullmatch(one):
            raise QuestionError(f"`{name}` cannot be `{shown(one)}`", hint=hint)
    return words


def _told(out: str, manifest: Manifest) -> int:
    """Say what was collected, and what was not; return the exit code."""
    records = [record for place in manifest.places for record in place.calls.values()]
    rows = sum(record.rows for record in records)
    accounts = {place.account for place in manifest.places}
    regions = {place.region for place in manifest.places} - {"", "global"}
    counts = ", ".join(_counted(len(ones), noun) for ones, noun in ((accounts, "account"), (regions, "Region")))
    say(f"reach: collected {counts}, {rows:,} rows into `{path_shown(out)}`")
    for sentence in manifest.gaps():
        say(f"reach: not collected: {printable(sentence, 400)}")
    if not any(record.status is Outcome.DONE for record in records) or any(record.status in UNSTEADY for record in records):
        say("  try: mend what AWS answers (manifest.json has its words), and run the same command again: it asks for the rest")
        return 2
    return 0


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
