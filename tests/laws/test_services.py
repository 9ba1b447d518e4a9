"""Laws of services in words: what is written is read as what it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.models.packet import EVERY_SERVICE, ICMP, ICMP6, TCP, UDP, IntervalSet, only, services_of, union
from analyzer.models.service import NAMES, PROTOCOLS, parse_services, service_text

WITHOUT_DETAIL = [number for number in range(256) if number not in (TCP, UDP, ICMP, ICMP6)]
details = st.integers(0, 65535)
spans = st.tuples(details, details).map(sorted)
cut = st.builds(lambda protocol, span: services_of(protocol, *span), st.sampled_from((TCP, UDP, ICMP, ICMP6)), spans)
whole = st.builds(services_of, st.sampled_from((*WITHOUT_DETAIL, TCP, UDP, ICMP, ICMP6)))
services = st.lists(cut | whole, min_size=1, max_size=6).map(union)
tried = settings(derandomize=True, deadline=None, max_examples=200)


def read_back(some: IntervalSet) -> IntervalSet:
    return parse_services(",".join(service_text(some)))


@tried
@given(services)
def test_services_are_read_as_they_are_written(some: IntervalSet) -> None:
    assert read_back(some) == some
    assert service_text(read_back(some)) == service_text(some)


def test_every_protocol_is_written_as_one_word() -> None:
    for protocol in range(256):
        assert len(service_text(services_of(protocol))) == 1
        assert read_back(services_of(protocol)) == services_of(protocol)
        assert read_back(EVERY_SERVICE - services_of(protocol)) == EVERY_SERVICE - services_of(protocol)


@pytest.mark.parametrize("detail", [0, 7, 65535])
def test_one_packet_of_a_protocol_without_ports_is_written_as_the_protocol(detail: int) -> None:
    for protocol in WITHOUT_DETAIL:
        words = service_text(only((protocol << 16) + detail))
        assert words == service_text(services_of(protocol))


@tried
@given(st.sampled_from((TCP, UDP, ICMP, ICMP6)), details)
def test_one_packet_is_written_as_one_word(protocol: int, detail: int) -> None:
    one = only((protocol << 16) + detail)
    assert len(service_text(one)) == 1
    assert read_back(one) == one


@pytest.mark.parametrize("name", [*NAMES, *PROTOCOLS])
def test_every_name_is_read(name: str) -> None:
    assert parse_services(name.upper()) == parse_services(name)
    assert read_back(parse_services(name)) == parse_services(name)


def test_everything_is_all() -> None:
    assert service_text(EVERY_SERVICE) == ["all"]
    assert parse_services("") == parse_services("all") == parse_services(" any , ") == EVERY_SERVICE
