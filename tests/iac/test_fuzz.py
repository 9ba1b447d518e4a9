"""Mutated plans and states: whatever stands in them, loading gives a snapshot or an InputError, and nothing else."""

from __future__ import annotations

import json
import os
import random

import pytest

from analyzer.models.errors import InputError
from analyzer.read import load

from ..read.test_fuzz import mutated_value
from .plans import by_hand, three_tiers, with_action
from .test_overlay import FROM_APP, GROUP, HOST, RULE, document, entry
from .test_real_plan import PLAN
from .test_terraform import _hosts, _raw, _shown

TRIES = int(os.environ.get("REACH_FUZZ_CODE", "300"))
OVER = document(
    entry("aws_security_group.data", {**GROUP, "ingress": []}, {**GROUP, "ingress": [FROM_APP]}),
    entry("aws_security_group_rule.x", None, {**RULE, "source_security_group_id": "sg-bastion"}),
    entry("aws_security_group_rule.y", {**RULE, "source_security_group_id": "sg-app"}, None),
    entry("aws_instance.app", HOST, None),
    entry(
        "aws_network_acl.x", None, {"vpc_id": "vpc-1", "subnet_ids": ["subnet-data"], "ingress": [], "egress": []}, {"id": True}
    ),
    entry("aws_eip_association.x", None, {"allocation_id": "eipalloc-1", "network_interface_id": "eni-app"}, {"id": True}),
)
WHOLE = [with_action(three_tiers()), _hosts(), _raw(), _shown(), json.loads(PLAN.read_text()), OVER]


@pytest.mark.parametrize("part", range(10))
def test_mutated_code_gives_a_snapshot_or_an_error(tmp_path, part):
    path, live = tmp_path / "code.json", tmp_path / "live.json"
    live.write_text(json.dumps(by_hand()))
    read = 0
    for seed in range(part, TRIES, 10):
        chance = random.Random(seed)
        value = chance.choice(WHOLE)
        for _ in range(chance.randint(1, 4)):
            value = mutated_value(value, chance)
        path.write_text(json.dumps(value))
        try:
            # Every third time over the network that is there, as plans are in `reach diff`.
            snapshot = load([path, live] if chance.random() < 1 / 3 else path)
        except InputError:
            continue
        read += 1
        for one in snapshot.everything():
            list(one.caveats(snapshot))
    assert read
