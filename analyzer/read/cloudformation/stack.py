"""One stack: a template with values for its parameters, and the resources that it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import msgspec

from ..declared.resource import Declared, Later
from . import references
from .cdk import construct
from .functions import Evaluator
from .loops import FOR_EACH, Loops
from .merging import merged
from .pseudo import Setting, pseudo
from .values import NOTHING, Vague, is_plain, later, settled, text_of, vague

Json = dict[str, Any]
# Macros that are read here, or that make nothing that carries packets.
READ = frozenset({"AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::CodeDeployBlueGreen"})
FUNCTION = "AWS::Serverless::Function"


class Template(msgspec.Struct, frozen=True):
    """A template as it was read: its path, its sections, and the lines of its resources by name."""

    path: str
    document: Json
    lines: Callable[[], dict[str, int]]

    def section(self, name: str) -> Json:
        """Return a section; empty where it is not there, or no mapping."""
        found = self.document.get(name)
        return found if isinstance(found, dict) else {}


class Others(Protocol):
    """The stacks around one."""

    def exported(self, name: str, by: Stack) -> Any:
        """Return what one of them exports under a name."""

    def inside(self, parent: Stack, name: str) -> Stack | None:
        """Return the stack that a resource of another one is; None where nobody can tell what it holds."""


class Stack:
    """A stack as code declares it.

    `prefix` stands before the names of its resources, `given` are values of its parameters, `constructs` are the names by which
    CDK's authors know resources. `resources` are those of the template by name.
    """

    def __init__(
        self, template: Template, prefix: str, given: Json, setting: Setting, others: Others, constructs: Json, depth: int = 0
    ) -> None:
        self.template, self.prefix, self.setting, self.constructs, self.depth = template, prefix, setting, constructs, depth
        self.unvalued: set[str] = set()
        self._given, self._others = given, others
        self._evaluator = Evaluator(self)
        self._known: dict[tuple[str, ...], Any] = {}
        self._opened: dict[str, list[str]] = {}
        loops = Loops(self._members)
        self._sections = {name: template.section(name) for name in ("Conditions", "Resources", "Outputs")}
        self.resources: Json = {}
        self._sections = {name: loops.written_out(section) for name, section in self._sections.items()}
        self.resources = {name: one for name, one in self._sections["Resources"].items() if isinstance(one, dict)}
        self._known.clear()
        self.untold = [f"`{template.path}`: {text}" for text in (*loops.untold, *self._macros())]
        self._ids: dict[str, str] = {}
        for name, one in self.resources.items():
            path = _construct(one) or constructs.get(name, "")
            self._ids[name] = path if path and path not in self._ids.values() else f"{prefix}{name}"

    def _members(self, expression: Any) -> list[str] | None:
        found = self._evaluator.value(expression)
        known = isinstance(found, list) and all(map(is_plain, found))
        return [text_of(one) for one in found] if known else None

    def _macros(self) -> Iterator[str]:
        said = self.template.document.get("Transform")
        for one in said if isinstance(said, list) else [said] if said else []:
            name = str(one.get("Name") if isinstance(one, dict) else one)[:80]
            if name not in READ:
                yield f"the macro `{name}` may change anything, and is not read"
        if "Fn::Transform" in self._sections["Resources"]:
            yield "a macro may add resources, and is not read"

    # ------------------------------------------------------------------ what names mean
    def _once(self, key: tuple[str, ...], find: Callable[[], Any]) -> Any:
        """Return what is found under a key; it is looked for once, and names that lead back to themselves are not known."""
        if key not in self._known:
            self._known[key] = later(f"`{key[-1][:80]}` leads back to itself")
            self._known[key] = find()
        return self._known[key]

    def ref(self, name: str) -> Any:
        """Return what `Ref` gives."""
        if name.startswith("AWS::"):
            return pseudo(name, self.setting)
        if name in self.template.section("Parameters"):
            return self._once(("parameter", name), lambda: self._parameter(name))
        return self._once(("ref", name), lambda: self._resource(name, None))

    def attribute(self, name: str, attribute: str) -> Any:
        """Return what `Fn::GetAtt` gives."""
        return self._once(("attribute", name, attribute), lambda: self._resource(name, attribute))

    def _resource(self, name: str, attribute: str | None) -> Any:
        one = self.resources.get(name)
        if one is None:
            return later(f"`{name[:80]}` is not in the template")
        if self.wanted(one) is False:
            return later(f"`{name}` is left out by its condition")
        if attribute is None:
            return references.ref(one, self._ids[name], self._evaluator.value)
        if attribute.startswith("Outputs."):
            inner = self._others.inside(self, name)
            return inner.output(attribute.removeprefix("Outputs.")) if inner else later(f"what `{name}` holds is not known")
        return references.attribute(one, self._ids[name], attribute, self._evaluator.value)

    def _parameter(self, name: str) -> Any:
        declared = self.template.section("Parameters")[name]
        declared = declared if isinstance(declared, dict) else {}
        type = str(declared.get("Type"))
        value = self._given.get(name, declared.get("Default"))
        if type.startswith("AWS::SSM::Parameter::Value"):
            return later(f"parameter `{name}` is looked up when the stack is made")
        if value is None:
            self.unvalued.add(name)
            return later(f"parameter `{name}` has no value")
        if isinstance(value, list | Later | Vague):
            return value
        if type == "CommaDelimitedList" or type.startswith("List<"):
            return [one.strip() for one in text_of(value).split(",")]
        return value if isinstance(value, str) else text_of(value)

    def imported(self, name: str) -> Any:
        """Return what another stack exports under a name."""
        return self._others.exported(name, self)

    def mapping(self, name: str) -> Any:
        """Return a mapping."""
        return self.template.section("Mappings").get(name)

    def condition(self, name: str) -> bool | None:
        """Return whether a condition holds; None where nobody can tell."""
        found = self._once(("condition", name), lambda: self._evaluator.test(self._sections["Conditions"].get(name)))
        return found if isinstance(found, bool) else None

    def undecided(self, name: str) -> str:
        """Return why nobody can tell whether a condition holds: which parameters have no value, what of the stack is not known."""
        open_ = self._open(name)
        return f"condition `{name[:80]}` cannot be decided" + (f", as {' and '.join(open_[:3])}" if open_ else "")

    def _open(self, name: str) -> list[str]:
        if name not in self._opened:
            self._opened[name] = []
            self._opened[name] = sorted(set(self._open_in(self._sections["Conditions"].get(name))))
        return self._opened[name]

    def _open_in(self, expression: Any) -> Iterator[str]:
        for one in expression if isinstance(expression, list) else ():
            yield from self._open_in(one)
        for name, inner in expression.items() if isinstance(expression, dict) else ():
            if name == "Condition" and isinstance(inner, str):
                yield from self._open(inner)
            elif name == "Ref" and isinstance(inner, str):
                found = self.ref(inner)
                yield from [found.why] if isinstance(found, Later | Vague) and found.why else []
            else:
                yield from self._open_in(inner)

    def zones(self, region: Any) -> list[Any]:
        """Return the zones of a Region, in the order in which AWS lists them for the account, as nobody knows their letters."""
        place = str(region) if is_plain(region) and region else self.setting.region
        return [vague(f"{place} zone {number}".strip(), "which zone it is, is not known") for number in range(1, 7)]

    # ------------------------------------------------------------------ what comes of it
    def wanted(self, one: Json) -> bool | None:
        """Return whether the condition of a resource or output holds."""
        said = one.get("Condition")
        return True if said is None else self.condition(said) if isinstance(said, str) else None

    def output(self, name: str) -> Any:
        """Return the value of an output."""
        one = self._sections["Outputs"].get(name)
        if not isinstance(one, dict):
            return later(f"`{name[:80]}` is no output of `{self.template.path}`")
        found = self._once(("output", name), lambda: self._evaluator.value(one.get("Value")))
        return found if isinstance(found, str | int | float | Later) else later(f"the output `{name[:80]}` is no text")

    def exports(self) -> Iterator[tuple[str, str]]:
        """Yield what the stack exports: under which name, and the output."""
        for name, one in self._sections["Outputs"].items():
            if isinstance(one, dict) and isinstance(one.get("Export"), dict) and self.wanted(one) is not False:
                shown = self._evaluator.value(one["Export"].get("Name"))
                if isinstance(shown, str):
                    yield str(shown), name

    def value(self, expression: Any) -> Any:
        """Return what an expression of the template gives."""
        return self._evaluator.value(expression)

    def id_of(self, name: str) -> str:
        """Return the id by which others know a resource."""
        return self._ids[name]

    def declared(self) -> Iterator[Declared]:
        """Yield the resources, but for those whose condition does not hold."""
        lines = self.template.lines()
        for name, one in self._sections["Resources"].items():
            if name.startswith((FOR_EACH, "Fn::Transform")):
                continue
            if not isinstance(one, dict) or not isinstance(one.get("Type"), str):
                self.untold.append(f"`{self.template.path}`: `{name[:80]}` has no type")
                continue
            wanted = self.wanted(one)
            if wanted is False:
                continue
            perhaps = "" if wanted else self.undecided(str(one["Condition"]))
            values = settled(self._properties(one))
            id = self._ids[name]
            yield Declared(id, one["Type"], id, values, line=lines.get(name, 0), perhaps=perhaps)

    def _properties(self, one: Json) -> Json:
        """Return what the properties of a resource give; those that a macro makes are not known."""
        written = one.get("Properties")
        if one["Type"] == FUNCTION:
            globals = self.template.section("Globals").get("Function")
            written = merged(globals if isinstance(globals, dict) else {}, written if isinstance(written, dict) else {})
        found = self._evaluator.value(written if isinstance(written, dict) else {})
        if isinstance(found, dict):
            return found
        return {} if found is NOTHING else {"": found}


def _construct(one: Json) -> str:
    """Return the path by which CDK's authors know a resource; "" where there is none."""
    metadata = one.get("Metadata")
    return construct(metadata.get("aws:cdk:path")) if isinstance(metadata, dict) else ""
