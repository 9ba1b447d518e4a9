"""Ten thousand interfaces: somebody at a terminal sees that it goes on, and no more than a few pages are in memory."""

from __future__ import annotations

import gc
import os
import pty
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from analyzer.read import load

from .conftest import command, reach
from .stub import ACCOUNT, Asked, Reply

MANY, PAGE = 10_000, 1000
INTERFACE = """<item><networkInterfaceId>eni-{number:05}</networkInterfaceId><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
<ownerId>{account}</ownerId><status>in-use</status><interfaceType>interface</interfaceType><sourceDestCheck>true</sourceDestCheck>
<privateIpAddress>10.0.{high}.{low}</privateIpAddress><groupSet><item><groupId>sg-1</groupId><groupName>one</groupName></item></groupSet>
<privateIpAddressesSet><item><privateIpAddress>10.0.{high}.{low}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet>
<tagSet><item><key>Name</key><value>host-{number}</value></item></tagSet></item>"""


def page(first: int, last: int, token: str) -> Reply:
    rows = "".join(
        INTERFACE.format(number=number, account=ACCOUNT, high=number // 250, low=number % 250 + 4)
        for number in range(first, last)
    )
    more = f"<nextToken>{token}</nextToken>" if token else ""
    body = f"<R><requestId>r</requestId><networkInterfaceSet>{rows}</networkInterfaceSet>{more}</R>"
    return Reply(200, body.encode())


def interfaces(many: int, wait: float = 0.0):
    """Return the answers of an account with one subnet and so many interfaces in it."""
    pages = {
        str(start): page(start, min(start + PAGE, many), str(start + PAGE) if start + PAGE < many else "")
        for start in range(0, many, PAGE)
    }
    rows = {
        "DescribeVpcs": {"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "OwnerId": ACCOUNT}]},
        "DescribeSubnets": {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]},
    }

    def answer(asked: Asked):
        if asked.region != "eu-west-1":
            return None
        if asked.operation == "DescribeNetworkInterfaces":
            assert asked.parameters["MaxResults"] == str(PAGE)
            time.sleep(wait)
            return pages[asked.parameters.get("NextToken", "0")]
        return rows.get(asked.operation)

    return answer


def collected(serve, many: int, folder: Path, wait: float = 0.0) -> tuple[str, int]:
    """Return what a terminal shows of collecting so many interfaces, and the most memory that it took, in KB."""
    stub = serve(interfaces(many, wait))
    terminal, side = pty.openpty()
    words = command(str(folder), "--endpoint-url", stub.url, "--regions", "eu-west-1")
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=side) as process:
        os.close(side)
        text = read_all(terminal)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return text, used.ru_maxrss


def read_all(terminal: int) -> str:
    found = b""
    # A terminal says that the last process which had it is gone.
    with suppress(OSError):
        while data := os.read(terminal, 65536):
            found += data
    os.close(terminal)
    return found.decode()


def test_many_interfaces_show_how_far_they_have_come_and_take_the_memory_of_a_page(serve, tmp_path: Path):
    _, one_page = collected(serve, PAGE, tmp_path / "few")
    text, ten_pages = collected(serve, MANY, tmp_path / "many", wait=0.1)
    assert "collecting [####" in text
    assert text.splitlines()[-1] == f"\x1b[Kreach: collected 1 account, 1 Region, 10,002 rows into `{tmp_path / 'many'}`"
    assert len(load(tmp_path / "many").all("network_interface")) == MANY
    # Nine pages more are 6 MB of answers, and many times that as Python's objects.
    assert ten_pages - one_page < 20_000


def test_garbage_is_collected_while_it_lasts(serve, tmp_path: Path):
    """Commands do without, since they are short; clients of boto3 hold themselves, some dozens for each account and Region."""
    gc.disable()
    try:
        assert reach(str(tmp_path / "s"), "--endpoint-url", serve(lambda asked: None).url, "--regions", "eu-west-1").code == 0
        assert gc.isenabled()
    finally:
        gc.enable()
