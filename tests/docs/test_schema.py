"""The schemas in docs/schema are what the program's own types say: `REACH_WRITE_DOCS=1 pytest tests/docs` writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

import analyzer
from analyzer.models.threat import ThreatModel

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "schema" / "threats-1.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def fresh() -> str:
    """Return the schema of `reach/threats/1`: what a later version only adds, a reader of this one passes over."""
    made = msgspec.json.schema(ThreatModel)
    for one in made["$defs"].values():
        one.pop("additionalProperties", None)
    name = ThreatModel().format
    made["$defs"]["ThreatModel"]["properties"]["schema"] = {"const": name}
    made["$defs"]["ThreatModel"]["required"] = ["schema"]
    return json.dumps({"$schema": DRAFT, "title": name, **made}, indent=2) + "\n"


def held(told: dict[str, Any]) -> None:
    """Fail for an object that the schema refuses."""
    jsonschema.Draft202012Validator(json.loads(PAGE.read_text("utf-8"))).validate(told)


def test_the_schema_is_that_of_the_types() -> None:
    if os.environ.get("REACH_WRITE_DOCS"):
        PAGE.write_text(fresh(), "utf-8")
    assert PAGE.read_text("utf-8") == fresh(), "run `make docs` and look at the difference"
    jsonschema.Draft202012Validator.check_schema(json.loads(fresh()))


def test_the_model_of_the_demo_fits_the_schema() -> None:
    held(analyzer.load("demo").threats(actors=["internet"]).to_dict())


@pytest.mark.parametrize("wrong", [{"schema": "reach/threats/2"}, {}, {"schema": "reach/threats/1", "risks": [{"id": "R-1"}]}])
def test_the_schema_refuses_what_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        held(wrong)
