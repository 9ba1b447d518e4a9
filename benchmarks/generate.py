"""Organisations of any size as raw AWS JSON: `python -m benchmarks.generate SHAPE SIZE OUT [--seed N]`.

What a figure was measured on is said by three words and a digest: `hub 100000 seed 1: sha256 …`. The command prints the digest; the
same shape, size and seed give the same bytes on every machine and Python, and tests/benchmarks pins the digests of small ones.
Whoever changes what is written changes the digests, and with them says that older figures are about other organisations.

SHAPE is one of SHAPES: `flat`, `hub`, `inspection` and `eks` are organisations of many accounts, `single` and `star` networks for
comparisons with other tools. docs/benchmarks.md says what stands in each. SIZE is the number of interfaces (of instances for
`single` and `star`), 100 at least; everything else follows from it: where the shape has VPCs of 100, a VPC in the mean holds 10
subnets, 15 groups and 4 route tables, and 20 VPCs are an account.

OUT becomes a snapshot as `reach --snapshot OUT` reads it: a file for each account, Region and call, `ACCOUNT/REGION/describe-….json`.
The first account, 100000000001, owns what all share: prefix lists, the transit gateway, the inspection and the egress VPC. VPCs
are called `ENVIRONMENT-NUMBER`, their groups `VPC-TIER-NUMBER`, and `VPC-app-0` (in `eks`, `VPC-pods-web`) may always reach the
first database of its VPC:

    python -m benchmarks.generate hub 2000 snap
    reach from sg:prod-00000-app-0 to rds on tcp/5432 --snapshot snap

One VPC is made at a time, from a random generator of its own, and nothing of it is kept: memory grows with the number of VPCs on
the transit gateway alone, for their routes are one answer (23 MB of memory at 100,000 interfaces, 45 MB at 1,000,000).
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

from .organisation import central
from .organisation.cluster import Cluster
from .organisation.plan import Plan
from .organisation.rows import Owner
from .organisation.site import Site
from .organisation.writer import Writer

# Relative sizes of VPCs, over and over; their mean is 100. Real ones differ as much.
SIZES = (40, 90, 160, 25, 100, 70, 195, 120, 55, 145)
MIXED = ("prod", "dev", "shared", "prod", "dev", "prod", "dev", "prod", "dev", "prod")
VPCS_AN_ACCOUNT = 20
SMALLEST = 100


@dataclass(frozen=True)
class Shape:
    """One kind of organisation."""

    says: str
    vpc: int = 100  # interfaces in a VPC, in the mean
    environments: tuple[str, ...] = MIXED
    transit: bool = False
    inspected: bool = False
    balanced: bool = False
    instances_only: bool = False
    pods: bool = False


SHAPES = {
    "flat": Shape("VPCs without any connection but the internet; their blocks overlap"),
    "hub": Shape("VPCs on one transit gateway, a route table for each of prod, dev and shared", transit=True),
    "inspection": Shape(
        "VPCs on one transit gateway behind a firewall, with load balancers; the internet is behind an egress VPC",
        transit=True,
        inspected=True,
        balanced=True,
    ),
    "eks": Shape(
        "VPCs with an EKS cluster each: delegated prefixes, branch interfaces, few groups; nothing connects them",
        vpc=1000,
        balanced=True,
        pods=True,
    ),
    "single": Shape("instances in one VPC", vpc=0, environments=("prod",), instances_only=True),
    "star": Shape(
        "instances in VPCs of 50 on one transit gateway with one route table",
        vpc=50,
        environments=("prod",),
        transit=True,
        instances_only=True,
    ),
}


class Written(NamedTuple):
    """What was written: its digest, and how much of it there is."""

    digest: str
    rows: int
    bytes: int


def plans(shape: Shape, size: int) -> Iterator[Plan]:
    """Yield what is decided about each VPC: their interfaces add up to the size."""
    count = max(2 if shape.transit else 1, round(size / shape.vpc)) if shape.vpc else 1
    # Of 10,000 VPCs that must not overlap each has 2,048 addresses: 10.0.0.0/8 and 100.64.0.0/10 hold no more.
    length = 16 if not shape.vpc or shape.pods else 20 if count <= 5_000 else 21
    whole = _before(count)
    size -= central.CENTRAL_INTERFACES if shape.inspected else 0
    for number in range(count):
        env = shape.environments[number % len(shape.environments)]
        owner = Owner(f"{200_000_000_000 + number // VPCS_AN_ACCOUNT}", shift=number // VPCS_AN_ACCOUNT % 3)
        interfaces = size * _before(number + 1) // whole - size * _before(number) // whole
        # What no gateway connects overlaps, as it does in real organisations.
        place = number if shape.transit else number % 250
        yield Plan(
            number,
            f"{env}-{number:05}",
            env,
            owner,
            _base(place, length),
            length,
            interfaces,
            central.GATEWAY if shape.transit else "",
            shape.inspected,
            shape.balanced,
            shape.instances_only,
            shape.pods,
        )


def _before(number: int) -> int:
    """Return the sum of the relative sizes of the first VPCs."""
    rounds, rest = divmod(number, len(SIZES))
    return rounds * sum(SIZES) + sum(SIZES[:rest])


def _base(place: int, length: int) -> int:
    """Return the first address of a block of 10.0.0.0/8, without 10.255.0.0/16, or when these are gone of 100.64.0.0/10."""
    first = 255 << 16 >> 32 - length
    return (10 << 24) + (place << 32 - length) if place < first else (100 << 24) + (64 << 16) + (place - first << 32 - length)


def write(folder: Path, shape: str, size: int, *, seed: int = 1) -> Written:
    """Write an organisation into a folder that is new or empty; raises ValueError for a size that the shape cannot have."""
    if size < SMALLEST:
        raise ValueError(f"{size} interfaces are too few: at least {SMALLEST}")
    with Writer(folder) as writer:
        _write_central(writer, SHAPES[shape], size)
        owner = central.NETWORK
        for plan in plans(SHAPES[shape], size):
            if plan.owner != owner:
                owner = plan.owner
                writer.account(owner)
            site = (Cluster if plan.pods else Site)(plan, Random(f"{seed}/{shape}/{plan.number}"))
            writer.all(site.rows())
            if isinstance(site, Cluster):
                writer.document(f"describe-cluster-{site.full_name}", site.description())
        return Written(writer.end(), writer.rows, writer.bytes)


def _write_central(writer: Writer, shape: Shape, size: int) -> None:
    """Write the network account."""
    writer.account(central.NETWORK)
    shared = [one.cidrs[0] for one in plans(shape, size) if one.env == "shared"]
    writer.all(central.prefix_lists(shared[:5]))
    if shape.transit:
        writer.all(central.gateway(plans(shape, size), shape.environments, shape.inspected))
    if shape.inspected:
        writer.all(central.vpcs())
        central.firewall(writer)


def main(arguments: list[str] | None = None) -> int:
    """Write an organisation and print what it is."""
    parser = ArgumentParser(prog="python -m benchmarks.generate", description="An organisation as raw AWS JSON.")
    parser.add_argument("shape", choices=SHAPES, metavar="SHAPE", help=", ".join(SHAPES))
    parser.add_argument("size", type=int, metavar="SIZE", help=f"how many interfaces, {SMALLEST} at least")
    parser.add_argument("out", type=Path, metavar="OUT", help="a folder, new or empty")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another organisation of the same kind (default 1)")
    options = parser.parse_args(arguments)
    if options.out.exists() and (not options.out.is_dir() or any(options.out.iterdir())):
        parser.error(f"{options.out} is not empty")
    start = perf_counter()
    try:
        done = write(options.out, options.shape, options.size, seed=options.seed)
    except ValueError as error:
        parser.error(str(error))
    print(f"{options.shape} {options.size} seed {options.seed}: sha256 {done.digest}")
    print(f"{done.rows:,} resources, {done.bytes / 1e6:.1f} MB, {perf_counter() - start:.1f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
