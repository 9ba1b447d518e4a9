"""Terraform: plans and states as JSON, to rows of AWS's answers. Nothing else in the project knows the formats of Terraform.

`documents` tells what a document is and lists its resources, `references` finds what expressions of the configuration name, `values`
puts ids in place of what is known after it is made only, and `table` says which attribute is which field of AWS's answers.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def is_terraform(document: Json) -> bool:
    """Return whether the top-level keys are those of a plan or a state."""
    if "format_version" in document:
        return bool({"planned_values", "resource_changes", "values", "terraform_version"} & document.keys())
    return "terraform_version" in document and "lineage" in document and isinstance(document.get("resources"), list)


def is_plan(document: Json) -> bool:
    """Return whether a document of Terraform is a plan."""
    return isinstance(document.get("resource_changes"), list) or "planned_values" in document
