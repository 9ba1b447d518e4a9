"""Choke points: single edits that close ways to restricted assets. Each is tried: the edited snapshot goes through all of it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

import msgspec

from ..edit import Edit, edited
from ..engine.factored import Factored
from ..models.answer import Hop
from ..models.attack import ChokePoint, Cut
from ..models.errors import QuestionError
from ..models.location import Written
from ..models.snapshot import Snapshot
from ..models.threat import SEVERITIES, Risk, Severity
from ..suggest.candidates import Candidate, Unwanted, candidates
from .derive import Derived
from .hops import Shown, services_of

# Every trial compiles the twin: of larger networks nothing is tried.
MOST_INTERFACES = 600
MOST_TRIALS = 64
MOST_FOR_RISK = 8
MOST_WITNESSES = 3
MOST_ON_WAYS = 16
MOST_SHOWN = 10
MOST_REMEDIES = 3
MOST_CUT = 4
# Of so many edits combinations are tried.
MOST_COMBINED = 6
MOST_EXAMPLES = 5
# Risks for which a remedy is looked for.
WORTH = SEVERITIES[SEVERITIES.index(Severity.ELEVATED) :]
Pair = tuple[str, str]
# A candidate by its edits, and the line that it is about.
Row = tuple[str, tuple[Candidate, Hop]]


class Trial(msgspec.Struct, frozen=True):
    """Edits that were made, and what follows from the twin."""

    candidate: Candidate
    line: Hop
    derived: Derived
    broken: tuple[str, ...]

    @property
    def edits(self) -> list[dict[str, Any]]:
        """The edits as people write them."""
        return written(self.candidate.edits)


class Chokes:
    """The trials of one snapshot: `compiled` gives the relation of a twin."""

    def __init__(self, derived: Derived, risks: Sequence[Risk], compiled: Callable[[Snapshot], Factored]) -> None:
        self._derived, self._risks, self._compiled = derived, risks, compiled
        self._tried: dict[str, Trial | None] = {}

    @property
    def possible(self) -> bool:
        """Whether the snapshot is small enough for trials."""
        return len(self._derived.world.ids("network_interface")) <= MOST_INTERFACES

    # ------------------------------------------------------------------ trials
    @cached_property
    def trials(self) -> list[Trial]:
        """Every candidate that could be tried: some for each risk that is worth it, then those of lines on most ways."""
        chosen: dict[str, tuple[Candidate, Hop]] = {}
        for risk in self._risks:
            if risk.severity in WORTH and risk.assets and len(chosen) < MOST_TRIALS:
                chosen |= dict(islice(self._of_risk(risk), MOST_FOR_RISK))
        ranked: Counter[str] = Counter()
        known: dict[str, tuple[Candidate, Hop]] = {}
        for key, row in self._on_ways():
            ranked[key] += 1
            known.setdefault(key, row)
        best = sorted(known, key=lambda key: (-ranked[key], key))[:MOST_ON_WAYS]
        chosen |= {key: known[key] for key in best}
        return [trial for row in chosen.values() if (trial := self._try(*row)) is not None]

    def _on_ways(self) -> Iterator[Row]:
        hops = self._derived.hops
        for _, way in self._derived.ways(1):
            for step in way.steps:
                shown = hops.shown(step.source, step.target, services_of(step))
                yield from self._of_lines(shown, shown.lines[::-1])

    def _of_risk(self, risk: Risk) -> Iterator[Row]:
        """Yield what may close the lines that a risk rests on, those of the target's end first."""
        evidence = set(risk.evidence)
        to_it = [one for one in self._derived.hops.all if self._derived.attacks.asset_of(one.pair.target.id) in risk.assets]
        for shown in sorted(to_it, key=lambda one: -len(evidence & set(one.written)))[:MOST_WITNESSES]:
            lines = [line for line in shown.lines[::-1] if Written(line.resource, line.line, line.origin) in evidence]
            yield from self._of_lines(shown, sorted(lines, key=lambda line: line.kind != "security_group"))

    def _of_lines(self, shown: Shown, lines: Sequence[Hop]) -> Iterator[Row]:
        wrong = Unwanted(shown.pair.source, shown.pair.target, shown.services)
        for line in lines:
            yield from ((str(one.edits), (one, line)) for one in candidates(wrong, [line], self._derived.world))

    def _try(self, one: Candidate, line: Hop) -> Trial | None:
        key = str(one.edits)
        if key not in self._tried:
            self._tried[key] = self._made(one, line)
        return self._tried[key]

    def _made(self, one: Candidate, line: Hop, base: Snapshot | None = None) -> Trial | None:
        try:
            twin = edited(base or self._derived.world, one.edits)
            derived = Derived(twin, self._compiled(twin), self._derived.asked)
        except QuestionError:  # an edit that does not fit, or takes away what a selector names
            return None
        return Trial(one, line, derived, tuple(self._derived.broken(derived)))

    # ------------------------------------------------------------------ what they show
    def points(self) -> list[ChokePoint]:
        """Return the edits that close ways, those that break nothing first, of these those that close most."""
        before = self._derived.reached
        found = []
        for trial in self.trials:
            after = trial.derived.reached
            gone = sorted(pair for pair in before if pair not in after)
            longer = sum(1 for pair, hops in after.items() if hops > before.get(pair, hops))
            if gone or longer:
                found.append(self._point(trial, gone, longer))
        best = sorted(
            found, key=lambda one: (len(one.breaks), -one.removes, one.cut_pairs, -one.weakens, len(one.edits), one.text)
        )
        return best[:MOST_SHOWN]

    def _point(self, trial: Trial, gone: Sequence[Pair], longer: int) -> ChokePoint:
        line = trial.line
        lost, _ = self._derived.lost(trial.derived)
        return ChokePoint(
            edits=trial.edits,
            line=Written(line.resource, line.line, line.origin),
            text=f"{line.resource} {line.line}",
            removes=len(gone),
            of=len(self._derived.reached),
            weakens=longer,
            breaks=list(trial.broken),
            cuts=[f"{self._name(one)} to {self._name(other)}" for one, other in lost[:MOST_EXAMPLES]],
            cut_pairs=len(lost),
            dominates=[f"{actor} -> {self._name(asset)}" for actor, asset in gone],
        )

    def _name(self, asset: str) -> str:
        one = self._derived.ground.assets.get(asset)
        return (one.name if one is not None else "") or asset

    def cuts(self) -> list[Cut]:
        """Return for each actor edits after which he has no way to a restricted asset, as few as were found."""
        actors = sorted({actor for actor, _ in self._derived.reached})
        return [cut for actor in actors if (cut := self._cut(actor)) is not None]

    def _cut(self, actor: str) -> Cut | None:
        world, edits, left = self._derived.world, list[Edit](), self._left(self._derived, actor)
        broken: tuple[str, ...] = ()
        first = {str(one.candidate.edits): self._left(one.derived, actor) for one in self.trials}
        while left and len(edits) < MOST_CUT:
            rows = [
                (one, self._left(made.derived, actor), made)
                for one in self.trials
                if (made := self._on(world, one, edits)) is not None
            ]
            if not rows:
                return None
            one, after, made = min(rows, key=lambda row: (len(row[1]), len(row[2].broken), self._cost(row[0])))
            if len(after) >= len(left):
                return None
            world, left, broken = made.derived.world, after, made.broken
            edits += one.candidate.edits
        least = 1 if len(edits) <= 1 or not all(first.values()) else 2
        return Cut(actor=actor, edits=written(edits), least=least, breaks=list(broken)) if edits and not left else None

    def _useful(self, left: dict[str, list[str]]) -> list[Trial]:
        """Return the trials that close most for an actor."""
        return sorted(self.trials, key=lambda one: (len(left[str(one.candidate.edits)]), self._cost(one)))[:MOST_COMBINED]

    def _on(self, world: Snapshot, one: Trial, edits: Sequence[Edit]) -> Trial | None:
        """Return a trial on top of other edits; the trial itself where there are none."""
        if not edits:
            return one
        if any(each in edits for each in one.candidate.edits):
            return None
        key = str(sorted(str(each) for each in (*edits, *one.candidate.edits)))
        if key not in self._tried:
            self._tried[key] = self._made(one.candidate, one.line, world)
        return self._tried[key]

    @staticmethod
    def _left(derived: Derived, actor: str) -> list[str]:
        return [asset for each, asset in derived.reached if each == actor]

    # ------------------------------------------------------------------ remedies
    @cached_property
    def _of_packets(self) -> set[str]:
        return {one.id for one in self._derived.risks_of_packets}

    def remedied(self, risk: Risk) -> Risk:
        """Return a risk with the edits that were found to end it, breaking no contract and bringing nothing as bad; the gentlest first.

        Trials tell of packets alone: what takes a mistake, or is no packet's, has no remedy among them.
        """
        if risk.severity not in WORTH or risk.id not in self._of_packets:
            return risk
        ending = [one for one in self.trials if not one.broken and self._ends(one, risk)]
        ranked = sorted(ending, key=self._cost)
        found = [one.edits for one in ranked[:MOST_REMEDIES]] or self._together(risk)
        return msgspec.structs.replace(risk, remedies=found)

    def _together(self, risk: Risk) -> list[list[dict[str, Any]]]:
        """Return several edits that end a risk, each of which takes away most of what is left of it; empty where none were found."""
        world, edits, left = self._derived.world, list[Edit](), len(risk.assets)
        trials = [one for one in self.trials if self._rest(one, risk) < left and not one.broken]
        while left and trials and len(edits) < MOST_CUT:
            on = [
                (one, made)
                for one in trials[:MOST_COMBINED]
                if (made := self._on(world, one, edits)) is not None and not made.broken
            ]
            if not on:
                return []
            one, made = min(on, key=lambda row: (self._rest(row[1], risk), self._cost(row[0])))
            if self._rest(made, risk) >= left:
                return []
            world, left = made.derived.world, self._rest(made, risk)
            edits += one.candidate.edits
            if not left and self._ends(made, risk):
                return [written(edits)]
        return []

    @staticmethod
    def _rest(trial: Trial, risk: Risk) -> int:
        """Return how many assets of a risk are left after a trial."""
        alike = [set(one.assets) & set(risk.assets) for one in trial.derived.risks_of_packets if one.about == risk.about]
        return len(set().union(*alike))

    def _cost(self, trial: Trial) -> tuple[int, int, int, str]:
        gone, less = self._derived.lost(trial.derived)
        return len(gone), less, len(trial.candidate.edits), str(trial.candidate.edits)

    def _ends(self, trial: Trial, risk: Risk) -> bool:
        after = trial.derived.risks_of_packets
        worse = (one for one in after if one.score >= risk.score and not any(_same(one, known) for known in self._risks))
        return not any(_same(one, risk) for one in after) and not any(worse)


def _same(one: Risk, other: Risk) -> bool:
    """Return whether two risks, of a snapshot and its twin, are of the same thing, whatever lines they rest on."""
    return one.about == other.about and bool(set(one.assets) & set(other.assets))


def written(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    """Return edits as people write them."""
    return [one.model_dump(by_alias=True, exclude_none=True) for one in edits]
