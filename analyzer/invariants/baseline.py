"""A baseline: what was found before, so that only what is new counts. A pair that got worse is new."""

from __future__ import annotations

import msgspec

from ..models.check import Check, Violation
from ..models.errors import InputError
from ..models.packet import IntervalSet
from ..models.service import parse_services
from ..models.verdict import Verdict

HINT = "write one with `reach check … -o json=FILE`"


def read_baseline(data: bytes, file: str) -> Check:
    """Return an outcome that was written as JSON; raises InputError for what is none."""
    try:
        found = msgspec.json.decode(data, type=Check)
        for one in found.violations:
            _services(one.services), _services(one.doubtful)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        raise InputError(f"cannot read `{file}`: it is no baseline", hint=HINT) from None
    if found.format != "reach/check/1":
        raise InputError(f"cannot read `{file}`: its schema is not `reach/check/1`", hint=HINT)
    return found


def against(check: Check, baseline: Check) -> Check:
    """Return the outcome with what the baseline holds marked as known; it holds when nothing is new."""
    before = {one.fingerprint: one for one in baseline.violations}
    violations = [
        msgspec.structs.replace(one, new=one.fingerprint not in before or _worse(one, before[one.fingerprint]))
        for one in check.violations
    ]
    new = [one.invariant for one in violations if one.new]
    invariants = [
        msgspec.structs.replace(one, new=new.count(one.name), holds=not new.count(one.name)) for one in check.invariants
    ]
    return msgspec.structs.replace(check, violations=violations, invariants=invariants, holds=not new)


def _worse(now: Violation, before: Violation) -> bool:
    """Return whether a pair lets more through, or more surely, than before; or stops more of what must pass."""
    sure, maybe = _services(before.services), _services(before.doubtful)
    if not _services(now.services) <= sure or not _services(now.doubtful) <= sure | maybe:
        return True
    if now.mistakes is not None and before.mistakes is not None and now.mistakes.least < before.mistakes.least:
        return True
    if now.kind == "allow":
        return now.verdict is Verdict.BLOCKED and before.verdict is not Verdict.BLOCKED
    return not set(now.reached) <= set(before.reached)


def _services(words: list[str]) -> IntervalSet:
    return parse_services(",".join(words)) if words else IntervalSet()
