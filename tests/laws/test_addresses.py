"""The short way of reading IPv4 says what the library says, of every text."""

from __future__ import annotations

import random
from ipaddress import ip_address, ip_network

import pytest

from analyzer.models.packet import V6, address, prefix, prefix_length

PIECES = [
    "0",
    "00",
    "1",
    "01",
    "9",
    "10",
    "255",
    "256",
    "1000",
    "-1",
    "+1",
    " 1",
    "1 ",
    "1_0",
    "٣",
    "²",
    "０",
    "0x1",
    "",
    "a",
    "\n",
    "1\n",
]
JOINS = [".", ".", ".", ".", ".", "/", ":", "::", "", "%", "..", "．"]
HOSTILE = ["", "/", "1.2.3.4/", "/24", "1.2.3.4/24/24", "1.2.3.4/255.255.255.0", "1.2.3.4/0.0.0.255", "1.2.3.4/024", "1.2.3.4/33",
           "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/8 ", "1.2.3.4/٣", "::ffff:1.2.3.4", "::1.2.3.4/96", "fe80::1%eth0", "1.2.3", "1.2.3.4.5",
           "1.2.3.4\x00", "1.2.3.4\n", "16909060", "0.0.0.0/0", "255.255.255.255/32", "10.1.2.3/0", "10.1.2.3/31"]  # fmt: skip


def by_library(text: str) -> tuple[object, object, object]:
    return _said(lambda: _number(text)), _said(lambda: _block(text)), _said(lambda: ip_network(text, strict=False).prefixlen)


def by_us(text: str) -> tuple[object, object, object]:
    return _said(lambda: address(text)), _said(lambda: prefix(text).intervals), _said(lambda: prefix_length(text))


def _number(text: str) -> int:
    parsed = ip_address(text)
    return int(parsed) + (V6 if parsed.version == 6 else 0)


def _block(text: str) -> object:
    network = ip_network(text, strict=False)
    base = V6 if network.version == 6 else 0
    return ((base + int(network.network_address), base + int(network.broadcast_address)),)


def _said(reading) -> object:  # type: ignore[no-untyped-def]
    try:
        return reading()
    except ValueError as error:
        return str(error)


def texts(chance: random.Random) -> str:
    pieces = [
        chance.choice(PIECES) if chance.random() < 0.3 else str(chance.randrange(256))
        for _ in range(chance.choice([4] * 8 + [3, 5]))
    ]
    text = pieces[0]
    for piece in pieces[1:]:
        text += (chance.choice(JOINS) if chance.random() < 0.1 else ".") + piece
    if chance.random() < 0.5:
        text += "/" + (chance.choice(PIECES) if chance.random() < 0.3 else str(chance.randrange(40)))
    return text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_read_as_the_library_reads_it(text: str):
    assert by_us(text) == by_library(text)


def test_every_octet_and_length_is_read_as_the_library_reads_it():
    for number in range(300):
        for text in (
            f"{number}.0.0.1",
            f"1.2.3.{number}",
            f"1.{number:03d}.3.4",
            f"10.20.30.40/{number}",
            f"10.20.30.40/{number:02d}",
        ):
            assert by_us(text) == by_library(text), text


def test_ten_thousand_random_texts_are_read_as_the_library_reads_them():
    chance = random.Random(7)
    for _ in range(10_000):
        text = texts(chance)
        assert by_us(text) == by_library(text), text
