"""Invariants files: what a file or pack says, each invariant with the place where it is written."""

from __future__ import annotations

import msgspec

from ..models.errors import InputError
from ..read.shape import shaped
from ..read.words import shown
from ..read.yaml import Path, YamlFile, parse_yaml
from .model import Invariant, InvariantsFile
from .scope import Scope

PAGE = "docs/check.md"
# What a file with a scope of AWS holds at its top.
SCOPES = ("MatchPaths", "ExcludePaths", "NetworkInsightsAccessScopeContent", "NetworkInsightsAccessScopes")
# What stands beside the paths, and says nothing about them.
AROUND = ("NetworkInsightsAccessScopeId", "ClientToken", "TagSpecifications", "DryRun")


class Found(msgspec.Struct, frozen=True):
    """An invariant, and where it is written: `origin` for people, `file` and `line` for programs.

    Of a `pack` a selector that names nothing in the snapshot is no mistake: the invariant is about something that is not there.
    """

    invariant: Invariant
    file: str
    line: int
    pack: bool = False

    @property
    def origin(self) -> str:
        """The file and line, or the pack."""
        return f"pack {self.file}" if self.pack else f"{self.file}:{self.line}"


def parsed(text: str, file: str, *, pack: bool = False) -> list[Found]:
    """Return the invariants of a text, in order; `file` is its name in errors. Raises InputError as `invariants_of` does."""
    return invariants_of(parse_yaml(text, file), file, pack=pack)


def invariants_of(read: YamlFile, file: str, *, pack: bool = False) -> list[Found]:
    """Return the invariants of a file, in order; raises InputError for what is no invariants file, naming the line."""
    if isinstance(read.value, dict) and any(key in read.value for key in SCOPES):
        return [_scope(read, file, pack=pack)]
    every = shaped(read, InvariantsFile, PAGE).invariants
    found = [Found(one, file, read.line(("invariants", number)), pack) for number, one in enumerate(every)]
    names: set[str] = set()
    for one in found:
        if one.invariant.name in names:
            what = f"cannot read `{read.name}` line {one.line}: a second invariant is called `{shown(one.invariant.name, 60)}`"
            raise InputError(what, hint="give each invariant a name of its own: baselines know violations by it")
        names.add(one.invariant.name)
    return found


def _scope(read: YamlFile, file: str, *, pack: bool) -> Found:
    """Return the scope of a file that AWS wrote, or that `create-network-insights-access-scope` takes, under its id or file name."""
    whole = read.value
    if "NetworkInsightsAccessScopes" in whole:
        what = f"cannot read `{read.name}`: it lists scopes, and holds no paths of any"
        raise InputError(what, hint="save `aws ec2 get-network-insights-access-scope-content` of each")
    content = whole.get("NetworkInsightsAccessScopeContent", whole)
    told = content if isinstance(content, dict) else {}
    named = {key: value for key, value in told.items() if key not in AROUND}
    name = told.get("NetworkInsightsAccessScopeId") or read.name.rpartition("/")[2]
    below: Path = () if content is whole else ("NetworkInsightsAccessScopeContent",)
    lines = {path[len(below) :]: line for path, line in read.lines.items() if path[: len(below)] == below}
    scope = shaped(YamlFile(named, read.name, lines), Scope, PAGE)
    return Found(Invariant.model_validate({"name": str(name), "scope": scope}), file, 1, pack)
