"""The data files: dated, whole, and in agreement with each other."""

from __future__ import annotations

from datetime import date

import pytest

from analyzer.models.service import parse_services
from analyzer.models.threat import Severity
from analyzer.models.trust import DataClass, ZoneKind
from analyzer.threats.exposed import OUTER
from analyzer.threats.knowledge import FILES, knowledge
from analyzer.threats.signs import kinds_file

KNOWN = knowledge()


@pytest.mark.parametrize("file", KNOWN.files(), ids=lambda one: one.file)
def test_every_file_has_its_day(file):
    assert date.fromisoformat(file.date) <= date.today()


def test_the_catalogue_says_of_which_version_it_is():
    assert next(one.version for one in KNOWN.files() if one.file == "attack.yaml").startswith("ATT&CK ")
    assert {one.file for one in KNOWN.files()} == {f"{name}.yaml" for name in (*FILES, "kinds")}


def test_every_technique_that_is_named_is_in_the_catalogue():
    named = {id for hop in KNOWN.attack.hops for id in hop.techniques} | {one.port.technique for one in KNOWN.ports} - {""}
    named |= {id for kind in kinds_file().kinds for id in kind.techniques}
    assert named <= {one.id for one in KNOWN.attack.techniques}


def test_every_kind_of_a_hop_and_a_class_is_a_kind_of_endpoints():
    from analyzer.models.aws import COMPONENTS

    kinds = {one.endpoint_kind for one in COMPONENTS} | {"quicksight"}
    assert {kind for hop in KNOWN.attack.hops for kind in hop.to or []} <= kinds
    assert {kind for names in KNOWN.classes.kinds.values() for kind in names} <= kinds


@pytest.mark.parametrize(
    ("zone", "kind", "services", "techniques"),
    [  # from                to        on           shows
        (ZoneKind.INTERNET, "ec2", "tcp/443", ["T1190"]),
        (ZoneKind.INTERNET, "ec2", "tcp/22", ["T1133"]),
        (ZoneKind.PARTNER, "ec2", "tcp/443", ["T1199"]),
        (None, "ec2", "tcp/22", ["T1021.004"]),
        (None, "ec2", "tcp/3389", ["T1021.001"]),
        (None, "ec2", "tcp/8080", ["T1210"]),
        (None, "rds", "tcp/5432", ["T1213.006"]),
        (ZoneKind.INTERNET, "rds", "tcp/5432", ["T1213.006"]),
        (None, "efs", "tcp/2049", ["T1039"]),
    ],
)
def test_a_hop_shows_its_technique(zone, kind, services, techniques):
    assert KNOWN.hop(zone, kind, parse_services(services)).techniques == techniques


@pytest.mark.parametrize(
    ("services", "use"),
    [
        ("tcp/22", "admin"),
        ("tcp/5432", "data"),
        ("tcp/443", "application"),
        ("tcp/443,tcp/22", "admin"),
        ("", "admin"),
        ("tcp/5432,tcp/443", "data"),
    ],
)
def test_services_have_a_use_and_administration_outdoes_the_others(services, use):
    assert KNOWN.use_of(parse_services(services)) == use


@pytest.mark.parametrize(
    ("kind", "tags", "found", "because"),
    [
        ("rds", {}, DataClass.RESTRICTED, "usual for rds"),
        ("rds", {"classification": "public"}, DataClass.PUBLIC, "tag classification=public"),
        ("ec2", {"classification": " PII "}, DataClass.RESTRICTED, "tag classification= PII "),
        ("ec2", {"classification": "no such class"}, DataClass.INTERNAL, "nothing says otherwise"),
        ("ec2", {}, DataClass.INTERNAL, "nothing says otherwise"),
    ],
)
def test_a_tag_outdoes_what_is_usual_for_a_kind(kind, tags, found, because):
    assert KNOWN.class_of(kind, tags, ["classification"]) == (found, because)


@pytest.mark.parametrize(
    ("score", "severity"),
    [(1, "low"), (2, "medium"), (3, "medium"), (4, "elevated"), (8, "elevated"), (9, "high"), (12, "high"), (16, "critical")],
)
def test_the_bands_are_those_of_threagile(score, severity):
    assert KNOWN.severity(score) is Severity(severity)


def test_actors_outside_start_in_zones_outside():
    outside = {one.name for one in KNOWN.actors.values() if ZoneKind(one.zone) in OUTER}
    assert outside == {"internet", "partner", "insider"}
