"""What must hold of answers about any network: evidence that can be checked, no chance in them, and no surprise in edits.

`REACH_FUZZ_NETWORKS` and `REACH_FUZZ_FIRST` choose other networks than the default ones, as for the differential test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import msgspec
import pytest

from analyzer.ask import ask
from analyzer.explain import blockers
from analyzer.models.answer import Pair
from analyzer.models.aws import COMPONENTS
from analyzer.models.endpoint import Endpoint
from analyzer.models.packet import EVERY_SERVICE, Packet, address, services_of
from analyzer.models.service import parse_services
from analyzer.models.snapshot import Snapshot
from analyzer.models.verdict import Verdict, all_of
from analyzer.reach import Flows
from analyzer.sources import Start, counting, families, starts
from analyzer.walk import Flow, Question, State, needs_reply, walk

from .filters import permission
from .mending import can_be_mended, mended
from .networks import Network, draft_of, network
from .questions import drawn_from, interfaces
from .rows import entry

NETWORKS = int(os.environ.get("REACH_FUZZ_NETWORKS", "400"))
FIRST = int(os.environ.get("REACH_FUZZ_FIRST", "0"))
ALONE = os.environ.get("REACH_FUZZ_SEED")
CHUNK = 50
chunks = pytest.mark.parametrize("seeds", [range(first, first + CHUNK) for first in range(FIRST, FIRST + NETWORKS, CHUNK)])
