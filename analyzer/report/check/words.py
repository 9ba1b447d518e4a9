"""What every format says about an invariant: how it fared, and the lines that let a witness through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..words import hop_line

if TYPE_CHECKING:
    from ...models.check import Check, Checked, Violation

MOST_SHOWN = 10


def outcome(one: Checked) -> str:
    """Return the one word for an invariant."""
    if one.not_applicable:
        return "skipped"
    return "holds" if one.holds else "fails"


def summary(check: Check) -> str:
    """Return how many invariants hold, and how many violations there are."""
    about = [one for one in check.invariants if not one.not_applicable]
    holding = sum(1 for one in about if one.holds)
    known = sum(1 for one in check.violations if not one.new)
    words = [f"{holding} of {counted(len(about), 'invariant')} hold" + ("s" if len(about) == 1 else "")]
    words.append(f"{len(check.counting)} new, {known} known" if known else counted(len(check.counting), "violation"))
    words += [f"{len(check.ignored)} ignored"] if check.ignored else []
    skipped = len(check.invariants) - len(about)
    return ", ".join(words) + (f"; {skipped} skipped" if skipped else "")


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 violation`, `2 violations`."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def remarks(one: Checked) -> list[str]:
    """Return what is to be said of an invariant beside its violations."""
    told = [f"no longer ignored: {text}" for text in one.expired]
    told += [f"{counted(one.ignored, 'violation')} ignored"] if one.ignored else []
    known = one.violations - one.new
    told += [f"{counted(known, 'violation')} in the baseline already"] if known else []
    return [*told, f"not checked: {one.not_applicable}"] if one.not_applicable else told


def lines(violation: Violation) -> list[tuple[str, str, str]]:
    """Return place, line and rule of what lets the witness through, or of what stops what must pass."""
    if violation.blockers:
        return [(one.resource, one.line, one.rule) for one in violation.blockers]
    return [(one.place, hop_line(one), one.rule) for one in violation.lines]


def call(violation: Violation) -> str:
    """Return the words above the lines."""
    return "stopped by" if violation.blockers else "let through by"


def edits(violation: Violation) -> list[str]:
    """Return the edits that would open what must stay shut, a line each as a file of `reach whatif` holds them."""
    return [written(one) for one in violation.mistakes.edits] if violation.mistakes is not None else []


def suggested(violation: Violation) -> list[str]:
    """Return the edits of the suggestion, as `edits` does."""
    return [written(one) for one in violation.suggestion.edits] if violation.suggestion is not None else []


def besides(violation: Violation) -> list[str]:
    """Return what the suggestion changes besides, a sentence each."""
    one = violation.suggestion
    if one is None:
        return []
    if violation.kind == "allow":
        return ["what else it opens was not looked at: `reach diff` tells"]
    told = [f"it closes {counted(one.closes, 'pair')} that this check found open"] if one.closes > 1 else []
    least = "" if one.whole else "at least "
    for word, some, number in (("cuts", one.cuts, one.cut_pairs), ("opens", one.opens, one.opened_pairs)):
        if number:
            more = f" and {number - len(some):,} more" if number > len(some) else ""
            told.append(f"it also {word} {least}{counted(number, 'pair')}: {'; '.join(some)}{more}")
    if not one.cut_pairs:
        told.append("it cuts nothing else" if one.whole else "it cuts nothing else among the first pairs that were compared")
    return told


def written(edit: dict[str, Any]) -> str:
    """Return an edit as an item of YAML on one line."""
    import yaml

    text: str = yaml.safe_dump(edit, default_flow_style=True, width=float("inf"), sort_keys=False, allow_unicode=True)
    return f"- {text.strip()[1:-1]}"


def by_invariant(check: Check, *, every: bool = False) -> dict[str, list[Violation]]:
    """Return the violations of each invariant; those that a baseline holds already only with `every`."""
    found: dict[str, list[Violation]] = {}
    for one in check.violations if every else check.counting:
        found.setdefault(one.invariant, []).append(one)
    return found
