"""From the account to a snapshot folder. Nothing else in the project talks to AWS, and nothing here changes anything there.

`calls` are what the components declare, `access` makes the clients, `place` knows what can be asked when, `asking` asks, `kept`
says what may reach the disk, `folder` writes it, `run` does it side by side, and `failures` words what AWS refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
from botocore.exceptions import ClientError

from ..models.collection import GLOBAL, Manifest, Outcome, Place, Record
from ..models.errors import QuestionError, ReachError, near, quoted
from ..read.words import shown
from .access import LOGIN, Access
from .calls import planned
from .failures import CAUGHT, record
from .folder import Folder
from .place import PlaceRun
from .run import Run

__all__ = ["Wanted", "collect"]

ALL, ORGANISATION = "all", "org"
NAME = re.compile(r"[0-9]{12}|[a-z]{2}[a-z0-9-]{1,38}")
NOT_ENABLED = Record(Outcome.UNSUPPORTED, 0, "RegionNotEnabled", "the Region is not enabled in this account")


class Wanted(msgspec.Struct, frozen=True):
    """What to collect: the Regions by name or `all` that are enabled, the accounts by id or `org`, none for the caller's own."""

    regions: tuple[str, ...] = (ALL,)
    accounts: tuple[str, ...] = ()
    role: str = ""
    profile: str = ""
    endpoint_url: str = ""
    concurrency: int = 16


def collect(out: str, wanted: Wanted, now: str, bar: Callable[[int], Callable[[], None]]) -> Manifest:
    """Return what became of every call that was asked into a folder, which an earlier run may have begun.

    `now` stands as the moment of the snapshot; `bar` is told how many accounts there are, later how many calls, and returns what
    notes one that is done.
    Raises ReachError where nothing can be asked, or the credentials end before everything was.
    """
    folder = Folder(out)
    earlier = folder.open()
    access = Access(wanted.profile, wanted.role, wanted.endpoint_url, wanted.concurrency)
    accounts = _accounts(access, wanted)
    manifest = Manifest((earlier.collected_at if earlier else "") or now)
    places: list[PlaceRun | Place] = []
    step = bar(len(accounts))
    with ThreadPoolExecutor(wanted.concurrency) as pool:
        for found in pool.map(lambda account: _places(access, account, wanted, folder), accounts):
            places += found
            step()
    manifest.places = [place.told if isinstance(place, PlaceRun) else place for place in places]
    manifest.places += _of_earlier(earlier, manifest.places)
    runs = [place for place in places if isinstance(place, PlaceRun)]
    run = Run(access, folder, manifest, wanted.concurrency, bar(sum(place.left for place in runs)))
    run.over(runs)
    if run.asking.ended:
        hint = f"{LOGIN}, and run the same command again: what is collected is not asked again"
        raise ReachError(f"the credentials ended before everything was collected: {run.asking.ended}", hint=hint)
    if manifest.complete:
        folder.forget()
    return manifest


def _accounts(access: Access, wanted: Wanted) -> list[str]:
    """Return the accounts to collect; raises QuestionError where no role is named for those that are not the caller's."""
    own = access.account
    named = [one for one in wanted.accounts if one != ORGANISATION]
    listed = access.organisation() if ORGANISATION in wanted.accounts else []
    accounts = sorted({*named, *listed} or {own})
    _checked(accounts)
    if not wanted.role and set(accounts) != {own}:
        others = [one for one in accounts if one != own]
        raise QuestionError(
            f"no role is named for account `{others[0]}`", hint="`--role NAME` of a role that may read, in every account"
        )
    return accounts


def _places(access: Access, account: str, wanted: Wanted, folder: Folder) -> list[PlaceRun | Place]:
    """Return the Regions of an account; one Place that says why for an account or a Region that cannot be asked."""
    try:
        offered = access.regions(account)
    except CAUGHT as error:
        denied = isinstance(error, ClientError) and error.operation_name == "DescribeRegions"
        if not denied or ALL in wanted.regions:
            call = "ec2.DescribeRegions" if denied else "sts.AssumeRole"
            return [Place(account, "", {call: record(error)})]
        offered = dict.fromkeys(wanted.regions, True)
    _checked(offered)
    return list(_of_account(account, wanted, folder, offered))


def _of_earlier(earlier: Manifest | None, now: Sequence[Place]) -> Iterator[Place]:
    """Yield what an earlier run told of accounts and Regions that this one does not ask: their rows are in the folder, if not all."""
    asked = {(place.account, place.region) for place in now} | {(place.account, "") for place in now}
    return (place for place in (earlier.places if earlier else ()) if (place.account, place.region) not in asked)


def _checked(names: Iterable[str]) -> None:
    """Raise ReachError for names of accounts or Regions that are none: they become names of folders."""
    for name in names:
        if not NAME.fullmatch(name):
            hint = "look at what `--endpoint-url` names: AWS does not answer so"
            raise ReachError(f"what answers is not AWS: `{shown(name)}` is no account or Region", hint=hint)


def _of_account(account: str, wanted: Wanted, folder: Folder, offered: dict[str, bool]) -> Iterator[PlaceRun | Place]:
    enabled = sorted(region for region, is_enabled in offered.items() if is_enabled)
    regions: Sequence[str] = enabled if ALL in wanted.regions else sorted(set(wanted.regions))
    for region in (*regions, GLOBAL):
        if region not in (*offered, GLOBAL):
            close = near(region, offered)
            hint = f"did you mean {quoted(close)}?" if close else "`--regions all`, or names like `eu-west-1`"
            raise QuestionError(f"no such Region: `{region}`", hint=hint)
        if region == GLOBAL or offered[region]:
            yield PlaceRun(account, region, planned(), folder.finished((account, region)))
        else:
            calls = {name: NOT_ENABLED for name, one in planned().items() if one.everywhere}
            yield Place(account, region, calls)
