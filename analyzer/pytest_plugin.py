"""The pytest plugin: `*.reach.yaml` and packs as tests, an invariant each, and the fixtures `network` and `reach`.

pytest imports this module wherever the project is installed, in repositories that never ask it anything too: it imports nothing of
the project before a test needs a snapshot.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .invariants.written import Found
    from .models.answer import Answer
    from .models.check import Check
    from .models.verdict import Verdict
    from .network import Network

ENDING = ".reach.yaml"
OPTION, SETTING = "--reach-snapshot", "reach_snapshot"
BASELINE, BASELINE_SETTING = "--reach-baseline", "reach_baseline"
PACK, PACK_SETTING = "--reach-pack", "reach_packs"
VARIABLE = "REACH_SNAPSHOT"
WAYS = f"`{OPTION} PATH`, `{SETTING}` in pytest's configuration, or `{OPTION} demo` for one that comes along"
NO_SNAPSHOT = f"reach: no snapshot is named\n  try: {WAYS}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what says which snapshot the tests are about, what was known before, and which packs are checked besides."""
    group = parser.getgroup("reach", "who can reach whom in AWS")
    told = f"snapshot (folder, file, archive or `demo`) that *{ENDING} and the fixtures `network` and `reach` are about"
    group.addoption(OPTION, metavar="PATH", help=told)
    parser.addini(SETTING, f"the same as {OPTION}, relative to this file")
    told = "only what this outcome (`reach check -o json=FILE`) does not hold yet fails"
    group.addoption(BASELINE, metavar="FILE", help=told)
    parser.addini(BASELINE_SETTING, f"the same as {BASELINE}, relative to this file")
    told = f"invariants that come along, each a test, beside *{ENDING}; `reach check --list-packs` names them"
    group.addoption(PACK, metavar="NAME", action="append", default=[], help=told)
    parser.addini(PACK_SETTING, f"the same as {PACK}, a name a line", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what is not there before anything is collected, once instead of in every test."""
    path, before, packs = _snapshot(config), _path(config, BASELINE, BASELINE_SETTING), _packs(config)
    if not (_given(config) or before or packs):
        return
    from .demo import demo_path
    from .invariants.packs import pack
    from .invariants.sources import baseline
    from .models.errors import ReachError

    if packs and not path:
        raise pytest.UsageError(NO_SNAPSHOT)
    try:
        there = not path or demo_path(path) is not None or os.path.exists(path)
        for name in packs:
            pack(name)
        config.stash[_BEFORE] = baseline(before) if before else None
    except ReachError as error:
        raise pytest.UsageError(f"reach: {error}") from None
    if not there:
        raise pytest.UsageError(f"reach: cannot read `{path}`: no such file or folder\n  try: {WAYS}")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> InvariantsFile | None:
    """Return the collector of an invariants file, where a snapshot is named or the file is."""
    if not file_path.name.endswith(ENDING):
        return None
    wanted = bool(_snapshot(parent.config)) or parent.session.isinitpath(file_path)
    return InvariantsFile.from_parent(parent, path=file_path) if wanted else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add the invariants of packs, which are in no file, before others choose among the tests."""
    for name in _packs(config):
        collector = PackInvariants.from_parent(session, name=f"pack {name}", nodeid=f"pack {name}", pack=name)
        items.extend(session.genitems(collector))


# ---------------------------------------------------------------------- what is named
def _path(config: pytest.Config, name: str, setting: str) -> str:
    """Return what an option of the command line or pytest's configuration names, as a path; "" where none is named."""
    option = config.getoption(name)
    base = config.invocation_params.dir if option or config.inipath is None else config.inipath.parent
    named = str(option or config.getini(setting) or "")
    return named if not named or _is_embedded(named) else str(base / named)


def _given(config: pytest.Config) -> str:
    """Return the snapshot that is named, other than by the environment; "" where none is."""
    return _path(config, OPTION, SETTING)


def _packs(config: pytest.Config) -> list[str]:
    """Return the packs that are named, each once."""
    return list(dict.fromkeys([*config.getini(PACK_SETTING), *config.getoption(PACK)]))


def _is_embedded(named: str) -> bool:
    return named.partition(":")[0] == "demo"


def _snapshot(config: pytest.Config) -> str:
    """Return the snapshot to read: the one that is given, or that of the environment; "" where none is named."""
    return _given(config) or os.environ.get(VARIABLE, "")


_NETWORK: pytest.StashKey[Network | str] = pytest.StashKey()
_BEFORE: pytest.StashKey[Check | None] = pytest.StashKey()


def _network(config: pytest.Config) -> Network:
    """Return the network of the whole session; fails, in two lines, where no snapshot is named or it cannot be read."""
    if _NETWORK not in config.stash:
        config.stash[_NETWORK] = _loaded(_snapshot(config))
    found = config.stash[_NETWORK]
    if isinstance(found, str):
        pytest.fail(found, pytrace=False)
    return found


def _loaded(path: str) -> Network | str:
    """Return the network of a snapshot, or what is wrong."""
    from . import load
    from .models.errors import ReachError

    if not path:
        return NO_SNAPSHOT
    try:
        return load(path)
    except ReachError as error:
        return f"reach: {error}"


# ---------------------------------------------------------------------- invariants files
class InvariantsFile(pytest.File):
    """A `*.reach.yaml`: an item an invariant."""

    def collect(self) -> Iterator[InvariantItem]:
        """Yield the invariants in order; a file that cannot be read is an error of collection, in two lines."""
        from .invariants.sources import invariants
        from .models.errors import ReachError
        from .report.words import clean

        if not _snapshot(self.config):
            raise self.CollectError(NO_SNAPSHOT)
        try:
            found = invariants([os.path.relpath(self.path)], ())
        except ReachError as error:
            raise self.CollectError(f"reach: {error}") from None
        for one in found:
            yield InvariantItem.from_parent(self, name=clean(one.invariant.name), found=one)


class PackInvariants(pytest.Collector):
    """A pack: an item an invariant."""

    def __init__(self, *, pack: str, name: str, parent: pytest.Collector, nodeid: str) -> None:
        super().__init__(name, parent, nodeid=nodeid)
        self.pack = pack

    def collect(self) -> Iterator[InvariantItem]:
        """Yield the invariants in order."""
        from .invariants.packs import pack

        for one in pack(self.pack):
            yield InvariantItem.from_parent(self, name=one.invariant.name, found=one)


class InvariantItem(pytest.Item):
    """One invariant; it fails with what `reach check` prints of it."""

    def __init__(self, *, found: Found, name: str, parent: pytest.Collector) -> None:
        super().__init__(name, parent)
        self.found = found

    def setup(self) -> None:
        """Read the snapshot: that it cannot be read is an error, not a failure."""
        _network(self.config)

    def runtest(self) -> None:
        """Check it; raises ViolatedError where it does not hold, and QuestionError where that cannot be said.

        What a baseline holds already does not count; an invariant of a pack about what is not there is skipped.
        """
        from datetime import date

        from .invariants import check
        from .invariants.baseline import against
        from .invariants.packs import NotApplicableError, applicable

        network = _network(self.config)
        try:
            applicable(self.found, network.snapshot)
        except NotApplicableError as why:
            pytest.skip(str(why))
        outcome = check(network.snapshot, [self.found], date.today(), relation=lambda: network.factored)
        before = self.config.stash.get(_BEFORE, None)
        outcome = outcome if before is None else against(outcome, before)
        if not outcome.holds:
            raise ViolatedError(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override]
        """Return what is wrong, in the words of the command line; a bug of ours with its traceback."""
        from .models.errors import ReachError
        from .report.check import render

        if isinstance(excinfo.value, ViolatedError):
            return render(excinfo.value.outcome, "text").rstrip()
        if isinstance(excinfo.value, ReachError):
            return f"reach: {excinfo.value}"
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the invariant is written, lines counted from 0; that of a pack is in no file of the user."""
        if self.found.pack:
            return self.path, None, f"{self.found.origin}: {self.name}"
        return self.path, self.found.line - 1, self.name


class ViolatedError(Exception):
    """An invariant that does not hold."""

    def __init__(self, outcome: Check) -> None:
        super().__init__("the invariant does not hold")
        self.outcome = outcome


# ---------------------------------------------------------------------- fixtures
@pytest.fixture(scope="session")
def network(pytestconfig: pytest.Config) -> Network:
    """Return the network of the snapshot that pytest was started with; see `analyzer.Network`."""
    return _network(pytestconfig)


@pytest.fixture(scope="session")
def reach(network: Network) -> Callable[..., Asked]:
    """Return a function that asks a question: `reach("internet", "rds", on="tcp/3306").assert_blocked()`."""
    from .models.errors import ReachError

    def asked(source: str, target: str, on: str | None = None) -> Asked:
        __tracebackhide__ = True
        try:
            return Asked(network.reach(source, target, on))
        except ReachError as error:
            # Where the test asks is of interest, not where it was refused.
            raise error.with_traceback(None) from None

    return asked


class Asked:
    """A question with its `answer`. What it must be is asserted, and the failure message is the trace."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    @property
    def verdict(self) -> Verdict:
        """The verdict of the answer."""
        return self.answer.verdict

    def assert_reachable(self) -> None:
        """Raise AssertionError, with the trace, unless the verdict is `reachable`; of a list of services one suffices."""
        __tracebackhide__ = True
        self._assert("reachable")

    def assert_blocked(self) -> None:
        """Raise AssertionError, with the trace, unless the verdict is `blocked`: doubt is no reason to pass."""
        __tracebackhide__ = True
        self._assert("blocked")

    def _assert(self, expected: str) -> None:
        __tracebackhide__ = True
        if self.answer.verdict != expected:
            from .report import render

            told = f"it is `{self.answer.verdict.value}`, not `{expected}`"
            raise AssertionError(f"{told}\n\n{render(self.answer, 'text').rstrip()}")

    def __bool__(self) -> bool:
        return bool(self.answer)

    def __repr__(self) -> str:
        return f"<from {self.answer.query.source} to {self.answer.query.target}: {self.answer.verdict.value}>"
