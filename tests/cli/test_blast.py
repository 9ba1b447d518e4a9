"""`reach blast` and `reach into` on the command line."""

from __future__ import annotations

import pytest

from .conftest import Reach


@pytest.mark.parametrize(("most", "code"), [("1", 0), ("0", 1)])
def test_a_budget_is_an_exit_code(reach: Reach, most: str, code: int):
    done = reach(f"blast web-1 on postgres --snapshot snap --at-most {most}")
    assert done.code == code, done.out
    assert ("not as expected: there are 1, more than 0" in done.err) is bool(code)


@pytest.mark.parametrize(
    ("command", "what", "hint"),
    [
        ("blast", "the source is missing", "write `reach blast SOURCE [on SERVICE]`"),
        ("into web-1 on", "the service after `on` is missing", "write `reach into TARGET [on SERVICE]`"),
        ("blast web-1 --snapshot snap --hops 0", "`--hops` cannot be `0`", "a whole number from 1 on"),
    ],
)
def test_mistakes_are_told_in_two_lines(reach: Reach, command: str, what: str, hint: str):
    assert reach(command) == (2, "", f"reach: {what}\n  try: {hint}\n")
