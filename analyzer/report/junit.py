"""What was checked as JUnit XML, so that every CI shows it: a test case each."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as Xml

import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test case: it fails with a `message`, and `details` below it; it is skipped for a reason; what it `told` is its output."""

    name: str
    group: str
    message: str = ""
    kind: str = ""
    details: str = ""
    skipped: str = ""
    told: str = ""


def document(name: str, cases: Sequence[Case]) -> str:
    """Return the cases as one suite, all text in them clean already."""
    numbers = {
        "tests": len(cases),
        "failures": sum(1 for one in cases if one.message),
        "errors": 0,
        "skipped": sum(1 for one in cases if one.skipped),
    }
    suites = Xml.Element("testsuites", {"name": name})
    suite = Xml.SubElement(suites, "testsuite", {"name": name, **{key: str(value) for key, value in numbers.items()}})
    for one in cases:
        case = Xml.SubElement(suite, "testcase", {"name": one.name, "classname": one.group})
        if one.skipped:
            Xml.SubElement(case, "skipped", {"message": one.skipped})
        if one.message:
            Xml.SubElement(case, "failure", {"message": one.message, "type": one.kind}).text = one.details
        if one.told:
            Xml.SubElement(case, "system-out").text = one.told
    Xml.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(suites, encoding="unicode")}\n'
