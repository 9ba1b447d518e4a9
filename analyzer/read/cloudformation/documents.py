"""What a document of CloudFormation is: a template, values for its parameters, or a part of what CDK writes beside templates."""

from __future__ import annotations

import re
from typing import Any

from .cdk import is_metadata

Json = dict[str, Any]
FUNCTIONS = ("Base64", "Cidr", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length", "Select", "Split", "Sub")
CONDITIONS = ("And", "Equals", "Not", "Or", "Contains", "EachMemberEquals", "EachMemberIn", "RefAll", "ValueOf", "ValueOfAll")
# YAML's short forms of functions.
TAGS = {"!Ref": "Ref", "!Condition": "Condition"} | {
    f"!{name}": f"Fn::{name}" for name in (*FUNCTIONS, *CONDITIONS, "ToJsonString", "Transform", "GetStackOutput")
}
# No template that AWS takes nests as deep.
DEEPEST = 60
PARAMETER = frozenset({"ParameterKey", "ParameterValue"})
# What CDK writes beside its templates, none of which says anything about packets.
BESIDE = (
    frozenset({"version", "files", "dockerImages"}),
    frozenset({"version", "tree"}),
    frozenset({"version", "title", "pluginReports"}),
)
PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|\n')


def is_template(document: Json) -> bool:
    """Return whether the top-level keys are those of a template."""
    resources = document.get("Resources")
    if not isinstance(resources, dict):
        return "AWSTemplateFormatVersion" in document
    return "AWSTemplateFormatVersion" in document or any(map(_is_resource, resources.items()))


def _is_resource(item: tuple[str, Any]) -> bool:
    key, one = item
    return key.startswith("Fn::") or (isinstance(one, dict) and isinstance(one.get("Type"), str) and "::" in one["Type"])


def is_about_stacks(document: Json) -> bool:
    """Return whether a document is one that an assembly takes."""
    known = is_template(document) or is_assembly(document) or is_beside(document)
    return known or parameters_of(document) is not None


def parameters_of(document: Json) -> dict[str, Any] | None:
    """Return the values for parameters that a document gives: one of the command line's list, or a configuration; None for others."""
    if document.keys() >= PARAMETER:
        return {str(document["ParameterKey"]): document["ParameterValue"]}
    given = document.get("Parameters")
    if isinstance(given, dict) and document.keys() <= {"Parameters", "Tags", "StackPolicy"}:
        return {name: value for name, value in given.items() if isinstance(value, str | int | float | bool)}
    return None


def is_assembly(document: Json) -> bool:
    """Return whether a document is the manifest of what CDK made."""
    return isinstance(document.get("artifacts"), dict) and "version" in document


def is_beside(document: Json) -> bool:
    """Return whether CDK writes such a document beside its templates: lists of assets, constructs, reports, a version."""
    return is_metadata(document) or ("version" in document and any(document.keys() <= one for one in BESIDE))


def read_yaml_template(text: str, path: str) -> tuple[Any, dict[str, int]]:
    """Return what a YAML template holds, and the lines of its resources by name; raises InputError for what is no such YAML."""
    from ..yaml import parse_yaml

    found = parse_yaml(text, path, TAGS, DEEPEST)
    resources = found.value.get("Resources") if isinstance(found.value, dict) else None
    names = resources if isinstance(resources, dict) else {}
    return found.value, {name: found.line(("Resources", name)) for name in names}


def json_lines(text: str) -> dict[str, int]:
    """Return the lines of a JSON template's resources by name."""
    found: dict[str, int] = {}
    line, depth, section, last = 1, 0, "", ""
    for match in PIECES.finditer(text):
        piece = match[0]
        if piece == "\n":
            line += 1
        elif piece in "{[":
            section = last if depth == 1 else section
            depth += 1
        elif piece in "}]":
            depth -= 1
        else:
            last = piece[1:-1]
            if depth == 2 and section == "Resources":
                found.setdefault(last, line)
    return found
