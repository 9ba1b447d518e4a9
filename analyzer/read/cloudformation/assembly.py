"""Which templates become which stacks: those of a folder, those inside other stacks, those of what CDK made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from ...models.errors import InputError
from ..archives import File
from ..declared.draft import Around, Drafts, Place
from ..declared.resource import Declared
from ..whose import Viewer, viewer_of
from ..words import path_shown
from . import cdk, documents
from .cdk import Made
from .pseudo import Setting
from .references import is_custom
from .stack import Json, Stack, Template
from .unread import Unread, ids_in
from .values import later, text_of

STACK = "AWS::CloudFormation::Stack"
# Types that make resources of their own, which no template beside says.
OPAQUE = ("AWS::Serverless::Application", "AWS::ServiceCatalog::CloudFormationProvisionedProduct")
DEEPEST, MOST = 8, 1000
ENDINGS = re.compile(r"(\.template|\.nested)?\.(json|ya?ml|template)$", re.IGNORECASE)


class Assembly:
    """Every template of a source, the values given for parameters, and the stacks that come of them.

    Beside AWS's own answers they are a plan that makes everything anew: templates do not say what of it is there already.
    """

    file = ""
    is_plan = True

    def __init__(self) -> None:
        self.templates: dict[str, Template] = {}
        self._given: list[tuple[str, Json]] = []
        self._manifests: dict[str, Json] = {}
        self._metadata: dict[str, Json] = {}
        self._uploads: dict[tuple[str, str], str] = {}
        self._inside: dict[tuple[str, str], Stack | None] = {}
        self._exports: dict[str, list[tuple[Stack, str]]] | None = None
        self._stacks: dict[str, Stack] = {}
        self.roots: list[Stack] = []
        self.gone: list[Declared] = []
        # Parameters that have no value, by the path of their template.
        self.unvalued: dict[str, set[str]] = {}
        self.unread: list[Unread] = []
        self.notes: list[str] = []

    def take(self, document: Json, path: str, text: bytes) -> None:
        """Remember a document that is about stacks."""
        if documents.is_template(document):
            self.add(Template(path, document, lambda: documents.json_lines(text.decode("utf-8", "replace"))))
        elif documents.is_assembly(document):
            self._manifests[posixpath.dirname(path)] = document["artifacts"]
            if document.get("missing"):
                self.notes.append(
                    f"`{path}`: CDK looked for something in the account and did not find it; synthesise again there"
                )
        elif cdk.is_metadata(document):
            self._metadata[path] = document
        elif (given := documents.parameters_of(document)) is not None:
            self._given.append((posixpath.dirname(path), given))
        else:
            folder = posixpath.dirname(path)
            self._uploads.update(((folder, key), said) for key, said in cdk.uploads(document))

    def add(self, template: Template) -> None:
        """Remember a template; of several in one file the last counts."""
        self.templates[template.path] = template

    def read(self, file: File, path: str) -> None:
        """Remember a template in YAML; raises InputError for what is no such YAML, and for YAML that is no mapping."""
        try:
            text = file.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError(f"cannot read `{path_shown(file.path)}`: it is not UTF-8", hint="save it as UTF-8") from None
        document, lines = documents.read_yaml_template(text, file.path)
        if isinstance(document, dict) and documents.is_template(document):
            self.add(Template(path, document, lambda: lines))

    def __bool__(self) -> bool:
        """Return whether there is any template."""
        return bool(self.templates)

    def drafts(self, around: Around) -> Drafts:
        """Return the rows that there will be; `around` is the network that is there."""
        from .rows import stack_drafts

        found = stack_drafts(self.declared, around, self.unread, self.unvalued)
        found.places.update((address, _place(stack)) for address, stack in self._stacks.items())
        found.notes.extend(self.notes)
        return found

    def drafts_before(self, around: Around) -> Drafts:
        """Return no rows: nothing of it was there."""
        return Drafts(around)

    # ------------------------------------------------------------------ stacks
    @cached_property
    def declared(self) -> list[Declared]:
        """The resources of all stacks, those inside others with them."""
        self._make_roots()
        found: list[Declared] = []
        level = list(self.roots)
        while level:
            stack = level.pop(0)
            own = list(stack.declared())
            found.extend(own)
            self._stacks.update((one.address, stack) for one in own)
            for name, one in stack.resources.items():
                if is_custom(str(one.get("Type"))) and stack.wanted(one) is not False:
                    self.unread.append(_unread(stack, name, "a custom resource may change what it is handed", makes=False))
                if one.get("Type") in OPAQUE or str(one.get("Type")).endswith("::MODULE"):
                    self.unread.append(_unread(stack, name, "what it makes is not in the snapshot"))
                if one.get("Type") == STACK and stack.wanted(one) is not False:
                    inner = self.inside(stack, name)
                    level.extend([inner] if inner is not None else [])
                    doubted = stack.wanted(one) is None
                    if inner is None or doubted:
                        why = "whether it is there cannot be decided" if doubted else "its template is not in the snapshot"
                        self.unread.append(_unread(stack, name, why))
            self.unread.extend(Unread(text) for text in stack.untold)
            self.unvalued.setdefault(stack.template.path, set()).update(stack.unvalued)
        return found

    def _make_roots(self) -> None:
        """Make the stacks that are in no other: those that manifests name, and templates beside which no manifest stands."""
        named = [one for folder, artifacts in sorted(self._manifests.items()) for one in self._of_manifest(folder, artifacts)]
        taken = {one.path for one in named}
        children = {path for template in self.templates.values() for path in self._children(template)}
        for path in sorted(self.templates):
            if path in taken or (path in children and len(children) < len(self.templates)):
                continue
            if any(path.startswith(f"{folder}/" if folder else "") for folder in self._manifests):
                self.notes.append(f"`{path}`: the manifest beside it does not name it, so that it is not read")
                continue
            viewer = viewer_of(path)
            stem = ENDINGS.sub("", posixpath.basename(path))
            named.append(Made(stem, path, Setting(viewer.account, viewer.region, stem), {}, {}))
        names = [one.setting.name for one in named]
        for one in named:
            own = one.setting.name if names.count(one.setting.name) == 1 else ENDINGS.sub("", one.path)
            prefix = f"{own}." if len(named) > 1 or self._manifests else ""
            given = {**self._parameters(one.path), **one.given}
            self.roots.append(Stack(self.templates[one.path], prefix, given, one.setting, self, one.constructs))

    def _of_manifest(self, folder: str, artifacts: Json) -> Iterator[Made]:
        for one in cdk.stacks(folder, artifacts, self._metadata):
            if one.path in self.templates:
                yield one
            else:
                self.unread.append(Unread(f"the template of `{one.name}` is not in the snapshot"))

    def _parameters(self, path: str) -> Json:
        """Return the values that files beside a template, or in the folders above it, give; the nearest counts."""
        here = posixpath.dirname(path)
        found: Json = {}
        for folder in sorted({folder for folder, _ in self._given}, key=len):
            if folder and here != folder and not here.startswith(f"{folder}/"):
                continue
            beside: Json = {}
            for other, given in self._given:
                for name, value in given.items() if other == folder else ():
                    known = beside.setdefault(name, value)
                    if text_of(known) != text_of(value):
                        beside[name] = later(f"two files give parameter `{name}` different values")
            found.update(beside)
        return found

    # ------------------------------------------------------------------ stacks inside others
    def _children(self, template: Template) -> Iterator[str]:
        for one in template.section("Resources").values():
            if isinstance(one, dict) and one.get("Type") == STACK:
                found = self._path_of(template, one, None)
                yield from [found] if found else []

    def _path_of(self, template: Template, one: Json, stack: Stack | None) -> str:
        """Return the path of the template that a stack inside another one has; "" where it is not in the snapshot."""
        metadata, held = one.get("Metadata"), one.get("Properties")
        asset = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
        url = held.get("TemplateURL") if isinstance(held, dict) else None
        url = str(found) if stack is not None and isinstance(found := stack.value(url), str) else url
        folder = posixpath.dirname(template.path)
        last = _last(url)
        for said in (asset, self._uploads.get((folder, last)), url):
            if isinstance(said, str) and "://" not in said:
                path = posixpath.normpath(posixpath.join(folder, said))
                if path in self.templates and path != template.path:
                    return path
        alike = [path for path in self.templates if last and posixpath.basename(path) == last and path != template.path]
        if len(alike) == 1:
            if stack is not None:
                self.notes.append(f"`{alike[0]}` is taken for the template at `{str(url)[:120]}`")
            return alike[0]
        return ""

    def inside(self, parent: Stack, name: str) -> Stack | None:
        """Return the stack that a resource of another one is; None where its template is not in the snapshot."""
        key = (parent.id_of(name), parent.template.path)
        if key in self._inside:
            return self._inside[key]
        self._inside[key] = None
        one = parent.resources[name]
        path = self._path_of(parent.template, one, parent) if parent.depth < DEEPEST and len(self._inside) < MOST else ""
        if not path:
            return None
        held = one.get("Properties")
        given = parent.value(held.get("Parameters")) if isinstance(held, dict) else {}
        setting = Setting(parent.setting.account, parent.setting.region, f"{parent.setting.name}-{name}")
        id = f"{parent.prefix}{name}."
        handed = given if isinstance(given, dict) else {}
        made = Stack(self.templates[path], id, handed, setting, self, parent.constructs, parent.depth + 1)
        self._inside[key] = made
        return made

    # ------------------------------------------------------------------ exports
    def exported(self, name: str, by: Stack) -> Any:
        """Return what one of the stacks exports under a name; not known where none does, or several do."""
        if self._exports is None:
            self._exports = {}
            exports: dict[str, list[tuple[Stack, str]]] = {}
            for stack in (*self.roots, *filter(None, list(self._inside.values()))):
                for shown, output in stack.exports():
                    exports.setdefault(shown, []).append((stack, output))
            self._exports = exports
        found = [(stack, output) for stack, output in self._exports.get(name, []) if stack is not by]
        place = [(stack, output) for stack, output in found if _alike(stack.setting, by.setting)]
        if len(place) != 1:
            return later(f"which stack exports `{name[:120]}` is not known")
        stack, output = place[0]
        return stack.output(output)


def _place(stack: Stack) -> Place:
    told = Viewer(stack.setting.account, stack.setting.region)
    return Place("", told if any(told) else None, stack.template.path)


def _unread(stack: Stack, name: str, why: str, *, makes: bool = True) -> Unread:
    """Return that what a resource makes is not read: it knows what it is handed."""
    handed = frozenset(ids_in(stack.value(stack.resources[name].get("Properties"))))
    return Unread(f"{stack.id_of(name)}: {why}" + ("; what it makes is not known" if makes else ""), handed, makes)


def _alike(one: Setting, other: Setting) -> bool:
    """Return whether two stacks may stand in one account and Region."""
    pairs = ((one.account, other.account), (one.region, other.region))
    return all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _last(url: Any) -> str:
    """Return the last part of an address of a template: of a text, or of what `Fn::Sub` and `Fn::Join` make one of."""
    level = [url]
    while level and not isinstance(level[0], str):
        found = level.pop(0)
        inner = list(found.values()) if isinstance(found, dict) else list(found) if isinstance(found, list) else []
        level = inner[:1] if isinstance(found, dict) and "Fn::Sub" in found else inner[-1:]
    return level[0].rpartition("/")[2].partition("?")[0] if level else ""
